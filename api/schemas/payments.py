"""What may be asked about money that goes to households and back, and what is answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from marshmallow import fields, validate

from web.schemas.base import ExactDecimal, RequestSchema, answer_schema, calendar_day, one_of, text
from workflows.casework.payments.deaths import DeathTaken
from workflows.casework.payments.model import Batch
from workflows.casework.payments.recovery import RecoveryCause
from workflows.casework.payments.standards import PriceLink, StandardChange
from workflows.casework.payments.views import BatchView, Books, ChangeView, MoneyOfCase, RecoveryView
from workflows.casework.verification.table_files import LARGEST_FILE

MONTH = validate.Regexp(r"[0-9]{4}-(0[1-9]|1[0-2])\Z", error="Not a month like 2026-11.")
MOST_BASE64 = LARGEST_FILE * 4 // 3 + 4
ABOVE_ZERO = validate.Range(min=0, min_inclusive=False, max=Decimal("1e9"))


class OfMonthSchema(RequestSchema):
    """Which month, like 2026-11."""

    month = fields.String(required=True, validate=MONTH)


class ReturnedListSchema(RequestSchema):
    """The bank's return file, in base64."""

    content = text(most=MOST_BASE64, required=True)


class CorrectAccountSchema(RequestSchema):
    """Where a household is paid to; the holder must be a member."""

    bank = text(most=100, least=1, required=True)
    holder = text(most=100, least=1, required=True)
    number = text(most=40, least=6, required=True)


class DeathSchema(RequestSchema):
    """A death as a register tells it."""

    identity_number = text(most=18, least=1, required=True)
    name = text(most=100, least=1, required=True)
    died_on = calendar_day(required=True)
    source = text(most=200, least=1, required=True)


class StandardSchema(RequestSchema):
    """Another value of a figure of policy from a month on, with the document that says so."""

    key = text(most=100, least=1, required=True)
    value = ExactDecimal(required=True, validate=ABOVE_ZERO)
    effective_from = calendar_day(required=True)
    document = text(most=200, least=1, required=True)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentBatchList:
    """The batches, the newest first."""

    batches: Sequence[Batch]


@dataclass(frozen=True, slots=True, kw_only=True)
class BankFileAnswer:
    """A file for the bank in base64, with its checksum."""

    name: str
    content: str
    checksum: str
    count: int
    total: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class DueAgain:
    """How many payments that came back are due again."""

    due_again: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyProcess:
    """The process that was started."""

    process_instance_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceLinkList:
    """The price figures, the newest month first."""

    price_links: Sequence[PriceLink]


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardChangeList:
    """The new standards with their previews, the newest first."""

    changes: Sequence[ChangeView]


BatchAnswerSchema = answer_schema(Batch)
BatchListSchema = answer_schema(PaymentBatchList)
BatchViewSchema = answer_schema(BatchView)
BankListSchema = answer_schema(BankFileAnswer)
BooksSchema = answer_schema(Books)
DueAgainSchema = answer_schema(DueAgain)
MoneyOfCaseSchema = answer_schema(MoneyOfCase)
DeathTakenSchema = answer_schema(DeathTaken)
MoneyProcessSchema = answer_schema(MoneyProcess)
PriceLinkListSchema = answer_schema(PriceLinkList)
StandardChangeSchema = answer_schema(StandardChange)
StandardChangeListSchema = answer_schema(StandardChangeList)
RecoveryViewSchema = answer_schema(RecoveryView)
