"""What may stand in a file where a function declares it: the annotations of acts and expectations, read as a schema."""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NewType, Union, get_args, get_origin

from api.scenario.source import Path

Day = NewType("Day", str)
"""A day as 2026-04-13."""

Number = int | Decimal
"""A number, exact."""

_WORDS: dict[Any, tuple[str, str]] = {
    str: ("文字", "a text"),
    Day: ("日期，如 2026-04-13", "a day, e.g. 2026-04-13"),
    int: ("整数", "a whole number"),
    Decimal: ("数字", "a number"),
    bool: ("true 或 false", "true or false"),
    types.NoneType: ("null", "null"),
    dict: ("键值对", "keys and values"),
    list: ("列表", "a list"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """A value that is not of its shape: where it stands below, and what is needed in both languages."""

    path: Path
    value: object
    zh: str
    en: str


def mismatches(value: object, shape: Any, path: Path = ()) -> Iterator[Mismatch]:
    """Yield everything in a value that is not as its shape says; `Any` and `object` are of every shape."""
    origin, arguments = get_origin(shape), get_args(shape)
    if shape in (Any, object) or is_name(value):
        return
    if origin in (Union, types.UnionType):
        found = [list(mismatches(value, one, path)) for one in arguments]
        if all(found):
            zh, en = words(shape)
            yield Mismatch(path=path, value=value, zh=zh, en=en)
    elif origin is dict and isinstance(value, dict):
        for key, below in value.items():
            yield from mismatches(below, arguments[1], (*path, key))
    elif origin is list and isinstance(value, list):
        for index, below in enumerate(value):
            yield from mismatches(below, arguments[0], (*path, index))
    elif not _is_plain(value, origin or shape):
        zh, en = words(origin or shape)
        yield Mismatch(path=path, value=value, zh=zh, en=en)


def is_name(value: object) -> bool:
    """Say whether a value stands for what an act returns: `$name`, or `$name.key`."""
    return isinstance(value, str) and value.startswith("$")


def words(shape: Any) -> tuple[str, str]:
    """Return what a shape is called in both languages."""
    if shape in (Any, object):
        return "任意内容", "anything"
    if shape == Number:
        return _WORDS[Decimal]
    origin, arguments = get_origin(shape), get_args(shape)
    if origin in (Union, types.UnionType):
        named = [words(one) for one in arguments]
        return " 或 ".join(zh for zh, _ in named), " or ".join(en for _, en in named)
    zh, en = _WORDS[origin or shape]
    if arguments and arguments[-1] not in (Any, object):
        zh_below, en_below = words(arguments[-1])
        return f"{zh}（值为{zh_below}）", f"{en} ({en_below} each)"
    return zh, en


def _is_plain(value: object, kind: Any) -> bool:
    if kind is Day:
        return isinstance(value, str) and _is_day(value)
    if kind is bool:
        return isinstance(value, bool)
    if isinstance(value, bool):
        return False
    if kind is types.NoneType:
        return value is None
    return isinstance(value, kind)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
