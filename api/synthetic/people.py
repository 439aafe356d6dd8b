"""Synthetic persons: names with a mark, numbers that can belong to nobody."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from api.demo.people import identity_number

MARK = "（合成数据）"
TEST_BIN = "622999"
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗"
GIVEN = ("建国", "秀英", "桂兰", "志强", "小红", "海燕", "文博", "雨欣", "子涵", "浩然", "玉梅", "德明", "春花", "国庆")
NAME_MARK = "测"  # the last sign of every synthetic name
CARD_KINDS = {"visual": "1", "hearing": "2", "speech": "3", "physical": "4", "intellectual": "5", "mental": "6"}
SEVERE_KINDS = ("physical", "visual", "intellectual", "mental")
YEAR = 365.25


def name(random: Random, surname: str | None = None) -> str:
    """Return a name; its last sign marks it as made."""
    return (surname or random.choice(SURNAMES)) + random.choice(GIVEN) + NAME_MARK


def identity(random: Random, born: date) -> str:
    """Return an identity number of a division that no place has."""
    return identity_number(born, random.randint(1, 999))


def born(random: Random, today: date, age: int) -> date:
    """Return a day of birth of somebody of this age."""
    return today - timedelta(days=int(age * YEAR) + random.randint(3, 360))


def phone(random: Random) -> str:
    """Return a number of a block that is given to nobody here: 199-0000-xxxx."""
    return f"1990000{random.randint(0, 9999):04d}"


def account(random: Random) -> str:
    """Return an account number of the test bank, its last digit right by Luhn."""
    body = TEST_BIN + "".join(str(random.randint(0, 9)) for _ in range(12))
    digits = [int(digit) for digit in reversed(body)]
    total = sum(sum(divmod(digit * 2, 10)) if index % 2 == 0 else digit for index, digit in enumerate(digits))
    return body + str(-total % 10)


def disabled(random: Random, person: dict[str, Any], *, kind: str, level: int, today: date) -> dict[str, Any]:
    """Return a person with a disability and its card."""
    number = f"{person['identity_number']}{CARD_KINDS[kind]}{level}"
    expires = today + timedelta(days=random.randint(30, 3_000))
    card = {"number": number, "expires_on": expires.isoformat()}
    return {**person, "disability_kind": kind, "disability_level": level, "card": card}
