"""Cron expressions of six fields as Camunda 8 reads them: second, minute, hour, day of month, month, day of week.

All fields must fit, also both days. Beside numbers, names, lists, ranges and steps: `?` for any day, `L` (the last
day), `L-3`, `LW` (the last working weekday), `15W` (the weekday nearest to the 15th), `5L` or `FRIL` (the last Friday),
`MON#2` (the second Monday), and @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

_MACROS = {
    "@yearly": "0 0 0 1 1 *",
    "@annually": "0 0 0 1 1 *",
    "@monthly": "0 0 0 1 * *",
    "@weekly": "0 0 0 * * 0",
    "@daily": "0 0 0 * * *",
    "@midnight": "0 0 0 * * *",
    "@hourly": "0 0 * * * *",
}
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_PART = re.compile(r"(?:(\*)|(\d{1,2})(?:-(\d{1,2}))?)(?:/(\d{1,4}))?")
_YEARS = 40  # a 29 February on a given weekday comes every 28 years, every 40 around 2100
_WEEK = 7
_SATURDAY = 6

_DayTest = Callable[[date], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cron:
    """When it fires: the times of a day, and the days."""

    seconds: tuple[int, ...]
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    months: frozenset[int]
    days: tuple[_DayTest, ...]  # any of them
    weekdays: tuple[_DayTest, ...]  # any of them

    def next_after(self, moment: datetime) -> datetime | None:
        """Return the next firing in the zone of a moment, later than it; None when there is none for decades."""
        earliest = (moment + timedelta(seconds=1)).replace(microsecond=0)
        day = earliest.date()
        while day.year <= moment.year + _YEARS and day < date.max:
            if day.month not in self.months:
                day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
                continue
            if self._fits(day):
                found = self._time_on(day, earliest)
                if found is not None:
                    return found
            day += timedelta(days=1)
        return None

    def _fits(self, day: date) -> bool:
        return any(fits(day) for fits in self.days) and any(fits(day) for fits in self.weekdays)

    def _time_on(self, day: date, earliest: datetime) -> datetime | None:
        is_first = day == earliest.date()
        for hour in self.hours:
            if is_first and hour < earliest.hour:
                continue
            for minute in self.minutes:
                if is_first and (hour, minute) < (earliest.hour, earliest.minute):
                    continue
                for second in self.seconds:
                    found = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=earliest.tzinfo)
                    if found >= earliest:
                        return found
        return None


@lru_cache(maxsize=512)
def parse_cron(text: str) -> Cron | None:
    """Read a cron expression; None when the text is something else."""
    fields = _MACROS.get(text.strip().lower(), text).upper().split()
    if len(fields) != 6:
        return None
    second, minute, hour, day, month, weekday = fields
    try:
        return Cron(
            seconds=_numbers(second, 0, 59),
            minutes=_numbers(minute, 0, 59),
            hours=_numbers(hour, 0, 23),
            months=frozenset(_numbers(_named(month, _MONTHS, first=1), 1, 12)),
            days=tuple(_day(part) for part in _any(day).split(",")),
            weekdays=tuple(_weekday(part) for part in _any(_named(weekday, _DAYS, first=0)).split(",")),
        )
    except ValueError:
        return None


def _any(field: str) -> str:
    return "*" if field == "?" else field


def _named(field: str, names: tuple[str, ...], *, first: int) -> str:
    for number, name in enumerate(names, start=first):
        field = field.replace(name, str(number))
    return field


def _numbers(field: str, lowest: int, highest: int) -> tuple[int, ...]:
    found: set[int] = set()
    for part in field.split(","):
        read = _PART.fullmatch(part)
        if read is None:
            raise ValueError(part)
        star, begin, last, step = read.groups()
        low = lowest if star else int(begin)
        high = highest if star or (last is None and step is not None) else int(last or begin)
        if not lowest <= low <= high <= highest or step == "0":
            raise ValueError(part)
        found.update(range(low, high + 1, int(step or 1)))
    return tuple(sorted(found))


def _day(part: str) -> _DayTest:
    if part == "LW":
        return lambda day: day == _nearest_weekday(day, monthrange(day.year, day.month)[1])
    before_last = re.fullmatch(r"L(?:-(\d{1,2}))?", part)
    if before_last is not None:
        back = int(before_last[1] or 0)
        return lambda day: day.day == monthrange(day.year, day.month)[1] - back
    nearest = re.fullmatch(r"(\d{1,2})W", part)
    if nearest is not None:
        [wanted] = _numbers(nearest[1], 1, 31)
        return lambda day: day == _nearest_weekday(day, wanted)
    numbers = frozenset(_numbers(part, 1, 31))
    return lambda day: day.day in numbers


def _weekday(part: str) -> _DayTest:
    special = re.fullmatch(r"([0-7])(?:(L)|#([1-5]))", part)
    if special is not None:
        wanted, is_last, number = int(special[1]) % _WEEK, bool(special[2]), int(special[3] or 0)
        return lambda day: (
            day.isoweekday() % _WEEK == wanted
            and (
                day.day + _WEEK > monthrange(day.year, day.month)[1]
                if is_last
                else (day.day - 1) // _WEEK + 1 == number
            )
        )
    numbers = frozenset(each % _WEEK for each in _numbers(part, 0, _WEEK))
    return lambda day: day.isoweekday() % _WEEK in numbers


def _nearest_weekday(day: date, wanted: int) -> date | None:
    """Return the weekday nearest to a day of the month, within the month; None when the month has no such day."""
    last = monthrange(day.year, day.month)[1]
    if wanted > last:
        return None
    found = day.replace(day=wanted)
    if found.isoweekday() == _SATURDAY:
        return found - timedelta(days=1) if wanted > 1 else found + timedelta(days=2)
    if found.isoweekday() > _SATURDAY:
        return found + timedelta(days=1) if wanted < last else found - timedelta(days=2)
    return found
