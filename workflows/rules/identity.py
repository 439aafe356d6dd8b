"""Identity numbers of persons (GB 11643) and organisations (GB 32100): what makes them valid, what they tell.

A division code that is not known is only a warning: divisions are renamed and abolished, the number stays.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from workflows.rules.errors import RuleError

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_IDENTITY_NUMBER = re.compile(r"[0-9]{17}[0-9X]")
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_CODE = re.compile(f"[{_CREDIT_ALPHABET}]{{18}}")
_FIRST_BIRTH_YEAR = 1850
# The provinces of GB/T 2260 with Taiwan, Hong Kong and Macao, and the residence permits of the latter three (8x).
_PROVINCES = frozenset(
    f"{region}{place}"
    for region, places in {"1": "12345", "2": "123", "3": "1234567", "4": "123456", "5": "01234", "6": "12345"}.items()
    for place in places
) | {"71", "81", "82", "83"}


class IdentityNumberRefused(RuleError):
    """The base of every refusal of a person's identity number."""

    code = "identity-number-refused"


class IdentityNumberMalformed(IdentityNumberRefused):
    """The number is not 17 digits and a check digit (0-9 or X)."""

    code = "identity-number-malformed"
    text_zh = "要求18位公民身份号码（17位数字加1位数字或X），输入为 {length} 个字符或含其他字符；请对照证件重新输入。"
    text_en = (
        "An identity number of 17 digits and a digit or X was asked for; "
        "another length ({length}) or other signs were found. Type it again from the card."
    )

    def __init__(self, length: int) -> None:
        super().__init__(length=length)


class IdentityNumberBirthDateWrong(IdentityNumberRefused):
    """Digits 7 to 14 are no date a living person can be born on."""

    code = "identity-number-birth-date-wrong"
    text_zh = "身份号码第7至14位应为真实的出生日期，但该日期不存在；请对照证件重新输入。"
    text_en = "Digits 7 to 14 must be a birth date, but there is no such day. Type the number again from the card."


class IdentityNumberCheckDigitWrong(IdentityNumberRefused):
    """The last character does not follow from the 17 before: a digit is mistyped or two are swapped."""

    code = "identity-number-check-digit-wrong"
    text_zh = "身份号码校验位应为 {expected}，输入为 {found}；其中有一位输错或两位颠倒，请对照证件重新输入。"
    text_en = (
        "The check digit should be {expected}, {found} was found: "
        "a digit is wrong or two are swapped. Type the number again from the card."
    )

    def __init__(self, *, expected: str, found: str) -> None:
        super().__init__(expected=expected, found=found)
        self.expected = expected


class CreditCodeRefused(RuleError):
    """The base of every refusal of an organisation's unified social credit code."""

    code = "credit-code-refused"


class CreditCodeMalformed(CreditCodeRefused):
    """The code is not 18 digits and capitals of the standard's alphabet."""

    code = "credit-code-malformed"
    text_zh = "要求18位统一社会信用代码（不含 I、O、S、V、Z），输入为 {length} 个字符或含其他字符；请对照证照重新输入。"
    text_en = (
        "A credit code of 18 digits and capitals without I, O, S, V, Z was asked for; "
        "another length ({length}) or other signs were found. Type it again from the licence."
    )

    def __init__(self, length: int) -> None:
        super().__init__(length=length)


class CreditCodeCheckDigitWrong(CreditCodeRefused):
    """The last character does not follow from the 17 before."""

    code = "credit-code-check-digit-wrong"
    text_zh = "统一社会信用代码校验位应为 {expected}，输入为 {found}；请对照证照重新输入。"
    text_en = "The check character should be {expected}, {found} was found. Type the code again from the licence."

    def __init__(self, *, expected: str, found: str) -> None:
        super().__init__(expected=expected, found=found)


class PhoneRefused(RuleError):
    """A mobile number that is not 11 digits beginning 13 to 19."""

    code = "phone-refused"
    text_zh = "要求11位手机号码（13至19开头），输入为 {length} 个字符或号段不符；请重新输入。"
    text_en = (
        "A mobile number of 11 digits beginning 13 to 19 was asked for; "
        "another length ({length}) or another beginning were found. Type it again."
    )

    def __init__(self, length: int) -> None:
        super().__init__(length=length)


class AccountNumberRefused(RuleError):
    """A bank account number that holds other signs than digits, or too few or too many."""

    code = "account-number-refused"
    text_zh = "要求8至30位数字的银行账号，输入为 {length} 个字符或含其他字符；请对照银行卡或存折重新输入。"
    text_en = (
        "A bank account of 8 to 30 digits was asked for; "
        "another length ({length}) or other signs were found. Type it again from the card or passbook."
    )

    def __init__(self, length: int) -> None:
        super().__init__(length=length)


