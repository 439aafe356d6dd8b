"""What happens in support of extremely poor persons, temporary relief, disability subsidies and child support.

Other units' processes that these call are stand-ins here: a user task that gives back what the story says.
"""

from __future__ import annotations

from engine.bpmn.reader import read
from engine.core import model
from tests.processes.diagrams import end, flows, one_process, start
from tests.processes.office import PROCESSES, Office, at, case_of, member

WAITING = """<bpmn:userTask id="Task_StandIn" name="等"><bpmn:extensionElements><zeebe:userTask/>
  <zeebe:assignmentDefinition candidateGroups="township/clerk"/></bpmn:extensionElements></bpmn:userTask>"""
CALLED = ("public_notice", "collective_decision")


def _stand_in(process_id):
    xml = one_process(start(), WAITING, end(), flows("s>Task_StandIn>e")).replace(
        b'id="P"', f'id="{process_id}"'.encode()
    )
    return read(xml).processes[process_id]


STAND_INS = {each: _stand_in(each) for each in CALLED}


class _WithStandIns:
    def get(self, definition):
        return STAND_INS.get(definition) or PROCESSES[definition]

    def called(self, process_id, *, caller, binding, version_tag):
        return process_id


class Desk(Office):
    """The office with stand-ins for called processes."""

    def __init__(self, case, *, now):
        super().__init__(case, now=now, means=None)
        self.definitions = _WithStandIns()

    def give(self, **answer):
        """End the called process with an answer."""
        self.run(model.CompleteWork(key=self._key("Task_StandIn"), variables=answer))


def unit(process_id, case, *, day, status="none", programme="p", need="care", **variables):
    """Start a programme with a referral sent on the day of acceptance."""
    desk = Desk(case | {"accepted_on": f"2026-{day}"}, now=at(day))
    referral = {"id": "Z1", "number": "JZ-1-01", "need": need, "programme": programme, "unit_kind": "civil_affairs"}
    given = {"referral": referral | {"process_id": process_id}, "household_status": status, "sent_on": f"2026-{day}"}
    return desk.start(process_id, **given, **variables)


# ---- support of extremely poor persons


def old_man(**facts):
    """A5: 72, no kin, basic pension and a little land rent."""
    alone = member(1, age=72, sex="male", labour_capacity="none", employment="none", basic_pension=143)
    return case_of(
        [alone | {"other_monthly_income": 200, "failed_self_care": ["dress", "toilet", "bathe", "walk"]}],
        received_on="03-16",
        household={"assets_declared": 8000},
        **facts,
    )


def tekun(case=None, active=()):
    desk = unit("extremely_poor_support", case or old_man(), day="03-16", programme="tekun")
    desk.active = list(active)
    return desk


def assess(desk, *failed, agrees="yes", **answers):
    desk.do("Task_AssessSelfCare", assessed_on="2026-03-18", failed_items=list(failed))
    desk.do("Task_ConfirmSelfCare", agrees=agrees, **answers)


FOUR = ("dress", "toilet", "bathe", "walk")
INSTITUTION = {"opinion": "grant", "support_form": "centralised", "institution": "昆仑敬老院"}
VISITED = {"county_opinion": "agree", "county_visit": "yes", "county_opinion_reason": "属实"}


def no_kin(desk):
    desk.do("Task_RecordSupporters", supporters=[])


def to_the_county(desk, outcome="undisputed"):
    desk.wait_until(at("04-13"))
    desk.give(notice_outcome=outcome)
    desk.do("Task_TekunSendUp", signed="yes")


def full_loss_replaces_the_allowance():
    desk = tekun(active=["dibao"])
    assert desk.due("Task_AssessSelfCare") == "04-07"
    assess(desk, *FOUR)
    no_kin(desk)
    assert desk.shown("Task_TekunOpinion")["support"]["amount"] == 2259
    assert desk.due("Task_TekunOpinion") == "04-07"
    desk.wait_until(at("04-03"))
    desk.do("Task_TekunOpinion", **INSTITUTION)
    to_the_county(desk)
    assert desk.due("Task_TekunCountyReview") == "05-07"
    desk.do("Task_TekunCountyReview", **VISITED)
    desk.wait_until(at("05-06"))
    desk.do("Task_TekunCountyConfirm", county_decision="grant")
    return desk


