"""A piece of evidence as it is kept, and the short-lived link by which a phone hands in photos of it."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from engine.model import Actor
from workflows.casework.evidence.file_kinds import PREVIEWED, FileKind
from workflows.casework.sight import WHOLE_REGION_KINDS, unit_kinds


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A file beside a case. Name and content are sealed with the case; the digest is of the content as kept."""

    id: UUID
    case_id: UUID
    name: str
    kind: FileKind
    size_bytes: int
    sha256: str
    unit_kind: str  # of who added it: other county units see their own alone
    added_at: datetime
    added_by: str
    photo_link_id: UUID | None = None  # None: it was handed in at a desk, or by a program

    @property
    def is_shown(self) -> bool:
        """Say whether it can be looked at on a page; what cannot is downloaded."""
        return self.kind in PREVIEWED


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceFile:
    """A piece of evidence with its content."""

    evidence: Evidence
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoLink:
    """What a phone may do for one person and one case until it expires: hand in photos, and see nothing."""

    id: UUID
    case_id: UUID
    token_hash: str
    unit_kind: str
    made_by: str
    made_at: datetime
    expires_at: datetime
    photos: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPhotoLink:
    """A link with the word that opens it, which is told once and kept by nobody."""

    link: PhotoLink
    token: str


def new_token() -> str:
    """Return a word nobody can guess."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return what is kept of the word of a link."""
    return hashlib.sha256(token.encode()).hexdigest()


def adding_unit(actor: Actor, region: str) -> str:
    """Return the kind of unit for which an actor adds something to a case; a window or civil affairs before others."""
    kinds = unit_kinds(actor, region)
    return min(kinds, key=lambda kind: (kind not in WHOLE_REGION_KINDS, kind), default="")
