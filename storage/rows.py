"""From table rows to the engine's values and back: columns and fields have the same names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import RowMapping

from engine.model import InstanceState, ProcessInstance, TaskState, UserTask

Row = RowMapping | Mapping[str, Any]
Value = TypeVar("Value")

_STATES: dict[type, type[StrEnum]] = {ProcessInstance: InstanceState, UserTask: TaskState}
_TUPLES: dict[type, tuple[str, ...]] = {UserTask: ("candidate_groups", "candidate_users", "distinct_from")}


def to_value(kind: type[Value], row: Row) -> Value:
    """Return the value a row stands for; columns the value does not know are left out."""
    known = {field.name: row[field.name] for field in fields(kind) if field.name in row}  # type: ignore[arg-type]  # kind is a dataclass
    if kind in _STATES:
        known["state"] = _STATES[kind](known["state"])
    for name in _TUPLES.get(kind, ()):
        known[name] = tuple(known[name])
    return kind(**known)


def to_row(value: Any) -> dict[str, Any]:  # any dataclass of engine.model
    """Return the columns of a value."""
    row = {field.name: getattr(value, field.name) for field in fields(value)}
    for name in _TUPLES.get(type(value), ()):
        row[name] = list(row[name])
    return row


def to_rows(values: Iterable[Any]) -> list[dict[str, Any]]:
    """Return the columns of several values."""
    return [to_row(value) for value in values]
