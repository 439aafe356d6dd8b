"""The course of a question to a unit: what it answered, or why it returned the question."""

from __future__ import annotations

from dataclasses import replace

from engine.core.model import HandlerCall
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import ProcessInstance
from workflows.casework.advice.errors import AdviceOver
from workflows.casework.advice.model import Advice, AdviceState
from workflows.casework.advice.telling import asking, tell
from workflows.casework.days import local_day
from workflows.casework.errors import RecordNotFound
from workflows.casework.holds.model import HoldEvent
from workflows.casework.orders.notices import NoticeCause
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.handlers.inputs import Inputs


def record_advice(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Keep the answer of the unit, and tell who asked."""
    _close(context, call, AdviceState.ANSWERED, NoticeCause.ADVICE_ANSWERED)
    return {"answered_on": local_day(context.now()).isoformat()}


def return_advice(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Keep why the unit does not answer, and tell who asked."""
    _close(context, call, AdviceState.RETURNED, NoticeCause.ADVICE_RETURNED)
    return {"returned_on": local_day(context.now()).isoformat()}


def _close(context: Context[CaseworkUnitOfWork], call: HandlerCall, state: AdviceState, cause: NoticeCause) -> None:
    inputs = Inputs(step=call.type, variables=call.variables)
    advice = _locked(context, inputs)
    over = replace(
        advice,
        state=state,
        answer=inputs.text("answer"),
        closed_at=context.now(),
        closed_by=context.actor.id,
    )
    context.unit_of_work.advice.save(over)
    context.unit_of_work.holds.end(over.case_id, HoldEvent.ADVICE, task_id=over.task_id)
    tell(context, over, cause, asking(context, over), task_id=over.task_id)


def _locked(context: Context[CaseworkUnitOfWork], inputs: Inputs) -> Advice:
    advice_id = inputs.id("advice_id")
    advice = context.unit_of_work.advice.lock(advice_id)
    if advice is None:
        raise RecordNotFound("advice", advice_id)
    if advice.state is not AdviceState.OPEN:
        raise AdviceOver
    return advice