def three_items_at_home():
    desk = tekun()
    assess(desk, *FOUR, agrees="no", assessment_note="能自行室内行走")
    assert desk.shown("Task_AssessSelfCare")["disagreement"] == "能自行室内行走"
    assess(desk, *FOUR[:3])
    no_kin(desk)
    assert desk.shown("Task_TekunOpinion")["support"]["amount"] == 2010
    home = {"opinion": "grant", "support_form": "dispersed", "carer": "侄女", "agreement_on": "2026-03-30"}
    desk.do("Task_TekunOpinion", **home)
    to_the_county(desk)
    desk.do("Task_TekunCountyReview", **VISITED)
    desk.do("Task_TekunCountyConfirm", county_decision="grant")
    return desk


def a_son_is_found_in_the_notice():
    desk = tekun()
    assess(desk, "dress")
    no_kin(desk)
    desk.do("Task_TekunOpinion", **INSTITUTION)
    desk.wait_until(at("04-13"))
    desk.give(notice_outcome="upheld")
    son = {"relation": "child", "age": 45, "recognised_status": "none", "condition": "able", "means": "adequate"}
    desk.do("Task_RecordSupporters", supporters=[son])
    assert desk.shown("Task_TekunOpinion")["may_grant"] is False
    desk.do("Task_TekunOpinion", opinion="refuse", opinion_reason="有具备履行能力的儿子")
    desk.do("Task_TekunSendUp", signed="yes")
    desk.do("Task_TekunCountyReview", **VISITED)
    desk.do("Task_TekunCountyConfirm", county_decision="send_back", county_note="核实儿子收入")
    desk.do("Task_RecordSupporters", supporters=[son])
    assert desk.shown("Task_TekunOpinion")["earlier_note"] == "核实儿子收入"
    desk.do("Task_TekunOpinion", opinion="refuse", opinion_reason="已核实")
    desk.do("Task_TekunSendUp", signed="yes")
    desk.do("Task_TekunCountyReview", **VISITED)
    assert desk.shown("Task_TekunCountyConfirm")["may_send_back"] is False
    desk.do("Task_TekunCountyConfirm", county_decision="refuse", county_note="有具备履行能力的法定义务人")
    return desk


def something_is_found_after_an_objection_that_is_dismissed():
    desk = tekun()
    assess(desk, "dress")
    no_kin(desk)
    desk.do("Task_TekunOpinion", **INSTITUTION)
    desk.wait_until(at("04-13"))
    desk.give(notice_outcome="dismissed", findings_counted=True)
    return desk


def tekun_sent_to_the_wrong_place():
    desk = tekun()
    assess(desk)
    no_kin(desk)
    desk.do("Task_TekunOpinion", opinion="return", opinion_reason="应办理低保")
    return desk


def after_the_grant(process_id, *, day="07-06"):
    desk = Desk(old_man() | {"accepted_on": "2026-03-16"}, now=at(day))
    return desk.start(process_id, benefit_id="D", reported_on=f"2026-{day}", change_note="近来卧床")


def reassess(desk, *failed, agrees="yes", **answers):
    desk.do("Task_ReassessSelfCare", assessed_on="2026-07-08", failed_items=list(failed))
    desk.do("Task_ConfirmReassessment", agrees=agrees, **answers)


def self_care_got_worse():
    desk = after_the_grant("self_care_review")
    assert desk.due("Task_ReassessSelfCare") == "07-20"
    assert desk.shown("Task_ReassessSelfCare")["disagreement"] == "近来卧床"
    reassess(desk, *FOUR[:3], agrees="no", assessment_note="也不能行走")
    reassess(desk, *FOUR)
    desk.do("Task_DecideCareGrade", decision="change")
    return desk


def self_care_as_before():
    desk = after_the_grant("self_care_review")
    reassess(desk, *FOUR[:2])
    return desk


def self_care_said_to_be_better():
    desk = after_the_grant("self_care_review")
    reassess(desk)
    desk.do("Task_DecideCareGrade", statement="仍需照料", decision="keep", grade_reason="陈述属实")
    return desk


def care_changed_after_the_support_ended():
    desk = after_the_grant("self_care_review")
    desk.benefit_state = "ended"
    reassess(desk, *FOUR)
    desk.do("Task_DecideCareGrade", decision="change")
    return desk


def ending(proposal, ground="supporter"):
    desk = after_the_grant("tekun_ending")
    desk.do("Task_ProposeEnding", proposal=proposal, ground=ground, evidence="村委会证明")
    return desk


