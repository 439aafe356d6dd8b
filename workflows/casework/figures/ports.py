"""The questions of supervisors, answered by whoever keeps the data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from engine.model import Actor
from workflows.casework.figures.books import Finding
from workflows.casework.figures.model import SupervisorFigures


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureFilter:
    """Which figures: of a period with both days in it, and of a region the actor sees."""

    actor: Actor
    since: date
    until: date
    region: str = ""  # a town, or a prefix of one; empty: all the actor sees
    unit_kind: str = ""  # narrows what is told by units to one kind; empty: every kind


class FigureQueries(Protocol):
    """Figures and books; every method reads one committed state."""

    def figures(self, wanted: FigureFilter, /) -> SupervisorFigures:
        """Return the figures of a period."""
        ...

    def books(self) -> Sequence[Finding]:
        """Return where the books of the whole county do not hold; nothing when they do."""
        ...
