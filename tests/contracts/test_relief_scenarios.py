"""Scenarios A5, A7 and A8 on PostgreSQL, with their exact figures and days, and disability subsidies and children.

What other units draw and these call is a stand-in here: a user task that gives back what the test says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from engine.commands.deployments import DeployResources
from engine.commands.process_instances import StartProcessInstance
from engine.errors import EngineError, NotPermitted
from engine.host import Context
from engine.model import SYSTEM, Resource
from storage.casework_read_models import SqlCaseworkQueries
from storage.relief import SqlReliefQueries
from tests.applications import CHILD, FATHER, HOUSEHOLD, identity
from tests.casework import NOWHERE
from tests.contracts.test_casework_scenarios import SHIPPED, County, _resource
from tests.engines import engine_on, person
from tests.processes.diagrams import end, flows, one_process, start
from workflows.casework.benefits.errors import BenefitsOverlap
from workflows.casework.benefits.model import Benefit
from workflows.casework.circumstances import Bill, DisabilityCard, Event
from workflows.casework.commands import LoadCalendarYear, LoadCalendarYears, SetParameters
from workflows.casework.county import COUNTY_REGION
from workflows.casework.days import local_day
from workflows.casework.model import Case, Health, Income
from workflows.casework.parameters import TEST_PARAMETERS
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedures import StartCaseProcedure
from workflows.casework.relief.queries import ClaimFilter, ClaimView
from workflows.connectors.http import HttpAgencies, HttpConnector, HttpInsurer, HttpMessageGateway
from workflows.host import Connectors, build_host

NANDU, SHEZHU = "320481114", "320481116"
OLD_MAN = replace(
    FATHER,
    identity_number=identity(date(1953, 5, 1), count=31),
    labour_capacity="none",
    employment="none",
    income=Income(other_monthly_income=Decimal(200), basic_pension=Decimal(143)),
    failed_self_care=("dress", "toilet", "bathe", "walk"),
)
ALONE = replace(HOUSEHOLD, assets_declared=Decimal(8000))
STAND_INS = ("public_notice", "collective_decision")
WAITING = """<bpmn:userTask id="Task_StandIn_{0}" name="等"><bpmn:extensionElements><zeebe:userTask/>
  <zeebe:assignmentDefinition candidateGroups="township/clerk"/></bpmn:extensionElements></bpmn:userTask>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBenefits:
    """A command that reads what a household draws in all its cases."""

    case: Case

    def execute(self, context: Context[CaseworkUnitOfWork]) -> list[Benefit]:
        return list(context.unit_of_work.benefits.of_household(self.case.id))


@dataclass(slots=True, kw_only=True)
class Town(County):
    """A county whose programmes are started with a referral of their own."""

    claims_of: SqlReliefQueries

    def accepted(self, day: str, **changes: Any) -> Case:
        self.at(f"{day} 09:00")
        case = self.submit(**changes)
        self.step("accept_application", case)
        return self.case(case)

    def refer(self, case: Case, need: str, programme: str, process_id: str, *, status: str = "none") -> str:
        proposal = {"rule": "R0", "need": need, "programme": programme, "unit_kind": "civil_affairs"}
        given = self.step(
            "open_referrals", case, confirmed=[{**proposal, "process_id": process_id}], dropped=[], note=None
        )
        (referral,) = given["referrals"]
        variables = {"caseId": str(case.id), "referral": referral, "household_status": status}
        begin = StartProcessInstance(
            process_id="referral", variables=variables, region=case.region, business_key=case.number
        )
        self.run(begin, actor=SYSTEM)
        self.work()
        return str(referral["id"])

    def give(self, process_id: str, **answer: Any) -> None:
        self.done(f"Task_StandIn_{process_id}", **answer)

    def benefits(self, case: Case) -> dict[str, Benefit]:
        return {one.programme: one for one in self.run(ReadBenefits(case=case), actor=SYSTEM)}

    def claims(self, **wanted: Any) -> list[ClaimView]:
        return list(self.claims_of.claims(ClaimFilter(actor=SYSTEM, **wanted)).claims)

    def outcome(self, case: Case) -> tuple[str | None, Decimal | None, str | None]:
        referral = self.view(case).referrals[-1].referral
        return referral.outcome, referral.amount, referral.amount_period


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    connector = HttpConnector(NOWHERE)
    outside = Connectors(
        agencies=HttpAgencies(connector), gateway=HttpMessageGateway(connector), insurer=HttpInsurer(connector)
    )

    def execute(command: Any) -> Any:
        return under_test.engine.execute(command, actor=SYSTEM)

    with engine_on(database_url, build_host(outside, execute=execute)) as under_test:
        execute(LoadCalendarYears(first_year=2025, last_year=2026, region=COUNTY_REGION))
        execute(SetParameters(parameters=TEST_PARAMETERS, region=COUNTY_REGION))
        shipped = (_resource(path) for path in SHIPPED if path.stem not in STAND_INS)
        execute(DeployResources(resources=(*shipped, *(_stand_in(one) for one in STAND_INS))))
        yield Town(
            under_test=under_test,
            questions=SqlCaseworkQueries(under_test.database, under_test.keys, now=under_test.clock),
            claims_of=SqlReliefQueries(under_test.database, now=under_test.clock),
            url=NOWHERE,
        )
    connector.close()


