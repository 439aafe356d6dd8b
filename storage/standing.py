"""Where the instances of a version of a process stand, and which versions instances run by."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import CompoundSelect, and_, func, literal, select, union, union_all

from engine.batches import BatchKind, roles_for
from engine.model import Actor, InstanceState, TaskState
from storage.instance_filter import in_regions_of, tokens_waiting
from storage.tables.engine import activity_instance as activities
from storage.tables.engine import definition as definitions
from storage.tables.engine import process_instance as instances
from storage.tables.engine import user_task as tasks

GOING_ON = (InstanceState.ACTIVE, InstanceState.SUSPENDED)


def standing(definition_id: UUID, actor: Actor) -> CompoundSelect[Any]:
    """Return by element how many instances stand there and how many open tasks of it they have; joins beside them."""
    of_element = and_(tasks.c.process_instance_id == activities.c.process_instance_id, tasks.c.key == activities.c.key)
    living = (
        select(
            activities.c.element_id,
            func.count(activities.c.process_instance_id.distinct()).label("instances"),
            func.count(tasks.c.key).label("tasks"),
        )
        .join(instances, instances.c.id == activities.c.process_instance_id)
        .outerjoin(tasks, and_(of_element, tasks.c.state == TaskState.OPEN))
        .where(activities.c.definition_id == definition_id, activities.c.left_at.is_(None), *_movable(actor))
        .group_by(activities.c.element_id)
    )
    tokens = tokens_waiting(definition_id, None).subquery("tokens")
    at_joins = (
        select(tokens.c.element_id, func.count(tokens.c.id.distinct()), literal(0))
        .join(instances, instances.c.id == tokens.c.id)
        .where(*_movable(actor))
        .group_by(tokens.c.element_id)
    )
    return union_all(living, at_joins)


def runs_by(process_id: str | None) -> CompoundSelect[Any]:
    """Return each running instance with each version it runs by: its own, and those of the processes it called."""
    meant = select(definitions.c.id).where(definitions.c.kind == "process")
    if process_id is not None:
        meant = meant.where(definitions.c.key == process_id)
    own = select(instances.c.definition_id, instances.c.id.label("instance_id")).where(
        instances.c.ended_at.is_(None), instances.c.definition_id.in_(meant)
    )
    called = select(activities.c.definition_id, activities.c.process_instance_id).where(
        activities.c.left_at.is_(None), activities.c.tag == "process", activities.c.definition_id.in_(meant)
    )
    return union(own, called)


def _movable(actor: Actor) -> tuple[Any, ...]:
    return in_regions_of(actor, roles_for(BatchKind.MIGRATE)), instances.c.state.in_(GOING_ON)
