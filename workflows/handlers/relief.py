"""Temporary relief: the claim, what was paid and how, the file made up afterwards, what goes beyond the cap."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

from engine.core.model import HandlerCall
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import ProcessInstance
from workflows.casework.circumstances import EventKind
from workflows.casework.county import TOWN_BY_REGION
from workflows.casework.days import local_day
from workflows.casework.deciding import decided, standard_today
from workflows.casework.errors import RecordNotFound
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.register.duplicates import note_same_event
from workflows.casework.relief.errors import ReliefCapExceeded
from workflows.casework.relief.model import ClaimKind, ClaimState, PayMode, ReliefClaim, ReliefPayment
from workflows.casework.standards import Standards, standards_on
from workflows.handlers.documents import issue
from workflows.handlers.inputs import Inputs, case_of, referral_of

PAYER, FIRST = "payer", "first"  # property of the task by which urgent relief is handed out
LEFT_OF_YEAR = "available"
"""The decision: what the household may still be paid in this year, of the table of temporary relief."""


def register_relief_claim(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Open the claim with the event of the application; tell what seems to be the same event in another case.

    The hours of an urgent claim run through holidays. `granted_this_year` is what the household was paid in this year
    in all its cases.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    referral = referral_of(context, inputs, case)
    unit_of_work, now = context.unit_of_work, context.now()
    kind = ClaimKind(inputs.choice("kind", *ClaimKind))
    standards = standards_on(unit_of_work, local_day(now))
    hours = timedelta(hours=standards.days("temporary_urgent_hours"))
    claim = ReliefClaim(
        id=uuid4(),
        case_id=case.id,
        referral_id=referral.id,
        region=case.region,
        kind=kind,
        claimed_at=now,
        event_kind=case.event.kind if case.event else None,
        event_reference=(case.event.reference or None) if case.event else None,
        happened_on=case.event.happened_on if case.event else None,
        pay_due_at=now + hours if kind == ClaimKind.URGENT else None,
    )
    if not unit_of_work.relief_claims.add(claim):
        known = unit_of_work.relief_claims.of_referral(referral.id) or claim
        claim = replace(known, kind=kind, pay_due_at=known.pay_due_at or claim.pay_due_at)
        unit_of_work.relief_claims.save(claim)
    return {
        "claim_id": str(claim.id),
        "duplicates": _duplicates(context, claim, standards),
        "granted_this_year": unit_of_work.relief_claims.paid_in_year(case.id, local_day(now).year),
    }


def record_relief_payment(
    context: Context[CaseworkUnitOfWork], instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Write a payment: what was paid, how, for which event; of an urgent claim the file is to be made up by a day.

    Every payment of a claim stands by itself, so that the cap of each year counts what was paid in that year.

    An urgent payment has its slip, with both who paid and who saw it.

    Raises:
        ReliefCapExceeded: the household was paid meanwhile and the year's cap leaves less, unless `beyond_cap`.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    claim = _claim_of(context, inputs, case)
    unit_of_work, now = context.unit_of_work, context.now()
    today, amount = local_day(now), inputs.number("amount")
    standards = standards_on(unit_of_work, today)
    if not inputs.flag("beyond_cap"):
        _require_within_cap(context, case, amount)
    urgent = claim.kind == ClaimKind.URGENT
    mode = PayMode(inputs.choice("mode", *PayMode))
    unit_of_work.relief_claims.add_payment(
        ReliefPayment(id=uuid4(), claim_id=claim.id, amount=amount, mode=mode, paid_at=now)
    )
    days = standards.days("temporary_makeup_days")
    paid = replace(
        claim,
        state=ClaimState.PAID if urgent else ClaimState.DONE,
        amount=claim.amount + amount,
        mode=mode,
        paid_at=now,
        event_kind=_event_kind(inputs) or claim.event_kind,
        event_reference=inputs.optional_text("event_reference") or claim.event_reference,
        happened_on=inputs.optional_day("happened_on") or claim.happened_on,
        make_up_due_on=unit_of_work.policy.calendar().add_working_days(today, days) if urgent else None,
    )
    unit_of_work.relief_claims.save(paid)
    if urgent:
        payer = unit_of_work.procedure.surveys.who_did(instance.id, PAYER, FIRST) or ""
        names = unit_of_work.documents.people((payer, context.actor.id))
        staff = "、".join(names.get(one, one) for one in dict.fromkeys((payer, context.actor.id)) if one)
        issue(context, "urgent_slip", case, subject=paid.id, values={"staff": staff})
    return {
        "paid_on": today.isoformat(),
        "make_up_due_on": paid.make_up_due_on.isoformat() if paid.make_up_due_on else None,
        "duplicates": _duplicates(context, paid, standards),
    }


def record_relief_file(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Write that the file of relief that was paid first is complete, or that a claim ended without payment."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    claim = _claim_of(context, inputs, case)
    if claim.state == ClaimState.OPEN:
        done = replace(claim, state=ClaimState.DROPPED)
    else:
        done = replace(claim, state=ClaimState.DONE, made_up_at=claim.made_up_at or context.now())
    context.unit_of_work.relief_claims.save(done)
    return {"made_up_on": local_day(done.made_up_at).isoformat() if done.made_up_at else None}


def _claim_of(context: Context[CaseworkUnitOfWork], inputs: Inputs, case: Case) -> ReliefClaim:
    claim_id = inputs.id("claim_id")
    claim = context.unit_of_work.relief_claims.get(claim_id)
    if claim is None or claim.case_id != case.id:
        raise RecordNotFound("relief_claim", claim_id)
    return claim


def _event_kind(inputs: Inputs) -> str | None:
    if inputs.optional_text("event_kind") is None:
        return None
    return inputs.choice("event_kind", *EventKind)


def _require_within_cap(context: Context[CaseworkUnitOfWork], case: Case, amount: Decimal) -> None:
    paid = context.unit_of_work.relief_claims.paid_in_year(case.id, local_day(context.now()).year)
    known: JsonObject = {"standard": standard_today(context), "granted_this_year": paid}
    left = Decimal(decided(context, LEFT_OF_YEAR, known))
    if amount > left:
        raise ReliefCapExceeded(amount=amount, left=left)


def _duplicates(context: Context[CaseworkUnitOfWork], claim: ReliefClaim, standards: Standards) -> list[JsonObject]:
    days = standards.days("temporary_same_event_days")
    others = context.unit_of_work.relief_claims.of_other_cases(claim.case_id)
    same = [other for other in others if claim.is_same_event(other, days=days)]
    for other in same:
        note_same_event(context, claim.case_id, other.case_id)
    return [_told(context, other) for other in same]


def _told(context: Context[CaseworkUnitOfWork], claim: ReliefClaim) -> JsonObject:
    case = context.unit_of_work.cases.get(claim.case_id)
    if case is None:
        raise RecordNotFound("case", claim.case_id)
    return {
        "case_number": case.number,
        "town": TOWN_BY_REGION[case.region].name if case.region in TOWN_BY_REGION else case.region,
        "happened_on": claim.happened_on.isoformat() if claim.happened_on else None,
        "amount": claim.amount,
    }
