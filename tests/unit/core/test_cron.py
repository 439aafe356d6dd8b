"""Cron expressions: examples worked out by hand, and a naive reader that tries minute after minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.cron import CronUnreadable, parse_cron
from engine.core.timers import TimerUnreadable, next_firing, parse_cycle

FROM = datetime(2026, 6, 15, 9, 30, 15, tzinfo=UTC)  # a Monday


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("* * * * * *", "2026-06-15T09:30:16"),
        ("*/20 * * * * *", "2026-06-15T09:30:20"),
        ("0 0 9-17 * * MON-FRI", "2026-06-15T10:00:00"),
        ("0 0 9-17 * * mon-fri", "2026-06-15T10:00:00"),
        ("0 30 9 * * *", "2026-06-16T09:30:00"),
        ("0 0 8,10 * * *", "2026-06-15T10:00:00"),
        ("0 0/25 8-10 * * *", "2026-06-15T09:50:00"),
        ("0 0 6,19 * * *", "2026-06-15T19:00:00"),
        ("0 0 0 25 12 ?", "2026-12-25T00:00:00"),
        ("0 0 0 25 DEC ?", "2026-12-25T00:00:00"),
        ("0 0 0 L * *", "2026-06-30T00:00:00"),
        ("0 0 0 L-3 * *", "2026-06-27T00:00:00"),
        ("0 0 0 1W * *", "2026-07-01T00:00:00"),
        ("0 0 0 1W AUG *", "2026-08-03T00:00:00"),  # the first is a Saturday
        ("0 0 0 20W JUN *", "2026-06-19T00:00:00"),  # the 20th is a Saturday
        ("0 0 0 31W MAY *", "2027-05-31T00:00:00"),
        ("0 0 0 LW MAY *", "2027-05-31T00:00:00"),
        ("0 0 0 LW AUG *", "2026-08-31T00:00:00"),
        ("0 0 0 LW JAN *", "2027-01-29T00:00:00"),  # the last day is a Sunday
        ("0 0 0 * * 5L", "2026-06-26T00:00:00"),
        ("0 0 0 * * THUL", "2026-06-25T00:00:00"),
        ("0 0 0 ? * 5#2", "2026-07-10T00:00:00"),
        ("0 0 0 ? * MON#1", "2026-07-06T00:00:00"),
        ("0 0 0 ? * MON#5", "2026-06-29T00:00:00"),
        ("0 0 0 * * 0", "2026-06-21T00:00:00"),
        ("0 0 0 * * 7", "2026-06-21T00:00:00"),
        ("0 0 0 * * SUN-TUE", "2026-06-16T00:00:00"),
        ("0 0 0 13 * FRI", "2026-11-13T00:00:00"),  # both must match
        ("0 0 0 29 2 *", "2028-02-29T00:00:00"),
        ("0 0 0 29 2 MON", "2044-02-29T00:00:00"),
        ("0 0 0 1,L * *", "2026-06-30T00:00:00"),
        ("@hourly", "2026-06-15T10:00:00"),
        ("@daily", "2026-06-16T00:00:00"),
        ("@midnight", "2026-06-16T00:00:00"),
        ("@weekly", "2026-06-21T00:00:00"),
        ("@monthly", "2026-07-01T00:00:00"),
        ("@yearly", "2027-01-01T00:00:00"),
        ("@annually", "2027-01-01T00:00:00"),
    ],
)
def test_the_next_moment_is_the_one_counted_by_hand(text: str, expected: str) -> None:
    assert parse_cron(text).after(FROM) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "* * * * *", "* * * * * * *", "60 * * * * *", "* 60 * * * *", "* * 24 * * *", "* * * 0 * *", "* * * 32 * *",
        "* * * * 13 *", "* * * * * 8", "* * * * * MON#6", "* * * * * MON#0", "* * * * * L", "* * * * FOO *",
        "5-3 * * * * *", "*/0 * * * * *", "? * * * * *", "* * * L-31 * *", "0 0 0 30 2 *", "@often", "a b c d e f",
        "1,,2 * * * * *", "* * * * * FRI-MON", "-1 * * * * *", "* * * W * *", "0 0 0 30W 2 *",
    ],
)  # fmt: skip
def test_what_is_no_cron_expression_is_refused(text: str) -> None:
    with pytest.raises(CronUnreadable):
        parse_cron(text)
    with pytest.raises(TimerUnreadable):
        parse_cycle(text, FROM)


def _field(least: int, most: int) -> st.SearchStrategy[str]:
    number = st.integers(least, most)
    ordered = st.tuples(number, number).map(sorted)
    part = st.one_of(
        st.just("*"),
        number.map(str),
        ordered.map(lambda pair: f"{pair[0]}-{pair[1]}"),
        st.integers(1, 20).map(lambda step: f"*/{step}"),
        st.tuples(number, st.integers(1, 20)).map(lambda pair: f"{pair[0]}/{pair[1]}"),
        st.tuples(ordered, st.integers(1, 9)).map(lambda found: f"{found[0][0]}-{found[0][1]}/{found[1]}"),
    )
    return st.lists(part, min_size=1, max_size=3).map(",".join)


def _naive_match(field: str, value: int, least: int, most: int) -> bool:
    """Say whether a value is meant by a field: tries every part, and every number of it."""
    for part in field.split(","):
        bounds, _, step = part.partition("/")
        first, _, last = bounds.partition("-")
        low = least if first == "*" else int(first)
        high = int(last) if last else most if first == "*" or step else low
        number = low
        while number <= high:
            if number == value:
                return True
            number += int(step or 1)
    return False


def _naive_next(fields: tuple[str, str, str, str, str], moment: datetime, until: datetime) -> datetime | None:
    minute, hour, day, month, weekday = fields
    at = moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
    while at < until:
        if (
            _naive_match(minute, at.minute, 0, 59)
            and _naive_match(hour, at.hour, 0, 23)
            and _naive_match(day, at.day, 1, 31)
            and _naive_match(month, at.month, 1, 12)
            and (_naive_match(weekday, (at.weekday() + 1) % 7, 0, 6))
        ):
            return at
        at += timedelta(minutes=1)
    return None


@settings(max_examples=150)
@given(
    fields=st.tuples(_field(0, 59), _field(0, 23), _field(1, 28), st.just("*") | _field(6, 8), _field(0, 6)),
    offset=st.integers(0, 60 * 24 * 20),
)
def test_it_finds_what_trying_every_minute_finds(fields: tuple[str, str, str, str, str], offset: int) -> None:
    moment = FROM + timedelta(minutes=offset)
    until = moment + timedelta(days=8)
    weekday = "*" if "/" in fields[4] else fields[4]  # an open step ends at 7, which is Sunday again
    fields = (*fields[:4], weekday)

    expected = _naive_next(fields, moment, until)

    found = parse_cron(f"0 {' '.join(fields)}").after(moment)
    assert found is not None
    assert found == expected if expected is not None else found >= until.replace(second=0)


def test_it_counts_on_the_clock_of_the_zone() -> None:
    shanghai = ZoneInfo("Asia/Shanghai")
    found = parse_cron("0 0 9 * * *").after(FROM.astimezone(shanghai))
    assert found == datetime(2026, 6, 16, 9, 0, tzinfo=shanghai)


def test_a_time_that_the_clock_leaves_out_fires_later_and_one_that_comes_twice_fires_once() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    cron = parse_cron("0 30 2 * * *")
    spring = cron.after(datetime(2026, 3, 28, 12, 0, tzinfo=berlin))
    assert spring == datetime(2026, 3, 29, 3, 30, tzinfo=berlin)
    first = cron.after(datetime(2026, 10, 24, 12, 0, tzinfo=berlin))
    assert first is not None
    second = cron.after(first)
    assert (first.astimezone(UTC), second) == (
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 26, 2, 30, tzinfo=berlin),
    )


def test_a_cron_cycle_repeats_without_end_and_skips_what_was_missed() -> None:
    due, repeat = parse_cycle("0 0 9 * * MON-FRI", FROM)
    assert (due, repeat.left) == (datetime(2026, 6, 16, 9, 0, tzinfo=UTC), None)

    following = next_firing(due, repeat, due + timedelta(days=10, hours=1))

    assert following == (datetime(2026, 6, 29, 9, 0, tzinfo=UTC), repeat)
