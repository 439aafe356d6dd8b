"""The page of a case that has come a long way: referrals with late ones in red, check, notices, what was granted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from api.app import create_app
from api.services import Services
from tests.api.applications import application_json
from tests.api.conftest import Client, content
from workflows.casework.benefits.model import Act, Benefit
from workflows.casework.benefits.recognition import LinkedCase, Recognition
from workflows.casework.decisions.model import Decision, DecisionKind, Remedy, RemedyKind
from workflows.casework.queries import CaseView, ReferralView
from workflows.casework.records import (
    AgencyRequest,
    AnswerStatus,
    CheckReport,
    CorrectionNotice,
    Means,
    Notice,
    NoticeKind,
    PublicNotice,
    Referral,
    ReferralState,
)

SignIn = Callable[[str], Client]
NOW = datetime(2026, 6, 17, 2, 0, tzinfo=UTC)
ID = uuid4()


def referral(**changes: Any) -> Referral:
    return replace(
        Referral(
            id=uuid4(),
            number="Z-0001",
            case_id=ID,
            region="320481001",
            need="education",
            programme="education_aid",
            unit_kind="education",
            process_id="education_aid",
            rule="R9",
            reason="在校子女",
            reason_en="A child at school",
            state=ReferralState.SENT,
            sent_at=NOW,
            acknowledge_due_at=NOW - timedelta(days=1),
        ),
        **changes,
    )


def advanced(view: CaseView) -> CaseView:
    """Return a case view with everything that can stand on it."""
    done = referral(
        number="Z-0002",
        programme="housing_aid",
        state=ReferralState.DONE,
        acknowledged_at=NOW,
        result_at=NOW,
        outcome="granted",
        amount=Decimal("720.00"),
        amount_period="month",
    )
    answered = AgencyRequest(
        id=ID, case_id=ID, region="320481001", agency="bank", asked_at=NOW, due_at=NOW, status=AnswerStatus.NO_HIT
    )
    means = Means(
        monthly_income=Decimal(1600),
        income_per_capita=Decimal("533.33"),
        assets=Decimal(9000),
        has_vehicle=False,
        complete=True,
        needs_explanation=True,
    )
    return replace(
        view,
        summary=replace(view.summary, accepted_on=date(2026, 6, 15), due_on=date(2026, 7, 28), overdue=True),
        referrals=[
            ReferralView(referral=referral(), unit_name="溧阳市教育局", unit_name_en="Education", overdue=True),
            ReferralView(referral=done, unit_name="溧阳市住建局", unit_name_en="Housing", overdue=False),
        ],
        agency_requests=[answered, replace(answered, agency="tax", status=None)],
        check_report=CheckReport(
            id=ID,
            case_id=ID,
            version=1,
            compiled_at=NOW,
            means=means,
            lines=(
                {"source": "declaration", "item": "assets", "found": Decimal(9000), "remark": None, "as_of": None},
                {"source": "银行", "item": "has_vehicle", "found": False, "remark": None, "as_of": "2026-06-01"},
                {"source": "税务局", "item": "explanation", "found": None, "remark": "申报不符"},
            ),
            missing=("tax",),
            survey={},
            second_survey={},
        ),
        correction=CorrectionNotice(
            id=ID,
            case_id=ID,
            issued_at=NOW,
            due_on=date(2026, 6, 30),
            missing=({"document": "bank_account", "title": "银行账户", "reason": "发放需要"},),
        ),
        notices=[Notice(id=ID, case_id=ID, kind=NoticeKind.RESULT, text="您申请的住房救助已批准。", written_at=NOW)],
        public_notices=[
            PublicNotice(
                id=ID,
                case_id=ID,
                referral_id=ID,
                text="张*三户拟给予低保。",
                amount=Decimal(1964),
                prepared_at=NOW,
            )
        ],
        benefits=[
            Benefit(
                id=ID,
                case_id=ID,
                referral_id=ID,
                programme="dibao",
                amount=Decimal(1964),
                amount_period="month",
                start_month=date(2026, 7, 1),
                granted_at=NOW,
                base=Decimal(1640),
                add_ons=Decimal(324),
            ).opened((1,), Act(reason="测试变更", at=NOW))
        ],
        recognitions=[
            Recognition(
                id=ID,
                case_id=ID,
                referral_id=ID,
                status="dibao",
                persons=(1,),
                valid_from=date(2026, 7, 1),
                recorded_at=NOW,
            )
        ],
        decisions=[
            Decision(
                id=ID,
                number="溧民救〔2026〕001",
                case_id=ID,
                region="320481001",
                programme="subsistence_allowance",
                kind=DecisionKind.GRANT,
                decided_at=NOW,
                signer="reviewer",
                reasons="符合条件",
                amount=Decimal(1964),
                amount_period="month",
                start_month=date(2026, 7, 1),
                articles=("《社会救助法》第二十条",),
                remedies=(Remedy(kind=RemedyKind.REVIEW, authority="溧阳市人民政府", until=date(2026, 9, 1)),),
            )
        ],
        linked_cases=[LinkedCase(number="B-0002", kind="single_entry", member=2, is_origin=False)],
    )


class AdvancedCases:
    """The questions of casework, with every single case far advanced."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def case(self, key: Any, actor: Any, /) -> CaseView:
        return advanced(self._real.case(key, actor))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