def ended_with_notice():
    desk = ending("end", "death")
    desk.give(notice_outcome="undisputed")
    desk.do("Task_DecideEnding", decision="end", end_reason="死亡")
    return desk


def ended_after_it_had_ended():
    desk = ending("end", "wish")
    desk.benefit_state = "ended"
    desk.give(notice_outcome="undisputed")
    desk.do("Task_DecideEnding", statement="自愿", decision="end", end_reason="自愿")
    return desk


def ending_objected():
    desk = ending("end")
    desk.give(notice_outcome="upheld")
    assert desk.due("Task_InquireObjection") == "07-27"
    desk.do("Task_InquireObjection", inquiry="儿子已失踪")
    assert desk.shown("Task_DecideEnding")["inquiry"] == "儿子已失踪"
    desk.do("Task_DecideEnding", statement="没有儿子供养", decision="keep", end_reason="义务人无履行能力")
    return desk


def no_ground_to_end():
    return ending("keep", "labour")


# ---- temporary relief


def injured():
    """A7: a worker from elsewhere, hurt in Nandu on a holiday."""
    event = {
        "kind": "accident",
        "happened_on": "2026-10-02",
        "place": "工地",
        "region": "320481114",
        "reference": "120-77",
    }
    return case_of([member(1)], received_on="10-02", event=event, needs=["urgent"])


PAID = {
    "urgency": "urgent", "event_kind": "accident", "happened_on": "2026-10-02", "place": "南渡镇工地",
    "event_reference": "120-77", "pay_mode": "cash",
}  # fmt: skip
SIGNED = {"signed_by": "本人", "signature": "fingerprint"}
PAPERS = ["identity", "event_proof", "receipt", "explanation"]


def urgent(*, duplicates=()):
    desk = Desk(injured() | {"accepted_on": None}, now=at("10-02", 10))
    desk.duplicates = list(duplicates)
    referral = {"id": "Z1", "number": "JZ-1-01", "need": "urgent", "programme": "temporary_relief"}
    referral |= {"unit_kind": "civil_affairs", "process_id": "temporary_relief"}
    given = {"referral": referral, "household_status": "none", "sent_on": "2026-10-02", "urgent": True}
    return desk.start("temporary_relief", **given)


def paid_on_a_holiday():
    desk = urgent()
    assert desk.task(desk._key("Task_UrgentPay")).due == at("10-03", 10)
    assert desk.shown("Task_UrgentPay")["limit"] == 3240
    desk.do("Task_UrgentPay", amount=2160, **PAID)
    desk.do("Task_UrgentWitness", present="yes", **SIGNED)
    assert desk.due("Task_MakeUpFile") == "10-20"
    desk.do("Task_MakeUpFile", papers=PAPERS)
    return desk


def claimed_twice():
    other = {"case_number": "JZ-9", "town": "南渡镇", "happened_on": "2026-10-02", "amount": 2160}
    desk = urgent(duplicates=[other])
    assert desk.shown("Task_UrgentPay")["duplicates"] == [other]
    desk.do("Task_UrgentPay", urgency="not_urgent", not_urgent_reason="南渡镇已救助")
    desk.do("Task_AssessNeed", spending_kind="other", persons=1, months=1, findings="已获救助")
    desk.do("Task_ReliefOpinion", opinion="refuse", opinion_reason="同一事件已在南渡镇救助")
    return desk


def in_debt():
    """A8: a dibao family of four with medical debt."""
    bill = {"kind": "medical", "amount": 30000, "reimbursed": 12000}
    return case_of([member(each) for each in (1, 2, 3, 4)], received_on="06-15", bills=[bill])


def spending(*, granted_this_year=0, case=None):
    desk = Desk((case or in_debt()) | {"accepted_on": "2026-06-15"}, now=at("06-15"))
    desk.granted_this_year = granted_this_year
    referral = {"id": "Z1", "number": "JZ-1-01", "need": "large_bill", "programme": "temporary_relief"}
    referral |= {"unit_kind": "civil_affairs", "process_id": "temporary_relief"}
    return desk.start("temporary_relief", referral=referral, household_status="dibao", sent_on="2026-06-15")


def need(desk, *, persons, months):
    desk.do("Task_AssessNeed", spending_kind="medical", persons=persons, months=months, findings="自付 18000 元")


def county_agrees(desk):
    desk.give(notice_outcome="undisputed")
    desk.do("Task_ReliefCountyReview", county_opinion="agree", county_opinion_reason="属实")


