"""What may be asked about money that goes to households and back, and what is answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from web.schemas.base import ExactDecimal, RequestSchema, answer_schema, calendar_day, text
from web.schemas.payments import ABOVE_ZERO
from workflows.casework.payments.deaths import DeathTaken
from workflows.casework.payments.model import Batch, BatchSums
from workflows.casework.payments.standards import PriceLink, StandardChange
from workflows.casework.payments.views import BatchView, Books, ChangeView, MoneyOfCase, RecoveryView
from workflows.casework.verification.table_files import LARGEST_FILE

MOST_BASE64 = LARGEST_FILE * 4 // 3 + 4


class ReturnedListSchema(RequestSchema):
    """The bank's return file, in base64."""

    content = text(most=MOST_BASE64, required=True)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentBatchList:
    """The batches, the newest first, and what those with lines come to, by their number."""

    batches: Sequence[Batch]
    sums: Sequence[BatchSums]


@dataclass(frozen=True, slots=True, kw_only=True)
class BankFileAnswer:
    """A file for the bank in base64, with its checksum."""

    name: str
    content: str
    checksum: str
    count: int
    total: Decimal


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
MoneyOfCaseSchema = answer_schema(MoneyOfCase)
DeathTakenSchema = answer_schema(DeathTaken)
MoneyProcessSchema = answer_schema(MoneyProcess)
PriceLinkListSchema = answer_schema(PriceLinkList)
StandardChangeSchema = answer_schema(StandardChange)
StandardChangeListSchema = answer_schema(StandardChangeList)
RecoveryViewSchema = answer_schema(RecoveryView)
