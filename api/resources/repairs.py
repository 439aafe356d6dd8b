"""Looking through one instance, and repairing it step by step."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from api.operations import Operation, operation
from api.resources.asking import done
from api.resources.blueprint import api
from api.resources.process_instances import modification
from api.schemas.repairs import InstanceXraySchema, RepairAnswer, RepairAnswerSchema, RepairSchema
from engine.commands.incidents import ResolveIncident
from engine.commands.repairs import (
    PreviewRepair,
    RepairKind,
    RepairProcessInstance,
    RepairStep,
    step_on_the_whole,
)
from web.authentication import current_actor
from web.xray import examined
from workflows.casework.flow.xray import InstanceXray
from workflows.organisation.rights import Right


@api.get("/process-instances/<uuid:instance_id>/x-ray")
@operation(
    Operation(
        summary="One instance looked through: passages, tokens with their days and norms, called processes, variables",
        right=Right.OPERATE,
        answer=InstanceXraySchema,
    )
)
def get_instance_xray(instance_id: UUID) -> InstanceXray:
    """Look through an instance."""
    return examined(instance_id, current_actor()).xray


@api.post("/process-instances/<uuid:instance_id>/repairs/preview")
@operation(
    Operation(
        summary="What a repair would do, in words and by element; nothing of it is kept",
        right=Right.OPERATE,
        body=RepairSchema,
        answer=RepairAnswerSchema,
    )
)
def preview_repair(instance_id: UUID, body: dict[str, Any]) -> RepairAnswer:
    """Try a repair."""
    return RepairAnswer.of(done(PreviewRepair(repair=_repair(instance_id, body))))


@api.post("/process-instances/<uuid:instance_id>/repairs")
@operation(
    Operation(
        summary="Modify, retry, suspend, resume or cancel an instance, unless it changed since it was looked at",
        right=Right.OPERATE,
        body=RepairSchema,
        answer=RepairAnswerSchema,
    )
)
def repair_process_instance(instance_id: UUID, body: dict[str, Any]) -> RepairAnswer:
    """Repair an instance."""
    return RepairAnswer.of(done(_repair(instance_id, body)))


def _repair(instance_id: UUID, body: dict[str, Any]) -> RepairProcessInstance:
    return RepairProcessInstance(
        process_instance_id=instance_id, expected_version=body["expected_version"], step=_step(instance_id, body)
    )


def _step(instance_id: UUID, body: dict[str, Any]) -> RepairStep:
    if body["kind"] is RepairKind.RETRY:
        return ResolveIncident(incident_id=body["incident_id"], reason=body["reason"])
    if body["kind"] is RepairKind.MODIFY:
        return modification(instance_id, body)
    return step_on_the_whole(body["kind"], process_instance_id=instance_id, reason=body["reason"])
