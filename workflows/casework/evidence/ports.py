"""What evidence needs from whoever keeps it, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from workflows.casework.evidence.model import Evidence, EvidenceFile, PhotoLink


class EvidenceFiles(Protocol):
    """The evidence of cases, sealed under their keys."""

    def add(self, evidence: Evidence, content: bytes) -> bool:
        """Keep a file; say False and keep nothing when the unit added the same content to the case already."""
        ...

    def same(self, case_id: UUID, unit_kind: str, sha256: str) -> Evidence | None:
        """Return what a unit added to a case with this content."""
        ...

    def get(self, evidence_id: UUID) -> EvidenceFile | None:
        """Return a file; None where there is none, or its case was erased."""
        ...

    def units_of(self, case_id: UUID, evidence_ids: Sequence[UUID]) -> Mapping[UUID, str]:
        """Return the units that added files, of those of the ids that are of a case; no content is opened."""
        ...

    def count(self, case_id: UUID) -> int:
        """Return how many files a case has."""
        ...

    def remove(self, evidence_id: UUID) -> None:
        """Destroy a file."""
        ...

    def add_link(self, link: PhotoLink) -> None:
        """Keep a link for photos."""
        ...

    def link(self, token_hash: str) -> PhotoLink | None:
        """Return the link of a word."""
        ...

    def count_photo(self, link_id: UUID) -> int:
        """Count one photo more for a link and return how many it has; others of the link wait."""
        ...
