"""What may be asked of the register, by a page or a program: changes, and decisions on them."""

from __future__ import annotations

from marshmallow import fields, validate

from web.schemas.application import AccountSchema
from web.schemas.base import RequestSchema, StrictBoolean, calendar_day, one_of, text
from workflows.casework.register.model import DuplicateDecision


class PersonChangesSchema(RequestSchema):
    """What is to change of a person; what is not named stays."""

    name = text(most=50)
    phone = text(most=30)
    identity_number = text(most=30)


class LeftSchema(RequestSchema):
    """Who is no member any more, and which was the last day."""

    person_id = fields.UUID(required=True)
    on = calendar_day(required=True)


class HouseholdChangesSchema(RequestSchema):
    """What is to change of a household; what is not named stays."""

    address = text(most=200)
    division = text(most=30)
    account = fields.Nested(AccountSchema)
    left = fields.List(fields.Nested(LeftSchema), validate=validate.Length(max=30))


class ReasonedSchema(RequestSchema):
    """Why, and on what evidence."""

    reason = text(least=1, required=True)
    evidence = text(load_default="")


class PersonCorrectionSchema(ReasonedSchema):
    """A change of a person asked for."""

    changes = fields.Nested(PersonChangesSchema, required=True)


class HouseholdCorrectionSchema(ReasonedSchema):
    """A change of a household asked for."""

    changes = fields.Nested(HouseholdChangesSchema, required=True)


class CorrectionDecisionSchema(RequestSchema):
    """Whether a change is made, and why."""

    approve = StrictBoolean(required=True)
    note = text(least=1, required=True)


class DuplicateDecisionSchema(RequestSchema):
    """Whether two are one, and why; `keeps_older`: of two persons merged, the older case has the right number."""

    decision = one_of(DuplicateDecision, required=True)
    reason = text(least=1, required=True)
    keeps_older = StrictBoolean(load_default=False)
