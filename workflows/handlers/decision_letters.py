"""Letters about decisions: the decision itself, the hearing before an adverse one, the end of a status to come."""

from __future__ import annotations

from engine.core.model import HandlerCall
from engine.core.texts import Words
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import ProcessInstance
from workflows.casework.days import local_day
from workflows.casework.decisions.letter import (
    ACTIONS,
    decision_letter,
    expired_letter,
    expiry_letter,
    hearing_letter,
    status_name,
)
from workflows.casework.documents.decision_papers import CHANGES, HEARING_BASIS
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.records import NoticeKind
from workflows.casework.standards import standards_on
from workflows.casework.writing import write_notice
from workflows.handlers.decisions import decision_of
from workflows.handlers.documents import issue
from workflows.handlers.inputs import Inputs, case_of
from workflows.printing.fields import Value
from workflows.rules.money import format_whole_yuan


def issue_decision_notice(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Write the letter of a decision: amount, calculation, reasons, law, remedies.

    Of a decision on a running benefit the paper with the sums before and after is issued too.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    decision = decision_of(context, inputs, case)
    if decision.kind in CHANGES and decision.benefit_id is not None:
        issue(context, "change_notice", case, subject=decision.id)
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
    written = _written(context, case, NoticeKind.HEARING, text)
    action, cut_to = inputs.choice("action", *ACTIONS), inputs.optional_number("amount")
    to = f"为每月{format_whole_yuan(cut_to)}元" if action == "cut" and cut_to is not None else ""
    values: dict[str, Value] = {
        "programme": status_name("dibao"),
        "action": f"{ACTIONS[action]}{status_name('dibao')}金{to}",
        "reasons": inputs.text("reason").rstrip("。"),
        "legal_base": HEARING_BASIS,
    }
    issue(context, "hearing", case, subject=written["notice_id"], values=values)
    return {**written, "hearing_until": until.isoformat()}


def issue_expiry_notice(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Write the letter that warns of the end of a recognised status; after its last day, the one that it has ended."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    valid_until = inputs.optional_day("valid_until")
    if valid_until is None:
        raise inputs.unfit("valid_until", Words("日期", "a day"))
    is_over = valid_until < local_day(context.now())
    letter = expired_letter if is_over else expiry_letter
    text = letter(case, programme=inputs.text("status"), valid_until=valid_until)
    return _written(context, case, NoticeKind.EXPIRY, text)


def _written(context: Context[CaseworkUnitOfWork], case: Case, kind: NoticeKind, text: str) -> JsonObject:
    return {"notice_id": str(write_notice(context, case, kind, text).id)}
