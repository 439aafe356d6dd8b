"""Somebody in whose name another person acts for a while."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from engine.model import Actor, UserTask


@dataclass(frozen=True, slots=True, kw_only=True)
class StandIn:
    """Somebody absent for whom an actor acts, and the versions of processes in whose tasks; None: in all."""

    person: Actor  # with the posts held now; stands in for nobody here, so that there is no chain
    definition_ids: tuple[UUID, ...] | None = None

    def covers(self, task: UserTask) -> bool:
        """Say whether the substitute acts in tasks of this kind."""
        return self.definition_ids is None or task.definition_id in self.definition_ids
