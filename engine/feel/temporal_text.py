"""Read and write dates, times and durations in their ISO 8601 forms, with the zones FEEL adds."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from engine.feel.errors import NullResult
from engine.feel.moments import (
    AnyDate,
    AnyMoment,
    AnyTime,
    WideDate,
    WideDateTime,
    WideTime,
    date_of,
    join,
    make_date,
    make_time,
    time_of,
)
from engine.feel.values import YearsMonths

_DATE = r"(?P<year>-?(?:[1-9][0-9]{4,8}|[0-9]{4}))-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
_ZONE = r"[Zz]|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?|@[A-Za-z0-9_+\-/]+"
_TIME = (
    r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})(?P<fraction>\.[0-9]+)?"
    rf"(?P<zone>{_ZONE})?"
)
_DATE_PATTERN = re.compile(_DATE)
_TIME_PATTERN = re.compile(_TIME)
_ZONE_PATTERN = re.compile(_ZONE)
_DATE_AND_TIME_PATTERN = re.compile(_DATE + "T" + _TIME)
_OFFSET_IN_ZONE_PATTERN = re.compile(r"(?P<moment>[^\[]*[0-9Zz])\[(?P<zone>[A-Za-z0-9_+\-/]+)\]")
_MONTHS_PATTERN = re.compile(r"(?P<sign>-?)P(?=[0-9])(?:(?P<years>[0-9]+)Y)?(?:(?P<months>[0-9]+)M)?")
_DAYS_PATTERN = re.compile(
    r"(?P<sign>-?)P(?=[0-9T])(?:(?P<days>[0-9]+)D)?"
    r"(?:T(?=[0-9])(?:(?P<hours>[0-9]+)H)?(?:(?P<minutes>[0-9]+)M)?(?:(?P<seconds>[0-9]+(?:\.[0-9]*)?)S)?)?"
)
_LONGEST = 100
_LARGEST_OFFSET = timedelta(hours=18)
_MICROSECONDS = 1_000_000
_LONGEST_MONTHS = 12 * 10**12


def parse_temporal(text: str) -> AnyDate | AnyTime | AnyMoment | timedelta | YearsMonths:
    """Read any of the temporal forms, told apart by their shape.

    Raises:
        NullResult: it is none of them.
    """
    if "P" in text[:2]:
        return parse_duration(text)
    if text[2:3] == ":":
        return parse_time(text)
    return parse_date_and_time(text) if "T" in text else parse_date(text)


def parse_date(text: str) -> AnyDate:
    """Read `2026-03-01`."""
    match = _DATE_PATTERN.fullmatch(text) if len(text) < _LONGEST else None
    if match is None:
        raise NullResult("no-date-text", length=len(text))
    return make_date(int(match["year"]), int(match["month"]), int(match["day"]))


def parse_time(text: str) -> AnyTime:
    """Read `10:30:00`, `10:30:00+08:00` or `10:30:00@Asia/Shanghai`."""
    match = _TIME_PATTERN.fullmatch(text) if len(text) < _LONGEST else None
    if match is None:
        raise NullResult("no-time-text", length=len(text))
    return _time_from(match)


def _time_from(match: re.Match[str]) -> AnyTime:
    nanosecond = int((match["fraction"] or ".0")[1:10].ljust(9, "0"))
    zone = parse_zone(match["zone"])
    return make_time(int(match["hour"]), int(match["minute"]), int(match["second"]), nanosecond, zone)


def parse_zone(text: str | None) -> tzinfo | None:
    """Read `Z`, `+08:00` or `@Asia/Shanghai`; nothing gives a local time."""
    if not text:
        return None
    if text in ("Z", "z"):
        return UTC
    if text.startswith("@"):
        return zone_by_name(text[1:])
    hours, minutes, *seconds = (int(part) for part in text[1:].split(":"))
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds[0] if seconds else 0)
    if minutes > 59 or offset > _LARGEST_OFFSET:
        raise NullResult("no-offset", offset=text)
    return offset_zone(-offset if text[0] == "-" else offset)


def zone_of(text: str) -> tzinfo | None:
    """Read a zone as functions take it: `Z`, `+08:00` or `Asia/Shanghai`."""
    return parse_zone(text) if _ZONE_PATTERN.fullmatch(text) else zone_by_name(text)


def offset_zone(offset: timedelta) -> tzinfo:
    """A zone of fixed offset."""
    if abs(offset) > _LARGEST_OFFSET:
        raise NullResult("offset-too-large")
    return timezone(offset) if offset else UTC


def zone_by_name(name: str) -> tzinfo:
    """A zone of the time zone database."""
    if name not in _zones():
        raise NullResult("no-zone", name=name)
    return ZoneInfo(name)


@cache
def _zones() -> frozenset[str]:
    """Every name, so that a wrong one is not looked for on the disk again and again."""
    return frozenset(available_timezones())


def parse_date_and_time(text: str) -> AnyMoment:
    """Read `2026-03-01T10:30:00` with an optional zone; a bare date means its midnight."""
    match = _DATE_AND_TIME_PATTERN.fullmatch(text) if len(text) < _LONGEST else None
    if match is None:
        if text.endswith("]"):
            return _offset_in_zone(text)
        if "T" in text:
            raise NullResult("no-moment-text", length=len(text))
        return join(parse_date(text), time())
    day = make_date(int(match["year"]), int(match["month"]), int(match["day"]))
    return join(day, _time_from(match))


def _offset_in_zone(text: str) -> AnyMoment:
    """Read `2026-03-01T10:30:00+08:00[Asia/Shanghai]`, as Camunda writes it: the offset says which moment it is."""
    match = _OFFSET_IN_ZONE_PATTERN.fullmatch(text) if len(text) < _LONGEST else None
    moment = None if match is None else parse_date_and_time(match["moment"])
    if match is None or moment is None or moment.tzinfo is None or zone_name(moment.tzinfo) is not None:
        raise NullResult("no-offset-before-zone", length=len(text))
    return in_zone(moment, zone_by_name(match["zone"]))


def in_zone(moment: AnyMoment, zone: tzinfo | None) -> AnyMoment:
    """The same moment by the clocks of another zone; a local one is taken as that zone's clock."""
    if not isinstance(moment, datetime):
        raise NullResult("year-without-zone")
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)


