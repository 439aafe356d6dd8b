"""Money from the roster to the bank and back, with the figures of the county."""

from __future__ import annotations

import pytest

from tests.processes import money_scenarios as stories

EVERY = pytest.mark.parametrize("story", stories.STORIES, ids=[each.__name__ for each in stories.STORIES])


@EVERY
def test_every_story_comes_to_its_end(story):
    assert story().is_done


def test_a_roster_sent_back_is_listed_anew_and_its_hands_are_written_down():
    office = stories.everybody_is_paid()
    assert [each["step"] for each in office.called("record_roster_step")] == [
        "prepared", "prepared", "checked", "prepared", "checked",
    ]  # fmt: skip
    assert office.called("send_payment_batch") == [{"batch_number": "PAY-2026-09", "encoding": "gbk"}]


def test_what_comes_back_is_entered_with_its_new_account():
    office = stories.a_payment_comes_back()
    (corrected,) = office.called("correct_accounts")
    assert corrected["failures"][0]["account"] == "6229990000000000020"


def test_what_is_held_back_altogether_needs_no_file_and_is_entered_anew():
    office = stories.everything_is_held_back()
    assert "Task_DeliverBankFile" not in office.passed()
    assert len(office.called("correct_accounts")) == 1


@pytest.mark.parametrize(("index", "per_person"), [(3, 90), (3.4, 90), (4.9, 90), (5, 135), (5.2, 135)])
def test_a_price_rise_sets_what_each_person_gets(index, per_person):
    office = stories.price_link(index)
    assert office.shown("Task_ConfirmPriceSubsidy")["per_person"] == per_person


def test_a_new_standard_is_computed_for_every_line_and_applied_page_by_page():
    office = stories.a_new_standard()
    assert office.computed == [{"number": 1, "base": 1760, "add_ons": 336}] * 2
    assert len(office.called("apply_standard_lines")) == 2


def test_the_letter_about_a_new_amount_is_sent_by_a_process_of_its_own():
    office = stories.a_letter_about_a_new_amount()
    assert (office.is_done, office.notices) == (True, 1)


def test_a_refused_standard_changes_nothing():
    assert stories.a_new_standard_is_refused().called("apply_standard_lines") == []


def test_the_entitlement_of_the_dead_ends_with_the_month_of_death():
    office = stories.a_single_person_died_and_was_paid()
    (ended,) = office.called("change_benefit")
    assert (ended["action"], ended["from_month"][:7]) == ("end", "2026-09")
    assert office.called("open_recovery")


def test_those_who_are_left_get_the_recomputed_sum():
    office = stories.a_member_died()
    assert office.called("record_household_facts")[0]["members"] == [{"number": 2, "presence": "deceased"}]
    assert office.called("change_benefit")[0]["action"] == "cut"
    assert office.called("lift_payment_hold")


@pytest.mark.parametrize(("act_on", "least", "most"), [("2026-06-30", 9840, 29520), ("2026-07-01", 0, 19680)])
def test_the_law_of_the_day_of_the_act_sets_the_fine(act_on, least, most):
    office = stories.county("10-19").start("recovery", recovery_id="R", cause="fraud", recovery_reason="隐瞒")
    office.do("Task_EstablishRecovery", established="yes", act_on=act_on, facts_found="查明")
    shown = office.shown("Task_HoldRecoveryHearing")
    assert (shown["fine_least"], shown["fine_most"]) == (least, most)


@pytest.mark.parametrize("fine", [19680.01, -1, 9840.005])
def test_a_fine_the_law_does_not_allow_is_refused_by_the_form(fine):
    office = stories.county("10-19").start("recovery", recovery_id="R", cause="fraud", recovery_reason="隐瞒")
    office.do("Task_EstablishRecovery", established="yes", act_on="2026-07-01", facts_found="查明")
    office.do("Task_HoldRecoveryHearing", heard="silent")
    with pytest.raises(AssertionError, match="fine"):
        office.do("Task_DecideRecovery", recovery_decision="recover", fine=fine, recovery_note="追回")


def test_more_instalments_than_policy_allows_are_refused_by_the_form():
    office = stories.recovery()
    office.do("Task_HoldRecoveryHearing", heard="silent")
    office.do("Task_DecideRecovery", recovery_decision="recover", fine=0, recovery_note="追回")
    office.do("Task_ServeRecovery", served_on="2026-11-02", served_how="handed")
    with pytest.raises(AssertionError, match="instalments"):
        office.do("Task_AgreeInstalments", instalments=37, first_due_on="2026-11-30")
    office.do("Task_AgreeInstalments", instalments=36, first_due_on="2026-11-30")


def test_the_household_gets_the_hearing_and_the_recovery_in_writing():
    assert stories.planned().notices == 2


def test_where_the_calendar_lacks_a_year_the_office_is_warned():
    office = stories.recovery()
    office.remedies = [{"kind": "review", "until": None, "year_not_loaded": 2027}]
    office.do("Task_HoldRecoveryHearing", heard="silent")
    office.do("Task_DecideRecovery", recovery_decision="recover", fine=0, recovery_note="追回")
    office.do("Task_ServeRecovery", served_on="2026-11-02", served_how="handed")
    assert "2027 年日历未导入" in office.shown("Task_AgreeInstalments")["calendar_warning"]
