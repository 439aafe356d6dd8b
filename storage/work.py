"""Jobs, timers, subscriptions, incidents and history."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.dialects.postgresql import insert as upsert

from engine.ids import derived_id
from engine.leases import TakenJob, WantedJobs
from engine.model import (
    EventSubscription,
    HistoryEntry,
    Incident,
    InstanceState,
    Job,
    ProcessInstance,
    Timer,
    Waiting,
)
from storage.messages import is_free, key_is
from storage.pipeline import Pipeline, Statement
from storage.process_instances import SqlProcessInstances
from storage.rows import to_row, to_value
from storage.sealing import InstanceSeals
from storage.statements import as_stored, insert_into
from storage.tables.engine import definition as definitions
from storage.tables.engine import delivery as deliveries
from storage.tables.engine import event_subscription as subscriptions
from storage.tables.engine import history_entry as history
from storage.tables.engine import incident as incidents
from storage.tables.engine import job as jobs
from storage.tables.engine import process_instance as instances
from storage.tables.engine import start_subscription as starts
from storage.tables.engine import timer as timers

SUSPECTS_SEEN = 10  # due jobs looked at beyond those wanted, so that suspects before them hide nothing
_JOB_COLUMNS = tuple(column.name for column in jobs.c)
_this_job = jobs.c.id == bindparam("job_id")
LOCK_INSTANCE = Statement.of(
    select(instances)
    .where(instances.c.id == select(jobs.c.process_instance_id).where(_this_job).scalar_subquery())
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

    def get(self, job_id: UUID) -> Job | None:
        """Read one job."""
        row = self._connection.execute(select(jobs).where(jobs.c.id == job_id)).mappings().first()
        return None if row is None else self._seals.values(Job, [row])[0]

    def lock(self, job_id: UUID) -> tuple[ProcessInstance, Job] | None:
        """Lock the instance of a job, then the job."""
        wanted = {"job_id": job_id}
        instances, found = self._pipeline.read((LOCK_INSTANCE, wanted), (LOCK_JOB, wanted))
        if not instances or not found:
            return None
        instance = self._instances.locked(instances[0])
        return instance, self._seals.values(Job, [dict(zip(_JOB_COLUMNS, found[0], strict=True))])[0]

    def acquire(self, wanted: WantedJobs, *, now: datetime) -> list[TakenJob]:
        """Lock due jobs for a worker; of those that were left undone before, no more than it wants of them."""
        ready = (
            select(jobs.c.id, jobs.c.locked_by, jobs.c.failures, jobs.c.due_at)
            .where(
                jobs.c.due_at <= now,
                is_free(jobs.c.locked_until, now),
                jobs.c.type.in_(wanted.types),
                jobs.c.process_instance_id.not_in(_suspended()),
            )
            .order_by(jobs.c.due_at)
            .limit(wanted.limit + SUSPECTS_SEEN)
            .with_for_update(skip_locked=True)
            .cte("ready")
        )
        was_left = ready.c.locked_by.is_not(None)
        suspect = and_(was_left, ready.c.failures > 0)
        place = func.row_number().over(partition_by=suspect, order_by=ready.c.due_at)
        chosen = select(ready, was_left.label("was_left"), suspect.label("suspect"), place.label("place")).cte("chosen")
        statement = (
            update(jobs)
            .where(
                jobs.c.id == chosen.c.id,
                chosen.c.place <= case((chosen.c.suspect, wanted.suspects), else_=wanted.limit),
            )
            .values(
                locked_by=wanted.worker,
                locked_until=now + wanted.lease,
                failures=jobs.c.failures + case((chosen.c.was_left, 1), else_=0),
                due_at=case((chosen.c.was_left, now), else_=jobs.c.due_at),  # behind what waits, not before it
            )
            .returning(jobs, chosen.c.locked_by.label("left_by"))
        )
        rows = self._connection.execute(statement).mappings().all()
        taken = self._seals.values(Job, rows)
        return [TakenJob(job=job, left_by=row["left_by"]) for job, row in zip(taken, rows, strict=True)]

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

    def claim(self, *, now: datetime, lease: timedelta, limit: int) -> list[Timer]:
        """Take due timers for one worker, oldest first; rows that others are taking are skipped."""
        ready = (
            select(timers.c.process_instance_id, timers.c.subscription_key)
            .where(
                timers.c.due_at <= now,
                is_free(timers.c.claimed_until, now),
                timers.c.process_instance_id.not_in(_suspended()),
            )
            .order_by(timers.c.due_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        statement = (
            update(timers)
            .where(tuple_(timers.c.process_instance_id, timers.c.subscription_key).in_(ready))
            .values(claimed_until=now + lease)
            .returning(timers)
        )
        found = [to_value(Timer, row) for row in self._connection.execute(statement).mappings()]
        return sorted(found, key=lambda one: one.due_at)

    def get(self, process_instance_id: UUID, subscription_key: int) -> Timer | None:
        """Return a timer that still waits."""
        query = select(timers).where(
            timers.c.process_instance_id == process_instance_id, timers.c.subscription_key == subscription_key
        )
        row = self._connection.execute(query).mappings().first()
        return None if row is None else to_value(Timer, row)

    def postpone(self, timer: Timer, *, until: datetime, failures: int) -> None:
        """Let a timer wait."""
        changed = {"claimed_until": until, "failures": failures}
        self._connection.execute(update(timers).where(_is(timer)).values(changed))

    def raise_incident(self, timer: Timer, *, kind: str, reason: str, at: datetime) -> None:
        """Tell supervisors that a timer cannot fire; once told it is not told again."""
        query = select(
            literal(derived_id(timer.process_instance_id, timer.subscription_key)),
            instances.c.id,
            literal(timer.subscription_key),
            instances.c.definition_id,
            literal(timer.element_id),
            literal(kind),
            literal(reason),
            literal(at),
        ).where(instances.c.id == timer.process_instance_id)
        names = ["id", "process_instance_id", "key", "definition_id", "element_id", "kind", "reason", "raised_at"]
        self._connection.execute(upsert(incidents).from_select(names, query).on_conflict_do_nothing())

    def next_due(self, *, job_types: Sequence[str]) -> datetime | None:
        """Return when the earliest timer is due, or a job of these types that nobody holds or whose lease ends."""
        of_these_types = select(func.min(_ready_at(jobs.c.due_at, jobs.c.locked_until))).where(
            jobs.c.type.in_(job_types), jobs.c.process_instance_id.not_in(_suspended())
        )
        awake, is_claimed = timers.c.process_instance_id.not_in(_suspended()), timers.c.claimed_until.is_not(None)
        claimed = select(func.min(func.greatest(timers.c.due_at, timers.c.claimed_until))).where(is_claimed, awake)
        free = select(timers.c.due_at).where(~is_claimed, awake).order_by(timers.c.due_at).limit(1)
        earliest = [
            free.scalar_subquery(),  # the first of the index, however many wait behind it
            claimed.scalar_subquery(),
            *(
                select(func.min(_ready_at(table.c.due_at, table.c.claimed_until))).scalar_subquery()
                for table in (starts, deliveries)
            ),
        ]
        found: datetime | None = self._connection.execute(
            select(func.least(*earliest, of_these_types.scalar_subquery()))
        ).scalar_one()
        return found


def _suspended() -> Select[tuple[UUID]]:
    """Return the instances that rest: few, and under an index of their own."""
    return select(instances.c.id).where(instances.c.state == InstanceState.SUSPENDED)


class SqlSubscriptions:
    """Waiting messages and signals in PostgreSQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def for_message(self, name: str, correlation_key: str | None, *, besides: Collection[UUID]) -> list[Waiting]:
        """Return of each process the one that has waited longest for a message, without some instances."""
        first = _waiting().where(
            subscriptions.c.kind == "message",
            subscriptions.c.name == name,
            key_is(subscriptions.c.correlation_key, correlation_key),
        )
        if besides:
            first = first.where(subscriptions.c.process_instance_id.not_in(besides))
        ordered = first.ext(distinct_on(_PROCESS_ID)).order_by(_PROCESS_ID, *_OLDEST_FIRST)
        return self._found(ordered)

    def for_signal(self, name: str, *, besides: UUID | None, limit: int) -> list[Waiting]:
        """Return who waits for a signal, in the order of instances, without one instance."""
        query = _waiting().where(subscriptions.c.kind == "signal", subscriptions.c.name == name)
        if besides is not None:
            query = query.where(subscriptions.c.process_instance_id != besides)
        order = (subscriptions.c.process_instance_id, subscriptions.c.subscription_key)
        return self._found(query.order_by(*order).limit(limit))

    def messages_of(self, process_instance_id: UUID) -> list[EventSubscription]:
        """Return the messages one instance waits for."""
        query = select(subscriptions).where(
            subscriptions.c.process_instance_id == process_instance_id, subscriptions.c.kind == "message"
        )
        return [to_value(EventSubscription, row) for row in self._connection.execute(query).mappings()]

    def is_open(self, process_instance_id: UUID, subscription_key: int) -> bool:
        """Say whether a subscription still waits."""
        this = exists().where(
            subscriptions.c.process_instance_id == process_instance_id,
            subscriptions.c.subscription_key == subscription_key,
        )
        return bool(self._connection.execute(select(this)).scalar_one())

    def _found(self, query: Select[Any]) -> list[Waiting]:
        return [
            Waiting(subscription=to_value(EventSubscription, row), process_id=row["waiting_process_id"])
            for row in self._connection.execute(query).mappings()
        ]