def two_months_for_four():
    desk = spending()
    need(desk, persons=4, months=2)
    assert desk.shown("Task_ReliefOpinion")["relief"]["amount"] == 8640
    desk.do("Task_ReliefOpinion", opinion="grant", pay_mode="bank")
    county_agrees(desk)
    desk.do("Task_ReliefCountyConfirm", decision="grant")
    return desk


def over_the_cap(way, **answers):
    desk = spending(granted_this_year=8640)
    need(desk, persons=4, months=3)
    desk.do("Task_ReliefOpinion", opinion="grant", pay_mode="bank")
    county_agrees(desk)
    desk.do("Task_ReliefCountyConfirm", decision="grant")
    assert desk.shown("Task_DecideRest")["relief"]["over"] == 8640
    desk.do("Task_DecideRest", rest_way=way, rest_reason="仍有 8640 元缺口")
    if answers:
        desk.give(**answers)
    return desk


def rest_to_charity():
    return over_the_cap("charity")


def rest_given_up():
    return over_the_cap("none")


def rest_by_collective_decision():
    return over_the_cap("collective", decision="approve", amount=5000, minutes_id="M1")


def collective_refuses_and_charity_is_asked():
    return over_the_cap("collective", decision="refuse", amount=0, minutes_id="M2")


def small_sum_in_cash():
    desk = spending(case=case_of([member(1)], received_on="06-15"))
    need(desk, persons=1, months=3)
    desk.do("Task_ReliefOpinion", opinion="grant", pay_mode="cash")
    desk.do("Task_TownshipDecide", decision="grant")
    assert "Service_RecordRelief" not in desk.passed()
    desk.do("Task_SignReceipt", **SIGNED)
    return desk


def objected_sent_back_and_refused():
    desk = spending()
    need(desk, persons=4, months=2)
    desk.do("Task_ReliefOpinion", opinion="grant", pay_mode="bank")
    desk.give(notice_outcome="upheld")
    need(desk, persons=3, months=2)
    desk.do("Task_ReliefOpinion", opinion="grant", pay_mode="bank")
    county_agrees(desk)
    desk.do("Task_ReliefCountyConfirm", decision="send_back", refusal_reason="缺出院小结")
    assert desk.shown("Task_AssessNeed")["county_note"] == "缺出院小结"
    need(desk, persons=3, months=2)
    desk.do("Task_ReliefOpinion", opinion="grant", pay_mode="bank")
    county_agrees(desk)
    assert desk.shown("Task_ReliefCountyConfirm")["may_send_back"] is False
    desk.do("Task_ReliefCountyConfirm", decision="refuse", refusal_reason="费用已由保险赔付")
    return desk


def relief_asked_of_the_wrong_office():
    desk = spending()
    need(desk, persons=4, months=1)
    desk.do("Task_ReliefOpinion", opinion="return", opinion_reason="属于医疗救助")
    return desk


# ---- disability subsidies


def disabled_couple():
    return case_of([member(1, disability_kind="physical", disability_level=1), member(2)], received_on="06-10")


def card(number, level, **facts):
    plain = {"number": number, "relation": "self", "kind": "physical", "level": level, "card": "valid"}
    return plain | {"expires_on": "2026-12-31", "other_care": "none"} | facts


def subsidies(*cards, status="dibao"):
    desk = Desk(disabled_couple() | {"accepted_on": "2026-06-15"}, now=at("06-15"))
    desk.disabled = list(cards)
    referral = {"id": "Z1", "number": "JZ-1-01", "need": "disability", "programme": "disability_subsidy"}
    referral |= {"unit_kind": "civil_affairs", "process_id": "disability_subsidy"}
    return desk.start("disability_subsidy", referral=referral, household_status=status, sent_on="2026-06-15")


def review(desk, *needs_care):
    shown = desk.shown("Task_ReviewDisability")["disabled"]
    rows = [
        {**each, "needs_care": answer, "other_care": each["other_care"]}
        for each, answer in zip(shown, needs_care, strict=True)
    ]
    desk.do("Task_ReviewDisability", disabled=rows, opinion="accept")


