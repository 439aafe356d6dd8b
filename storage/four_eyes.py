"""Whom four eyes bar from a task: who did the steps it must be distinct from, as they stand.

A step that was done again, after it had been done, stands as it was done last: two people who take turns at a visit and
at its check go on doing so when the visit is repeated. It is repeated in the same place of the same course of things:
what another instance of a multi-instance activity does, or another call of the same process beside it, is no
repetition, and of several instances of a step everybody who did one is barred. What happened at one and the same moment
replaces nothing.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, exists, func, not_, select

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
            _repeats(done, again),
        )
    )


def _repeats(done: FromClause, again: FromClause) -> ColumnElement[bool]:
    """Return the condition that the course of one task was over before that of the other began, in the same place.

    Both are followed outwards, call by call and scope by scope, to the scope they have in common.
    """
    course = _courses(done, again).cte("course", recursive=True, nesting=True)
    first, second = (activity_instance.alias(name) for name in ("first_scope", "second_scope"))
    outwards = (
        select(*_ends(first, second))
        .join_from(course, first, _is_at(first, done, course.c.first_scope))
        .join(second, _is_at(second, done, course.c.second_scope))
        .where(course.c.first_scope != course.c.second_scope)
        .correlate(done)
    )
    course = course.union_all(outwards)
    common = activity_instance.alias("common")
    return (
        select(course.c.first_scope)
        .outerjoin_from(course, common, _is_at(common, done, course.c.first_scope))
        .where(
            course.c.first_scope == course.c.second_scope,
            course.c.first_element == course.c.second_element,
            course.c.first_left < course.c.second_entered,
            common.c.element_id.is_distinct_from(course.c.first_element),  # else it is their multi-instance body
        )
        .correlate(done)
        .exists()
    )


def _courses(done: FromClause, again: FromClause) -> Select[*tuple[Any, ...]]:
    first, second = (activity_instance.alias(name) for name in ("first", "second"))
    return (
        select(*_ends(first, second))
        .join_from(first, second, first.c.process_instance_id == second.c.process_instance_id)
        .where(_is_at(first, done, done.c.key), _is_at(second, again, again.c.key))
        .correlate(done, again)
    )


def _ends(first: FromClause, second: FromClause) -> tuple[ColumnElement[object], ...]:
    return (
        first.c.scope_key.label("first_scope"),
        second.c.scope_key.label("second_scope"),
        first.c.element_id.label("first_element"),
        second.c.element_id.label("second_element"),
        first.c.left_at.label("first_left"),
        second.c.entered_at.label("second_entered"),
    )


def _is_at(activity: FromClause, task: FromClause, key: ColumnElement[int]) -> ColumnElement[bool]:
    return and_(activity.c.process_instance_id == task.c.process_instance_id, activity.c.key == key)
