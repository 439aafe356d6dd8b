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
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.sql.selectable import TableValuedAlias
from sqlalchemy.types import Text

from engine.ids import derived_id
from engine.leases import LONGEST_LEASE, SUSPECT_AFTER, WantedJobs
from engine.model import EventSubscription, HistoryEntry, InstanceState, Job, ProcessInstance, Timer, Waiting
from storage.kin import numbers_of_kin
from storage.messages import is_for_the_awake, key_of, void_claims
from storage.pipeline import Pipeline, Row, Statement
from storage.process_instances import LOCK, SqlProcessInstances
from storage.rows import to_row, to_value
from storage.sealing import InstanceSeals
from storage.statements import as_stored, insert_into
from storage.tables.engine import definition as definitions
from storage.tables.engine import event_subscription as subscriptions
from storage.tables.engine import history_entry as history
from storage.tables.engine import incident as incidents
from storage.tables.engine import job as jobs
from storage.tables.engine import process_instance as instances
from storage.tables.engine import timer as timers
from storage.tables.messages import delivery as deliveries
from storage.tables.messages import start_subscription as starts

_PROGRESS = (
    "retries",
    "due_at",
    "locked_by",
    "locked_until",
    "lease_id",
    "last_error",
    "failures",
    "left_undone",
)
_JOB_COLUMNS = tuple(column.name for column in jobs.c)
_TIMER_COLUMNS = tuple(column.name for column in timers.c)
_is_free = jobs.c.locked_by.is_(None) & ~jobs.c.suspended
_is_in_hand = jobs.c.locked_by.is_not(None) & ~jobs.c.suspended
_is_suspect = jobs.c.left_undone >= literal_column(str(SUSPECT_AFTER))  # as the index says
_this_job = jobs.c.id == bindparam("job_id")
LOCK_INSTANCE = Statement.of(
    select(instances)
    .where(instances.c.id == select(jobs.c.process_instance_id).where(_this_job).scalar_subquery())
    .with_for_update(key_share=True)
)
THIS_TIMER = Statement.of(
    select(timers).where(
        timers.c.process_instance_id == bindparam("instance_id"),
        timers.c.subscription_key == bindparam("subscription_key"),
    )
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

    def acquire(self, wanted: WantedJobs, *, now: datetime) -> list[Job]:
        """Give free jobs that are due to a worker: the oldest of its types, and few of those left undone before.

        An index leads to them, whatever else waits: other types, later ones, those in hand and those that rest.
        """
        types = _rows_of(wanted.types)
        due = (
            select(jobs.c.id, jobs.c.due_at)
            .where(_is_free, jobs.c.due_at <= now, *_of_no_kin(wanted.taker))
            .order_by(jobs.c.due_at)
            .with_for_update(skip_locked=True)
        )
        free = due.where(~_is_suspect, jobs.c.type == types.c.type).limit(wanted.limit).lateral("free")
        oldest = select(free.c.id).select_from(types.join(free, true())).order_by(free.c.due_at).limit(wanted.limit)
        ready = oldest.cte("ready")
        suspects = due.where(_is_suspect, jobs.c.type.in_(wanted.types)).limit(wanted.suspects).cte("suspects")
        chosen = union_all(select(ready.c.id), select(suspects.c.id)).cte("chosen")
        statement = (
            update(jobs)
            .where(jobs.c.id == chosen.c.id)
            .values(locked_by=wanted.worker, locked_until=now + wanted.lease, lease_id=func.gen_random_uuid())
            .returning(jobs)
        )
        return self._seals.values(Job, self._connection.execute(statement).mappings())

    def expired(self, *, now: datetime, limit: int) -> list[Job]:
        """Return jobs whose lease is over, or was given before the clock was put back; the longest over first."""
        over = or_(jobs.c.locked_until <= now, jobs.c.locked_until > now + LONGEST_LEASE)
        query = select(jobs).where(_is_in_hand, over).order_by(jobs.c.locked_until).limit(limit)
        return self._seals.values(Job, self._connection.execute(query).mappings())

    def save(self, job: Job) -> None:
        """Write how far the job has come."""
        changed = {name: value for name, value in to_row(job).items() if name in _PROGRESS}
        self._connection.execute(update(jobs).where(jobs.c.id == job.id).values(changed))


def _of_no_kin(taker: str | None) -> list[ColumnElement[bool]]:
    """Return the condition that no job is of the taker's kin; our own workers are nobody's."""
    if taker is None:
        return []
    of_kin = select(instances.c.id).where(instances.c.business_key.in_(numbers_of_kin(taker)))
    return [jobs.c.process_instance_id.not_in(of_kin)]


class SqlTimers:
    """Due times in PostgreSQL."""

    def __init__(self, connection: Connection, pipeline: Pipeline, instances: SqlProcessInstances) -> None:
        self._connection = connection
        self._pipeline = pipeline
        self._instances = instances

    def claim(self, *, now: datetime, lease: timedelta, limit: int) -> list[Timer]:
        """Take due timers for one worker, oldest first; rows that others are taking are skipped."""
        self._connection.execute(void_claims(timers, now))
        ready = (
            select(timers.c.process_instance_id, timers.c.subscription_key)
            .where(~timers.c.suspended, timers.c.ready_at <= now)
            .order_by(timers.c.ready_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
            .cte("ready")
        )
        statement = (
            update(timers)
            .where(
                timers.c.process_instance_id == ready.c.process_instance_id,
                timers.c.subscription_key == ready.c.subscription_key,
            )
            .values(claimed_until=now + lease)
            .returning(timers)
        )
        found = [to_value(Timer, row) for row in self._connection.execute(statement).mappings()]
        return sorted(found, key=lambda one: one.due_at)

    def get(self, process_instance_id: UUID, subscription_key: int) -> Timer | None:
        """Return a timer that still waits."""
        wanted = {"instance_id": process_instance_id, "subscription_key": subscription_key}
        [found] = self._pipeline.read((THIS_TIMER, wanted))
        return _timer(found[0]) if found else None

    def lock(self, process_instance_id: UUID, subscription_key: int) -> tuple[ProcessInstance, Timer] | None:
        """Lock the instance of a timer, then read the timer, in one turn."""
        wanted = {"instance_id": process_instance_id, "subscription_key": subscription_key}
        instances, found = self._pipeline.read((LOCK, wanted), (THIS_TIMER, wanted))
        return (self._instances.locked(instances[0]), _timer(found[0])) if instances and found else None

    def postpone(self, timer: Timer, *, until: datetime, failures: int) -> None:
        """Let a timer wait, unless its next time was set meanwhile."""
        changed = {"claimed_until": until, "failures": failures}
        self._connection.execute(update(timers).where(_is(timer), timers.c.due_at == timer.due_at).values(changed))

    def raise_incident(self, timer: Timer, *, kind: str, reason: str, at: datetime) -> None:
        """Tell supervisors that a timer cannot fire; told once, then counted."""
        query = select(
            literal(derived_id(timer.process_instance_id, timer.subscription_key)),
            instances.c.id,
            literal(timer.subscription_key),
            instances.c.definition_id,
            literal(timer.element_id),
            literal(kind),
            literal(reason),
            literal(at),
            literal(at),
        ).where(instances.c.id == timer.process_instance_id)
        names = ["id", "process_instance_id", "key", "definition_id", "element_id", "kind", "reason", "raised_at"]
        raised = upsert(incidents).from_select([*names, "last_failed_at"], query)
        again = {"last_failed_at": at, "failures": incidents.c.failures + 1}
        self._connection.execute(raised.on_conflict_do_update(index_elements=["id"], set_=again))

    def next_due(self, *, job_types: Sequence[str]) -> datetime | None:
        """Return when the earliest thing is due, a job of these types is free, or the lease of any job ends."""
        wanted = _rows_of(job_types)
        free = (
            select(jobs.c.due_at)
            .where(_is_free, jobs.c.type == wanted.c.type)
            .order_by(jobs.c.due_at)
            .limit(1)
            .lateral("free")
        )
        earliest: list[Select[Any]] = [
            select(func.min(free.c.due_at)).select_from(wanted.join(free, true())),
            _first(jobs.c.locked_until, _is_in_hand),
            _first(timers.c.ready_at, ~timers.c.suspended),
            _first(deliveries.c.ready_at, is_for_the_awake()),
            select(func.min(func.greatest(starts.c.due_at, starts.c.claimed_until))).where(
                starts.c.due_at.is_not(None)
            ),
        ]
        query = select(func.least(*(one.scalar_subquery() for one in earliest)))
        found: datetime | None = self._connection.execute(query).scalar_one()
        return found


def _rows_of(types: Sequence[str]) -> TableValuedAlias:
    return func.unnest(literal(list(types), ARRAY(Text))).table_valued("type", name="types").render_derived()


def _first(column: ColumnElement[Any], *conditions: ColumnElement[bool]) -> Select[Any]:
    """Return the question for the first entry of an index, however many come after it."""
    return select(column).where(*conditions).order_by(column).limit(1)


class SqlSubscriptions:
    """Waiting messages and signals in PostgreSQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def for_message(self, name: str, correlation_key: str | None, *, besides: Collection[UUID]) -> list[Waiting]:
        """Return of each process the active one that has waited longest for a message, without some instances."""
        first = _waiting().where(_is_for(name, correlation_key), instances.c.state == InstanceState.ACTIVE)
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

    def resting(self, name: str, correlation_key: str | None) -> list[str]:
        """Return the region of each suspended instance that waits for a message."""
        waits = exists().where(subscriptions.c.process_instance_id == instances.c.id, _is_for(name, correlation_key))
        query = select(instances.c.region).where(waits, instances.c.state == InstanceState.SUSPENDED)
        return list(self._connection.execute(query).scalars())

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


def _is_for(name: str, correlation_key: str | None) -> ColumnElement[bool]:
    return and_(
        subscriptions.c.kind == "message",
        subscriptions.c.name == name,
        key_of(subscriptions) == (correlation_key or ""),
    )


def _timer(row: Row) -> Timer:
    return to_value(Timer, dict(zip(_TIMER_COLUMNS, row, strict=True)))


def _is(timer: Timer) -> ColumnElement[bool]:
    return and_(
        timers.c.process_instance_id == timer.process_instance_id,
        timers.c.subscription_key == timer.subscription_key,
    )
