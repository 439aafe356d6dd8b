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
from workflows.casework.conference.model import owner_group
from workflows.casework.county import COUNTY_REGION
from workflows.casework.days import local_day
from workflows.casework.orders.commands import LAST_LEVEL_DAYS
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.standards import standards_on
from workflows.rules.calendar import YearNotLoaded

DAYS_AFTER_DUE = ("conference_overdue_days", "conference_reply_days", LAST_LEVEL_DAYS)
"""Working days after the day of an item until the last thing its clocks do: order, answer, last escalation."""
OUTCOME, OWNER = Words("会议情况", "The meeting"), Words("责任单位", "Owner")
ANSWERING = Words("答复单位", "Unit that answers")
DUE, CO_OWNERS, HELD = Words("完成时限", "Due on"), Words("配合单位", "With"), Words("会议日期", "Held on")


def meeting_results(context: Context[CaseworkUnitOfWork], task: UserTask, values: JsonObject) -> Iterator[FieldError]:
    """A meeting is written down once it was held; an item is due after it, in a year whose calendar is loaded.

    What would only be found out later, by a clock, is refused here: a day that cannot be told, an owner with nobody.
    """
    if values.get("meeting_outcome") == "not_held":
        yield from _not_held(task)
        return
    held_on = _day(values.get("held_on"))
    if held_on is None:
        return
    yield from _held_day(context, held_on, convened_on=_day(task.variables.get("convened_on")))
    rows: Any = values.get("results") or ()
    for place, row in enumerate(rows):
        if row.get("outcome") != "decided":
            continue
        if row.get("owner") in (row.get("co_owners") or ()):
            told = Words("责任单位不再列为配合单位", "the owner is not named again beside itself")
            yield _fault(("results", place, "co_owners"), CO_OWNERS, "owner-twice", told)
        if row.get("owner"):
            yield from _owner(context, task, str(row["owner"]), place=place)
        due_on = _day(row.get("due_on"))
        if due_on is not None:
            yield from _due_day(context, due_on, place=place, held_on=held_on)


def other_unit(_context: Context[CaseworkUnitOfWork], task: UserTask, values: JsonObject) -> Iterator[FieldError]:
    """A problem between units is answered by another unit than the one that has it."""
    filed_by = task.variables.get("filed_by_unit")
    if values.get("problem_decision") == "assign" and values.get("unit_kind") == filed_by:
        told = Words("不能分派给提出单位自己", "not the unit that filed it")
        yield _fault(("unit_kind",), ANSWERING, "own-problem", told)


def _not_held(task: UserTask) -> Iterator[FieldError]:
    if task.variables.get("return_reason") is not None:
        told = Words("会议已召开、纪要已起草，不能再取消", "the meeting was held and its minutes are drafted")
        yield _fault(("meeting_outcome",), OUTCOME, "held-already", told)


def _held_day(context: Context[CaseworkUnitOfWork], held_on: date, *, convened_on: date | None) -> Iterator[FieldError]:
    today = local_day(context.now())
    if held_on > today:
        told = Words(f"不能晚于今天（{today}）", f"not after today ({today})")
        yield _fault(("held_on",), HELD, "held-later", told)
    elif convened_on is not None and held_on < convened_on:
        told = Words(f"不能早于召集会议之日（{convened_on}）", f"not before it was called ({convened_on})")
        yield _fault(("held_on",), HELD, "held-before", told)
    else:
        days = standards_on(context.unit_of_work, today).days("conference_minutes_days")
        try:
            context.unit_of_work.policy.calendar().add_working_days(held_on, days)
        except YearNotLoaded as missing:
            told = Words(
                f"{missing.year} 年的工作日历尚未录入，纪要的期限算不出来；请先录入日历",
                f"the calendar of {missing.year} is not loaded, so the day for the minutes cannot be told; load it",
            )
            yield _fault(("held_on",), HELD, "held-unknown-year", told)


def _owner(context: Context[CaseworkUnitOfWork], task: UserTask, owner: str, *, place: int) -> Iterator[FieldError]:
    notices = context.unit_of_work.procedure.supervision.notices
    if not notices.holders((owner_group(owner),), region=COUNTY_REGION, matter=task.business_key or ""):
        told = Words(
            "该单位没有经办人账号，无人能办理；请先由管理员设置经办人，或改由其他单位负责",
            "this unit has no clerk who could carry it out; have one set up first, or choose another unit",
        )
        yield _fault(("results", place, "owner"), OWNER, "owner-without-clerk", told)


def _due_day(context: Context[CaseworkUnitOfWork], due_on: date, *, place: int, held_on: date) -> Iterator[FieldError]:
    at = ("results", place, "due_on")
    if due_on <= held_on:
        told = Words(f"应晚于会议日期 {held_on}", f"after the day of the meeting, {held_on}")
        yield _fault(at, DUE, "due-early", told)
        return
    standards = standards_on(context.unit_of_work, local_day(context.now()))
    try:
        context.unit_of_work.policy.calendar().add_working_days(due_on, sum(map(standards.days, DAYS_AFTER_DUE)))
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
