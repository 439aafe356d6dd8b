"""Drafts of definitions, what a check of one says, and how they are deployed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import PurePosixPath
from uuid import UUID

from engine.comparison import Change
from engine.findings import Finding
from engine.model import Definition, Resource, ResourceKind


class DraftEnd(StrEnum):
    """How the work on a draft ended."""

    DEPLOYED = "deployed"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionDraft:
    """A file that is being worked on; one at a time for every file name, shared by all who may deploy.

    `version` counts what was saved: whoever saves says which version they began with.
    """

    id: UUID
    kind: ResourceKind
    file_name: str
    name: str  # as the file calls itself
    content: bytes
    version: int
    base_definition_id: UUID | None  # the deployed version it was made from
    note: str
    created_at: datetime
    created_by: str
    saved_at: datetime
    saved_by: str
    ended_at: datetime | None = None
    ended_by: str | None = None
    ended_how: DraftEnd | None = None

    @property
    def resource(self) -> Resource:
        """Return the draft as a deployment takes it."""
        return Resource(name=self.file_name, kind=self.kind, content=self.content)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftState:
    """What a draft held before somebody saved over it."""

    draft_id: UUID
    version: int
    content: bytes
    saved_at: datetime
    saved_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftDeployment:
    """Why a draft was deployed, and which warnings were known."""

    deployment_id: UUID
    draft_id: UUID
    reason: str
    confirmed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningVersion:
    """A version with what runs by it now: process instances, or open tasks that show a form."""

    definition: Definition
    running: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftCheck:
    """What deploying a draft would find, change and concern; `seen` stands for all of it."""

    draft: DefinitionDraft
    findings: Sequence[Finding]
    active: Definition | None
    active_content: bytes | None
    changes: Sequence[Change]
    running: Sequence[RunningVersion]

    @property
    def errors(self) -> Sequence[Finding]:
        """Return what must be put right first."""
        return [one for one in self.findings if one.severity == "error"]

    @property
    def warnings(self) -> Sequence[Finding]:
        """Return what may be as it is, if somebody says so."""
        return [one for one in self.findings if one.severity == "warning"]

    @property
    def is_unchanged(self) -> bool:
        """Say whether the draft is the active version, to the letter."""
        return self.active_content == self.draft.content

    @property
    def seen(self) -> str:
        """Return what stands for the content, the active version and the warnings, as somebody saw them."""
        parts = (hashlib.sha256(self.draft.content).hexdigest(), str(self.active and self.active.id), *self.marks)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]

    @property
    def marks(self) -> tuple[str, ...]:
        """Return what stands for each warning."""
        return tuple(sorted({f"{one.code}@{one.element_id or ''}" for one in self.warnings}))


ENDINGS: dict[ResourceKind, str] = {"process": ".bpmn", "decision": ".dmn", "form": ".form"}
MOST_NAME = 120


def is_file_name(name: str, kind: ResourceKind) -> bool:
    """Say whether a file of this kind may be called so."""
    path = PurePosixPath(name)
    plain = path.name == name and name.isprintable() and "\\" not in name
    return plain and len(name) <= MOST_NAME and path.suffix == ENDINGS[kind] and bool(path.stem.strip())
