"""What came of a simulation, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from statistics import median
from typing import Any

from api.scenario.county import ThrowAwayCounty
from api.simulation.office import Work
from api.simulation.plan import Plan
from engine.json_values import JsonObject
from engine.model import SYSTEM
from engine.queries import IncidentFilter
from workflows.casework.queries import CaseFilter, CaseSummary

PAGE = 100


def figures(county: ThrowAwayCounty, plan: Plan, work: Work) -> JsonObject:
    """Return the figures of a county after a simulation; the same ones for the same plan."""
    services = county.house.services
    cases = list(_cases(county))
    closed = [one for one in cases if one.closed_at is not None and one.accepted_on is not None]
    days = [(one.closed_at.date() - one.accepted_on).days for one in closed if one.closed_at and one.accepted_on]
    stuck = services.queries.incidents(IncidentFilter(actor=SYSTEM))
    return {
        "start": plan.start.isoformat(),
        "end": plan.end.isoformat(),
        "seed": plan.seed,
        "handed_in": work.handed_in,
        "cases": dict(sorted(Counter(one.status.value for one in cases).items())),
        "late": sum(one.overdue for one in cases),
        "median_days_to_close": Decimal(str(median(days))) if days else None,
        "referrals": _referrals(county, cases),
        "tasks_done": dict(sorted(work.done.items())),
        "tasks_undoable": dict(sorted(work.undoable.items())),
        "incidents": len(stuck),
    }


def _cases(county: ThrowAwayCounty) -> Iterator[CaseSummary]:
    offset = 0
    while True:
        page = county.house.services.casework.cases(CaseFilter(actor=SYSTEM, offset=offset, limit=PAGE))
        yield from page.cases
        offset += len(page.cases)
        if offset >= page.total or not page.cases:
            return


def _referrals(county: ThrowAwayCounty, cases: list[CaseSummary]) -> JsonObject:
    """Return, for each programme, how its referrals came out and what was granted."""
    found: dict[str, dict[str, Any]] = {}
    for case in cases:
        for one in county.house.services.casework.case(case.id, SYSTEM).referrals:
            referral = one.referral
            row = found.setdefault(referral.programme, {"outcomes": Counter(), "granted": Counter()})
            row["outcomes"][referral.outcome or "open"] += 1
            if referral.amount is not None:
                row["granted"][referral.amount_period or "once"] += referral.amount
    return {
        programme: {name: dict(sorted(counted.items())) for name, counted in row.items()}
        for programme, row in sorted(found.items())
    }
