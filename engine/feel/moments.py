"""Dates and times beyond what Python's own types hold: years outside 1 to 9999, and nanoseconds.

Ordinary values stay `date`, `time` and `datetime`; only what does not fit becomes one of the classes here. The
functions below treat both alike, by day numbers (1 is the first of January of the year 1) and nanoseconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from engine.feel.errors import NullResult

LARGEST_YEAR = 999_999_999
SECOND = 1_000_000_000
DAY = 86_400 * SECOND
_DAYS_IN_400_YEARS = 146_097
_LAST_DAY = date.max.toordinal()
_MONTH_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class WideDate:
    """A date whose year Python cannot hold."""

    year: int
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class WideTime:
    """A time with nanoseconds that are no whole microseconds."""

    hour: int
    minute: int
    second: int
    nanosecond: int
    tzinfo: tzinfo | None


@dataclass(frozen=True, slots=True)
class WideDateTime:
    """A date and time of which at least one part is wide."""

    date: date | WideDate
    time: time | WideTime

    @property
    def tzinfo(self) -> tzinfo | None:
        """The zone of the time."""
        return self.time.tzinfo


AnyDate = date | WideDate
AnyTime = time | WideTime
AnyMoment = datetime | WideDateTime


def make_date(year: int, month: int, day: int) -> AnyDate:
    """A date from its parts.

    Raises:
        NullResult: the calendar has no such date.
    """
    if 1 <= month <= 12 and 1 <= day <= days_in_month(year, month) and abs(year) <= LARGEST_YEAR:
        return date(year, month, day) if 1 <= year <= 9999 else WideDate(year, month, day)
    raise NullResult("no-date", year=year, month=month, day=day)


def days_in_month(year: int, month: int) -> int:
    """How many days a month has."""
    leap = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return _MONTH_LENGTHS[month - 1] + leap


def make_time(hour: int, minute: int, second: int, nanosecond: int, zone: tzinfo | None) -> AnyTime:
    """A time from its parts.

    Raises:
        NullResult: the clock has no such time.
    """
    if not (0 <= hour <= 23 and 0 <= minute <= 59 and 0 <= second <= 59 and 0 <= nanosecond < SECOND):
        raise NullResult("no-time", hour=hour, minute=minute, second=second)
    if nanosecond % 1_000:
        return WideTime(hour, minute, second, nanosecond, zone)
    return time(hour, minute, second, nanosecond // 1_000, zone)


def join(day: AnyDate, clock: AnyTime) -> AnyMoment:
    """A date and time from its halves."""
    if isinstance(day, date) and isinstance(clock, time):
        return datetime.combine(day, clock)
    return WideDateTime(day, clock)


def date_of(moment: AnyDate | AnyMoment) -> AnyDate:
    """The date of a moment; a date is its own."""
    if isinstance(moment, (datetime, WideDateTime)):
        return moment.date() if isinstance(moment, datetime) else moment.date
    return moment


def time_of(moment: AnyMoment) -> AnyTime:
    """The time of a moment, with its zone."""
    return moment.timetz() if isinstance(moment, datetime) else moment.time


def number_of_day(day: AnyDate) -> int:
    """The day number of a date."""
    if isinstance(day, date):
        return day.toordinal()
    cycles, stand_in = _stand_in(day)
    return cycles * _DAYS_IN_400_YEARS + stand_in.toordinal()


def _stand_in(day: AnyDate) -> tuple[int, date]:
    """An ordinary date of the same place in the 400-year cycle, so of the same weekday; and how many cycles away."""
    year = 2000 + day.year % 400
    return (day.year - year) // 400, date(year, day.month, day.day)


def ordinary(day: AnyDate) -> date:
    """A date of the same weekday, week and length of year, within Python's range."""
    return day if isinstance(day, date) else _stand_in(day)[1]


def day_of_number(number: int) -> AnyDate:
    """The date of a day number."""
    if 1 <= number <= _LAST_DAY:
        return date.fromordinal(number)
    cycles, rest = divmod(number - 1, _DAYS_IN_400_YEARS)
    day = date.fromordinal(rest + 1)
    return make_date(day.year + cycles * 400, day.month, day.day)


def nanoseconds_of_time(clock: AnyTime) -> int:
    """Nanoseconds since midnight by the clock itself."""
    rest = clock.nanosecond if isinstance(clock, WideTime) else clock.microsecond * 1_000
    return ((clock.hour * 60 + clock.minute) * 60 + clock.second) * SECOND + rest


def time_of_nanoseconds(count: int, zone: tzinfo | None) -> AnyTime:
    """The time so many nanoseconds after midnight, wrapped to one day."""
    seconds, rest = divmod(count % DAY, SECOND)
    return make_time(seconds // 3600, seconds // 60 % 60, seconds % 60, rest, zone)


def offset_of_time(clock: AnyTime) -> timedelta | None:
    """The offset of a time; one with a named zone takes that zone's standard time."""
    if clock.tzinfo is None:
        return None
    return clock.tzinfo.utcoffset(datetime(1970, 1, 1, tzinfo=clock.tzinfo))


def offset_of(moment: AnyMoment) -> timedelta | None:
    """The offset of a moment from UTC; none for a local one."""
    if isinstance(moment, datetime):
        return moment.utcoffset()
    if moment.tzinfo is None:
        return None
    clock = moment.time
    stand_in = ordinary(moment.date)
    return datetime(
        stand_in.year, stand_in.month, stand_in.day, clock.hour, clock.minute, clock.second, tzinfo=moment.tzinfo
    ).utcoffset()


def nanoseconds(duration: timedelta) -> int:
    """The whole length of a duration."""
    return duration // timedelta(microseconds=1) * 1_000


def instant(moment: AnyMoment) -> int:
    """Nanoseconds of a moment on the line of UTC; a local one is taken as it stands."""
    local = number_of_day(date_of(moment)) * DAY + nanoseconds_of_time(time_of(moment))
    return local - nanoseconds(offset_of(moment) or timedelta(0))


def clock_instant(clock: AnyTime) -> int:
    """Nanoseconds since midnight UTC; a local time is taken as it stands."""
    return nanoseconds_of_time(clock) - nanoseconds(offset_of_time(clock) or timedelta(0))


def shifted(moment: AnyMoment, duration: timedelta) -> AnyMoment:
    """A moment later by a duration (earlier, if negative), in the same zone."""
    zone = moment.tzinfo
    if isinstance(moment, datetime):
        try:
            return moment + duration if zone is None else (moment.astimezone(UTC) + duration).astimezone(zone)
        except OverflowError:
            pass
    offset = offset_of(moment) or timedelta(0)
    later = instant(moment) + nanoseconds(duration)
    guess = _at(later + nanoseconds(offset), zone)
    return _at(later + nanoseconds(offset_of(guess) or timedelta(0)), zone)


def _at(local: int, zone: tzinfo | None) -> AnyMoment:
    number, rest = divmod(local, DAY)
    return join(day_of_number(number), time_of_nanoseconds(rest, zone))


def shifted_time(clock: AnyTime, duration: timedelta) -> AnyTime:
    """A time later by a duration, around the clock."""
    return time_of_nanoseconds(nanoseconds_of_time(clock) + nanoseconds(duration), clock.tzinfo)


def with_months(day: AnyDate, months: int) -> AnyDate:
    """A date later by months; a day the month lacks becomes its last one."""
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    return make_date(year, month, min(day.day, days_in_month(year, month)))
