"""Who has a task or a case open just now, and who ever opened which task.

The former is for others to see, written at most once a minute a person, and never kept; the latter for oneself alone: a
work list marks what its reader has not opened yet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from engine.host import Context
from engine.model import Actor, UserTask
from workflows.casework.ports import CaseworkUnitOfWork

WRITTEN_EVERY = timedelta(minutes=1)
LASTS = timedelta(seconds=150)
"""For how long somebody counts as present who was heard of last: two hearings, and some for slow lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentPerson:
    """Somebody else who is here."""

    login: str
    name: str
    since: datetime
    is_at_task: bool  # has this very task open; else the case or another task of it


@dataclass(frozen=True, slots=True, kw_only=True)
class BeHere:
    """Tell that the actor, who sees the place, has it open now; told again before its time it changes nothing.

    `business_key` is the number of the case, or the key of a process without one. Nothing is written into any history.
    """

    business_key: str
    task_id: UUID | None = None

    def execute(self, context: Context[CaseworkUnitOfWork]) -> timedelta:
        """Return after how long to tell it again."""
        now = context.now()
        seen_at = context.unit_of_work.presence.take(
            context.actor.id, business_key=self.business_key, task_id=self.task_id, at=now
        )
        return max(seen_at + WRITTEN_EVERY - now, timedelta()) + timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteTaskOpened:
    """Note that the actor, who sees the task, opened it; what was opened before somebody held it is new to its holder.

    Nothing is written into any history.
    """

    task: UserTask

    def execute(self, context: Context[CaseworkUnitOfWork]) -> None:
        """Note it, once."""
        login = context.actor.id
        context.unit_of_work.presence.note_opened(
            self.task.id, login, as_holder=self.task.assignee == login, at=context.now()
        )


class PresenceQueries(Protocol):
    """Questions about who is where; never of the actor, never of those not heard of for a while."""

    def at_task(self, task: UserTask, actor: Actor, /) -> Sequence[PresentPerson]:
        """Return who else has a task open that the actor sees; and its case, where the actor sees that whole."""
        ...

    def at_case(self, number: str, actor: Actor, /) -> Sequence[PresentPerson]:
        """Return who else has a case or a task of it open; nobody, unless the actor sees the case whole."""
        ...

    def at_tasks(self, task_ids: Sequence[UUID], actor: Actor, /) -> Mapping[UUID, Sequence[PresentPerson]]:
        """Return who else has which of these tasks open, all of which the actor sees."""
        ...

    def unopened(self, tasks: Sequence[UserTask], actor: Actor, /) -> frozenset[UUID]:
        """Return which of these tasks the actor has not opened, or not since holding them."""
        ...
