"""Support of extremely poor persons, temporary relief, disability subsidies, child support: figures, days, answers."""

from __future__ import annotations

import pytest

from tests.processes import stories_relief as stories
from tests.processes.office import at


def result_of(desk):
    assert desk.is_done
    return {name: desk.variables().get(name) for name in ("outcome", "amount", "amount_period", "reason", "result")}


def test_full_loss_of_self_care_is_supported_from_next_month_and_the_allowance_ends_the_month_before():
    desk = stories.full_loss_replaces_the_allowance()
    found = result_of(desk)
    assert (found["outcome"], found["amount"], found["amount_period"]) == ("granted", 2259, "month")
    assert found["result"]["form"] == "centralised"
    (granted,) = desk.called("grant_scheme")
    assert (granted["base"], granted["add_ons"], granted["persons"]) == (1512, 747, [1])
    (ended,) = desk.called("end_replaced_benefits")
    assert (ended["programme"], ended["persons"]) == ("dibao", [1])
    assert desk.variables()["start_month"] == "2026-06"


def test_two_must_agree_on_self_care_and_three_failed_items_are_partial_loss():
    desk = stories.three_items_at_home()
    found = result_of(desk)
    assert (found["amount"], found["result"]["care_grade"], found["result"]["carer"]) == (2010, "partial_loss", "侄女")
    assert desk.called("end_replaced_benefits") == []


def test_an_able_supporter_found_in_the_notice_leads_to_a_refusal_with_its_reason():
    found = result_of(stories.a_son_is_found_in_the_notice())
    assert (found["outcome"], found["reason"]) == ("refused", "有具备履行能力的法定义务人")


def test_what_is_found_after_an_objection_leads_back_though_the_objection_is_dismissed():
    assert stories.something_is_found_after_an_objection_that_is_dismissed().open() == ["Task_RecordSupporters"]


def test_a_reported_change_of_self_care_is_assessed_by_two_and_changes_the_care_from_next_month():
    desk = stories.self_care_got_worse()
    assert desk.is_done
    (changed,) = desk.called("change_scheme")
    assert (changed["base"], changed["add_ons"]) == (1512, 747)
    assert stories.self_care_as_before().called("change_scheme") == []
    assert stories.self_care_said_to_be_better().called("change_scheme") == []


def test_support_ends_after_a_notice_and_an_objection_is_inquired_into_first():
    ended, kept = stories.ended_with_notice(), stories.ending_objected()
    assert [each["programme"] for each in ended.called("end_replaced_benefits")] == ["tekun"]
    assert kept.is_done
    assert kept.called("end_replaced_benefits") == []
    assert stories.no_ground_to_end().is_done


@pytest.mark.parametrize(
    ("story", "undone", "decided"),
    [
        (stories.care_changed_after_the_support_ended, "change_scheme", "care_grade"),
        (stories.ended_after_it_had_ended, "end_replaced_benefits", "end_support"),
    ],
)
def test_what_is_decided_of_support_that_ended_before_changes_nothing_and_its_decider_is_told(story, undone, decided):
    desk = story()
    assert desk.is_done
    assert desk.called(undone) == []
    assert [each["decided"] for each in desk.called("tell_decider")] == [decided]


def test_urgent_relief_is_paid_within_hours_that_run_through_holidays_and_filed_later():
    desk = stories.paid_on_a_holiday()
    found = result_of(desk)
    assert (found["outcome"], found["amount"], found["amount_period"]) == ("granted", 2160, "once")
    assert found["result"]["receipt"] == {"signed_by": "本人", "signature": "fingerprint"}
    (paid,) = desk.called("record_relief_payment")
    assert (paid["amount"], paid["mode"], paid["event_reference"]) == (2160, "cash", "120-77")
    assert desk.called("record_relief_file") == [{"caseId": "case-1", "claim_id": "K"}]


def test_more_than_the_power_of_the_town_cannot_be_paid_at_once():
    desk = stories.urgent()
    with pytest.raises(AssertionError, match="amount"):
        desk.do("Task_UrgentPay", amount=3240.01, **stories.PAID)


def test_no_relief_is_recorded_before_a_second_member_of_staff_and_the_receiver_signed():
    desk = stories.urgent()
    desk.do("Task_UrgentPay", amount=3240, **stories.PAID)
    assert desk.called("record_relief_payment") == []
    assert desk.open() == ["Task_UrgentWitness"]
    assert desk.task(desk._key("Task_UrgentWitness")).due == at("10-03", 10)


