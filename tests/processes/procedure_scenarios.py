"""How cases are handled in a county, played over the shipped diagrams: each function is one story to its end."""

from __future__ import annotations

from tests.processes.office import Office, at, case_of, member
from tests.processes.scenarios import MEANS, authorise, family, hold_appraisal, post, settle, survey

ACCEPTED = "2026-04-13"
KIN = {"name": "陈官", "relation": "儿子", "post": "village"}
ASKED = {"extension_id": "E", "extension_reason": "须复查", "due_before": "2026-05-27", "due_after": "2026-06-17"}


def extended():
    office = Office(family(accepted_on=ACCEPTED), now=at("05-20")).start("clock_extension", **ASKED)
    assert office.due("Task_DecideExtension") == "05-22"
    office.do("Task_DecideExtension", extension_decision="approve")
    return office


def not_extended():
    office = Office(family(accepted_on=ACCEPTED), now=at("05-20")).start("clock_extension", **ASKED)
    office.do("Task_DecideExtension", extension_decision="refuse", decision_note="人手足够")
    return office


def extension_lapsed():
    office = Office(family(accepted_on=ACCEPTED), now=at("05-27")).start("clock_extension", **ASKED)
    office.wait_until(at("05-28"))
    return office


def surveyors_differ():
    office = Office(family(accepted_on="2026-09-14"), now=at("09-14")).start("survey", survey_kind="first")
    assert office.due("Task_FirstSurveyor") == "09-17"
    survey(office)
    office.do("Task_SecondSurveyor", agrees="no", second_note="有一间出租房")
    assert office.shown("Task_FirstSurveyor")["second_note"] == "有一间出租房"
    survey(office, income_seen="more", extra_monthly_income=500)
    office.do("Task_SecondSurveyor", agrees="yes")
    return office


def county_visits():
    office = Office(family(accepted_on=ACCEPTED), now=at("04-14")).start("county_visit")
    seen = {"visited_on": "2026-04-14", "persons_met": "本人", "findings": "属实"}
    office.do("Task_CountyVisitor", **seen)
    office.do("Task_CountyVisitWitness", agrees="no", second_note="漏写住房")
    office.do("Task_CountyVisitor", **seen)
    office.do("Task_CountyVisitWitness", agrees="yes")
    return office


def finished_before_the_county_came():
    office = Office(family(accepted_on=ACCEPTED), now=at("04-14")).start("county_visit")
    office.hear("case_finished")
    return office


def finished_before_the_second_confirmed():
    office = Office(family(accepted_on=ACCEPTED), now=at("04-14")).start("county_visit")
    office.do("Task_CountyVisitor", visited_on="2026-04-14", persons_met="本人", findings="属实")
    office.hear("case_finished")
    return office


def notice_taken_down():
    given = {"notice_id": "N", "notice_number": "GS01", "place": "公开栏", "notice_ends_on": "2026-09-30"}
    office = Office(family(accepted_on="2026-09-14"), now=at("10-08")).start("notice_removal", **given)
    assert office.due("Task_TakeDownNotice") == "10-08"
    office.do("Task_TakeDownNotice", taken_down_on="2026-10-08")
    return office


def _notice():
    office = Office(family(accepted_on=ACCEPTED), now=at("05-06"))
    proposal = {"programme": "dibao", "opinion": "grant", "amount": 1964, "amount_period": "month"}
    return office.start("public_notice", referral={"id": "Z1"}, **proposal)


def objected_twice_and_dismissed():
    office = _notice()
    office.unanswered = [1, 0]
    post(office, "05-06")
    office.wait_until(at("05-07"))
    office.hear("notice_objection")
    hold_appraisal(office, people=6)
    assert office.shown("Task_HoldAppraisal")["appraisal_fault"] == "人数不足"
    finish_investigation(office)
    finish_investigation(office)
    assert office.open() == []
    office.wait_until(at("05-14"))
    return office


def finish_investigation(office):
    survey(office)
    office.do("Task_SecondSurveyor", agrees="yes")
    hold_appraisal(office)
    office.do("Task_NewOpinion", objection_outcome="dismissed", new_opinion_reason="未发现隐瞒")
    office.do("Task_AnswerObjector", answer_text="维持原意见")
    office.finish("Service_SendAnswers", delivered=1)


def upheld():
    office = _notice()
    post(office, "05-06")
    settle(office, objection_outcome="upheld")
    return office


def corrected_again():
    office = Office(family(), now=at("02-12")).start("one_window_intake")
    office.do("Task_CheckCompleteness", completeness="incomplete", missing_documents=["illness_proof"], kin=[KIN])
    asked = {"corrected": "more", "still_missing": ["illness_proof"], "more_reason": "复印件不清"}
    office.do("Task_ReceiveCorrections", **asked)
    office.do("Task_OverrideCorrection", override="no", override_note="原件可核对")
    assert office.shown("Task_ReceiveCorrections")["override_note"] == "原件可核对"
    office.do("Task_ReceiveCorrections", **asked)
    office.do("Task_OverrideCorrection", override="yes", override_note="首次漏列")
    office.do("Task_ReceiveCorrections", corrected="yes")
    authorise(office)
    return office


