"""Documents issued by the handler of diagrams from the records of a case, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from engine.host import Context
from engine.model import SYSTEM
from tests.applications import plain_dibao
from tests.casework import CaseworkUnderTest, casework_on, confirmed
from workflows.casework.commands import SubmitApplication
from workflows.casework.documents.model import IssuedDocument
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDocuments:
    """A command that reads the documents of a case in the clear."""

    case: Case

    def execute(self, context: Context[CaseworkUnitOfWork]) -> list[IssuedDocument]:
        return list(context.unit_of_work.documents.of_case(self.case.id))


@pytest.fixture
def office(database_url: str) -> Iterator[CaseworkUnderTest]:
    with casework_on(database_url) as opened:
        opened.at("2026-04-13 09:00")
        yield opened


def submitted(office: CaseworkUnderTest) -> Case:
    case: Case = office.run(SubmitApplication(application=plain_dibao()), actor=SYSTEM)
    return case


def issued(office: CaseworkUnderTest, case: Case, kind: str, **more: Any) -> IssuedDocument:
    told = office.step("issue_document", case, kind=kind, **more)
    documents: list[IssuedDocument] = office.run(ReadDocuments(case=case), actor=SYSTEM)
    return next(one for one in documents if one.id == UUID(str(told["document_id"])))


def said(document: IssuedDocument, key: str) -> Any:
    assert document.values is not None
    return document.values[key]


def test_a_correction_notice_lists_everything_and_nothing_is_issued_without_its_record(
    office: CaseworkUnderTest,
) -> None:
    case = submitted(office)
    assert office.breaks("issue_document", case, kind="correction") == "document-subject-missing"
    missing = [{"document": "disability_card", "title": "残疾人证", "reason": "复印件不清"}]
    office.step("issue_correction_notice", case, missing=missing, note=None, due_on="2026-04-23")
    document = issued(office, case, "correction")
    assert document.number == "溧救补〔2026〕001"
    assert [(one["title"], one["reason"]) for one in said(document, "missing")] == [("残疾人证", "复印件不清")]
    assert said(document, "due_on").startswith("2026年4月2")


def test_a_decision_has_its_own_number_and_a_referral_slip_the_unit(office: CaseworkUnderTest) -> None:
    case = office.authorised(submitted(office))
    office.step("accept_application", case)
    office.step("open_referrals", case, confirmed=[confirmed("education_aid")], dropped=[], note=None)
    slip = issued(office, case, "referral")
    assert (said(slip, "to_unit"), said(slip, "programme")) == ("溧阳市教育局", "教育救助")
    recorded = office.step(
        "record_decision",
        case,
        kind="grant",
        programme="dibao",
        reasons="收入低于标准。",
        calculation="1080×3－1276",
        amount=1964,
        amount_period="month",
        start_month="2026-05",
        articles=["社会救助法（2026）第十八条"],
        tables=[],
    )
    decision = issued(office, case, "decision", subject=recorded["decision_number"])
    assert decision.number == recorded["decision_number"]
    assert (said(decision, "amount"), said(decision, "start_month")) == ("每月1,964元", "2026年5月")
    assert said(decision, "remedies")[0].startswith("一、向溧阳市人民政府申请行政复议（截至2026年6月")
    assert issued(office, case, "decision").id == decision.id
    assert office.breaks("issue_document", case, kind="decision", subject="无此号") == "document-subject-missing"
    assert office.breaks("issue_document", case, kind="hearing") == "document-subject-missing"
    assert issued(office, case, "approval_form").number == "溧救审〔2026〕001"
