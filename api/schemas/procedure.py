"""What requests about procedure may hold, and what they are answered with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from marshmallow import fields, validate

from api.schemas.requests import PageSchema
from web.schemas.base import RequestSchema, answer_schema, one_of, text
from workflows.casework.procedure.clock import ClockState
from workflows.casework.procedure.model import CalendarChange, ClockPause, Extension, KinEntry, KinPost
from workflows.casework.procedure.objections import Objected, ObjectorFacts
from workflows.casework.procedure.queries import KinLine, ProcedureView

MOST_REASON = 500


class StatedReasonSchema(RequestSchema):
    """Why something is done."""

    reason = text(most=MOST_REASON, least=1, required=True)


class PauseSchema(StatedReasonSchema):
    """Why the clock stands still; of one referral, or of the whole case."""

    referral = text(most=100, least=1, load_default=None, allow_none=True)


class ResumeSchema(RequestSchema):
    """Whose clock is to run again."""

    referral = fields.String(load_default=None, allow_none=True)


class KinSchema(RequestSchema):
    """A relative of the household who serves in an office or on a village committee."""

    name = text(most=50, least=1, required=True)
    relation = text(most=50, least=1, required=True)
    post = one_of(KinPost, required=True)
    unit = text(most=100, load_default="")
    login = text(most=64, load_default=None, allow_none=True)
    note = text(load_default=None, allow_none=True)


class KinRegisterSchema(PageSchema):
    """Which lines of the register of relatives."""

    since = fields.AwareDateTime(load_default=None)
    until = fields.AwareDateTime(load_default=None)
    concealed_only = fields.Boolean(load_default=False)


class ObjectionSchema(RequestSchema):
    """An objection; who objects may stay unnamed, and is shown to nobody."""

    channel = fields.String(load_default="online", validate=validate.OneOf(["online", "phone", "letter", "visit"]))
    objector = text(most=50, load_default=None, allow_none=True)
    contact = fields.String(
        load_default=None, allow_none=True, validate=validate.Regexp(r"1[3-9]\d{9}\Z", error="Not a mobile number.")
    )
    text = text(most=2000, least=1, required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptAnswer:
    """What stands on the acceptance slip."""

    case_number: str
    receipt_number: str | None  # none before acceptance
    window: str
    needs: Sequence[str]
    documents: Sequence[str]
    accepted_on: date | None
    due_on: date | None
    complaint_phone: str
    query_code: str | None  # for those who may hand out the slip


@dataclass(frozen=True, slots=True, kw_only=True)
class KinRegisterAnswer:
    """Lines of the register of relatives."""

    lines: Sequence[KinLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarChanges:
    """What was changed in the calendar of a year."""

    changes: Sequence[CalendarChange]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarWarnings:
    """Years that limits may soon run into and whose days nobody has entered."""

    missing_years: Sequence[int]


ClockStateSchema = answer_schema(ClockState)
ClockPauseSchema = answer_schema(ClockPause)
ExtensionSchema = answer_schema(Extension)
KinEntrySchema = answer_schema(KinEntry)
KinRegisterAnswerSchema = answer_schema(KinRegisterAnswer)
ProcedureViewSchema = answer_schema(ProcedureView)
ObjectedSchema = answer_schema(Objected)
ObjectorFactsSchema = answer_schema(ObjectorFacts)
CalendarChangeSchema = answer_schema(CalendarChange)
CalendarChangesSchema = answer_schema(CalendarChanges)
CalendarWarningsSchema = answer_schema(CalendarWarnings)
ReceiptAnswerSchema = answer_schema(ReceiptAnswer)