class SqlIncidents:
    """Incidents in PostgreSQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, incident_id: UUID) -> Incident | None:
        """Read one incident."""
        row = self._connection.execute(select(incidents).where(incidents.c.id == incident_id)).mappings().first()
        return None if row is None else to_value(Incident, row)

    def close(self, incident_id: UUID, *, at: datetime) -> None:
        """Write that an incident is over."""
        still_open = (incidents.c.id == incident_id) & incidents.c.resolved_at.is_(None)
        self._connection.execute(update(incidents).where(still_open).values(resolved_at=at))


class SqlHistory:
    """The history of process instances in PostgreSQL."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    def add(self, entry: HistoryEntry) -> None:
        """Append an entry."""
        self._pipeline.write(ADD_HISTORY, as_stored(history, to_row(entry)))


_PROCESS_ID = func.coalesce(definitions.c.key, instances.c.process_id)
_OLDEST_FIRST = (subscriptions.c.opened_at, subscriptions.c.process_instance_id, subscriptions.c.subscription_key)


def _waiting() -> Select[Any]:
    """Return the subscriptions with the process each is drawn in."""
    return (
        select(subscriptions, _PROCESS_ID.label("waiting_process_id"))
        .join(instances, instances.c.id == subscriptions.c.process_instance_id)
        .outerjoin(definitions, definitions.c.id == subscriptions.c.definition_id)
    )


def _is(timer: Timer) -> ColumnElement[bool]:
    return and_(
        timers.c.process_instance_id == timer.process_instance_id,
        timers.c.subscription_key == timer.subscription_key,
    )


def _ready_at(due_at: ColumnElement[Any], held_until: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.greatest(due_at, func.coalesce(held_until, due_at))
