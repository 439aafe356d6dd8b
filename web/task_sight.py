"""A refusal of a task says no more than a look at it would."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from engine.errors import EngineError, NotFound
from engine.model import Actor, UserTask
from engine.queries import Queries


@contextmanager
def within_sight(queries: Queries, task_id: UUID, actor: Actor) -> Iterator[None]:
    """Run what is asked of a task; whatever refuses it, somebody who may not see the task is told of none.

    Raises:
        NotFound: it was refused, and the actor may not see the task.
    """
    try:
        yield
    except EngineError:
        queries.user_task(task_id, actor)
        raise


def seen_task(queries: Queries, task_id: UUID | None, actor: Actor) -> UserTask | None:
    """Return a task that something leads to, where the actor may open it."""
    if task_id is None:
        return None
    try:
        return queries.user_task(task_id, actor)
    except NotFound:
        return None
