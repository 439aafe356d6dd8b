"""What happens to running benefits: changes, refusals of work, suspension, end, re-checks, single entry."""

from __future__ import annotations

from functools import partial

from api.operations import Operation, operation
from api.resources.asking import case_id, done
from api.resources.blueprint import api
from api.schemas.benefits import (
    ChangeSchema,
    DueRechecksSchema,
    EndSchema,
    OfBenefitSchema,
    ProcedureStarted,
    ProcedureStartedSchema,
    RechecksBegunSchema,
    RefusalsSchema,
    SingleEntrySchema,
    SuspensionSchema,
)
from api.services import current
from engine.host import Command
from engine.json_values import JsonObject
from engine.model import ProcessInstance
from web.authentication import current_actor
from workflows.casework.benefits.commands import (
    ChangeTrigger,
    EndBenefit,
    EndGround,
    NotifyRefusals,
    RecheckBenefit,
    ReportChange,
    RequestSingleEntry,
    SuspendBenefit,
)
from workflows.casework.benefits.rechecks import RechecksBegun, begin_due_rechecks
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.organisation.rights import Right


@api.post("/cases/<key>/benefits/changes")
@operation(
    Operation(
        summary="Report a change of a household that draws a benefit",
        right=Right.WORK,
        body=ChangeSchema,
        answer=ProcedureStartedSchema,
        status=201,
    )
)
def report_change(key: str, body: JsonObject) -> ProcedureStarted:
    """Start looking into it."""
    trigger = ChangeTrigger(body.pop("trigger"))
    return _started(ReportChange(case_id=case_id(key), trigger=trigger, **body))


@api.post("/cases/<key>/benefits/refusals")
@operation(
    Operation(
        summary="Tell that a member refused suitable work several times in a row",
        right=Right.WORK,
        body=RefusalsSchema,
        answer=ProcedureStartedSchema,
        status=201,
    )
)
def notify_refusals(key: str, body: JsonObject) -> ProcedureStarted:
    """Start hearing the household."""
    return _started(NotifyRefusals(case_id=case_id(key), **body))


@api.post("/cases/<key>/benefits/suspensions")
@operation(
    Operation(
        summary="Ask the county to suspend a benefit",
        right=Right.WORK,
        body=SuspensionSchema,
        answer=ProcedureStartedSchema,
        status=201,
    )
)
def suspend_benefit(key: str, body: JsonObject) -> ProcedureStarted:
    """Put it before the county."""
    return _started(SuspendBenefit(case_id=case_id(key), **body))


@api.post("/cases/<key>/benefits/ends")
@operation(
    Operation(
        summary="Report that a benefit is to end",
        right=Right.WORK,
        body=EndSchema,
        answer=ProcedureStartedSchema,
        status=201,
    )
)
def end_benefit(key: str, body: JsonObject) -> ProcedureStarted:
    """Start verifying it."""
    ground = EndGround(body.pop("ground"))
    return _started(EndBenefit(case_id=case_id(key), ground=ground, **body))


@api.post("/cases/<key>/benefits/rechecks")
@operation(
    Operation(
        summary="Have a benefit looked at again now",
        right=Right.WORK,
        body=OfBenefitSchema,
        answer=ProcedureStartedSchema,
        status=201,
    )
)
def recheck_benefit(key: str, body: JsonObject) -> ProcedureStarted:
    """Begin the re-check."""
    return _started(RecheckBenefit(case_id=case_id(key), **body))


@api.post("/benefits/rechecks")
@operation(
    Operation(
        summary="Have every benefit looked at whose re-check is due",
        right=Right.WORK,
        body=DueRechecksSchema,
        answer=RechecksBegunSchema,
    )
)
def recheck_due_benefits(body: JsonObject) -> RechecksBegun:
    """Begin the re-checks."""
    return begin_due_rechecks(partial(current().engine.execute, actor=current_actor()), **body)


@api.post("/cases/<key>/single-entries")
@operation(
    Operation(
        summary="Ask that one member of an edge family draws the allowance alone",
        right=Right.WORK,
        body=SingleEntrySchema,
        answer=ProcedureStartedSchema,
        status=201,
    )
)
def request_single_entry(key: str, body: JsonObject) -> ProcedureStarted:
    """Start testing it."""
    return _started(RequestSingleEntry(case_id=case_id(key), **body))


def _started(command: Command[CaseworkUnitOfWork, ProcessInstance]) -> ProcedureStarted:
    return ProcedureStarted(process_instance_id=done(command).id)
