"""The statutory clock: a limit, its pauses, and nothing typed by hand."""

from __future__ import annotations

import pytest

from tests.unit.rules.calendars import COUNTY, day
from workflows.rules.calendar import YearNotLoaded
from workflows.rules.clock import ClockAlreadyPaused, ClockNotPaused, Pause, PauseEndsBeforeStart, StatutoryClock


def clock(*pauses: tuple[str, str | None], start: str = "09-14", limit: int = 30) -> StatutoryClock:
    ledger = tuple(Pause(start=day(a), end=None if b is None else day(b), reason="补正") for a, b in pauses)
    return StatutoryClock(start=day(start), limit=limit, pauses=ledger)


def test_a1_the_whole_limit_of_thirty_working_days_ends_on_30_october() -> None:
    assert clock().due(COUNTY, day("09-14")) == day("10-30")


def test_a14_an_approved_extension_counts_from_the_same_start() -> None:
    running = clock(start="04-13")
    assert running.due(COUNTY, day("05-20")) == day("05-27")
    assert running.with_limit(45).due(COUNTY, day("05-20")) == day("06-17")


def test_a_closed_pause_moves_the_due_day_by_its_working_days() -> None:
    # Friday to Tuesday: two working days (Monday and Tuesday), the weekend was never counted.
    assert clock(("10-16", "10-20")).due(COUNTY, day("10-23")) == COUNTY.add_working_days(day("10-30"), 2)


def test_a_pause_over_a_holiday_moves_the_due_day_only_by_the_days_worked() -> None:
    assert clock(("09-30", "10-08")).due(COUNTY, day("10-08")) == COUNTY.add_working_days(day("10-30"), 1)


def test_a_pause_ended_the_same_day_moves_nothing() -> None:
    assert clock(("09-18", "09-18")).due(COUNTY, day("09-25")) == day("10-30")


def test_an_open_pause_moves_the_due_day_with_every_working_day() -> None:
    paused = clock(("10-12", None))
    assert [paused.due(COUNTY, day(today)) for today in ("10-12", "10-13", "10-16", "10-18", "10-19")] == [
        day("10-30"),
        day("11-02"),
        day("11-05"),
        day("11-05"),
        day("11-06"),
    ]


def test_overlapping_pauses_are_counted_once() -> None:
    overlapping = clock(("09-15", "09-18"), ("09-16", "09-22"))
    assert overlapping.due(COUNTY, day("09-25")) == clock(("09-15", "09-22")).due(COUNTY, day("09-25"))


def test_a_pause_inside_another_is_counted_once_whatever_their_order() -> None:
    nested = clock(("09-16", "09-17"), ("09-15", "09-22"))
    assert nested.due(COUNTY, day("09-25")) == clock(("09-15", "09-22")).due(COUNTY, day("09-25"))


def test_the_part_of_a_pause_before_the_start_is_not_counted() -> None:
    assert clock(("09-01", "09-16")).due(COUNTY, day("09-25")) == COUNTY.add_working_days(day("10-30"), 2)


def test_a_pause_in_the_future_moves_nothing_yet() -> None:
    assert clock(("09-21", "09-25")).due(COUNTY, day("09-18")) == day("10-30")


def test_a_pause_after_the_limit_ran_out_cannot_save_it() -> None:
    late = clock(("11-02", None))
    assert late.due(COUNTY, day("11-10")) == day("10-30")
    assert late.is_overdue(COUNTY, day("11-10"))


def test_a_pause_on_the_last_day_keeps_the_limit_alive() -> None:
    assert not clock(("10-30", None)).is_overdue(COUNTY, day("11-10"))


def test_a_second_pause_within_days_gained_by_the_first_is_counted() -> None:
    twice = clock(("10-28", "11-03"), ("11-04", "11-05"))
    assert twice.due(COUNTY, day("11-05")) == COUNTY.add_working_days(day("10-30"), 5)


def test_the_days_left_turn_negative_after_the_due_day() -> None:
    assert clock().working_days_left(COUNTY, day("10-28")) == 2
    assert clock().working_days_left(COUNTY, day("10-30")) == 0
    assert not clock().is_overdue(COUNTY, day("10-30"))
    assert clock().working_days_left(COUNTY, day("11-03")) == -2
    assert clock().is_overdue(COUNTY, day("10-31"))


def test_pausing_and_resuming_writes_the_ledger() -> None:
    resumed = clock().paused(day("09-18"), reason="补正材料").resumed(day("09-22"))
    assert resumed.pauses == (Pause(start=day("09-18"), end=day("09-22"), reason="补正材料"),)
    assert not resumed.is_paused


def test_a_paused_clock_cannot_be_paused_again() -> None:
    with pytest.raises(ClockAlreadyPaused, match="resume it first"):
        clock(("09-18", None)).paused(day("09-21"), reason="核对")


def test_a_running_clock_cannot_be_resumed() -> None:
    with pytest.raises(ClockNotPaused):
        clock(("09-18", "09-22")).resumed(day("09-25"))


def test_a_pause_cannot_end_before_it_begins() -> None:
    with pytest.raises(PauseEndsBeforeStart):
        clock(("09-18", None)).resumed(day("09-17"))


def test_a_due_day_in_an_unloaded_year_is_refused() -> None:
    with pytest.raises(YearNotLoaded):
        clock(start="12-01", limit=45).due(COUNTY, day("12-02"))
