"""A question to another unit, played over the shipped diagram: each function is one story to its end."""

from __future__ import annotations

from tests.processes.office import Office, at
from tests.processes.scenarios import family

QUESTION = {
    "advice_id": "A", "answering_group": "education/clerk", "asking_unit": "民政局", "matter": "JZ-1",
    "step": "审核", "question": "该生是否在籍？", "due_on": "2026-06-08",
}  # fmt: skip


def asked():
    office = Office(family(accepted_on="2026-06-01"), now=at("06-03"))
    return office.start("advice", **QUESTION)


def answered():
    office = asked()
    office.do("Task_AnswerAdvice", advice_decision="answer", answer="在籍，四年级")
    return office


def returned():
    office = asked()
    office.do("Task_AnswerAdvice", advice_decision="return", answer="不属于本单位职责")
    return office


STORIES = (answered, returned)
