"""A summer of a small county: the same seed gives the same months, its books hold, and figures tell what was done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from api.scenario.county import CountyMaker
from api.simulation.figures import as_text, holds
from api.simulation.plan import Plan
from api.simulation.run import MonthDone, Simulation

SMALL = Plan(start=date(2026, 7, 1), months=3, seed=5, households=5)


def through(steps: Iterator[int]) -> None:
    for _ in steps:
        pass


def simulated(maker: CountyMaker, plan: Plan) -> dict[str, Any]:
    months: list[MonthDone] = []
    found: dict[str, Any] = Simulation.of(plan).run(maker, households=through, half_days=through, months=months.append)
    assert [one.month for one in months] == [date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1)]
    assert sum(one.tasks_done for one in months) == sum(found["tasks_done"].values())
    return found


def test_three_months_of_a_small_county_end_with_their_books_in_order(maker: CountyMaker) -> None:
    found = simulated(maker, SMALL)

    assert holds(found), "\n".join(as_text(found))
    assert (found["households"], found["start"], found["end"]) == (5, "2026-07-01", "2026-10-01")
    assert sum(row["received"] for row in found["figures"]["towns"]) == found["handed_in"]
    assert sum(row["households"] for row in found["figures"]["benefits"]) >= 3
    assert found["happened"]["run"] == 3  # months paid
    assert found["happened"]["bank answer"] >= 2
    assert set(found["books"]) == {"state", "stuck", "entitlement", "payment", "exclusive", "limit", "calendar"}