@pytest.fixture
def page(services: Services, sign_in: SignIn) -> Callable[[str], str]:
    number = sign_in("clerk").post("/api/v1/applications", application_json()).json["number"]
    app = create_app(replace(services, casework=AdvancedCases(services.casework)))
    client = app.test_client()
    answer = client.post("/api/v1/session", json={"login": "clerk", "password": "rivers-and-hills-9"})
    task = content(client.get("/api/v1/tasks?tab=to-claim"))["tasks"][0]["id"]
    assert answer.status_code == 200
    paths = {"case": f"/cases/{number}", "task": f"/tasks/{task}"}
    return lambda which: client.get(paths[which.partition("?")[0]] + which.removeprefix(which.partition("?")[0])).text


@pytest.mark.parametrize("which", ["case", "task"])
def test_a_late_referral_is_red_and_a_done_one_says_what_was_granted(page: Callable[[str], str], which: str) -> None:
    rows = page(which).split("<tr>")
    late = next(row for row in rows if "Z-0001" in row)
    done = next(row for row in rows if "Z-0002" in row)

    assert "badge-danger" in late
    assert "badge-danger" not in done
    assert "720.00" in done
    assert "元/月" in done


@pytest.mark.parametrize("which", ["case", "task"])
def test_the_evidence_stands_on_the_page(page: Callable[[str], str], which: str) -> None:
    text = page(which)

    for expected in (
        "1,600.00",
        "等待答复",
        "银行账户",
        "您申请的住房救助已批准。",
        "张*三户",
        "申报不符",
        "term-bar",
    ):
        assert expected in text, expected


def test_what_was_granted_stands_on_the_page_in_both_languages(page: Callable[[str], str]) -> None:
    assert "1,964.00 元/月" in page("case")
    english = page("case?lang=en")
    assert "1,964.00 yuan a month" in english
    assert "Subsistence allowance" in english


def test_the_page_shows_what_was_decided_recognised_and_paused(services: Services, sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    number = clerk.post("/api/v1/applications", application_json()).json["number"]
    app = create_app(replace(services, casework=AdvancedCases(services.casework)))
    client = app.test_client()
    client.post("/api/v1/session", json={"login": "clerk", "password": "rivers-and-hills-9"})
    page = client.get(f"/cases/{number}").text

    for text in ("溧民救〔2026〕001", "《社会救助法》第二十条", "行政复议", "B-0002", "单人户", "测试变更"):
        assert text in page, text
    assert "B-0002" in client.get(f"/cases/{number}?lang=en").text
