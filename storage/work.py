"""Jobs, timers, subscriptions, incidents and history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, and_, func, insert, or_, select, update

from engine.model import EventSubscription, HistoryEntry, Incident, InstanceState, Job, Timer
from storage.rows import to_row, to_value
from storage.sealing import InstanceSeals
from storage.tables.engine import event_subscription as subscriptions
from storage.tables.engine import history_entry as history
from storage.tables.engine import incident as incidents
from storage.tables.engine import job as jobs
from storage.tables.engine import process_instance as instances
from storage.tables.engine import timer as timers


class SqlJobs:
    """Jobs in PostgreSQL; workers skip rows that others are taking."""

    def __init__(self, connection: Connection, seals: InstanceSeals) -> None:
        self._connection = connection
        self._seals = seals

    def get(self, job_id: UUID) -> Job | None:
        """Read one job."""
        row = self._connection.execute(select(jobs).where(jobs.c.id == job_id)).mappings().first()
        return None if row is None else self._seals.values(Job, [row])[0]

    def lock(self, job_id: UUID) -> Job | None:
        """Read one job for a change."""
        row = self._connection.execute(select(jobs).where(jobs.c.id == job_id).with_for_update()).mappings().first()
        return None if row is None else self._seals.values(Job, [row])[0]

    def acquire(self, *, worker: str, types: Sequence[str], now: datetime, lease: timedelta, limit: int) -> list[Job]:
        """Lock up to `limit` due jobs for this worker."""
        ready = (
            select(jobs.c.id)
            .where(
                jobs.c.due_at <= now,
                or_(jobs.c.locked_until.is_(None), jobs.c.locked_until < now),
                jobs.c.type.in_(types),
                jobs.c.process_instance_id.not_in(_suspended()),
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
        ours = timers.c.process_instance_id.not_in(_suspended())
        query = select(timers).where(timers.c.due_at <= now, ours).order_by(timers.c.due_at).limit(limit)
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
        awake = timers.c.process_instance_id.not_in(_suspended())
        timer_due = select(func.min(timers.c.due_at)).where(awake).scalar_subquery()
        job_due = (
            select(func.min(func.greatest(jobs.c.due_at, func.coalesce(jobs.c.locked_until, jobs.c.due_at))))
            .where(jobs.c.type.in_(job_types), jobs.c.process_instance_id.not_in(_suspended()))
            .scalar_subquery()
        )
        found: datetime | None = self._connection.execute(select(func.least(timer_due, job_due))).scalar_one()
        return found


def _suspended() -> Select[tuple[UUID]]:
    """Return the instances that rest: few, and under an index of their own."""
    return select(instances.c.id).where(instances.c.state == InstanceState.SUSPENDED)


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

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, entry: HistoryEntry) -> None:
        """Append an entry."""
        self._connection.execute(insert(history), to_row(entry))
