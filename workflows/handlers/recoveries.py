"""Money to be paid back: what was wrongly paid, the hearing, the decision with its fine, the plan, the dues."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

from engine.core.model import HandlerCall
from engine.host import Context
from engine.json_values import JsonObject, JsonValue
from engine.model import ProcessInstance
from workflows.casework.days import local_day
from workflows.casework.decisions.letter import recovery_hearing_letter
from workflows.casework.errors import RecordNotFound
from workflows.casework.model import ZERO
from workflows.casework.payments.errors import FineOutOfLimits
from workflows.casework.payments.recovery import Recovery, RecoveryState, plan_of
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.records import Notice, NoticeKind
from workflows.casework.standards import standards_on
from workflows.handlers.documents import issue
from workflows.handlers.inputs import Inputs, case_of
from workflows.printing.fields import Value
from workflows.rules.money import format_whole_yuan, format_yuan, round_to_fen


def read_recovery(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Return what was wrongly paid, in how many months, and what is still owed."""
    recovery = recovery_of(context, Inputs(step=call.type, variables=call.variables))
    return {
        "wrongly_paid": recovery.wrongly_paid,
        "months": recovery.months,
        "from_month": f"{recovery.from_month:%Y-%m}",
        "until_month": f"{recovery.until_month:%Y-%m}",
    }


def set_fine_limits(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Keep the day of the act and what the law of that day allows as a fine, as multiples of what was wrongly paid."""
    inputs = Inputs(step=call.type, variables=call.variables)
    recovery = recovery_of(context, inputs, lock=True)
    limited = replace(
        recovery,
        act_on=inputs.optional_day("act_on"),
        fine_least=round_to_fen(recovery.wrongly_paid * inputs.number("least_factor")),
        fine_most=round_to_fen(recovery.wrongly_paid * inputs.number("most_factor")),
    )
    context.unit_of_work.money.recoveries.save(limited)
    return {"fine_least": limited.fine_least, "fine_most": limited.fine_most}


def issue_recovery_hearing(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Write the letter that asks the household to speak before money is taken back or a fine is set."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case, recovery = case_of(context, inputs), recovery_of(context, inputs)
    today = local_day(context.now())
    standards = standards_on(context.unit_of_work, today)
    days = standards.days("hearing_days")
    until = context.unit_of_work.policy.calendar().add_working_days(today, days)
    text = recovery_hearing_letter(
        case,
        amount=recovery.wrongly_paid,
        fine_most=recovery.fine_most,
        reasons=inputs.text("reason"),
        until=until,
    )
    notice = Notice(id=uuid4(), case_id=case.id, kind=NoticeKind.HEARING, text=text, written_at=context.now())
    context.unit_of_work.notices.add(notice)
    fine = f"，并处{format_whole_yuan(recovery.fine_most)}元以下罚款" if recovery.fine_most else ""
    values: dict[str, Value] = {
        "programme": "社会救助",
        "action": f"追回已发放的救助资金{format_whole_yuan(recovery.wrongly_paid)}元{fine}",
        "reasons": inputs.text("reason").rstrip("。"),
        "legal_base": "、".join(_texts(standards.values.get("law_recovery"))),
    }
    issue(context, "hearing", case, subject=notice.id, values=values)
    return {"notice_id": str(notice.id), "hearing_until": until.isoformat()}


def decide_recovery(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Keep what was decided: the sum with its fine within the limits of the law, or that nothing is taken back.

    Raises:
        FineOutOfLimits: the law of the day of the act does not allow the fine.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    recovery = recovery_of(context, inputs, lock=True)
    if inputs.choice("decision", "recover", "drop") == "drop":
        context.unit_of_work.money.recoveries.save(replace(recovery, state=RecoveryState.DROPPED))
        return {"owed": ZERO}
    fine = inputs.optional_number("fine") or ZERO
    if not recovery.fine_least <= fine <= recovery.fine_most or fine != round_to_fen(fine):
        raise FineOutOfLimits(
            fine=format_yuan(fine), least=format_yuan(recovery.fine_least), most=format_yuan(recovery.fine_most)
        )
    decided = replace(recovery, state=RecoveryState.DECIDED, fine=fine)
    context.unit_of_work.money.recoveries.save(decided)
    return {"owed": decided.owed}


def plan_instalments(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Keep the plan: equal monthly parts to the fen, the last takes the rest; one part means at once.

    Raises:
        InstalmentsWrong: there are none or too many.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    recovery = recovery_of(context, inputs, lock=True)
    most = standards_on(context.unit_of_work, local_day(context.now())).days("instalments_most")
    first = inputs.day("first_due_on")
    plan = plan_of(recovery.owed, count=int(inputs.number("instalments")), first_due_on=first, most=most)
    planned = replace(recovery, instalments=plan, decision_id=inputs.optional_id("decision_id"))
    context.unit_of_work.money.recoveries.save(planned)
    return _dues(context, planned)


def check_instalments(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Say whether everything came in, what is overdue, and when to look again."""
    return _dues(context, recovery_of(context, Inputs(step=call.type, variables=call.variables)))


def recovery_of(context: Context[CaseworkUnitOfWork], inputs: Inputs, *, lock: bool = False) -> Recovery:
    """Return the recovery the step works on.

    Raises:
        RecordNotFound: there is none with this id.
    """
    recovery_id = inputs.id("recovery_id")
    recoveries = context.unit_of_work.money.recoveries
    recovery = recoveries.lock(recovery_id) if lock else recoveries.get(recovery_id)
    if recovery is None:
        raise RecordNotFound("recovery", recovery_id)
    return recovery


def _dues(context: Context[CaseworkUnitOfWork], recovery: Recovery) -> JsonObject:
    today = local_day(context.now())
    again = standards_on(context.unit_of_work, today).days("recovery_chase_days")
    upcoming = recovery.next_due(today)
    check_on: date = (upcoming or today + timedelta(days=again)) + timedelta(days=1)
    return {
        "settled": recovery.outstanding == 0,
        "overdue": recovery.overdue_on(today),
        "outstanding": recovery.outstanding,
        "check_on": check_on.isoformat(),
        "plan": "、".join(f"{one.due_on.isoformat()} {one.amount}" for one in recovery.instalments),
    }


def _texts(value: JsonValue) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []
