"""What happened to an open user task by its listeners, for the rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.core.model import Fact

if TYPE_CHECKING:
    from engine.core.listener_model import Person, TaskAttributes


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitionBegun(Fact):
    """A user task waits for its listeners of this event; until they are done nobody else changes it."""

    event: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitionEnded(Fact):
    """A user task's transition is over: `task` as it is now, `action` as it was asked, by whom."""

    event: str
    action: str
    by: Person | None
    task: TaskAttributes
    given_reason: str = ""  # of whoever asked


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitionDenied(Fact):
    """A listener denied what was asked, `task` as it would be then; the user task is as it was."""

    event: str
    action: str
    by: Person | None
    task: TaskAttributes
    reason: str
    given_reason: str = ""