def not_ours():
    office = Office(family(), now=at("02-12")).start("relief_case")
    office.do("Task_CheckCompleteness", completeness="not_ours", refusal_reason="仅咨询", right_unit="housing")
    return office


def paid_at_once(office):
    event = {"event_kind": "accident", "happened_on": "2026-10-02", "place": "南渡镇工地"}
    office.do("Task_UrgentPay", urgency="urgent", amount=2160, pay_mode="cash", event_reference="120-77", **event)
    office.do("Task_UrgentWitness", present="yes", signed_by="本人", signature="fingerprint")
    office.do("Task_MakeUpFile", papers=["identity", "event_proof", "receipt", "explanation"])


def urgent_alone():
    office = Office(family(needs=["urgent"]), now=at("10-02")).start("relief_case")
    assert office.open() == ["Task_UrgentPay"]
    paid_at_once(office)
    return office


def urgent_beside_others():
    office = Office(family(needs=["urgent", "subsistence"]), now=at("10-02"), means=MEANS).start("relief_case")
    assert office.open() == ["Task_CheckCompleteness", "Task_UrgentPay"]
    office.do("Task_CheckCompleteness", completeness="not_ours", refusal_reason="无其他困难", right_unit="housing")
    office.do("Task_UrgentPay", urgency="not_urgent", not_urgent_reason="南渡镇已救助")
    office.do("Task_AssessNeed", spending_kind="other", persons=1, months=1, findings="已获救助")
    office.do("Task_ReliefOpinion", opinion="refuse", opinion_reason="同一事件已在南渡镇救助")
    return office


def letter_delivered_late():
    """A household whose number takes no message: the window is reminded once, and delivers the letter in the end."""
    office = Office(family(accepted_on="2026-09-14"), now=at("09-14"))
    office.start("letter_delivery", notice_id="N1", letter_kind="result", written_on="2026-09-14")
    assert office.due("Task_DeliverLetter") == "09-20"  # that Sunday is worked on
    office.wait_until(at("09-21", 8))
    assert len(office.called("remind_of_letter")) == 1
    assert office.open() == ["Task_DeliverLetter"]
    office.do("Task_DeliverLetter", delivered_on="2026-09-21", delivered_how="post")
    return office


AT_ONCE = ["urgent", "emergency_treatment", "disaster", "shelter", "child"]


def all_at_once_beside_the_main_line():
    """Everything that cannot wait is with its unit before anybody looked at the papers; the main line goes on alone."""
    case = family(needs=[*AT_ONCE, "subsistence"])
    office = Office(case, now=at("10-02"), means=MEANS).start("relief_case")
    first = ["Task_AcknowledgeDisaster", "Task_AcknowledgeStranded", "Task_UrgentPay"]
    assert office.open() == sorted(["Task_AcknowledgePartner", "Task_CheckCompleteness", "Task_ChildDesk", *first])
    return office


def at_once_returned_and_given_up():
    """A unit that is not the right one returns it: the window looks again, and nobody is left without an answer."""
    office = Office(family(needs=["emergency_treatment"]), now=at("10-02")).start("relief_case")
    office.do("Task_AcknowledgePartner", acknowledgement="returned", return_reason="已转上级医院")
    office.do("Task_Reroute", reroute_to="cancel", reroute_reason="已由上级医院垫付")
    return office


def disaster_beside_dibao():
    office = Office(family(needs=["disaster", "subsistence"]), now=at("09-14"), agencies=("tax",), means=MEANS)
    office.start("relief_case")
    office.do("Task_CheckCompleteness", completeness="complete")
    authorise(office)
    office.finish("Service_AskAgency", answer={"status": "no_hit"})
    survey(office)
    office.do("Task_SecondSurveyor", agrees="yes")
    office.do("Task_ReviewReport", review="usable")
    return office


def child_alone_on_the_street():
    child = member(1, age=12, labour_capacity="none", employment="student")
    return Office(case_of([child], received_on="07-20", needs=["shelter"]), now=at("07-20", 22)).start("relief_case")


def visited(*, counts, assets=9000):
    """What two surveyors saw after the check was done, and whether it changes the report."""
    office = Office(family(accepted_on=ACCEPTED), now=at("04-20"))
    office.case["means"] = MEANS | {"assets": assets, "needs_explanation": False}
    office.survey_counts = counts
    return office.start("survey_findings")


def visit_finds_nothing_new():
    return visited(counts=False)


def visit_finds_what_stays_within():
    return visited(counts=True)


def visit_finds_too_much():
    return visited(counts=True, assets=900_000)


STORIES = (
    letter_delivered_late,
    visit_finds_nothing_new,
    visit_finds_what_stays_within,
    visit_finds_too_much,
    extended,
    not_extended,
    extension_lapsed,
    surveyors_differ,
    county_visits,
    finished_before_the_county_came,
    finished_before_the_second_confirmed,
    notice_taken_down,
    objected_twice_and_dismissed,
    upheld,
    corrected_again,
    not_ours,
    urgent_alone,
    urgent_beside_others,
    at_once_returned_and_given_up,
)
