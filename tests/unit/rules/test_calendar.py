"""The working calendar against the dates a caseworker of Liyang counted by hand."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.rules.calendars import COUNTY, day
from workflows.rules.calendar import CalendarDay, WorkingCalendar, YearNotLoaded, seed_days, year_from_notice

days_of_the_seed = st.dates(date(2024, 6, 1), date(2026, 6, 30))


@pytest.mark.parametrize(("year", "expected"), [(2024, 251), (2025, 248), (2026, 248)])
def test_a_year_has_the_working_days_the_state_council_ordered(year: int, expected: int) -> None:
    assert sum(row.is_workday for row in seed_days(year, year)) == expected


@pytest.mark.parametrize("make_up", ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"])
def test_a_make_up_day_on_a_weekend_is_worked(make_up: str) -> None:
    assert day(make_up).weekday() >= 5
    assert COUNTY.is_workday(day(make_up))


WEEKDAY_HOLIDAYS = {
    1: [1, 2],
    2: [16, 17, 18, 19, 20, 23],
    4: [6],
    5: [1, 4, 5],
    6: [19],
    9: [25],
    10: [1, 2, 5, 6, 7],
}


def test_exactly_the_ordered_weekdays_of_2026_are_holidays() -> None:
    weekdays = [row for row in seed_days(2026, 2026) if row.day.weekday() < 5]
    expected = [date(2026, month, number) for month, numbers in WEEKDAY_HOLIDAYS.items() for number in numbers]
    assert [row.day for row in weekdays if not row.is_workday] == expected


def test_the_seed_names_holidays_and_make_up_days() -> None:
    names = {row.day: row.name for row in seed_days(2026, 2026)}
    assert names[day("02-17")] == "春节"
    assert names[day("02-28")] == "春节调休"
    assert names[day("03-03")] == ""


def test_the_seed_leaves_out_years_nobody_has_published() -> None:
    assert {row.day.year for row in seed_days(2026, 2031)} == {2026}
    assert WorkingCalendar(days=seed_days(2025, 2031)).loaded_years == (2025, 2026)


# The limits of the acceptance scenarios: start, working days, last day.
LIMITS = [
    pytest.param("09-14", 3, "09-17", id="A1 check and survey start"),
    pytest.param("09-30", 1, "10-08", id="A1 sent up after the notice"),
    pytest.param("10-08", 10, "10-21", id="A1 county limit"),
    pytest.param("09-14", 30, "10-30", id="A1 whole limit"),
    pytest.param("09-14", 45, "11-20", id="A1 extended limit"),
    pytest.param("10-15", 3, "10-20", id="A1 reasons letter"),
    pytest.param("02-24", 3, "02-27", id="A2 start limit"),
    pytest.param("02-24", 30, "04-07", id="A2 whole limit over Spring Festival"),
    pytest.param("02-24", 45, "04-28", id="A2 extended limit"),
    pytest.param("03-16", 15, "04-07", id="A5 township limit"),
    pytest.param("04-10", 1, "04-13", id="A5 sent up after the notice"),
    pytest.param("04-13", 15, "05-07", id="A5 county limit"),
    pytest.param("08-03", 30, "09-14", id="A6 whole limit"),
    pytest.param("10-02", 10, "10-20", id="A7 file made up after urgent relief"),
    pytest.param("06-15", 2, "06-17", id="A10 referrals acknowledged"),
    pytest.param("06-15", 5, "06-23", id="A10 job registration"),
    pytest.param("06-15", 10, "06-30", id="A10 education"),
    pytest.param("06-15", 1, "06-16", id="A10 medical status"),
    pytest.param("05-18", 10, "06-01", id="A14 county limit"),
    pytest.param("04-13", 30, "05-27", id="A14 whole limit"),
    pytest.param("04-13", 45, "06-17", id="A14 extended limit"),
]


@pytest.mark.parametrize(("start", "count", "expected"), LIMITS)
def test_a_limit_ends_on_the_day_counted_by_hand(start: str, count: int, expected: str) -> None:
    assert COUNTY.add_working_days(day(start), count) == day(expected)
    assert COUNTY.working_days_between(day(start), day(expected)) == count


@pytest.mark.parametrize(
    ("posted", "ends"),
    [
        pytest.param("09-23", "09-30", id="A1"),
        pytest.param("04-03", "04-10", id="A5"),
        pytest.param("05-06", "05-13", id="A14"),
        pytest.param("09-24", "10-08", id="a seventh day in the National Day week"),
        pytest.param("02-21", "02-28", id="a seventh day on a make-up Saturday"),
    ],
)
def test_a_public_notice_of_seven_calendar_days_ends_on_a_working_day(posted: str, ends: str) -> None:
    assert COUNTY.end_of_calendar_period(day(posted), 7) == day(ends)


def test_a18_ten_calendar_days_are_ten_calendar_days() -> None:
    assert COUNTY.end_of_calendar_period(day("07-20"), 10) == day("07-30")


def test_a20_a_review_period_into_an_unloaded_year_is_refused_instead_of_guessed() -> None:
    with pytest.raises(YearNotLoaded, match="2027") as refused:
        COUNTY.end_of_calendar_period(day("11-02"), 60)
    assert refused.value.year == 2027
    assert "2027" in refused.value.text("zh")


def test_a20_the_review_period_ends_on_the_first_working_day_once_2027_is_loaded() -> None:
    new_year = [CalendarDay(day=date(2027, 1, d), is_workday=False, name="元旦") for d in (1, 2, 3)]
    calendar = WorkingCalendar(days=seed_days(2026, 2026) + year_from_notice(2027, new_year))
    assert calendar.end_of_calendar_period(day("11-02"), 60) == date(2027, 1, 4)


def test_a_limit_that_ends_before_the_unloaded_year_needs_no_data_of_it() -> None:
    assert COUNTY.add_working_days(day("12-30"), 1) == day("12-31")
    with pytest.raises(YearNotLoaded):
        COUNTY.add_working_days(day("12-30"), 2)


def test_counting_into_an_unloaded_year_is_refused_in_both_directions() -> None:
    with pytest.raises(YearNotLoaded):
        COUNTY.working_days_between(day("12-30"), date(2027, 1, 5))
    with pytest.raises(YearNotLoaded):
        COUNTY.working_days_between(date(2027, 1, 5), day("12-30"))
    with pytest.raises(YearNotLoaded):
        COUNTY.add_working_days(date(2024, 1, 3), -2)


def test_a_year_with_a_missing_day_is_not_loaded() -> None:
    calendar = WorkingCalendar(days=seed_days(2026, 2026)[:-1])
    assert calendar.loaded_years == ()
    with pytest.raises(YearNotLoaded):
        calendar.is_workday(day("06-01"))


def test_a_closure_takes_a_day_out_and_a_make_up_gives_one_back() -> None:
    calendar = WorkingCalendar(
        days=seed_days(2026, 2026),
        closures=(
            CalendarDay(day=day("08-11"), is_workday=False, name="台风停工"),
            CalendarDay(day=day("08-15"), is_workday=True, name="台风调休"),
        ),
    )
    assert calendar.add_working_days(day("08-10"), 1) == day("08-12")
    assert calendar.add_working_days(day("08-14"), 1) == day("08-15")


def test_a_closure_alone_does_not_load_its_year() -> None:
    closure = CalendarDay(day=date(2027, 1, 4), is_workday=False, name="停电")
    with pytest.raises(YearNotLoaded):
        WorkingCalendar(days=seed_days(2026, 2026), closures=(closure,)).is_workday(date(2027, 1, 4))


def test_working_days_can_be_counted_backwards() -> None:
    assert COUNTY.add_working_days(day("10-08"), -1) == day("09-30")
    assert COUNTY.add_working_days(day("09-06"), -1) == day("09-04")
    assert COUNTY.working_days_between(day("10-08"), day("09-30")) == -1


def test_no_days_after_an_event_is_the_day_itself_even_on_a_holiday() -> None:
    assert COUNTY.add_working_days(day("10-01"), 0) == day("10-01")
    assert COUNTY.working_days_between(day("10-01"), day("10-01")) == 0


@given(days_of_the_seed, st.integers(1, 60))
def test_adding_then_counting_gives_the_number_back(start: date, count: int) -> None:
    end = COUNTY.add_working_days(start, count)
    assert COUNTY.is_workday(end)
    assert COUNTY.working_days_between(start, end) == count


@given(days_of_the_seed, days_of_the_seed, days_of_the_seed)
def test_the_parts_of_a_span_add_up(first: date, second: date, third: date) -> None:
    whole = COUNTY.working_days_between(first, third)
    assert COUNTY.working_days_between(first, second) + COUNTY.working_days_between(second, third) == whole
    assert COUNTY.working_days_between(third, first) == -whole