def _stand_in(process_id: str) -> Resource:
    xml = one_process(start(), WAITING.format(process_id), end(), flows(f"s>Task_StandIn_{process_id}>e"))
    content = xml.replace(b'id="P"', f'id="{process_id}"'.encode())
    return Resource(name=f"{process_id}.bpmn", kind="process", content=content)


def draws_dibao(town: Town, **changes: Any) -> Case:
    """Return an earlier case whose household draws the allowance since March."""
    case = town.accepted("2026-02-09", submission_key="earlier-case-1", account=None, **changes)
    proposal = {"rule": "R1", "need": "subsistence", "programme": "dibao", "unit_kind": "civil_affairs"}
    given = town.step(
        "open_referrals",
        case,
        confirmed=[{**proposal, "process_id": "subsistence_allowance"}],
        dropped=[],
        note=None,
    )
    sums = {"base": 880, "add_ons": 108, "amount": 988}
    town.step("grant_benefit", case, referral_id=given["referrals"][0]["id"], **sums)
    return case


def assess(town: Town, *failed: str) -> None:
    town.done("Task_AssessSelfCare", assessed_on="2026-03-18", failed_items=list(failed))
    town.done("Task_ConfirmSelfCare", agrees="yes")
    town.done("Task_RecordSupporters", supporters=[])


def to_the_decision(town: Town) -> None:
    town.at("2026-04-03 09:00")
    town.done("Task_TekunOpinion", opinion="grant", support_form="centralised", institution="昆仑敬老院")
    town.at("2026-04-13 09:00")
    town.give("public_notice", notice_outcome="undisputed")
    town.done("Task_TekunSendUp", signed="yes")
    town.done("Task_TekunCountyReview", county_opinion="agree", county_visit="yes", county_opinion_reason="属实")


def test_a5_full_loss_is_supported_from_june_and_the_allowance_ends_in_may(town: Town) -> None:
    earlier = draws_dibao(town, members=(OLD_MAN,), household=ALONE)
    case = town.accepted("2026-03-16", members=(OLD_MAN,), household=ALONE, needs=("care",), account=None)
    town.refer(case, "care", "tekun", "extremely_poor_support")
    assert town.due("Task_AssessSelfCare") == "2026-04-07 23:59:59"
    assess(town, "dress", "toilet", "bathe", "walk")
    to_the_decision(town)
    assert town.due("Task_TekunCountyConfirm") == "2026-05-07 23:59:59"
    town.at("2026-05-06 09:00")
    town.done("Task_TekunCountyConfirm", county_decision="grant")

    assert town.outcome(case) == ("granted", Decimal(2259), "month")
    found = town.benefits(case)
    assert (found["tekun"].base, found["tekun"].add_ons) == (Decimal(1512), Decimal(747))
    assert found["tekun"].start_month == date(2026, 6, 1)
    assert found["dibao"].case_id == earlier.id
    for month in (date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)):
        drawn = [one.programme for one in found.values() if one.amount_in(month)]
        assert drawn == (["dibao"] if month.month == 5 else ["tekun"]), month


