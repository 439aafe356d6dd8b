"""Personal data in a copy: what is replaced, what rules need is kept, and the same is the same."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.applications import identity
from workflows.playing.disguise import Disguise, quoted_texts
from workflows.rules.identity import identity_number

NUMBER = identity(date(1986, 3, 2), count=11)
PERSONAL = (
    "陈建国",
    NUMBER,
    "13800138000",
    "6222020200112233445",
    "昆仑街道测试路1号",
    "87654321",
    "zhang.san",
    "患者自述摔倒，联系 13800138000",
    "JZ-2026-000123",
)
NOBODYS = ("desk", "2026-06-17", "2026-06-17T08:00:00+08:00", "P3D", "08:30", "9000.50", "600", "320481001", "")


@pytest.fixture
def disguise() -> Disguise:
    return Disguise(b"one copy", known=frozenset({"desk"}), is_place=lambda text: text == "320481001")


@pytest.mark.parametrize("text", PERSONAL)
def test_what_may_be_somebodys_is_replaced_in_its_shape(disguise: Disguise, text: str) -> None:
    found = disguise.text(text)

    assert len(found) == len(text)
    assert [one.isdigit() for one in found] == [one.isdigit() for one in text]
    pieces = [one for one in text.replace("，", " ").replace("-", " ").replace(".", " ").split() if len(one) > 1]
    assert not any(one in found for one in pieces if one != NUMBER[:14])


@pytest.mark.parametrize("text", NOBODYS)
def test_what_rules_compare_is_kept(disguise: Disguise, text: str) -> None:
    assert disguise.text(text) == text


def test_an_identity_number_stays_valid_with_its_birth_date_and_sex(disguise: Disguise) -> None:
    was, found = identity_number(NUMBER), identity_number(disguise.text(NUMBER))

    assert found.text != was.text
    assert (found.birth_date, found.sex) == (was.birth_date, was.sex)


def test_the_same_is_the_same_within_a_copy_and_another_in_another(disguise: Disguise) -> None:
    other = Disguise(b"another copy", known=frozenset(), is_place=lambda _text: False)

    assert disguise.text(NUMBER) == disguise.text(NUMBER)
    assert disguise.text("陈建国先生") == disguise.text("陈建国先生")
    assert disguise.text("陈建国先生住在昆仑") != other.text("陈建国先生住在昆仑")


def test_values_keep_their_form(disguise: Disguise) -> None:
    value: Any = {"amount": 600, "yes": True, "none": None, "list": ["desk", "张三"], "phone": 13800138000, "李四": 1}

    found = disguise.value(value)

    assert (found["amount"], found["yes"], found["none"], found["list"][0]) == (600, True, None, "desk")
    assert found["list"][1] != "张三"
    assert found["phone"] != 13800138000
    assert len(str(found["phone"])) == 11
    assert "李四" not in found


def test_texts_between_quotes_are_nobodys() -> None:
    xml = b'<a name="x y" source="=if c = &#34;desk&#34; then 1"><text>"no \xe4\xba\xba"</text></a>{"value": "yes"}'

    assert {"x y", "desk", "no 人", "yes"} <= quoted_texts([xml])
