"""Benefits from the first opinion to the last letter, over the shipped diagrams on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from engine.errors import EngineError
from engine.forms import FormInvalid
from engine.model import SYSTEM
from engine.queries import TaskTab, UserTaskFilter
from tests.applications import CHILD, FATHER, HOUSEHOLD, MOTHER, identity
from tests.contracts.test_casework_scenarios import County, county, survey, take_in
from tests.contracts.test_payments import all_paid, to_the_bank
from tests.engines import person
from workflows.casework.benefits.commands import (
    EndBenefit,
    EndGround,
    NotifyRefusals,
    ReportChange,
    RequestSingleEntry,
    SuspendBenefit,
)
from workflows.casework.benefits.model import Benefit
from workflows.casework.circumstances import YearlySpending
from workflows.casework.county import COUNTY_REGION
from workflows.casework.errors import CaseNotFound
from workflows.casework.model import Case, Health, Income
from workflows.casework.payments.views import ReadMoneyOfCase
from workflows.casework.procedure.kin_commands import Kin, RegisterKin
from workflows.casework.procedure.model import KinPost
from workflows.casework.programmes.commands import LogJobOffer
from workflows.casework.programmes.model import OfferAnswer
from workflows.casework.queries import CaseView

__all__ = ["county"]

OCTOBER, NOVEMBER, DECEMBER = date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)


@pytest.fixture(autouse=True)
def no_incident(county: County) -> Iterator[None]:
    """Let no step of a story get stuck unnoticed."""
    yield
    with county.under_test.database.connect() as connection:
        stuck = connection.execute(text("SELECT element_id, kind, reason FROM incident")).all()
    assert stuck == []


def checked(county: County, case: Case, *, rules: list[str]) -> None:
    take_in(county, members=len(case.members))
    survey(county)
    county.done("Task_ReviewReport", review="usable")
    dropped = {"referral_note": "其余暂不需要"}
    county.done("Task_ConfirmReferrals", selected_rules=rules, added_needs=[], **dropped)


def confirmed(county: County, *, posted: str, sent_up: str, decided: str, **decision: Any) -> None:
    county.at(f"{posted} 09:00")
    county.done("Task_FirstOpinion", opinion="grant")
    county.done("Task_PostNotice", posted_on=posted, place="村务公开栏")
    county.at(f"{sent_up} 09:00")
    county.work()
    county.done("Task_TakeDownNotice", taken_down_on=sent_up)
    required = county.open()["Task_CountyReview"].variables["visit_required"]
    visit = "yes" if required else "no"
    county.done("Task_CountyReview", county_opinion="agree", county_visit=visit, county_opinion_reason="符合条件")
    county.at(f"{decided} 09:00")
    county.done("Task_CountyConfirm", **(decision or {"county_decision": "grant"}))


def plain_benefit(county: County) -> Case:
    """A1: 1,964 a month from November."""
    county.at("2026-09-14 09:00")
    case = county.submit()
    checked(county, case, rules=["R1"])
    confirmed(county, posted="2026-09-23", sent_up="2026-10-08", decided="2026-10-15")
    return case


def the_benefit(view: CaseView) -> Benefit:
    (benefit,) = view.benefits
    return benefit


def changed(county: County, case: Case, **member: Any) -> None:
    """Report and verify that something of the first member changed."""
    report_change(county, case)
    verify_change(county, **member)


def report_change(county: County, case: Case) -> None:
    county.run(ReportChange(case_id=case.id, reported="家庭报告情况变化"), actor=SYSTEM)
    county.work()


def verify_change(county: County, **member: Any) -> None:
    rows = list(county.open()["Task_VerifyChange"].variables["members"])
    rows[0] = {**rows[0], **member}
    county.done("Task_VerifyChange", founded="yes", members=rows, assets=9000, has_vehicle="no", verify_note="工资流水")


def test_a_grant_is_explained_numbered_and_can_be_recomputed(county: County) -> None:
    case = plain_benefit(county)

    view = county.view(case)
    (decision,) = view.decisions
    assert (decision.number, decision.kind, decision.amount) == ("溧民救〔2026〕001", "grant", Decimal(1964))
    assert decision.start_month == NOVEMBER
    assert decision.signer == "staff-Task_CountyConfirm"
    assert decision.calculation.startswith("低保标准1080元×3人－可计入收入1600元，应补差1640元")
    traced = {one["decision_id"]: one for one in decision.trace}
    tables = [table for one in traced["means_status"]["decisions"] for table in one["tables"]]
    fired = [rule["id"] for table in tables for rule in table["matched"]]
    assert fired == ["Rule_MeansStatus_5"]
    (letter,) = [one for one in view.notices if one.kind == "result"]
    assert "溧民救〔2026〕001" in letter.text
    assert "应补差1640元" in letter.text
    assert "行政复议（截至 2026年12月14日）" in letter.text
    (status,) = view.recognitions
    assert (status.status, status.valid_from, status.valid_until) == ("dibao", date(2026, 10, 15), None)
    assert the_benefit(view).recheck_class == "C"
    assert the_benefit(view).recheck_due_on == date(2027, 4, 15)


def test_a_refusal_is_served_in_three_working_days(county: County) -> None:
    county.at("2026-09-14 09:00")
    case = county.submit()
    checked(county, case, rules=["R1"])
    refused = {"county_decision": "refuse", "county_note": "隐瞒收入"}
    confirmed(county, posted="2026-09-23", sent_up="2026-10-08", decided="2026-10-15", **refused)

    assert county.due("Task_ServeRefusal") == "2026-10-20 23:59:59"
    county.at("2026-10-19 15:00")
    county.done("Task_ServeRefusal", served_on="2026-10-19", served_how="handed")
    view = county.view(case)
    (decision,) = view.decisions
    assert (decision.kind, decision.served_on, decision.reasons) == ("refuse", date(2026, 10, 19), "隐瞒收入")
    assert decision.remedies[0].until == date(2026, 12, 18)
    assert view.referrals[0].referral.outcome == "refused"
    assert view.benefits == []


def edge_family(county: County, **changes: Any) -> Case:
    """A4: four persons, 1,500 a head, 20,000 of assets a head; the daughter of 24 has a disability of grade 2."""
    daughter = replace(
        CHILD,
        name="陈小红",
        identity_number=identity(date(2002, 3, 4), count=46),
        school_stage="none",
        grade=None,
        employment="none",
        health=Health(disability_kind="physical", disability_level=2),
    )
    return county.submit(
        members=(
            replace(FATHER, income=Income(other_monthly_income=Decimal(3000))),
            replace(MOTHER, health=Health(), income=Income(other_monthly_income=Decimal(3000))),
            daughter,
            CHILD,
        ),
        household=replace(HOUSEHOLD, assets_declared=Decimal(80000)),
        documents=("application_form", "identity_papers", "authorisation", "truth_promise", "disability_card"),
        **changes,
    )


def routed_by_status(county: County, case: Case) -> None:
    """The clerk sends on what the routing table proposes about the household's status, and nothing else."""
    take_in(county, members=len(case.members))
    survey(county)
    county.done("Task_ReviewReport", review="usable")
    proposed = [one["value"] for one in county.open()["Task_ConfirmReferrals"].variables["proposal_choices"]]
    status = [rule for rule in proposed if rule in ("R1", "R2", "R3")]
    county.done("Task_ConfirmReferrals", selected_rules=status, added_needs=[], referral_note="认定困难类型")