def test_a5_with_three_failed_items_the_care_is_that_of_partial_loss(town: Town) -> None:
    case = town.accepted("2026-03-16", members=(OLD_MAN,), household=ALONE, needs=("care",), account=None)
    town.refer(case, "care", "tekun", "extremely_poor_support")
    assess(town, "dress", "toilet", "bathe")
    to_the_decision(town)
    town.done("Task_TekunCountyConfirm", county_decision="grant")

    assert town.outcome(case) == ("granted", Decimal(2010), "month")


def test_whoever_draws_support_gets_no_allowance_beside_it(town: Town) -> None:
    case = town.accepted("2026-03-16", members=(OLD_MAN,), household=ALONE, needs=("care",), account=None)
    town.refer(case, "care", "tekun", "extremely_poor_support")
    assess(town, "dress")
    to_the_decision(town)
    town.done("Task_TekunCountyConfirm", county_decision="grant")

    with pytest.raises(BenefitsOverlap):
        draws_dibao(town, members=(OLD_MAN,), household=ALONE, received_on=date(2026, 2, 9))


def test_care_follows_a_reported_change_within_ten_working_days(town: Town) -> None:
    case = town.accepted("2026-03-16", members=(OLD_MAN,), household=ALONE, needs=("care",), account=None)
    town.refer(case, "care", "tekun", "extremely_poor_support")
    assess(town, "dress", "toilet", "bathe")
    to_the_decision(town)
    town.done("Task_TekunCountyConfirm", county_decision="grant")

    town.at("2026-07-06 09:00")
    clerk = person("clerk", "township/clerk", region=case.region)
    command = StartCaseProcedure(case_id=case.id, procedure="self_care_review", note="近来卧床")
    with pytest.raises(NotPermitted):
        town.run(command, actor=person("teacher", "education/clerk", region=COUNTY_REGION))
    town.run(command, actor=clerk)
    assert town.due("Task_ReassessSelfCare") == "2026-07-20 23:59:59"
    town.done("Task_ReassessSelfCare", assessed_on="2026-07-07", failed_items=["dress", "toilet", "bathe", "walk"])
    town.done("Task_ConfirmReassessment", agrees="yes")
    town.done("Task_DecideCareGrade", decision="change")
    granted = town.benefits(case)["tekun"]
    assert [granted.amount_in(date(2026, month, 1)) for month in (7, 8)] == [Decimal(2010), Decimal(2259)]

    town.at("2026-08-10 09:00")
    town.run(StartCaseProcedure(case_id=case.id, procedure="tekun_ending", note="侄子愿供养"), actor=clerk)
    town.done("Task_ProposeEnding", proposal="end", ground="wish", evidence="本人声明")
    town.give("public_notice", notice_outcome="undisputed")
    town.done("Task_DecideEnding", statement="自愿退出", decision="end", end_reason="自愿")
    assert town.benefits(case)["tekun"].last_month == date(2026, 8, 1)
    with pytest.raises(EngineError) as nothing:
        town.run(StartCaseProcedure(case_id=case.id, procedure="tekun_ending", note="再报"), actor=clerk)
    assert nothing.value.code == "nothing-drawn"


