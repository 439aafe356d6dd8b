"""Clocks of referrals that stand still while a unit waits for an answer of the household, and run on with it.

The question and its answer are kept with the referral; the pause itself stands in the one ledger of pauses, so that
days on which the clock of the whole case stood still as well count once.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from engine.core.model import HandlerCall
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import ProcessInstance
from workflows.casework.days import local_day
from workflows.casework.errors import ReferralStateWrong
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure import clock
from workflows.casework.procedure.model import ClockPause
from workflows.casework.programmes.model import ReferralPause
from workflows.casework.records import OPEN_REFERRAL_STATES, Referral, ReferralState
from workflows.handlers.inputs import Inputs, case_of, referral_of


def pause_referral(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Stop a referral's clock with the question that the unit asks; where a leader stopped it, it stays with theirs."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    referral = referral_of(context, inputs, case)
    if referral.state not in OPEN_REFERRAL_STATES or referral.state == ReferralState.NEED_INFO:
        raise ReferralStateWrong(number=referral.number, state=referral.state, action="暂停计时")
    asked = ReferralPause(
        id=uuid4(),
        referral_id=referral.id,
        case_id=case.id,
        question=inputs.text("question"),
        asked_by=inputs.text("asked_by"),
        asked_at=context.now(),
    )
    context.unit_of_work.programmes.sharing.add_pause(asked)
    if not any(one.resumed_on is None for one in _pauses(context, referral)):
        clock.pause_clock(context, case, referral=referral, reason=NEEDS_INFORMATION)
    context.unit_of_work.referrals.save(replace(referral, state=ReferralState.NEED_INFO))
    return {"paused_on": local_day(context.now()).isoformat()}


def resume_referral(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Start the clock again: its due times and those of the unit's open tasks move by the days really paused."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    referral = referral_of(context, inputs, case)
    pause = context.unit_of_work.programmes.sharing.open_pause(referral.id)
    if pause is None:
        raise ReferralStateWrong(number=referral.number, state=referral.state, action="恢复计时")
    answered = replace(
        pause,
        information=inputs.text("information"),
        answered_by=context.actor.id,
        answered_at=context.now(),
    )
    context.unit_of_work.programmes.sharing.save_pause(answered)
    at_work = replace(referral, state=ReferralState.IN_WORK)
    context.unit_of_work.referrals.save(at_work)
    own = next((one for one in _pauses(context, referral) if _is_for(one, pause)), None)
    if own is None and _is_of_an_older_release(context, referral, pause):
        own = _entered_later(context, pause)
    if own is not None and own.resumed_on is None:
        clock.resume_clock(context, case, referral=at_work)
    return {"resumed_on": local_day(context.now()).isoformat()}


NEEDS_INFORMATION = "责任单位等待补充情况"
"""Why the ledger says the clock stood still; the question itself is sealed with the referral."""


def _pauses(context: Context[CaseworkUnitOfWork], referral: Referral) -> list[ClockPause]:
    ledger = context.unit_of_work.procedure.clock
    return [one for one in ledger.pauses(referral.case_id) if one.referral_id == referral.id]


def _is_for(pause: ClockPause, asked: ReferralPause) -> bool:
    """Say whether a pause was made for a question; a leader's of the same moment was not."""
    return pause.reason == NEEDS_INFORMATION and pause.paused_at == asked.asked_at


def _is_of_an_older_release(context: Context[CaseworkUnitOfWork], referral: Referral, asked: ReferralPause) -> bool:
    """Say whether no pause covers the moment of the question: it was asked before questions stood in the ledger."""
    return not any(
        one.paused_at <= asked.asked_at and (one.resumed_at is None or one.resumed_at > asked.asked_at)
        for one in _pauses(context, referral)
    )


def _entered_later(context: Context[CaseworkUnitOfWork], asked: ReferralPause) -> ClockPause:
    pause = ClockPause(
        id=uuid4(),
        case_id=asked.case_id,
        referral_id=asked.referral_id,
        reason=NEEDS_INFORMATION,
        paused_on=local_day(asked.asked_at),
        paused_at=asked.asked_at,
        paused_by=asked.asked_by,
        held={},
    )
    context.unit_of_work.procedure.clock.add_pause(pause)
    return pause
