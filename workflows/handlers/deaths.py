"""After a death: what is held, what was paid too much, what goes on for those who are left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from engine.core.model import HandlerCall
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import ProcessInstance
from workflows.casework.benefits.model import Benefit
from workflows.casework.days import month_of, months_later
from workflows.casework.model import ZERO
from workflows.casework.payments.model import Payment, PaymentState
from workflows.casework.payments.recovery import RecoveryCause
from workflows.casework.payments.starting import not_asked_back, recover
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.handlers.allowance import benefit_of
from workflows.handlers.inputs import Inputs, case_of


def lift_payment_hold(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Let a benefit be paid again; what was held is listed with the next roster."""
    inputs = Inputs(step=call.type, variables=call.variables)
    payments = context.unit_of_work.money.payments
    open_ones = [one for one in payments.holds_of([inputs.id("benefit_id")]) if one.lifted_at is None]
    for one in open_ones:
        payments.save_hold(replace(one, lifted_at=context.now()))
    return {"lifted": len(open_ones)}


def count_overpaid(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Say what of a benefit arrived for months after a death and is not asked back yet, in yuan."""
    inputs = Inputs(step=call.type, variables=call.variables)
    benefit = benefit_of(context, inputs, case_of(context, inputs))
    return {"overpaid": sum((one.amount for one in _after_death(context, inputs, benefit)), ZERO)}


def open_recovery(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Start the recovery of what arrived for months after a death."""
    inputs = Inputs(step=call.type, variables=call.variables)
    benefit = benefit_of(context, inputs, case_of(context, inputs))
    paid = _after_death(context, inputs, benefit)
    started = recover(context, benefit, paid, cause=RecoveryCause.DEATH, reason=inputs.text("reason"))
    return {"recovery_id": str(started[0].id) if started else None}


def recover_overpaid(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Start the recovery of what arrived for months from one on, where anything did; say how much it is.

    Months under another recovery are left out. What is at the bank is looked at once the batch is settled.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    benefit, first = benefit_of(context, inputs, case), month_of(inputs.day("from_month"))
    cause = RecoveryCause(inputs.choice("cause", *RecoveryCause))
    payments = context.unit_of_work.money.payments.of_basis(benefit.id)
    arrived = [one for one in payments if one.state == PaymentState.PAID and one.month >= first]
    paid = not_asked_back(context.unit_of_work, benefit, arrived)
    recover(context, benefit, paid, cause=cause, reason=inputs.text("reason"))
    return {"overpaid": sum((one.amount for one in paid), ZERO)}


def _after_death(context: Context[CaseworkUnitOfWork], inputs: Inputs, benefit: Benefit) -> Sequence[Payment]:
    first: date = months_later(inputs.day("died_on"), 1)
    payments = context.unit_of_work.money.payments.of_basis(benefit.id)
    arrived = [one for one in payments if one.state == PaymentState.PAID and one.month >= first]
    return not_asked_back(context.unit_of_work, benefit, arrived)