def test_what_is_decided_of_support_that_ended_meanwhile_changes_nothing_and_raises_no_incident(town: Town) -> None:
    case = town.accepted("2026-03-16", members=(OLD_MAN,), household=ALONE, needs=("care",), account=None)
    town.refer(case, "care", "tekun", "extremely_poor_support")
    assess(town, "dress", "toilet", "bathe")
    to_the_decision(town)
    town.done("Task_TekunCountyConfirm", county_decision="grant")

    town.at("2026-07-06 09:00")
    clerk = person("clerk", "township/clerk", region=case.region)
    town.run(StartCaseProcedure(case_id=case.id, procedure="self_care_review", note="近来卧床"), actor=clerk)
    town.run(StartCaseProcedure(case_id=case.id, procedure="tekun_ending", note="侄子愿供养"), actor=clerk)
    town.done("Task_ReassessSelfCare", assessed_on="2026-07-07", failed_items=["dress", "toilet", "bathe", "walk"])
    town.done("Task_ConfirmReassessment", agrees="yes")
    town.done("Task_ProposeEnding", proposal="end", ground="wish", evidence="本人声明")
    town.give("public_notice", notice_outcome="undisputed")
    town.done("Task_DecideEnding", statement="自愿退出", decision="end", end_reason="自愿")
    town.done("Task_DecideCareGrade", decision="change")

    ended = town.benefits(case)["tekun"]
    assert (ended.last_month, ended.amount_in(date(2026, 7, 1))) == (date(2026, 7, 1), Decimal(2010))
    assert "Task_DecideCareGrade" not in town.open()
    told = text("SELECT step_en FROM staff_notice WHERE cause = 'decision_without_effect'")
    with town.under_test.database.connect() as connection:
        assert connection.execute(told).scalars().all() == ["Decide the grade of care"]


WORKER = replace(FATHER, identity_number=identity(date(1990, 1, 1), count=41, division="340499"))
INJURY = Event(kind="accident", happened_on=date(2026, 10, 2), place="南渡镇工地", reference="120-77")


def urgent_claim(town: Town, region: str, key: str, when: str) -> Case:
    town.at(when)
    case = town.submit(
        members=(WORKER,), region=region, needs=("urgent",), event=INJURY, account=None, submission_key=key
    )
    case = replace(case, accepted_on=date(2026, 10, 2))
    town.step("accept_application", case)
    return case


PAYING = {
    "urgency": "urgent",
    "event_kind": "accident",
    "happened_on": "2026-10-02",
    "place": "南渡镇工地",
    "event_reference": "120-77",
    "pay_mode": "cash",
}


def test_a7_urgent_relief_is_paid_on_a_holiday_and_its_file_is_overdue_after_ten_working_days(town: Town) -> None:
    case = urgent_claim(town, NANDU, "urgent-nandu-1", "2026-10-02 10:20")
    assert town.due("Task_UrgentPay") == "2026-10-03 10:20:00"
    town.done("Task_UrgentPay", amount=2160, **PAYING)
    assert town.claims() != []
    assert town.claims()[0].claim.state == "open"
    town.done("Task_UrgentWitness", signed_by="本人", signature="signature", present="yes")

    (claim,) = town.claims()
    assert (claim.claim.amount, claim.claim.make_up_due_on) == (Decimal(2160), date(2026, 10, 20))
    assert town.due("Task_MakeUpFile") == "2026-10-20 23:59:59"
    town.at("2026-10-20 23:00")
    assert town.claims(overdue_only=True) == []
    town.at("2026-10-21 00:01")
    assert [one.case_number for one in town.claims(overdue_only=True)] == [case.number]
    town.done("Task_MakeUpFile", papers=["identity", "event_proof", "receipt", "explanation"])
    assert town.claims(overdue_only=True) == []
    assert town.outcome(case) == ("granted", Decimal(2160), "once")


def test_a7_a_second_claim_for_the_same_event_is_flagged_in_both_towns(town: Town) -> None:
    first = urgent_claim(town, NANDU, "urgent-nandu-1", "2026-10-02 10:20")
    town.done("Task_UrgentPay", amount=2160, **PAYING)
    town.done("Task_UrgentWitness", signed_by="本人", signature="signature", present="yes")
    second = urgent_claim(town, SHEZHU, "urgent-shezhu-1", "2026-10-03 14:00")

    (shown,) = town.open()["Task_UrgentPay"].variables["duplicates"]
    assert (shown["case_number"], shown["town"], shown["amount"]) == (first.number, "南渡镇", 2160)
    flagged = {
        one.case_number: [other.case_number for other in one.duplicates] for one in town.claims(duplicates_only=True)
    }
    assert flagged == {first.number: [second.number], second.number: [first.number]}


