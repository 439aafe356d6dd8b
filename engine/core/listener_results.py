"""What a task listener hands back, read and checked; and a user task with what it corrects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.core import timers
from engine.core.limits import LONGEST_TEXT, is_storable
from engine.core.listener_model import CREATING, DENIABLE_EVENTS, ListenerResult, ResultRefused, TaskAttributes

if TYPE_CHECKING:
    from datetime import datetime

    from engine.json_values import JsonObject, JsonValue

_FIELDS = {
    "assignee": "assignee",
    "candidateGroups": "candidate_groups",
    "candidateUsers": "candidate_users",
    "dueDate": "due",
    "followUpDate": "follow_up",
    "priority": "priority",
}
"""What may be corrected, by its name in a result -> field of the task."""

_RESULT_KEYS = ("type", "denied", "deniedReason", "corrections")


def read_result(answer: Mapping[str, JsonValue]) -> ListenerResult:
    """Read a result as a worker writes it: `denied`, `deniedReason`, `corrections`; an empty one lets pass.

    Raises:
        ResultRefused: another key, or a value of another kind.
    """
    unknown = [key for key in answer if key not in _RESULT_KEYS]
    if unknown:
        raise ResultRefused("unknown", unknown[0])
    denied, reason = answer.get("denied") or False, answer.get("deniedReason") or ""
    corrections = answer.get("corrections") or {}
    if not isinstance(denied, bool):
        raise ResultRefused("value", "denied")
    if not isinstance(reason, str):
        raise ResultRefused("value", "deniedReason")
    if not isinstance(corrections, Mapping):
        raise ResultRefused("value", "corrections")
    return ListenerResult(is_denied=denied, reason=reason, corrections=dict(corrections))


def check_result(event: str, result: ListenerResult, *, has_drawn_assignee: bool) -> None:
    """Check what a listener of this event may answer.

    Raises:
        ResultRefused: the event cannot be denied, a denial corrects, or a correction is none.
    """
    corrections = {name: value for name, value in result.corrections.items() if value is not None}
    if result.is_denied and event not in DENIABLE_EVENTS:
        raise ResultRefused("deny", event)
    if result.is_denied and corrections:
        raise ResultRefused("deny-and-correct", ", ".join(sorted(corrections)))
    if event == CREATING and "assignee" in corrections and has_drawn_assignee:
        raise ResultRefused("drawn-assignee", "assignee")


def corrected(task: TaskAttributes, corrections: JsonObject, now: datetime) -> TaskAttributes:
    """Return a task with corrections: null keeps what is there, an empty text or list clears it.

    Raises:
        ResultRefused: no such attribute, or a value of another kind.
    """
    changed: dict[str, Any] = {}
    for name, value in corrections.items():
        if name not in _FIELDS:
            raise ResultRefused("attribute", name)
        if value is not None:
            changed[_FIELDS[name]] = _READ[name](name, value, now)
    if "assignee" in changed and changed["assignee"] != task.assignee:
        changed["assignee_name"] = changed["assignee"]
    return replace(task, **changed)


def changed_attributes(before: TaskAttributes, after: TaskAttributes) -> list[str]:
    """Return the names of what a transition changes."""
    return [name for name, field in sorted(_FIELDS.items()) if getattr(before, field) != getattr(after, field)]


def _text(name: str, value: JsonValue, _now: datetime) -> str | None:
    if not isinstance(value, str) or not _can_be_kept(value):
        raise ResultRefused("value", name)
    return value or None


def _names(name: str, value: JsonValue, _now: datetime) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(
        isinstance(each, str) and each and _can_be_kept(each) for each in value
    ):
        raise ResultRefused("value", name)
    return tuple(value)


def _can_be_kept(value: str) -> bool:
    return len(value) <= LONGEST_TEXT and is_storable(value)


def _moment(name: str, value: JsonValue, now: datetime) -> datetime | None:
    if not isinstance(value, str):
        raise ResultRefused("value", name)
    try:
        return timers.parse_moment(value, now) if value else None
    except timers.TimerUnreadable as failure:
        raise ResultRefused("value", name) from failure


def _priority(name: str, value: JsonValue, _now: datetime) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 100:
        raise ResultRefused("value", name)
    return value


_READ: dict[str, Callable[[str, JsonValue, datetime], object]] = {
    "assignee": _text,
    "candidateGroups": _names,
    "candidateUsers": _names,
    "dueDate": _moment,
    "followUpDate": _moment,
    "priority": _priority,
}
