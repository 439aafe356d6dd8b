"""Places in the ranking of a circular."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from workflows.casework.circulars.model import CircularFigures, UnitLine
from workflows.casework.figures.model import Limits


def line(kind: str, kept: int, due: int) -> UnitLine:
    limits = Limits(due=due, kept=kept, late=due - kept, still_open=0, resting=0) if due else None
    return UnitLine(unit_kind=kind, limits=limits, referrals=None)


def test_equal_rates_share_a_place_and_who_owed_nothing_has_none() -> None:
    units = [line("medical", 2, 2), line("education", 4, 4), line("housing", 1, 2), line("finance", 0, 0)]
    nothing: Any = None  # the ranking asks for no other figure
    figures = CircularFigures(
        month=date(2026, 10, 1),
        counted_at=datetime(2026, 11, 2, tzinfo=UTC),
        county=nothing,
        towns=[],
        units=units,
        counts=nothing,
        overdue_items=[],
    )
    assert [figures.place(one) for one in units] == [1, 1, 3, None]
