"""Notices inside the system: what a person is told of orders, reminders, mentions; cases by number, persons never."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from engine.core.texts import Words


class NoticeCause(StrEnum):
    """Why somebody gets a notice."""

    REMINDER = "reminder"
    ORDER_ISSUED = "order_issued"
    ORDER_DUE_SOON = "order_due_soon"
    ORDER_ANSWERED = "order_answered"
    ORDER_RETURNED = "order_returned"
    ORDER_ACCEPTED = "order_accepted"
    ORDER_ESCALATED = "order_escalated"
    ORDER_WITHDRAWN = "order_withdrawn"
    MENTION = "mention"  # in a comment on a case
    ADVICE_ASKED = "advice_asked"
    ADVICE_ANSWERED = "advice_answered"
    ADVICE_RETURNED = "advice_returned"
    ADVICE_WITHDRAWN = "advice_withdrawn"
    TASK_HANDED_OVER = "task_handed_over"
    TASK_TAKEN_BACK = "task_taken_back"  # its holder let it lie
    DECISION_WITHOUT_EFFECT = "decision_without_effect"  # what was decided had happened meanwhile
    LETTER_UNDELIVERED = "letter_undelivered"  # on paper, to a household whose number takes no message
    CONFERENCE_CALLED = "conference_called"  # a meeting of the joint conference
    CONFERENCE_CALLED_OFF = "conference_called_off"  # the meeting they were told of is not held
    CONFERENCE_ITEM = "conference_item"  # what the conference decided, and how it goes
    CONFERENCE_PROBLEM = "conference_problem"  # a problem between units
    WINTER_REGISTER = "winter_register"  # it will be frozen, and the town did not hand it in


CAUSE_WORDS: Mapping[NoticeCause, Words] = {
    NoticeCause.REMINDER: Words("催办", "Reminder"),
    NoticeCause.ORDER_ISSUED: Words("收到督办单", "Order received"),
    NoticeCause.ORDER_DUE_SOON: Words("督办单即将到期", "Order due soon"),
    NoticeCause.ORDER_ANSWERED: Words("督办单已答复", "Order answered"),
    NoticeCause.ORDER_RETURNED: Words("答复被退回", "Answer returned"),
    NoticeCause.ORDER_ACCEPTED: Words("答复已采纳", "Answer accepted"),
    NoticeCause.ORDER_ESCALATED: Words("督办单逾期上报", "Order escalated"),
    NoticeCause.ORDER_WITHDRAWN: Words("督办单已撤回", "Order withdrawn"),
    NoticeCause.MENTION: Words("留言中提到您", "You were mentioned"),
    NoticeCause.ADVICE_ASKED: Words("征求意见", "Advice asked"),
    NoticeCause.ADVICE_ANSWERED: Words("意见已答复", "Advice given"),
    NoticeCause.ADVICE_RETURNED: Words("征求意见被退回", "Question returned"),
    NoticeCause.ADVICE_WITHDRAWN: Words("征求意见已撤回", "Question withdrawn"),
    NoticeCause.TASK_HANDED_OVER: Words("任务转交", "Task handed over"),
    NoticeCause.TASK_TAKEN_BACK: Words("久未办理，任务退回本单位", "Untouched task back to its unit"),
    NoticeCause.DECISION_WITHOUT_EFFECT: Words("待遇已先行变化，决定未执行", "Decision without effect"),
    NoticeCause.LETTER_UNDELIVERED: Words("纸面告知到期未送达", "Letter not delivered in time"),
    NoticeCause.CONFERENCE_CALLED: Words("召开联席会议", "Joint conference called"),
    NoticeCause.CONFERENCE_CALLED_OFF: Words("联席会议取消", "Joint conference called off"),
    NoticeCause.CONFERENCE_ITEM: Words("联席会议议定事项", "Item decided by the conference"),
    NoticeCause.CONFERENCE_PROBLEM: Words("跨部门协调事项", "Problem between units"),
    NoticeCause.WINTER_REGISTER: Words("冬春救助登记册即将截止", "Winter register frozen soon"),
}
"""What each cause is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffNotice:
    """One notice to one or more people; who wrote it, when and what stays on record."""

    id: UUID
    cause: NoticeCause
    region: str
    matter: str
    step: str
    step_en: str
    task_id: UUID | None
    order_id: UUID | None
    text: str
    written_at: datetime
    written_by: str
