"""Changing the working calendar: each change is kept on record, and the limits it touches are computed anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from engine.errors import ConcurrentChange, NotFound
from engine.host import Context
from engine.permissions import checked_reason
from workflows.casework.commands import LoadCalendarYear, OverrideCalendarDay
from workflows.casework.days import local_day
from workflows.casework.errors import CaseNotAccepted, CaseNotFound
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.clock import move_limit
from workflows.casework.procedure.clock_commands import locked_case
from workflows.casework.procedure.errors import LimitsLeft
from workflows.casework.procedure.model import CalendarChange
from workflows.rules.calendar import CalendarDay, YearNotLoaded

HORIZON = "calendar_horizon_days"
CASES_AT_ONCE = 20
"""How many limits are computed anew in one transaction: what is done to these cases waits so long."""
TRIES = 5
"""How often a page is tried that loses races."""
NOT_COMPUTED = (YearNotLoaded, CaseNotFound, CaseNotAccepted, NotFound)
"""A year nobody entered, a case that is gone or has no limit any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCalendarDay:
    """Close the offices on a day, or have them work; the notice it rests on is kept.

    Open limits move by `change_calendar`, which executes it.

    Raises:
        NotPermitted: the actor does not administer the region.
        ReasonMissing: nobody would know by what notice.
        YearNotLoaded: the day lies in a year without calendar data.
    """

    day: CalendarDay
    source: str
    region: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> CalendarChange:
        """Change it."""
        source = checked_reason(self.source)
        context.unit_of_work.policy.calendar().is_workday(self.day.day)
        OverrideCalendarDay(day=self.day, region=self.region).execute(context)
        return _recorded(
            context, self.day.day, what="day", is_workday=self.day.is_workday, name=self.day.name, source=source
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterCalendarYear:
    """Enter a year by the State Council's notice: Monday to Friday worked, except for the days it lists.

    Open limits move by `change_calendar`, which executes it.

    Raises:
        NotPermitted: the actor does not administer the region.
        ReasonMissing: nobody would know by what notice.
    """

    year: int
    exceptions: tuple[CalendarDay, ...]
    source: str
    region: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> CalendarChange:
        """Enter it."""
        source = checked_reason(self.source)
        LoadCalendarYear(year=self.year, exceptions=self.exceptions, source=source, region=self.region).execute(context)
        return _recorded(
            context, date(self.year, 1, 1), what="year", is_workday=None, name=str(self.year), source=source
        )


def change_calendar(execute: Callable[[Any], Any], change: ChangeCalendarDay | EnterCalendarYear) -> CalendarChange:
    """Change the calendar, then compute the limits of all open cases anew, a few cases a transaction.

    What is interrupted is mended by the same change once more: a limit that is right already stays.

    Raises:
        LimitsLeft: the calendar is changed, but others were busy with some cases however often it was tried.
    """
    recorded: CalendarChange = execute(change)
    waiting: Sequence[UUID] = execute(CasesWithLimits())
    moved = left = 0
    for first in range(0, len(waiting), CASES_AT_ONCE):
        page = MoveLimits(case_ids=tuple(waiting[first : first + CASES_AT_ONCE]))
        done = _moved(execute, page)
        moved += done or 0
        left += len(page.case_ids) if done is None else 0
    counted: CalendarChange = execute(CountMovedCases(change=recorded, moved=moved))
    if left:
        raise LimitsLeft(moved=moved, left=left)
    return counted


def _moved(execute: Callable[[Any], Any], page: MoveLimits) -> int | None:
    """Move the limits of a page; one that lost a race was undone as a whole, and is tried again. None: it lost all."""
    for _ in range(TRIES):
        try:
            return int(execute(page))
        except ConcurrentChange:
            continue
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class CasesWithLimits:
    """Name the cases whose limit runs."""

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Sequence[UUID]:
        """Return them, always in the same order."""
        return context.unit_of_work.procedure.clock.running_cases()


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveLimits:
    """Compute the limits of some cases by the calendar as it is now; what cannot be computed stays as it is.

    It changes no more than the calendar does, so that whoever may change that needs no right over the cases.

    Raises:
        ConcurrentChange: somebody else was at a case; nothing of these moved.
    """

    case_ids: tuple[UUID, ...]

    def execute(self, context: Context[CaseworkUnitOfWork]) -> int:
        """Return how many moved."""
        moved = 0
        for case_id in self.case_ids:
            try:
                with context.savepoint():
                    case = locked_case(context, case_id)
                    moved += move_limit(context, case).due_on != case.due_on
            except NOT_COMPUTED:  # the others go on
                continue
        return moved


@dataclass(frozen=True, slots=True, kw_only=True)
class CountMovedCases:
    """Write into the record of a change how many limits it moved."""

    change: CalendarChange
    moved: int

    def execute(self, context: Context[CaseworkUnitOfWork]) -> CalendarChange:
        """Return the record."""
        counted = replace(self.change, cases_moved=self.moved)
        context.unit_of_work.procedure.calendar_record.save(counted)
        return counted


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingCalendarYears:
    """Say which years limits may soon run into and whose days nobody has entered yet."""

    def execute(self, context: Context[CaseworkUnitOfWork]) -> tuple[int, ...]:
        """Return them, in order."""
        today, policy = local_day(context.now()), context.unit_of_work.policy
        horizon = policy.parameters_on(today).get(HORIZON, 0)
        last = today + timedelta(days=int(horizon) if isinstance(horizon, int) else 0)
        loaded = policy.calendar().loaded_years
        return tuple(year for year in range(today.year, last.year + 1) if year not in loaded)


def _recorded(
    context: Context[CaseworkUnitOfWork], day: date, *, what: str, is_workday: bool | None, name: str, source: str
) -> CalendarChange:
    change = CalendarChange(
        id=uuid4(),
        at=context.now(),
        by=context.actor.id,
        day=day,
        what=what,
        is_workday=is_workday,
        name=name,
        source=source,
        cases_moved=0,
    )
    context.unit_of_work.procedure.calendar_record.add(change)
    return change
