"""How terms stand, in working days of the county's calendar."""

from __future__ import annotations

from datetime import date, datetime

from web.i18n import COUNTY_TIME
from web.services import services
from workflows.rules.calendar import WorkingCalendar, YearNotLoaded


class Terms:
    """Counts working days for one page; loads the years it meets once."""

    def __init__(self) -> None:
        self._now = services().now()
        self._calendars: dict[tuple[int, ...], WorkingCalendar] = {}

    @property
    def today(self) -> date:
        """The day in the county."""
        return self._now.astimezone(COUNTY_TIME).date()

    def days_left(self, due: datetime | date | None) -> int | None:
        """Return the working days up to a due time, negative when it is past; None when nobody can tell."""
        if due is None:
            return None
        day = _day(due)
        try:
            left = self._calendar(day).working_days_between(self.today, day)
        except YearNotLoaded:
            return None
        return min(left, -1) if self.is_past(due) else left

    def days_since(self, moment: datetime) -> int | None:
        """Return the working days from the day of a moment up to today; None without a calendar."""
        day = _day(moment)
        try:
            return self._calendar(day).working_days_between(day, self.today)
        except YearNotLoaded:
            return None

    def is_past(self, due: datetime | date) -> bool:
        """Say whether a due time has passed."""
        return due < self._now if isinstance(due, datetime) else due < self.today

    def used(self, start: datetime | date, due: datetime | date) -> tuple[int, int] | None:
        """Return the working days used so far and the whole limit between two days; None without a calendar."""
        start, due = _day(start), _day(due)
        try:
            calendar = self._calendar(start, due)
            return calendar.working_days_between(start, self.today), calendar.working_days_between(start, due)
        except YearNotLoaded:
            return None

    def _calendar(self, *days: date) -> WorkingCalendar:
        years = sorted({day.year for day in (self.today, *days)})
        wanted = tuple(range(years[0], years[-1] + 1)) if years[-1] - years[0] < 4 else tuple(years)
        if wanted not in self._calendars:
            found = tuple(day for year in wanted for day in services().casework.calendar_days(year))
            self._calendars[wanted] = WorkingCalendar(days=found)
        return self._calendars[wanted]


def _day(moment: datetime | date) -> date:
    return moment.astimezone(COUNTY_TIME).date() if isinstance(moment, datetime) else moment
