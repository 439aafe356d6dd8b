"""Where the instances of a version of a process stand, and which versions instances run by."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import CompoundSelect, Select, and_, func, literal, select, union_all

from engine.batches import BatchKind, roles_for
from engine.model import Actor, InstanceState, TaskState
from storage.four_eyes import counted_element
from storage.instance_filter import in_regions_of, tokens_waiting
from storage.tables.engine import activity_instance as activities
from storage.tables.engine import process_instance as instances
from storage.tables.engine import user_task as tasks

GOING_ON = (InstanceState.ACTIVE, InstanceState.SUSPENDED)


def standing(definition_id: UUID, actor: Actor) -> Select[Any]:
    """Return by element how many instances stand there, and how many open and finished tasks of it they have.

    Joins stand beside the elements that live. Finished tasks are those that count as the element, for four eyes.
    """
    of_element = and_(tasks.c.process_instance_id == activities.c.process_instance_id, tasks.c.key == activities.c.key)
    of_version = and_(activities.c.definition_id == definition_id, activities.c.left_at.is_(None))
    living = (
        select(
            activities.c.element_id,
            func.count(activities.c.process_instance_id.distinct()).label("instances"),
            func.count(tasks.c.key).label("tasks"),
            literal(0).label("finished"),
        )
        .join(instances, instances.c.id == activities.c.process_instance_id)
        .outerjoin(tasks, and_(of_element, tasks.c.state == TaskState.OPEN))
        .where(of_version, *_movable(actor))
        .group_by(activities.c.element_id)
    )
    tokens = tokens_waiting(definition_id, None).subquery("tokens")
    at_joins = (
        select(tokens.c.element_id, func.count(tokens.c.id.distinct()), literal(0), literal(0))
        .join(instances, instances.c.id == tokens.c.id)
        .where(*_movable(actor))
        .group_by(tokens.c.element_id)
    )
    done = (
        select(counted_element(tasks), literal(0), literal(0), func.count())
        .select_from(tasks.join(instances, instances.c.id == tasks.c.process_instance_id))
        .where(
            tasks.c.state == TaskState.COMPLETED,
            func.coalesce(tasks.c.counts_in, tasks.c.definition_id) == definition_id,
            tasks.c.process_instance_id.in_(select(activities.c.process_instance_id).where(of_version)),
            *_movable(actor),
        )
        .group_by(counted_element(tasks))
    )
    found = union_all(living, at_joins, done).subquery()
    sums = [func.sum(found.c[name]).label(name) for name in ("instances", "tasks", "finished")]
    return select(found.c.element_id, *sums).group_by(found.c.element_id)


def runs_by(ids: Select[Any]) -> CompoundSelect[Any]:
    """Return each running instance with each version of these it runs by: its own, and those of what it called."""
    own = select(instances.c.definition_id, instances.c.id.label("instance_id")).where(
        instances.c.ended_at.is_(None), instances.c.definition_id.in_(ids)
    )
    called = (
        select(activities.c.definition_id, activities.c.process_instance_id)
        .distinct()  # the same process may be called twice
        .join(instances, instances.c.id == activities.c.process_instance_id)
        .where(
            instances.c.ended_at.is_(None),
            instances.c.definition_id != activities.c.definition_id,
            activities.c.left_at.is_(None),
            activities.c.tag == "process",
            activities.c.definition_id.in_(ids),
        )
    )
    return union_all(own, called)


def _movable(actor: Actor) -> tuple[Any, ...]:
    return in_regions_of(actor, roles_for(BatchKind.MIGRATE)), instances.c.state.in_(GOING_ON)
