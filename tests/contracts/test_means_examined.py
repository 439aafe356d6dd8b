"""What rests on the check of means while that check is open again: on a form, and in a case of one member."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import text

from engine.forms import FormInvalid
from engine.host import Context
from engine.model import SYSTEM
from engine.queries import IncidentFilter
from storage.verification_view import SqlCheckQueries
from tests.applications import FATHER, plain_dibao
from tests.contracts.test_allowance import edge_family
from tests.contracts.test_casework_scenarios import County, county, survey, take_in
from workflows.casework.benefits.transfer import RunningBenefit, TakeOverBenefit
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.verification.authorising import Consent, RecordAuthorisation
from workflows.casework.verification.objecting import ObjectToReport, Proof, last_day_to_object
from workflows.casework.verification.queries import CheckView

__all__ = ["county"]


def test_an_allowance_added_by_hand_while_the_check_is_open_again_is_told_beside_the_field(county: County) -> None:
    county.at("2026-09-14 09:00")
    case = edge_family(county, recognised_status="edge")  # asks again, and nothing is proposed a second time
    take_in(county, members=len(case.members))
    survey(county)
    county.done("Task_ReviewReport", review="usable")
    offered = [one["value"] for one in county.open()["Task_ConfirmReferrals"].variables["catalogue_choices"]]
    assert "subsistence" in offered
    reopened = county.step("compile_check_report", case, trigger="late_answer", supplement=None)
    answers = {"selected_rules": [], "added_needs": ["subsistence"], "referral_note": "家庭要求申请低保"}

    with pytest.raises(FormInvalid) as sent_back:
        county.done("Task_ConfirmReferrals", **answers)

    (fault,) = sent_back.value.errors
    assert (fault.path, fault.label, fault.code) == (("added_needs",), "补充的转办事项", "means-unchecked")
    assert "最低生活保障" in fault.message_zh
    assert "Subsistence allowance" in fault.message_en
    assert county.view(case).referrals == []
    within = {"conclusion": "within", "hits": []}
    county.step("conclude_check_report", case, report_id=reopened["report_id"], findings=within)
    county.done("Task_ConfirmReferrals", **answers)
    assert [one.referral.need for one in county.view(case).referrals] == ["subsistence"]


def test_a_member_of_a_family_whose_check_is_open_again_is_checked_before_the_case_of_their_own_goes_on(
    county: County,
) -> None:
    county.at("2026-09-14 09:00")
    case = edge_family(county)
    take_in(county, members=len(case.members))
    survey(county)
    county.done("Task_ReviewReport", review="usable")
    county.step("compile_check_report", case, trigger="late_answer", supplement=None)

    alone = str(county.step("open_single_entry", case, member=3)["linked_case"])
    county.work()
    assert county.open().keys() == {"Task_ConfirmReferrals", "Task_ReviewReport"}
    county.done("Task_ReviewReport", review="usable")

    assert "Task_FirstOpinion" in county.open()
    report = county.questions.case(alone, SYSTEM).check_report
    assert report is not None
    assert (report.version, report.conclusion) == (2, "within")


def test_a_member_whose_family_was_checked_eight_months_ago_is_checked_anew(county: County) -> None:
    county.at("2026-03-02 09:00")
    case = _checked_family(county)
    family = county.view(case).check_report
    assert family is not None
    assert family.valid_until is not None
    county.at("2026-11-02 09:00")
    assert family.valid_until < date(2026, 11, 2)

    _is_checked_anew(county, case)


def test_a_member_of_a_family_that_was_taken_over_without_a_report_is_checked(county: County) -> None:
    county.at("2026-09-14 09:00")
    taken_over = RunningBenefit(
        application=replace(plain_dibao(), submission_key="old:edge:77"),
        programme="edge",
        old_number="(2025)77",
        decided_on=date(2026, 1, 5),
        start_month=date(2026, 1, 1),
        authorised_on=date(2026, 1, 2),
        valid_until=date(2027, 1, 4),
    )
    case = county.run(TakeOverBenefit(running=taken_over), actor=SYSTEM)
    county.work()
    assert county.view(case).check_report is None

    _is_checked_anew(county, case)


def test_a_member_of_a_family_with_income_of_nobody_in_particular_is_checked_anew(county: County) -> None:
    county.at("2026-09-14 09:00")
    letting = [{"item": "letting", "amount": 900, "unit": "yuan"}]
    county.tell("facts", identity_number=FATHER.identity_number, records={"tax": letting})
    case = _checked_family(county)
    family = county.view(case).check_report
    assert family is not None
    assert [line["found"] for line in family.lines if line["item"] == "other_monthly_income"] == [900]

    _is_checked_anew(county, case)


def test_the_case_of_one_has_the_consent_that_stands_as_far_and_as_long_as_it_reaches(county: County) -> None:
    county.at("2026-09-14 09:00")
    case = county.submit()
    consent = Consent(person=3, agency_classes=("tax",), valid_to=date(2026, 12, 31))
    county.run(RecordAuthorisation(case_id=case.id, consent=replace(consent, valid_to=None)), actor=SYSTEM)
    county.run(RecordAuthorisation(case_id=case.id, consent=consent), actor=SYSTEM)
    alone = str(county.step("open_single_entry", case, member=3)["linked_case"])

    (told,) = _check_of(county, alone).authorisations
    assert (told.person, told.agency_classes, told.valid_to) == (1, ("tax",), date(2026, 12, 31))
    assert _check_of(county, alone).missing_consents == ()


def test_without_a_consent_that_stands_nobody_is_asked_about_the_member_alone_before_it_is_obtained(
    county: County,
) -> None:
    alone = _alone_without_consent(county)
    check = _check_of(county, alone)
    assert (list(check.authorisations), list(check.requests), check.missing_consents) == ([], [], (1,))
    assert county.under_test.queries.incidents(IncidentFilter(actor=SYSTEM)) == []

    [row] = county.open()["Task_RenewAuthorisations"].variables["authorisations"]
    county.done("Task_RenewAuthorisations", authorisations=[row], consent_refused="no")  # not signed: asked again
    assert (row["authorised"], row["signed_on"]) == ("no", None)
    signed = {**row, "authorised": "yes"}
    for day in (None, "2026-09-15", "2026-01-01"):  # not said, tomorrow, that of the family's consent, which is over
        with pytest.raises(FormInvalid) as sent_back:
            county.done("Task_RenewAuthorisations", authorisations=[{**signed, "signed_on": day}], consent_refused="no")
        assert [one.path for one in sent_back.value.errors] == [("authorisations", 0, "signed_on")]
    signed["signed_on"] = "2026-09-14"
    county.done("Task_RenewAuthorisations", authorisations=[signed], consent_refused="no")
    check = _check_of(county, alone)
    assert (check.missing_consents, {one.person for one in check.authorisations}) == ((), {1})
    assert check.requests
    assert county.under_test.queries.incidents(IncidentFilter(actor=SYSTEM)) == []


def test_who_refuses_to_sign_is_reminded_in_writing_and_the_case_ended_by_a_decision(county: County) -> None:
    alone = _alone_without_consent(county)
    _refused(county)
    assert "Task_RenewAuthorisations" not in county.open()
    assert county.questions.case(alone, SYSTEM).outcome is None

    county.at("2026-09-30 09:00")
    county.work()
    county.done("Task_DecideWithdrawal", withdrawal_decision="terminate", withdrawal_note="提醒期满")
    view = county.questions.case(alone, SYSTEM)
    assert view.outcome == "withdrawn"
    assert len([one for one in view.notices if one.kind == "withdrawal"]) == 2
    assert list(_check_of(county, alone).requests) == []
    assert not {"Task_DecideWithdrawal", "Task_RenewAuthorisations"} & county.open().keys()


def test_who_refused_and_signs_after_all_is_checked_and_nobody_decides_on_an_end(county: County) -> None:
    alone = _alone_without_consent(county)
    _refused(county)
    with county.under_test.database.connect() as connection:
        query = text("SELECT id FROM case_file WHERE number = :number")
        case_id = connection.execute(query, {"number": alone}).scalar_one()
    county.run(RecordAuthorisation(case_id=case_id, consent=Consent(person=1)), actor=SYSTEM)
    county.work()
    assert _check_of(county, alone).requests
    county.at("2026-09-30 09:00")
    county.work()
    assert "Task_DecideWithdrawal" not in county.open()


def test_a_consent_that_is_over_is_not_revived_by_whoever_enters_it_again(county: County) -> None:
    county.at("2026-06-15 09:00")
    case = county.submit()
    for member in case.members:
        over = Consent(person=member.number, signed_on=date(2026, 6, 1), valid_to=date(2026, 6, 30))
        county.run(RecordAuthorisation(case_id=case.id, consent=over), actor=SYSTEM)
    county.at("2026-09-14 09:00")
    first, *others = [one.number for one in case.members]
    assert county.fails("start_means_check", case, purpose="new_application") == "AUTHORISATION_MISSING"

    nothing = county.step("record_authorisations", case, authorisations=[], note=None)
    assert nothing == {"all_authorised": False, "unauthorised": [first, *others]}
    again = {"number": first, "authorised": True, "signed_on": None, "signed_by": "self"}
    said = county.step("record_authorisations", case, authorisations=[again], note=None)
    assert said["unauthorised"] == others
    standing = [one for one in _check_of(county, case.number).authorisations if one.person == first]
    assert [one.signed_on for one in standing if one.holds] == [date(2026, 9, 14)]
    old = again | {"number": others[0], "signed_on": "2026-06-01"}
    assert county.breaks("record_authorisations", case, authorisations=[old], note=None) == "authorisation-invalid"

    county.done("Task_CheckCompleteness", completeness="complete")
    rows = county.open()["Task_RecordAuthorisations"].variables["authorisations"]
    entered = [{**row, "authorised": "yes", "signed_on": "2026-06-01"} for row in rows]
    with pytest.raises(FormInvalid) as sent_back:
        county.done("Task_RecordAuthorisations", withdrawn="no", authorisations=entered)
    assert {(one.path[1], one.code) for one in sent_back.value.errors} == {(place, "consent-day") for place in (1, 2)}


def test_what_the_familys_check_says_of_one_is_told_and_may_be_objected_to_from_that_day(county: County) -> None:
    county.at("2026-09-14 09:00")
    case = edge_family(county)
    daughter = case.members[2].person.identity_number
    wages = [{"item": "wage", "amount": 9000, "unit": "yuan"}]
    county.tell("facts", identity_number=daughter, records={"social_insurance": wages})
    take_in(county, members=len(case.members))
    survey(county)
    county.done("Task_ReviewReport", review="usable")
    family = county.view(case).check_report
    assert family is not None
    county.at("2026-09-28 09:00")  # the days to object to the family's report are over
    alone = str(county.step("open_single_entry", case, member=3)["linked_case"])
    county.work()

    hers = county.questions.case(alone, SYSTEM)
    (report,) = _check_of(county, alone).reports
    assert (report.conclusion, report.sources, report.round) == ("over", family.sources, family.round)
    assert report.valid_until == family.valid_until
    (told,) = [one for one in hers.notices if one.kind == "findings"]
    assert "自收到本告知之日起 5 个工作日内（今天收到的，至 2026年10月10日 止" in told.text
    assert "向昆仑街道社会救助窗口" in told.text
    assert "60 日内向溧阳市人民政府申请行政复议" in told.text
    _delivered(county, told.id, "2026-10-08 09:00")

    county.at("2026-10-14 09:00")  # her fifth working day
    proof = (Proof(title="离职证明"),)
    county.tell("facts", identity_number=daughter, records={"social_insurance": []})
    county.run(
        ObjectToReport(
            case_id=hers.summary.id, report_version=1, agencies=("social_insurance",), grounds="已离职", evidence=proof
        ),
        actor=SYSTEM,
    )
    county.work()
    county.done("Task_AssessObjection", assessment="admit", assessment_reason="重新查询")
    check = _check_of(county, alone)
    assert (check.reports[0].version, check.reports[0].conclusion) == (2, "within")
    assert {one.agency for one in check.requests} == {one["agency"] for one in family.sources}


def test_the_days_to_object_begin_with_the_delivery_of_the_letter(county: County) -> None:
    county.at("2026-09-14 09:00")
    case = edge_family(county)
    wages = [{"item": "wage", "amount": 9000, "unit": "yuan"}]
    identity = case.members[2].person.identity_number
    county.tell("facts", identity_number=identity, records={"social_insurance": wages})
    take_in(county, members=len(case.members))
    survey(county)
    county.done("Task_ReviewReport", review="usable")
    alone = str(county.step("open_single_entry", case, member=3)["linked_case"])
    county.work()
    hers = county.questions.case(alone, SYSTEM)
    (told,) = [one for one in hers.notices if one.kind == "findings"]
    _delivered(county, told.id, None)

    def last_day() -> date | None:
        found: date | None = county.run(LastDay(case_id=hers.summary.id), actor=SYSTEM)
        return found

    county.at("2026-11-30 09:00")  # weeks later it has not come
    assert last_day() is None
    _delivered(county, told.id, "2026-11-30 10:00")
    assert last_day() == date(2026, 12, 7)


@dataclass(frozen=True, slots=True, kw_only=True)
class LastDay:
    """A command that reads until when the newest report of a case may be objected to."""

    case_id: UUID

    def execute(self, context: Context[CaseworkUnitOfWork]) -> date | None:
        report = context.unit_of_work.cases.check_report(self.case_id)
        assert report is not None
        return last_day_to_object(context, report)


def _delivered(county: County, notice_id: UUID, at: str | None) -> None:
    """Let a letter have come at a moment of local time, or not yet."""
    with county.under_test.database.begin() as connection:
        statement = text("UPDATE notice SET sent_at = CAST(:at AS timestamptz) WHERE id = :id")
        connection.execute(statement, {"at": f"{at}+08" if at else None, "id": notice_id})


def _alone_without_consent(county: County) -> str:
    """Return the case of one member whose consent was over before it was opened."""
    county.at("2026-09-14 09:00")
    case = county.submit()
    over = Consent(person=3, signed_on=date(2026, 1, 1), valid_to=date(2026, 6, 30))
    county.run(RecordAuthorisation(case_id=case.id, consent=over), actor=SYSTEM)
    alone = str(county.step("open_single_entry", case, member=3)["linked_case"])
    county.work()
    return alone


def _refused(county: County) -> None:
    [row] = county.open()["Task_RenewAuthorisations"].variables["authorisations"]
    refusal = {"consent_refused": "yes", "authorisation_note": "本人不同意"}
    county.done("Task_RenewAuthorisations", authorisations=[row], **refusal)


def _check_of(county: County, number: str) -> CheckView:
    database, keys = county.under_test.database, county.under_test.keys
    return SqlCheckQueries(database, keys, now=county.under_test.clock).check(number, SYSTEM)


def _checked_family(county: County) -> Case:
    case = edge_family(county)
    take_in(county, members=len(case.members))
    survey(county)
    county.done("Task_ReviewReport", review="usable")
    return case


def _is_checked_anew(county: County, case: Case) -> None:
    """Open the case of one member and see that agencies answer for it before it is sent on."""
    alone = str(county.step("open_single_entry", case, member=3)["linked_case"])
    county.work()
    assert "Task_FirstOpinion" not in county.open()
    county.done("Task_ReviewReport", review="usable")

    assert "Task_FirstOpinion" in county.open()
    report = county.questions.case(alone, SYSTEM).check_report
    assert report is not None
    assert (report.version, report.conclusion) == (2, "within")
    assert report.sources
