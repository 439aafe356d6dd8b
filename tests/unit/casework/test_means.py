"""How declaration, agencies and survey come together."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from tests.applications import plain_dibao
from workflows.casework.intake import members_of
from workflows.casework.means import compile_means, means_of_one, report_lines, tells_of_one
from workflows.casework.model import Case, CaseStatus
from workflows.casework.records import AgencyRequest, AnswerStatus

NOW = datetime(2026, 9, 14, 2, 0, tzinfo=UTC)
NOTHING: dict[str, Any] = {"extra_monthly_income": 0, "extra_assets": 0}


def case() -> Case:
    application = plain_dibao()
    return Case(
        id=uuid4(),
        number="溧民救320481001-2026-000001",
        region=application.region,
        channel=application.channel,
        status=CaseStatus.CHECKING,
        submission_key=application.submission_key,
        submission_digest="",
        received_on=date(2026, 9, 14),
        received_at=NOW,
        household=application.household,
        members=members_of(application),
        needs=application.needs,
        recognised_status="none",
        account=None,
        documents=(),
        remark="",
    )


def request(agency: str, status: AnswerStatus | None, **answer: Any) -> AgencyRequest:
    return AgencyRequest(
        id=uuid4(),
        case_id=uuid4(),
        region="320481001",
        agency=agency,
        asked_at=NOW,
        due_at=NOW,
        status=status,
        answer=answer or None,
    )


def test_the_same_wage_reported_by_two_agencies_counts_once() -> None:
    answers = [
        request("tax", AnswerStatus.HIT, monthly_income=Decimal(2500)),
        request("social_insurance", AnswerStatus.HIT, monthly_income=Decimal(2400)),
    ]

    assert compile_means(case(), answers, NOTHING).monthly_income == 2500


def test_a_declaration_above_the_finding_stands() -> None:
    answers = [request("bank", AnswerStatus.HIT, assets=Decimal(100)), request("tax", AnswerStatus.NO_HIT)]
    means = compile_means(case(), answers, NOTHING)

    assert (means.monthly_income, means.assets) == (Decimal(2000), Decimal(9000))
    assert means.complete
    assert means.income_per_capita == Decimal("666.67")


def test_what_the_survey_found_comes_on_top() -> None:
    means = compile_means(case(), [], {"extra_monthly_income": 300, "extra_assets": Decimal("1000.50")})

    assert (means.monthly_income, means.assets) == (Decimal(2300), Decimal("10000.50"))


def test_a_silent_agency_makes_the_report_incomplete() -> None:
    assert not compile_means(case(), [request("bank", None)], NOTHING).complete
    assert not compile_means(case(), [request("bank", AnswerStatus.NO_DATA)], NOTHING).complete


def test_a_finding_to_be_explained_is_flagged_and_listed() -> None:
    answers = [request("vehicle", AnswerStatus.HIT, has_vehicle=None, needs_explanation=True, remarks=["姓名不一致"])]
    means = compile_means(case(), answers, NOTHING)

    assert (means.has_vehicle, means.needs_explanation) == (False, True)
    assert [line["remark"] for line in report_lines(case(), answers, NOTHING) if line["item"] == "explanation"] == [
        "姓名不一致"
    ]


def earner(member: int, **found: int) -> dict[str, Any]:
    sums = {kind: Decimal(found.get(kind, 0)) for kind in ("work", "wage", "pension", "benefits")}
    return {"member": member, **sums}


def test_what_two_agencies_know_of_two_members_adds_up() -> None:
    answers = [
        request("tax", AnswerStatus.HIT, monthly_income=Decimal(2500), earners=[earner(1, work=2500, wage=2500)]),
        request("social_insurance", AnswerStatus.HIT, monthly_income=Decimal(500), earners=[earner(2, pension=500)]),
    ]

    assert compile_means(case(), answers, NOTHING).monthly_income == 3000


def test_the_wage_that_was_found_is_the_one_the_costs_of_work_are_counted_on() -> None:
    answers = [
        request("tax", AnswerStatus.HIT, monthly_income=Decimal(2500), earners=[earner(1, work=2500, wage=2500)]),
        request("social_insurance", AnswerStatus.HIT, monthly_income=Decimal(9), earners=[earner(1, work=9, wage=9)]),
    ]
    means = compile_means(case(), answers, NOTHING)

    assert means.monthly_income == 2500
    assert {wage.number: wage.amount for wage in means.wages} == {1: Decimal(2500), 2: Decimal(0), 3: Decimal(0)}


def test_of_one_person_counts_what_the_check_of_the_household_knows_of_that_person() -> None:
    answers = [
        request("tax", AnswerStatus.HIT, monthly_income=Decimal(2500), earners=[earner(1, work=2500, wage=2500)]),
        request("social_insurance", AnswerStatus.HIT, monthly_income=Decimal(500), earners=[earner(2, pension=500)]),
        request("bank", AnswerStatus.HIT, assets=Decimal(100)),
    ]
    father, mother, child = case().members
    of = {one.number: means_of_one(one, answers, complete=True) for one in (father, mother, child)}

    assert [of[number].monthly_income for number in (1, 2, 3)] == [2500, 500, 0]
    assert [of[number].wages[0].amount for number in (1, 2)] == [2500, 0]
    assert (of[1].assets, of[1].has_vehicle) == (0, False)


def test_a_check_that_names_who_earns_what_tells_of_each_member() -> None:
    named = request("tax", AnswerStatus.HIT, monthly_income=Decimal(9), earners=[earner(1, work=9, wage=9)])
    nothing_earned = request("bank", AnswerStatus.HIT, assets=Decimal(100), monthly_income=Decimal(0))

    assert tells_of_one([named, nothing_earned, request("housing", AnswerStatus.NO_HIT)], NOTHING)


@pytest.mark.parametrize(
    ("answer", "seen"),
    [
        ({"monthly_income": Decimal(2500)}, 0),  # a checker typed in the total
        ({"monthly_income": Decimal(2500), "earners": []}, 0),
        ({"other_monthly_income": Decimal(300)}, 0),
        ({"stale": True}, 0),
        ({"needs_explanation": True}, 0),
        ({"assets": Decimal(1)}, 800),
    ],
)
def test_a_check_with_income_of_nobody_in_particular_or_an_open_matter_does_not_tell_of_one(
    answer: dict[str, Any], seen: int
) -> None:
    survey = {"extra_monthly_income": seen, "extra_assets": 0}

    assert not tells_of_one([request("tax", AnswerStatus.HIT, **answer)], survey)
