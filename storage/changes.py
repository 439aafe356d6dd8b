"""What one run of a process instance changes, as statements of the pipeline; nothing is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, bindparam, delete, func, literal_column, null, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Integer, Uuid

from engine.changes import Changes
from engine.journal import write_entry
from engine.model import TaskState, UserTask
from storage.attempts import write_attempts
from storage.incidents import raise_incident_into
from storage.moves import write_moves
from storage.pipeline import Pipeline, Statement
from storage.rows import to_row
from storage.sealing import InstanceSeals, journal_place
from storage.statements import as_stored, insert_into, upsert_into, write_rows
from storage.tables import engine as tables
from storage.tables.base import Instant
from storage.task_steps import write_task_steps
from workflows.casework.elements import REFERRAL_NUMBER

_ONE: ColumnElement[int] = literal_column("1")
_activity, _task, _draft, _incident = (
    tables.activity_instance,
    tables.user_task,
    tables.user_task_draft,
    tables.incident,
)


def _of_keys(table: Table, column: str = "key") -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    keys = bindparam("keys", type_=ARRAY(Integer))
    return table.c.process_instance_id == bindparam("owner"), table.c[column] == func.any(keys)


ADD_ENTRY = insert_into(tables.journal)
LEAVE = Statement.of(
    update(_activity)
    .where(*_of_keys(_activity))
    .values(left_at=func.greatest(_activity.c.entered_at, bindparam("at", type_=Instant)), outcome=bindparam("how"))
)
OPEN_TASK = upsert_into(_task, "id")
OPEN_JOB = upsert_into(tables.job, "id")
_drop_drafts = delete(_draft).where(_draft.c.user_task_id == func.any(bindparam("task_ids", type_=ARRAY(Uuid))))
CLOSE_TASKS = Statement.of(
    update(_task)
    .add_cte(_drop_drafts.cte("dropped_drafts"))
    .where(*_of_keys(_task), _task.c.state == literal_column("'open'"))
    .values(
        state=bindparam("new_state"),
        transition=null(),
        version=_task.c.version + _ONE,
        completed_at=func.greatest(_task.c.created_at, bindparam("at", type_=Instant)),
        completed_by=bindparam("actor"),
        completed_by_name=bindparam("actor_name"),
        completed_for=bindparam("acted_for"),
    )
)
DROP_JOBS = Statement.of(delete(tables.job).where(*_of_keys(tables.job)))
DROP_TIMERS = Statement.of(delete(tables.timer).where(*_of_keys(tables.timer, "subscription_key")))
DROP_SUBSCRIPTIONS = Statement.of(
    delete(tables.event_subscription).where(*_of_keys(tables.event_subscription, "subscription_key"))
)
SET_TIMER = upsert_into(tables.timer, "process_instance_id", "subscription_key")
RAISE_INCIDENT = raise_incident_into(_incident)
RESOLVE_INCIDENTS = Statement.of(
    update(_incident)
    .where(*_of_keys(_incident), _incident.c.resolved_at.is_(None))
    .values(resolved_at=func.greatest(_incident.c.raised_at, bindparam("at", type_=Instant)))
)


class ChangeWriter:
    """Writes what runs changed, in one transaction."""

    def __init__(self, connection: Connection, pipeline: Pipeline, seals: InstanceSeals) -> None:
        self._connection = connection
        self._pipeline = pipeline
        self._seals = seals

    def write(self, changes: Changes) -> None:
        """Write what a run changed."""
        self._write_history(changes)
        self._write_work(changes)
        self._write_waiting(changes)
        self._write_incidents(changes)
        write_attempts(self._connection, changes)
        write_moves(self._connection, changes)
        if changes.decisions:
            write_rows(self._pipeline, tables.decision_evaluation, self._seals.rows(changes.decisions))

    def _write_history(self, changes: Changes) -> None:
        owner = changes.process_instance_id
        entry = self._seals.sealed_bytes(owner, write_entry(changes.facts), journal_place(owner, changes.version))
        self._pipeline.write(
            ADD_ENTRY,
            {
                "process_instance_id": owner,
                "version": changes.version,
                "at": changes.at,
                "actor": changes.actor.id,
                "entry": entry,
            },
        )
        left = dict(changes.left)
        entered = [
            {**to_row(one), "left_at": changes.at if one.key in left else None, "outcome": left.pop(one.key, None)}
            for one in changes.entered
        ]
        write_rows(self._pipeline, _activity, entered)
        for outcome in ("completed", "terminated"):
            keys = [key for key, how in left.items() if how == outcome]
            self._write_for(LEAVE, changes, keys, at=changes.at, how=outcome)

    def _write_work(self, changes: Changes) -> None:
        for task, row in _sealed(self._seals, changes.user_tasks_opened.values()):
            self._pipeline.write(OPEN_TASK, as_stored(_task, {**row, "subject": _subject(task)}))
        for row in self._seals.rows(changes.jobs_opened.values()):
            self._pipeline.write(OPEN_JOB, as_stored(tables.job, row))
        self._write_for(DROP_JOBS, changes, changes.jobs_closed)
        for state in (TaskState.COMPLETED, TaskState.CANCELLED):
            by = changes.actor if state is TaskState.COMPLETED else None
            keys = [key for key, how in changes.user_tasks_closed.items() if how is state]
            self._write_for(
                CLOSE_TASKS,
                changes,
                keys,
                task_ids=[changes.row_id(key) for key in keys],
                new_state=state,
                at=changes.at,
                actor=None if by is None else by.id,
                actor_name=None if by is None else by.name,
                acted_for=None if by is None else by.acts_for,
            )
        if changes.task_steps or changes.completed_by:
            write_task_steps(self._connection, self._seals, changes)

    def _write_waiting(self, changes: Changes) -> None:
        self._write_for(DROP_TIMERS, changes, changes.timers_closed)
        self._write_for(DROP_SUBSCRIPTIONS, changes, changes.subscriptions_closed)
        for timer in changes.timers_set.values():
            self._pipeline.write(SET_TIMER, {**to_row(timer), "claimed_until": None})
        write_rows(
            self._pipeline, tables.event_subscription, [to_row(one) for one in changes.subscriptions_opened.values()]
        )

    def _write_incidents(self, changes: Changes) -> None:
        over = [*changes.incidents_resolved, *changes.timers_closed]  # a timer that is gone cannot fail any more
        self._write_for(RESOLVE_INCIDENTS, changes, over, at=changes.at)
        for incident in changes.incidents_raised.values():
            self._pipeline.write(RAISE_INCIDENT, to_row(incident))

    def _write_for(self, statement: Statement, changes: Changes, keys: list[int], **values: Any) -> None:
        if keys:
            self._pipeline.write(statement, {"owner": changes.process_instance_id, "keys": keys, **values})


def _sealed(seals: InstanceSeals, tasks: Iterable[UserTask]) -> Iterable[tuple[UserTask, Mapping[str, Any]]]:
    opened = list(tasks)
    return zip(opened, seals.rows(opened), strict=True)


def _subject(task: UserTask) -> str | None:
    """Return what the task is about in the clear, so that questions find it: the number of a referral."""
    number = task.variables.get(REFERRAL_NUMBER)
    return number if isinstance(number, str) else None
