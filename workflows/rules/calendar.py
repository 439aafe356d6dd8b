"""The county's working calendar: which days are worked, and where a limit counted in days ends.

Counting follows the Civil Code: the day of the event is day 0, day n is the n-th working day after it and runs to
its 24:00; a period in calendar days that would end on a day off runs to the first working day after.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType

import chinese_calendar

from workflows.rules.errors import RuleError

ONE_DAY = timedelta(days=1)
YEARS = range(1900, 2201)
"""The years a calendar may be entered for."""


class YearNotLoaded(RuleError):
    """A day in a year without calendar data would decide; nobody may guess its holidays."""

    code = "calendar-year-not-loaded"
    text_zh = "需要 {year} 年的工作日，但 {year} 年日历未导入；请按国务院办公厅放假通知导入该年日历后重新计算。"
    text_en = (
        "A working day of {year} was asked for, but the {year} calendar is not loaded. "
        "Load that year's holidays and make-up days, then compute again."
    )

    def __init__(self, year: int) -> None:
        super().__init__(year=year)
        self.year = year


class YearRefused(RuleError):
    """A calendar is entered for something that is no year, or for one nobody plans for; nothing is entered."""

    code = "calendar-year-refused"
    text_zh = "日历年份应为 {first} 至 {last} 的四位数字，现为“{found}”，未录入；请更正年份。"
    text_en = (
        "The year of a calendar is four digits from {first} to {last}; {found!r} was found and nothing was entered. "
        "Correct the year."
    )

    def __init__(self, found: str | int) -> None:
        super().__init__(first=YEARS[0], last=YEARS[-1], found=found)


class DayOfAnotherYear(RuleError):
    """A notice lists a day of another year than the one that is entered; nothing is entered."""

    code = "calendar-day-of-another-year"
    text_zh = "录入的是 {year} 年日历，但列有 {day}，不属于该年，未录入；请更正年份或该日期，其他年份的日期在该年录入。"
    text_en = (
        "The calendar of {year} is entered, but {day} is listed, which is no day of it; nothing was entered. "
        "Correct the year or that day; enter days of other years with their year."
    )

    def __init__(self, day: date, *, year: int) -> None:
        super().__init__(day=day.isoformat(), year=year)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDay:
    """One row of the calendar; the name tells why a day differs from its weekday (春节, 春节调休, a storm)."""

    day: date
    is_workday: bool
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingCalendar:
    """The working days of the years that are loaded.

    A year counts as loaded only when every one of its days has a row. Closures are local exceptions (a typhoon, a
    flood, an ordered weekend shift) laid over the rows; alone they load no year.
    """

    days: tuple[CalendarDay, ...]
    closures: tuple[CalendarDay, ...] = ()
    _is_workday: Mapping[date, bool] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        rows = {row.day: row.is_workday for row in self.days}
        loaded = frozenset(year for year in {day.year for day in rows} if _is_complete(year, rows))
        decided = rows | {row.day: row.is_workday for row in self.closures}
        kept = {day: is_workday for day, is_workday in decided.items() if day.year in loaded}
        object.__setattr__(self, "_is_workday", MappingProxyType(kept))

    @property
    def loaded_years(self) -> tuple[int, ...]:
        """The years whose days are all known, in order."""
        return tuple(sorted({day.year for day in self._is_workday}))

    def is_workday(self, day: date) -> bool:
        """Tell whether offices work on this day.

        Raises:
            YearNotLoaded: the day's year has no data.
        """
        try:
            return self._is_workday[day]
        except KeyError:
            raise YearNotLoaded(day.year) from None

    def add_working_days(self, start: date, count: int) -> date:
        """Return the count-th working day after the start (before it, when negative); 0 gives the start itself.

        Raises:
            YearNotLoaded: the answer depends on a year without data.
        """
        step = ONE_DAY if count >= 0 else -ONE_DAY
        day = start
        for _ in range(abs(count)):
            day += step
            while not self.is_workday(day):
                day += step
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Count the working days after `start` up to and including `end`; negative when `end` lies before.

        Swapping the two days only turns the sign, and the parts of a span add up to the whole.

        Raises:
            YearNotLoaded: a counted day lies in a year without data.
        """
        if end < start:
            return -self.working_days_between(end, start)
        span = (start + timedelta(days=offset) for offset in range(1, (end - start).days + 1))
        return sum(map(self.is_workday, span))

    def end_of_calendar_period(self, start: date, days: int) -> date:
        """Return the last day of a period of calendar days, moved to the first working day when it falls on one off.

        Raises:
            YearNotLoaded: the last day, or a day it would move to, lies in a year without data.
        """
        day = start + timedelta(days=days)
        while not self.is_workday(day):
            day += ONE_DAY
        return day


def seed_days(first_year: int, last_year: int) -> tuple[CalendarDay, ...]:
    """Return a row for every day of the years the pinned chinesecalendar release knows; other years are left out."""
    known = (year for year in range(first_year, last_year + 1) if _is_published(year))
    return tuple(_published_day(day) for year in known for day in _days_of(year))


def year_from_notice(year: int, exceptions: Iterable[CalendarDay]) -> tuple[CalendarDay, ...]:
    """Return a whole year: Monday to Friday worked, except as the State Council's notice lists.

    This is how an administrator loads a year before a new chinesecalendar release brings it. The rows replace the
    whole year, so that what was not meant for it must not be left out silently.

    Raises:
        YearRefused: the year is none a calendar is entered for.
        DayOfAnotherYear: a listed day lies in another year.
    """
    if year not in YEARS:
        raise YearRefused(year)
    listed = {row.day: row for row in exceptions}
    for day in listed:
        if day.year != year:
            raise DayOfAnotherYear(day, year=year)
    return tuple(listed.get(day, CalendarDay(day=day, is_workday=day.weekday() < 5)) for day in _days_of(year))


def _days_of(year: int) -> Iterable[date]:
    first = date(year, 1, 1)
    count = (date(year, 12, 31) - first).days + 1
    return (first + timedelta(days=offset) for offset in range(count))


def _is_complete(year: int, rows: Mapping[date, bool]) -> bool:
    return all(day in rows for day in _days_of(year))


def _is_published(year: int) -> bool:
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


def _published_day(day: date) -> CalendarDay:
    is_workday = bool(chinese_calendar.is_workday(day))
    holiday = chinese_calendar.constants.workdays.get(day) or chinese_calendar.constants.holidays.get(day)
    if holiday is None:
        return CalendarDay(day=day, is_workday=is_workday)
    name = chinese_calendar.Holiday(holiday).chinese
    return CalendarDay(day=day, is_workday=is_workday, name=f"{name}调休" if is_workday else name)