def parse_duration(text: str) -> timedelta | YearsMonths:
    """Read `P1Y2M` or `P3DT4H5M6S`; the two kinds never mix."""
    if len(text) < _LONGEST:
        match = _MONTHS_PATTERN.fullmatch(text)
        if match is not None:
            months = int(match["years"] or 0) * 12 + int(match["months"] or 0)
            return months_of(-months if match["sign"] else months)
        match = _DAYS_PATTERN.fullmatch(text)
        if match is not None:
            return _days_duration(match)
    raise NullResult("no-duration-text", length=len(text))


def _days_duration(match: re.Match[str]) -> timedelta:
    whole = int(match["days"] or 0) * 86_400 + int(match["hours"] or 0) * 3_600 + int(match["minutes"] or 0) * 60
    microseconds = whole * _MICROSECONDS + int(Decimal(match["seconds"] or 0) * _MICROSECONDS)
    return duration_of(-microseconds if match["sign"] else microseconds)


def months_of(count: int) -> YearsMonths:
    """A years and months duration; null beyond 999 999 999 999 years."""
    if abs(count) > _LONGEST_MONTHS:
        raise NullResult("duration-too-long")
    return YearsMonths(count)


def duration_of(microseconds: int) -> timedelta:
    """A days and time duration; null beyond 999 999 999 days."""
    try:
        return timedelta(microseconds=microseconds)
    except OverflowError as error:
        raise NullResult("duration-too-long") from error


def microseconds_of(duration: timedelta) -> int:
    """The whole length of a duration."""
    return duration // timedelta(microseconds=1)


def format_temporal(value: AnyDate | AnyTime | AnyMoment | timedelta | YearsMonths) -> str:
    """Write a temporal value the way FEEL's string() does."""
    if isinstance(value, (datetime, WideDateTime)):
        return f"{_format_date(date_of(value))}T{_format_clock(time_of(value))}"
    if isinstance(value, (date, WideDate)):
        return _format_date(value)
    if isinstance(value, (time, WideTime)):
        return _format_clock(value)
    return _format_months(value.months) if isinstance(value, YearsMonths) else _format_days(value)


def _format_date(value: AnyDate) -> str:
    sign = "-" if value.year < 0 else ""
    return f"{sign}{abs(value.year):04}-{value.month:02}-{value.day:02}"


def _format_clock(value: AnyTime) -> str:
    nanosecond = value.nanosecond if isinstance(value, WideTime) else value.microsecond * 1_000
    fraction = f".{nanosecond:09}".rstrip("0") if nanosecond else ""
    return f"{value.hour:02}:{value.minute:02}:{value.second:02}{fraction}{_format_zone(value.tzinfo)}"


def _format_zone(zone: tzinfo | None) -> str:
    if zone is None:
        return ""
    name = zone_name(zone)
    if name is not None:
        return f"@{name}"
    offset = zone.utcoffset(None) or timedelta(0)
    if not offset:
        return "Z"
    seconds = abs(int(offset.total_seconds()))
    text = f"{'-' if offset < timedelta(0) else '+'}{seconds // 3600:02}:{seconds // 60 % 60:02}"
    return text + (f":{seconds % 60:02}" if seconds % 60 else "")


def zone_name(zone: tzinfo | None) -> str | None:
    """The name of a zone of the database; none for a fixed offset."""
    return zone.key if isinstance(zone, ZoneInfo) else None


def _format_months(months: int) -> str:
    years, rest = divmod(abs(months), 12)
    body = (f"{years}Y" if years else "") + (f"{rest}M" if rest else "")
    return ("-" if months < 0 else "") + "P" + (body or "0M")


def _format_days(duration: timedelta) -> str:
    microseconds = microseconds_of(duration)
    seconds, fraction = divmod(abs(microseconds), _MICROSECONDS)
    days, seconds = divmod(seconds, 86_400)
    hours, seconds = divmod(seconds, 3_600)
    minutes, seconds = divmod(seconds, 60)
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    if seconds or fraction:
        clock += f"{seconds}" + (f".{fraction:06}".rstrip("0") if fraction else "") + "S"
    body = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
    return ("-" if microseconds < 0 else "") + "P" + (body or "T0S")
