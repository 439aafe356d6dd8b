"""What may be searched on PostgreSQL: the fields of each subject, the rows behind them, and who sees which."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, case, exists, false, func, literal, or_, select

from engine.batches import OPERATORS, ItemState
from engine.model import ROOT_SCOPE, Actor, TaskState
from engine.searching import Scalar, Subject
from storage.instance_filter import in_regions_of
from storage.tables.engine import activity_instance as activities
from storage.tables.engine import definition as definitions
from storage.tables.engine import deployment_definition as together
from storage.tables.engine import event_subscription as subscriptions
from storage.tables.engine import incident as incidents
from storage.tables.engine import job as jobs
from storage.tables.engine import process_instance as instances
from storage.tables.engine import user_task as tasks
from storage.tables.operations import batch_item as batch_items
from storage.tables.operations import batch_operation as batches
from storage.work_lists import IS_OPEN, Shape, is_offered_to, is_visible, values_of

Columns = Mapping[str, ColumnElement[Any]]
Equals = Callable[[Scalar], ColumnElement[bool]]
_forms = definitions.alias("forms")
_newer = definitions.alias("newer")
_stuck = incidents.alias("stuck_at")
_counted = batch_items.alias("counted")


def _nobodys_values(_actor: Actor) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchedRows:
    """A subject: where its rows are, what they are called, what tells them apart, and the condition of sight.

    `by_index` says of some fields that they have a value in the words of an index, which would not be used otherwise;
    of those that are not shown as well.
    """

    rows: FromClause
    fields: Columns
    identity: tuple[str, ...]
    sight: Callable[[Actor, str], ColumnElement[bool]]  # of the actor, in an installation responsible for a region
    values: Callable[[Actor], Mapping[str, Any]] = field(default=_nobodys_values)  # of the parameters of sight
    by_index: Mapping[str, Equals] = field(default_factory=dict)


def _operated(actor: Actor, _region: str) -> ColumnElement[bool]:
    return in_regions_of(actor, OPERATORS)


def sees_batch(actor: Actor, region: str) -> ColumnElement[bool]:
    """Return the condition that an actor made a batch, or oversees all of them as an operator of everything."""
    oversees = actor.system or any(actor.has_role(role, region) for role in OPERATORS)
    return or_(literal(oversees), batches.c.created_by == actor.id)


def _items_of_batch(*states: str) -> ColumnElement[int]:
    counted = select(func.count()).where(_counted.c.batch_id == batches.c.id)
    return (counted.where(_counted.c.state.in_(states)) if states else counted).scalar_subquery()


def _of_kind(kind: str) -> Callable[[Actor, str], ColumnElement[bool]]:
    return lambda _actor, _region: definitions.c.kind == kind


def _is_deployed_in(deployment_id: Scalar) -> ColumnElement[bool]:
    """Return the condition that a version was part of a deployment, also of one that found it unchanged."""
    return exists().where(together.c.definition_id == definitions.c.id, together.c.deployment_id == deployment_id)


def _is_latest() -> ColumnElement[bool]:
    same = and_(_newer.c.kind == definitions.c.kind, _newer.c.key == definitions.c.key)
    return ~exists().where(same, _newer.c.version > definitions.c.version)


def _open_incident_at(instance: ColumnElement[Any], key: ColumnElement[Any]) -> ColumnElement[bool]:
    return exists().where(_stuck.c.process_instance_id == instance, _stuck.c.key == key, _stuck.c.resolved_at.is_(None))


def _open_incident_in(instance: ColumnElement[Any]) -> ColumnElement[bool]:
    return exists().where(_stuck.c.process_instance_id == instance, _stuck.c.resolved_at.is_(None))


_DEFINITION: Columns = {
    "id": definitions.c.id,
    "key": definitions.c.key,
    "name": definitions.c.name,
    "version": definitions.c.version,
    "version_tag": definitions.c.version_tag,
    "resource_name": definitions.c.resource_name,
    "deployment_id": definitions.c.deployment_id,
    "checksum": definitions.c.checksum,
    "is_latest": _is_latest(),
}
_DRAWN_IN: Columns = {
    "definition_id": definitions.c.id,
    "process_id": definitions.c.key,
    "process_name": definitions.c.name,
    "process_version": definitions.c.version,
    "process_version_tag": definitions.c.version_tag,
}
_IN_INSTANCE = {"region": instances.c.region, "business_key": instances.c.business_key}


def _definitions_of(kind: str) -> SearchedRows:
    return SearchedRows(
        rows=definitions,
        fields=_DEFINITION,
        identity=("id",),
        sight=_of_kind(kind),
        by_index={"deployed_in": _is_deployed_in},
    )


def _in_instances(table: Any, *, drawn_in: ColumnElement[Any]) -> FromClause:
    with_instance = table.join(instances, instances.c.id == table.c.process_instance_id)
    return with_instance.join(definitions, definitions.c.id == drawn_in)  # type: ignore[no-any-return]  # a table's own


def _task_state() -> ColumnElement[Any]:
    in_transition = and_(tasks.c.state == "open", tasks.c.transition.is_not(None))
    return case((in_transition, tasks.c.transition), else_=tasks.c.state)


def _task_is(state: Scalar) -> ColumnElement[bool]:
    if state == TaskState.OPEN:
        return and_(IS_OPEN, tasks.c.transition.is_(None))
    return or_(and_(tasks.c.state == state, ~IS_OPEN), and_(IS_OPEN, tasks.c.transition == state))


def _element_is(state: Scalar) -> ColumnElement[bool]:
    if state == "active":
        return and_(activities.c.left_at.is_(None), activities.c.outcome.is_(None))
    return activities.c.outcome == state


def _incident_is(state: Scalar) -> ColumnElement[bool]:
    return {"active": incidents.c.resolved_at.is_(None), "resolved": incidents.c.resolved_at.is_not(None)}.get(
        str(state), false()
    )


def _form_of_task() -> ColumnElement[Any]:
    newest = (
        select(_forms.c.id)
        .where(_forms.c.kind == "form", _forms.c.key == tasks.c.form_id)
        .order_by(_forms.c.version.desc())
        .limit(1)
        .scalar_subquery()
    )
    return case((tasks.c.form_id.is_(None), None), else_=func.coalesce(tasks.c.form_definition_id, newest))


SUBJECTS: Mapping[Subject, SearchedRows] = {
    Subject.PROCESS_DEFINITIONS: _definitions_of("process"),
    Subject.DECISION_DEFINITIONS: _definitions_of("decision"),
    Subject.FORMS: _definitions_of("form"),
    Subject.PROCESS_INSTANCES: SearchedRows(
        rows=instances.join(definitions, definitions.c.id == instances.c.definition_id),
        fields={
            "id": instances.c.id,
            **_DRAWN_IN,
            **_IN_INSTANCE,
            "state": instances.c.state,
            "started_at": instances.c.started_at,
            "ended_at": instances.c.ended_at,
            "has_incident": _open_incident_in(instances.c.id),
        },
        identity=("id",),
        sight=_operated,
    ),
    Subject.ELEMENT_INSTANCES: SearchedRows(
        rows=_in_instances(activities, drawn_in=activities.c.definition_id),
        fields={
            "process_instance_id": activities.c.process_instance_id,
            "key": activities.c.key,
            "scope_key": activities.c.scope_key,
            **_DRAWN_IN,
            "region": instances.c.region,
            "element_id": activities.c.element_id,
            "element_name": activities.c.name,
            "tag": activities.c.tag,
            "entered_at": activities.c.entered_at,
            "left_at": activities.c.left_at,
            "state": func.coalesce(activities.c.outcome, case((activities.c.left_at.is_(None), "active"))),
            "has_incident": _open_incident_at(activities.c.process_instance_id, activities.c.key),
        },
        identity=("process_instance_id", "key"),
        sight=_operated,
        by_index={"state": _element_is},
    ),
    Subject.USER_TASKS: SearchedRows(
        rows=tasks.join(definitions, definitions.c.id == tasks.c.definition_id),
        fields={
            "id": tasks.c.id,
            "process_instance_id": tasks.c.process_instance_id,
            "key": tasks.c.key,
            **_DRAWN_IN,
            "element_id": tasks.c.element_id,
            "name": tasks.c.name,
            "region": tasks.c.region,
            "business_key": tasks.c.business_key,
            "assignee": tasks.c.assignee,
            "candidate_groups": tasks.c.candidate_groups,
            "candidate_users": tasks.c.candidate_users,
            "state": _task_state(),
            "priority": tasks.c.priority,
            "due_at": tasks.c.due_at,
            "follow_up_at": tasks.c.follow_up_at,
            "created_at": tasks.c.created_at,
            "completed_at": tasks.c.completed_at,
            "form_id": _form_of_task(),
            "headers": tasks.c.headers,
        },
        identity=("id",),
        sight=lambda actor, _region: is_visible(Shape.of(actor)),
        values=values_of,
        by_index={"state": _task_is, "candidate_groups": lambda group: is_offered_to([str(group)])},
    ),
    Subject.JOBS: SearchedRows(
        rows=_in_instances(jobs, drawn_in=jobs.c.definition_id),
        fields={
            "id": jobs.c.id,
            "process_instance_id": jobs.c.process_instance_id,
            "key": jobs.c.key,
            **_DRAWN_IN,
            "region": instances.c.region,
            "element_id": jobs.c.element_id,
            "type": jobs.c.type,
            "kind": jobs.c.kind,
            "event": jobs.c.event,
            "retries": jobs.c.retries,
            "worker": func.coalesce(jobs.c.locked_by, ""),
            "locked_until": jobs.c.locked_until,
            "lease_id": jobs.c.lease_id,
            "last_error": jobs.c.last_error,
            "failures": jobs.c.failures,
            "state": case((jobs.c.failures > 0, "failed"), else_="created"),
            "headers": jobs.c.headers,
            "created_at": jobs.c.created_at,
        },
        identity=("id",),
        sight=_operated,
    ),
    Subject.INCIDENTS: SearchedRows(
        rows=_in_instances(incidents, drawn_in=incidents.c.definition_id),
        fields={
            "id": incidents.c.id,
            "process_instance_id": incidents.c.process_instance_id,
            "key": incidents.c.key,
            **_DRAWN_IN,
            "region": instances.c.region,
            "element_id": incidents.c.element_id,
            "kind": incidents.c.kind,
            "reason": incidents.c.reason,
            "raised_at": incidents.c.raised_at,
            "resolved_at": incidents.c.resolved_at,
            "state": case((incidents.c.resolved_at.is_(None), "active"), else_="resolved"),
        },
        identity=("id",),
        sight=_operated,
        by_index={"state": _incident_is},
    ),
    Subject.MESSAGE_SUBSCRIPTIONS: SearchedRows(
        rows=_in_instances(
            subscriptions, drawn_in=func.coalesce(subscriptions.c.definition_id, instances.c.definition_id)
        ),
        fields={
            "process_instance_id": subscriptions.c.process_instance_id,
            "key": subscriptions.c.subscription_key,
            **_DRAWN_IN,
            "region": instances.c.region,
            "element_id": subscriptions.c.element_id,
            "name": subscriptions.c.name,
            "correlation_key": subscriptions.c.correlation_key,
            "opened_at": subscriptions.c.opened_at,
        },
        identity=("process_instance_id", "key"),
        sight=lambda actor, region: and_(_operated(actor, region), subscriptions.c.kind == "message"),
    ),
    Subject.BATCH_OPERATIONS: SearchedRows(
        rows=batches,
        fields={
            "id": batches.c.id,
            "kind": batches.c.kind,
            "state": batches.c.state,
            "created_by": batches.c.created_by,
            "created_at": batches.c.created_at,
            "ended_at": batches.c.ended_at,
            "items": _items_of_batch(),
            "done": _items_of_batch(ItemState.DONE),
            "failed": _items_of_batch(ItemState.FAILED, ItemState.NOT_TRIED),
        },
        identity=("id",),
        sight=sees_batch,
    ),
    Subject.BATCH_ITEMS: SearchedRows(
        rows=batch_items.join(batches, batches.c.id == batch_items.c.batch_id).outerjoin(
            incidents, incidents.c.id == batch_items.c.subject_id
        ),
        fields={
            "batch_id": batch_items.c.batch_id,
            "number": batch_items.c.number,
            "kind": batches.c.kind,
            "process_instance_id": batch_items.c.process_instance_id,
            "subject_key": func.coalesce(incidents.c.key, ROOT_SCOPE),  # of the incident, else of the whole instance
            "state": batch_items.c.state,
            "message_zh": batch_items.c.message_zh,
            "message_en": batch_items.c.message_en,
            "done_at": batch_items.c.done_at,
        },
        identity=("batch_id", "number"),
        sight=sees_batch,
    ),
}