def test_claims_are_listed_for_who_sees_the_case_whole_and_for_no_unit_it_was_referred_to(town: Town) -> None:
    case = urgent_claim(town, NANDU, "urgent-nandu-1", "2026-10-02 10:20")
    proposal = {"rule": "R7", "need": "medical", "programme": "medical_aid", "unit_kind": "medical"}
    given = town.step("open_referrals", case, confirmed=[{**proposal, "process_id": "medical_aid"}], note=None)
    town.step("send_referral", case, referral_id=given["referrals"][0]["id"])
    insurer = person("insurer", "medical/clerk", region=COUNTY_REGION)
    reviewer = person("reviewer", "civil_affairs/reviewer", region=COUNTY_REGION)
    assert town.questions.case(case.number, insurer).purpose_limited
    listed = [len(town.claims_of.claims(ClaimFilter(actor=who)).claims) for who in (insurer, reviewer)]
    assert listed == [0, 1]


def test_a_claim_of_somebody_else_or_for_another_event_is_no_duplicate(town: Town) -> None:
    urgent_claim(town, NANDU, "urgent-nandu-1", "2026-10-02 10:20")
    later = replace(INJURY, happened_on=date(2026, 11, 14), reference="110-5")
    case = town.accepted("2026-11-16", members=(WORKER,), region=SHEZHU, event=later, account=None)
    town.refer(case, "urgent", "temporary_relief", "temporary_relief")
    other = town.accepted("2026-10-02", members=(OLD_MAN,), event=INJURY, account=None, submission_key="somebody-else")
    town.refer(other, "urgent", "temporary_relief", "temporary_relief")

    assert town.claims(duplicates_only=True) == []


FOUR = (
    FATHER,
    *(replace(CHILD, name=name, identity_number=identity(date(2010, 1, day), count=day)) for name, day in
      (("陈一", 11), ("陈二", 12), ("陈三", 13))),
)  # fmt: skip
DEBT = (Bill(kind="medical", amount=Decimal(30000), reimbursed=Decimal(12000)),)


def spending(town: Town, day: str, months: int) -> Case:
    case = town.accepted(day, members=FOUR, bills=DEBT, account=None, submission_key=f"spending-{day}")
    town.refer(case, "large_bill", "temporary_relief", "temporary_relief", status="dibao")
    town.done("Task_AssessNeed", spending_kind="medical", persons=4, months=months, findings="自付 18000 元")
    town.done("Task_ReliefOpinion", opinion="grant", pay_mode="bank")
    town.give("public_notice", notice_outcome="undisputed")
    town.done("Task_ReliefCountyReview", county_opinion="agree", county_opinion_reason="属实")
    town.done("Task_ReliefCountyConfirm", decision="grant")
    return case


def test_a8_the_second_request_of_a_year_gets_what_the_cap_leaves_and_the_rest_goes_to_charity(town: Town) -> None:
    first = spending(town, "2026-03-16", 2)
    assert town.outcome(first) == ("granted", Decimal(8640), "once")

    second = spending(town, "2026-06-15", 3)
    assert town.open()["Task_DecideRest"].variables["relief"]["over"] == 8640
    town.done("Task_DecideRest", rest_way="charity", rest_reason="仍有 8640 元缺口")
    referral = town.view(second).referrals[-1].referral
    granted = [one.referral for one in town.view(second).referrals if one.referral.programme == "temporary_relief"]
    assert [(one.outcome, one.amount) for one in granted] == [("granted", Decimal(4320))]
    assert granted[0].result is not None
    assert granted[0].result["next"]["need"] == "charity"
    assert referral.need in ("large_bill", "charity")  # the follower opens the next referral where it knows how
    assert sum(one.claim.amount for one in town.claims()) == Decimal(12960)


def test_a8_the_rest_may_be_decided_collectively_beyond_the_cap(town: Town) -> None:
    spending(town, "2026-03-16", 2)
    second = spending(town, "2026-06-15", 3)
    town.done("Task_DecideRest", rest_way="collective", rest_reason="病情特殊")
    town.give("collective_decision", decision="approve", amount=5000, minutes_id="M-1")

    assert town.outcome(second) == ("granted", Decimal(9320), "once")


