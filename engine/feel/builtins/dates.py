"""Built-ins that make dates, times and durations, and ask about them."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from engine.feel.arithmetic import months_between
from engine.feel.builtins.registry import Registry
from engine.feel.errors import NullResult
from engine.feel.numbers import integer, plain
from engine.feel.temporal_text import (
    make_date,
    offset_zone,
    parse_date,
    parse_date_and_time,
    parse_duration,
    parse_time,
    zone_by_name,
)
from engine.feel.values import FeelValue, YearsMonths

if TYPE_CHECKING:
    from engine.feel.session import Session

FUNCTIONS = Registry()
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@FUNCTIONS.add("date", "from: string")
def _date_from_text(text: str) -> FeelValue:
    return parse_date(text)


@FUNCTIONS.add("date", "from: date|date and time")
def _date_from_date(value: date) -> FeelValue:
    return value.date() if isinstance(value, datetime) else value


@FUNCTIONS.add("date", "year: number, month: number, day: number")
def _date_from_parts(year: Decimal, month: Decimal, day: Decimal) -> FeelValue:
    return make_date(
        integer(year, what="date: the year"), integer(month, what="date: the month"), integer(day, what="date: the day")
    )


@FUNCTIONS.add("time", "from: string")
def _time_from_text(text: str) -> FeelValue:
    return parse_time(text)


@FUNCTIONS.add("time", "from: time|date|date and time")
def _time_from_value(value: date | time) -> FeelValue:
    if isinstance(value, time):
        return value
    return value.timetz() if isinstance(value, datetime) else time(tzinfo=UTC)


@FUNCTIONS.add("time", "hour: number, minute: number, second: number, offset?: days and time duration?")
def _time_from_parts(hour: Decimal, minute: Decimal, second: Decimal, offset: timedelta | None = None) -> FeelValue:
    microseconds = int(second * 1_000_000)
    zone = None if offset is None else offset_zone(offset)
    try:
        return time(
            integer(hour, what="time: the hour"),
            integer(minute, what="time: the minute"),
            microseconds // 1_000_000,
            microseconds % 1_000_000,
            zone,
        )
    except ValueError as error:
        raise NullResult(f"there is no time {plain(hour)}:{plain(minute)}:{plain(second)}") from error


@FUNCTIONS.add("date and time", "from: string")
def _moment_from_text(text: str) -> FeelValue:
    return parse_date_and_time(text)


@FUNCTIONS.add("date and time", "from: date|date and time")
def _moment_from_value(value: date) -> FeelValue:
    return value if isinstance(value, datetime) else datetime.combine(value, time(tzinfo=UTC))


@FUNCTIONS.add("date and time", "date: date|date and time, time: time")
def _moment_from_date_and_time(day: date, clock: time) -> FeelValue:
    return datetime.combine(day.date() if isinstance(day, datetime) else day, clock)


@FUNCTIONS.add("date and time", "date: date and time, timezone: string")
def _moment_in_zone(moment: datetime, zone: str) -> FeelValue:
    known = zone_by_name(zone)
    return moment.replace(tzinfo=known) if moment.tzinfo is None else moment.astimezone(known)


@FUNCTIONS.add("duration", "from: string")
def _duration_from_text(text: str) -> FeelValue:
    return parse_duration(text)


@FUNCTIONS.add("duration", "from: days and time duration|years and months duration")
def _duration_from_value(value: timedelta | YearsMonths) -> FeelValue:
    return value


@FUNCTIONS.add("years and months duration", "from: date|date and time, to: date|date and time")
def _years_and_months_duration(start: date, end: date) -> FeelValue:
    return YearsMonths(months_between(start, end))


@FUNCTIONS.add("day of year", "date: date|date and time")
def _day_of_year(day: date) -> FeelValue:
    return Decimal(day.timetuple().tm_yday)


@FUNCTIONS.add("day of week", "date: date|date and time")
def _day_of_week(day: date) -> FeelValue:
    return _DAYS[day.weekday()]


@FUNCTIONS.add("month of year", "date: date|date and time")
def _month_of_year(day: date) -> FeelValue:
    return _MONTHS[day.month - 1]


_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@FUNCTIONS.add("week of year", "date: date|date and time")
def _week_of_year(day: date) -> FeelValue:
    return Decimal(day.isocalendar().week)


@FUNCTIONS.add("last day of month", "date: date|date and time")
def _last_day_of_month(day: date) -> FeelValue:
    return make_date(day.year, day.month, calendar.monthrange(day.year, day.month)[1])


@FUNCTIONS.add_with_session("now")
def _now(session: Session) -> FeelValue:
    return session.settings.now


@FUNCTIONS.add_with_session("today")
def _today(session: Session) -> FeelValue:
    return session.settings.now.date()
