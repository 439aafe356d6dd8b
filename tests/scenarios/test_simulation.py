"""A month of a small county: the same seed gives the same month, its books hold, and figures tell what was done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from api.scenario.county import CountyMaker
from api.simulation.figures import as_text, holds
from api.simulation.plan import Plan
from api.simulation.run import Simulation

SMALL = Plan(start=date(2026, 7, 1), months=1, seed=5, households=12)


def through(steps: Iterator[int]) -> None:
    for _ in steps:
        pass


def simulated(maker: CountyMaker, plan: Plan) -> dict[str, Any]:
    found: dict[str, Any] = Simulation.of(plan).run(maker, households=through, half_days=through)
    return found


def test_a_month_of_a_small_county_ends_with_its_books_in_order(maker: CountyMaker) -> None:
    found = simulated(maker, SMALL)

    assert holds(found), "\n".join(as_text(found))
    assert (found["households"], found["start"], found["end"]) == (12, "2026-07-01", "2026-08-01")
    assert sum(row["received"] for row in found["figures"]["towns"]) == found["handed_in"]
    assert sum(row["households"] for row in found["figures"]["benefits"]) >= 8
    assert set(found["books"]) == {"state", "stuck", "entitlement", "payment", "exclusive", "limit", "calendar"}
