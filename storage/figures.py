"""How much is open, waiting and late, counted from the tables for whoever watches the house; nothing of persons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import URL, Connection, and_, func, select

from engine.queries import Figures, OpenTasks
from storage.database import for_reading
from storage.failed_firings import failed_by_kind
from storage.readiness import connect_briefly
from storage.tables.engine import incident, job, process_instance, timer, user_task
from storage.work_lists import IS_OPEN

STATEMENT_MILLISECONDS = 4_000
LATE_AFTER = timedelta(minutes=1)  # a job or timer due for longer is overdue: a worker is missing or behind


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlFigures:
    """Counts on connections of its own, so that a full pool or a slow count stops nobody's work."""

    url: URL
    now: Callable[[], datetime]

    def count(self) -> Figures:
        """Count everything in one read-only transaction.

        Raises:
            ConnectionError: the database is away, or a count took longer than it may.
        """
        database = connect_briefly(self.url, statement_milliseconds=STATEMENT_MILLISECONDS)
        now = self.now()
        try:
            with for_reading(database).connect() as connection:
                return Figures(
                    tasks=_tasks(connection, now),
                    incidents=_by_kind(connection),
                    jobs=_jobs(connection, now),
                    timers_overdue=connection.execute(
                        select(func.count())
                        .select_from(timer)
                        .where(~timer.c.suspended, timer.c.ready_at < now - LATE_AFTER)
                    ).scalar_one(),
                    firings_failed=failed_by_kind(connection),
                    instances=_instances(connection),
                )
        finally:
            database.dispose()


def _tasks(connection: Connection, now: datetime) -> list[OpenTasks]:
    """Count the tasks of desks from their index, the few others from their rows."""
    columns = user_task.c
    counts = func.count().label("open"), func.count().filter(columns.due_at < now).label("over_limit")
    place = columns.element_id, columns.region
    of_desks = (
        select(*place, columns.desk, *counts).where(IS_OPEN, columns.desk.is_not(None)).group_by(*place, columns.desk)
    )
    others = (
        select(*place, columns.candidate_groups, *counts)
        .where(IS_OPEN, columns.desk.is_(None))
        .group_by(*place, columns.candidate_groups)
    )
    found = [(row, (row.desk,)) for row in connection.execute(of_desks)]
    found += [(row, tuple(row.candidate_groups)) for row in connection.execute(others)]
    return [
        OpenTasks(element_id=row.element_id, groups=groups, region=row.region, open=row.open, over_limit=row.over_limit)
        for row, groups in found
    ]


def _by_kind(connection: Connection) -> dict[str, int]:
    query = (
        select(incident.c.kind, func.count().label("open"))
        .where(incident.c.resolved_at.is_(None))
        .group_by(incident.c.kind)
    )
    return {row.kind: row.open for row in connection.execute(query)}


def _jobs(connection: Connection, now: datetime) -> dict[tuple[str, str], int]:
    columns = job.c
    held = and_(columns.locked_until.is_not(None), columns.locked_until >= now)
    free = and_(~columns.suspended, func.coalesce(columns.locked_until, columns.due_at) < now)
    query = select(
        columns.type,
        func.count().filter(held).label("in_hand"),
        func.count().filter(~held, columns.due_at <= now).label("due"),
        func.count().filter(~held, columns.due_at > now).label("later"),
        func.count().filter(free, columns.due_at < now - LATE_AFTER).label("overdue"),
    ).group_by(columns.type)
    return {
        (row.type, state): getattr(row, state)
        for row in connection.execute(query)
        for state in ("in_hand", "due", "later", "overdue")
    }


def _instances(connection: Connection) -> dict[tuple[str, str], int]:
    """Count what has not ended; what ended is counted as it happens, for its number never stops growing."""
    columns = process_instance.c
    query = (
        select(columns.process_id, columns.state, func.count())
        .where(columns.ended_at.is_(None))
        .group_by(columns.process_id, columns.state)
    )
    return {(process_id, state): count for process_id, state, count in connection.execute(query)}
