"""The working days of a simulation: published years, and provisional ones where no notice is out yet, marked so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from api.demo.county import PROVISIONAL_SOURCE, PROVISIONAL_YEARS
from engine.executor import Engine
from engine.model import SYSTEM
from workflows.casework.commands import LoadCalendarYear
from workflows.casework.county import COUNTY_REGION
from workflows.rules.calendar import CalendarDay, WorkingCalendar, YearNotLoaded, seed_days, year_from_notice

YEARS_BEYOND = 1  # limits of the last months end in the year after
_HOLIDAYS: Mapping[int, Sequence[tuple[str, str]]] = {
    2028: (
        ("春节", "01-25 01-26 01-27 01-28 01-31 02-01"),
        ("清明节", "04-04"),
        ("劳动节", "05-01 05-02"),
        ("端午节", "05-29"),
        ("国庆节、中秋节", "10-02 10-03 10-04 10-05 10-06"),
    ),
    2029: (
        ("元旦", "01-01"),
        ("春节", "02-12 02-13 02-14 02-15 02-16 02-19"),
        ("清明节", "04-04"),
        ("劳动节", "05-01 05-02"),
        ("端午节", "06-18"),
        ("中秋节", "09-24"),
        ("国庆节", "10-01 10-02 10-03 10-04 10-05"),
    ),
}


def provisional_years(first: int, last: int) -> Mapping[int, tuple[CalendarDay, ...]]:
    """Return the holidays of the years in a span that nobody published, as they will probably be.

    Raises:
        YearNotLoaded: a year is so far ahead that not even its holidays are written here.
    """
    published = {day.day.year for day in seed_days(first, last)}
    return {year: _holidays_of(year) for year in range(first, last + 1) if year not in published}


def calendar_of(start: date, end: date) -> WorkingCalendar:
    """Return the calendar of a span and the year after it."""
    first, last = start.year - 1, end.year + YEARS_BEYOND
    provisional = provisional_years(first, last)
    days = [row for year, exceptions in provisional.items() for row in year_from_notice(year, exceptions)]
    return WorkingCalendar(days=(*seed_days(first, last), *days))


def load_provisional(engine: Engine[Any], start: date, end: date) -> Sequence[int]:
    """Load the unpublished years of a span into a county, with their source saying what they are; return which."""
    provisional = provisional_years(start.year, end.year + YEARS_BEYOND)
    for year, exceptions in provisional.items():
        load = LoadCalendarYear(year=year, exceptions=exceptions, source=PROVISIONAL_SOURCE, region=COUNTY_REGION)
        engine.execute(load, actor=SYSTEM)
    return sorted(provisional)


def _holidays_of(year: int) -> tuple[CalendarDay, ...]:
    if year in PROVISIONAL_YEARS:
        return PROVISIONAL_YEARS[year]
    if year not in _HOLIDAYS:
        raise YearNotLoaded(year)
    return tuple(
        CalendarDay(day=date.fromisoformat(f"{year}-{day}"), is_workday=False, name=name)
        for name, days in _HOLIDAYS[year]
        for day in days.split()
    )
