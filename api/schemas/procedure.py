"""What requests about procedure may hold, and what they are answered with."""

from __future__ import annotations

from marshmallow import fields

from web.schemas.base import RequestSchema, answer_schema, text
from workflows.casework.procedure.clock import ClockState
from workflows.casework.procedure.model import ClockPause, Extension

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


ClockStateSchema = answer_schema(ClockState)
ClockPauseSchema = answer_schema(ClockPause)
ExtensionSchema = answer_schema(Extension)
