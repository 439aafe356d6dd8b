"""The statutory clock in diagrams: pause, resume, ask for more time, and what a leader decides about it."""

from __future__ import annotations

from dataclasses import replace

from engine.core.model import HandlerCall
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import ProcessInstance
from workflows.casework.errors import RecordNotFound
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure import clock
from workflows.casework.procedure import clock_commands as commands
from workflows.casework.procedure.model import ExtensionState
from workflows.casework.records import Referral
from workflows.handlers.inputs import Inputs, case_of, referral_of

DECISIONS = {
    "approve": ExtensionState.APPROVED,
    "refuse": ExtensionState.REFUSED,
    "lapse": ExtensionState.LAPSED,
}


def pause_clock(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Stop the clock of the case, or of a referral, with its reason; due times wait until it runs again."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    referral = _referral(context, inputs, case)
    pause = clock.pause_clock(context, case, referral=referral, reason=inputs.text("reason"))
    return {"paused_on": pause.paused_on.isoformat()}


def resume_clock(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Let the clock run again; due times move by the working days it really stood still."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    clock.resume_clock(context, case, referral=_referral(context, inputs, case))
    after = context.unit_of_work.cases.get(case.id) or case
    return {"due_on": after.due_on.isoformat() if after.due_on else None}


def request_extension(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Ask a leader for more time, with the reason; the process clock_extension puts it before one."""
    inputs = Inputs(step=call.type, variables=call.variables)
    extension = commands.request_extension(context, case_of(context, inputs), reason=inputs.text("reason"))
    return {"extension_id": str(extension.id), "due_after": extension.due_after.isoformat()}


def decide_extension(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Keep what was decided about more time; approved, the last day and all that was due on it move."""
    inputs = Inputs(step=call.type, variables=call.variables)
    case, extension_id = case_of(context, inputs), inputs.id("extension_id")
    ledger = context.unit_of_work.procedure.clock
    extension = next((one for one in ledger.extensions(case.id) if one.id == extension_id), None)
    if extension is None:
        raise RecordNotFound("extension", extension_id)
    decided = replace(
        extension,
        state=DECISIONS[inputs.choice("decision", *DECISIONS)],
        decided_at=context.now(),
        decided_by=context.actor.id,
        decision_note=inputs.optional_text("note"),
    )
    ledger.save_extension(decided)
    after = clock.move_limit(context, case) if decided.state is ExtensionState.APPROVED else case
    return {"due_on": after.due_on.isoformat() if after.due_on else None}


def _referral(context: Context[CaseworkUnitOfWork], inputs: Inputs, case: Case) -> Referral | None:
    return referral_of(context, inputs, case) if inputs.optional_id("referral_id") else None