def test_a_daughter_of_an_edge_family_draws_the_allowance_alone_and_her_healthy_father_does_not(
    county: County,
) -> None:
    county.at("2026-09-14 09:00")
    case = edge_family(county)
    routed_by_status(county, case)
    confirmed(county, posted="2026-09-23", sent_up="2026-10-08", decided="2026-10-15")

    offers = county.open()["Task_OfferSingleEntry"].variables["offers"]
    assert [one["number"] for one in offers] == [3]
    county.done("Task_OfferSingleEntry", offers=[{**offers[0], "accepted": "yes"}])
    family = county.view(case)
    assert [(one.kind, one.programme) for one in family.decisions] == [("recognise", "edge")]
    assert family.benefits == []
    (referral,) = [one.referral for one in family.referrals]
    assert (referral.outcome, referral.amount, (referral.result or {})["status"]) == ("granted", None, "edge")

    (link,) = family.linked_cases
    assert (link.kind, link.member, link.is_origin) == ("single_entry", 3, False)
    confirmed(county, posted="2026-10-16", sent_up="2026-10-26", decided="2026-10-28")
    hers = county.questions.case(link.number, SYSTEM)
    report, theirs = hers.check_report, family.check_report
    assert report is not None
    assert theirs is not None
    assert (report.conclusion, report.hits, report.valid_until) == ("within", (), theirs.valid_until)
    assert the_benefit(hers).amount == Decimal(1296)
    assert (the_benefit(hers).base, the_benefit(hers).add_ons) == (Decimal(1080), Decimal(216))
    assert hers.linked_cases[0].is_origin

    county.run(RequestSingleEntry(case_id=case.id, member=1), actor=SYSTEM)
    county.work()
    county.done("Task_ConfirmSingleEntry", single_note="本人健康")
    refused = county.view(case).decisions[-1]
    assert (refused.kind, refused.reasons) == ("refuse", "没有重病，也没有重度残疾")
    assert len(county.view(case).linked_cases) == 1


