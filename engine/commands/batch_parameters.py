"""Reading the parameters of a batch: each reader names the place, what is needed there and what was found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from engine.core.model import Obstacle
from engine.core.texts import Words
from engine.core.variables import describe
from engine.json_values import JsonObject
from engine.operation_errors import BatchParametersInvalid

Choice = TypeVar("Choice")


def only(parameters: JsonObject, *names: str) -> None:
    """Let no other parameters pass than those named.

    Raises:
        BatchParametersInvalid
    """
    for name in sorted(parameters.keys() - set(names)):
        known = Words("、".join(names) or "无", ", ".join(names) or "none")
        reason = Obstacle(f"there is no such parameter; known: {known.en}", f"没有这个参数；可用：{known.zh}")
        raise BatchParametersInvalid(name[:80], reason)


def object_at(value: object, path: str) -> JsonObject:
    """Return an object; nothing is the empty one.

    Raises:
        BatchParametersInvalid
    """
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise _unfit(value, path, Words("对象", "an object"))
    return value


def list_at(value: object, path: str) -> list[Any]:
    """Return a list; nothing is the empty one.

    Raises:
        BatchParametersInvalid
    """
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        raise _unfit(value, path, Words("列表", "a list"))
    return list(value)


def text_at(value: object, path: str) -> str:
    """Return a text that is not empty.

    Raises:
        BatchParametersInvalid
    """
    if not isinstance(value, str) or not value:
        raise _unfit(value, path, Words("非空文本", "a text that is not empty"))
    return value


def id_at(value: object, path: str) -> UUID:
    """Return an id.

    Raises:
        BatchParametersInvalid
    """
    try:
        return UUID(value if isinstance(value, str) else "")
    except ValueError:
        raise _unfit(value, path, Words("UUID 格式的编号", "an id in UUID form")) from None


def choice_at(value: object, path: str, choices: Mapping[str, Choice]) -> Choice:
    """Return what one of a few words stands for.

    Raises:
        BatchParametersInvalid
    """
    if not isinstance(value, str) or value not in choices:
        listed = ", ".join(choices)
        raise _unfit(value, path, Words(f"{listed} 之一", f"one of {listed}"))
    return choices[value]


def whole_at(value: object, path: str, *, least: int, most: int) -> int:
    """Return a whole number within bounds.

    Raises:
        BatchParametersInvalid
    """
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        needed = Words(f"{least} 至 {most} 的整数", f"a whole number from {least} to {most}")
        raise _unfit(value, path, needed)
    return value


def nothing_asked() -> BatchParametersInvalid:
    """Return the complaint that the parameters ask for nothing."""
    return BatchParametersInvalid("", Obstacle("nothing is asked for", "没有提出任何修改"))


def _unfit(value: Any, path: str, needed: Words) -> BatchParametersInvalid:
    number = f" {value}" if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**12 else ""
    found = describe(value)
    return BatchParametersInvalid(
        path, Obstacle(f"{needed.en} is needed, found {found.en}{number}", f"应为{needed.zh}，现为{found.zh}{number}")
    )
