"""Changing the working calendar, with a record of every change, and the warning for a year without data."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from api.operations import Operation, operation
from api.resources.blueprint import api
from api.schemas.procedure import (
    CalendarChanges,
    CalendarChangeSchema,
    CalendarChangesSchema,
    CalendarWarnings,
    CalendarWarningsSchema,
)
from api.schemas.requests import CalendarSchema
from api.services import current
from web.authentication import current_actor
from web.errors import NoSuchAddress
from web.schemas.calendar import CalendarDaySchema, CalendarYearSchema
from workflows.casework.procedure.calendar_commands import (
    ChangeCalendarDay,
    EnterCalendarYear,
    MissingCalendarYears,
    change_calendar,
)
from workflows.casework.procedure.model import CalendarChange
from workflows.organisation.rights import Right
from workflows.rules.calendar import CalendarDay


@api.put("/calendar/days/<day>")
@operation(
    Operation(
        summary="Close the offices on a day, or have them work; open limits are computed anew",
        right=Right.ADMINISTER,
        body=CalendarDaySchema,
        answer=CalendarChangeSchema,
    )
)
def change_calendar_day(day: str, body: dict[str, Any]) -> CalendarChange:
    """Change a day."""
    changed = CalendarDay(day=_day(day), is_workday=body["is_workday"], name=body["name"])
    command = ChangeCalendarDay(day=changed, source=body["source"], region=current().region)
    return change_calendar(partial(current().engine.execute, actor=current_actor()), command)


@api.put("/calendar/years/<int:year>")
@operation(
    Operation(
        summary="Enter a year by its notice: Monday to Friday worked, except for the days listed",
        right=Right.ADMINISTER,
        body=CalendarYearSchema,
        answer=CalendarChangeSchema,
    )
)
def enter_calendar_year(year: int, body: dict[str, Any]) -> CalendarChange:
    """Enter a year."""
    exceptions = tuple(CalendarDay(**one) for one in body["exceptions"])
    command = EnterCalendarYear(year=year, exceptions=exceptions, source=body["source"], region=current().region)
    return change_calendar(partial(current().engine.execute, actor=current_actor()), command)


@api.get("/calendar/changes")
@operation(
    Operation(
        summary="What was changed in the calendar of a year, by whom and by what notice",
        right=Right.SIGNED_IN,
        query=CalendarSchema,
        answer=CalendarChangesSchema,
    )
)
def list_calendar_changes(query: dict[str, Any]) -> CalendarChanges:
    """List changes."""
    return CalendarChanges(changes=current().procedure.calendar_changes(query["year"]))


@api.get("/calendar/warnings")
@operation(
    Operation(
        summary="Years that limits may soon run into and whose days nobody has entered",
        right=Right.SIGNED_IN,
        answer=CalendarWarningsSchema,
    )
)
def calendar_warnings() -> CalendarWarnings:
    """Warn."""
    return CalendarWarnings(missing_years=current().engine.execute(MissingCalendarYears(), actor=current_actor()))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NoSuchAddress from None