def test_the_cap_holds_where_another_case_was_paid_meanwhile(town: Town) -> None:
    case = town.accepted("2026-03-16", members=FOUR, account=None, submission_key="spending-first")
    referral = town.refer(case, "large_bill", "temporary_relief", "temporary_relief")
    claim = town.step("register_relief_claim", case, referral_id=referral, kind="spending")["claim_id"]
    nothing: dict[str, Any] = {"event_kind": None, "happened_on": None, "event_reference": None}
    paying = {"claim_id": claim, "mode": "bank", **nothing, "beyond_cap": False}
    assert town.breaks("record_relief_payment", case, amount=12961, **paying) == "relief-cap-exceeded"
    town.step("record_relief_payment", case, amount=12960, **paying)
    assert town.breaks("record_relief_payment", case, amount=1, **paying) == "relief-cap-exceeded"


def test_the_cap_of_a_year_begins_anew_in_january(town: Town) -> None:
    next_year = LoadCalendarYear(year=2027, exceptions=(), source="测试", region=COUNTY_REGION)
    town.run(next_year, actor=SYSTEM)
    spending(town, "2026-03-16", 3)
    town.at("2026-12-31 23:00")
    case = town.submit(members=FOUR, account=None, submission_key="spending-late")
    town.step("accept_application", town.case(case))
    given = town.step(
        "open_referrals",
        case,
        confirmed=[
            {
                "rule": "R6",
                "need": "large_bill",
                "programme": "temporary_relief",
                "unit_kind": "civil_affairs",
                "process_id": "temporary_relief",
            }
        ],
        dropped=[],
        note=None,
    )
    referral = given["referrals"][0]["id"]
    asked = {"referral_id": referral, "kind": "spending"}
    assert town.step("register_relief_claim", case, **asked)["granted_this_year"] == Decimal(12960)
    town.at("2027-01-01 00:30")
    assert town.step("register_relief_claim", case, **asked)["granted_this_year"] == Decimal(0)


def test_payments_before_and_after_new_year_count_in_the_year_they_were_made(town: Town) -> None:
    next_year = LoadCalendarYear(year=2027, exceptions=(), source="测试", region=COUNTY_REGION)
    town.run(next_year, actor=SYSTEM)
    case = town.accepted("2026-12-01", members=FOUR, account=None, submission_key="spending-turn")
    referral = town.refer(case, "large_bill", "temporary_relief", "temporary_relief")
    asked = {"referral_id": referral, "kind": "spending"}
    claim = town.step("register_relief_claim", case, **asked)["claim_id"]
    nothing: dict[str, Any] = {"event_kind": None, "happened_on": None, "event_reference": None}
    paying = {"claim_id": claim, **nothing, "beyond_cap": False}
    town.at("2026-12-31 23:30")
    town.step("record_relief_payment", case, amount=12000, mode="bank", **paying)
    town.at("2027-01-04 09:00")
    assert town.step("register_relief_claim", case, **asked)["granted_this_year"] == Decimal(0)
    town.step("record_relief_payment", case, amount=5000, mode="cash", **paying)
    assert town.step("register_relief_claim", case, **asked)["granted_this_year"] == Decimal(5000)
    assert town.breaks("record_relief_payment", case, amount=7961, mode="bank", **paying) == "relief-cap-exceeded"

    (shown,) = town.claims()
    assert [(one.amount, one.mode, local_day(one.paid_at)) for one in shown.payments] == [
        (Decimal(12000), "bank", date(2026, 12, 31)),
        (Decimal(5000), "cash", date(2027, 1, 4)),
    ]
    assert shown.claim.amount == Decimal(17000)


def test_what_a_node_of_the_release_before_paid_counts_too(town: Town) -> None:
    case = town.accepted("2026-03-16", members=FOUR, account=None, submission_key="spending-old")
    referral = town.refer(case, "large_bill", "temporary_relief", "temporary_relief")
    asked = {"referral_id": referral, "kind": "spending"}
    claim = town.step("register_relief_claim", case, **asked)["claim_id"]
    nothing: dict[str, Any] = {"event_kind": None, "happened_on": None, "event_reference": None}
    town.step("record_relief_payment", case, claim_id=claim, amount=3000, mode="bank", **nothing, beyond_cap=False)
    with town.under_test.database.begin() as connection:
        connection.execute(text("UPDATE relief_claim SET amount = 4320, paid_at = '2026-03-20T02:00:00Z'"))
    assert town.step("register_relief_claim", case, **asked)["granted_this_year"] == Decimal(4320)


