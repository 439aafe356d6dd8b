"""Days and moments in the county's time zone; everything is stored in UTC."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

COUNTY_TIME = ZoneInfo("Asia/Shanghai")
LAST_SECOND = time(23, 59, 59, tzinfo=COUNTY_TIME)


def local_day(moment: datetime) -> date:
    """Return the day in the county at a moment."""
    return moment.astimezone(COUNTY_TIME).date()


def end_of_day(day: date) -> datetime:
    """Return the last second of a day in the county: a limit runs to 24:00."""
    return datetime.combine(day, LAST_SECOND)


def month_after(day: date) -> date:
    """Return the first day of the month after a day."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
