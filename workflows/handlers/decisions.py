"""Decisions as diagrams record them: numbered, with reasons, law, remedies and the trace of the rules that fired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import uuid4

from engine.core.model import HandlerCall
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import DecisionEvaluation, ProcessInstance
from workflows.casework.county import CIVIL_AFFAIRS
from workflows.casework.days import local_day, month_after
from workflows.casework.decisions.errors import DecisionServed, ServiceDayWrong
from workflows.casework.decisions.model import Decision, DecisionKind, Remedy
from workflows.casework.decisions.numbers import series_of
from workflows.casework.decisions.remedies import remedies_from
from workflows.casework.errors import RecordNotFound
from workflows.casework.model import ZERO, Case
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.clock_commands import locked_case
from workflows.casework.records import Referral
from workflows.casework.standards import standards_on
from workflows.casework.verification.objecting import require_no_objection
from workflows.handlers.documents import issue
from workflows.handlers.inputs import Inputs, case_of, referral_of

MEANS_TABLE = "means_status"  # what rests on this table rests on the check report


def record_decision(context: Context[CaseworkUnitOfWork], instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Record what was just decided; who completes the step before is its signer.

    `kind` is what it does (grant, refuse, recognise, change, suspend, resume, stop), `reasons` says why and
    `calculation` how in words, `articles` lists the law. `tables` names the decision tables it rests on: their newest
    evaluations in this process instance become its trace, so each must have been evaluated in an earlier step.
    Without a referral `programme` is needed.

    Raises:
        ObjectionOpen: what goes against the household rests on a check report to which an objection is open.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    case = case_of(context, inputs)
    referral = referral_of(context, inputs, case) if inputs.optional_id("referral_id") else None
    decision = _decided(context, inputs, case, referral)
    if _refuses_by_means(decision, _unit_kind(inputs, referral)) or (
        MEANS_TABLE in inputs.texts("tables") and _takes_away(context, decision)
    ):
        require_no_objection(context, case, action="作出不予救助或减发停发的决定")
    evaluations = context.unit_of_work.decisions.evaluations(instance.id)
    decision = replace(decision, trace=_trace(evaluations, inputs.texts("tables")))
    context.unit_of_work.decisions.add(decision)
    issue(context, "decision", case, subject=decision.id)
    return {"decision_id": str(decision.id), "decision_number": decision.number}


def record_decision_service(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Write down when and how the household got a decision; its remedies run from that day.

    The same service told again changes nothing.

    Raises:
        DecisionServed: it was served on another day or in another way; the remedies are not moved.
        ServiceDayWrong: the day lies before the decision, or after today.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    case = locked_case(context, case_of(context, inputs).id)
    decision = decision_of(context, inputs, case)
    today, decided_on = local_day(context.now()), local_day(decision.decided_at)
    served_on = inputs.optional_day("served_on") or today
    if decision.served_on is not None:
        if (decision.served_on, decision.served_how) != (served_on, inputs.text("served_how")):
            raise DecisionServed(number=decision.number, served_on=decision.served_on)
        return {"remedies": [_told(one) for one in decision.remedies]}
    if not decided_on <= served_on <= today:
        raise ServiceDayWrong(number=decision.number, served_on=served_on, decided_on=decided_on, today=today)
    policy = context.unit_of_work.policy
    served = replace(
        decision,
        served_on=served_on,
        served_how=inputs.text("served_how"),
        remedies=remedies_from(served_on, standards_on(context.unit_of_work, served_on), policy.calendar()),
    )
    context.unit_of_work.decisions.record_service(served)
    return {"remedies": [_told(one) for one in served.remedies]}


def decision_of(context: Context[CaseworkUnitOfWork], inputs: Inputs, case: Case) -> Decision:
    """Return the decision the step works on; it must be of this case.

    Raises:
        RecordNotFound: there is none with this id in the case.
    """
    decision_id = inputs.id("decision_id")
    decision = context.unit_of_work.decisions.get(decision_id)
    if decision is None or decision.case_id != case.id:
        raise RecordNotFound("recorded decision", decision_id)
    return decision


def _unit_kind(inputs: Inputs, referral: Referral | None) -> str:
    return referral.unit_kind if referral else inputs.optional_text("unit_kind") or CIVIL_AFFAIRS


def _refuses_by_means(decision: Decision, unit_kind: str) -> bool:
    """Tell whether it refuses aid of civil affairs, which depends on means."""
    return decision.kind == DecisionKind.REFUSE and unit_kind == CIVIL_AFFAIRS


def _takes_away(context: Context[CaseworkUnitOfWork], decision: Decision) -> bool:
    """Tell whether the household draws less by the decision than it would next month."""
    if decision.kind not in (DecisionKind.CHANGE, DecisionKind.STOP) or decision.benefit_id is None:
        return decision.kind == DecisionKind.STOP
    benefit = context.unit_of_work.benefits.get(decision.benefit_id)
    drawn = benefit.version_in(month_after(local_day(context.now()))) if benefit else None
    return drawn is not None and (decision.amount or ZERO) < drawn.amount


def _decided(context: Context[CaseworkUnitOfWork], inputs: Inputs, case: Case, referral: Referral | None) -> Decision:
    now, today = context.now(), local_day(context.now())
    unit_of_work = context.unit_of_work
    unit_kind = _unit_kind(inputs, referral)
    return Decision(
        id=uuid4(),
        number=unit_of_work.decisions.next_number(series=series_of(unit_kind), year=today.year),
        case_id=case.id,
        region=case.region,
        programme=inputs.optional_text("programme") or (referral.programme if referral else inputs.text("programme")),
        kind=DecisionKind(inputs.choice("kind", *DecisionKind)),
        decided_at=now,
        signer=context.actor.id,
        signed_for=context.actor.acts_for,
        reasons=inputs.text("reasons"),
        referral_id=referral.id if referral else None,
        benefit_id=inputs.optional_id("benefit_id"),
        amount=inputs.optional_number("amount"),
        amount_period=inputs.optional_text("amount_period"),
        start_month=inputs.optional_month("start_month"),
        valid_from=inputs.optional_day("valid_from"),
        valid_until=inputs.optional_day("valid_until"),
        calculation=inputs.optional_text("calculation") or "",
        articles=inputs.texts("articles"),
        remedies=remedies_from(today, standards_on(unit_of_work, today), unit_of_work.policy.calendar()),
    )


def _trace(evaluations: Sequence[DecisionEvaluation], tables: Sequence[str]) -> tuple[JsonObject, ...]:
    newest = {one.decision_id: one for one in evaluations}
    for name in tables:
        if name not in newest:
            raise RecordNotFound("decision_evaluation", name)
    return tuple(_traced(newest[name]) for name in tables)


def _traced(evaluation: DecisionEvaluation) -> JsonObject:
    return {
        "decision_id": evaluation.decision_id,
        "definition_id": str(evaluation.definition_id),
        "decided_at": evaluation.decided_at.isoformat(),
        **evaluation.record,
    }


def _told(remedy: Remedy) -> JsonObject:
    until = None if remedy.until is None else remedy.until.isoformat()
    return {"kind": remedy.kind.value, "until": until, "year_not_loaded": remedy.year_not_loaded}
