"""Jobs, timers, subscriptions, incidents and history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, and_, bindparam, func, or_, select, update

from engine.model import EventSubscription, HistoryEntry, Incident, Job, ProcessInstance, Timer
from storage.pipeline import Pipeline, Statement
from storage.process_instances import SqlProcessInstances
from storage.rows import to_row, to_value
from storage.sealing import InstanceSeals
from storage.statements import as_stored, insert_into
from storage.tables.engine import event_subscription as subscriptions
from storage.tables.engine import history_entry as history
from storage.tables.engine import incident as incidents
from storage.tables.engine import job as jobs
from storage.tables.engine import process_instance
from storage.tables.engine import timer as timers

_JOB_COLUMNS = tuple(column.name for column in jobs.c)
_this_job = jobs.c.id == bindparam("job_id")
LOCK_INSTANCE = Statement.of(
    select(process_instance)
    .where(process_instance.c.id == select(jobs.c.process_instance_id).where(_this_job).scalar_subquery())
    .with_for_update()
)
LOCK_JOB = Statement.of(select(jobs).where(_this_job).with_for_update())
ADD_HISTORY = insert_into(history)


class SqlJobs:
    """Jobs in PostgreSQL; workers skip rows that others are taking."""

    def __init__(
        self, connection: Connection, seals: InstanceSeals, pipeline: Pipeline, instances: SqlProcessInstances
    ) -> None:
        self._connection = connection
        self._seals = seals
        self._pipeline = pipeline
        self._instances = instances

    def lock(self, job_id: UUID) -> tuple[ProcessInstance, Job] | None:
        """Lock the instance of a job, then the job."""
        wanted = {"job_id": job_id}
        instances, found = self._pipeline.read((LOCK_INSTANCE, wanted), (LOCK_JOB, wanted))
        if not instances or not found:
            return None
        instance = self._instances.locked(instances[0])
        return instance, self._seals.values(Job, [dict(zip(_JOB_COLUMNS, found[0], strict=True))])[0]

    def acquire(self, *, worker: str, types: Sequence[str], now: datetime, lease: timedelta, limit: int) -> list[Job]:
        """Lock up to `limit` due jobs for this worker."""
        ready = (
            select(jobs.c.id)
            .where(
                jobs.c.due_at <= now,
                or_(jobs.c.locked_until.is_(None), jobs.c.locked_until < now),
                jobs.c.type.in_(types),
            )
            .order_by(jobs.c.due_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        statement = (
            update(jobs).where(jobs.c.id.in_(ready)).values(locked_by=worker, locked_until=now + lease).returning(jobs)
        )
        return self._seals.values(Job, self._connection.execute(statement).mappings())

    def save(self, job: Job) -> None:
        """Write how far the job has come."""
        changed = {
            name: value
            for name, value in to_row(job).items()
            if name in ("retries", "due_at", "locked_by", "locked_until", "last_error", "failures")
        }
        self._connection.execute(update(jobs).where(jobs.c.id == job.id).values(changed))


class SqlTimers:
    """Due times in PostgreSQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def due(self, *, now: datetime, limit: int) -> list[Timer]:
        """Return due timers, oldest first."""
        query = select(timers).where(timers.c.due_at <= now).order_by(timers.c.due_at).limit(limit)
        return [to_value(Timer, row) for row in self._connection.execute(query).mappings()]

    def get(self, process_instance_id: UUID, subscription_key: int) -> Timer | None:
        """Return a timer that still waits."""
        query = select(timers).where(
            timers.c.process_instance_id == process_instance_id, timers.c.subscription_key == subscription_key
        )
        row = self._connection.execute(query).mappings().first()
        return None if row is None else to_value(Timer, row)

    def postpone(self, process_instance_id: UUID, subscription_key: int, *, until: datetime) -> None:
        """Let a timer wait."""
        this = (timers.c.process_instance_id == process_instance_id) & (timers.c.subscription_key == subscription_key)
        self._connection.execute(update(timers).where(this).values(due_at=until))

    def next_due(self, *, job_types: Sequence[str]) -> datetime | None:
        """Return when the earliest timer is due, or a job of these types that nobody holds or whose lease ends."""
        timer_due = select(func.min(timers.c.due_at)).scalar_subquery()
        job_due = (
            select(func.min(func.greatest(jobs.c.due_at, func.coalesce(jobs.c.locked_until, jobs.c.due_at))))
            .where(jobs.c.type.in_(job_types))
            .scalar_subquery()
        )
        found: datetime | None = self._connection.execute(select(func.least(timer_due, job_due))).scalar_one()
        return found


class SqlSubscriptions:
    """Waiting messages and signals in PostgreSQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def for_message(self, name: str, correlation_key: str | None) -> list[EventSubscription]:
        """Return the instances waiting for a message, oldest first."""
        key = subscriptions.c.correlation_key
        matches = key.is_(None) if correlation_key is None else key == correlation_key
        return self._found(
            select(subscriptions).where(and_(subscriptions.c.kind == "message", subscriptions.c.name == name, matches))
        )

    def for_signal(self, name: str) -> list[EventSubscription]:
        """Return every instance waiting for a signal."""
        return self._found(select(subscriptions).where(subscriptions.c.kind == "signal", subscriptions.c.name == name))

    def of_instance(self, process_instance_id: UUID) -> list[EventSubscription]:
        """Return everything one instance waits for."""
        return self._found(select(subscriptions).where(subscriptions.c.process_instance_id == process_instance_id))

    def _found(self, query: Select[Any]) -> list[EventSubscription]:
        ordered = query.order_by(
            subscriptions.c.opened_at, subscriptions.c.process_instance_id, subscriptions.c.subscription_key
        )
        return [to_value(EventSubscription, row) for row in self._connection.execute(ordered).mappings()]


class SqlIncidents:
    """Incidents in PostgreSQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, incident_id: UUID) -> Incident | None:
        """Read one incident."""
        row = self._connection.execute(select(incidents).where(incidents.c.id == incident_id)).mappings().first()
        return None if row is None else to_value(Incident, row)


class SqlHistory:
    """The history of process instances in PostgreSQL."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    def add(self, entry: HistoryEntry) -> None:
        """Append an entry."""
        self._pipeline.write(ADD_HISTORY, as_stored(history, to_row(entry)))
