"""The monthly run: the roster, whose hands it went through, the file for the bank, what came back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from engine.core.model import HandlerCall
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import ProcessInstance
from workflows.casework.benefits.model import Benefit
from workflows.casework.errors import CaseNotFound
from workflows.casework.model import ZERO
from workflows.casework.payments.commands import attempt_of, batch_of
from workflows.casework.payments.files import UNWRITABLE, bank_list, can_be_written
from workflows.casework.payments.model import Batch, BatchState, Payment, PaymentState
from workflows.casework.payments.recovery import RecoveryCause
from workflows.casework.payments.roster import prepare
from workflows.casework.payments.starting import not_asked_back, not_owed, recover
from workflows.casework.payments.views import subtotals
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.register.corrections import RequestCorrection
from workflows.casework.verification.model import FileEncoding
from workflows.handlers.inputs import Inputs

STEPS = ("prepared", "checked", "dropped")
ARRIVED = "待遇终止或停发后款项到账"
"""The reason of a recovery that begins once the bank has answered."""


def prepare_roster(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """List every payment owed up to the month of a batch that was not made yet; done again it lists the same anew.

    Left out are households without an account and benefits that are held; their case numbers are told.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    batch = batch_of(context, inputs.text("batch_number"))
    roster = prepare(context.unit_of_work, batch, context.now())
    context.unit_of_work.money.payments.save_batch(replace(batch, state=BatchState.PREPARED))
    return {
        "roster": {
            "count": len(roster.payments),
            "total": roster.total,
            "towns": [
                {"town": one.town, "lines": one.lines, "persons": one.persons, "amount": one.amount}
                for one in subtotals(roster.payments)
            ],
            "without_account": "、".join(roster.without_account),
            "held": "、".join(roster.held),
        }
    }


def record_roster_step(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Write down that a roster was prepared, checked or dropped; who completed the step before did it."""
    inputs = Inputs(step=call.type, variables=call.variables)
    batch = batch_of(context, inputs.text("batch_number"))
    step, by = inputs.choice("step", *STEPS), context.actor.id
    changed = {
        "prepared": replace(batch, prepared_by=by),
        "checked": replace(batch, state=BatchState.CHECKED, checked_by=by),
        "dropped": replace(batch, state=BatchState.DROPPED),
    }[step]
    context.unit_of_work.money.payments.save_batch(changed)
    return {"batch_state": changed.state.value}


def send_payment_batch(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Fix a batch as finance approved it: its payments are out from now on, its file has a checksum.

    Lines whose benefit has ended or was suspended since the roster was made are left out. What the encoding of the
    file cannot write is held back and stands among the failures. Where nothing is left there is no file, and nothing
    for the bank to answer.

    Raises:
        AccountMissing: a line has nowhere to go.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    batch = batch_of(context, inputs.text("batch_number"))
    encoding = FileEncoding(inputs.choice("encoding", *FileEncoding))
    payments = context.unit_of_work.money.payments
    owed = _still_owed(context, batch)
    writable = {one.id for one in owed if can_be_written(batch, one, encoding)}
    lines = [one for one in owed if one.id in writable]
    numbered = [
        replace(one, line=line, state=PaymentState.SENT, failure_code=None, corrected_at=None)
        for line, one in enumerate(lines, start=1)
    ]
    payments.save([*numbered, *(_held_back(one) for one in owed if one.id not in writable)])
    approved = replace(batch, approved_by=context.actor.id, encoding=encoding.value)
    if not numbered:
        payments.save_batch(replace(approved, state=BatchState.SETTLED, settled_at=context.now()))
        return {"checksum": None, "count": 0, "total": ZERO}
    written = bank_list(batch, numbered, encoding)
    payments.add_attempts([attempt_of(one, batch) for one in numbered])
    sent = replace(approved, state=BatchState.SENT, checksum=written.checksum, sent_at=context.now())
    payments.save_batch(sent)
    return {"checksum": written.checksum, "count": written.count, "total": written.total}


def read_bank_answer(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Say whether the bank answered every line of a batch, and which lines failed.

    Once it did, what arrived for months that a benefit does not pay any more is asked back.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    batch = batch_of(context, inputs.text("batch_number"))
    lines = context.unit_of_work.money.payments.of_batch(batch.id)
    if _is_settled(batch):
        _ask_back(context, lines)
    failed = [one for one in lines if one.state == PaymentState.FAILED]
    return {
        "settled": _is_settled(batch) or not any(one.is_in_file for one in lines),
        "paid": sum(1 for one in lines if one.state == PaymentState.PAID),
        "failures": [
            {
                "case_number": one.case_number,
                "amount": one.amount,
                "failure_code": one.failure_code,
                "account_tail": one.account_tail,
                "bank": "",
                "holder": "",
                "account": "",
            }
            for one in failed
        ],
    }


def correct_accounts(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Ask for the accounts that were entered; once somebody else approves one, what failed is due again.

    A row without an account number leaves the household's payments as they are; an account that waits for its
    approval is not asked for again.

    Raises:
        CorrectionInvalid: a holder is no member of the household, or a number breaks rules.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    requested = 0
    for row in inputs.contexts("failures"):
        number = row.optional_text("account")
        if number is None:
            continue
        case = context.unit_of_work.cases.by_number(row.text("case_number"))
        if case is None:
            raise CaseNotFound(row.text("case_number"))
        account = {"bank": row.text("bank"), "holder": row.text("holder"), "number": number}
        context.unit_of_work.cases.lock(case.id)
        waiting = context.unit_of_work.register.corrections.requested_of_case(case.id)
        if any(one.changes.get("account") == account for one in waiting):
            continue  # asked for when an earlier payment came back, and not decided yet
        RequestCorrection(
            region=case.region,
            case_id=case.id,
            changes={"account": account},
            reason=f"银行退回：{row.optional_text('failure_code') or '未注明原因'}",
        ).execute(context)
        requested += 1
    return {"corrected": requested}


def _held_back(payment: Payment) -> Payment:
    return replace(payment, line=None, state=PaymentState.FAILED, failure_code=UNWRITABLE, corrected_at=None)


def _still_owed(context: Context[CaseworkUnitOfWork], batch: Batch) -> Sequence[Payment]:
    """Take off a batch what its benefit does not pay any more, and return the rest."""
    payments = context.unit_of_work.money.payments
    lines = payments.of_batch(batch.id)
    off = {one.id for _benefit, one in not_owed(context.unit_of_work, lines)}
    payments.save(
        [replace(one, state=PaymentState.BLOCKED, batch_id=None, line=None) for one in lines if one.id in off]
    )
    return [one for one in lines if one.id not in off]


def _ask_back(context: Context[CaseworkUnitOfWork], lines: Sequence[Payment]) -> None:
    """Start the recovery of what was at the bank when its benefit ended, and has arrived."""
    work = context.unit_of_work
    arrived: dict[UUID, list[Payment]] = {}
    benefits: dict[UUID, Benefit] = {}
    for benefit, one in not_owed(work, [one for one in lines if one.state == PaymentState.PAID]):
        benefits[benefit.id] = benefit
        arrived.setdefault(benefit.id, []).append(one)
    for benefit in benefits.values():
        case = work.cases.get(benefit.case_id)
        if case is None or case.erased:
            continue
        died = any(hold.death_id for hold in work.money.payments.holds_of([benefit.id]))
        cause = RecoveryCause.DEATH if died else RecoveryCause.ERROR
        recover(context, benefit, not_asked_back(work, benefit, arrived[benefit.id]), cause=cause, reason=ARRIVED)


def _is_settled(batch: Batch) -> bool:
    return batch.state == BatchState.SETTLED
