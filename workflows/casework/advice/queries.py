"""What may be asked of questions to other units: those of a task and of a case, as far as an actor may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from engine.model import Actor
from workflows.casework.advice.model import Advice
from workflows.casework.holds.model import HoldEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceLine:
    """A question with the names of people and the open task it waits in."""

    advice: Advice
    asked_by_name: str
    closed_by_name: str | None
    open_task: UUID | None
    shown: int  # pieces of evidence shown with it


class AdviceQueries(Protocol):
    """Questions about questions. Seen are those of cases one sees whole, and those one's own unit asks or is asked."""

    def of_case(self, case_id: UUID, actor: Actor, /) -> Sequence[AdviceLine]:
        """Return the questions about a case that an actor sees, the newest first."""
        ...

    def of_task(self, task_id: UUID, actor: Actor, /) -> Sequence[AdviceLine]:
        """Return the questions of a task that an actor sees, the newest first."""
        ...

    def awaited(self, task_id: UUID, /) -> HoldEvent | None:
        """Return what brings a task that is put off back before its day; whether the actor sees it asks who calls."""
        ...

    def one(self, advice_id: UUID, actor: Actor, /) -> AdviceLine:
        """Return a question.

        Raises:
            AdviceNotFound: there is none, or the actor does not see it.
        """
        ...
