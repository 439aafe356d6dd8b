"""Cron expressions of six fields, as Camunda takes them for cycles: second, minute, hour, day, month, day of the week.

The dialect is Spring's: lists, ranges, steps, English names, `?`, `L`, `L-3`, `LW`, `15W`, `FRIL`, `MON#2` and the
macros `@yearly` to `@hourly`. A day fires when day of the month and day of the week both match.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

_MACROS = {
    "@yearly": "0 0 0 1 1 *",
    "@annually": "0 0 0 1 1 *",
    "@monthly": "0 0 0 1 * *",
    "@weekly": "0 0 0 * * SUN",
    "@daily": "0 0 0 * * *",
    "@midnight": "0 0 0 * * *",
    "@hourly": "0 0 * * * *",
}
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_WEEKDAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
_NUMBERED_MONTHS = {name: str(number) for number, name in enumerate(_MONTHS, start=1)}
_NUMBERED_WEEKDAYS = {name: str(number) for number, name in enumerate(_WEEKDAYS, start=1)}
_PART = re.compile(r"(?:(?P<all>\*)|(?P<first>\d{1,2})(?:-(?P<last>\d{1,2}))?)(?:/(?P<step>\d{1,2}))?")
_LONGEST_GAP = 41  # years; a 29 February on a given day of the week may stay away that long around 2100

DayRule = Callable[[date], bool]


class CronUnreadable(ValueError):
    """The text is no cron expression; the message says what is wrong with which field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cron:
    """The moments of a cron expression, on the clock of whatever zone it is asked in."""

    seconds: tuple[int, ...]
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    months: frozenset[int]
    day_rules: tuple[DayRule, ...]  # one of these and one of the following must hold
    weekday_rules: tuple[DayRule, ...]

    def after(self, moment: datetime) -> datetime | None:
        """Return the first moment later than an aware one, in its zone; None when there is none within decades.

        A time that the zone leaves out fires as much later as the clock jumps; one that comes twice fires once.
        """
        zone = moment.tzinfo
        begin = moment.replace(tzinfo=None, microsecond=0) + timedelta(seconds=1)
        for day in self._days(begin.date()):
            for at in self._times(begin.time() if day == begin.date() else time()):
                found = datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
                if found > moment:
                    return found.astimezone(zone)
        return None

    def _days(self, first: date) -> Iterator[date]:
        """Go through the days that match, from one day on."""
        year, month, start = first.year, first.month, first.day
        while year <= min(first.year + _LONGEST_GAP, date.max.year):
            if month in self.months:
                for number in range(start, monthrange(year, month)[1] + 1):
                    day = date(year, month, number)
                    if any(rule(day) for rule in self.day_rules) and any(rule(day) for rule in self.weekday_rules):
                        yield day
            year, month, start = (year, month + 1, 1) if month < 12 else (year + 1, 1, 1)

    def _times(self, earliest: time) -> Iterator[time]:
        for hour in self.hours:
            if hour < earliest.hour:
                continue
            for minute in self.minutes:
                if (hour, minute) < (earliest.hour, earliest.minute):
                    continue
                for second in self.seconds:
                    at = time(hour, minute, second)
                    if at >= earliest:
                        yield at


def is_cron(text: str) -> bool:
    """Say whether a cycle is meant as a cron expression, right or wrong: an ISO 8601 cycle begins with R."""
    stripped = text.strip()
    return stripped.startswith("@") or len(stripped.split()) > 1


