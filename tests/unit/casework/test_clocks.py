"""The clocks of referrals follow figures of policy, by need, then by programme, then the case's own limit."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from tests.unit.rules.calendars import COUNTY
from workflows.casework.clocks import ReferralClocks
from workflows.casework.days import COUNTY_TIME, end_of_day
from workflows.casework.errors import ParameterMissing
from workflows.casework.parameters import TEST_PARAMETERS
from workflows.casework.standards import Standards

SENT = datetime(2026, 6, 15, 9, tzinfo=COUNTY_TIME)
VALUES = {one.key: one.value for one in TEST_PARAMETERS}


class _Case:
    due_on = date(2026, 7, 28)


def clocks(**values: Any) -> ReferralClocks:
    return ReferralClocks(standards=Standards(day=SENT.date(), values=VALUES | values), calendar=COUNTY)


@pytest.mark.parametrize(
    ("need", "programme", "acknowledge", "result"),
    [
        ("education", "education_aid", "2026-06-17", "2026-06-30"),
        ("medical", "medical_aid", "2026-06-17", "2026-06-16"),
        ("worker", "union_aid", "2026-06-17", "2026-06-30"),
        ("shelter", "shelter", "2026-06-15", None),
        ("student", "dream_action", "2026-06-17", None),
        ("subsistence", "dibao", None, "2026-07-28"),
        ("large_bill", "temporary_relief", None, "2026-07-14"),
    ],
)
def test_each_programme_has_the_limits_of_its_parameters(
    need: str, programme: str, acknowledge: str | None, result: str | None
) -> None:
    dues = clocks().dues(_Case(), need=need, programme=programme, sent_at=SENT)  # type: ignore[arg-type]  # only its limit
    assert (dues.acknowledge_at, dues.result_at) == tuple(
        end_of_day(date.fromisoformat(one)) if one else None for one in (acknowledge, result)
    )


class _Unaccepted:
    due_on = None


@pytest.mark.parametrize("case", [_Case(), _Unaccepted()], ids=["its limit is over", "it has none"])
def test_a_need_found_later_has_a_limit_of_its_own_that_does_not_hang_on_the_case(case: Any) -> None:
    found = datetime(2026, 9, 1, 9, tzinfo=COUNTY_TIME)
    dues = clocks().dues(case, need="care", programme="tekun", sent_at=found, found_on=found.date())
    limit = COUNTY.add_working_days(found.date(), VALUES["total_days"])
    assert dues.result_at == end_of_day(limit)
    assert clocks().dues(case, need="worker", programme="union_aid", sent_at=SENT, found_on=SENT.date()).result_at == (
        end_of_day(date(2026, 6, 30))
    )


def test_an_urgent_need_is_answered_within_hours_that_run_through_holidays() -> None:
    friday = datetime(2026, 10, 2, 10, 20, tzinfo=COUNTY_TIME)
    dues = clocks().dues(_Case(), need="urgent", programme="temporary_relief", sent_at=friday)  # type: ignore[arg-type]  # only its limit
    assert dues.result_at == datetime(2026, 10, 3, 10, 20, tzinfo=COUNTY_TIME)


def test_a_limit_that_is_no_number_is_refused_by_its_name() -> None:
    with pytest.raises(ParameterMissing, match="result_days_education_aid"):
        clocks(result_days_education_aid="soon").dues(
            _Case(),  # type: ignore[arg-type]  # only its limit
            need="education",
            programme="education_aid",
            sent_at=SENT,
        )
