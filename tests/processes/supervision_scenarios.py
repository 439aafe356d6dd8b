"""Supervision orders in a county, played over the shipped diagram: each function is one story to its end."""

from __future__ import annotations

from tests.processes.office import Office, at
from tests.processes.scenarios import family

ORDER = {
    "order_id": "O", "order_number": "溧督〔2026〕1号", "answering_group": "education/clerk",
    "issuing_group": "civil_affairs/supervisor", "matter": "JZ-1", "step": "答复转办",
    "demand": "三日内答复", "basis": "社会救助法第六十四条", "due_on": "2026-06-10",
    "answer": None, "return_reason": None,
}  # fmt: skip


def issued(**changes):
    office = Office(family(accepted_on="2026-06-01"), now=at("06-03"))
    return office.start("supervision_order", **{**ORDER, **changes})


def answered_and_accepted():
    office = issued()
    office.do("Task_AnswerOrder", answer="已办好")
    office.do("Task_ReviewAnswer", order_decision="accept", review_note="属实")
    return office


def returned_then_accepted():
    office = issued()
    office.wait_until(at("06-10"))
    office.do("Task_AnswerOrder", answer="正在办")
    office.do("Task_ReviewAnswer", order_decision="return", return_reason="没有写明结果")
    office.do("Task_AnswerOrder", answer="已于六月十日办好")
    office.do("Task_ReviewAnswer", order_decision="accept")
    return office


def over_every_level():
    office = issued()
    office.wait_until(at("06-30"))
    office.do("Task_AnswerOrder", answer="补办完毕")
    office.do("Task_ReviewAnswer", order_decision="accept")
    return office


STORIES = (answered_and_accepted, returned_then_accepted, over_every_level)
