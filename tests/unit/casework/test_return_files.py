"""The bank's return file: taken in whole, or refused with the row and the reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from workflows.casework.payments.errors import ReturnFileWrong
from workflows.casework.payments.files import RETURN_COLUMNS, read_return
from workflows.casework.payments.model import Batch, BatchState, Payment, PaymentKind, PaymentState

MORNING, NOVEMBER = datetime(2026, 11, 5, 1, tzinfo=UTC), date(2026, 11, 1)
BATCH = Batch(
    id=UUID(int=1),
    number="PAY-2026-11",
    month=NOVEMBER,
    region="320481",
    state=BatchState.SENT,
    created_at=MORNING,
)


def payment(number: int, amount: str, state: PaymentState = PaymentState.SENT) -> Payment:
    return Payment(
        id=UUID(int=100 + number),
        basis_id=UUID(int=200 + number),
        month=NOVEMBER,
        kind=PaymentKind.ENTITLEMENT,
        case_id=UUID(int=300 + number),
        case_number=f"溧民救320481001-2026-{number:06d}",
        region="320481001",
        programme="dibao",
        persons=3,
        base=Decimal(amount),
        add_ons=Decimal(0),
        price_subsidy=Decimal(0),
        created_at=MORNING,
        state=state,
        batch_id=BATCH.id,
        line=number,
    )


PAYMENTS = (payment(1, "1964.00"), payment(2, "720.50"))


def returned(*rows: tuple[object, ...]) -> bytes:
    lines = [",".join(RETURN_COLUMNS), *(",".join(map(str, row)) for row in rows)]
    return "\r\n".join(lines).encode("gbk")


def row(one: Payment, result: str = "成功", code: str = "", *, amount: str | None = None) -> tuple[object, ...]:
    return (BATCH.number, one.line, one.id, amount or one.amount, result, code)


def test_each_line_is_paid_or_failed_with_its_code() -> None:
    first, second = PAYMENTS
    answered = read_return(BATCH, PAYMENTS, returned(row(first), row(second, "失败", "R01")))
    assert [(one.payment.line, one.failure_code) for one in answered] == [(1, None), (2, "R01")]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (row(PAYMENTS[0], amount="1964.01"), "amount differs"),
        (row(PAYMENTS[0], amount="1964.001"), "not whole fen"),
        (row(PAYMENTS[0], amount="1e999999"), "not whole fen"),
        (row(PAYMENTS[0], amount="NaN"), "not whole fen"),
        (row(PAYMENTS[0], amount="a lot"), "no number"),
        (row(PAYMENTS[0], "成功了"), "paid or failed"),
        (row(PAYMENTS[0], "失败"), "needs a code"),
        (row(payment(9, "10.00")), "not of this batch"),
    ],
)
def test_a_wrong_line_refuses_the_file(line: tuple[object, ...], words: str) -> None:
    with pytest.raises(ReturnFileWrong, match=words) as refused:
        read_return(BATCH, PAYMENTS, returned(row(PAYMENTS[1]), line))
    assert refused.value.fields["row"] == "3"


@pytest.mark.parametrize(
    ("state", "result", "code"), [(PaymentState.PAID, "失败", "R01"), (PaymentState.FAILED, "成功", "")]
)
def test_a_file_that_says_the_contrary_of_an_earlier_one_is_refused(
    state: PaymentState, result: str, code: str
) -> None:
    known = replace(PAYMENTS[0], state=state)
    with pytest.raises(ReturnFileWrong, match="contradicts"):
        read_return(BATCH, [known], returned(row(known, result, code)))


def test_the_same_word_again_is_taken_as_said() -> None:
    known = replace(PAYMENTS[0], state=PaymentState.PAID)
    assert len(read_return(BATCH, [known], returned(row(known)))) == 1
