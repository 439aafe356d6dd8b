"""Process instances and everything a run of one changes; what they know is sealed on the way in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Table, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from engine.changes import Changes
from engine.errors import ConcurrentChange
from engine.model import ProcessInstance, TaskState, UserTask
from storage.attempts import write_attempts
from storage.moves import write_moves
from storage.rows import to_row, to_rows
from storage.sealing import InstanceSeals, variable_place
from storage.tables import engine as tables
from workflows.casework.elements import REFERRAL_NUMBER

instances = tables.process_instance


class SqlProcessInstances:
    """Process instances in PostgreSQL."""

    def __init__(self, connection: Connection, seals: InstanceSeals) -> None:
        self._connection = connection
        self._seals = seals

    def add(self, instance: ProcessInstance) -> None:
        """Keep a new instance."""
        self._connection.execute(insert(instances), self._seals.add(instance))

    def get(self, instance_id: UUID) -> ProcessInstance | None:
        """Read without a lock."""
        return self._one(instances.c.id == instance_id, lock=False)

    def lock(self, instance_id: UUID) -> ProcessInstance | None:
        """Read for a change; others wait."""
        return self._one(instances.c.id == instance_id, lock=True)

    def save(self, instance: ProcessInstance) -> None:
        """Write state and snapshot as the next version.

        Raises:
            ConcurrentChange: the stored version is not the one that was read.
        """
        statement = (
            update(instances)
            .where(instances.c.id == instance.id, instances.c.version == instance.version)
            .values(
                state=instance.state,
                snapshot=self._seals.snapshot(instance),
                ended_at=instance.ended_at,
                version=instance.version + 1,
            )
        )
        if self._connection.execute(statement).rowcount != 1:
            raise ConcurrentChange

    def apply(self, changes: Changes) -> None:
        """Write what a run changed, in as few statements as kinds of change."""
        self._write_history(changes)
        self._write_work(changes)
        self._write_waiting(changes)
        self._write_variables(changes)
        self._write_incidents(changes)
        write_attempts(self._connection, changes)
        write_moves(self._connection, changes)
        if changes.decisions:
            self._connection.execute(insert(tables.decision_evaluation), self._seals.rows(changes.decisions))

    def _one(self, condition: ColumnElement[bool], *, lock: bool) -> ProcessInstance | None:
        query = select(instances).where(condition)
        row = self._connection.execute(query.with_for_update() if lock else query).mappings().first()
        return None if row is None else self._seals.instance(row)

    def _write_history(self, changes: Changes) -> None:
        left = dict(changes.left)
        entered = [
            {**to_row(one), "left_at": changes.at if one.key in left else None, "outcome": left.pop(one.key, None)}
            for one in changes.entered
        ]
        if entered:
            self._connection.execute(insert(tables.activity_instance), entered)
        table = tables.activity_instance
        for outcome in ("completed", "terminated"):
            keys = [key for key, how in left.items() if how == outcome]
            if keys:
                statement = update(table).where(
                    table.c.process_instance_id == changes.process_instance_id, table.c.key.in_(keys)
                )
                self._connection.execute(statement.values(left_at=changes.at, outcome=outcome))
        if changes.flows:
            taken = upsert(tables.flow_taken)
            taken = taken.on_conflict_do_update(
                index_elements=list(tables.flow_taken.primary_key.columns),
                set_={"times": tables.flow_taken.c.times + taken.excluded.times},
            )
            rows = [
                {
                    "process_instance_id": changes.process_instance_id,
                    "definition_id": definition_id,
                    "flow_id": flow_id,
                    "times": times,
                }
                for (definition_id, flow_id), times in changes.flows.items()
            ]
            self._connection.execute(taken, rows)

    def _write_work(self, changes: Changes) -> None:
        if changes.user_tasks_opened:
            opened = list(changes.user_tasks_opened.values())
            subjects = [{"subject": _subject(one)} for one in opened]
            rows = [row | subject for row, subject in zip(self._seals.rows(opened), subjects, strict=True)]
            self._open_again_or_new(tables.user_task, rows)
        if changes.jobs_opened:
            self._open_again_or_new(tables.job, self._seals.rows(changes.jobs_opened.values()))
        if changes.work_closed:
            self._connection.execute(
                delete(tables.job).where(
                    tables.job.c.process_instance_id == changes.process_instance_id,
                    tables.job.c.key.in_(changes.work_closed),
                )
            )
        self._close_user_tasks(changes)

    def _open_again_or_new(self, table: Table, rows: list[dict[str, Any]]) -> None:
        """Write opened work; what a retry opens again has the same id and takes the place of the old row."""
        opened = upsert(table)
        others = {name: opened.excluded[name] for name in rows[0] if name != "id"}
        self._connection.execute(opened.on_conflict_do_update(index_elements=[table.c.id], set_=others), rows)

    def _close_user_tasks(self, changes: Changes) -> None:
        table = tables.user_task
        if changes.user_tasks_closed:
            closed = select(table.c.id).where(
                table.c.process_instance_id == changes.process_instance_id, table.c.key.in_(changes.user_tasks_closed)
            )
            drafts = tables.user_task_draft
            self._connection.execute(delete(drafts).where(drafts.c.user_task_id.in_(closed)))
        for state in (TaskState.COMPLETED, TaskState.CANCELLED):
            keys = [key for key, how in changes.user_tasks_closed.items() if how is state]
            if not keys:
                continue
            statement = update(table).where(
                table.c.process_instance_id == changes.process_instance_id,
                table.c.key.in_(keys),
                table.c.state == TaskState.OPEN,
            )
            by = changes.actor if state is TaskState.COMPLETED else None
            self._connection.execute(
                statement.values(
                    state=state,
                    version=table.c.version + 1,
                    completed_at=changes.at,
                    completed_by=None if by is None else by.id,
                    completed_by_name=None if by is None else by.name,
                )
            )

    def _write_waiting(self, changes: Changes) -> None:
        closed = changes.subscriptions_closed
        if closed:
            for table in (tables.timer, tables.event_subscription):
                self._connection.execute(
                    delete(table).where(
                        table.c.process_instance_id == changes.process_instance_id,
                        table.c.subscription_key.in_(closed),
                    )
                )
        if changes.timers_set:
            timers = upsert(tables.timer)
            timers = timers.on_conflict_do_update(
                index_elements=list(tables.timer.primary_key.columns), set_={"due_at": timers.excluded.due_at}
            )
            self._connection.execute(timers, to_rows(changes.timers_set.values()))
        if changes.subscriptions_opened:
            self._connection.execute(insert(tables.event_subscription), to_rows(changes.subscriptions_opened.values()))

    def _write_variables(self, changes: Changes) -> None:
        if not changes.variables:
            return
        variables = upsert(tables.variable)
        variables = variables.on_conflict_do_update(
            index_elements=list(tables.variable.primary_key.columns), set_={"value": variables.excluded.value}
        )
        owner = changes.process_instance_id
        rows = [
            {
                "process_instance_id": owner,
                "scope_key": scope,
                "name": name,
                "value": self._seals.sealed(owner, value, variable_place(owner, scope, name)),
            }
            for (scope, name), value in changes.variables.items()
        ]
        self._connection.execute(variables, rows)

    def _write_incidents(self, changes: Changes) -> None:
        table = tables.incident
        if changes.incidents_resolved:
            self._connection.execute(
                update(table)
                .where(
                    table.c.process_instance_id == changes.process_instance_id,
                    table.c.key.in_(changes.incidents_resolved),
                    table.c.resolved_at.is_(None),
                )
                .values(resolved_at=changes.at)
            )
        if changes.incidents_raised:
            raised = upsert(table)
            raised = raised.on_conflict_do_update(
                index_elements=[table.c.id],
                set_={
                    "kind": raised.excluded.kind,
                    "reason": raised.excluded.reason,
                    "raised_at": raised.excluded.raised_at,
                    "resolved_at": None,
                },
            )
            self._connection.execute(raised, to_rows(changes.incidents_raised.values()))


def _subject(task: UserTask) -> str | None:
    """Return what the task is about in the clear, so that questions find it: the number of a referral."""
    number = task.variables.get(REFERRAL_NUMBER)
    return number if isinstance(number, str) else None
