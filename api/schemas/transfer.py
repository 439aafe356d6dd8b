"""A running benefit as a county brings it along from its earlier system: one JSON object a line."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from marshmallow import fields, post_load

from web.schemas.application import ApplicationSchema
from web.schemas.base import ExactDecimal, RequestSchema, StrictBoolean, calendar_day, text
from workflows.casework.benefits.transfer import RunningBenefit


class TransferredApplicationSchema(ApplicationSchema):
    """The household's file; its key tells one household of the earlier system from another."""

    submission_key = text(most=60, least=8, required=True)


class RunningBenefitSchema(RequestSchema):
    """What a household draws or is recognised as. `synthetic` marks data that was made."""

    synthetic = StrictBoolean(load_default=False)
    programme = text(most=40, required=True)
    old_number = text(most=60, required=True)
    decided_on = calendar_day(required=True)
    start_month = calendar_day(required=True)
    base = ExactDecimal(load_default=Decimal(0))
    add_ons = ExactDecimal(load_default=Decimal(0))
    authorised_on = calendar_day(load_default=None, allow_none=True)
    recheck_on = calendar_day(load_default=None, allow_none=True)
    valid_until = calendar_day(load_default=None, allow_none=True)
    application = fields.Nested(TransferredApplicationSchema, required=True)

    @post_load
    def make(self, values: dict[str, Any], **_options: object) -> RunningBenefit:
        """Return the benefit."""
        values.pop("synthetic")
        return RunningBenefit(**values)