def test_a_claim_for_the_same_event_is_shown_and_can_be_refused():
    found = result_of(stories.claimed_twice())
    assert (found["outcome"], found["reason"]) == ("refused", "同一事件已在南渡镇救助")


def test_relief_above_the_power_of_the_town_is_decided_by_the_county_after_the_notice():
    desk = stories.two_months_for_four()
    assert result_of(desk)["amount"] == 8640
    assert desk.passed()["Call_ReliefNotice"] == 1
    assert desk.passed()["Task_TownshipDecide"] == 0


def test_a_small_sum_is_decided_by_the_town_and_cash_is_signed_for():
    desk = stories.small_sum_in_cash()
    found = result_of(desk)
    assert (found["amount"], found["result"]["receipt"]["signature"]) == (3240, "fingerprint")
    assert desk.passed()["Call_ReliefNotice"] == 0


@pytest.mark.parametrize(
    ("story", "amount", "follow"),
    [
        (stories.rest_given_up, 4320, None),
        (stories.rest_to_charity, 4320, "charity"),
        (stories.rest_by_collective_decision, 9320, None),
        (stories.collective_refuses_and_charity_is_asked, 4320, "charity"),
    ],
)
def test_above_the_yearly_cap_only_the_rest_is_paid_and_what_is_over_goes_further(story, amount, follow):
    desk = story()
    found = result_of(desk)
    assert (found["outcome"], found["amount"]) == ("granted", amount)
    assert desk.called("record_relief_payment")[0]["beyond_cap"] is False
    assert found["result"].get("next", {}).get("need") == follow


def test_a_county_decision_on_relief_is_sent_back_once_only():
    found = result_of(stories.objected_sent_back_and_refused())
    assert (found["outcome"], found["amount"], found["reason"]) == ("refused", None, "费用已由保险赔付")


def test_both_subsidies_are_granted_from_the_month_of_application_and_the_card_is_watched():
    desk = stories.both_subsidies()
    assert result_of(desk)["amount"] == 480
    (granted,) = desk.called("grant_scheme")
    assert (granted["base"], granted["add_ons"], granted["start_month"]) == (350, 130, "application")
    (followed,) = desk.called("start_follow_up")
    assert followed["facts"] == {"benefit_id": "D", "expires_on": "2026-12-31"}


@pytest.mark.parametrize("story", stories.ALL, ids=[each.__name__ for each in stories.ALL])
def test_what_is_granted_or_refused_by_somebody_is_recorded_as_a_decision(story):
    desk = story()
    kinds = [each["kind"] for each in desk.called("record_decision")]
    expected = {"granted": ["grant"], "refused": ["refuse"]}.get(desk.variables().get("outcome"), [])
    assert kinds == expected


def test_care_that_is_given_already_is_not_given_twice():
    assert result_of(stories.no_double_care())["outcome"] == "not_eligible"


def test_a_renewed_card_is_watched_again_and_a_lapsed_one_ends_the_subsidies():
    renewed, lapsed = stories.card_renewed(), stories.card_lapsed()
    assert renewed.called("start_follow_up")[0]["facts"]["expires_on"] == "2036-12-31"
    assert lapsed.called("end_replaced_benefits")[0]["programme"] == "disability_subsidy"


def test_a_card_is_asked_about_thirty_days_before_it_expires():
    assert stories.watched(day="11-30").open() == []
    assert stories.watched(day="12-01").open() == ["Task_RemindRenewal"]


def test_a_child_without_a_carer_is_supported_beside_the_allowance_but_not_beside_tekun():
    granted = stories.orphan_by_one_parent_in_prison()
    assert (result_of(granted)["amount"], result_of(granted)["result"]["status"]) == (1500, "de_facto")
    assert granted.called("grant_scheme")[0]["persons"] == [2]
    assert result_of(stories.child_draws_tekun_already())["outcome"] == "refused"


@pytest.mark.parametrize(
    "story",
    [
        stories.tekun_sent_to_the_wrong_place,
        stories.relief_asked_of_the_wrong_office,
        stories.subsidies_returned,
        stories.child_sent_to_the_wrong_place,
    ],
)
def test_a_wrong_referral_is_returned_with_a_reason(story):
    found = result_of(story())
    assert found["outcome"] == "returned"
    assert found["reason"]