def test_who_is_kin_of_a_family_is_kin_of_a_member_with_a_case_alone(county: County) -> None:
    county.at("2026-09-14 09:00")
    case = county.submit()
    take_in(county, members=len(case.members))
    kin = Kin(name="陈官", relation="叔叔", post=KinPost.STAFF, login="uncle")
    county.run(RegisterKin(case_id=case.id, kin=kin), actor=SYSTEM)
    alone = str(county.step("open_single_entry", case, member=3)["linked_case"])

    with pytest.raises(CaseNotFound):
        county.questions.case(alone, person("uncle", "civil_affairs/clerk", region=COUNTY_REGION))
    assert county.questions.case(alone, person("other", "civil_affairs/clerk", region=COUNTY_REGION))
    visits = UserTaskFilter(actor=SYSTEM, tab=TaskTab.UNIT, business_key=alone, element_id="Task_CountyVisitor")
    assert county.under_test.queries.user_tasks(visits).total == 1


@pytest.mark.parametrize(("education", "granted"), [(12000, True), (10000, False)])
def test_rigid_spending_must_exceed_half_of_the_income(county: County, education: int, granted: bool) -> None:
    county.at("2026-08-03 09:00")
    spending = YearlySpending(medical=Decimal(38000), education=Decimal(education))
    case = county.submit(
        members=(
            replace(FATHER, income=Income(other_monthly_income=Decimal(8000))),
            replace(MOTHER, health=Health()),
            CHILD,
        ),
        household=replace(HOUSEHOLD, yearly_spending=spending),
        documents=("application_form", "identity_papers", "authorisation", "truth_promise"),
    )
    routed_by_status(county, case)
    assert county.view(case).summary.due_on == date(2026, 9, 14)
    if not granted:
        finding = county.open()["Task_FirstOpinion"].variables["finding"]
        assert finding["status"] == "over_income"
        return
    confirmed(county, posted="2026-08-24", sent_up="2026-09-01", decided="2026-09-10")
    view = county.view(case)
    (status,) = view.recognitions
    assert (status.status, status.valid_from, status.valid_until) == ("rigid", date(2026, 9, 10), date(2027, 9, 9))
    (decision,) = view.decisions
    assert (decision.valid_from, decision.valid_until) == (status.valid_from, status.valid_until)
    county.at("2027-08-10 08:00")
    county.work()
    assert [one for one in county.view(case).notices if one.kind == "expiry"] == []
    county.at("2027-08-10 09:30")
    county.work()
    (warning,) = [one for one in county.view(case).notices if one.kind == "expiry"]
    assert "2027年9月9日" in warning.text


def test_three_refusals_of_work_stop_the_share_of_one_after_a_hearing(county: County) -> None:
    case = plain_benefit(county)
    changed(county, case, net_monthly_wage=0, employment="jobless")
    county.done("Task_DecideChange", change_decision="agree")
    assert the_benefit(county.view(case)).amount_in(NOVEMBER) == Decimal(3564)

    for day in (1, 2, 3):
        assert [one for one in county.view(case).notices if one.kind == "hearing"] == []
        refuse_work(county, case, day=date(2026, 10, day))
    (letter,) = [one for one in county.view(case).notices if one.kind == "hearing"]
    assert "陈述申辩" in letter.text
    assert the_benefit(county.view(case)).amount_in(NOVEMBER) == Decimal(3564)
    county.done("Task_HoldHearing", heard="silent")
    county.done("Task_DecideChange", change_decision="agree")

    version = the_benefit(county.view(case)).version_in(NOVEMBER)
    assert version is not None
    assert (version.base, version.add_ons, version.persons) == (Decimal(2160), Decimal(324), (2, 3))
    decision = county.view(case).decisions[-1]
    assert (decision.kind, decision.amount) == ("change", Decimal(2484))
    assert decision.articles[0] == "社会救助暂行办法第四十五条"


