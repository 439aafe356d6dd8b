"""Running the payments of a month: start, hand the file to the bank, take in what comes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import uuid4

from engine.commands.messages import CorrelateMessage
from engine.core.texts import Words
from engine.errors import NotCorrelated, NotPermitted
from engine.host import Context
from engine.model import SYSTEM, Actor
from workflows.casework.county import CIVIL_AFFAIRS, COUNTY_REGION
from workflows.casework.days import local_day, month_of
from workflows.casework.model import Account, Case
from workflows.casework.payments.errors import (
    BankFileAnswered,
    BankFileEmpty,
    BatchNotFound,
    BatchOpen,
    BatchStateWrong,
    FutureMonth,
)
from workflows.casework.payments.files import Answered, BankList, bank_list, read_return
from workflows.casework.payments.model import Batch, BatchState, Payment, PaymentAttempt, PaymentState
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.starting import start_county_process
from workflows.casework.verification.model import FileEncoding
from workflows.casework.verification.table_files import digest_of

MONTHLY_PAYMENT = "monthly_payment"
RETURN_MESSAGE = "BankReturned"
FINANCE = "finance"
STAFF = ("clerk", "reviewer")
OPEN = (BatchState.PREPARED, BatchState.CHECKED, BatchState.APPROVED)
AT_BANK = (BatchState.SENT, BatchState.SETTLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPayments:
    """Begin the payments of a month; a later run of the same month pays what was left over.

    Raises:
        NotPermitted: the actor is no clerk or reviewer of civil affairs or finance.
        FutureMonth: the month has not begun.
        BatchOpen: an earlier run has not gone to the bank yet.
    """

    month: date

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Batch:
        """Open a batch and start its process."""
        require_unit(context.actor, CIVIL_AFFAIRS, FINANCE, action="发起月度发放")
        month = month_of(self.month)
        if month > local_day(context.now()):
            raise FutureMonth(month)
        payments = context.unit_of_work.money.payments
        earlier = payments.batches(month)
        for one in payments.batches():
            if one.state in OPEN:
                raise BatchOpen(number=one.number)
        number = f"PAY-{month:%Y-%m}" + (f"-{len(earlier) + 1}" if earlier else "")
        batch = Batch(
            id=uuid4(),
            number=number,
            month=month,
            region=COUNTY_REGION,
            state=BatchState.PREPARED,
            created_at=context.now(),
        )
        payments.add_batch(batch)
        known = {"batch_number": number, "month": f"{month:%Y-%m}"}
        start_county_process(replace(context, actor=SYSTEM), MONTHLY_PAYMENT, number, known)
        return batch


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOutBankList:
    """Return the file of a batch that finance sent: the same bytes and checksum each time, until the bank answers it.

    Raises:
        NotPermitted, BatchNotFound
        BatchStateWrong: finance did not approve it yet.
        BankFileEmpty: no line was left for the bank.
        BankFileAnswered: the bank has it, and said what became of some line or all.
    """

    number: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> BankList:
        """Write it."""
        require_unit(context.actor, FINANCE, action="导出银行代发文件")
        batch = batch_of(context, self.number)
        if batch.state not in AT_BANK:
            raise _wrong(batch, Words("导出银行代发文件", "write the file for the bank"))
        if batch.sent_at is None:
            raise BankFileEmpty(number=batch.number)
        payments = [one for one in context.unit_of_work.money.payments.of_batch(batch.id) if one.is_in_file]
        answered = BankFileAnswered(number=batch.number, checksum=batch.checksum or "")
        if batch.state == BatchState.SETTLED or any(one.state != PaymentState.SENT for one in payments):
            raise answered
        written = bank_list(batch, payments, FileEncoding(batch.encoding or FileEncoding.UTF_8))
        if written.checksum != batch.checksum:  # a line came back and stands in a later batch
            raise answered
        return written


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReturn:
    """Take in the bank's word on a batch, as a whole or not at all; the same file twice changes nothing.

    Raises:
        NotPermitted, BatchNotFound
        BatchStateWrong: the batch is not at the bank.
        FileRefused, ReturnFileWrong: nothing was taken in.
    """

    number: str
    content: bytes

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Batch:
        """Write what was paid and what failed; once every line is answered the run goes on."""
        require_unit(context.actor, FINANCE, action="导入银行回盘文件")
        batch = batch_of(context, self.number)
        if batch.state not in AT_BANK:
            raise _wrong(batch, Words("导入银行回盘文件", "import the bank's return file"))
        payments = context.unit_of_work.money.payments
        lines = [one for one in payments.of_batch(batch.id) if one.is_in_file]
        fresh = [one for one in read_return(batch, lines, self.content) if one.payment.state == PaymentState.SENT]
        answer(context, batch, fresh)
        left = len([one for one in lines if one.state == PaymentState.SENT]) - len(fresh)
        if not fresh or left:
            return batch
        settled = replace(
            batch,
            state=BatchState.SETTLED,
            settled_at=context.now(),
            return_checksum=digest_of(self.content),
        )
        payments.save_batch(settled)
        _go_on(context, batch)
        return settled


def correct(context: Context[CaseworkUnitOfWork], case: Case, account: Account) -> int:
    """Pay a household to another account from the next roster on, make what failed due again, and say how many.

    What stands in a roster keeps the account it was listed with.
    """
    now = context.now()
    changed_at = case.account_changed_at if account == case.account else now
    context.unit_of_work.cases.save_account(replace(case, account=account, account_changed_at=changed_at))
    payments = context.unit_of_work.money.payments
    failed = [one for one in payments.of_case(case.id) if one.state == PaymentState.FAILED]
    payments.save([replace(one, corrected_at=now) for one in failed])
    return len(failed)


def answer(context: Context[CaseworkUnitOfWork], batch: Batch, answered: Sequence[Answered]) -> None:
    """Write the bank's word on payments that are out."""
    today, now = local_day(context.now()), context.now()
    payments = context.unit_of_work.money.payments
    payments.save([_answered(one, today) for one in answered])
    payments.answer_attempts(
        [replace(attempt_of(one.payment, batch), failure_code=one.failure_code, answered_at=now) for one in answered]
    )


