"""What of a household's aid counts on a day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from workflows.casework.county import deciding_group
from workflows.casework.programmes.model import AidLine


@pytest.mark.parametrize(
    ("period", "day", "counts"),
    [
        ("once", date(2026, 11, 1), True),
        ("once", date(2027, 1, 1), False),
        ("month", date(2026, 8, 31), True),
        ("month", date(2026, 11, 1), False),
    ],
)
def test_what_ended_counts_no_more_and_a_single_sum_in_its_own_year(period: str, day: date, counts: bool) -> None:
    line = AidLine(
        source="referral",
        unit_kind="trade_union",
        programme="union_aid",
        scheme="困难职工帮扶",
        case_number=None,
        member_number=None,
        amount=Decimal(500),
        amount_period=period,
        since=date(2026, 3, 1),
        is_open=False,
        until=date(2026, 8, 31),
    )
    assert line.counts_on(day) is counts


def test_the_aid_of_a_unit_without_reviewers_is_decided_by_its_clerks() -> None:
    assert [deciding_group(kind) for kind in ("housing", "trade_union")] == ["housing/reviewer", "trade_union/clerk"]