def refuse_work(county: County, case: Case, *, day: date) -> None:
    """Let the employment bureau log a suitable job that the first member did not want."""
    offer = LogJobOffer(
        case_id=case.id,
        member_number=1,
        offered_on=day,
        title="保安",
        monthly_wage=Decimal(2400),
        distance_km=None,
        answer=OfferAnswer.REFUSED,
        ground="none",
        reason="不愿上班",
    )
    county.run(offer, actor=person("employment.clerk", "employment/clerk", region=COUNTY_REGION))
    county.work()


def test_the_county_can_tell_of_refusals_itself_and_nobody_is_cut_who_is_not_counted(county: County) -> None:
    case = plain_benefit(county)
    county.run(NotifyRefusals(case_id=case.id, member=1, refusals=3), actor=SYSTEM)
    county.work()
    assert county.open()["Task_HoldHearing"].variables["new"]["persons"] == [2, 3]
    with pytest.raises(EngineError, match="member"):
        county.run(NotifyRefusals(case_id=case.id, member=7, refusals=3), actor=SYSTEM)


def two_persons(county: County) -> Case:
    county.at("2026-06-15 09:00")
    case = county.submit(
        members=(
            replace(FATHER, income=Income(), employment="jobless"),
            replace(MOTHER, health=Health(), labour_capacity="none"),
        ),
        documents=("application_form", "identity_papers", "authorisation", "truth_promise", "bank_account"),
    )
    checked(county, case, rules=["R1"])
    confirmed(county, posted="2026-06-24", sent_up="2026-07-02", decided="2026-07-06")
    assert the_benefit(county.view(case)).amount == Decimal(2160)
    county.at("2026-09-16 09:00")
    return case


def test_work_found_below_the_edge_line_phases_out_and_leaves_an_edge_family(county: County) -> None:
    case = two_persons(county)
    changed(county, case, net_monthly_wage=3200, employment="employed")
    county.at("2026-09-18 09:00")
    county.done("Task_DecideChange", change_decision="agree")

    view = county.view(case)
    benefit = the_benefit(view)
    assert [benefit.amount_in(month) for month in (OCTOBER, date(2027, 3, 1), date(2027, 4, 1))] == [2160, 2160, 0]
    assert benefit.last_month == date(2027, 3, 1)
    statuses = [(one.status, one.valid_from, one.valid_until) for one in view.recognitions]
    assert statuses[0] == ("dibao", date(2026, 7, 6), date(2027, 3, 31))
    assert statuses[1][:2] == ("edge", date(2027, 4, 1))
    assert [one for one in view.notices if one.kind == "hearing"] == []


def test_a_change_counts_from_the_month_after_its_decision_not_after_the_visit(county: County) -> None:
    case = two_persons(county)
    changed(county, case, net_monthly_wage=1000, employment="employed")
    county.done("Task_HoldHearing", heard="silent")
    county.at("2026-10-12 09:00")  # September's word, October's roster is at the bank
    county.done("Task_DecideChange", change_decision="agree")

    view = county.view(case)
    paid = [the_benefit(view).amount_in(month) for month in (OCTOBER, NOVEMBER)]
    assert paid[0] == Decimal(2160) > paid[1]
    assert view.decisions[-1].start_month == NOVEMBER


def test_what_was_paid_for_months_after_an_end_is_asked_back(county: County) -> None:
    case = plain_benefit(county)
    county.at("2026-11-05 09:00")
    number = to_the_bank(county, "utf-8")

    county.at("2026-11-20 09:00")
    county.run(EndBenefit(case_id=case.id, ground=EndGround.MOVED, reason="迁出本市"), actor=SYSTEM)
    county.work()
    county.done("Task_VerifyEnd", end_founded="yes", happened_on="2026-10-20", end_note="户口已迁出")
    county.done("Task_DecideEnd", end_decision="agree")

    assert county.run(ReadMoneyOfCase(case_id=case.id), actor=SYSTEM).recoveries == []  # it may come back yet
    all_paid(county, number)
    county.done("Task_DeliverBankFile", delivered_on="2026-11-05")
    money = county.run(ReadMoneyOfCase(case_id=case.id), actor=SYSTEM)
    (recovery,) = money.recoveries
    assert (recovery.cause, recovery.from_month, recovery.wrongly_paid) == ("error", NOVEMBER, Decimal(1964))
    assert the_benefit(county.view(case)).amount_in(NOVEMBER) == 0


