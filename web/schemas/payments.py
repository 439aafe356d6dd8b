"""What may be asked about money, by a page or a program: a month, an account, a recovery, a receipt."""

from __future__ import annotations

from decimal import Decimal

from marshmallow import fields, validate

from web.schemas.base import ExactDecimal, RequestSchema, calendar_day, one_of, text
from workflows.casework.payments.recovery import RecoveryCause

MONTH = validate.Regexp(r"[0-9]{4}-(0[1-9]|1[0-2])\Z", error="Not a month like 2026-11.")
ABOVE_ZERO = validate.Range(min=0, min_inclusive=False, max=Decimal("1e9"))


class OfMonthSchema(RequestSchema):
    """Which month, like 2026-11."""

    month = fields.String(required=True, validate=MONTH)


class AccountChangeSchema(RequestSchema):
    """Where a household is to be paid, why, and on what evidence; the holder must be a member."""

    bank = text(most=100, least=1, required=True)
    holder = text(most=100, least=1, required=True)
    number = text(most=40, least=6, required=True)
    reason = text(least=1, most=500, required=True)
    evidence = text(most=500, load_default="")


class RecoverySchema(RequestSchema):
    """What is to be paid back: what was paid for some months, all of it or so much of each month."""

    cause = one_of(RecoveryCause, required=True)
    from_month = fields.String(required=True, validate=MONTH)
    until_month = fields.String(required=True, validate=MONTH)
    reason = text(most=1000, least=1, required=True)
    benefit_id = fields.UUID(load_default=None, allow_none=True)
    share = ExactDecimal(load_default=None, allow_none=True, validate=ABOVE_ZERO)


class ReceiptSchema(RequestSchema):
    """A sum that came in, known by its voucher."""

    amount = ExactDecimal(required=True, validate=ABOVE_ZERO, places=2)
    received_on = calendar_day(required=True)
    reference = text(most=100, least=1, required=True)
