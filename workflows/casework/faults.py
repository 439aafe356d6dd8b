"""Small checks of an application, each naming a fault at its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from enum import StrEnum

from workflows.casework.errors import ApplicationError
from workflows.rules.errors import RuleError


def fault(path: str, code: str, zh: str, en: str) -> ApplicationError:
    """Return a fault of one field."""
    return ApplicationError(path=path, code=code, zh=zh, en=en)


def refused(path: str, check: Callable[[], object]) -> Iterator[ApplicationError]:
    """Return the refusal of a rule, if it refuses."""
    try:
        check()
    except RuleError as refusal:
        yield fault(path, refusal.code, refusal.text("zh"), refusal.text("en"))


def unknown_choice(path: str, value: str, allowed: type[StrEnum]) -> Iterator[ApplicationError]:
    """Return a fault when a value is none of a kind."""
    known = [choice.value for choice in allowed]
    if value not in known:
        yield fault(
            path, "choice-unknown", f"应为下列之一：{'、'.join(known)}", f"One of these is needed: {', '.join(known)}"
        )


def unknown_choices(path: str, values: Iterable[str], allowed: type[StrEnum]) -> Iterator[ApplicationError]:
    """Return a fault for each value that is none of a kind or stands there twice."""
    seen = set()
    for index, value in enumerate(values):
        yield from unknown_choice(f"{path}[{index}]", value, allowed)
        if value in seen:
            yield fault(f"{path}[{index}]", "choice-repeated", "重复填写", "Entered twice")
        seen.add(value)


def amount_out_of_range(path: str, value: Decimal, largest: Decimal) -> Iterator[ApplicationError]:
    """Return a fault when an amount is no sum from 0 to the largest, to the fen."""
    exponent = value.as_tuple().exponent
    if not value.is_finite() or not 0 <= value <= largest or (isinstance(exponent, int) and exponent < -2):
        yield fault(
            path,
            "amount-out-of-range",
            f"应为0至{largest:,.0f}、最多两位小数的数",
            f"A number from 0 to {largest:,.0f} with up to two decimals is needed",
        )