class BirthAfterDay(RuleError):
    """An age was asked for on a day before the birth."""

    code = "birth-after-day"
    text_zh = "要求计算 {day} 的年龄，但出生日期 {birth_date} 在其后；请核对日期。"
    text_en = "An age on {day} was asked for, but the birth date is {birth_date}; check both dates."

    def __init__(self, *, birth_date: date, day: date) -> None:
        super().__init__(birth_date=birth_date.isoformat(), day=day.isoformat())


class Sex(StrEnum):
    """The sex an identity number states."""

    MALE = "male"
    FEMALE = "female"


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityNumber:
    """A valid identity number: 18 characters, X in upper case.

    `is_division_known` is False when its division is in no table: show a warning, refuse nothing.
    """

    text: str
    birth_date: date
    sex: Sex
    is_division_known: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountNumber:
    """A bank account number; `is_card_number` is only a flag, as passbook accounts have no check digit."""

    text: str
    is_card_number: bool


def identity_number(text: str, *, known_divisions: Collection[str] = ()) -> IdentityNumber:
    """Read an identity number as typed: spaces and full-width signs are forgiven, x becomes X.

    Without a table of six-digit divisions only the province is looked at.

    Raises:
        IdentityNumberMalformed: it is not 17 digits and a check digit; 15-digit numbers are out of use.
        IdentityNumberBirthDateWrong: its birth date does not exist.
        IdentityNumberCheckDigitWrong: a digit is wrong.
    """
    number = _plain(text)
    if not _IDENTITY_NUMBER.fullmatch(number):
        raise IdentityNumberMalformed(len(number))
    birth_date = _birth_date(number)
    expected = check_digit(number[:17])
    if number[17] != expected:
        raise IdentityNumberCheckDigitWrong(expected=expected, found=number[17])
    return IdentityNumber(
        text=number,
        birth_date=birth_date,
        sex=Sex.MALE if int(number[16]) % 2 else Sex.FEMALE,
        is_division_known=number[:6] in known_divisions if known_divisions else number[:2] in _PROVINCES,
    )


def is_province(code: str) -> bool:
    """Say whether two digits are those of a province, autonomous region or municipality."""
    return code in _PROVINCES


def age_on(birth_date: date, day: date) -> int:
    """Return the full years lived on a day; who is born on 29 February grows older on 1 March of common years.

    Raises:
        BirthAfterDay: the day lies before the birth.
    """
    if day < birth_date:
        raise BirthAfterDay(birth_date=birth_date, day=day)
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def credit_code(text: str) -> str:
    """Return an organisation's unified social credit code in upper case (GB 32100, check digit modulo 31).

    Raises:
        CreditCodeMalformed: it is not 18 signs of the standard's alphabet.
        CreditCodeCheckDigitWrong: a sign is wrong.
    """
    code = _plain(text)
    if not _CREDIT_CODE.fullmatch(code):
        raise CreditCodeMalformed(len(code))
    total = sum(_CREDIT_ALPHABET.index(sign) * pow(3, place, 31) for place, sign in enumerate(code[:17]))
    expected = _CREDIT_ALPHABET[-total % 31]
    if code[17] != expected:
        raise CreditCodeCheckDigitWrong(expected=expected, found=code[17])
    return code


def mobile_number(text: str) -> str:
    """Return a mobile number as 11 digits.

    Raises:
        PhoneRefused: it is not 11 digits beginning 13 to 19.
    """
    number = _plain(text)
    if not re.fullmatch(r"1[3-9][0-9]{9}", number):
        raise PhoneRefused(len(number))
    return number


def account_number(text: str) -> AccountNumber:
    """Read a bank account number and flag whether it is a card number (16 to 19 digits whose Luhn sum holds).

    Raises:
        AccountNumberRefused: it holds other signs than digits, or is not 8 to 30 digits long.
    """
    number = _plain(text)
    if not re.fullmatch(r"[0-9]{8,30}", number):
        raise AccountNumberRefused(len(number))
    return AccountNumber(text=number, is_card_number=16 <= len(number) <= 19 and _luhn_holds(number))


def _plain(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()


def _birth_date(number: str) -> date:
    try:
        birth_date = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise IdentityNumberBirthDateWrong from None
    if birth_date.year < _FIRST_BIRTH_YEAR:
        raise IdentityNumberBirthDateWrong
    return birth_date


def _luhn_holds(number: str) -> bool:
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def check_digit(digits: str) -> str:
    """Return the last sign of an identity number that begins with these 17 digits."""
    return _CHECK_DIGITS[sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True)) % 11]