def both_subsidies():
    desk = subsidies(card(1, 1))
    assert desk.due("Task_ReviewDisability") == "06-30"
    review(desk, "yes")
    desk.give(notice_outcome="upheld")
    review(desk, "yes")
    desk.give(notice_outcome="undisputed")
    assert desk.due("Task_FederationCheck") == "06-30"
    desk.disabled = [card(1, 2)]
    desk.do("Task_FederationCheck", federation="wrong", federation_note="等级应为二级")
    review(desk, "yes")
    desk.give(notice_outcome="undisputed")
    desk.do("Task_FederationCheck", federation="right")
    assert desk.shown("Task_DisabilityConfirm")["total"] == 480
    desk.do("Task_DisabilityConfirm", decision="grant")
    return desk


def no_double_care():
    desk = subsidies(card(1, 1, other_care="tekun"), status="tekun")
    review(desk, "yes")
    return desk


def subsidies_refused():
    desk = subsidies(card(1, 3))
    review(desk, "no")
    desk.give(notice_outcome="undisputed")
    desk.do("Task_FederationCheck", federation="right")
    desk.do("Task_DisabilityConfirm", decision="refuse", refusal_reason="户籍已迁出")
    return desk


def subsidies_returned():
    desk = subsidies()
    desk.do("Task_ReviewDisability", opinion="return", return_reason="没有残疾人证")
    return desk


def watched(day="12-01"):
    desk = Desk(disabled_couple(), now=at("07-20"))
    desk.start("card_renewal", benefit_id="D", expires_on="2026-12-31")
    assert desk.open() == []
    desk.wait_until(at(day))
    return desk


def card_renewed():
    desk = watched()
    assert desk.due("Task_RemindRenewal") == "12-31"
    desk.do("Task_RemindRenewal", renewal="renewed", renewed_until="2036-12-31")
    return desk


def card_lapsed():
    desk = watched()
    desk.do("Task_RemindRenewal", renewal="lapsed")
    return desk


# ---- children without a carer


def child_alone():
    return case_of(
        [member(1, age=66), member(2, age=9, labour_capacity="none", employment="student", relation="child")],
        received_on="06-15",
    )


def child(active=()):
    desk = Desk(child_alone() | {"accepted_on": "2026-06-15"}, now=at("06-15"))
    desk.active = list(active)
    referral = {"id": "Z1", "number": "JZ-1-01", "need": "child", "programme": "child_support"}
    referral |= {"unit_kind": "civil_affairs", "process_id": "child_support"}
    return desk.start("child_support", referral=referral, household_status="none", sent_on="2026-06-15")


def parents(desk, father, mother):
    desk.do("Task_ChildDesk", child_opinion="go_on", father=father, mother=mother, guardian="祖父")


def orphan_by_one_parent_in_prison():
    desk = child(active=["dibao"])
    parents(desk, "dead", "able")
    assert desk.shown("Task_ChildConfirm")["may_grant"] is False
    desk.do("Task_ChildConfirm", decision="send_back", review_note="母亲判决书已收到")
    assert desk.shown("Task_ChildDesk")["earlier_note"] == "母亲判决书已收到"
    parents(desk, "dead", "imprisoned")
    desk.do("Task_ChildConfirm", decision="grant")
    return desk


def child_draws_tekun_already():
    desk = child(active=["tekun"])
    parents(desk, "dead", "dead")
    assert desk.shown("Task_ChildConfirm")["may_grant"] is False
    desk.do("Task_ChildConfirm", decision="refuse", review_note="监护人选择特困供养")
    return desk


def child_sent_to_the_wrong_place():
    desk = child()
    desk.do("Task_ChildDesk", child_opinion="return", return_reason="父母均在")
    return desk


TEKUN = (
    full_loss_replaces_the_allowance, three_items_at_home, a_son_is_found_in_the_notice, tekun_sent_to_the_wrong_place,
    care_changed_after_the_support_ended, ended_after_it_had_ended,
    self_care_got_worse, self_care_as_before, self_care_said_to_be_better, ended_with_notice, ending_objected,
    no_ground_to_end,
)  # fmt: skip
RELIEF = (
    paid_on_a_holiday, claimed_twice, two_months_for_four, rest_to_charity, rest_given_up, rest_by_collective_decision,
    collective_refuses_and_charity_is_asked, small_sum_in_cash, objected_sent_back_and_refused,
    relief_asked_of_the_wrong_office,
)  # fmt: skip
OTHERS = (
    both_subsidies, no_double_care, subsidies_refused, subsidies_returned, card_renewed, card_lapsed,
    orphan_by_one_parent_in_prison, child_draws_tekun_already, child_sent_to_the_wrong_place,
)  # fmt: skip
ALL = (*TEKUN, *RELIEF, *OTHERS)
