"""Clocks of referrals that stand still while a unit waits for an answer of the household, and run on with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import uuid4

from engine.core.model import HandlerCall
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import ProcessInstance, UserTask
from workflows.casework.clocks import ReferralClocks
from workflows.casework.days import local_day
from workflows.casework.errors import ReferralStateWrong
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.programmes.model import ReferralPause
from workflows.casework.records import OPEN_REFERRAL_STATES, Referral, ReferralState
from workflows.casework.standards import standards_on
from workflows.handlers.inputs import Inputs, case_of, referral_of


def pause_referral(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Stop a referral's clock with the question that the unit asks."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    referral = referral_of(context, inputs, case)
    if referral.state not in OPEN_REFERRAL_STATES or referral.state == ReferralState.NEED_INFO:
        raise ReferralStateWrong(number=referral.number, state=referral.state, action="paused")
    context.unit_of_work.programmes.sharing.add_pause(
        ReferralPause(
            id=uuid4(),
            referral_id=referral.id,
            case_id=case.id,
            question=inputs.text("question"),
            asked_by=inputs.text("asked_by"),
            asked_at=context.now(),
        )
    )
    context.unit_of_work.referrals.save(replace(referral, state=ReferralState.NEED_INFO))
    return {"paused_on": local_day(context.now()).isoformat()}


def resume_referral(context: Context[CaseworkUnitOfWork], instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Start the clock again: its due times and those of the unit's open tasks move by the days really paused."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    referral = referral_of(context, inputs, case)
    pause = context.unit_of_work.programmes.sharing.open_pause(referral.id)
    if pause is None:
        raise ReferralStateWrong(number=referral.number, state=referral.state, action="resumed")
    answered = replace(
        pause,
        information=inputs.text("information"),
        answered_by=context.actor.id,
        answered_at=context.now(),
    )
    context.unit_of_work.programmes.sharing.save_pause(answered)
    paused_on, resumed_on = local_day(pause.asked_at), local_day(context.now())
    clocks = _clocks(context, case)
    context.unit_of_work.referrals.save(
        replace(
            referral,
            state=ReferralState.IN_WORK,
            acknowledge_due_at=clocks.moved(referral.acknowledge_due_at, paused_on=paused_on, resumed_on=resumed_on),
            result_due_at=clocks.moved(referral.result_due_at, paused_on=paused_on, resumed_on=resumed_on),
        )
    )
    for task in _tasks_of_unit(context, instance, referral):
        due_at = clocks.moved(task.due_at, paused_on=paused_on, resumed_on=resumed_on)
        if due_at != task.due_at:
            context.unit_of_work.user_tasks.save_attributes(replace(task, due_at=due_at, version=task.version + 1))
    return {"resumed_on": resumed_on.isoformat()}


def _clocks(context: Context[CaseworkUnitOfWork], case: Case) -> ReferralClocks:
    day: date = case.accepted_on or local_day(context.now())
    return ReferralClocks(
        standards=standards_on(context.unit_of_work, day), calendar=context.unit_of_work.policy.calendar()
    )


def _tasks_of_unit(
    context: Context[CaseworkUnitOfWork], instance: ProcessInstance, referral: Referral
) -> list[UserTask]:
    """Return the open tasks of the unit; where several referrals are with one unit, those that name this one."""
    group = f"{referral.unit_kind}/"
    return [
        task
        for task in context.unit_of_work.user_tasks.open_of(instance.id)
        if any(one.startswith(group) for one in task.candidate_groups)
        and task.variables.get("referral_number", referral.number) == referral.number
    ]
