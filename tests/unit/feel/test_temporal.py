from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.feel import YearsMonths
from tests.unit.feel.evaluating import NOW, reasons, value

EIGHT = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('date("2026-02-28")', date(2026, 2, 28)),
        ('@"2026-02-28"', date(2026, 2, 28)),
        ("date(2026, 2, 28)", date(2026, 2, 28)),
        ('date(date and time("2026-02-28T10:00:00"))', date(2026, 2, 28)),
        ('time("10:30:00+08:00")', time(10, 30, tzinfo=EIGHT)),
        ('time(10, 30, 0.5, duration("PT8H"))', time(10, 30, 0, 500_000, tzinfo=EIGHT)),
        ('time(date("2026-02-28"))', time(0, 0, tzinfo=UTC)),
        ('@"2026-02-28T10:00:00@Asia/Shanghai"', datetime(2026, 2, 28, 10, tzinfo=ZoneInfo("Asia/Shanghai"))),
        ('date and time(date("2026-02-28"), time("10:00:00"))', datetime(2026, 2, 28, 10)),  # noqa: DTZ001
        (
            'date and time(date and time("2026-02-28T02:00:00Z"), "Asia/Shanghai")',
            datetime(2026, 2, 28, 10, tzinfo=ZoneInfo("Asia/Shanghai")),
        ),
        ('duration("P1Y2M")', YearsMonths(14)),
        ('cycle(duration("P7D"))', "R/P7D"),
        ('cycle(3, duration("PT1H"))', "R3/PT1H"),
        ('cycle(null, duration("P1M"))', "R/P1M"),
        ('duration("-P2DT3H4M5.5S")', -timedelta(days=2, hours=3, minutes=4, seconds=5.5)),
        ('years and months duration(date("2020-01-01"), date("2024-03-02"))', YearsMonths(50)),
        ('years and months duration(date("2024-03-02"), date("2020-04-01"))', YearsMonths(-47)),
        ('date("2026-01-31") + duration("P1M")', date(2026, 2, 28)),
        ('date("2026-03-31") - duration("P1M")', date(2026, 2, 28)),
        ('date("2026-03-01") - date("2026-02-01")', timedelta(days=28)),
        ('date("2026-03-01") + duration("P1DT25H")', date(2026, 3, 3)),
        ('time("23:00:00") + duration("PT2H")', time(1, 0)),
        ('time("10:00:00") - time("08:30:00")', timedelta(minutes=90)),
        ('duration("P10D") / 2', timedelta(days=5)),
        ('duration("P2D") * 5', timedelta(days=10)),
        ('duration("P1D") / duration("PT6H")', Decimal(4)),
        ('2 * duration("P1Y")', YearsMonths(24)),
        ('-duration("P1Y")', YearsMonths(-12)),
        ('@"2026-02-28T10:00:00+08:00" = @"2026-02-28T02:00:00Z"', True),
        ('@"2026-03-01" > @"2026-02-28"', True),
        ('date("2026-02-28").weekday', Decimal(6)),
        ('@"2026-02-28T10:20:30+08:00".time offset', timedelta(hours=8)),
        ('@"2026-02-28T10:20:30@Asia/Shanghai".timezone', "Asia/Shanghai"),
        ('duration("-P1Y3M").months', Decimal(-3)),
        ('duration("P2DT5H").hours', Decimal(5)),
        ('day of week(date("2026-03-02"))', "Monday"),
        ('day of year(date("2026-12-31"))', Decimal(365)),
        ('month of year(date("2026-03-02"))', "March"),
        ('week of year(date("2027-01-01"))', Decimal(53)),
        ('last day of month(date("2024-02-10"))', date(2024, 2, 29)),
        ('string(duration("P14M"))', "P1Y2M"),
        ('string(duration("PT36H"))', "P1DT12H"),
        ('string(@"2026-02-28T10:00:00.50+08:00")', "2026-02-28T10:00:00.5+08:00"),
        ('is(@"10:00:00Z", @"11:00:00+01:00")', False),
        ("now()", NOW),
        ("today()", NOW.date()),
    ],
)
def test_dates_times_and_durations_are_made_and_reckoned_with(text: str, expected: object) -> None:
    found = value(text)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    "text",
    [
        'date("2026-02-30")',
        'date("2026-2-3")',
        'date("26-02-03")',
        'time("25:00:00")',
        'time("10:00:00+19:00")',
        'date and time("2026-02-28T10:00:00@Nowhere/Town")',
        'date and time("2026-02-28T10:00:00+01:00@Europe/Paris")',
        'duration("P1Y2D")',
        'duration("P")',
        'duration("PT")',
        'date("2026-01-01") + date("2026-01-01")',
        'time("10:00:00Z") - time("10:00:00")',
        'date("2026-01-01") < 5',
        'date("2026-01-01").hours',
        'duration("P999999999D") * 100000',
        'duration("P1Y") * 10 ** 100',
    ],
)
def test_what_the_calendar_does_not_know_is_null_with_a_reason(text: str) -> None:
    assert reasons(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('string(date("-2017-12-31"))', "-2017-12-31"),
        ('string(date(123456, 2, 29) + duration("P1D"))', "123456-03-01"),
        ('string(date("9999-12-31") + duration("P1D"))', "10000-01-01"),
        ('date("10000-01-01") - duration("P1D")', date(9999, 12, 31)),
        ('string(date("0001-01-01") - duration("P1M"))', "0000-12-01"),
        ('string(@"2026-03-02T10:00:00.123456789@Asia/Shanghai")', "2026-03-02T10:00:00.123456789@Asia/Shanghai"),
        ('string(@"9999-12-31T23:00:00+08:00" + duration("PT2H"))', "10000-01-01T01:00:00+08:00"),
        ('string(@"12000-07-01T00:00:00@Europe/Paris" + duration("P184D"))', "12000-12-31T23:00:00@Europe/Paris"),
        ('string(time("10:00:00.000000001") + duration("PT1H"))', "11:00:00.000000001"),
        ('date("12026-03-02").weekday = date("2026-03-02").weekday', True),
        ('day of year(date("12024-12-31"))', Decimal(366)),
        ('date("-1000-01-01") < date("1000-01-01")', True),
        ('@"20000-01-01T00:00:00Z" = @"20000-01-01T08:00:00+08:00"', True),
        ('is(@"10:00:00.000000001", @"10:00:00.000000002")', False),
        ('(date("10000-01-02") - date("9999-12-31")).days', Decimal(2)),
        ('for d in @"9999-12-31"..@"10000-01-01" return string(d)', ["9999-12-31", "10000-01-01"]),
        ('for d in @"2026-03-02".. @"2026-03-01" return d.day', [2, 1]),
    ],
)
def test_years_and_fractions_python_cannot_hold_are_reckoned_with_too(text: str, expected: object) -> None:
    assert value(text) == expected


days = st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 1, 1))


@given(days, st.integers(min_value=-3000, max_value=3000))
def test_adding_and_taking_away_days_leads_back(day: date, count: int) -> None:
    variables = {"d": day, "n": timedelta(days=count)}
    assert value("d + n - n = d and (d + n) - d = n", variables) is True


@given(days, days)
def test_the_months_between_two_dates_never_overshoot(a: date, b: date) -> None:
    low, high = min(a, b), max(a, b)
    assert value("d1 + years and months duration(d1, d2) <= d2", {"d1": low, "d2": high}) is True


@given(st.datetimes(timezones=st.sampled_from([UTC, EIGHT, ZoneInfo("Asia/Shanghai")])))
def test_a_moment_survives_its_own_text(moment: datetime) -> None:
    assert value("date and time(string(m))", {"m": moment}) == moment
