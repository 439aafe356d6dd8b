"""Start events that wait for something, of the newest version of each process."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select, text, update

from engine.core.model import Repeat
from engine.model import StartSubscription
from storage.claims import is_free, without_other_suspects
from storage.rows import to_rows, to_value
from storage.tables.messages import start_subscription as starts

KEY_LOCK = 7_310_004  # first half of the advisory locks of processes and correlation keys


class SqlStartSubscriptions:
    """Start events in PostgreSQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def replace(self, process_id: str, subscriptions: Sequence[StartSubscription]) -> None:
        """Put the start events of a new version in the place of the old ones; a kept name keeps its opening time."""
        gone = delete(starts).where(starts.c.process_id == process_id).returning(starts)
        before = {(row.kind, row.name): row.opened_at for row in self._connection.execute(gone) if row.name is not None}
        if not subscriptions:
            return
        rows = to_rows(subscriptions)
        for row in rows:
            row["opened_at"] = before.get((row["kind"], row["name"]), row["opened_at"])
        self._connection.execute(insert(starts), rows)

    def named(self, kind: str, name: str) -> list[StartSubscription]:
        """Return the start events of a message or signal name, by process id."""
        query = select(starts).where(starts.c.kind == kind, starts.c.name == name)
        rows = self._connection.execute(query.order_by(starts.c.process_id, starts.c.element_id)).mappings()
        return [to_value(StartSubscription, row) for row in rows]

    def conditional(self, process_id: str | None) -> list[StartSubscription]:
        """Return the conditional start events of a process, or of all."""
        query = select(starts).where(starts.c.kind == "conditional")
        if process_id is not None:
            query = query.where(starts.c.process_id == process_id)
        rows = self._connection.execute(query.order_by(starts.c.process_id, starts.c.element_id)).mappings()
        return [to_value(StartSubscription, row) for row in rows]

    def names_of(self, process_id: str) -> list[str]:
        """Return the message names that start a process."""
        query = select(starts.c.name).where(starts.c.kind == "message", starts.c.process_id == process_id)
        return list(self._connection.execute(query).scalars())

    def claim_key(self, process_id: str, correlation_key: str) -> bool:
        """Let nobody else start this process by this key until the transaction ends."""
        digest = hashlib.blake2b(f"{len(process_id)}:{process_id}{correlation_key}".encode(), digest_size=4).digest()
        numbers = {"first": KEY_LOCK, "second": int.from_bytes(digest, signed=True)}
        statement = text("SELECT pg_try_advisory_xact_lock(:first, :second)")
        return bool(self._connection.execute(statement, numbers).scalar_one())

    def claim(self, *, now: datetime, lease: timedelta, limit: int) -> list[StartSubscription]:
        """Take due timer start events for one worker."""
        ready = (
            select(starts.c.definition_id, starts.c.element_id, starts.c.unanswered)
            .where(starts.c.due_at <= now, is_free(starts.c.claimed_until, now))
            .order_by(starts.c.due_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        chosen = without_other_suspects(ready)
        statement = (
            update(starts)
            .where(starts.c.definition_id == chosen.c.definition_id, starts.c.element_id == chosen.c.element_id)
            .values(claimed_until=now + lease, unanswered=starts.c.unanswered + 1)
            .returning(starts)
        )
        rows = self._connection.execute(statement).mappings()
        return [to_value(StartSubscription, row) for row in sorted(rows, key=lambda one: one["due_at"])]

    def lock(self, definition_id: UUID, element_id: str) -> StartSubscription | None:
        """Read one for a change."""
        query = select(starts).where(starts.c.definition_id == definition_id, starts.c.element_id == element_id)
        row = self._connection.execute(query.with_for_update()).mappings().first()
        return None if row is None else to_value(StartSubscription, row)

    def move_on(self, subscription: StartSubscription, following: tuple[datetime, Repeat] | None) -> None:
        """Write when a timer start event fires next; without a next time it is over."""
        if following is None:
            self._connection.execute(delete(starts).where(_is(subscription)))
            return
        due_at, repeat = following
        changed = {
            "due_at": due_at,
            "repeat_left": repeat.left,
            "repeat_interval": repeat.interval,
            "claimed_until": None,
            "failures": 0,
            "last_error": None,
            "unanswered": 0,
        }
        self._connection.execute(update(starts).where(_is(subscription)).values(changed))

    def postpone(
        self, subscription: StartSubscription, *, until: datetime, failures: int, reason: str, unanswered: int = 0
    ) -> None:
        """Let a timer start event that could not fire wait."""
        changed = {"claimed_until": until, "failures": failures, "last_error": reason, "unanswered": unanswered}
        self._connection.execute(update(starts).where(_is(subscription)).values(changed))


def _is(subscription: StartSubscription) -> ColumnElement[bool]:
    return and_(starts.c.definition_id == subscription.definition_id, starts.c.element_id == subscription.element_id)