def attempt_of(payment: Payment, batch: Batch) -> PaymentAttempt:
    """Return that a payment goes to the bank in a batch."""
    return PaymentAttempt(
        payment_id=payment.id,
        batch_id=batch.id,
        line=payment.line or 0,
        amount=payment.amount,
        account_tail=payment.account_tail,
    )


def batch_of(context: Context[CaseworkUnitOfWork], number: str) -> Batch:
    """Return a batch that nobody else changes meanwhile.

    Raises:
        BatchNotFound: there is none of this number.
    """
    batch = context.unit_of_work.money.payments.lock_batch(number)
    if batch is None:
        raise BatchNotFound(number)
    return batch


def require_unit(actor: Actor, *kinds: str, action: str) -> None:
    """Let the system pass, and clerks and reviewers of these county units.

    Raises:
        NotPermitted: nobody else may.
    """
    posts = (one for one in actor.memberships if one.unit_kind in kinds and COUNTY_REGION.startswith(one.region))
    if not actor.system and not any(one.role in STAFF for one in posts):
        raise NotPermitted(action, "、".join(f"{kind}/{role}" for kind in kinds for role in STAFF))


def _answered(one: Answered, today: date) -> Payment:
    if one.failure_code is None:
        return replace(one.payment, state=PaymentState.PAID, paid_on=today, failure_code=None)
    return replace(one.payment, state=PaymentState.FAILED, failure_code=one.failure_code, corrected_at=None)


def _go_on(context: Context[CaseworkUnitOfWork], batch: Batch) -> None:
    try:
        CorrelateMessage(name=RETURN_MESSAGE, correlation_key=batch.number, variables={}).execute(
            replace(context, actor=SYSTEM)
        )
    except NotCorrelated:
        return  # the clerk has not confirmed the hand-over yet: the process looks at the batch when it comes there


def _wrong(batch: Batch, action: Words) -> BatchStateWrong:
    return BatchStateWrong(number=batch.number, state=batch.state, action=action)
