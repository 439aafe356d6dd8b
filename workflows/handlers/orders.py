"""The course of a supervision order: the answer, what the supervisor makes of it, the clock that runs meanwhile."""

from __future__ import annotations

from dataclasses import replace

from engine.core.model import HandlerCall
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import ProcessInstance
from workflows.casework.days import local_day
from workflows.casework.errors import RecordNotFound
from workflows.casework.orders.commands import require_levels
from workflows.casework.orders.errors import OrderStateWrong
from workflows.casework.orders.model import EscalationLevel, OrderEvent, OrderState, OrderStep, SupervisionOrder
from workflows.casework.orders.notices import NoticeCause
from workflows.casework.orders.telling import issuer_of, leaders_at, tell, unit_of
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.standards import standards_on
from workflows.handlers.inputs import Inputs


def record_order_answer(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Keep the answer of the unit, and tell who issued the order."""
    inputs = Inputs(step=call.type, variables=call.variables)
    order, text = _locked(context, inputs, OrderState.OPEN), inputs.text("answer")
    _save(context, replace(order, state=OrderState.ANSWERED))
    _record(context, order, OrderStep.ANSWERED, text)
    tell(context, order, NoticeCause.ORDER_ANSWERED, issuer_of(context, order), text)
    return {"answered_on": local_day(context.now()).isoformat()}


def accept_order_answer(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Close the order: the answer is accepted."""
    inputs = Inputs(step=call.type, variables=call.variables)
    order, note = _locked(context, inputs, OrderState.ANSWERED), inputs.optional_text("note") or ""
    _save(context, replace(order, state=OrderState.CLOSED, closed_at=context.now()))
    _record(context, order, OrderStep.ACCEPTED, note)
    tell(context, order, NoticeCause.ORDER_ACCEPTED, unit_of(context, order), note)
    return {"closed_on": local_day(context.now()).isoformat()}


def return_order_answer(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Give the order back to the unit with the reason; it has some working days from today, or the rest of its term.

    Raises:
        YearNotLoaded: the day, or one of the escalation after it, would lie in a year without calendar data.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    order, reason = _locked(context, inputs, OrderState.ANSWERED), inputs.text("reason")
    today, calendar = local_day(context.now()), context.unit_of_work.policy.calendar()
    anew = calendar.add_working_days(today, standards_on(context.unit_of_work, today).days("order_return_days"))
    due_on = max(order.due_on, anew)
    require_levels(context, due_on)
    returned = replace(order, state=OrderState.OPEN, due_on=due_on, returns=order.returns + 1, level=0)
    _save(context, returned)
    _record(context, order, OrderStep.RETURNED, reason)
    tell(context, order, NoticeCause.ORDER_RETURNED, unit_of(context, order), reason)
    return {"due_on": due_on.isoformat()}


def remind_of_order(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Tell the unit that the order is due soon."""
    order = _locked(context, Inputs(step=call.type, variables=call.variables), OrderState.OPEN)
    _record(context, order, OrderStep.DUE_SOON, "")
    tell(context, order, NoticeCause.ORDER_DUE_SOON, unit_of(context, order), "")
    return {"reminded": True}


def escalate_order(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Record that an order is over its day, and tell who stands at the level; each is reached once a round."""
    inputs = Inputs(step=call.type, variables=call.variables)
    order = _locked(context, inputs, OrderState.OPEN)
    level = EscalationLevel(int(inputs.number("level")))
    escalated = OrderEvent(
        order_id=order.id,
        at=context.now(),
        by=context.actor.id,
        step=OrderStep.ESCALATED,
        level=level,
        round=order.returns,
    )
    if not context.unit_of_work.procedure.supervision.orders.record(escalated):
        return {"escalated": False}
    _save(context, replace(order, level=max(order.level, level)))
    tell(context, order, NoticeCause.ORDER_ESCALATED, leaders_at(context, order, level), "")
    return {"escalated": True}


def _locked(context: Context[CaseworkUnitOfWork], inputs: Inputs, state: OrderState) -> SupervisionOrder:
    order_id = inputs.id("order_id")
    order = context.unit_of_work.procedure.supervision.orders.lock(order_id)
    if order is None:
        raise RecordNotFound("supervision order", order_id)
    if order.state is not state:
        raise OrderStateWrong(number=order.number, state=order.state.value)
    return order


def _save(context: Context[CaseworkUnitOfWork], order: SupervisionOrder) -> None:
    context.unit_of_work.procedure.supervision.orders.save(order)


def _record(context: Context[CaseworkUnitOfWork], order: SupervisionOrder, step: OrderStep, text: str) -> None:
    event = OrderEvent(order_id=order.id, at=context.now(), by=context.actor.id, step=step, text=text)
    context.unit_of_work.procedure.supervision.orders.record(event)
