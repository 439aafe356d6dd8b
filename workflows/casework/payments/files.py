"""The file for the bank and the file that comes back: one line a payment, exact to the fen, known by its checksum.

A line is found by its number and the payment's id; amounts are written in yuan with two decimals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from engine.core.texts import Words
from workflows.casework.payments.errors import AccountMissing, ReturnFileWrong
from workflows.casework.payments.model import Batch, Payment, PaymentState
from workflows.casework.verification.model import FileEncoding, FileFormat
from workflows.casework.verification.table_files import TableRow, digest_of, is_writable, read_table, write_table
from workflows.rules.money import FEN, LARGEST_AMOUNT, fen_of, yuan_of

BANK_COLUMNS = ("批次号", "序号", "付款编号", "开户银行", "户名", "账号", "金额", "摘要")
RETURN_COLUMNS = ("批次号", "序号", "付款编号", "金额", "结果", "失败代码")
RESULTS = {"成功": True, "已付": True, "paid": True, "失败": False, "failed": False}
PURPOSES = {"entitlement": "待遇", "price_subsidy": "价格补贴", "back_pay": "补发", "winter_relief": "冬春救助"}
MOST_CODE = 40
UNWRITABLE = "户名或开户银行含该编码没有的字，未送银行"
"""The failure code of a line that is held back: its file could not be written with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BankList:
    """A file for the bank: its bytes and its checksum, which travels apart from it."""

    name: str
    content: bytes
    checksum: str
    count: int
    total: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What the bank says of a payment; without a failure code it was paid."""

    payment: Payment
    failure_code: str | None


def bank_list(batch: Batch, payments: Sequence[Payment], encoding: FileEncoding) -> BankList:
    """Return the file of a batch.

    Raises:
        AccountMissing: a line has nowhere to go.
        PartOfAFen: an amount is not whole fen.
        FileRefused: a name has a sign that GBK lacks.
    """
    rows = [_row(batch, payment) for payment in payments]
    content = write_table(BANK_COLUMNS, rows, kind=FileFormat.CSV, encoding=encoding)
    return BankList(
        name=f"{batch.number}.csv",
        content=content,
        checksum=digest_of(content),
        count=len(rows),
        total=yuan_of(sum(fen_of(payment.amount) for payment in payments)),
    )


def can_be_written(batch: Batch, payment: Payment, encoding: FileEncoding) -> bool:
    """Say whether the encoding of the bank file has every sign of a line.

    Raises:
        AccountMissing: the line has nowhere to go.
    """
    return is_writable(_row(batch, payment), encoding)


def read_return(batch: Batch, payments: Sequence[Payment], content: bytes) -> list[Answered]:
    """Return the bank's word on each line of a return file; lines may be missing, none may be unknown or repeated.

    Raises:
        FileRefused: it is no table.
        ReturnFileWrong: a row is not of this batch, differs in its amount, repeats another,
            contradicts what was taken in before, or cannot be read.
    """
    known = {str(one.id): one for one in payments}
    answered: dict[str, Answered] = {}
    for row in read_table(content, needed=RETURN_COLUMNS):
        key = row.cells.get("付款编号", "").lower()
        payment = known.get(key)
        if payment is None or row.cells.get("批次号") != batch.number:
            raise ReturnFileWrong(row=row.number, fault=Words("付款编号不在本批次", "the payment is not of this batch"))
        if key in answered:
            raise ReturnFileWrong(row=row.number, fault=Words("付款编号重复", "the payment is repeated"))
        if _amount(row) != payment.amount:
            raise ReturnFileWrong(
                row=row.number, fault=Words("金额与送盘不一致", "the amount differs from what was sent")
            )
        failure = _failure(row)
        if payment.state == (PaymentState.FAILED if failure is None else PaymentState.PAID):
            fault = Words("与已导入的结果相反", "it contradicts what the bank said before")
            raise ReturnFileWrong(row=row.number, fault=fault)
        answered[key] = Answered(payment=payment, failure_code=failure)
    return list(answered.values())


def _row(batch: Batch, payment: Payment) -> list[str]:
    if payment.account is None or not payment.account.number:
        raise AccountMissing(case=payment.case_number)
    account = payment.account
    return [
        batch.number,
        str(payment.line),
        str(payment.id),
        account.bank,
        account.holder,
        account.number,
        f"{yuan_of(fen_of(payment.amount)):.2f}",
        f"{payment.month:%Y-%m}{PURPOSES[payment.kind]}",
    ]


def _amount(row: TableRow) -> Decimal:
    try:
        amount = Decimal(row.cells.get("金额", "").replace(",", ""))
    except InvalidOperation:
        raise ReturnFileWrong(row=row.number, fault=Words("金额不是数字", "the amount is no number")) from None
    if not amount.is_finite() or abs(amount) >= LARGEST_AMOUNT or amount != amount.quantize(FEN):
        raise ReturnFileWrong(row=row.number, fault=Words("金额不到分", "the amount is not whole fen"))
    return amount


def _failure(row: TableRow) -> str | None:
    result = RESULTS.get(row.cells.get("结果", "").lower())
    if result is None:
        fault = Words("结果应为成功或失败", "the result must be paid or failed")
        raise ReturnFileWrong(row=row.number, fault=fault)
    code = row.cells.get("失败代码", "")[:MOST_CODE]
    if not result and not code:
        raise ReturnFileWrong(row=row.number, fault=Words("失败须有代码", "a failure needs a code"))
    return None if result else code
