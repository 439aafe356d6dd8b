"""The payments of a month: batches with their rosters, the file for the bank, what comes back, the books."""

from __future__ import annotations

import base64
from typing import Any

from api.operations import Operation, operation
from api.resources.asking import done, first_of
from api.resources.blueprint import api
from api.schemas.payments import (
    BankFileAnswer,
    BankListSchema,
    BatchAnswerSchema,
    BatchListSchema,
    BatchViewSchema,
    BooksSchema,
    PaymentBatchList,
    ReturnedListSchema,
)
from engine.core.texts import Words
from web.bank_files import handed_out
from web.schemas.payments import OfMonthSchema
from workflows.casework.payments.commands import ImportReturn, StartPayments
from workflows.casework.payments.model import Batch
from workflows.casework.payments.views import BatchView, Books, ListBatches, ReadBatch, ReadBooks, SumBatches
from workflows.casework.verification.errors import FileRefused
from workflows.organisation.rights import Right


@api.post("/payments/runs")
@operation(
    Operation(
        summary="Begin the payments of a month; a later run pays what was left over",
        right=Right.WORK,
        body=OfMonthSchema,
        answer=BatchAnswerSchema,
        status=201,
    )
)
def start_payments(body: dict[str, Any]) -> Batch:
    """Open a batch."""
    return done(StartPayments(month=first_of(body["month"])))


@api.get("/payments/batches")
@operation(
    Operation(
        summary="Batches of payments, the newest first, with what each that has a line comes to",
        right=Right.WORK,
        answer=BatchListSchema,
    )
)
def list_payment_batches() -> PaymentBatchList:
    """List the batches."""
    batches = done(ListBatches())
    return PaymentBatchList(batches=batches, sums=done(SumBatches(batch_ids=[one.id for one in batches])))


@api.get("/payments/batches/<number>")
@operation(
    Operation(
        summary="A batch with its roster and subtotals",
        right=Right.WORK,
        answer=BatchViewSchema,
    )
)
def get_payment_batch(number: str) -> BatchView:
    """Show a batch."""
    return done(ReadBatch(number=number))


@api.post("/payments/batches/<number>/bank-file")
@operation(
    Operation(
        summary="Hand out the file for the bank, until the bank answers it; who took it is written down",
        right=Right.WORK,
        answer=BankListSchema,
    )
)
def hand_out_bank_list(number: str) -> BankFileAnswer:
    """Write the file."""
    given = handed_out(number)
    content = base64.b64encode(given.content).decode("ascii")
    return BankFileAnswer(
        name=given.name, content=content, checksum=given.checksum, count=given.count, total=given.total
    )


@api.post("/payments/batches/<number>/returns")
@operation(
    Operation(
        summary="Take in the return file of the bank as a whole: what was paid, what failed",
        right=Right.WORK,
        body=ReturnedListSchema,
        answer=BatchAnswerSchema,
    )
)
def import_payment_return(number: str, body: dict[str, Any]) -> Batch:
    """Import it."""
    return done(ImportReturn(number=number, content=_bytes(body["content"])))


@api.get("/payments/books")
@operation(
    Operation(
        summary="Compare what benefits owe in a month with what was paid for it",
        right=Right.WORK,
        query=OfMonthSchema,
        answer=BooksSchema,
    )
)
def get_payment_books(query: dict[str, Any]) -> Books:
    """Compare."""
    return done(ReadBooks(month=first_of(query["month"])))


def _bytes(content: str) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except ValueError:
        raise FileRefused(Words("内容不是 Base64", "its content is no Base64")) from None
