"""Tasks on hold in PostgreSQL. What happens brings a task back by its row alone: its instance is not waited for."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, delete, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.rows import to_row
from storage.tables.advice import task_hold
from storage.tables.engine import user_task
from storage.work_lists import IS_OPEN
from workflows.casework.holds.model import Hold, HoldEvent


class SqlHolds:
    """Holds, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, hold: Hold) -> None:
        """Keep what a task waits for."""
        row = to_row(hold)
        statement = upsert(task_hold).values(row)
        self._connection.execute(statement.on_conflict_do_update(index_elements=["task_id"], set_=row))

    def drop(self, task_id: UUID) -> None:
        """Let a task wait for nothing."""
        self._connection.execute(delete(task_hold).where(task_hold.c.task_id == task_id))

    def end(self, case_id: UUID, event: HoldEvent, *, task_id: UUID | None = None) -> int:
        """Bring tasks back; one that was put off anew meanwhile stays where it is."""
        waiting = [task_hold.c.case_id == case_id, task_hold.c.event == event]
        if task_id is not None:
            waiting.append(task_hold.c.task_id == task_id)
        ended = delete(task_hold).where(*waiting).returning(task_hold.c.task_id, task_hold.c.until)
        rows = self._connection.execute(ended).all()
        brought = 0
        for row in rows:
            still = (user_task.c.id == row.task_id, user_task.c.follow_up_at == row.until, IS_OPEN)
            back = update(user_task).where(*still).values(follow_up_at=None, version=user_task.c.version + 1)
            brought += self._connection.execute(back).rowcount
        return brought
