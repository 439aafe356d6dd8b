"""After a death: what is held, what was paid too much, what goes on for those who are left."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from engine.core.model import HandlerCall
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import ProcessInstance
from workflows.casework.days import month_of, months_later
from workflows.casework.model import ZERO
from workflows.casework.payments.model import Payment
from workflows.casework.payments.recovery import RecoveryCause
from workflows.casework.payments.starting import StartRecovery
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
    """Say what of a benefit went to the bank for months after a death, in yuan."""
    inputs = Inputs(step=call.type, variables=call.variables)
    paid = _after_death(context, inputs)
    return {"overpaid": sum((one.amount for one in paid), ZERO)}


def open_recovery(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Start the recovery of what was paid for months after a death."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    months = [one.month for one in _after_death(context, inputs)]
    command = StartRecovery(
        case_id=case.id,
        cause=RecoveryCause.DEATH,
        from_month=min(months),
        until_month=max(months),
        reason=inputs.text("reason"),
        benefit_id=inputs.id("benefit_id"),
    )
    return {"recovery_id": str(command.execute(context).id)}


def recover_overpaid(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Start the recovery of what went to the bank for months from one on, where anything did; say how much it is."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    benefit, first = benefit_of(context, inputs, case), month_of(inputs.day("from_month"))
    cause = RecoveryCause(inputs.choice("cause", *RecoveryCause))
    payments = context.unit_of_work.money.payments.of_basis(benefit.id)
    paid = [one for one in payments if one.is_out and one.month >= first]
    if paid:
        months = [one.month for one in paid]
        StartRecovery(
            case_id=case.id,
            cause=cause,
            from_month=min(months),
            until_month=max(months),
            reason=inputs.text("reason"),
            benefit_id=benefit.id,
        ).execute(context)
    return {"overpaid": sum((one.amount for one in paid), ZERO)}


def _after_death(context: Context[CaseworkUnitOfWork], inputs: Inputs) -> list[Payment]:
    benefit = benefit_of(context, inputs, case_of(context, inputs))
    first: date = months_later(inputs.day("died_on"), 1)
    payments = context.unit_of_work.money.payments.of_basis(benefit.id)
    return [one for one in payments if one.is_out and one.month >= first]
