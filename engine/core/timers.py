"""ISO 8601 dates, durations and cycles: when a timer is due."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from zoneinfo import ZoneInfo

from engine.core.cron import parse_cron
from engine.core.model import Repeat
from engine.core.texts import Words, discreet, tell, tell_in

_DURATION = re.compile(
    r"(?P<sign>-)?P(?=.)(?:(?P<years>\d{1,9})Y)?(?:(?P<months>\d{1,9})M)?(?:(?P<weeks>\d{1,9})W)?"
    r"(?:(?P<days>\d{1,9})D)?"
    r"(?:T(?=.)(?:(?P<hours>\d{1,9})H)?(?:(?P<minutes>\d{1,9})M)?(?:(?P<seconds>\d{1,9}(?:\.\d{1,9})?)S)?)?"
)
_ANY_DURATION = re.compile(_DURATION.pattern.replace("{1,9}", "+"))  # also one with too many digits
_DAY = 86_400  # seconds
SECOND = timedelta(seconds=1)
_DATE_ONLY = re.compile(r"\d{4}-\d{2}-\d{2}")
_ZONE_NAME = re.compile(r"(?:@(?P<at>[\w/+-]+)|\[(?P<bracket>[\w/+-]+)\])$")
_MAXIMUM_MONTHS = 12 * 1000
_EARLIEST_YEAR, _LATEST_YEAR = 1900, 9000  # what every database and every time zone can hold


class TimerUnreadable(ValueError):
    """The text is no date, duration or cycle; the message says in both languages what is expected."""

    def __init__(self, code: str, **fields: str | int | Words) -> None:
        self.code, self.fields = code, fields
        super().__init__(tell(code, **fields))

    def text(self, language: str) -> str:
        """Return the message in 'zh' or 'en'."""
        return tell_in(language, self.code, self.fields)

    def reason(self) -> str:
        """Return the message in both languages for an incident: what a variable held is quoted discreetly."""
        held = {name: discreet(value) if isinstance(value, str) else value for name, value in self.fields.items()}
        return tell(self.code, **held)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """Months and days count on the calendar, the rest as exact time."""

    months: int
    days: int
    time: timedelta

    def after(self, moment: datetime) -> datetime:
        """Return the moment this much later; the last day of a shorter month stands in for a missing day."""
        month = moment.month - 1 + self.months
        year, month = moment.year + month // 12, month % 12 + 1
        if not _EARLIEST_YEAR <= year <= _LATEST_YEAR:
            raise TimerUnreadable("year-out-of-reach", year=year, earliest=_EARLIEST_YEAR, latest=_LATEST_YEAR)
        day = min(moment.day, monthrange(year, month)[1])
        try:
            shifted = moment.replace(year=year, month=month, day=day) + timedelta(days=self.days)
            if not self.time:
                return _in_reach(shifted)
            return _in_reach((shifted.astimezone(UTC) + self.time).astimezone(moment.tzinfo))
        except OverflowError as failure:
            raise TimerUnreadable("out-of-calendar") from failure

    def times(self, number: int) -> Duration:
        """Return this duration so many times."""
        return Duration(months=self.months * number, days=self.days * number, time=self.time * number)

    @property
    def is_positive(self) -> bool:
        """Say whether time goes forward by it."""
        return self.months >= 0 and self.days * _DAY + self.time // SECOND >= 0 and self != Duration.nothing()

    @property
    def is_shorter_than_a_second(self) -> bool:
        """Say whether as an interval it would be due again almost at once."""
        return not self.months and timedelta(days=self.days) + self.time < SECOND

    @staticmethod
    def nothing() -> Duration:
        """Return the empty duration."""
        return Duration(months=0, days=0, time=timedelta())


def parse_duration(text: str) -> Duration:
    """Read an ISO 8601 duration such as P1Y2M, P2W, P3DT4H or PT0.5S.

    Raises:
        TimerUnreadable: the text is something else.
    """
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        if _ANY_DURATION.fullmatch(text.strip()):
            raise TimerUnreadable("duration-too-long", text=text)
        raise TimerUnreadable("no-duration", text=text)
    sign = -1 if found["sign"] else 1
    number = {unit: sign * int(found[unit] or 0) for unit in ("years", "months", "weeks", "days", "hours", "minutes")}
    seconds = sign * Decimal(found["seconds"] or 0)
    months = number["years"] * 12 + number["months"]
    if abs(months) > _MAXIMUM_MONTHS:
        raise TimerUnreadable("over-a-thousand-years", text=text)
    try:
        return Duration(
            months=months,
            days=number["weeks"] * 7 + number["days"],
            time=timedelta(hours=number["hours"], minutes=number["minutes"], microseconds=int(seconds * 1_000_000)),
        )
    except OverflowError as failure:
        raise TimerUnreadable("duration-too-long", text=text) from failure


def parse_moment(text: str, now: datetime) -> datetime:
    """Read an ISO 8601 date or date-time; without a zone it is in the zone of `now`, a date alone is its 00:00.

    Raises:
        TimerUnreadable: the text is something else.
    """
    stripped = text.strip()
    zone = now.tzinfo
    try:
        if _DATE_ONLY.fullmatch(stripped):
            return _in_reach(datetime.fromisoformat(stripped).replace(tzinfo=zone))
        named = _ZONE_NAME.search(stripped)
        if named is not None:
            zone = ZoneInfo(named["at"] or named["bracket"])
            stripped = stripped[: named.start()]
        moment = datetime.fromisoformat(stripped)
    except (ValueError, KeyError, OSError) as failure:
        raise TimerUnreadable("no-date", text=text) from failure
    return _in_reach(moment if moment.tzinfo is not None else moment.replace(tzinfo=zone))


def _in_reach(moment: datetime) -> datetime:
    if not _EARLIEST_YEAR <= moment.year <= _LATEST_YEAR:
        raise TimerUnreadable("year-out-of-reach", year=moment.year, earliest=_EARLIEST_YEAR, latest=_LATEST_YEAR)
    return moment


def parse_cycle(text: str, now: datetime) -> tuple[datetime, Repeat]:
    """Read a cycle into its first due moment and its repetition: R3/PT1H, R/2026-05-01T09:00:00+08:00/P1D, or cron.

    A cron expression counts in the zone of `now` and has no end.

    Raises:
        TimerUnreadable: the text is something else, or its interval does not go forward.
    """
    cron = parse_cron(text)
    if cron is not None:
        first = cron.next_after(now)
        if first is None:
            raise TimerUnreadable("never-fires", text=text)
        return _in_reach(first), Repeat(left=None, interval=text.strip())
    repetitions, _, rest = text.strip().partition("/")
    begun, _, every = rest.rpartition("/")  # the name of a zone may hold a stroke
    repeated = re.fullmatch(r"R(\d{0,9})", repetitions)
    if repeated is None or not every or rest.startswith("/"):
        raise TimerUnreadable("no-cycle", text=text)
    interval = parse_duration(every)
    if not interval.is_positive or interval.is_shorter_than_a_second:
        raise TimerUnreadable("interval-not-forward", text=text)
    left = int(repeated[1]) if repeated[1] else None
    if left == 0:
        raise TimerUnreadable("never-fires", text=text)
    begin = parse_moment(begun, now) if begun else now
    first = begin if begun else interval.after(now)
    counted = f"{begin.isoformat()}/{every}" if interval.months else every
    return first, Repeat(left=left, interval=counted)


def next_firing(due: datetime, repeat: Repeat, now: datetime) -> tuple[datetime, Repeat] | None:
    """Return when a cycle fires again after the firing that was due; None when it is exhausted.

    It counts from the scheduled moment, months from the first one, so it does not drift: from 31 January it fires on
    28 February and 31 March. Moments missed meanwhile are skipped, never made up for in a burst, and do not use up
    firings.
    """
    left = None if repeat.left is None else repeat.left - 1
    if left == 0:
        return None
    cron = parse_cron(repeat.interval)
    if cron is not None:
        after = cron.next_after(max(due, now).astimezone(now.tzinfo))
        return None if after is None or after.year > _LATEST_YEAR else (after, repeat)
    begin, _, text = repeat.interval.rpartition("/")
    interval = parse_duration(text)
    try:
        if begin:
            following = _first_beyond(datetime.fromisoformat(begin), interval, max(due, now))
            return following, Repeat(left=left, interval=repeat.interval)
        following = interval.after(due)
        if following <= now and not interval.months:
            step = timedelta(days=interval.days) + interval.time
            following += (now - following) // step * step
        while following <= now:
            following = interval.after(following)
    except TimerUnreadable:  # beyond the last year of the calendar
        return None
    return following, Repeat(left=left, interval=repeat.interval)


def _first_beyond(begin: datetime, interval: Duration, moment: datetime) -> datetime:
    """Return the first whole number of intervals after a beginning that lies beyond a moment."""
    moments = (interval.times(number).after(begin) for number in count(1))
    return next(each for each in moments if each > moment)
