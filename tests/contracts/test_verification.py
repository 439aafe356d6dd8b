"""The economic check on a database: consents, what is never asked, versions, objections, files, late answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, and_, select, update

from api.demo.county import shipped_resources
from api.scenario.outside import ADDRESS, OutsideTransport
from engine.commands.deployments import DeployResources
from engine.commands.process_instances import StartProcessInstance
from engine.commands.user_tasks import AssignUserTask, CompleteUserTask
from engine.errors import EngineError
from engine.host import Context
from engine.job_executor import JobExecutor, WorkerSettings
from engine.json_values import JsonObject
from engine.model import SYSTEM, Actor, InstanceState, UserTask
from engine.queries import IncidentFilter, TaskTab, UserTaskFilter
from storage.casework_read_models import SqlCaseworkQueries
from storage.tables.casework import agency_request, case_file
from storage.tables.engine import process_instance
from storage.verification_view import SqlCheckQueries
from tests.applications import FATHER, MOTHER, identity, plain_dibao
from tests.casework import CaseworkUnderTest
from tests.engines import engine_on, person
from tests.races import after_the_first
from workflows.casework.commands import LoadCalendarYears, SetParameters, SubmitApplication
from workflows.casework.county import COUNTY_REGION
from workflows.casework.model import Case, CaseStatus
from workflows.casework.parameters import TEST_PARAMETERS
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.privacy import EraseCase
from workflows.casework.procedure.kin_commands import Kin, RegisterKin
from workflows.casework.procedure.model import KinPost
from workflows.casework.records import CheckReport, Parameter
from workflows.casework.verification.answering import DeliverAnswer
from workflows.casework.verification.asking import RequestCheck, open_round
from workflows.casework.verification.authorising import (
    AddSupporter,
    Consent,
    RecordAuthorisation,
    WithdrawAuthorisation,
)
from workflows.casework.verification.bank_files import HandOutBankFile, ImportBankFile, MakeBankFile
from workflows.casework.verification.errors import ObjectionOpen
from workflows.casework.verification.model import CheckPurpose, FileEncoding, FileFormat, RefusalGround
from workflows.casework.verification.objecting import ObjectToReport, Proof
from workflows.casework.verification.queries import CheckView
from workflows.casework.verification.return_rows import RETURN_COLUMNS
from workflows.casework.verification.table_files import digest_of, read_table, write_table
from workflows.connectors.channels import ChannelledAgencies
from workflows.connectors.http import HttpConnector, HttpInsurer, HttpMessageGateway
from workflows.host import Connectors, build_host

FEW_SOURCES = ("bank", "vehicle", "social_insurance")
SIGHT = UserTaskFilter(actor=SYSTEM, tab=TaskTab.UNIT, limit=200)
CLERK = person("clerk", "township/clerk", region="320481001")
CHECKER = person("checker", "civil_affairs/checker", region=COUNTY_REGION)
REFUSAL = {"referral_id": None, "programme": "dibao", "reasons": "超限", "articles": ["第十八条"], "tables": []}
PROOF = (Proof(title="销户凭证", sha256="a" * 64),)
COLUMNS = (*RETURN_COLUMNS, "项目", "金额", "单位", "账户状态", "份额", "共有人数", "代管", "参考号")


@dataclass(slots=True, kw_only=True)
class CheckedCounty(CaseworkUnderTest):
    """A county whose check asks few sources, with the simulator behind a function call."""

    outside: OutsideTransport
    checks: SqlCheckQueries

    def submit(self, **changes: Any) -> Case:
        case: Case = self.run(SubmitApplication(application=plain_dibao(**changes)), actor=SYSTEM)
        self.work()
        return case

    def taken_in(self, **changes: Any) -> Case:
        """Take a household in up to the start of the check."""
        case = self.submit(**changes)
        self.done("Task_CheckCompleteness", completeness="complete")
        self.done("Task_RecordAuthorisations", withdrawn="no", authorisations=signed(len(case.members)))
        return case

    def work(self) -> None:
        settings = WorkerSettings(name="worker", threads=1)
        JobExecutor(self.under_test.engine, signal=_no_signal, settings=settings).run_until_idle()

    def open(self) -> dict[str, UserTask]:
        queries = self.under_test.queries
        tasks = [queries.user_task(task.id, SYSTEM) for task in queries.user_tasks(SIGHT).tasks]
        return {task.element_id: task for task in tasks}

    def done(self, element_id: str, **values: Any) -> None:
        task = self.open()[element_id]
        worker = person(f"staff-{element_id}", *task.candidate_groups, region=COUNTY_REGION)
        self.run(AssignUserTask(user_task_id=task.id, assignee=worker), actor=SYSTEM)
        self.run(CompleteUserTask(user_task_id=task.id, values=values), actor=worker)
        self.work()

    def check(self, case: Case) -> CheckView:
        return self.checks.check(case.number, SYSTEM)

    def knows(self, member: Any, **facts: Any) -> None:
        self.outside.county.register({"identity_number": member.identity_number, "name": member.name, **facts})

    def calls(self) -> list[str]:
        return [call["place"] for call in self.outside.county.ledger()["calls"]]

    def refused(self, command: Any, actor: Actor = CLERK) -> str:
        with pytest.raises(EngineError) as error:
            self.run(command, actor=actor)
        return error.value.code

    def pass_days(self, days: int) -> None:
        self.under_test.clock.time += timedelta(days=days)
        self.work()

    def object(self, case: Case, *agencies: str, version: int = 1, **changes: Any) -> ObjectToReport:
        given = {"grounds": "账户已于五月三十一日销户", "evidence": PROOF, **changes}
        return ObjectToReport(case_id=case.id, report_version=version, agencies=agencies, **given)


def _no_signal() -> Any:
    raise AssertionError("nobody waits in these tests")


@pytest.fixture
def county(database_url: str) -> Iterator[CheckedCounty]:
    outside = OutsideTransport()
    connector = HttpConnector(ADDRESS, transport=outside)
    connectors = Connectors(
        agencies=ChannelledAgencies(connector),
        gateway=HttpMessageGateway(connector),
        insurer=HttpInsurer(connector),
    )

    def execute(command: Any) -> Any:
        return under_test.engine.execute(command, actor=SYSTEM)

    with engine_on(database_url, build_host(connectors, execute=execute)) as under_test:
        execute(LoadCalendarYears(first_year=2025, last_year=2026, region=COUNTY_REGION))
        sources = Parameter(
            key="check_sources", value=list(FEW_SOURCES), effective_from=date(2026, 1, 1), source="test"
        )
        execute(SetParameters(parameters=(*TEST_PARAMETERS, sources), region=COUNTY_REGION))
        execute(DeployResources(resources=shipped_resources()))
        found = CheckedCounty(
            under_test=under_test,
            questions=SqlCaseworkQueries(under_test.database, under_test.keys, now=under_test.clock),
            outside=outside,
            checks=SqlCheckQueries(under_test.database, under_test.keys, now=under_test.clock),
        )
        found.at("2026-06-22 09:00")
        yield found
    connector.close()


def test_a_consent_waits_for_what_is_done_to_the_case_and_undoes_none_of_it(county: CheckedCounty) -> None:
    case = county.taken_in()

    def moved_on(connection: Connection) -> None:
        ours = process_instance.c.id == case.process_instance_id
        connection.execute(select(process_instance.c.id).where(ours).with_for_update())
        of_case = case_file.c.id == case.id
        connection.execute(update(case_file).where(of_case).values(status="referred", routing_note="先转医保"))

    command = RecordAuthorisation(case_id=case.id, consent=Consent(person=2))
    after_the_first(county.under_test.database, moved_on, lambda: county.run(command, actor=CLERK))
    kept = county.case(case)
    assert (kept.status, kept.routing_note) == (CaseStatus.REFERRED, "先转医保")


def test_for_kin_a_case_does_not_exist_whatever_number_they_name(county: CheckedCounty) -> None:
    case = county.taken_in()
    request = county.check(case).requests[0]
    kin = Kin(name="陈官", relation="儿子", post=KinPost.STAFF, login=CLERK.id)
    county.run(RegisterKin(case_id=case.id, kin=kin), actor=SYSTEM)
    assert county.refused(DeliverAnswer(number=str(request.number), answer={})) == "case-not-found"
    assert county.refused(WithdrawAuthorisation(case_id=case.id, person=1, reason="")) == "case-not-found"
    requested = county.run(RequestCheck(case_number=case.number, purpose="recheck", reason="x"), actor=CLERK)
    assert requested.refused.ground == RefusalGround.NOT_PERMITTED


def signed(count: int, *missing: int) -> list[dict[str, Any]]:
    return [
        {
            "number": number,
            "relation": "self",
            "authorised": "no" if number in missing else "yes",
            "signed_on": None,
            "signed_by": "self",
        }
        for number in range(1, count + 1)
    ]


def deposit(amount: Any, **more: Any) -> dict[str, Any]:
    return {"item": "deposit", "amount": amount, "unit": "yuan", **more}


def pair() -> dict[str, Any]:
    """A household of two: the limit for the subsistence allowance is 51,840."""
    return {"members": (FATHER, MOTHER)}


# ---- consents


def test_while_one_consent_is_missing_no_query_at_all_is_sent(county: CheckedCounty) -> None:
    case = county.submit()
    county.done("Task_CheckCompleteness", completeness="complete")
    county.done("Task_RecordAuthorisations", withdrawn="no", authorisations=signed(3, 2))

    assert county.calls() == []
    assert county.check(case).missing_consents == (2,)
    assert "Task_RecordAuthorisations" in county.open()


def test_a_consent_names_classes_copies_and_the_time_it_runs(county: CheckedCounty) -> None:
    case = county.taken_in()
    consent = county.check(case).authorisations[0]

    assert consent.holds
    assert set(consent.copies) == {"family", "file", "check_centre"}
    assert "finance" in consent.agency_classes
    assert consent.valid_from == date(2026, 6, 22)
    requests = county.check(case).requests
    assert {len(one.authorisation_ids) for one in requests} == {3}
    assert {(one.purpose, one.requested_by, one.look_back_months) for one in requests} == {
        ("new_application", requests[0].requested_by, 12)
    }


def test_an_agency_that_a_consent_does_not_name_is_not_asked(county: CheckedCounty) -> None:
    case = county.submit()
    narrow = Consent(person=1, agency_classes=("police", "human_resources"))
    for command in (
        RecordAuthorisation(case_id=case.id, consent=narrow),
        RecordAuthorisation(case_id=case.id, consent=Consent(person=2)),
        RecordAuthorisation(case_id=case.id, consent=Consent(person=3, signed_by="guardian", guardian="陈建国")),
    ):
        county.run(command, actor=CLERK)
    county.step("start_means_check", case, purpose="new_application")
    county.step("accept_application", case)

    asked = {one.agency: one for one in county.check(case).requests}
    assert asked["bank"].reason == "授权书未包括该类信息单位"
    assert asked["vehicle"].status is None


@pytest.mark.parametrize(
    "consent",
    [
        Consent(person=1, signed_on=date(2026, 6, 23)),
        Consent(person=1, valid_to=date(2026, 6, 1)),
        Consent(person=1, agency_classes=()),
        Consent(person=1, guardian="某某"),
        Consent(person=1, copies=("nobody",)),
    ],
)
def test_a_consent_that_cannot_stand_is_refused(county: CheckedCounty, consent: Consent) -> None:
    case = county.submit()

    assert county.refused(RecordAuthorisation(case_id=case.id, consent=consent)) == "authorisation-invalid"
    assert county.refused(RecordAuthorisation(case_id=case.id, consent=Consent(person=9))) == "record-not-found"
    assert county.check(case).authorisations == []


def test_a_withdrawn_consent_makes_the_case_rest_and_a_new_one_lets_it_go_on(county: CheckedCounty) -> None:
    county.outside.county.behave({"agency": "bank", "mode": "silent"})
    case = county.taken_in()
    asked = len(county.calls())
    county.run(WithdrawAuthorisation(case_id=case.id, person=2, reason="不愿再查"), actor=CLERK)
    county.outside.county.behave({"agency": "bank", "mode": "normal"})
    county.pass_days(1)

    assert len(county.calls()) == asked  # no further query
    assert county.check(case).blocked == "authorisation_withdrawn"
    assert state(county, case) is InstanceState.SUSPENDED
    assert [one.kind for one in county.questions.case(case.number, SYSTEM).notices if one.kind == "withdrawal"] == [
        "withdrawal"
    ]

    county.run(RecordAuthorisation(case_id=case.id, consent=Consent(person=2)), actor=CLERK)
    county.pass_days(0)
    county.pass_days(1)

    assert county.check(case).blocked is None
    assert state(county, case) is InstanceState.ACTIVE
    assert "Task_ReviewReport" in county.open()
    assert "Task_DecideWithdrawal" not in county.open()


def test_a_consent_that_stays_withdrawn_ends_the_case_by_a_decision(county: CheckedCounty) -> None:
    county.outside.county.behave({"agency": "bank", "mode": "silent"})
    case = county.taken_in()
    county.run(WithdrawAuthorisation(case_id=case.id, person=1, reason=""), actor=CLERK)
    county.work()
    county.pass_days(8)
    county.done("Task_DecideWithdrawal", withdrawal_decision="terminate", withdrawal_note="提醒期满")

    view = county.questions.case(case.number, SYSTEM)
    assert (view.summary.status, view.outcome) == (CaseStatus.CLOSED, "withdrawn")
    assert state(county, case) is InstanceState.CANCELLED
    assert county.open() == {}
    assert [one.sent_at is not None for one in view.notices if one.kind == "withdrawal"] == [True, True]


def test_nothing_can_be_withdrawn_that_was_never_given(county: CheckedCounty) -> None:
    case = county.submit()

    assert county.refused(WithdrawAuthorisation(case_id=case.id, person=1, reason="")) == "no-authorisation"


def test_a_supporter_outside_the_home_is_asked_about_only_with_a_consent_of_their_own(county: CheckedCounty) -> None:
    case = county.submit(**pair())
    brother = identity(date(1980, 1, 1), count=55)
    added = AddSupporter(case_id=case.id, name="陈建华", identity_number=brother, relation="brother", supports=1)
    supporter = county.run(added, actor=CLERK)
    assert county.refused(added) == "authorisation-invalid"
    county.outside.county.register({"identity_number": brother, "records": {"bank": [deposit(90_000)]}})
    county.done("Task_CheckCompleteness", completeness="complete")
    county.done("Task_RecordAuthorisations", withdrawn="no", authorisations=signed(2))

    report = county.check(case).reports[0]
    assert (supporter.number, report.not_asked) == (101, (101,))
    assert {call["subjects"] for call in county.outside.county.ledger()["calls"]} == {2}

    county.run(RecordAuthorisation(case_id=case.id, consent=Consent(person=101)), actor=CLERK)
    started = county.run(
        RequestCheck(case_number=case.number, purpose="periodic_recheck", reason="半年核查"), actor=CHECKER
    )
    county.work()
    report = county.check(case).reports[0]
    assert started.refused is None
    assert report.not_asked == ()
    assert report.means.assets == Decimal(9000)  # a supporter's money is none of the household's
    assert report.purpose == "periodic_recheck"


# ---- what is never let out


@pytest.mark.parametrize(
    ("purpose", "actor", "ground"),
    [
        ("curiosity", CHECKER, "purpose_unknown"),
        ("complaint", person("other", "township/clerk", region="320481002"), "not_permitted"),
        ("complaint", CHECKER, "not_authorised"),
    ],
)
def test_a_query_outside_its_purpose_is_refused_and_kept(
    county: CheckedCounty, purpose: str, actor: Actor, ground: str
) -> None:
    case = county.submit()
    requested = county.run(RequestCheck(case_number=case.number, purpose=purpose, reason=""), actor=actor)

    assert requested.process_instance_id is None
    (kept,) = county.checks.refused_queries(SYSTEM)
    assert (kept.ground, kept.actor, kept.case_number) == (ground, actor.id, case.number)
    assert county.calls() == []


def test_while_a_check_is_under_way_no_second_one_asks_the_same_agencies(county: CheckedCounty) -> None:
    county.outside.county.behave({"agency": "bank", "mode": "silent"})
    case = county.taken_in(**pair())
    wanted = RequestCheck(case_number=case.number, purpose="complaint", reason="群众举报")

    assert county.refused(wanted, CHECKER) == "check-running"
    county.pass_days(8)
    county.done("Task_EnterAnswer", answer_kind="no_data", no_data_reason="五个工作日未答复")
    assert county.run(wanted, actor=CHECKER).process_instance_id
    asked = county.check(case).requests
    own = {one.process_instance_id for one in asked if one.round == 1}
    assert (own, {one.round for one in asked}) == ({case.process_instance_id}, {1, 2})


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveReport:
    """Write a report over."""

    report: CheckReport

    def execute(self, context: Context[CaseworkUnitOfWork]) -> None:
        context.unit_of_work.cases.save_check_report(self.report)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAgain:
    """Ask in the process that asked before, as each re-check of a benefit does."""

    case: Case
    process_instance_id: UUID

    def execute(self, context: Context[CaseworkUnitOfWork]) -> set[int]:
        purpose = CheckPurpose.PERIODIC_RECHECK
        asked = open_round(context, self.case, purpose, process_instance_id=self.process_instance_id)
        return {one.round for one in asked}


@pytest.mark.parametrize("kept_round", [None, 1])
def test_a_recorded_change_leaves_answered_what_was_answered(county: CheckedCounty, kept_round: int | None) -> None:
    case = county.taken_in(**pair())
    recheck = RequestCheck(case_number=case.number, purpose="periodic_recheck", reason="半年核查")
    asker = county.run(recheck, actor=CHECKER).process_instance_id
    county.work()
    county.step("record_household_facts", case, members=[], assets=None, has_vehicle=None, note=None)
    report = county.check(case).reports[0]
    assert (report.lines[0]["source"], report.round, report.purpose) == ("change", 2, "periodic_recheck")
    if kept_round is not None:  # as a release before wrote it
        county.run(SaveReport(report=replace(report, round=kept_round)), actor=SYSTEM)

    assert county.run(CheckAgain(case=case, process_instance_id=asker), actor=SYSTEM) == {3}


def verified(county: CheckedCounty, case: Case, *members: JsonObject, vehicle: bool | None = None) -> JsonObject:
    """Record what was verified of a change, and return what the next steps are told."""
    told: JsonObject = {"members": list(members), "assets": None, "has_vehicle": vehicle, "note": "入户核实"}
    return county.step("record_household_facts", case, **told)


def test_what_agencies_found_counts_on_after_a_change_of_somebody_else(county: CheckedCounty) -> None:
    county.knows(FATHER, records={"social_insurance": [{"item": "wage", "amount": 2600, "unit": "yuan"}]})
    county.knows(MOTHER, records={})
    case = county.taken_in(**pair())
    [checked] = county.check(case).reports

    told = verified(county, case, {"number": 2, "net_monthly_wage": 500})
    moved = county.check(case).reports[0]
    assert told["report_id"] == str(moved.id)
    assert (moved.trigger, moved.conclusion, moved.valid_until) == ("change", None, checked.valid_until)
    assert moved.means.monthly_income == checked.means.monthly_income + 500
    line = next(one for one in moved.lines if one["item"] == "monthly_income")
    assert "第1人工资 2,600 元（核对查得）" in line["remark"]
    assert "第2人工资 500 元（核实所见）" in line["remark"]


def test_a_verified_change_counts_before_what_agencies_found_earlier(county: CheckedCounty) -> None:
    county.knows(FATHER, records={"social_insurance": [{"item": "wage", "amount": 2600, "unit": "yuan"}]})
    county.knows(MOTHER, records={})
    case = county.taken_in(**pair())

    verified(county, case, {"number": 1, "net_monthly_wage": 100, "employment": "employed"})
    moved = county.check(case).reports[0]
    assert moved.means.monthly_income == 100
    assert [(one.number, one.amount) for one in moved.means.wages] == [(1, 100), (2, 0)]

    verified(county, case, {"number": 2, "net_monthly_wage": 300})  # what was verified before stays verified
    assert county.check(case).reports[0].means.monthly_income == 400


def test_what_was_verified_to_be_as_declared_counts_before_what_agencies_found(county: CheckedCounty) -> None:
    county.knows(FATHER, records={"social_insurance": [{"item": "wage", "amount": 2600, "unit": "yuan"}]})
    county.knows(MOTHER, records={})
    case = county.taken_in(**pair())
    assert county.check(case).reports[0].means.monthly_income == 2600

    verified(county, case, {"number": 1, "net_monthly_wage": 2000})
    assert county.check(case).reports[0].means.monthly_income == 2600  # the form's own figure, verified by nobody
    verified(county, case, {"number": 1, "net_monthly_wage": 2000, "verified": ["wage"]})
    moved = county.check(case).reports[0]
    assert moved.means.monthly_income == 2000
    assert [(one.number, one.amount) for one in moved.means.wages] == [(1, 2000), (2, 0)]


def test_one_item_that_was_verified_leaves_of_the_others_what_agencies_found(county: CheckedCounty) -> None:
    found = [
        {"item": "wage", "amount": 2600, "unit": "yuan"},
        {"item": "unemployment_pay", "amount": 400, "unit": "yuan"},
    ]
    county.knows(FATHER, records={"social_insurance": found})
    county.knows(MOTHER, records={})
    case = county.taken_in(**pair())

    verified(county, case, {"number": 1, "basic_pension": 300})
    assert county.check(case).reports[0].means.monthly_income == 2600 + 400 + 300
    verified(county, case, {"number": 1, "verified": ["benefits"]})
    assert county.check(case).reports[0].means.monthly_income == 2600 + 300


def test_a_total_of_the_household_is_dropped_only_once_all_who_earn_were_verified(county: CheckedCounty) -> None:
    case = county.taken_in(**pair())
    total = {"status": "hit", "monthly_income": 5000}
    request = county.check(case).requests[0]
    answer = {"request_id": str(request.id), "agency": request.agency, "source": "manual", "answer": total}
    county.step("record_agency_answer", case, **answer)
    county.step("compile_check_report", case, trigger="late_answer", supplement=None)
    verified(county, case, {"number": 2, "net_monthly_wage": 500})
    assert county.check(case).reports[0].means.monthly_income == 5000
    verified(county, case, {"number": 1, "verified": ["wage"]})
    assert county.check(case).reports[0].means.monthly_income == 2000 + 500


def test_a_change_is_not_concluded_past_a_check_that_is_open(county: CheckedCounty) -> None:
    case = county.taken_in(**pair())
    county.step("compile_check_report", case, trigger="late_answer", supplement=None)
    assert verified(county, case, {"number": 1, "net_monthly_wage": 3200})["report_id"] is None
    assert county.check(case).reports[0].conclusion is None
    assert verified(county, case)["report_id"] is None  # a second change neither


def test_a_round_that_names_no_process_does_not_run_for_good(county: CheckedCounty) -> None:
    county.outside.county.behave({"agency": "bank", "mode": "silent"})
    case = county.taken_in(**pair())
    with county.under_test.database.begin() as connection:
        connection.execute(update(agency_request).values(process_instance_id=None))
    wanted = RequestCheck(case_number=case.number, purpose="complaint", reason="群众举报")

    assert county.refused(wanted, CHECKER) == "check-running"
    county.pass_days(30)
    assert county.run(wanted, actor=CHECKER).process_instance_id


def test_two_checks_that_begin_at_once_have_rounds_of_their_own(county: CheckedCounty) -> None:
    county.outside.county.behave({"agency": "bank", "mode": "silent"})
    case = county.taken_in(**pair())
    beside = StartProcessInstance(
        process_id="verification",
        variables={"caseId": str(case.id), "purpose": "periodic_recheck", "check_reason": "定期核查"},
        region=case.region,
        business_key=case.number,
    )

    def under_way(connection: Connection) -> None:
        ours = process_instance.c.id == case.process_instance_id
        connection.execute(select(process_instance.c.id).where(ours).with_for_update())

    begun = after_the_first(county.under_test.database, under_way, lambda: county.run(beside, actor=SYSTEM))
    rounds = {one.process_instance_id: one.round for one in county.check(case).requests}
    assert rounds == {case.process_instance_id: 1, begun.id: 2}


def test_a_query_without_a_case_is_refused_and_kept(county: CheckedCounty) -> None:
    county.run(RequestCheck(case_number="溧民救没有", purpose="complaint", reason=""), actor=CHECKER)

    (kept,) = county.checks.refused_queries(SYSTEM)
    assert (kept.ground, kept.case_number) == ("no_case", "溧民救没有")


# ---- reports and objections


def test_stale_data_over_the_limit_is_objected_to_and_only_that_bank_is_asked_again(county: CheckedCounty) -> None:
    county.knows(FATHER, records={"bank": [deposit(86_000)]}, as_of={"bank": "2026-05-20"})
    county.knows(MOTHER, records={})
    case = county.taken_in(**pair())
    first = county.check(case).reports[0]
    assert (first.version, first.conclusion, first.means.stale) == (1, "over", True)
    assert (first.hits[0]["limit"], first.hits[0]["over_by"]) == ("dibao_assets", 34_160)
    assert first.valid_until == date(2026, 9, 21)
    view = county.questions.case(case.number, SYSTEM)
    (told,) = [one for one in view.notices if one.kind == "findings"]
    assert "34,160" in told.text
    assert "2026-05-20" in told.text

    asked = len(county.calls())
    county.run(county.object(case, "bank"), actor=CLERK)
    assert "Task_ReviewReport" not in county.open()  # the review waits
    assert county.refused(county.object(case, "bank")) == "objection-open"
    assert county.breaks("issue_result_notice", case, referral_id=None, outcome="not_eligible") == "objection-open"
    assert county.breaks("record_decision", case, kind="refuse", **REFUSAL) == "objection-open"
    assert county.step("record_decision", case, kind="refuse", unit_kind="housing", **REFUSAL)["decision_number"]
    assert county.step("record_decision", case, kind="grant", **REFUSAL)["decision_number"]
    county.knows(FATHER, records={"bank": [deposit(36_000)]}, as_of={"bank": "2026-06-22"})
    county.done("Task_AssessObjection", assessment="admit", assessment_reason="已销户，重新查询")

    check = county.check(case)
    second, kept = check.reports
    assert county.calls()[asked:] == ["bank"]
    assert (second.version, second.conclusion, second.means.assets) == (2, "within", Decimal(36_000))
    assert kept == first
    assert [(one.state, one.new_version) for one in check.objections] == [("settled", 2)]
    assert county.open()["Task_ReviewReport"].variables["report_version"] == 2
    county.done("Task_ReviewReport", review="usable")
    assert set(county.open()) == {"Task_FirstSurveyor"}  # the visit is still to come
    assert not [one for one in county.questions.case(case.number, SYSTEM).notices if one.kind == "result"]


def test_the_county_cannot_refuse_while_an_objection_waits_and_nothing_of_it_is_kept(county: CheckedCounty) -> None:
    county.knows(FATHER, records={"bank": [deposit(86_000)]})
    county.knows(MOTHER, records={})
    case = county.taken_in(**pair())
    seen = {"visited_on": "2026-06-23", "persons_met": "申请人", "dwelling": "adequate", "findings": "与申报相符"}
    county.done("Task_FirstSurveyor", **seen, income_seen="as_declared", assets_seen="as_declared")
    county.done("Task_SecondSurveyor", agrees="yes")
    county.done("Task_ReviewReport", review="usable")
    rules = [one["value"] for one in county.open()["Task_ConfirmReferrals"].variables["proposal_choices"]]
    assert "R1" in rules
    county.done("Task_ConfirmReferrals", selected_rules=["R1"], added_needs=[])
    county.done("Task_FirstOpinion", opinion="refuse", opinion_reason="财产超过限额")
    county.done("Task_CountyReview", county_opinion="agree", county_visit="no", county_opinion_reason="属实")
    refusal = {"county_decision": "refuse", "county_note": "财产超过限额"}
    county.run(county.object(case, "bank"), actor=CLERK)

    with pytest.raises(ObjectionOpen) as refused:
        county.done("Task_CountyConfirm", **refusal)
    assert "请先办结异议" in refused.value.text("zh")
    assert {"Task_CountyConfirm", "Task_AssessObjection"} <= set(county.open())
    assert county.under_test.queries.incidents(IncidentFilter(actor=SYSTEM)) == []

    county.done("Task_AssessObjection", assessment="dismiss", assessment_reason="凭证与账户无关")
    county.done("Task_CountyConfirm", **refusal)
    assert "Task_ServeRefusal" in county.open()


def test_what_a_visit_found_makes_a_version_that_is_concluded_and_told(county: CheckedCounty) -> None:
    for member in (FATHER, MOTHER):
        county.knows(member, records={})
    case = county.taken_in(**pair())
    seen = {"visited_on": "2026-06-23", "persons_met": "申请人", "dwelling": "adequate", "findings": "另有一处商铺"}
    compared = {"income_seen": "as_declared", "assets_seen": "more", "extra_assets": 60_000}
    county.done("Task_FirstSurveyor", **seen, **compared)
    county.done("Task_SecondSurveyor", agrees="yes")
    county.done("Task_ReviewReport", review="usable")

    counted, first = county.check(case).reports
    assert (first.version, first.trigger, first.conclusion) == (1, "check", "within")
    assert (counted.version, counted.trigger, counted.conclusion) == (2, "survey", "over")
    assert counted.means.assets == first.means.assets + 60_000
    assert [hit["limit"] for hit in counted.hits] == ["dibao_assets"]
    assert counted.valid_until == date(2026, 9, 21)
    (told,) = [one for one in county.questions.case(case.number, SYSTEM).notices if one.kind == "findings"]
    assert told.written_at == counted.compiled_at
    county.run(county.object(case, "bank", version=2), actor=CLERK)


def test_an_objection_is_of_its_time_names_sources_and_brings_proof(county: CheckedCounty) -> None:
    case = county.taken_in(**pair())

    assert county.refused(county.object(case)) == "objection-invalid"
    assert county.refused(county.object(case, "court")) == "objection-invalid"
    assert county.refused(county.object(case, "bank", "bank")) == "objection-invalid"
    assert county.refused(county.object(case, "bank", grounds=" ")) == "objection-invalid"
    assert county.refused(county.object(case, "bank", evidence=())) == "objection-invalid"
    assert county.refused(county.object(case, "bank", version=2)) == "report-missing"
    stranger = person("stranger", "education/clerk", region=COUNTY_REGION)
    assert county.refused(county.object(case, "bank"), stranger) == "case-not-found"
    county.at("2026-06-29 23:00")  # the fifth working day
    county.run(county.object(case, "bank"), actor=CLERK)
    county.done("Task_AssessObjection", assessment="dismiss", assessment_reason="凭证与存款无关")
    county.at("2026-06-30 09:00")
    assert county.refused(county.object(case, "bank")) == "objection-too-late"
    assert [one.state for one in county.check(case).objections] == ["dismissed"]
    assert [one.version for one in county.check(case).reports] == [1]


def test_a_superseded_report_cannot_be_objected_to(county: CheckedCounty) -> None:
    case = county.taken_in(**pair())
    county.step("compile_check_report", case, trigger="supplement", supplement="已说明")

    assert county.refused(county.object(case, "bank")) == "report-superseded"


def test_a_car_under_another_name_needs_explanation_and_is_not_over(county: CheckedCounty) -> None:
    county.knows(FATHER, records={"vehicle": [{"item": "vehicle", "name": "陈建图"}]})
    case = county.taken_in(**pair())

    report = county.check(case).reports[0]
    assert (report.conclusion, report.hits, report.means.has_vehicle) == ("needs_explanation", (), False)
    assert [one["code"] for one in report.explanations] == ["other_name"]


def test_alive_to_one_source_and_cremated_to_another_is_to_be_explained(county: CheckedCounty) -> None:
    sources = ["household_register", "civil_affairs_register"]
    wanted = Parameter(key="check_sources", value=sources, effective_from=date(2026, 2, 1), source="test")
    county.run(SetParameters(parameters=(wanted,), region=COUNTY_REGION), actor=SYSTEM)
    county.outside.county.behave({"agency": "household_register", "mode": "alive"})
    county.outside.county.behave({"agency": "civil_affairs_register", "mode": "dead"})
    case = county.taken_in(**pair())

    report = county.check(case).reports[0]
    assert [one["code"] for one in report.explanations] == ["life_conflict"]
    assert report.conclusion == "needs_explanation"


# ---- silence, late answers, table files


def test_a_silent_bank_gives_a_partial_report_and_its_late_file_a_task(county: CheckedCounty) -> None:
    county.outside.county.behave({"agency": "bank", "mode": "silent"})
    case = county.taken_in(**pair())
    file = county.run(MakeBankFile(agency="bank", region=COUNTY_REGION), actor=CHECKER)
    county.pass_days(8)
    county.done("Task_EnterAnswer", answer_kind="no_data", no_data_reason="五个工作日未答复")
    partial = county.check(case).reports[0]
    assert (partial.missing, partial.means.complete) == (("银行",), False)
    county.done("Task_ReviewReport", review="usable", proceed_reason="其余来源足以认定")
    assert "Task_RecheckLateAnswer" not in county.open()

    returned = county.run(answer_file(county, case, file, amount="8.6", unit="万元"), actor=CHECKER)

    assert (returned.rows, returned.answered, returned.errors) == (2, 1, ())
    report = county.check(case).reports[0]
    assert (report.version, report.trigger, report.conclusion) == (2, "late_answer", "over")
    assert report.means.assets == Decimal(86_000)
    assert county.open()["Task_RecheckLateAnswer"].variables["late_agency"] == "bank"
    bank = next(one for one in county.check(case).requests if one.agency == "bank")
    assert (bank.is_late, bank.reason) == (True, "五个工作日未答复")


def test_of_two_late_answers_at_once_one_is_kept(county: CheckedCounty) -> None:
    county.outside.county.behave({"agency": "bank", "mode": "silent"})
    case = county.taken_in(**pair())
    file = county.run(MakeBankFile(agency="bank", region=COUNTY_REGION), actor=CHECKER)
    county.pass_days(8)
    county.done("Task_EnterAnswer", answer_kind="no_data", no_data_reason="五个工作日未答复")

    def kept_by_the_first(connection: Connection) -> None:
        ours = process_instance.c.id == case.process_instance_id
        connection.execute(select(process_instance.c.id).where(ours).with_for_update())
        bank = and_(agency_request.c.case_id == case.id, agency_request.c.agency == "bank")
        connection.execute(update(agency_request).where(bank).values(status="hit"))

    second = answer_file(county, case, file, amount="8.6", unit="万元")
    returned = after_the_first(county.under_test.database, kept_by_the_first, lambda: county.run(second, actor=CHECKER))
    assert (returned.answered, len(returned.errors)) == (0, 1)
    assert "Task_RecheckLateAnswer" not in county.open()


def test_a_file_in_time_takes_the_place_of_the_line(county: CheckedCounty) -> None:
    county.outside.county.behave({"agency": "bank", "mode": "silent"})
    case = county.taken_in(**pair())
    file = county.run(MakeBankFile(agency="bank", region=COUNTY_REGION), actor=CHECKER)
    given = county.run(
        HandOutBankFile(file_id=file.id, kind=FileFormat.XLSX, encoding=FileEncoding.UTF_8), actor=CHECKER
    )
    rows = read_table(given.content, needed=("查询编号", "姓名", "证件号码"))
    assert [row.cells["证件号码"] for row in rows] == [FATHER.identity_number, MOTHER.identity_number]
    assert given.digest == digest_of(given.content)

    returned = county.run(answer_file(county, case, file, amount="12,000.50", unit="元"), actor=CHECKER)

    assert (returned.answered, returned.errors) == (1, ())
    assert county.check(case).reports[0].means.assets == Decimal("12000.50")
    assert "Task_EnterAnswer" not in county.open()
    assert county.refused(MakeBankFile(agency="bank", region=COUNTY_REGION), CHECKER) == "nothing-to-ask"
    again = county.run(answer_file(county, case, file, amount="1", unit="元"), actor=CHECKER)
    assert (again.answered, len(again.errors)) == (0, 1)


def test_faults_of_a_file_are_told_by_row_and_nothing_of_that_question_is_kept(county: CheckedCounty) -> None:
    county.outside.county.behave({"agency": "bank", "mode": "silent"})
    case = county.taken_in(**pair())
    file = county.run(MakeBankFile(agency="bank", region=COUNTY_REGION), actor=CHECKER)
    number = bank_number(county, case)
    wrong = [
        [number, "陈建国", FATHER.identity_number, "有记录", "2026-06-21", "存款", "一百", "元", *[""] * 5],
        ["别的编号", "陈建国", FATHER.identity_number, "无记录", "2026-06-21", *[""] * 8],
    ]
    taken = county.run(returned_file(file, wrong), actor=CHECKER)

    assert [(one["row"], one["zh"]) for one in taken.errors] == [
        (2, "金额应为不小于 0 的数字"),
        (3, "查询编号不属于本批次"),
    ]
    assert taken.answered == 0
    assert bank_number(county, case)
    other = [[number, "陈建国", "11010519491231002X", "无记录", "2026-06-21", *[""] * 8]]
    assert county.run(returned_file(file, other), actor=CHECKER).errors[0]["zh"] == "证件号码不在本次查询中"
    half = [[number, "陈建国", FATHER.identity_number, "无记录", "2026-06-21", *[""] * 8]]
    assert county.run(returned_file(file, half), actor=CHECKER).errors[0]["zh"] == "缺少 1 人的答复"
    changed = ImportBankFile(file_id=file.id, content=b"x", digest="0" * 64)
    assert county.refused(changed, CHECKER) == "file-refused"
    assert county.refused(changed, CLERK) == "not-permitted"


def test_an_agency_that_fails_again_and_again_is_left_in_peace(county: CheckedCounty) -> None:
    county.outside.county.behave({"agency": "bank", "mode": "error"})
    county.taken_in(**pair())
    for _ in range(12):
        county.pass_days(0)
        county.under_test.clock.time += timedelta(minutes=4)
    quality = {one.agency: one for one in county.checks.source_quality(since=date(2026, 6, 1), actor=SYSTEM)}
    times = next(call["times"] for call in county.outside.county.ledger()["calls"] if call["place"] == "bank")

    assert quality["bank"].failures_in_a_row == times
    assert 5 <= times < 8  # asked at most once again after the rest began
    county.outside.county.behave({"agency": "bank", "mode": "normal"})
    county.under_test.clock.time += timedelta(hours=2)
    county.pass_days(0)
    quality = {one.agency: one for one in county.checks.source_quality(since=date(2026, 6, 1), actor=SYSTEM)}
    assert (quality["bank"].failures_in_a_row, quality["bank"].answered_percent) == (0, Decimal("100.0"))


def test_the_health_of_a_source_is_what_became_of_its_questions(county: CheckedCounty) -> None:
    county.knows(FATHER, records={"bank": [deposit(86_000)]}, as_of={"bank": "2026-05-20"})
    case = county.taken_in(**pair())
    county.run(county.object(case, "bank"), actor=CLERK)
    quality = {one.agency: one for one in county.checks.source_quality(since=date(2026, 6, 1), actor=CHECKER)}

    bank, vehicle = quality["bank"], quality["vehicle"]
    assert (bank.asked, bank.answered_percent, bank.stale_percent, bank.disputed_percent) == (1, 100, 100, 100)
    assert (vehicle.on_time_percent, vehicle.stale_percent, vehicle.disputed_percent) == (100, 0, 0)
    assert quality["court"].answered_percent is None
    nobody = person("outsider", "education/clerk", region=COUNTY_REGION)
    assert {one.asked for one in county.checks.source_quality(since=date(2026, 6, 1), actor=nobody)} == {0}


def test_an_answer_pushed_by_an_agency_is_checked_like_any_other(county: CheckedCounty) -> None:
    county.outside.county.behave({"agency": "bank", "mode": "silent"})
    case = county.taken_in(**pair())
    request = next(one for one in county.check(case).requests if one.agency == "bank")
    people = [{"name": one.name, "identity_number": one.identity_number} for one in (FATHER, MOTHER)]
    answer = {
        "request_id": str(request.id), "agency": "bank", "status": "no_hit", "as_of": "2026-06-22",
        "subjects": people, "records": [],
    }  # fmt: skip
    pushed = DeliverAnswer(number=request.number or "", answer={**answer, "subjects": people[:1]})
    assert county.refused(pushed, CHECKER) == "file-refused"

    kept = county.run(DeliverAnswer(number=request.number or "", answer=answer), actor=CHECKER)

    assert not kept.late
    assert county.check(case).reports[0].means.complete
    assert county.refused(DeliverAnswer(number=request.number or "", answer=answer), CHECKER) == "answer-not-due"


def test_erasing_a_case_leaves_no_name_of_who_consented_or_objected(county: CheckedCounty) -> None:
    county.knows(FATHER, records={"bank": [deposit(86_000)]})
    case = county.taken_in(**pair())
    county.run(county.object(case, "bank"), actor=CLERK)
    county.done("Task_AssessObjection", assessment="dismiss", assessment_reason="维持")
    instance = county.case(case).process_instance_id
    assert instance is not None
    county.run(WithdrawAuthorisation(case_id=case.id, person=1, reason="家事"), actor=CLERK)
    county.work()
    county.pass_days(8)
    county.done("Task_DecideWithdrawal", withdrawal_decision="terminate", withdrawal_note="期满")
    county.run(EraseCase(case_id=case.id), actor=SYSTEM)

    check = county.check(case)
    assert (check.reports, check.objections, check.requests, check.supporters) == ([], [], [], [])
    assert [one.person for one in check.authorisations] == [1, 2]


def state(county: CheckedCounty, case: Case) -> InstanceState:
    instance = county.case(case).process_instance_id
    assert instance is not None
    return county.under_test.queries.instance(instance).instance.state


def bank_number(county: CheckedCounty, case: Case) -> str:
    return next(one.number or "" for one in county.check(case).requests if one.agency == "bank")


def answer_file(county: CheckedCounty, case: Case, file: Any, *, amount: str, unit: str) -> ImportBankFile:
    number = bank_number(county, case)
    rows = [
        [number, "陈建国", FATHER.identity_number, "有记录", "2026-06-21", "存款", amount, unit, "正常", *[""] * 4],
        [number, "李秀英", MOTHER.identity_number, "无记录", "2026-06-21", *[""] * 8],
    ]
    return returned_file(file, rows)


def returned_file(file: Any, rows: list[list[str]]) -> ImportBankFile:
    content = write_table(COLUMNS, rows, kind=FileFormat.CSV, encoding=FileEncoding.GBK)
    return ImportBankFile(file_id=file.id, content=content, digest=digest_of(content))
