"""Running instances as operators see and repair them."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import url_for

from api.operations import Created, Operation, operation
from api.resources.applications import IDEMPOTENCY_KEY, submission_key
from api.resources.blueprint import api
from api.schemas.answers import ProcessInstanceSchema
from api.schemas.journal_answers import JournalAnswer, JournalSchema
from api.schemas.operation_answers import (
    EffectAnswer,
    EffectSchema,
    InstanceAnswer,
    InstanceAnswerSchema,
    InstancePageSchema,
)
from api.schemas.operation_requests import (
    AdHocActivationSchema,
    InstanceListSchema,
    ModificationSchema,
    ReasonSchema,
    SetVariablesSchema,
    StartSchema,
)
from api.services import current
from engine.batches import InstanceFilter
from engine.commands.ad_hoc import ActivateAdHocElements
from engine.commands.migrations import RevertMigration
from engine.commands.operations import (
    Activate,
    ModifyProcessInstance,
    PreviewModification,
    ResumeProcessInstance,
    ScopeVariables,
    SuspendProcessInstance,
)
from engine.commands.process_instances import CancelProcessInstance, SetVariables, StartByHand, StartProcessInstance
from engine.core.repairs import AdHocActivity
from engine.model import ROOT_SCOPE, ProcessInstance
from engine.operation_queries import InstancePage
from web.authentication import current_actor
from web.i18n import in_reader_language
from workflows.organisation.rights import Right


@api.get("/process-instances")
@operation(
    Operation(
        summary="Process instances of the regions you operate, newest first",
        right=Right.OPERATE,
        query=InstanceListSchema,
        answer=InstancePageSchema,
    )
)
def list_process_instances(query: dict[str, Any]) -> InstancePage:
    """List instances."""
    page = {name: query.pop(name) for name in ("offset", "limit")}
    wanted = InstanceFilter(source=query.pop("definition_id"), **query)
    return current().operations.instances(wanted, current_actor(), **page)


@api.post("/process-instances")
@operation(
    Operation(
        summary="Start a process: the newest version unless another is named, at its start event or the one named. "
        "The same Idempotency-Key starts one",
        right=Right.ADMINISTER,
        body=StartSchema,
        answer=ProcessInstanceSchema,
        status=HTTPStatus.CREATED,
        headers=(IDEMPOTENCY_KEY,),
    )
)
def start_process_instance(body: dict[str, Any]) -> Created:
    """Start an instance; without a region it belongs to the whole county."""
    start = StartProcessInstance(**{**body, "region": body["region"] or current().engine.host.region})
    started = current().engine.execute(StartByHand(start=start, submission_key=submission_key()), actor=current_actor())
    return Created(value=started, location=url_for("api.get_process_instance", instance_id=started.id))


@api.get("/process-instances/<uuid:instance_id>")
@operation(
    Operation(
        summary="One instance: where it stands, what waits, what is stuck, its variables and history",
        right=Right.OPERATE,
        answer=InstanceAnswerSchema,
    )
)
def get_process_instance(instance_id: UUID) -> InstanceAnswer:
    """Show an instance."""
    found = InstanceAnswer.of(current().operations.instance(instance_id, current_actor()))
    return replace(found, incidents=[replace(one, reason=in_reader_language(one.reason)) for one in found.incidents])


@api.get("/process-instances/<uuid:instance_id>/journal")
@operation(
    Operation(
        summary="What every run of an instance did, in order: elements entered and left, variables set, and by whom",
        right=Right.OPERATE,
        answer=JournalSchema,
    )
)
def get_journal(instance_id: UUID) -> JournalAnswer:
    """Show the journal."""
    return JournalAnswer.of(current().operations.journal(instance_id, current_actor()))


@api.post("/process-instances/<uuid:instance_id>/modification/preview")
@operation(
    Operation(
        summary="What a modification would end, begin and lose; nothing of it is kept",
        right=Right.OPERATE,
        body=ModificationSchema,
        answer=EffectSchema,
    )
)
def preview_modification(instance_id: UUID, body: dict[str, Any]) -> EffectAnswer:
    """Try a modification."""
    command = PreviewModification(modification=modification(instance_id, body))
    return EffectAnswer.of(current().engine.execute(command, actor=current_actor()))


@api.post("/process-instances/<uuid:instance_id>/modification")
@operation(
    Operation(
        summary="Begin and end elements and set variables by hand",
        right=Right.OPERATE,
        body=ModificationSchema,
        answer=EffectSchema,
    )
)
def modify_process_instance(instance_id: UUID, body: dict[str, Any]) -> EffectAnswer:
    """Modify an instance."""
    command = modification(instance_id, body)
    return EffectAnswer.of(current().engine.execute(command, actor=current_actor()))


WITH_REASON = (
    (
        "suspension",
        "suspend_process_instance",
        SuspendProcessInstance,
        "Let an instance rest: nothing of it goes on until it is resumed",
    ),
    (
        "resumption",
        "resume_process_instance",
        ResumeProcessInstance,
        "Let a suspended instance go on; what fell due meanwhile happens now, once, oldest first",
    ),
    ("cancellation", "cancel_process_instance", CancelProcessInstance, "End an instance with all its open work"),
)
"""What is done to a whole instance and asks for a reason alone: place, name of the route, command, summary."""


def _declare(
    place: str,
    name: str,
    command: type[SuspendProcessInstance | ResumeProcessInstance | CancelProcessInstance],
    summary: str,
) -> None:
    def do(instance_id: UUID, body: dict[str, Any]) -> ProcessInstance:
        return current().engine.execute(command(process_instance_id=instance_id, **body), actor=current_actor())

    declared = Operation(summary=summary, right=Right.OPERATE, body=ReasonSchema, answer=ProcessInstanceSchema)
    api.post(f"/process-instances/<uuid:instance_id>/{place}", endpoint=name)(operation(declared)(do))


for _each in WITH_REASON:
    _declare(*_each)


@api.post("/process-instances/<uuid:instance_id>/ad-hoc-activation")
@operation(
    Operation(
        summary="Begin elements in an ad-hoc sub-process that runs, after ending what runs in it when that is asked",
        right=Right.OPERATE,
        body=AdHocActivationSchema,
        answer=EffectSchema,
    )
)
def activate_ad_hoc_elements(instance_id: UUID, body: dict[str, Any]) -> EffectAnswer:
    """Begin elements."""
    chosen = tuple(AdHocActivity(element=one["element_id"], variables=one["variables"]) for one in body.pop("elements"))
    command = ActivateAdHocElements(process_instance_id=instance_id, elements=chosen, **body)
    return EffectAnswer.of(current().engine.execute(command, actor=current_actor()))


@api.post("/process-instances/<uuid:instance_id>/variables")
@operation(
    Operation(
        summary="Set variables of a scope, or of the whole instance",
        right=Right.OPERATE,
        body=SetVariablesSchema,
        answer=ProcessInstanceSchema,
    )
)
def set_instance_variables(instance_id: UUID, body: dict[str, Any]) -> ProcessInstance:
    """Set variables."""
    scope = body.pop("scope_key") or ROOT_SCOPE
    command = SetVariables(process_instance_id=instance_id, scope_key=scope, **body)
    return current().engine.execute(command, actor=current_actor())


@api.post("/process-instances/<uuid:instance_id>/migration/reversal")
@operation(
    Operation(
        summary="Let an instance stand again as before its newest migration, if nothing has happened since",
        right=Right.ADMINISTER,
        body=ReasonSchema,
        answer=EffectSchema,
    )
)
def revert_instance_migration(instance_id: UUID, body: dict[str, Any]) -> EffectAnswer:
    """Undo a migration."""
    command = RevertMigration(process_instance_id=instance_id, **body)
    return EffectAnswer.of(current().engine.execute(command, actor=current_actor()))


def modification(instance_id: UUID, body: dict[str, Any]) -> ModifyProcessInstance:
    """Return the modification a body asks for."""
    return ModifyProcessInstance(
        process_instance_id=instance_id,
        reason=body["reason"],
        activate=tuple(Activate(**one) for one in body["activate"]),
        cancel_keys=tuple(body["cancel_keys"]),
        cancel_elements=tuple(body["cancel_elements"]),
        variables=tuple(ScopeVariables(**one) for one in body["variables"]),
        expected_version=body["expected_version"],
    )
