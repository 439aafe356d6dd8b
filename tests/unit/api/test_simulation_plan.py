"""The seed decides who comes when; only working days are worked."""

from __future__ import annotations

from datetime import date

import pytest

from api.simulation.plan import Plan, Session, session_count, sessions
from workflows.rules.calendar import WorkingCalendar, YearNotLoaded, seed_days

CALENDAR = WorkingCalendar(days=seed_days(2026, 2026))


def lived(**changes: int) -> list[Session]:
    plan = Plan(**{"start": date(2026, 2, 12), "months": 1, "households": 40, "seed": 3, **changes})  # type: ignore[arg-type]
    return list(sessions(plan, CALENDAR))


def arrivals(found: list[Session]) -> list[tuple[str, dict[str, object]]]:
    return [(one.at.isoformat(), household.application) for one in found for household in one.arrivals]


def test_the_same_seed_brings_the_same_households_at_the_same_time_and_another_seed_others() -> None:
    assert arrivals(lived()) == arrivals(lived())
    assert arrivals(lived()) != arrivals(lived(seed=4))
    assert len(arrivals(lived())) == 40


def test_nobody_works_in_the_spring_festival_and_a_saturday_made_up_is_worked() -> None:
    found = lived()
    days = {one.at.date() for one in found}

    assert date(2026, 2, 17) not in days
    assert date(2026, 2, 28) in days  # a Saturday
    assert len(found) == session_count(Plan(start=date(2026, 2, 12), months=1, households=1, seed=1), CALENDAR)
    assert [one.at for one in found] == sorted(one.at for one in found)


def test_a_year_without_calendar_is_an_error_and_no_guess() -> None:
    plan = Plan(start=date(2027, 1, 20), months=1, households=1, seed=1)
    with pytest.raises(YearNotLoaded):
        list(sessions(plan, CALENDAR))
