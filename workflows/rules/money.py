"""Yuan as exact decimals: rounding, fen, and how an amount is printed."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from workflows.rules.errors import RuleError

YUAN = Decimal(1)
FEN = Decimal("0.01")
LARGEST_AMOUNT = Decimal("1e15")  # yuan; above it a decimal of 28 digits could lose a fen in a product


class AmountRefused(RuleError):
    """A number that is no amount of money."""

    code = "amount-refused"
    text_zh = "要求一个以元为单位的金额，得到 {amount}；请检查计算它的数据。"
    text_en = "An amount in yuan was asked for, {amount} was found; check the figures it is computed from."

    def __init__(self, amount: Decimal) -> None:
        super().__init__(amount=str(amount))


class PartOfAFen(RuleError):
    """An amount that is not a whole number of fen where one is needed."""

    code = "part-of-a-fen"
    text_zh = "要求换算为分，但金额 {amount} 元含不足一分的尾数；请先按适用规则取整。"
    text_en = "Fen were asked for, but {amount} yuan holds a part of a fen; round it by the rule that applies first."

    def __init__(self, amount: Decimal) -> None:
        super().__init__(amount=str(amount))


def round_up_to_yuan(amount: Decimal) -> Decimal:
    """Round to whole yuan upwards, as a benefit's gap is rounded in the household's favour.

    Raises:
        AmountRefused: the amount is not a finite number of yuan below 10^15.
    """
    return _finite(amount).quantize(YUAN, rounding=ROUND_CEILING)


def round_to_fen(amount: Decimal) -> Decimal:
    """Round to whole fen, half a fen away from zero.

    Raises:
        AmountRefused: the amount is not a finite number of yuan below 10^15.
    """
    return _finite(amount).quantize(FEN, rounding=ROUND_HALF_UP)


def fen_of(amount: Decimal) -> int:
    """Return an amount in fen, as payment files and columns carry it.

    Raises:
        AmountRefused: the amount is not a finite number of yuan below 10^15.
        PartOfAFen: the amount must be rounded by the rule that applies first.
    """
    rounded = round_to_fen(amount)
    if rounded != amount:
        raise PartOfAFen(amount)
    return int(rounded.scaleb(2))


def yuan_of(fen: int) -> Decimal:
    """Return an amount given in fen as yuan with two decimals."""
    return Decimal(fen).scaleb(-2)


def format_yuan(amount: Decimal) -> str:
    """Print an amount with thousands and two decimals: `1,964.00`.

    Raises:
        AmountRefused: the amount is not a finite number of yuan below 10^15.
    """
    return f"{round_to_fen(amount):,.2f}"


def format_whole_yuan(amount: Decimal) -> str:
    """Print an amount without decimals when it is whole yuan (`1,964`), else with fen (`6,491.25`)."""
    rounded = round_to_fen(amount)
    return f"{rounded:,.0f}" if rounded == rounded.to_integral_value() else f"{rounded:,.2f}"


def _finite(amount: Decimal) -> Decimal:
    if not amount.is_finite() or abs(amount) >= LARGEST_AMOUNT:
        raise AmountRefused(amount)
    return amount
