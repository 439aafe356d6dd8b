"""Keys of requests in PostgreSQL."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from engine.errors import ConcurrentChange
from engine.submissions import Submission
from storage.tables.operations import submission as submissions


class SqlSubmissions:
    """Keys of requests and what they made."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def claim(self, key: str, digest: str, *, at: datetime) -> Submission | None:
        """Keep a new key; the index lets the second of two wait until the first is committed or undone."""
        row = {"key": key, "digest": digest, "submitted_at": at}
        once = insert(submissions).values(row).on_conflict_do_nothing(index_elements=["key"])
        if self._connection.execute(once.returning(submissions.c.key)).first() is not None:
            return None
        known = self._connection.execute(select(submissions).where(submissions.c.key == key)).one_or_none()
        if known is None:
            raise ConcurrentChange  # forgotten just now: the next try makes it anew
        return Submission(digest=known.digest, made_id=known.made_id)

    def forget(self, *, before: datetime, limit: int) -> None:
        """Remove up to `limit` keys that came before a moment, none that somebody else removes."""
        old = select(submissions.c.key).where(submissions.c.submitted_at < before).limit(limit)
        gone = old.with_for_update(skip_locked=True).scalar_subquery()
        self._connection.execute(delete(submissions).where(submissions.c.key.in_(gone)))

    def settle(self, key: str, made_id: UUID) -> None:
        """Write what was made."""
        self._connection.execute(update(submissions).where(submissions.c.key == key).values(made_id=made_id))
