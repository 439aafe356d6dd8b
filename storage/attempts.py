"""What was tried and failed: every incident as it was raised, and every failure of a job before its last."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, func, insert, select

from engine.changes import Changes
from engine.model import Attempt
from storage.rows import to_row, to_rows
from storage.tables.operations import attempt as attempts


class SqlAttempts:
    """Failed attempts in PostgreSQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, attempt: Attempt) -> None:
        """Append a failed attempt."""
        self._connection.execute(insert(attempts), to_row(attempt))

    def times(self, process_instance_id: UUID, key: int, *, kind: str) -> int:
        """Count the attempts of a kind at one element."""
        here = (attempts.c.process_instance_id == process_instance_id, attempts.c.key == key, attempts.c.kind == kind)
        return self._connection.execute(select(func.count()).select_from(attempts).where(*here)).scalar_one()


def write_attempts(connection: Connection, changes: Changes) -> None:
    """Append what became an incident in a run."""
    failed = [
        Attempt(
            process_instance_id=one.process_instance_id,
            key=one.key,
            element_id=one.element_id,
            kind=one.kind,
            reason=one.reason,
            at=changes.at,
            by=changes.actor.id,
            retries_left=0 if one.kind == "job" else None,
        )
        for one in changes.incidents_raised.values()
    ]
    if failed:
        connection.execute(insert(attempts), to_rows(failed))
