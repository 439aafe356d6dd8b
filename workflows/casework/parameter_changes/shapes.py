"""Of what kind a figure of policy is, by the values it has had: a new one must be like them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum

from engine.core.texts import Words
from engine.json_values import JsonValue

WHOLE_UNITS = frozenset(
    {
        *("工作日", "日", "天", "月", "人", "次", "件", "份", "张"),
        *("户", "期", "分钟", "小时", "项", "周岁", "MB", "每月几日"),
    }
)
NONE = "none"
YES_OR_NO = "yes 或 no"
LONGEST_TEXT = 200
LARGEST = Decimal(10**12)
MOST_PLACES = 6


class ValueKind(StrEnum):
    """How a figure is typed."""

    YES_NO = "yes-no"
    NUMBER = "number"
    TEXT = "text"
    TEXTS = "texts"
    OTHER = "other"


def kind_of(values: Sequence[JsonValue]) -> ValueKind:
    """Return of what kind a figure is."""
    newest = values[-1]
    if isinstance(newest, bool):
        return ValueKind.YES_NO
    if any(is_number(one) for one in values):
        return ValueKind.NUMBER
    if isinstance(newest, str):
        return ValueKind.TEXT
    if isinstance(newest, list) and newest and all(isinstance(one, str) for one in newest):
        return ValueKind.TEXTS
    return ValueKind.OTHER


def wrong(value: JsonValue, values: Sequence[JsonValue], unit: str) -> Words | None:
    """Return what a value should be that is not like the others of its figure; None: it is."""
    kind = kind_of(values)
    if kind is ValueKind.NUMBER or (kind is ValueKind.TEXT and NONE in unit):
        return _wrong_number(value, unit)
    if kind is ValueKind.YES_NO:
        return None if isinstance(value, bool) else Words("“是”或“否”", "true or false")
    if kind is ValueKind.TEXT:
        return _wrong_text(value, unit)
    if kind is ValueKind.TEXTS:
        is_list = isinstance(value, list) and bool(value) and all(_is_text(one) for one in value)
        return None if is_list else Words("若干行文字", "a list of texts")
    return None if _shape(value) == _shape(values[-1]) else Words("与现有取值结构相同的内容", "built as the value now")


def is_number(value: JsonValue) -> bool:
    """Say whether a value is a number; yes and no are none."""
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _wrong_number(value: JsonValue, unit: str) -> Words | None:
    if NONE in unit and value == NONE:
        return None
    or_none = (" 或 none", " or none") if NONE in unit else ("", "")
    if unit.partition("，")[0] in WHOLE_UNITS:
        is_whole = _is_fit(value, MOST_PLACES) and Decimal(str(value)) % 1 == 0
        return None if is_whole else Words(f"不小于 0 的整数{or_none[0]}", f"a whole number from 0 on{or_none[1]}")
    if _is_fit(value, MOST_PLACES):
        return None
    zh, en = f"（至多 {MOST_PLACES} 位小数）", f" with at most {MOST_PLACES} decimal places"
    return Words(f"不小于 0 的数字{zh}{or_none[0]}", f"a number from 0 on{en}{or_none[1]}")


def _is_fit(value: JsonValue, places: int) -> bool:
    """Say whether a value is a number from 0 on that anything can compute with."""
    if not is_number(value):
        return False
    number = Decimal(str(value))
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and -exponent <= places and 0 <= number <= LARGEST


def _wrong_text(value: JsonValue, unit: str) -> Words | None:
    if unit == YES_OR_NO:
        return None if value in ("yes", "no") else Words("yes 或 no", "yes or no")
    return None if _is_text(value) else Words(f"1 至 {LONGEST_TEXT} 个字", f"a text of 1 to {LONGEST_TEXT} characters")


def _is_text(value: JsonValue) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= LONGEST_TEXT


def _shape(value: JsonValue) -> object:
    """Return how a value is built, whatever its numbers and words."""
    if isinstance(value, dict):
        return tuple(sorted((name, _shape(one)) for name, one in value.items()))
    if isinstance(value, list):
        return ("list", *sorted({repr(_shape(one)) for one in value}))
    return "number" if is_number(value) else type(value).__name__
