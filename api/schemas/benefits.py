"""What may be asked about running benefits, and what is answered."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from marshmallow import fields, validate

from web.schemas.base import DIVISION_CODE, RequestSchema, WholeNumber, answer_schema, calendar_day, one_of, text
from workflows.casework.benefits.commands import ChangeTrigger, EndGround
from workflows.casework.benefits.rechecks import RechecksBegun

MOST_MEMBERS = 30
MOST_REFUSALS = 100


class OfBenefitSchema(RequestSchema):
    """Which benefit; it may be left out where the case has one."""

    benefit_id = fields.UUID(load_default=None, allow_none=True)


class ChangeSchema(OfBenefitSchema):
    """What changed in the household."""

    reported = text(most=1000, required=True)
    trigger = one_of(ChangeTrigger, load_default=ChangeTrigger.REPORT.value)


class RefusalsSchema(OfBenefitSchema):
    """Who refused suitable work how often in a row."""

    member = WholeNumber(required=True, validate=validate.Range(min=1, max=MOST_MEMBERS))
    refusals = WholeNumber(required=True, validate=validate.Range(min=1, max=MOST_REFUSALS))


class SuspensionSchema(OfBenefitSchema):
    """Why a benefit is to be suspended."""

    reason = text(most=1000, required=True)


class EndSchema(OfBenefitSchema):
    """Why a benefit is to end."""

    ground = one_of(EndGround, required=True)
    reason = text(most=1000, required=True)


class SingleEntrySchema(RequestSchema):
    """Which member of the family."""

    member = WholeNumber(required=True, validate=validate.Range(min=1, max=MOST_MEMBERS))


class DueRechecksSchema(RequestSchema):
    """Whose re-checks, due by when."""

    region = fields.String(required=True, validate=DIVISION_CODE)
    due_by = calendar_day(load_default=None, allow_none=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureStarted:
    """The process that works on it now."""

    process_instance_id: UUID


ProcedureStartedSchema = answer_schema(ProcedureStarted)
RechecksBegunSchema = answer_schema(RechecksBegun)