def test_a_benefit_that_ended_while_a_change_was_verified_is_not_changed(county: County) -> None:
    case = two_persons(county)
    report_change(county, case)
    county.run(EndBenefit(case_id=case.id, ground=EndGround.MOVED, reason="迁出本市"), actor=SYSTEM)
    county.work()
    county.done("Task_VerifyEnd", end_founded="yes", happened_on="2026-09-10", end_note="户口已迁出")
    county.done("Task_DecideEnd", end_decision="agree")
    ended = the_benefit(county.view(case))

    verify_change(county, net_monthly_wage=1000, employment="employed")
    assert the_benefit(county.view(case)) == ended
    assert [one.kind for one in county.view(case).decisions] == ["grant", "stop"]


def test_what_ended_before_its_end_or_suspension_is_decided_ends_their_procedures_without_an_incident(
    county: County,
) -> None:
    case = two_persons(county)
    end = EndBenefit(case_id=case.id, ground=EndGround.MOVED, reason="迁出本市")
    county.run(end, actor=SYSTEM)
    county.run(end, actor=SYSTEM)
    county.run(SuspendBenefit(case_id=case.id, reason="两次联系不上"), actor=SYSTEM)
    county.work()
    for _ in range(2):
        county.done("Task_VerifyEnd", end_founded="yes", happened_on="2026-09-10", end_note="户口已迁出")
    for _ in range(2):
        county.done("Task_DecideEnd", end_decision="agree")
    county.done("Task_DecideSuspension", suspension_decision="agree", suspension_note="书面催告未果")

    assert [one.kind for one in county.view(case).decisions] == ["grant", "stop"]
    assert not {"Task_DecideEnd", "Task_DecideSuspension", "Task_ReviewSuspension"} & county.open().keys()
    told = text(
        "SELECT cause, step_en, login FROM staff_notice JOIN staff_notice_recipient ON notice_id = id ORDER BY step_en"
    )
    with county.under_test.database.connect() as connection:
        notices = connection.execute(told).all()
    assert [(one.cause, one.step_en) for one in notices] == [
        ("decision_without_effect", "Decide on a suspension"),
        ("decision_without_effect", "Decide on an end"),
    ]


def test_who_draws_a_benefit_and_refuses_the_recheck_is_proposed_for_suspension(county: County) -> None:
    case = two_persons(county)
    county.step("await_consent", case, note="不同意查询存款")
    county.work()
    assert "不同意查询存款" in county.open()["Task_DecideSuspension"].variables["suspension_reason"]
    assert "Task_DecideWithdrawal" not in county.open()


def test_work_found_above_the_edge_line_stops_the_benefit_after_a_hearing(county: County) -> None:
    case = two_persons(county)
    changed(county, case, net_monthly_wage=4000, employment="employed")
    county.done("Task_HoldHearing", heard="stated", statement="没有异议")
    county.done("Task_DecideChange", change_decision="agree")

    view = county.view(case)
    assert [the_benefit(view).amount_in(month) for month in (date(2026, 9, 1), OCTOBER)] == [2160, 0]
    assert [one.kind for one in view.decisions] == ["grant", "stop"]
    assert [one.status for one in view.recognitions] == ["dibao"]


def test_a_day_of_service_that_cannot_be_is_sent_back_to_the_clerk(county: County) -> None:
    county.at("2026-09-14 09:00")
    case = county.submit()
    checked(county, case, rules=["R1"])
    refused = {"county_decision": "refuse", "county_note": "隐瞒收入"}
    confirmed(county, posted="2026-09-23", sent_up="2026-10-08", decided="2026-10-15", **refused)

    for wrong in ("2026-10-14", "2026-10-16"):
        with pytest.raises(FormInvalid) as sent_back:
            county.done("Task_ServeRefusal", served_on=wrong, served_how="handed")
        assert [(one.path, one.code) for one in sent_back.value.errors] == [(("served_on",), "service-day")]
    county.done("Task_ServeRefusal", served_on="2026-10-15", served_how="handed")
    assert county.view(case).decisions[0].served_on == date(2026, 10, 15)
