"""A question to another unit: what is asked by when, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class AdviceState(StrEnum):
    """How a question stands."""

    OPEN = "open"  # the unit asked has to answer
    ANSWERED = "answered"
    RETURNED = "returned"  # the unit cannot or need not say anything, and says why
    WITHDRAWN = "withdrawn"  # who asked took it back, or went on without


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """One question to one unit. Question and answer are sealed with the case."""

    id: UUID
    case_id: UUID
    matter: str  # the number of the case
    region: str
    task_id: UUID  # the task whose holder asks; it stays with them
    step: str
    step_en: str
    asking_unit: str  # a kind of unit
    unit_kind: str  # the kind of unit asked
    question: str
    due_on: date
    asked_at: datetime
    asked_by: str
    state: AdviceState = AdviceState.OPEN
    answer: str | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    process_instance_id: UUID | None = None
