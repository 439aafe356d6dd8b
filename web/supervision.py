"""The supervisors' board and the lists behind its numbers, for the page and the API alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from engine.model import Actor, UserTask
from engine.queries import IncidentFilter, TaskMoments, TaskTab, UserTaskFilter
from web.labels import in_language
from web.services import services
from web.terms import Terms
from workflows.casework.orders.queries import OrderDays
from workflows.casework.supervision import (
    MOST_LATE,
    Board,
    LateCase,
    OfficeKey,
    Offices,
    Situation,
    board_rows,
    moments_at,
    order_days,
    soon_ends,
    unheld_since,
    years_around,
)
from workflows.rules.calendar import WorkingCalendar
from workflows.rules.masks import masked_name

READ_AT_ONCE = 100
NOBODY = "-"  # in the address of a list: what nobody holds


def board(actor: Actor) -> Board:
    """Return the board of what the actor sees."""
    now, offices = services().now(), Offices(services().organisation.units())
    moments = moments_now()
    places = services().queries.counts_of_places(actor, moments)
    incidents = services().queries.incident_counts(IncidentFilter(actor=actor))
    rows, total = board_rows(places, incidents, offices, moments)
    orders = services().supervision.order_counts(actor, days_of_orders())
    return Board(counted_at=now, rows=rows, total=total, latest=_latest(actor, offices), orders=orders)


def moments_now() -> TaskMoments:
    """Return the times by which tasks are counted now."""
    return moments_at(services().now(), _calendar())


def days_of_orders() -> OrderDays:
    """Return the days by which orders are counted now."""
    return order_days(services().now(), _calendar())


def office_name(key: OfficeKey) -> tuple[str, str]:
    """Return what a unit is called in both languages."""
    return Offices(services().organisation.units()).name(key)


def office_names() -> Callable[[str, str], str]:
    """Return a function that tells, in the reader's language, which unit of a kind answers for a region."""
    offices = Offices(services().organisation.units())
    return lambda kind, region: in_language(*offices.name(offices.of_task(kind, region)))


def named_office(text: str | None) -> OfficeKey | None:
    """Return the unit an address names; None where it names none."""
    return OfficeKey.parsed(text) if text else None


def narrowed_tasks(key: OfficeKey | None, situation: Situation | None) -> dict[str, Any]:
    """Return what narrows a work list to a unit, and to how tasks stand.

    Raises:
        YearNotLoaded: nobody can tell what stands so without a year's calendar.
    """
    narrowing: dict[str, Any] = {}
    if key is not None:
        area = Offices(services().organisation.units()).area_of_tasks(key)
        narrowing |= {"unit_kind": key.kind, "area": area}
    return narrowing | _in_situation(situation)


def narrowed_to_holder(holder: str | None) -> dict[str, Any]:
    """Return what narrows a work list to what somebody holds, or nobody (`NOBODY`)."""
    if holder is None:
        return {}
    return {"is_unheld": True} if holder == NOBODY else {"holder": holder}


def narrowed_incidents(key: OfficeKey | None) -> dict[str, Any]:
    """Return what narrows a list of incidents to those counted for a unit."""
    if key is None:
        return {}
    return {"area": Offices(services().organisation.units()).area_of_incidents(key)}


def _in_situation(situation: Situation | None) -> dict[str, Any]:
    now = services().now()
    match situation:
        case Situation.SOON:
            return {"due_from": now, "due_before": soon_ends(now, _calendar())}
        case Situation.PAUSED:
            return {"paused_at": now}
        case Situation.PUT_OFF:
            return {"put_off_at": now}
        case Situation.UNHELD:
            return {"unheld_since": unheld_since(now, _calendar())}
        case None:
            return {}


def _calendar() -> WorkingCalendar:
    years = years_around(services().now())
    return WorkingCalendar(days=tuple(day for year in years for day in services().casework.calendar_days(year)))


def _latest(actor: Actor, offices: Offices) -> list[LateCase]:
    """Return the cases most over their limit, each once."""
    tasks: dict[str, UserTask] = {}
    for task in _overdue(actor):
        tasks.setdefault(task.business_key, task)
        if len(tasks) == MOST_LATE:
            break
    cases = services().casework.summaries(sorted(tasks), actor) if tasks else {}
    names = {number: masked_name(case.applicant) for number, case in cases.items()}
    terms = Terms()
    return [_late(task, offices, terms, names.get(number)) for number, task in tasks.items()]


def _overdue(actor: Actor) -> Iterator[UserTask]:
    """Go through the tasks in sight that are over their limit, the longest over first.

    Each page begins at the limit the one before ended with; only those of that very limit are passed over.
    """
    now = services().now()
    since: datetime | None = None
    passed = 0
    while True:
        wanted = UserTaskFilter(
            actor=actor, tab=TaskTab.UNIT, overdue_at=now, due_from=since, offset=passed, limit=READ_AT_ONCE
        )
        found = services().queries.user_tasks(wanted).tasks
        yield from found
        if len(found) < READ_AT_ONCE:
            return
        last = found[-1].due_at
        passed = (passed if last == since else 0) + sum(one.due_at == last for one in found)
        since = last


def _late(task: UserTask, offices: Offices, terms: Terms, applicant: str | None) -> LateCase:
    kind = next(iter(task.candidate_groups), "").partition("/")[0]
    unit, unit_en = offices.name(offices.of_task(kind, task.region))
    left = terms.days_left(task.due_at)
    return LateCase(
        case=task.business_key,
        applicant=applicant,
        task_id=task.id,
        step=task.name,
        step_en=task.name_en,
        unit=unit,
        unit_en=unit_en,
        due_at=task.due_at,
        working_days_over=None if left is None else -left,
    )
