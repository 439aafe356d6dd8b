"""What the library shows: versions with what runs by them, drafts, and the kept states of a draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from engine.model import ResourceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionOfDefinition:
    """A deployed version: who deployed it, when and why, and what runs by it."""

    id: UUID
    kind: ResourceKind
    key: str
    name: str
    name_en: str
    version: int
    version_tag: str | None
    resource_name: str
    deployed_at: datetime
    deployed_by: str
    reason: str | None
    running: int  # process instances, or open tasks that show a form


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLine:
    """A draft in a list, without its content."""

    id: UUID
    kind: ResourceKind
    file_name: str
    name: str
    version: int
    base_definition_id: UUID | None
    base_version: int | None
    note: str
    created_at: datetime
    created_by: str
    saved_at: datetime
    saved_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StateLine:
    """A kept state of a draft in a list."""

    version: int
    saved_at: datetime
    saved_by: str
