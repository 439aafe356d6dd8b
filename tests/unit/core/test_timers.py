from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.core.model import Repeat
from engine.core.timers import TimerUnreadable, next_firing, parse_cycle, parse_duration, parse_moment

CHINA = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 1, 31, 9, 0, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("PT1H", datetime(2026, 1, 31, 10, 0, tzinfo=CHINA)),
        ("P15D", datetime(2026, 2, 15, 9, 0, tzinfo=CHINA)),
        ("P1M", datetime(2026, 2, 28, 9, 0, tzinfo=CHINA)),
        ("P1Y", datetime(2027, 1, 31, 9, 0, tzinfo=CHINA)),
        ("P1Y1M1DT1H", datetime(2027, 3, 1, 10, 0, tzinfo=CHINA)),
        ("P2W", datetime(2026, 2, 14, 9, 0, tzinfo=CHINA)),
        ("P1W2D", datetime(2026, 2, 9, 9, 0, tzinfo=CHINA)),
        ("PT0.5S", datetime(2026, 1, 31, 9, 0, 0, 500_000, tzinfo=CHINA)),
        ("-PT1H", datetime(2026, 1, 31, 8, 0, tzinfo=CHINA)),
        ("-P1M", datetime(2025, 12, 31, 9, 0, tzinfo=CHINA)),
    ],
)
def test_a_duration_leads_to_its_moment(text, due):
    assert parse_duration(text).after(NOW) == due


def test_days_keep_the_wall_clock_and_hours_count_exactly_over_a_change_of_clocks():
    evening_before = datetime(2026, 3, 28, 12, 0, tzinfo=BERLIN)
    assert parse_duration("P1D").after(evening_before) == datetime(2026, 3, 29, 12, 0, tzinfo=BERLIN)
    assert parse_duration("PT24H").after(evening_before) == datetime(2026, 3, 29, 13, 0, tzinfo=BERLIN)


@pytest.mark.parametrize("text", ["", "P", "PT", "1H", "PT1", "P1.5Y", "P1H", "R3/PT1H", "P1D T1H", "P99999Y"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(TimerUnreadable):
        parse_duration(text)


def test_a_duration_out_of_the_calendar_is_refused_where_it_is_used():
    with pytest.raises(TimerUnreadable):
        parse_duration("P9000000D").after(NOW)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-05-01", datetime(2026, 5, 1, 0, 0, tzinfo=CHINA)),
        ("2026-05-01T09:00:00", datetime(2026, 5, 1, 9, 0, tzinfo=CHINA)),
        ("2026-05-01T09:00:00Z", datetime(2026, 5, 1, 9, 0, tzinfo=UTC)),
        ("2026-05-01T09:00:00+02:00", datetime(2026, 5, 1, 7, 0, tzinfo=UTC)),
        ("2026-05-01T09:00:00@Europe/Berlin", datetime(2026, 5, 1, 9, 0, tzinfo=BERLIN)),
        ("2026-05-01T09:00:00+02:00[Europe/Berlin]", datetime(2026, 5, 1, 9, 0, tzinfo=BERLIN)),
    ],
)
def test_a_date_is_read_in_its_zone_or_the_zone_of_now(text, moment):
    found = parse_moment(text, NOW)
    assert found == moment
    assert found.utcoffset() is not None


@pytest.mark.parametrize("text", ["tomorrow", "2026-13-01", "2026-05-01T09:00@Nowhere/City", "P1D"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(TimerUnreadable):
        parse_moment(text, NOW)


def test_a_cycle_begins_after_one_interval_or_at_its_start():
    assert parse_cycle("R3/PT1H", NOW) == (NOW + timedelta(hours=1), Repeat(left=3, interval="PT1H"))
    start = datetime(2026, 5, 1, 8, 0, tzinfo=CHINA)
    assert parse_cycle("R/2026-05-01T08:00:00+08:00/P1D", NOW) == (start, Repeat(left=None, interval="P1D"))
    in_berlin = datetime(2026, 5, 1, 8, 0, tzinfo=BERLIN)
    named = "R/2026-05-01T08:00:00+02:00[Europe/Berlin]/P1D"
    assert parse_cycle(named, NOW) == (in_berlin, Repeat(left=None, interval="P1D"))


@pytest.mark.parametrize("text", ["PT1H", "R3", "R3/PT0S", "R3/-PT1H", "R0/PT1H", "R-1/PT1H", "0 9 * * *"])
def test_what_is_no_cycle_is_refused(text):
    with pytest.raises(TimerUnreadable):
        parse_cycle(text, NOW)


def test_a_cycle_counts_from_the_scheduled_moment_and_counts_down():
    due = NOW
    assert next_firing(due, Repeat(left=3, interval="PT1H"), NOW + timedelta(minutes=10)) == (
        NOW + timedelta(hours=1),
        Repeat(left=2, interval="PT1H"),
    )
    assert next_firing(due, Repeat(left=1, interval="PT1H"), NOW) is None


def test_missed_firings_are_skipped_and_not_used_up():
    outage_over = NOW + timedelta(days=10, minutes=1)
    following = next_firing(NOW, Repeat(left=5, interval="PT1H"), outage_over)
    assert following == (NOW + timedelta(days=10, hours=1), Repeat(left=4, interval="PT1H"))


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("R/P1M", ["02-28", "03-31", "04-30", "05-31"]),
        ("R/2026-01-31T09:00:00+08:00/P1M", ["01-31", "02-28", "03-31", "04-30"]),
        ("R/P1M1D", ["03-01", "04-02", "05-03", "06-04"]),
    ],
)
def test_months_count_from_the_first_moment(text, days):
    now = datetime(2026, 1, 31, 9, 0, tzinfo=CHINA)
    due, repeat = parse_cycle(text, now)
    found = [due]
    for _ in days[1:]:
        due, repeat = next_firing(due, repeat, due)
        found.append(due)
    assert [f"{each:%m-%d}" for each in found] == days
    assert {f"{each.astimezone(CHINA):%H:%M}" for each in found} == {"09:00"}


def test_months_missed_meanwhile_are_skipped_and_the_next_is_the_last_day_again():
    now = datetime(2026, 1, 31, 9, 0, tzinfo=CHINA)
    due, repeat = parse_cycle("R3/P1M", now)
    following = next_firing(due, repeat, datetime(2026, 7, 15, tzinfo=CHINA))
    assert following == (datetime(2026, 7, 31, 9, 0, tzinfo=CHINA), Repeat(left=2, interval=repeat.interval))


def test_missed_months_are_skipped_too():
    following = next_firing(NOW, Repeat(left=None, interval="P1M"), datetime(2026, 7, 15, tzinfo=CHINA))
    assert following is not None
    assert following[0] == datetime(2026, 7, 28, 9, 0, tzinfo=CHINA)
