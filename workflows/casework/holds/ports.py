"""What tasks on hold need from whoever keeps them, inside the caller's transaction."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from workflows.casework.holds.model import Hold, HoldEvent


class Holds(Protocol):
    """Which open tasks wait for what."""

    def keep(self, hold: Hold) -> None:
        """Keep what a task waits for, in place of what it waited for before."""
        ...

    def drop(self, task_id: UUID) -> None:
        """Let a task wait for nothing any more."""
        ...

    def end(self, case_id: UUID, event: HoldEvent, *, task_id: UUID | None = None) -> int:
        """Bring back the open tasks of a case, or one of them, that wait for what has happened; return how many."""
        ...
