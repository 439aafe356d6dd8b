"""Whole cases over the shipped diagrams on PostgreSQL, with agencies, gateway and insurer as a real server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from engine.commands.deployments import RESOURCE_KINDS, DeployResources
from engine.commands.process_instances import CancelProcessInstance
from engine.commands.user_tasks import AssignUserTask, CompleteUserTask
from engine.job_executor import JobExecutor, WorkerSettings
from engine.model import SYSTEM, Actor, Resource, UserTask
from engine.queries import TaskTab, UserTaskFilter
from storage.casework_read_models import SqlCaseworkQueries
from tests import files
from tests.applications import CHILD, FATHER, HOUSEHOLD, MOTHER, identity, plain_dibao
from tests.casework import CaseworkUnderTest
from tests.engines import engine_on, person
from workflows.casework.circumstances import Event
from workflows.casework.commands import LoadCalendarYears, SetParameters, SubmitApplication
from workflows.casework.comments.commands import WriteComment
from workflows.casework.county import COUNTY_REGION
from workflows.casework.days import local_day
from workflows.casework.evidence.commands import AddEvidence
from workflows.casework.model import Case, CaseStatus, Health, Income
from workflows.casework.parameters import TEST_PARAMETERS
from workflows.casework.privacy import EraseCase
from workflows.casework.programmes.commands import LogJobOffer, SettleBill
from workflows.casework.programmes.model import OfferAnswer
from workflows.casework.queries import CaseView
from workflows.casework.spot_checks.commands import DrawSpotCheck
from workflows.casework.spot_checks.model import Basis, Population
from workflows.casework.spot_checks.sampling import Way
from workflows.connectors.http import HttpAgencies, HttpConnector, HttpInsurer, HttpMessageGateway
from workflows.connectors.simulator import Simulator
from workflows.host import Connectors, build_host
from workflows.organisation.commands import CreateAccount, CreateUnit
from workflows.organisation.model import Unit

WORKFLOWS = Path(__file__).parents[2] / "workflows"
SHIPPED = sorted(path for path in WORKFLOWS.glob("*/*") if path.suffix in RESOURCE_KINDS)
# Ids, hashes and times of day hold any four digits by chance.
WITHOUT_MEANING = re.compile(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{32,}\b|\.\d{6}\b")
LARGE_BILL = {
    "rule": "R6",
    "need": "large_bill",
    "programme": "temporary_relief",
    "unit_kind": "civil_affairs",
    "process_id": "temporary_relief",
}
SYSTEM_SIGHT = UserTaskFilter(actor=SYSTEM, tab=TaskTab.UNIT, limit=200)


@dataclass(slots=True, kw_only=True)
class County(CaseworkUnderTest):
    """A county at work: staff complete tasks by element id, the job executor does what is due."""

    url: str

    def submit(self, **changes: Any) -> Case:
        case: Case = self.run(SubmitApplication(application=plain_dibao(**changes)), actor=SYSTEM)
        self.work()
        return case

    def work(self) -> None:
        engine = self.under_test.engine
        JobExecutor(engine, signal=_no_signal, settings=WorkerSettings(name="worker")).run_until_idle()

    def open(self) -> dict[str, UserTask]:
        queries = self.under_test.queries
        tasks = [queries.user_task(task.id, SYSTEM) for task in queries.user_tasks(SYSTEM_SIGHT).tasks]
        return {task.element_id: task for task in tasks}

    def done(self, element_id: str, **values: Any) -> None:
        task = self.open()[element_id]
        worker = _worker(task)
        self.run(AssignUserTask(user_task_id=task.id, assignee=worker), actor=SYSTEM)
        self.run(CompleteUserTask(user_task_id=task.id, values=values), actor=worker)
        self.work()

    def due(self, element_id: str) -> str:
        return self.local(self.open()[element_id].due_at)

    def view(self, case: Case) -> CaseView:
        return self.questions.case(case.number, SYSTEM)

    def ledger(self) -> dict[str, Any]:
        found: dict[str, Any] = httpx.get(f"{self.url}/simulator/ledger").json()
        return found

    def tell(self, path: str, **body: Any) -> None:
        httpx.post(f"{self.url}/simulator/{path}", json=body).raise_for_status()


def _no_signal() -> Any:
    raise AssertionError("nobody waits in these tests")


def _worker(task: UserTask) -> Actor:
    """Somebody new for every task, so that nobody meets their own work."""
    return person(f"staff-{task.element_id}", *task.candidate_groups, region=COUNTY_REGION)


@pytest.fixture
def county(database_url: str) -> Iterator[County]:
    with Simulator() as simulator:
        connector = HttpConnector(simulator.url)
        outside = Connectors(
            agencies=HttpAgencies(connector), gateway=HttpMessageGateway(connector), insurer=HttpInsurer(connector)
        )

        def execute(command: Any) -> Any:
            return under_test.engine.execute(command, actor=SYSTEM)

        with engine_on(database_url, build_host(outside, execute=execute)) as under_test:
            execute(LoadCalendarYears(first_year=2025, last_year=2026, region=COUNTY_REGION))
            execute(SetParameters(parameters=TEST_PARAMETERS, region=COUNTY_REGION))
            execute(DeployResources(resources=tuple(_resource(path) for path in SHIPPED)))
            questions = SqlCaseworkQueries(under_test.database, under_test.keys, now=under_test.clock)
            yield County(under_test=under_test, questions=questions, url=simulator.url)
        connector.close()


def _resource(path: Path) -> Resource:
    return Resource(name=path.name, kind=RESOURCE_KINDS[path.suffix], content=path.read_bytes())


def take_in(county: County, members: int) -> None:
    county.done("Task_CheckCompleteness", completeness="complete")
    signed = [
        {"number": number, "relation": "self", "authorised": "yes", "signed_on": None, "signed_by": "self"}
        for number in range(1, members + 1)
    ]
    county.done("Task_RecordAuthorisations", withdrawn="no", authorisations=signed)


def survey(county: County, *, findings: str = "与申报一致") -> None:
    county.done(
        "Task_FirstSurveyor",
        visited_on="2026-09-16",
        persons_met="申请人",
        dwelling="adequate",
        income_seen="as_declared",
        assets_seen="as_declared",
        findings=findings,
    )
    county.done("Task_SecondSurveyor", agrees="yes")


def test_a_plain_case_from_the_window_to_the_benefit(county: County) -> None:
    county.at("2026-09-14 09:00")
    wages = [{"item": "wage", "amount": 2000, "unit": "yuan"}]
    county.tell("facts", identity_number=FATHER.identity_number, records={"social_insurance": wages})
    case = county.submit()
    take_in(county, members=3)
    assert {call["times"] for call in county.ledger()["calls"]} == {1}
    assert len(county.ledger()["calls"]) == len(county.parameter("check_sources", date(2026, 9, 14)))
    survey(county)
    county.done("Task_ReviewReport", review="usable")

    view = county.view(case)
    assert view.check_report is not None
    assert view.check_report.means.monthly_income == Decimal(2000)
    county.done("Task_ConfirmReferrals", selected_rules=["R1", "R7", "R9"], added_needs=[])
    assert [one.referral.rule for one in county.view(case).referrals] == ["R1", "R7", "R9"]
    assert county.view(case).summary.due_on == date(2026, 10, 30)

    county.at("2026-09-23 09:00")
    county.done("Task_FirstOpinion", opinion="grant")
    county.done("Task_PostNotice", posted_on="2026-09-23", place="村务公开栏")
    county.at("2026-10-08 09:00")
    county.work()
    county.done("Task_TakeDownNotice", taken_down_on="2026-10-08")
    county.done("Task_CountyReview", county_opinion="agree", county_visit="no", county_opinion_reason="符合条件")
    county.at("2026-10-15 09:00")
    county.done("Task_CountyConfirm", county_decision="grant")

    (benefit,) = county.view(case).benefits
    assert (benefit.amount, benefit.base, benefit.add_ons, f"{benefit.start_month:%Y-%m}") == (
        Decimal(1964),
        Decimal(1640),
        Decimal(324),
        "2026-11",
    )


def test_of_an_erased_case_no_table_holds_a_personal_fact(county: County) -> None:
    county.at("2026-09-14 09:00")
    wages = [{"item": "wage", "amount": 2013.57, "unit": "yuan"}]
    county.tell("facts", identity_number=FATHER.identity_number, records={"social_insurance": wages})
    mother = replace(MOTHER, health=Health(serious_illness=True, disability_kind="mental", disability_level=2))
    father = replace(FATHER, income=Income(net_monthly_wage=Decimal("1987.65")))
    case = county.submit(members=(father, mother, CHILD), remark="户主患白血病", documents=("illness_proof",))
    missing = [{"document": "disability_card", "title": "残疾人证", "reason": "申报精神残疾"}]
    county.step("issue_correction_notice", case, missing=missing, note="患白血病")
    county.run(AddEvidence(case_id=case.id, name="陈建国白血病诊断.png", content=files.png()), actor=SYSTEM)
    take_in(county, members=3)
    survey(county, findings="家中有白血病人")
    county.done("Task_ReviewReport", review="usable")
    county.done("Task_ConfirmReferrals", selected_rules=["R9"], added_needs=[], referral_note="白血病人")
    county.done("Task_AcknowledgeEducation", acknowledgement="accepted")
    pupils = [{"number": 3, "school_stage": "primary", "grade": 4, "on_roll": "yes"}]
    county.done("Task_MatchSchoolRoll", pupils=pupils)
    county.done("Task_ConfirmEducation", decision="agree")
    assert county.view(case).summary.status == CaseStatus.CLOSED
    county.run(WriteComment(case_id=case.id, text=f"{FATHER.name}患白血病", submission_key="one"), actor=SYSTEM)
    reviewed_in_a_sample(county, found="家中有白血病人")
    of_the_engine = {"variable", "user_task", "user_task_draft", "job", "decision_evaluation", "process_instance"}
    readable = clear_places(county, *facts_of(case))
    assert {"member.name", "notice.text", "case_file.remark", "correction_notice.note"} <= readable.keys()
    assert not of_the_engine & {place.split(".")[0] for place in readable}

    assert case.process_instance_id is not None
    decisions = county.under_test.queries.instance(case.process_instance_id).decisions
    assert {name for one in decisions for name in one.record["inputs"]}.isdisjoint({"case", "standard"})
    assert any(table["inputs"] for one in decisions for made in one.record["decisions"] for table in made["tables"])

    county.run(EraseCase(case_id=case.id), actor=SYSTEM)

    assert clear_places(county, *facts_of(case)) == {}
    assert county.view(case).summary.number == case.number
    forgotten = county.under_test.queries.instance(case.process_instance_id)
    assert [one.record for one in forgotten.decisions] == [{}] * len(decisions)
    assert not any(forgotten.variables.values())


def reviewed_in_a_sample(county: County, *, found: str) -> None:
    """Draw the finished case, and let a reviewer of the bureau write something personal about it."""
    bureau = Unit(id="bureau", kind="civil_affairs", name="民政局", name_en="Bureau", region=COUNTY_REGION)
    county.run(CreateUnit(unit=bureau), actor=SYSTEM)
    for login, name, role in (("bureau.lu", "陆审", "reviewer"), ("bureau.gao", "高远", "supervisor")):
        hired = CreateAccount(login=login, name=name, password="rivers-and-hills-9", posts=(("bureau", role),))
        county.run(hired, actor=SYSTEM)
    day = local_day(county.under_test.clock())
    quarter = Population(basis=Basis.FINISHED, since=day - timedelta(90), until=day, region=COUNTY_REGION)
    draw = DrawSpotCheck(population=quarter, way=Way.RISK, size=1, reason="季度抽查", submission_key="k")
    county.run(draw, actor=person("s", "civil_affairs/supervisor", region=COUNTY_REGION))
    rows: Any = county.open()["Task_ReviewSample"].variables["checklist"]
    wrong = {"verdict": "finding", "severity": "serious", "finding": found}
    county.done(
        "Task_ReviewSample", checklist=[{**row, **wrong} for row in rows], conclusion="right", review_note=found
    )


def test_of_an_erased_case_no_claim_offer_or_bill_tells_of_a_person(county: County) -> None:
    county.at("2026-09-14 09:00")
    event = Event(kind="illness", happened_on=date(2026, 9, 1), reference="住院9077号")
    case = county.submit(event=event)
    take_in(county, members=3)
    given = county.step("open_referrals", case, confirmed=[LARGE_BILL], dropped=[], note=None)
    county.step("register_relief_claim", case, referral_id=given["referrals"][0]["id"], kind="spending")
    offer = LogJobOffer(
        case_id=case.id,
        member_number=1,
        offered_on=date(2026, 9, 10),
        title="残疾人辅助岗位",
        monthly_wage=Decimal(2490),
        distance_km=Decimal(3),
        answer=OfferAnswer.REFUSED,
        ground="doctor_note",
        reason="患白血病",
    )
    county.run(offer, actor=SYSTEM)
    bill: dict[str, Any] = {"identity_number": FATHER.identity_number, "hospital": "溧阳市人民医院"}
    bill |= {"discharged_on": date(2026, 9, 12), "total": Decimal(40000), "in_scope": Decimal(36000)}
    county.run(SettleBill(number="ZY-1", channel="online", **bill), actor=SYSTEM)
    county.run(SettleBill(number="ZY-2", channel="paper", **bill), actor=SYSTEM)
    county.done("Task_ReviewClaim", claim_opinion="disagree", claim_note="陈建国患白血病，商业保险已报")
    county.done("Task_ConfirmClaim", claim_decision="refuse", review_note="商业保险已报")
    hashed = county.under_test.keys.search_hash(FATHER.identity_number, kind="identity")
    facts = [*facts_of(case), "9077", "残疾人辅助岗位", "doctor_note", hashed[:16]]
    told = {"relief_claim.event_kind", "relief_claim.event_reference", "job_offer.title", "job_offer.ground"}
    assert told <= clear_places(county, *facts).keys()
    assert settlements(county, hashed) == (1, 2)

    close(county, case)
    county.run(EraseCase(case_id=case.id), actor=SYSTEM)

    assert clear_places(county, *facts) == {}
    assert settlements(county, hashed) == (0, 0)


def settlements(county: County, hashed: str) -> tuple[int, int]:
    """Return how many bills are known as a person's, and how many processes of bills can still be read."""
    bills = text("SELECT count(*) FROM medical_bill WHERE identity_hash = :hashed")
    readable = text(
        "SELECT count(*) FROM process_instance WHERE process_id = 'medical_settlement' AND wrapped_key IS NOT NULL"
    )
    with county.under_test.database.connect() as connection:
        known = connection.execute(bills, {"hashed": hashed}).scalar_one()
        return known, connection.execute(readable).scalar_one()


