"""What the records say of the results of a meeting, beyond the rules of its form."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from engine.core.texts import Words
from engine.forms import FieldError
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import UserTask
from workflows.casework.days import local_day
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.standards import standards_on
from workflows.rules.calendar import YearNotLoaded

DUE, CO_OWNERS, HELD = Words("完成时限", "Due on"), Words("配合单位", "With"), Words("会议日期", "Held on")


def meeting_results(context: Context[CaseworkUnitOfWork], _task: UserTask, values: JsonObject) -> Iterator[FieldError]:
    """A meeting is written down once it was held; an item is due after it, in a year whose calendar is loaded."""
    held_on, today = _day(values.get("held_on")), local_day(context.now())
    if held_on is None:
        return
    if held_on > today:
        told = Words(f"不能晚于今天（{today}）", f"not after today ({today})")
        yield _fault(("held_on",), HELD, "held-later", told)
    rows: Any = values.get("results") or ()
    for place, row in enumerate(rows):
        if row.get("outcome") != "decided":
            continue
        if row.get("owner") in (row.get("co_owners") or ()):
            told = Words("责任单位不再列为配合单位", "the owner is not named again beside itself")
            yield _fault(("results", place, "co_owners"), CO_OWNERS, "owner-twice", told)
        due_on = _day(row.get("due_on"))
        if due_on is not None:
            yield from _due_day(context, due_on, place=place, held_on=held_on)


def _due_day(context: Context[CaseworkUnitOfWork], due_on: date, *, place: int, held_on: date) -> Iterator[FieldError]:
    at = ("results", place, "due_on")
    if due_on <= held_on:
        told = Words(f"应晚于会议日期 {held_on}", f"after the day of the meeting, {held_on}")
        yield _fault(at, DUE, "due-early", told)
        return
    days = standards_on(context.unit_of_work, local_day(context.now())).days("conference_overdue_days")
    try:
        context.unit_of_work.policy.calendar().add_working_days(due_on, days)
    except YearNotLoaded as missing:
        told = Words(
            f"{missing.year} 年的工作日历尚未录入，逾期督办的日期算不出来；请先录入日历，或改为更早的日期",
            f"the calendar of {missing.year} is not loaded, so the day of an order cannot be told; load it, or choose "
            "an earlier day",
        )
        yield _fault(at, DUE, "due-unknown-year", told)


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else None


def _fault(path: tuple[str | int, ...], label: Words, code: str, told: Words) -> FieldError:
    return FieldError(path=path, key=str(path[-1]), label=label.zh, code=code, message_zh=told.zh, message_en=told.en)
