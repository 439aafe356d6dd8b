"""The working calendar: a year at a look, changing a day, entering a year by its notice, and what was changed."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.errors import EngineError
from engine.json_values import JsonObject
from web.authentication import current_actor, permits
from web.days import day_named
from web.plain_forms import loaded, typed
from web.refusals import Refusal, refusal
from web.schemas.calendar import CalendarDaySchema, CalendarYearSchema
from web.services import services
from web.staff_names import staff_names
from web.terms import Terms
from workflows.casework.procedure.calendar_commands import (
    ChangeCalendarDay,
    EnterCalendarYear,
    MissingCalendarYears,
    change_calendar,
)
from workflows.organisation.model import ADMINISTRATOR
from workflows.organisation.rights import Right
from workflows.rules.calendar import YEARS, CalendarDay, YearRefused

blueprint = Blueprint("calendar", __name__)

MOST_LINES = 366
SATURDAY = 5
WORKS = {"work": True, "rest": False, "班": True, "休": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownDay:
    """A day of a month's sheet; `differs`: offices work or rest against its weekday."""

    day: date
    is_workday: bool
    differs: bool
    name: str


@blueprint.get("/calendar")
@permits(Right.SIGNED_IN)
def calendar_page() -> str:
    """Show a year."""
    return _page(_year(request.args.get("year")))


@blueprint.post("/calendar/days")
@permits(Right.ADMINISTER)
def change_day() -> AnyResponse | tuple[str, int]:
    """Close the offices on a day, or have them work; limits move."""
    given, year = request.form, _year(request.form.get("day", "")[:4])
    values: JsonObject = typed(given, only=("name", "source"))
    if given.get("works") in WORKS:
        values["is_workday"] = WORKS[given["works"]]
    try:
        asked = loaded(CalendarDaySchema(), values)
        day = CalendarDay(day=day_named(given.get("day")), is_workday=asked["is_workday"], name=asked["name"])
        command = ChangeCalendarDay(day=day, source=asked["source"], region=services().region)
        changed = change_calendar(partial(services().engine.execute, actor=current_actor()), command)
    except EngineError as error:
        return _page(year, day_refused=refusal(error)), 422
    flash(_("日历已变更，%(count)s 个案件的期限已重新计算。", count=changed.cases_moved), "success")
    return redirect(url_for("calendar.calendar_page", year=day.day.year), 303)


@blueprint.post("/calendar/years")
@permits(Right.ADMINISTER)
def enter_year() -> AnyResponse | tuple[str, int]:
    """Enter a year by its notice."""
    given = request.form
    values: JsonObject = typed(given, only=("source",)) | {"exceptions": _exceptions(given.get("exceptions", ""))}
    try:
        year = _year_typed(given.get("year", "").strip())
        asked = loaded(CalendarYearSchema(), values)
        days = tuple(CalendarDay(**one) for one in asked["exceptions"])
        command = EnterCalendarYear(year=year, exceptions=days, source=asked["source"], region=services().region)
        changed = change_calendar(partial(services().engine.execute, actor=current_actor()), command)
    except EngineError as error:
        return _page(_year(given.get("year")), year_refused=refusal(error)), 422
    flash(
        _("%(year)s 年日历已录入，%(count)s 个案件的期限已重新计算。", year=year, count=changed.cases_moved), "success"
    )
    return redirect(url_for("calendar.calendar_page", year=year), 303)


def _page(year: int, *, day_refused: Refusal | None = None, year_refused: Refusal | None = None) -> str:
    days = services().casework.calendar_days(year)
    changes = services().procedure.calendar_changes(year)
    return render_template(
        "calendar.html",
        year=year,
        years=YEARS,
        months=_months(year, {one.day: one for one in days}) if days else [],
        differing=[one for one in map(_shown, days) if one.differs],
        changes=changes,
        names=staff_names([one.by for one in changes]),
        missing=services().engine.execute(MissingCalendarYears(), actor=current_actor()),
        may_change=current_actor().has_role(ADMINISTRATOR, services().region),
        today=Terms().today,
        day_refused=day_refused,
        year_refused=year_refused,
        given=request.form,
    )


def _months(year: int, days: Mapping[date, CalendarDay]) -> list[list[list[ShownDay | None]]]:
    """Return the weeks of each month, from Monday on; what belongs to other months is left out."""
    sheets = calendar.Calendar()
    return [
        [
            [_shown(days[day]) if day.month == month and day in days else None for day in week]
            for week in sheets.monthdatescalendar(year, month)
        ]
        for month in range(1, 13)
    ]


def _shown(one: CalendarDay) -> ShownDay:
    is_weekday = one.day.weekday() < SATURDAY
    return ShownDay(day=one.day, is_workday=one.is_workday, differs=one.is_workday != is_weekday, name=one.name)


def _exceptions(text: str) -> list[JsonObject]:
    """Return the days typed a line each: the day, whether offices work (班) or rest (休), and its name."""
    written = [line for line in text.splitlines() if line.strip()]
    lines = [line.split(maxsplit=2) for line in written[: MOST_LINES + 1]]
    return [
        {"day": parts[0], "is_workday": WORKS.get(parts[1], parts[1]) if len(parts) > 1 else None}
        | ({"name": parts[2]} if len(parts) > 2 else {})
        for parts in lines
    ]


def _year_typed(text: str) -> int:
    """Return the year to be entered; it replaces a whole year, so that none is guessed."""
    if not _is_year(text):
        raise YearRefused(text[:20])
    return int(text)


def _year(text: str | None) -> int:
    """Return the year to be shown, the present one when none can be read."""
    named = int(text) if text and _is_year(text) else 0
    return named if named in YEARS else Terms().today.year


def _is_year(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) == 4
