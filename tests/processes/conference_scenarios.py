"""The joint conference, played over the shipped diagrams: each function is one story to its end."""

from __future__ import annotations

from tests.processes.office import Office, at
from tests.processes.scenarios import family

MEETING = {
    "meeting_id": "M", "meeting_number": "溧联席〔2026〕1号", "meeting_title": "联席会议", "meeting_place": "三楼",
    "meets_on": "2026-06-16", "issues_until": "2026-06-06", "liaison_on": "2026-06-11", "minutes": None,
    "return_reason": None,
}  # fmt: skip
ITEM = {
    "item_id": "I", "item_number": "溧联席〔2026〕1号第1项", "meeting_number": "溧联席〔2026〕1号",
    "item_text": "完成名单比对", "owner_group": "education/clerk", "co_owners": None, "due_on": "2026-06-30",
    "return_reason": None, "progress": None, "evidence": None,
}  # fmt: skip
PROBLEM = {
    "problem_id": "P", "problem_number": "溧协调〔2026〕1号", "problem_title": "口径不一", "problem_text": "两家不同",
    "filed_by_unit": "education", "filing_group": "education/clerk", "answer": None, "unsettled_reason": None,
}  # fmt: skip
AGENDA = {
    "issues": [{"no": 1, "unit": "教育局", "title": "名单比对", "text": "请提供名单", "place": "agenda"}],
    "liaison_held_on": "2026-06-11", "liaison_present": "各单位联络员", "agenda_decision": "hold",
}  # fmt: skip


def _in(process_id, variables, day):
    office = Office(family(accepted_on="2026-06-01"), now=at(day))
    return office.start(process_id, **variables)


def convened():
    return _in("joint_conference", MEETING, "05-25")


def on_the_agenda():
    office = convened()
    office.wait_until(at("06-11"))
    office.do("Task_LiaisonMeeting", **AGENDA)
    return office


def held(*, is_major=False):
    office = on_the_agenda()
    office.wait_until(at("06-16"))
    row = {
        "no": 1, "title": "名单比对", "outcome": "decided", "text": "完成名单比对", "owner": "education",
        "co_owners": [], "due_on": "2026-06-30", "is_major": is_major,
    }  # fmt: skip
    office.do("Task_HoldMeeting", held_on="2026-06-16", chair="召集人", participants="各单位", results=[row])
    office.do("Task_DraftMinutes", minutes="一致同意。")
    return office


def minutes_are_issued():
    office = held()
    office.do("Task_SignMinutes", minutes_decision="sign")
    return office


def minutes_are_returned_once():
    office = held()
    office.do("Task_SignMinutes", minutes_decision="return", return_reason="漏写参会单位")
    office.do("Task_DraftMinutes", minutes="一致同意。参会单位齐全。")
    office.do("Task_SignMinutes", minutes_decision="sign")
    return office


def a_major_matter_goes_to_the_city_government():
    office = held(is_major=True)
    office.do("Task_SignMinutes", minutes_decision="sign")
    office.do("Task_ReportUp", reported_up_on="2026-06-17", report_number="溧民报1号")
    return office


def called_off():
    office = convened()
    office.wait_until(at("06-11"))
    off = {**AGENDA, "agenda_decision": "call_off", "call_off_reason": "没有需要研究的议题"}
    office.do("Task_LiaisonMeeting", **off)
    return office


def given_out():
    return _in("decided_item", ITEM, "06-17")


def done_after_progress_and_a_return():
    office = given_out()
    office.do("Task_ReportItem", report_kind="progress", progress="正在比对")
    office.do("Task_ReportItem", report_kind="finished", progress="已比对", evidence="清单")
    office.do("Task_AcceptItem", item_decision="return", return_reason="缺少清单")
    office.do("Task_ReportItem", report_kind="finished", progress="已比对", evidence="清单全文")
    office.do("Task_AcceptItem", item_decision="accept", accept_note="属实")
    return office


def long_overdue():
    office = given_out()
    office.wait_until(at("07-15"))
    office.do("Task_ReportItem", report_kind="finished", progress="已比对", evidence="清单")
    office.do("Task_AcceptItem", item_decision="accept")
    return office


def filed():
    return _in("coordination_problem", PROBLEM, "06-01")


def given_to_finance():
    office = filed()
    office.do("Task_AssignProblem", problem_decision="assign", unit_kind="finance", problem_note="请答复")
    return office


def settled_after_a_second_answer():
    office = given_to_finance()
    office.wait_until(at("06-09"))
    office.do("Task_AnswerProblem", answer="统一口径")
    office.do("Task_ConfirmProblem", is_settled="no", unsettled_reason="没有说明时间")
    office.do("Task_AssignProblem", problem_decision="assign", unit_kind="finance", problem_note="请补充时间")
    office.do("Task_AnswerProblem", answer="七月起统一口径")
    office.do("Task_ConfirmProblem", is_settled="yes")
    return office


def made_an_issue():
    office = filed()
    office.do("Task_AssignProblem", problem_decision="agenda", problem_note="需要会议研究")
    return office


def declined():
    office = filed()
    office.do("Task_AssignProblem", problem_decision="decline", problem_note="属本单位职责")
    return office


STORIES = (
    minutes_are_issued,
    minutes_are_returned_once,
    a_major_matter_goes_to_the_city_government,
    called_off,
    done_after_progress_and_a_return,
    long_overdue,
    settled_after_a_second_answer,
    made_an_issue,
    declined,
)
