"""What comes out: the letter on each result, the public notice, the benefit, the end of the case."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from engine.core.model import HandlerCall
from engine.core.texts import Words
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import ProcessInstance
from workflows.casework.days import local_day, month_after
from workflows.casework.letters import public_notice_text, result_letter
from workflows.casework.model import CaseStatus
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.messages import CASE_FINISHED, tell_waiting
from workflows.casework.records import Benefit, Notice, NoticeKind, Outcome, PublicNotice
from workflows.casework.standards import standards_on
from workflows.handlers.inputs import Inputs, case_of, referral_of


def issue_result_notice(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Write to the household once for each result; asked again, it gives the letter on file."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    referral = referral_of(context, inputs, case) if inputs.optional_id("referral_id") else None
    result: JsonObject = {
        "outcome": inputs.choice("outcome", *(outcome for outcome in Outcome if outcome != Outcome.RETURNED)),
        "amount": inputs.optional_number("amount"),
        "amount_period": inputs.optional_text("amount_period"),
        "reason": inputs.optional_text("reason"),
    }
    notice = context.unit_of_work.notices.add(
        Notice(
            id=uuid4(),
            case_id=case.id,
            kind=NoticeKind.RESULT,
            text=result_letter(case, referral, result),
            written_at=context.now(),
            referral_id=referral.id if referral else None,
        )
    )
    return {"notice_id": str(notice.id)}


def post_public_notice(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Write the notice that the clerk posts in the village."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    referral = referral_of(context, inputs, case)
    amount, today = inputs.number("amount"), local_day(context.now())
    days = standards_on(context.unit_of_work, today).days("public_notice_days")
    notice = PublicNotice(
        id=uuid4(),
        case_id=case.id,
        referral_id=referral.id,
        text=public_notice_text(case, amount, days=days, today=today),
        amount=amount,
        prepared_at=context.now(),
    )
    context.unit_of_work.notices.add_public(notice)
    return {"notice_id": str(notice.id)}


def grant_benefit(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Grant a monthly benefit from the month after the decision; a referral grants one only."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    referral = referral_of(context, inputs, case)
    base, add_ons, amount = inputs.number("base"), inputs.number("add_ons"), inputs.number("amount")
    if base + add_ons != amount:
        raise inputs.unfit("amount", Words("base 与 add_ons 之和", "the sum of base and add_ons"))
    granted = Benefit(
        id=uuid4(),
        case_id=case.id,
        referral_id=referral.id,
        programme=referral.programme,
        amount=amount,
        amount_period="month",
        base=base,
        add_ons=add_ons,
        start_month=month_after(local_day(context.now())),
        granted_at=context.now(),
    )
    if not context.unit_of_work.benefits.add(granted):
        granted = context.unit_of_work.benefits.of_referral(referral.id) or granted
    return {"benefit_id": str(granted.id), "start_month": f"{granted.start_month:%Y-%m}"}


def close_case(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Close the case: every need has its answer."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    outcome = inputs.choice("outcome", "granted", "refused", "no_referral")
    closed = replace(case, status=CaseStatus.CLOSED, outcome=outcome, closed_at=context.now())
    context.unit_of_work.cases.save(closed)
    tell_waiting(context, closed, name=CASE_FINISHED, key=closed.number)
    return {"closed_on": local_day(context.now()).isoformat()}
