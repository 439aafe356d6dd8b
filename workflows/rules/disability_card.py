"""Numbers of disability cards (残疾人证): the holder's identity number, the kind of disability, the level."""

from __future__ import annotations

import re

from workflows.rules.errors import RuleError

KIND_DIGITS = {
    "visual": "1",
    "hearing": "2",
    "speech": "3",
    "physical": "4",
    "intellectual": "5",
    "mental": "6",
    "multiple": "7",
}
_NUMBER = re.compile(r"[0-9]{17}[0-9X][1-7][1-4]")


class CardNumberRefused(RuleError):
    """The base of every refusal of a disability card's number."""

    code = "card-number-refused"


class CardNumberMalformed(CardNumberRefused):
    """The number is not an identity number with a kind from 1 to 7 and a level from 1 to 4 behind it."""

    code = "card-number-malformed"
    text_zh = (
        "要求20位残疾人证号（18位身份号码、1位残疾类别1至7、1位等级1至4），"
        "输入为 {length} 个字符或含其他字符；请对照证件重新输入。"
    )
    text_en = (
        "A card number of 20 characters was asked for: the identity number, a kind from 1 to 7, a level from 1 to 4; "
        "another length ({length}) or other signs were found. Type it again from the card."
    )

    def __init__(self, length: int) -> None:
        super().__init__(length=length)


class CardOfSomebodyElse(CardNumberRefused):
    """The first 18 characters are not the identity number of the person."""

    code = "card-of-somebody-else"
    text_zh = "残疾人证号前18位与本人身份号码不一致；请核对是否为本人证件，或身份号码输错。"
    text_en = (
        "The first 18 characters of the card number are not the person's identity number. "
        "Check whose card it is, or whether the identity number is mistyped."
    )


class CardSaysOtherwise(CardNumberRefused):
    """Kind or level on the card differ from what was declared."""

    code = "card-says-otherwise"
    text_zh = "残疾人证号第19、20位（{found}）与填报的残疾类别、等级（应为 {expected}）不一致；请按证件更正。"
    text_en = (
        "The last two digits of the card number ({found}) do not agree with the kind and level declared ({expected}). "
        "Correct them from the card."
    )

    def __init__(self, *, expected: str, found: str) -> None:
        super().__init__(expected=expected, found=found)


def card_number(number: str, *, identity: str, kind: str, level: int) -> str:
    """Return a card's number in plain form: without blanks, with a capital X.

    Raises:
        CardNumberMalformed: it is no card number.
        CardOfSomebodyElse: it holds another identity number.
        CardSaysOtherwise: it holds another kind or level.
    """
    plain = re.sub(r"\s", "", number).upper()
    if not _NUMBER.fullmatch(plain):
        raise CardNumberMalformed(len(plain))
    if plain[:18] != identity:
        raise CardOfSomebodyElse
    expected = f"{KIND_DIGITS.get(kind, '0')}{level}"
    if plain[18:] != expected:
        raise CardSaysOtherwise(expected=expected, found=plain[18:])
    return plain
