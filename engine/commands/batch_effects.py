"""What each kind of batch does to one item, and how that is told."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from engine.batches import BatchItem, BatchKind, BatchOperation, ItemState, Told
from engine.commands.batch_parameters import (
    choice_at,
    id_at,
    list_at,
    nothing_asked,
    object_at,
    only,
    text_at,
    whole_at,
)
from engine.commands.incidents import MAX_RETRIES, ResolutionOutcome, ResolveIncident, SetJobRetries
from engine.commands.migrations import UNNAMED, MigrateProcessInstance, MigrationPlan, RevertMigration, check_plan
from engine.commands.operations import (
    Activate,
    ModifyProcessInstance,
    Move,
    ResumeProcessInstance,
    ScopeVariables,
    SuspendProcessInstance,
)
from engine.commands.process_instances import CancelProcessInstance
from engine.core.texts import said
from engine.errors import ConcurrentChange, EngineError, NotFound, NotPermitted
from engine.execution import operable_instance
from engine.failures import told
from engine.host import Context, Work
from engine.json_values import JsonObject
from engine.model import Actor
from engine.open_elements import open_elements
from engine.operation_errors import (
    IncidentResolved,
    InstanceEnded,
    InstanceNotSuspended,
    InstanceSuspended,
    MigrationRefused,
    ModificationRefused,
    RevertOutOfReach,
    RevertRefused,
)
from engine.supplied_variables import checked_variables

log = logging.getLogger(__name__)

_NOTHING_TO_DO = (
    IncidentResolved,
    InstanceEnded,
    NotFound,
    NotPermitted,
    InstanceSuspended,
    InstanceNotSuspended,
    MigrationRefused,
    ModificationRefused,
    RevertRefused,
)


def attempted(context: Context[Work], batch: BatchOperation, item: BatchItem) -> Told:
    """Do one item with the posts its maker has now; a failure undoes its writes and becomes its message.

    Raises:
        ConcurrentChange, ConnectionError: it is tried again later, as if it had not been.
    """
    try:
        with context.savepoint():
            return _EFFECTS[batch.kind](replace(context, actor=_doer(context, batch)), batch, item)
    except (ConcurrentChange, ConnectionError):
        raise
    except EngineError as error:
        zone = ZoneInfo(context.host.time_zone)
        state = ItemState.NOT_TRIED if isinstance(error, _NOTHING_TO_DO) else ItemState.FAILED
        return Told(state=state, zh=error.text("zh", zone), en=error.text("en", zone))
    except Exception as error:  # noqa: BLE001  one bad instance must not stop the others
        reason = told(error, log, batch=str(batch.id), instance=str(item.process_instance_id))
        return Told(state=ItemState.FAILED, zh=f"系统错误：{reason}", en=f"Something went wrong: {reason}")


def _doer(context: Context[Work], batch: BatchOperation) -> Actor:
    """Return in whose name and with whose present posts a batch is done."""
    maker = batch.actor
    present = None if maker.system else context.unit_of_work.posts.held_by(maker.id)
    return maker if present is None else replace(maker, memberships=present)


def check_parameters(context: Context[Work], kind: BatchKind, parameters: JsonObject) -> None:
    """Refuse parameters that no item could be done with.

    Raises:
        BatchParametersInvalid: something is missing, or not of its kind.
        NotFound, MigrationRefused: of the plan of a migration.
    """
    _CHECKS.get(kind, _no_parameters)(context, parameters)


def plan_of(parameters: JsonObject) -> MigrationPlan:
    """Return the plan of a migration from the parameters of its batch."""
    mapping = object_at(parameters.get("mapping"), "mapping")
    return MigrationPlan(
        source=id_at(parameters.get("source"), "source"),
        target=id_at(parameters.get("target"), "target"),
        mapping={old: text_at(new, f"mapping.{old[:80]}") for old, new in mapping.items()},
        unnamed=choice_at(parameters.get("unnamed", "kept"), "unnamed", UNNAMED),
    )


def _retry(context: Context[Work], batch: BatchOperation, item: BatchItem) -> Told:
    result = ResolveIncident(incident_id=_subject(item), reason=batch.reason).execute(context)
    if result.outcome is ResolutionOutcome.FAILED:
        reason = result.reason or ""
        return Told(
            state=ItemState.FAILED, zh=f"再次失败：{said(reason, 'zh')}", en=f"failed again: {said(reason, 'en')}"
        )
    if result.outcome is ResolutionOutcome.STARTED:
        return Told(state=ItemState.DONE, zh="作业已重新派出", en="the job is handed out again")
    if result.outcome is ResolutionOutcome.NOT_TRIED:
        return Told(state=ItemState.DONE, zh="尚未尝试，定时器已重新设定", en="not tried yet, the timer is set again")
    return Told(state=ItemState.DONE, zh="已修复", en="fixed")


def _cancel(context: Context[Work], batch: BatchOperation, item: BatchItem) -> Told:
    CancelProcessInstance(process_instance_id=item.process_instance_id, reason=batch.reason).execute(context)
    return Told(state=ItemState.DONE, zh="已终止", en="cancelled")


def _suspend(context: Context[Work], batch: BatchOperation, item: BatchItem) -> Told:
    SuspendProcessInstance(process_instance_id=item.process_instance_id, reason=batch.reason).execute(context)
    return Told(state=ItemState.DONE, zh="已挂起", en="suspended")


def _resume(context: Context[Work], batch: BatchOperation, item: BatchItem) -> Told:
    ResumeProcessInstance(process_instance_id=item.process_instance_id, reason=batch.reason).execute(context)
    return Told(state=ItemState.DONE, zh="已恢复", en="resumed")


def _modify(context: Context[Work], batch: BatchOperation, item: BatchItem) -> Told:
    command = _modification(context, batch.parameters, item.process_instance_id, batch.reason)
    effect = command.execute(context)
    return Told(state=ItemState.DONE, zh=effect.text_zh, en=effect.text_en)


def _set_retries(context: Context[Work], batch: BatchOperation, item: BatchItem) -> Told:
    retries, element_id = _retries(batch.parameters), batch.parameters.get("element_id")
    instance = operable_instance(context, item.process_instance_id)
    ids = [
        instance.row_id(one.key)
        for one in open_elements(context, instance)
        if element_id is None or one.element_id == element_id
    ]
    jobs = [id_ for id_ in ids if context.unit_of_work.jobs.get(id_) is not None]
    for job_id in jobs:
        SetJobRetries(job_id=job_id, retries=retries, reason=batch.reason).execute(context)
    if not jobs:
        return Told(state=ItemState.NOT_TRIED, zh="没有待办作业", en="no job is open")
    return Told(state=ItemState.DONE, zh=f"已设置 {len(jobs)} 个作业", en=f"jobs set: {len(jobs)}")


def _migrate(context: Context[Work], batch: BatchOperation, item: BatchItem) -> Told:
    command = MigrateProcessInstance(
        process_instance_id=item.process_instance_id,
        plan=plan_of(batch.parameters),
        reason=batch.reason,
        batch_id=batch.id,
    )
    effect = command.execute(context)
    zh = ["已迁移", effect.waits_zh, effect.text_zh if effect.incidents else ""]
    en = ["moved", effect.waits_en, effect.text_en if effect.incidents else ""]
    return Told(state=ItemState.DONE, zh="；".join(filter(None, zh)), en="; ".join(filter(None, en)))


def _revert(context: Context[Work], batch: BatchOperation, item: BatchItem) -> Told:
    RevertMigration(
        process_instance_id=item.process_instance_id,
        reason=batch.reason,
        batch_id=UUID(str(batch.parameters["batch_id"])),
    ).execute(context)
    return Told(state=ItemState.DONE, zh="已恢复到迁移之前", en="stands again as before")


_EFFECTS: Mapping[BatchKind, Callable[[Context[Any], BatchOperation, BatchItem], Told]] = {
    BatchKind.RETRY_INCIDENTS: _retry,
    BatchKind.CANCEL: _cancel,
    BatchKind.SUSPEND: _suspend,
    BatchKind.RESUME: _resume,
    BatchKind.MODIFY: _modify,
    BatchKind.SET_RETRIES: _set_retries,
    BatchKind.MIGRATE: _migrate,
    BatchKind.REVERT_MIGRATION: _revert,
}


def _modification(
    context: Context[Any], parameters: JsonObject, instance_id: UUID, reason: str
) -> ModifyProcessInstance:
    variables = object_at(parameters.get("variables"), "variables")
    ending = list_at(parameters.get("cancel_elements"), "cancel_elements")
    return ModifyProcessInstance(
        process_instance_id=instance_id,
        reason=reason,
        activate=tuple(
            _activation(context, one, f"activate[{place}]")
            for place, one in enumerate(list_at(parameters.get("activate"), "activate"))
        ),
        cancel_elements=tuple(text_at(one, f"cancel_elements[{place}]") for place, one in enumerate(ending)),
        moves=tuple(_move(one, f"move[{place}]") for place, one in enumerate(list_at(parameters.get("move"), "move"))),
        variables=(ScopeVariables(variables=checked_variables(context, variables)),) if variables else (),
    )


def _move(value: object, path: str) -> Move:
    asked = object_at(value, path)
    element_id, target = (text_at(asked.get(name), f"{path}.{name}") for name in ("element_id", "target"))
    return Move(element_id=element_id, target=target, is_around=True)


def _activation(context: Context[Any], value: object, path: str) -> Activate:
    asked = object_at(value, path)
    variables = object_at(asked.get("variables"), f"{path}.variables")
    return Activate(
        element_id=text_at(asked.get("element_id"), f"{path}.element_id"),
        variables=checked_variables(context, variables),
    )


def _check_modification(context: Context[Any], parameters: JsonObject) -> None:
    only(parameters, "activate", "cancel_elements", "move", "variables")
    command = _modification(context, parameters, UUID(int=0), "-")
    if not (command.activate or command.cancel_elements or command.moves or command.variables):
        raise nothing_asked()


def _check_migration(context: Context[Any], parameters: JsonObject) -> None:
    only(parameters, "source", "target", "mapping", "unnamed")
    check_plan(context, plan_of(parameters))


def _check_retries(_context: Context[Any], parameters: JsonObject) -> None:
    only(parameters, "retries", "element_id")
    if parameters.get("element_id") is not None:
        text_at(parameters["element_id"], "element_id")
    _retries(parameters)


def _check_revert(context: Context[Any], parameters: JsonObject) -> None:
    only(parameters, "batch_id")
    undone = context.unit_of_work.batches.get(id_at(parameters.get("batch_id"), "batch_id"))
    if undone is None or undone.kind is not BatchKind.MIGRATE:
        raise NotFound("migration", parameters["batch_id"])
    batches = context.unit_of_work.batches
    total = batches.count_done(undone.id)
    outside = total - len(batches.select_done(undone.id, context.actor))
    if outside:
        raise RevertOutOfReach(outside=outside, total=total)


def _no_parameters(_context: Context[Any], parameters: JsonObject) -> None:
    only(parameters)


_CHECKS: Mapping[BatchKind, Callable[[Context[Any], JsonObject], None]] = {
    BatchKind.MODIFY: _check_modification,
    BatchKind.MIGRATE: _check_migration,
    BatchKind.SET_RETRIES: _check_retries,
    BatchKind.REVERT_MIGRATION: _check_revert,
}


def _retries(parameters: JsonObject) -> int:
    return whole_at(parameters.get("retries"), "retries", least=1, most=MAX_RETRIES)


def _subject(item: BatchItem) -> UUID:
    if item.subject_id is None:
        raise LookupError(f"item {item.number} of batch {item.batch_id} names no incident")
    return item.subject_id
