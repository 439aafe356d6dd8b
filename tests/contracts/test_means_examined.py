"""What rests on the check of means while that check is open again: on a form, and in a case of one member."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from engine.forms import FormInvalid
from engine.model import SYSTEM
from tests.applications import plain_dibao
from tests.contracts.test_allowance import edge_family
from tests.contracts.test_casework_scenarios import County, county, survey, take_in
from workflows.casework.benefits.transfer import RunningBenefit, TakeOverBenefit
from workflows.casework.model import Case

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
