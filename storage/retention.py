"""The history of ended instances: how long it is kept, its removal when that time is over, and the record of it.

What stays of an instance: its line (version, begin, end), the user tasks that somebody completed (the case file tells
its surveys and acknowledgements from them) without what they knew, what batches did to it, and what the office itself
wrote into its history. Its key is destroyed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Delete, Row, delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from engine.model import HistoryAction, TaskState
from engine.retention import HistoryRemoval, RetentionDecision
from storage.rows import to_row, to_value
from storage.tables import engine, operations
from storage.tables.engine import process_instance as instances

decisions, removed = operations.retention_decision, operations.history_removal

REMOVED_WHOLE = (
    engine.user_task_denial,
    engine.journal,
    engine.flow_taken,
    engine.activity_instance,
    engine.variable,
    engine.job,
    engine.timer,
    engine.event_subscription,
    engine.incident,
    engine.decision_evaluation,
    operations.attempt,
    operations.instance_snapshot,
)
"""Tables of which nothing stays."""

CHOSEN = text(
    """
    SELECT id, process_id, ended_at FROM process_instance WHERE history_removed_at IS NULL AND id IN (
        SELECT found.id
        FROM unnest(CAST(:process_ids AS text[]), CAST(:times AS timestamptz[])) AS due (process_id, ended_before)
        CROSS JOIN LATERAL (
            SELECT id, ended_at FROM process_instance
            WHERE process_id = due.process_id AND ended_at <= due.ended_before AND history_removed_at IS NULL
            ORDER BY ended_at LIMIT :most
        ) AS found
        ORDER BY found.ended_at LIMIT :most
    ) FOR UPDATE SKIP LOCKED
    """
)


class SqlHistoryRetention:
    """Retention in PostgreSQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def decisions(self) -> Sequence[RetentionDecision]:
        """Return every decision in the order they were taken."""
        rows = self._connection.execute(select(decisions).order_by(decisions.c.id)).mappings()
        return [to_value(RetentionDecision, row) for row in rows]

    def decide(self, decision: RetentionDecision) -> None:
        """Append a decision."""
        self._connection.execute(insert(decisions), to_row(decision))

    def process_ids(self) -> Sequence[str]:
        """Return every process that was ever deployed."""
        of_processes = engine.definition.c.kind == "process"
        query = select(engine.definition.c.key).where(of_processes).distinct().order_by(engine.definition.c.key)
        return self._connection.execute(query).scalars().all()

    def due(self, ended_before: Mapping[str, datetime]) -> Mapping[str, int]:
        """Count the instances of each process that ended by its time and still have a history."""
        counted = {
            process_id: self._connection.execute(
                select(func.count())
                .select_from(instances)
                .where(
                    instances.c.process_id == process_id,
                    instances.c.ended_at <= moment,
                    instances.c.history_removed_at.is_(None),
                )
            ).scalar_one()
            for process_id, moment in ended_before.items()
        }
        return {process_id: count for process_id, count in counted.items() if count}

    def remove(self, ended_before: Mapping[str, datetime], *, limit: int, at: datetime) -> int:
        """Remove the history of up to `limit` instances and record it; returns of how many."""
        wanted = {"process_ids": list(ended_before), "times": list(ended_before.values()), "most": limit}
        by_process: dict[str, list[Row[Any]]] = defaultdict(list)
        for row in self._connection.execute(CHOSEN, wanted):
            by_process[row.process_id].append(row)
        for process_id in sorted(by_process):  # in one order, so that two workers never wait for each other in a circle
            ended = by_process[process_id]
            counts = self._remove_from_tables([row.id for row in ended], at)
            self._record(process_id, counts, ended_until=max(row.ended_at for row in ended), at=at)
        return sum(len(ended) for ended in by_process.values())

    def removals(self, *, limit: int) -> Sequence[HistoryRemoval]:
        """Return what was removed, newest day first."""
        query = (
            select(
                removed.c.day,
                removed.c.process_id,
                func.jsonb_object_agg(removed.c.removed_from, removed.c.rows).label("rows"),
                func.max(removed.c.ended_until).label("ended_until"),
                func.max(removed.c.last_removed_at).label("last_removed_at"),
            )
            .group_by(removed.c.day, removed.c.process_id)
            .order_by(removed.c.day.desc(), removed.c.process_id)
            .limit(limit)
        )
        return [_removal(row) for row in self._connection.execute(query).mappings()]

    def _remove_from_tables(self, ids: list[UUID], at: datetime) -> dict[str, int]:
        """Remove the rows of instances; returns how many from which table."""
        counts = {name: self._connection.execute(statement).rowcount for name, statement in _removing(ids)}
        task = engine.user_task
        self._connection.execute(update(task).where(task.c.process_instance_id.in_(ids)).values(variables=b""))
        nothing = {"wrapped_key": None, "snapshot": None, "correlation_key": None}
        gone = update(instances).where(instances.c.id.in_(ids)).values(history_removed_at=at, **nothing)
        counts[instances.name] = self._connection.execute(gone).rowcount
        return {name: count for name, count in counts.items() if count}

    def _record(self, process_id: str, counts: Mapping[str, int], *, ended_until: datetime, at: datetime) -> None:
        told = {"day": at.date(), "process_id": process_id, "ended_until": ended_until, "last_removed_at": at}
        opened = upsert(removed).values(
            [{**told, "removed_from": name, "rows": counts[name]} for name in sorted(counts)]
        )
        more = opened.excluded
        statement = opened.on_conflict_do_update(
            index_elements=["day", "process_id", "removed_from"],
            set_={
                "rows": removed.c.rows + more.rows,
                "ended_until": func.greatest(removed.c.ended_until, more.ended_until),
                "last_removed_at": func.greatest(removed.c.last_removed_at, more.last_removed_at),
            },
        )
        self._connection.execute(statement)


def _removing(ids: list[UUID]) -> Iterator[tuple[str, Delete]]:
    """Yield, table by table, what removes the rows of instances; those first that others point to."""
    draft, task, entry = engine.user_task_draft, engine.user_task, engine.history_entry
    of_instances = select(task.c.id).where(task.c.process_instance_id.in_(ids))
    yield draft.name, delete(draft).where(draft.c.user_task_id.in_(of_instances))
    for table in REMOVED_WHOLE:
        yield table.name, delete(table).where(table.c.process_instance_id.in_(ids))
    nobody_did = task.c.state != TaskState.COMPLETED
    yield task.name, delete(task).where(task.c.process_instance_id.in_(ids), nobody_did)
    yield entry.name, delete(entry).where(entry.c.process_instance_id.in_(ids), _is_of_the_engine(entry.c.action))


def _is_of_the_engine(action: ColumnElement[str]) -> ColumnElement[bool]:
    return action.in_([one.value for one in HistoryAction])


def _removal(row: Mapping[Any, Any]) -> HistoryRemoval:
    rows: dict[str, int] = dict(row["rows"])
    return HistoryRemoval(
        day=row["day"],
        process_id=row["process_id"],
        instances=rows.pop(instances.name, 0),
        rows=rows,
        ended_until=row["ended_until"],
        last_removed_at=row["last_removed_at"],
    )
