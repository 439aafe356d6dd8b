"""What may be asked of evidence: what there is of a case as far as an actor may see it, and how a link stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from engine.model import Actor
from workflows.casework.evidence.model import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceLine:
    """A piece of evidence in a list: its name, not its content."""

    evidence: Evidence
    case_number: str
    added_by_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoLinkState:
    """What a phone is told of a link: until when it works, and how many photos came."""

    expires_at: datetime
    photos: int


class EvidenceQueries(Protocol):
    """Questions about evidence. Other county units than civil affairs see what they added themselves."""

    def of_case(self, case_id: UUID, actor: Actor, /) -> Sequence[EvidenceLine]:
        """Return the evidence of a case that an actor sees, the newest first."""
        ...

    def one(self, evidence_id: UUID, actor: Actor, /) -> EvidenceLine:
        """Return a piece of evidence.

        Raises:
            EvidenceNotFound: there is none, or the actor does not see it.
        """
        ...

    def photo_link(self, token: str, /) -> PhotoLinkState | None:
        """Return how the link of a word stands; None where there is none."""
        ...