def parse_cron(text: str) -> Cron:
    """Read a cron expression.

    Raises:
        CronUnreadable: it is something else.
    """
    stripped = text.strip()
    if stripped.startswith("@") and stripped.lower() not in _MACROS:
        raise CronUnreadable(f"{text!r} is none of {', '.join(_MACROS)}")
    parts = _MACROS.get(stripped.lower(), stripped).upper().split()
    if len(parts) != 6:
        raise CronUnreadable(
            f"{text!r} has {len(parts)} fields; six are needed: second minute hour day month weekday,"
            " for example 0 0 9-17 * * MON-FRI"
        )
    second, minute, hour, day, month, weekday = parts
    cron = Cron(
        seconds=_numbers(second, "second", 0, 59),
        minutes=_numbers(minute, "minute", 0, 59),
        hours=_numbers(hour, "hour", 0, 23),
        months=frozenset(_numbers(_replaced(month, _NUMBERED_MONTHS), "month", 1, 12)),
        day_rules=tuple(_day_rule(each) for each in day.split(",")),
        weekday_rules=tuple(_weekday_rule(each) for each in _replaced(weekday, _NUMBERED_WEEKDAYS).split(",")),
    )
    if cron.after(datetime(2000, 1, 1, tzinfo=UTC)) is None:
        raise CronUnreadable(f"{text!r} never fires: no such day exists")
    return cron


def _replaced(field: str, names: dict[str, str]) -> str:
    return re.sub(r"[A-Z]{3}", lambda found: names.get(found[0], found[0]), field)


def _numbers(field: str, name: str, least: int, most: int) -> tuple[int, ...]:
    return tuple(sorted({number for part in field.split(",") for number in _range(part, name, least, most)}))


def _range(part: str, name: str, least: int, most: int) -> range:
    found = _PART.fullmatch(part)
    if found is None:
        raise CronUnreadable(f"the field {name} cannot be {part!r}")
    if found["all"]:
        first, last = least, most
    else:
        first = int(found["first"])
        last = int(found["last"]) if found["last"] else most if found["step"] else first
    if name == "weekday" and first == 7 and found["last"]:
        first = 0  # a range from Sunday
    step = int(found["step"]) if found["step"] else 1
    if not (least <= first <= last <= most) or step == 0:
        raise CronUnreadable(f"the field {name} goes from {least} to {most}, found {part!r}")
    return range(first, last + 1, step)


def _day_rule(part: str) -> DayRule:
    """Read one part of the field for the day of the month."""
    if part in ("*", "?"):
        return lambda _day: True
    if part == "LW":
        return lambda day: day == _nearest_weekday(_last(day))
    if found := re.fullmatch(r"L(?:-(\d{1,2}))?", part):
        before = int(found[1] or 0)
        if before > 30:
            raise CronUnreadable(f"no month has the day {part!r}")
        return lambda day: day.day == _last(day).day - before
    if found := re.fullmatch(r"(\d{1,2})W", part):
        wanted = _range(found[1], "day", 1, 31).start
        return lambda day: wanted <= _last(day).day and day == _nearest_weekday(day.replace(day=wanted))
    days = frozenset(_range(part, "day", 1, 31))
    return lambda day: day.day in days


def _weekday_rule(part: str) -> DayRule:
    """Read one part of the field for the day of the week; Sunday is 0 and 7."""
    if part in ("*", "?"):
        return lambda _day: True
    if found := re.fullmatch(r"(\d)L", part):
        wanted = _range(found[1], "weekday", 0, 7).start % 7
        return lambda day: day.isoweekday() % 7 == wanted and day.day > _last(day).day - 7
    if found := re.fullmatch(r"(\d)#(\d)", part):
        wanted, nth = _range(found[1], "weekday", 0, 7).start % 7, int(found[2])
        if not 1 <= nth <= 5:
            raise CronUnreadable(f"a month has the same weekday one to five times, found {part!r}")
        return lambda day: day.isoweekday() % 7 == wanted and (day.day - 1) // 7 + 1 == nth
    weekdays = frozenset(number % 7 for number in _range(part, "weekday", 0, 7))
    return lambda day: day.isoweekday() % 7 in weekdays


def _last(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _nearest_weekday(day: date) -> date:
    """Return the nearest Monday to Friday of the same month."""
    if day.weekday() == 5:
        return day + timedelta(days=2 if day.day == 1 else -1)
    if day.weekday() == 6:
        return day - timedelta(days=2) if day == _last(day) else day + timedelta(days=1)
    return day
