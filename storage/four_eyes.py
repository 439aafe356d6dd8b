"""Whom four eyes bar from a task: who did the steps it must be distinct from, as they stand.

A step that was done again, after it had been done, stands as it was done last: two people who take turns at a visit and
at its check go on doing so when the visit is repeated. A step of several instances (multi-instance) stands as all of
them were done. What happened at one and the same moment replaces nothing.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, FromClause, and_, exists, func, not_

from engine.model import TaskState
from storage.tables.engine import activity_instance
from storage.tables.engine import user_task as tasks


def counted_element(task: FromClause) -> ColumnElement[str]:
    """Return the element a task counts as, whatever migrations made of its instance."""
    return func.coalesce(task.c.counts_as, task.c.element_id)


def stands(done: FromClause) -> ColumnElement[bool]:
    """Return the condition that a completed task was not done again later."""
    again = tasks.alias("again")
    return not_(
        exists().where(
            again.c.process_instance_id == done.c.process_instance_id,
            counted_element(again) == counted_element(done),
            again.c.state == TaskState.COMPLETED,
            again.c.created_at > done.c.completed_at,
            not_(_are_of_one_body(done, again)),
        )
    )


def _are_of_one_body(one: FromClause, other: FromClause) -> ColumnElement[bool]:
    """Return the condition that two tasks are instances of one multi-instance activity: they share a body."""
    first, second, body = (activity_instance.alias(name) for name in ("first", "second", "body"))
    return exists().where(
        _is_of(first, one),
        _is_of(second, other),
        first.c.scope_key == second.c.scope_key,
        body.c.process_instance_id == one.c.process_instance_id,
        body.c.key == first.c.scope_key,
        body.c.element_id == first.c.element_id,
    )


def _is_of(activity: FromClause, task: FromClause) -> ColumnElement[bool]:
    return and_(activity.c.process_instance_id == task.c.process_instance_id, activity.c.key == task.c.key)
