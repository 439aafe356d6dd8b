"""Timer texts from hostile or careless diagrams: refused with a reason, never an exception of Python's own."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.core.timers import TimerUnreadable, parse_cycle, parse_duration, parse_moment

NOW = datetime(2026, 6, 15, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize("text", ["0001-01-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "1899-12-31"])
def test_a_moment_no_database_holds_is_refused(text: str) -> None:
    with pytest.raises(TimerUnreadable):
        parse_moment(text, NOW)


@pytest.mark.parametrize("text", ["R3/P9999999999D", f"R/PT{'9' * 5000}S", f"R{'9' * 5000}/PT1H", "R/P999999999D"])
def test_a_cycle_beyond_all_calendars_is_refused(text: str) -> None:
    with pytest.raises(TimerUnreadable):
        parse_cycle(text, NOW)


@pytest.mark.parametrize("text", ["P9000Y", "P999999999W", "PT999999999H"])
def test_a_duration_beyond_all_calendars_is_refused(text: str) -> None:
    with pytest.raises(TimerUnreadable):
        parse_duration(text).after(NOW)


def test_half_a_second_goes_forward() -> None:
    assert parse_duration("PT0.5S").is_positive


@pytest.mark.parametrize("text", ["P9999999999D", f"PT{'9' * 5000}S"])
def test_a_duration_of_too_many_digits_is_called_too_long(text: str) -> None:
    with pytest.raises(TimerUnreadable) as refused:
        parse_duration(text)
    assert refused.value.code == "duration-too-long"