def disabled(expires_on: date) -> Any:
    card = DisabilityCard(number=FATHER.identity_number + "42", expires_on=expires_on)
    return replace(FATHER, health=Health(disability_kind="physical", disability_level=2), card=card)


def test_disability_subsidies_run_from_the_month_of_application_and_the_card_is_watched(town: Town) -> None:
    town.at("2026-06-15 09:00")
    member = disabled(date(2026, 12, 31))
    case = town.accepted("2026-06-15", members=(member,), received_on=date(2026, 5, 28), account=None)
    town.refer(case, "disability", "disability_subsidy", "disability_subsidy", status="dibao")
    assert town.due("Task_ReviewDisability") == "2026-06-30 23:59:59"
    rows = [{**each, "needs_care": "yes"} for each in town.open()["Task_ReviewDisability"].variables["disabled"]]
    town.done("Task_ReviewDisability", disabled=rows, opinion="accept")
    town.give("public_notice", notice_outcome="undisputed")
    town.done("Task_FederationCheck", federation="right")
    town.done("Task_DisabilityConfirm", decision="grant")

    granted = town.benefits(case)["disability_subsidy"]
    assert (granted.base, granted.add_ons, granted.start_month) == (Decimal(350), Decimal(130), date(2026, 5, 1))
    town.at("2026-12-01 09:00")
    town.work()
    assert town.due("Task_RemindRenewal") == "2026-12-31 23:59:59"
    town.done("Task_RemindRenewal", renewal="lapsed")
    assert town.benefits(case)["disability_subsidy"].last_month == date(2026, 12, 1)


def test_a_subsidy_for_a_disability_found_later_runs_from_the_month_it_was_found_in(town: Town) -> None:
    case = town.accepted(
        "2026-01-12", members=(disabled(date(2027, 12, 31)),), received_on=date(2026, 1, 9), account=None
    )
    town.at("2026-09-21 09:00")
    referral_id = town.refer(case, "disability", "disability_subsidy", "disability_subsidy", status="dibao")
    with town.under_test.database.begin() as connection:  # as a referral from a task keeps it
        connection.execute(text("UPDATE referral SET applied_on = '2026-09-21' WHERE id = :id"), {"id": referral_id})
    rows = [{**each, "needs_care": "yes"} for each in town.open()["Task_ReviewDisability"].variables["disabled"]]
    town.done("Task_ReviewDisability", disabled=rows, opinion="accept")
    town.give("public_notice", notice_outcome="undisputed")
    town.done("Task_FederationCheck", federation="right")
    town.at("2026-10-12 09:00")
    town.done("Task_DisabilityConfirm", decision="grant")

    granted = town.benefits(case)["disability_subsidy"]
    assert (granted.start_month, granted.amount) == (date(2026, 9, 1), Decimal(480))  # not eight months more
    assert granted.version_in(date(2026, 8, 1)) is None


def test_an_expired_card_gives_no_subsidy(town: Town) -> None:
    case = town.accepted("2026-06-15", members=(disabled(date(2026, 6, 14)),), account=None)
    found = town.step("read_disability_cards", case)["disabled"]

    assert [(one["number"], one["level"], one["card"]) for one in found] == [(1, 2, "expired")]


def test_a_child_support_counts_the_child_alone_and_excludes_tekun(town: Town) -> None:
    grandfather = replace(OLD_MAN, failed_self_care=())
    case = town.accepted("2026-06-15", members=(grandfather, CHILD), account=None)
    town.refer(case, "child", "child_support", "child_support")
    town.done("Task_ChildDesk", child_opinion="go_on", father="dead", mother="imprisoned", guardian="祖父")
    town.done("Task_ChildConfirm", decision="grant")

    granted = town.benefits(case)["child_support"]
    assert (granted.amount, granted.current[0].persons) == (Decimal(1500), (2,))
    drawn = town.step("list_active_schemes", case, persons=[2])["active"]
    assert (drawn, town.step("list_active_schemes", case, persons=[1])["active"]) == (["child_support"], [])
