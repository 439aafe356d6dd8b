"""Days and moments in the county's time zone; everything is stored in UTC."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

COUNTY_TIME = ZoneInfo("Asia/Shanghai")
_MONTH_AND_DAY = re.compile(r"[0-9]{2}-[0-9]{2}")
LAST_SECOND = time(23, 59, 59, tzinfo=COUNTY_TIME)


def local_day(moment: datetime) -> date:
    """Return the day in the county at a moment."""
    return moment.astimezone(COUNTY_TIME).date()


def end_of_day(day: date) -> datetime:
    """Return the last second of a day in the county: a limit runs to 24:00."""
    return datetime.combine(day, LAST_SECOND)


def day_of_figures(accepted_on: date | None, today: date) -> date:
    """Return the day whose figures of policy count: an application is decided by those it was accepted under."""
    return accepted_on or today


def month_after(day: date) -> date:
    """Return the first day of the month after a day."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def month_of(day: date) -> date:
    """Return the first day of a day's month: months are written by it."""
    return day.replace(day=1)


def months_later(month: date, count: int) -> date:
    """Return the first day of the month so many months after that of a day; before it when the count is negative."""
    months = month.year * 12 + month.month - 1 + count
    return date(months // 12, months % 12 + 1, 1)


def day_in(year: int, month_and_day: object) -> date | None:
    """Return the day of a year that a figure of policy names, such as 10-31; None where it names none."""
    if not isinstance(month_and_day, str) or not _MONTH_AND_DAY.fullmatch(month_and_day):
        return None
    try:
        return date.fromisoformat(f"{year}-{month_and_day}")
    except ValueError:
        return None
