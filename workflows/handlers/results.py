"""What comes out: the letter on each result, the public notice, the end of the case."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from engine.core.model import HandlerCall
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import ProcessInstance
from workflows.casework.county import CIVIL_AFFAIRS
from workflows.casework.days import local_day
from workflows.casework.decisions.letter import decision_letter
from workflows.casework.decisions.model import Decision
from workflows.casework.letters import result_letter
from workflows.casework.model import Case, CaseStatus
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.messages import CASE_FINISHED, tell_waiting
from workflows.casework.records import Notice, NoticeKind, Outcome, Referral
from workflows.casework.verification.objecting import require_no_objection
from workflows.handlers.documents import issue
from workflows.handlers.inputs import Inputs, case_of, referral_of

REFUSALS = (Outcome.REFUSED, Outcome.NOT_ELIGIBLE)


def issue_result_notice(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Write to the household once for each result; asked again, it gives the letter on file.

    Where a decision was recorded on the referral, the form that led to it is issued, from first opinion to decision.

    Raises:
        ObjectionOpen: aid that depends on means is refused while an objection to the check report is open.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    referral = referral_of(context, inputs, case) if inputs.optional_id("referral_id") else None
    if inputs.variables.get("outcome") in REFUSALS and (referral is None or referral.unit_kind == CIVIL_AFFAIRS):
        require_no_objection(context, case, action="出具不予救助告知")
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
            text=_letter(context, case, referral, result),
            written_at=context.now(),
            referral_id=referral.id if referral else None,
        )
    )
    if referral is not None and _decided_on(context, case, referral):
        issue(context, "approval_form", case, subject=referral.number)
    return {"notice_id": str(notice.id)}


def _letter(context: Context[CaseworkUnitOfWork], case: Case, referral: Referral | None, result: JsonObject) -> str:
    """Return the letter of the decision on a referral where one was recorded, else the plain one."""
    decided = _decided_on(context, case, referral) if referral else []
    return decision_letter(case, decided[-1]) if decided else result_letter(case, referral, result)


def _decided_on(context: Context[CaseworkUnitOfWork], case: Case, referral: Referral) -> list[Decision]:
    return [one for one in context.unit_of_work.decisions.of_case(case.id) if one.referral_id == referral.id]


def close_case(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Close the case: every need has its answer."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    outcome = inputs.choice("outcome", "granted", "refused", "no_referral")
    closed = replace(case, status=CaseStatus.CLOSED, outcome=outcome, closed_at=context.now())
    context.unit_of_work.cases.save(closed)
    tell_waiting(context, closed, name=CASE_FINISHED, key=closed.number)
    return {"closed_on": local_day(context.now()).isoformat()}
