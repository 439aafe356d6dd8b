"""Messages that wait, signals on their way, and what is still to be handed over.

Each message is sealed under a key of its own, kept beside it and gone with it: no instance owns it yet.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    RowMapping,
    Text,
    and_,
    column,
    delete,
    exists,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    text,
    tuple_,
    update,
    values,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from engine.model import Delivery, InstanceState, Message, Publication
from storage.claims import void_claims, without_other_suspects
from storage.encryption import KeyRing
from storage.instance_filter import suspended
from storage.rows import to_row, to_value
from storage.sealing import open_json, seal_json
from storage.tables.engine import definition, event_subscription, process_instance
from storage.tables.messages import delivery as deliveries
from storage.tables.messages import message as messages
from storage.tables.messages import message_correlation as correlations
from storage.tables.messages import start_subscription

MEETING_LOCK = 7_310_003  # first half of the advisory locks of names and keys


class SqlMessages:
    """Messages in PostgreSQL."""

    def __init__(self, connection: Connection, keys: KeyRing) -> None:
        self._connection = connection
        self._keys = keys

    def add(self, publication: Publication) -> Message | None:
        """Keep it; None when an equal message is kept already."""
        if publication.message_id is not None:
            self._forget_equal(publication)
        seal, wrapped = self._keys.new_seal()
        sealed = seal_json(seal, publication.variables, where=_place(publication))
        row = {**to_row(publication), "variables": sealed, "wrapped_key": wrapped}
        statement = upsert(messages).values(row).on_conflict_do_nothing().returning(messages.c.id)
        found: int | None = self._connection.execute(statement).scalar()
        return None if found is None else Message(id=found, publication=publication)

    def holds_equal(self, publication: Publication) -> bool:
        """Say whether a message of the same name, key and message id is kept."""
        if publication.message_id is None:
            return False
        condition = and_(_equal_to(publication), messages.c.expires_at > publication.published_at)
        return bool(self._connection.execute(select(exists().where(condition))).scalar_one())

    def get(self, message_id: int) -> Message | None:
        """Read one."""
        row = self._connection.execute(select(messages).where(messages.c.id == message_id)).mappings().first()
        return None if row is None else self._opened(row)

    def lock(self, message_id: int) -> Message | None:
        """Read one for correlation without waiting."""
        query = select(messages).where(messages.c.id == message_id).with_for_update(skip_locked=True)
        row = self._connection.execute(query).mappings().first()
        return None if row is None else self._opened(row)

    def lock_next(
        self,
        names: Sequence[str],
        correlation_key: str | None,
        *,
        process_id: str,
        now: datetime,
        besides: UUID | None = None,
    ) -> Message | None:
        """Lock the message published first that a process (and one instance) has not got."""
        query = (
            select(messages.c.id)
            .where(
                messages.c.kind == "message",
                messages.c.name.in_(names),
                _has_key(correlation_key),
                messages.c.expires_at > now,
                ~_has_reached(literal(process_id), besides),
            )
            .order_by(messages.c.id)
            .limit(1)
        )
        found = self._connection.execute(query).scalar()
        return None if found is None else self.lock(found)

    def has_older_on_its_way(self, message: Message) -> bool:
        """Say whether a message of the same name and key published before is to be delivered first."""
        older = exists().where(
            messages.c.kind == "message",
            messages.c.name == message.publication.name,
            _has_key(message.publication.correlation_key),
            messages.c.id < message.id,
            deliveries.c.message_id == messages.c.id,
            deliveries.c.failures == 0,
        )
        return bool(self._connection.execute(select(older)).scalar_one())

    def reached(self, message_id: int) -> tuple[frozenset[str], frozenset[UUID]]:
        """Return the processes and the instances a message went to."""
        query = select(correlations).where(correlations.c.message_id == message_id)
        rows = self._connection.execute(query).all()
        return frozenset(row.process_id for row in rows), frozenset(row.process_instance_id for row in rows)

    def mark(self, message_id: int, *, process_id: str, process_instance_id: UUID) -> bool:
        """Write that a process has a message."""
        row = {"message_id": message_id, "process_id": process_id, "process_instance_id": process_instance_id}
        marked = upsert(correlations).values(row).on_conflict_do_nothing().returning(correlations.c.message_id)
        return self._connection.execute(marked).first() is not None

    def meet(self, names_and_keys: Sequence[tuple[str, str | None]]) -> None:
        """Take the locks of names and keys, always in the same order."""
        for number in sorted({_lock_number(name, key) for name, key in names_and_keys}):
            self._connection.execute(
                text("SELECT pg_advisory_xact_lock(:first, :second)"), {"first": MEETING_LOCK, "second": number}
            )

    def wanted(self, names_and_keys: Sequence[tuple[str, str | None]], *, now: datetime) -> list[int]:
        """Return the messages of these names and keys that somebody can take who has not got them.

        One that is on its way already is left out; so is everything only the suspended wait for: they look for it
        when they are resumed.
        """
        takers = self._takers([(name, key or "") for name, key in names_and_keys])
        if not takers:
            return []
        query = select(messages.c.id).where(
            messages.c.kind == "message",
            tuple_(messages.c.name, key_of(messages)).in_(takers),
            messages.c.expires_at > now,
            ~_is_to_come(),
            or_(_is_awaited(), _can_start()),
        )
        return list(self._connection.execute(query.order_by(messages.c.id)).scalars())

    def delete_expired(self, *, now: datetime, limit: int) -> int:
        """Forget messages whose time is over and that nobody is still to get."""
        expired = (
            select(messages.c.id)
            .where(messages.c.expires_at <= now, ~_is_to_come())
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return self._connection.execute(delete(messages).where(messages.c.id.in_(expired))).rowcount

    def _takers(self, names_and_keys: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """Return the names and keys for which anybody could take a message, however many messages are kept."""
        asked = values(column("name", Text), column("key", Text), name="asked").data(names_and_keys)
        waiting, start = event_subscription, start_subscription.c
        is_awaited = exists().where(
            waiting.c.kind == "message",
            waiting.c.name == asked.c.name,
            key_of(waiting) == asked.c.key,
            process_instance.c.id == waiting.c.process_instance_id,
            process_instance.c.state == InstanceState.ACTIVE,
        )
        starts = exists().where(start.kind == "message", start.name == asked.c.name)
        found = self._connection.execute(select(asked.c.name, asked.c.key).where(or_(is_awaited, starts)))
        return [(row.name, row.key) for row in found]

    def _forget_equal(self, publication: Publication) -> None:
        over = (
            select(messages.c.id)
            .where(_equal_to(publication), messages.c.expires_at <= publication.published_at, ~_is_to_come())
            .with_for_update(skip_locked=True)
        )
        self._connection.execute(delete(messages).where(messages.c.id.in_(over)))

    def _opened(self, row: RowMapping) -> Message:
        publication = to_value(Publication, {**row, "variables": {}})
        variables = open_json(self._keys.seal(row["wrapped_key"]), row["variables"], where=_place(publication))
        return Message(id=row["id"], publication=to_value(Publication, {**row, "variables": variables}))


class SqlDeliveries:
    """Deliveries in PostgreSQL; workers skip rows that others are taking."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, message_ids: Sequence[int], *, due_at: datetime) -> None:
        """Let workers correlate these messages."""
        if message_ids:
            rows = [{"message_id": one, "due_at": due_at} for one in message_ids]
            self._connection.execute(upsert(deliveries).on_conflict_do_nothing(), rows)

    def add_signal(self, message: Message, *, besides: UUID | None) -> int:
        """Let workers hand a signal to everybody who waits for it now."""
        waiting = event_subscription.c
        query = select(
            literal(message.id), waiting.process_instance_id, waiting.subscription_key,
            literal(message.publication.published_at),
        ).where(waiting.kind == "signal", waiting.name == message.publication.name)  # fmt: skip
        if besides is not None:
            query = query.where(waiting.process_instance_id != besides)
        columns = ["message_id", "process_instance_id", "subscription_key", "due_at"]
        added = insert(deliveries).from_select(columns, query).returning(deliveries.c.id)
        return len(self._connection.execute(added).all())

    def add_one(self, message: Message, process_instance_id: UUID, subscription_key: int) -> None:
        """Let a worker hand a signal to one that is busy or suspended."""
        row = {
            "message_id": message.id,
            "process_instance_id": process_instance_id,
            "subscription_key": subscription_key,
            "due_at": message.publication.published_at,
        }
        self._connection.execute(insert(deliveries), row)

    def claim(self, *, now: datetime, lease: timedelta, limit: int) -> list[Delivery]:
        """Take due deliveries for one worker."""
        self._connection.execute(void_claims(deliveries, now))
        ready = (
            select(deliveries.c.id, deliveries.c.unanswered)
            .where(deliveries.c.ready_at <= now, is_for_the_awake())
            .order_by(deliveries.c.ready_at, deliveries.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        chosen = without_other_suspects(ready)
        taken = {"claimed_until": now + lease, "unanswered": deliveries.c.unanswered + 1}
        statement = update(deliveries).where(deliveries.c.id == chosen.c.id).values(taken)
        rows = self._connection.execute(statement.returning(deliveries)).mappings()
        return sorted((to_value(Delivery, row) for row in rows), key=lambda one: (one.due_at, one.id))

    def lock(self, delivery_id: int) -> Delivery | None:
        """Read one for a change."""
        query = select(deliveries).where(deliveries.c.id == delivery_id).with_for_update(skip_locked=True)
        row = self._connection.execute(query).mappings().first()
        return None if row is None else to_value(Delivery, row)

    def lock_for(self, process_instance_id: UUID, *, limit: int) -> list[Delivery]:
        """Read the signals one instance has not got yet for a change, in the order they were sent."""
        query = (
            select(deliveries)
            .where(deliveries.c.process_instance_id == process_instance_id)
            .order_by(deliveries.c.message_id, deliveries.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return [to_value(Delivery, row) for row in self._connection.execute(query).mappings()]

    def delete(self, delivery_id: int) -> None:
        """Forget one that is done."""
        self._connection.execute(delete(deliveries).where(deliveries.c.id == delivery_id))

    def give_up(self, message_id: int, *, until: datetime, reason: str) -> None:
        """Let everything that is to hand over a message wait as something that failed."""
        changed = {"claimed_until": until, "failures": 1, "last_error": reason}
        self._connection.execute(update(deliveries).where(deliveries.c.message_id == message_id).values(changed))

    def postpone(self, delivery: Delivery, *, until: datetime, failures: int, reason: str, unanswered: int = 0) -> None:
        """Let a delivery that failed wait."""
        changed = {"claimed_until": until, "failures": failures, "last_error": reason, "unanswered": unanswered}
        self._connection.execute(update(deliveries).where(deliveries.c.id == delivery.id).values(changed))


def is_for_the_awake() -> ColumnElement[bool]:
    """Return the condition that a delivery is not for a suspended instance."""
    target = deliveries.c.process_instance_id
    return or_(target.is_(None), target.not_in(suspended()))


def key_of(table: FromClause) -> ColumnElement[str]:
    """Return the correlation key of a message or subscription as its index holds it; an empty one is none."""
    return func.coalesce(table.c.correlation_key, literal_column("''"))


def _has_key(correlation_key: str | None) -> ColumnElement[bool]:
    return key_of(messages) == literal(correlation_key or "")


def _equal_to(publication: Publication) -> ColumnElement[bool]:
    return and_(
        messages.c.name == publication.name,
        _has_key(publication.correlation_key),
        messages.c.message_id == publication.message_id,
    )


def _is_to_come() -> ColumnElement[bool]:
    return exists().where(deliveries.c.message_id == messages.c.id)


def _has_reached(process_id: ColumnElement[str], instance_id: UUID | None = None) -> ColumnElement[bool]:
    is_theirs = or_(correlations.c.process_id == process_id, correlations.c.process_instance_id == instance_id)
    return exists().where(correlations.c.message_id == messages.c.id, is_theirs)


def _is_awaited() -> ColumnElement[bool]:
    """Return the condition that an active instance waits for a message that its process and itself have not got."""
    waiting, instance, drawn_in = event_subscription, process_instance, definition
    got = exists().where(
        correlations.c.message_id == messages.c.id,
        or_(
            correlations.c.process_id == func.coalesce(drawn_in.c.key, instance.c.process_id),
            correlations.c.process_instance_id == waiting.c.process_instance_id,
        ),
    )
    sources = waiting.join(instance, instance.c.id == waiting.c.process_instance_id).outerjoin(
        drawn_in, drawn_in.c.id == waiting.c.definition_id
    )
    return (
        select(literal(1))
        .select_from(sources)
        .where(
            waiting.c.kind == "message",
            waiting.c.name == messages.c.name,
            key_of(waiting) == key_of(messages),
            instance.c.state == InstanceState.ACTIVE,
            ~got.correlate(messages, waiting, instance, drawn_in),
        )
        .correlate(messages)
        .exists()
    )


def _can_start() -> ColumnElement[bool]:
    """Return the condition that a message starts a process that has not got it and runs no instance of its key."""
    start, running = start_subscription.c, process_instance.alias("running")
    is_running = exists().where(
        running.c.process_id == start.process_id,
        running.c.correlation_key == messages.c.correlation_key,
        running.c.ended_at.is_(None),
    )
    return (
        select(literal(1))
        .select_from(start_subscription)
        .where(
            start.kind == "message",
            start.name == messages.c.name,
            start.opened_at <= messages.c.published_at,
            ~is_running.correlate(messages, start_subscription),
            ~_has_reached(start.process_id).correlate(messages, start_subscription),
        )
        .correlate(messages)
        .exists()
    )


def _lock_number(name: str, key: str | None) -> int:
    digest = hashlib.blake2b(f"{len(name)}:{name}{key or ''}".encode(), digest_size=4).digest()
    return int.from_bytes(digest, signed=True)


def _place(publication: Publication) -> str:
    return f"message:{publication.kind}:{publication.name}:{publication.published_at.timestamp()}"
