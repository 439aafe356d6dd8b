"""Shipped scenarios with one fact changed: the outcome is another one, and it is the one the rule says."""

from __future__ import annotations

import pytest

from api.scenario.report import as_text
from tests.scenarios.conftest import Run, changed

CHANGES = [
    # 1,640 and the child's 108; nobody is seriously ill, so no 216
    pytest.param(
        "a1",
        [("serious_illness: true", "serious_illness: false")],
        [("1964", "1748"), ("1,964", "1,748")],
        id="A1-healthy",
    ),
    # junior school: 2,000 a year for a dibao pupil, where primary school gives 1,500
    pytest.param(
        "a1",
        [("school_stage: primary\n      grade: 4", "school_stage: junior\n      grade: 7")],
        [("amount: 1500", "amount: 2000")],
        id="A1-junior",
    ),
    # three things he cannot do himself are a partial loss: 498 in place of 747
    pytest.param(
        "a5",
        [("[dress, toilet, bathe, walk]", "[dress, toilet, bathe]")],
        [("amount: 2259", "amount: 2010"), ("add_ons: 747", "add_ons: 498")],
        id="A5-partial",
    ),
    # 1,080 x 4 x 1 = 4,320, and of three months more the cap of 12,960 leaves 8,640
    pytest.param(
        "a8",
        [("persons: 4, months: 2", "persons: 4, months: 1")],
        [("amount: 8640", "amount: first"), ("amount: 4320", "amount: 8640"), ("amount: first", "amount: 4320")],
        id="A8-one-month",
    ),
    # 70% of 30,000; 65% of 9,000 - 7,500; 75% of the 8,025 that are left
    pytest.param(
        "a9",
        [("in_scope: 36000", "in_scope: 30000")],
        [
            (
                "insurance: 25200, critical_illness: 2145, aid: 6491.25, patient: 6163.75",
                "insurance: 21000, critical_illness: 975, aid: 6018.75, patient: 12006.25",
            )
        ],
        id="A9-less-in-scope",
    ),
    # both at primary school: 1,500 each, half of it every term
    pytest.param(
        "a10",
        [("school_stage: junior\n      grade: 8", "school_stage: primary\n      grade: 6")],
        [("amount: 3500", "amount: 3000"), ("[750, 1000]", "[750, 750]")],
        id="A10-both-primary",
    ),
    # 20,000 less 5,000
    pytest.param(
        "a17",
        [("insurance_payout: 12000", "insurance_payout: 5000")],
        [("amount: 8000", "amount: 15000")],
        id="A17-less-insured",
    ),
    # 15,000 for a household that is neither dibao nor extremely poor, less 12,000; 400 a person in winter
    pytest.param(
        "a17",
        [("recognised_status: dibao", "recognised_status: none")],
        [
            ("amount: 8000", "amount: 3000"),
            ("status: dibao, amount: '900.00', granted: '600.00'", "status: none, amount: '900.00', granted: '400.00'"),
            ("amount: '600.00', state: paid", "amount: '400.00', state: paid"),
        ],
        id="A17-not-poor",
    ),
]


@pytest.mark.parametrize(("name", "fact", "outcome"), CHANGES)
def test_another_fact_makes_another_outcome(
    run_scenario: Run, name: str, fact: list[tuple[str, str]], outcome: list[tuple[str, str]]
) -> None:
    course = run_scenario(changed(name, *fact, *outcome))
    assert course.holds, "\n".join(as_text(course))


def test_the_outcome_of_before_no_longer_holds(run_scenario: Run) -> None:
    course = run_scenario(changed("a17", ("insurance_payout: 12000", "insurance_payout: 5000")))
    assert [(one.expected, str(one.found)) for one in course.comparisons if not one.holds] == [(8000, "15000.00")]
