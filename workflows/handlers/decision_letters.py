"""Letters about decisions: the decision itself, the hearing before an adverse one, the end of a status to come."""

from __future__ import annotations

from engine.core.model import HandlerCall
from engine.core.texts import Words
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import ProcessInstance
from workflows.casework.days import local_day
from workflows.casework.decisions.letter import decision_letter, expiry_letter, hearing_letter
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.records import NoticeKind
from workflows.casework.standards import standards_on
from workflows.casework.writing import write_notice
from workflows.handlers.decisions import decision_of
from workflows.handlers.inputs import Inputs, case_of


def issue_decision_notice(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Write the letter of a decision: amount, calculation, reasons, law, remedies."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    decision = decision_of(context, inputs, case)
    return _written(context, case, NoticeKind.DECISION, decision_letter(case, decision))


def issue_hearing_notice(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Write the letter that asks the household to speak before its benefit is cut or stopped."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    today = local_day(context.now())
    days = standards_on(context.unit_of_work, today).days("hearing_days")
    until = context.unit_of_work.policy.calendar().add_working_days(today, days)
    text = hearing_letter(
        case,
        action=inputs.choice("action", "cut", "stop"),
        reasons=inputs.text("reason"),
        amount=inputs.optional_number("amount"),
        until=until,
    )
    return {**_written(context, case, NoticeKind.HEARING, text), "hearing_until": until.isoformat()}


def issue_expiry_notice(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Write the letter that warns of the end of a recognised status."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    valid_until = inputs.optional_day("valid_until")
    if valid_until is None:
        raise inputs.unfit("valid_until", Words("日期", "a day"))
    text = expiry_letter(case, programme=inputs.text("status"), valid_until=valid_until)
    return _written(context, case, NoticeKind.EXPIRY, text)


def _written(context: Context[CaseworkUnitOfWork], case: Case, kind: NoticeKind, text: str) -> JsonObject:
    return {"notice_id": str(write_notice(context, case, kind, text).id)}