def close(county: County, case: Case) -> None:
    """End a case where it stands."""
    assert case.process_instance_id is not None
    county.run(CancelProcessInstance(process_instance_id=case.process_instance_id, reason="结束"), actor=SYSTEM)
    with county.under_test.database.begin() as connection:
        connection.execute(text("UPDATE case_file SET status = 'closed'"))


def facts_of(case: Case) -> list[str]:
    persons = [one.person for one in case.members]
    own = [fact for one in persons for fact in (one.name, one.identity_number, one.phone) if fact]
    money = ["6200000000000000", "测试银行", "2013.57", "1987.65", "9000"]
    health = ["白血病", "残疾", "illness", "disability", "mental"]
    return [*own, *money, *health, "测试路", "chenjianguo", "chen jian guo", "1986-03-02", "net_monthly_wage"]


def clear_places(county: County, *words: str) -> dict[str, set[str]]:
    """Return the columns of all tables in which a word can be read, beside what analysts drew and figures of policy.

    Which agency was asked for which items tells of nobody: every household's check asks all of them.
    """
    beside = {"deployment_resource", "definition", "parameter", "alembic_version"}
    of_every_household = {"agency_request.agency", "agency_request.items"}
    tables = text("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
    found: dict[str, set[str]] = {}
    with county.under_test.database.connect() as connection:
        for table in set(connection.execute(tables).scalars()) - beside:
            for row in connection.execute(text(f"SELECT * FROM {table}")).mappings():
                for column, value in row.items():
                    content = WITHOUT_MEANING.sub(b"", value if isinstance(value, bytes) else str(value).encode())
                    read = {word for word in words if word.encode() in content}
                    if read and f"{table}.{column}" not in of_every_household:
                        found.setdefault(f"{table}.{column}", set()).update(read)
    return found


def many_needs() -> dict[str, Any]:
    mother = replace(
        MOTHER,
        relation="self",
        phone="19900005678",
        labour_capacity="full",
        employment="jobless",
        health=Health(),
        income=Income(),
    )
    older = replace(
        CHILD, name="陈大明", identity_number=identity(date(2012, 3, 1), count=35), school_stage="junior", grade=8
    )
    return {
        "members": (mother, CHILD, older),
        "needs": ("medical", "education", "housing", "employment"),
        "recognised_status": "dibao",
        "account": None,
        "household": replace(HOUSEHOLD, tenure="rented", own_area=Decimal(0), monthly_rent=Decimal(800)),
        "documents": ("application_form", "identity_papers", "authorisation", "truth_promise", "rent_contract"),
    }


def test_many_needs_go_out_the_same_day_and_each_comes_back_on_its_own(county: County) -> None:
    county.at("2026-06-15 09:00")
    case = county.submit(**many_needs())
    take_in(county, members=3)
    county.done("Task_ConfirmReferrals", selected_rules=["R7", "R9", "R10", "R12"], added_needs=[])

    dues = {
        one.referral.programme: (
            county.local(one.referral.acknowledge_due_at),
            county.local(one.referral.result_due_at),
        )
        for one in county.view(case).referrals
    }
    assert {acknowledge for acknowledge, _ in dues.values()} == {"2026-06-17 23:59:59"}
    assert dues["education_aid"][1] == "2026-06-30 23:59:59"
    assert dues["medical_aid"][1] == "2026-06-16 23:59:59"
    assert county.ledger()["calls"] == []  # recognised: nobody is asked again

    county.done("Task_AcknowledgeEducation", acknowledgement="accepted")
    education = next(one for one in county.view(case).referrals if one.referral.programme == "education_aid")
    assert education.referral.acknowledged_at == county.under_test.clock.time
    assert education.referral.state == "acknowledged"

    pupils = [
        {"number": 2, "school_stage": "primary", "grade": 4, "on_roll": "yes"},
        {"number": 3, "school_stage": "junior", "grade": 8, "on_roll": "yes"},
    ]
    county.done("Task_MatchSchoolRoll", pupils=pupils)
    county.done("Task_ConfirmEducation", decision="agree")
    county.done("Task_AcknowledgeHousing", acknowledgement="accepted")
    county.done("Task_CheckDwelling", tenure="rented", persons=3, own_area=0, checked_on="2026-06-15", landlord="房东")
    county.done("Task_ConfirmHousing", decision="agree")
    county.done("Task_AcknowledgeMedical", acknowledgement="accepted")
    county.done("Task_ConfirmMedicalStatus", confirmation="active", status_from="2026-06-16")

    results = {
        one.referral.programme: (one.referral.amount, one.referral.amount_period)
        for one in county.view(case).referrals
        if one.referral.outcome == "granted"
    }
    assert results["education_aid"] == (Decimal(3500), "year")
    assert results["housing_aid"] == (Decimal(720), "month")
    assert [call["place"] for call in county.ledger()["calls"]] == ["insurer"]

    county.at("2026-06-18 09:00")
    late = {one.referral.programme for one in county.view(case).referrals if one.overdue}
    assert late == {"employment_aid"}
    county.done("Task_AcknowledgeEmployment", acknowledgement="accepted")
    county.done("Task_RegisterJobseeker", registered_on="2026-06-18", wishes="超市收银")
    county.done("Task_RecordOffer", offer="accepted", offer_title="收银员", monthly_wage=2600)

    view = county.view(case)
    assert (view.summary.status, view.outcome) == (CaseStatus.CLOSED, "granted")
    results_told = [notice for notice in view.notices if notice.kind == "result"]
    assert len(results_told) == 4
    assert all(notice.sent_at for notice in results_told)
    assert {message["times"] for message in county.ledger()["messages"]} == {1}
    assert county.open() == {}


def test_a_silent_bank_and_a_wrong_tax_office_go_to_a_checker_and_the_case_goes_on(county: County) -> None:
    county.at("2026-09-14 09:00")
    county.tell("behaviour", agency="bank", mode="silent")
    county.tell("behaviour", agency="tax", mode="wrong_person")
    case = county.submit()
    take_in(county, members=3)
    assert county.open()["Task_EnterAnswer"].variables["agency"] == "tax"
    county.done("Task_EnterAnswer", answer_kind="no_data", no_data_reason="对方系统维护")

    county.under_test.clock.time += timedelta(days=8)
    county.work()
    county.done("Task_EnterAnswer", answer_kind="data", as_of="2026-09-18", assets=30000)
    survey(county)

    view = county.view(case)
    assert view.check_report is not None
    assert (view.check_report.means.assets, view.check_report.means.complete) == (Decimal(30000), False)
    by_hand = {one.agency: one.entered_by for one in view.agency_requests if one.entered_by}
    assert by_hand == {"bank": "staff-Task_EnterAnswer", "tax": "staff-Task_EnterAnswer"}
