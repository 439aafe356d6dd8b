"""What may be asked of circulars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from engine.model import Actor
from workflows.casework.circulars.model import Circular, CircularCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class CircularLine:
    """A circular in a list, with the number and version it was published under."""

    circular: Circular
    saver_name: str | None
    number: str | None
    document_version: int | None


class CircularQueries(Protocol):
    """Questions about circulars; every method reads one committed state."""

    def circulars(self) -> Sequence[CircularLine]:
        """Return every circular somebody wrote words for or published, the newest month first."""
        ...

    def circular(self, month: date, /) -> CircularLine:
        """Return a month's circular; without words where nobody wrote any."""
        ...

    def counts(self, month: date, actor: Actor, /) -> CircularCounts:
        """Return what a month counts of orders and spot checks, as far as the actor sees them."""
        ...
