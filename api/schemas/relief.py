"""What requests about claims and procedures may hold, and their answers."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from marshmallow import fields, validate

from api.schemas.requests import PageSchema
from web.schemas.base import RequestSchema, answer_schema, calendar_day, text
from workflows.casework.procedures import OF_PROGRAMME
from workflows.casework.relief.queries import ClaimPage

ClaimListAnswerSchema = answer_schema(ClaimPage)


class ClaimListSchema(PageSchema):
    """Which claims."""

    case = text(most=60, load_default=None)
    overdue_only = fields.Boolean(load_default=False)
    duplicates_only = fields.Boolean(load_default=False)


class ProcedureSchema(RequestSchema):
    """Which procedure is started, and what was reported."""

    procedure = fields.String(required=True, validate=validate.OneOf(sorted(OF_PROGRAMME)))
    note = text(most=1000, least=1, required=True)
    reported_on = calendar_day(load_default=None, allow_none=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpStarted:
    """The process a procedure runs as."""

    id: UUID
    procedure: str
    case_number: str


FollowUpStartedSchema = answer_schema(FollowUpStarted)
