"""Notices inside the system: what a person is told of orders, reminders, mentions; cases by number, persons never."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


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
    CONFERENCE_CALLED = "conference_called"  # a meeting of the joint conference
    CONFERENCE_ITEM = "conference_item"  # what the conference decided, and how it goes
    CONFERENCE_PROBLEM = "conference_problem"  # a problem between units


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
