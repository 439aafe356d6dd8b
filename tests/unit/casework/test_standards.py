"""Figures of policy read by key: what is missing or cannot be is refused by its name."""

from __future__ import annotations

from datetime import date

import pytest

from workflows.casework.errors import ParameterMissing, ParameterOutOfRange
from workflows.casework.standards import Standards

OPENS = "school_opens_month_autumn"


def standards(**values: int) -> Standards:
    return Standards(day=date(2026, 9, 1), values=values)


@pytest.mark.parametrize("month", [1, 9, 12])
def test_a_month_of_the_year_is_read(month: int) -> None:
    assert standards(school_opens_month_autumn=month).month(OPENS) == month


@pytest.mark.parametrize("month", [0, 13, -1])
def test_a_month_that_no_year_has_is_refused_with_what_was_found(month: int) -> None:
    with pytest.raises(ParameterOutOfRange) as refused:
        standards(school_opens_month_autumn=month).month(OPENS)

    assert f"应为 1 至 12，实际为 {month}" in refused.value.text("zh")
    assert f"must be 1 to 12 on 2026-09-01, and is {month}" in refused.value.text("en")


def test_a_county_that_has_not_entered_the_month_is_told_which() -> None:
    with pytest.raises(ParameterMissing, match=OPENS):
        standards().month(OPENS)
