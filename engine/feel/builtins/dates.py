"""Built-ins that make dates, times and durations, and ask about them."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from engine.feel.arithmetic import as_moment, months_between
from engine.feel.builtins.registry import Registry
from engine.feel.moments import (
    SECOND,
    AnyDate,
    AnyMoment,
    AnyTime,
    WideDateTime,
    WideTime,
    date_of,
    days_in_month,
    join,
    make_date,
    make_time,
    ordinary,
    time_of,
)
from engine.feel.numbers import integer
from engine.feel.temporal_text import (
    format_temporal,
    in_zone,
    offset_zone,
    parse_date,
    parse_date_and_time,
    parse_duration,
    parse_time,
    zone_of,
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
def _date_from_date(value: AnyDate | AnyMoment) -> FeelValue:
    return date_of(value)


@FUNCTIONS.add("date", "year: number, month: number, day: number")
def _date_from_parts(year: Decimal, month: Decimal, day: Decimal) -> FeelValue:
    return make_date(integer(year, what="the-year"), integer(month, what="the-month"), integer(day, what="the-day"))


@FUNCTIONS.add("time", "from: string")
def _time_from_text(text: str) -> FeelValue:
    return parse_time(text)


@FUNCTIONS.add("time", "from: time|date|date and time")
def _time_from_value(value: AnyDate | AnyTime | AnyMoment) -> FeelValue:
    if isinstance(value, (time, WideTime)):
        return value
    return time_of(value) if isinstance(value, (datetime, WideDateTime)) else time(tzinfo=UTC)


@FUNCTIONS.add("time", "hour: number, minute: number, second: number, offset?: days and time duration?")
def _time_from_parts(hour: Decimal, minute: Decimal, second: Decimal, offset: timedelta | None = None) -> FeelValue:
    nanoseconds = int(second * SECOND)
    return make_time(
        integer(hour, what="the-hour"),
        integer(minute, what="the-minute"),
        nanoseconds // SECOND,
        nanoseconds % SECOND,
        None if offset is None else offset_zone(offset),
    )


@FUNCTIONS.add("date and time", "from: string")
def _moment_from_text(text: str) -> FeelValue:
    return parse_date_and_time(text)


@FUNCTIONS.add("date and time", "from: date|date and time")
def _moment_from_value(value: AnyDate | AnyMoment) -> FeelValue:
    return as_moment(value)


@FUNCTIONS.add("date and time", "date: date|date and time, time: time")
def _moment_from_date_and_time(day: AnyDate | AnyMoment, clock: AnyTime) -> FeelValue:
    return join(date_of(day), clock)


@FUNCTIONS.add("date and time", "date: date and time, timezone: string")
def _moment_in_zone(moment: AnyMoment, zone: str) -> FeelValue:
    return in_zone(moment, zone_of(zone))


@FUNCTIONS.add("duration", "from: string")
def _duration_from_text(text: str) -> FeelValue:
    return parse_duration(text)


@FUNCTIONS.add("duration", "from: days and time duration|years and months duration")
def _duration_from_value(value: timedelta | YearsMonths) -> FeelValue:
    return value


@FUNCTIONS.add("cycle", "interval: days and time duration|years and months duration")
def _cycle(interval: timedelta | YearsMonths) -> FeelValue:
    return f"R/{format_temporal(interval)}"


@FUNCTIONS.add("cycle", "repetitions: number?, interval: days and time duration|years and months duration")
def _cycle_that_ends(repetitions: Decimal | None, interval: timedelta | YearsMonths) -> FeelValue:
    times = "" if repetitions is None else integer(repetitions, what="the-repetitions")
    return f"R{times}/{format_temporal(interval)}"


@FUNCTIONS.add("years and months duration", "from: date|date and time, to: date|date and time")
def _years_and_months_duration(start: AnyDate | AnyMoment, end: AnyDate | AnyMoment) -> FeelValue:
    return YearsMonths(months_between(start, end))


@FUNCTIONS.add("day of year", "date: date|date and time")
def _day_of_year(day: AnyDate | AnyMoment) -> FeelValue:
    return Decimal(ordinary(date_of(day)).timetuple().tm_yday)


@FUNCTIONS.add("day of week", "date: date|date and time")
def _day_of_week(day: AnyDate | AnyMoment) -> FeelValue:
    return _DAYS[ordinary(date_of(day)).weekday()]


@FUNCTIONS.add("month of year", "date: date|date and time")
def _month_of_year(day: AnyDate | AnyMoment) -> FeelValue:
    return _MONTHS[date_of(day).month - 1]


_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@FUNCTIONS.add("week of year", "date: date|date and time")
def _week_of_year(day: AnyDate | AnyMoment) -> FeelValue:
    return Decimal(ordinary(date_of(day)).isocalendar().week)


@FUNCTIONS.add("last day of month", "date: date|date and time")
def _last_day_of_month(moment: AnyDate | AnyMoment) -> FeelValue:
    day = date_of(moment)
    return make_date(day.year, day.month, days_in_month(day.year, day.month))


@FUNCTIONS.add_with_session("now")
def _now(session: Session) -> FeelValue:
    return session.settings.now


@FUNCTIONS.add_with_session("today")
def _today(session: Session) -> FeelValue:
    return session.settings.now.date()
