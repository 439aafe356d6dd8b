"""Cron expressions: the examples of the notation, counted by hand on a calendar."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from engine.core.cron import parse_cron
from engine.core.timers import TimerUnreadable, next_firing, parse_cycle

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 1, 31, 9, 30, 15, tzinfo=SHANGHAI)  # a Saturday


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0 0 9 * * *", "2026-02-01T09:00:00"),
        ("0 0 9-17 * * MON-FRI", "2026-02-02T09:00:00"),
        ("*/10 * * * * *", "2026-01-31T09:30:20"),
        ("15 30 9 * * *", "2026-02-01T09:30:15"),
        ("0 0/15 9,10 * * *", "2026-01-31T09:45:00"),
        ("0 5/20 * * * ?", "2026-01-31T09:45:00"),
        ("0 0 0 1 1 ?", "2027-01-01T00:00:00"),
        ("0 0 0 29 2 *", "2028-02-29T00:00:00"),
        ("0 0 0 13 * FRI", "2026-02-13T00:00:00"),
        ("0 0 0 L * *", "2026-02-28T00:00:00"),
        ("0 0 0 L-3 * *", "2026-02-25T00:00:00"),
        ("0 0 0 LW * *", "2026-02-27T00:00:00"),
        ("0 0 0 1W * *", "2026-02-02T00:00:00"),
        ("0 0 0 15W * *", "2026-02-16T00:00:00"),
        ("0 0 0 31W * *", "2026-03-31T00:00:00"),
        ("0 0 0 * * 5L", "2026-02-27T00:00:00"),
        ("0 0 0 ? * MON#2", "2026-02-09T00:00:00"),
        ("0 0 0 ? * 5#5", "2026-05-29T00:00:00"),
        ("0 0 0 * * 7", "2026-02-01T00:00:00"),
        ("0 0 0 * JUN,dec SUN", "2026-06-07T00:00:00"),
        ("@yearly", "2027-01-01T00:00:00"),
        ("@monthly", "2026-02-01T00:00:00"),
        ("@weekly", "2026-02-01T00:00:00"),
        ("@daily", "2026-02-01T00:00:00"),
        ("@hourly", "2026-01-31T10:00:00"),
    ],
)
def test_it_fires_next_in_the_zone_of_the_office(text, expected):
    due, repeat = parse_cycle(text, NOW)
    assert due == datetime.fromisoformat(expected).replace(tzinfo=SHANGHAI)
    assert (repeat.left, repeat.interval) == (None, text)


@pytest.mark.parametrize(
    "text",
    ["", "0 9 * * *", "60 * * * * *", "* * 24 * * *", "* * * 0 * *", "* * * * 13 *", "* * * * * 8", "* * * * * MON#6",
     "5-1 * * * * *", "*/0 * * * * *", "a * * * * *", "@never", "0 0 9 * * * 2026", "- * * * * *", ", * * * * *"],
)  # fmt: skip
def test_anything_else_is_no_cycle(text):
    with pytest.raises(TimerUnreadable):
        parse_cycle(text, NOW)


def test_a_day_that_never_comes_is_refused():
    with pytest.raises(TimerUnreadable) as refused:
        parse_cycle("0 0 0 30 2 *", NOW)
    assert refused.value.code == "never-fires"


def test_firings_missed_in_an_outage_are_skipped():
    due, repeat = parse_cycle("0 0 9 * * *", NOW)
    later = datetime(2026, 2, 10, 1, 0, 0, tzinfo=UTC)  # 09:00 in Shanghai: that moment itself is over
    assert next_firing(due, repeat, later.astimezone(SHANGHAI)) == (datetime(2026, 2, 11, 1, tzinfo=UTC), repeat)


def test_it_goes_on_from_the_moment_that_was_due():
    cron = parse_cron("0 0 9 * * MON-FRI")
    due = datetime(2026, 2, 6, 9, tzinfo=SHANGHAI)  # a Friday
    assert cron.next_after(due) == datetime(2026, 2, 9, 9, tzinfo=SHANGHAI)
