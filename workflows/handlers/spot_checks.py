"""Reviewing a sampled case: what the reviewer found, and what a supervisor makes of a severe finding."""

from __future__ import annotations

from dataclasses import replace

from engine.core.model import HandlerCall
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import ProcessInstance
from workflows.casework.errors import RecordNotFound
from workflows.casework.orders.commands import IssueSupervisionOrder
from workflows.casework.orders.model import BasisKind
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.spot_checks.errors import SpotCheckWithdrawn
from workflows.casework.spot_checks.model import (
    Conclusion,
    Finding,
    ItemState,
    Review,
    SampledCase,
    Severity,
    gravest,
)
from workflows.handlers.inputs import Inputs

VERDICTS = ("right", "finding", "not_applicable")
NO_FINDING = "none"


def record_spot_check(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Keep what the reviewer found under each item of the checklist, and what they conclude."""
    inputs = Inputs(step=call.type, variables=call.variables)
    item = _locked(context, inputs, ItemState.OPEN)
    findings = [_finding(row) for row in inputs.contexts("checklist") if row.choice("verdict", *VERDICTS) == "finding"]
    severity = gravest(findings)
    reviewed = replace(
        item,
        state=ItemState.FOUND if severity is Severity.SEVERE else ItemState.DONE,
        conclusion=Conclusion(inputs.choice("conclusion", *Conclusion)),
        severity=severity,
        reviewed_by=context.actor.id,
        reviewed_at=context.now(),
    )
    spot_checks = context.unit_of_work.procedure.supervision.spot_checks
    spot_checks.write_review(reviewed, Review(findings=findings, note=inputs.optional_text("note") or ""))
    spot_checks.save_item(reviewed)
    return {"severity": severity.value if severity else NO_FINDING}


def order_correction(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Issue a supervision order about the case; who issues it is the supervisor whose step this ends.

    Raises:
        NotPermitted, UnitNotInvolved, OrderDueDayWrong, NobodyToNotify: no such order can be issued.
    """
    inputs = Inputs(step=call.type, variables=call.variables)
    item = _locked(context, inputs, ItemState.FOUND)
    case = context.unit_of_work.cases.get(item.case_id)
    if case is None:
        raise RecordNotFound("case", item.case_id)
    order = IssueSupervisionOrder(
        case_number=case.number,
        unit_kind=inputs.text("unit_kind"),
        demand=inputs.text("demand"),
        basis_kind=BasisKind(inputs.choice("basis_kind", *BasisKind)),
        basis=inputs.text("basis"),
        working_days=int(inputs.number("working_days")),
        submission_key=f"spot-check:{item.id}",
    ).execute(context)
    _save(context, replace(item, state=ItemState.DONE, order_id=order.id))
    return {"order_number": order.number}


def keep_findings(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Close the review of a case without an order, and keep why none follows."""
    inputs = Inputs(step=call.type, variables=call.variables)
    item = _locked(context, inputs, ItemState.FOUND)
    spot_checks = context.unit_of_work.procedure.supervision.spot_checks
    spot_checks.write_review(item, replace(spot_checks.review(item), decision_note=inputs.text("reason")))
    _save(context, replace(item, state=ItemState.DONE))
    return {"order_number": None}


def _finding(row: Inputs) -> Finding:
    return Finding(
        item=row.text("code"),
        title=row.text("title"),
        title_en=row.text("title_en"),
        severity=Severity(row.choice("severity", *Severity)),
        note=row.optional_text("finding") or "",
    )


def _locked(context: Context[CaseworkUnitOfWork], inputs: Inputs, state: ItemState) -> SampledCase:
    item_id = inputs.id("item_id")
    item = context.unit_of_work.procedure.supervision.spot_checks.lock_item(item_id)
    if item is None:
        raise RecordNotFound("sampled case", item_id)
    if item.state is not state:
        raise SpotCheckWithdrawn(number=inputs.text("spot_check_number"))
    return item


def _save(context: Context[CaseworkUnitOfWork], item: SampledCase) -> None:
    context.unit_of_work.procedure.supervision.spot_checks.save_item(item)
