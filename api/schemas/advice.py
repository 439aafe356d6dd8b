"""What requests about questions to other units may hold, and what they are answered with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from marshmallow import fields, validate

from engine.permissions import MAX_REASON
from web.schemas.base import MAX_LIST, RequestSchema, WholeNumber, answer_schema, text
from workflows.casework.advice.commands import MOST_UNITS
from workflows.casework.advice.queries import AdviceLine
from workflows.casework.county import UNIT_KIND_NAMES


class AskAdviceSchema(RequestSchema):
    """A question to units, by when it is to be answered, and the evidence that is shown with it."""

    unit_kinds = fields.List(
        fields.String(validate=validate.OneOf(list(UNIT_KIND_NAMES))),
        required=True,
        validate=validate.Length(min=1, max=MOST_UNITS),
    )
    question = text(most=MAX_REASON, least=1, required=True)
    working_days = WholeNumber(required=True)
    evidence_ids = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=MAX_LIST))


class AdviceReasonSchema(RequestSchema):
    """Why a question is taken back."""

    reason = text(most=MAX_REASON, least=1, required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceAnswer:
    """A question to a unit and what came of it."""

    id: UUID
    matter: str
    task_id: UUID
    step: str
    step_en: str
    asking_unit: str
    unit_kind: str
    question: str
    due_on: date
    asked_at: datetime
    asked_by: str
    asked_by_name: str
    state: str
    answer: str | None
    closed_at: datetime | None
    closed_by: str | None
    closed_by_name: str | None
    open_task: UUID | None
    shown_evidence: int

    @classmethod
    def of(cls, line: AdviceLine) -> AdviceAnswer:
        """Return what is told of a line."""
        one = line.advice
        return cls(
            id=one.id,
            matter=one.matter,
            task_id=one.task_id,
            step=one.step,
            step_en=one.step_en,
            asking_unit=one.asking_unit,
            unit_kind=one.unit_kind,
            question=one.question,
            due_on=one.due_on,
            asked_at=one.asked_at,
            asked_by=one.asked_by,
            asked_by_name=line.asked_by_name,
            state=one.state.value,
            answer=one.answer,
            closed_at=one.closed_at,
            closed_by=one.closed_by,
            closed_by_name=line.closed_by_name,
            open_task=line.open_task,
            shown_evidence=line.shown,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceListAnswer:
    """Questions in sight, the newest first."""

    advice: Sequence[AdviceAnswer]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAdviceAnswer:
    """The questions of a task in sight, and what brings the task back where it is put off until an event."""

    advice: Sequence[AdviceAnswer]
    awaited: str | None


AdviceAnswerSchema = answer_schema(AdviceAnswer, name="Advice")
AdviceListAnswerSchema = answer_schema(AdviceListAnswer)
TaskAdviceAnswerSchema = answer_schema(TaskAdviceAnswer)
