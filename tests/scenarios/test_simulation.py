"""A month of a small county: the same seed gives the same figures, and nothing gets stuck."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from api.scenario.county import CountyMaker
from api.scenario.course import LOCAL
from api.simulation.figures import figures
from api.simulation.office import SimulatedOffice
from api.simulation.plan import Plan, sessions
from workflows.rules.calendar import WorkingCalendar, seed_days


def simulated(maker: CountyMaker, plan: Plan) -> dict[str, Any]:
    calendar = WorkingCalendar(days=seed_days(2026, 2026))
    with maker.county(datetime.combine(plan.start, time(8), LOCAL)) as county:
        office = SimulatedOffice(county, plan)
        for session in sessions(plan, calendar):
            office.live(session)
        return figures(county, plan, office.work)


def test_the_same_seed_gives_the_same_figures_and_nothing_gets_stuck(maker: CountyMaker) -> None:
    plan = Plan(start=date(2026, 3, 2), months=1, households=2, seed=5)
    first = simulated(maker, plan)

    assert first == simulated(maker, plan)
    assert first["handed_in"] == 2
    assert sum(first["cases"].values()) == 2
    assert sum(first["tasks_done"].values()) >= 4
    assert (first["tasks_undoable"], first["incidents"]) == ({}, 0)
