"""What the workbench needs from whoever keeps its data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from engine.model import Definition, ResourceKind
from engine.ports import UnitOfWork
from workflows.workbench.model import DefinitionDraft, DraftDeployment, DraftState, RunningVersion
from workflows.workbench.views import DraftLine, StateLine, VersionOfDefinition


class DefinitionDrafts(Protocol):
    """Drafts with their earlier states, in one transaction."""

    def add(self, draft: DefinitionDraft) -> bool:
        """Keep a new draft, unless there is an open one of this file."""
        ...

    def of_file(self, file_name: str) -> DefinitionDraft | None:
        """Return the open draft of a file."""
        ...

    def get(self, draft_id: UUID) -> DefinitionDraft | None:
        """Read a draft."""
        ...

    def lock(self, draft_id: UUID) -> DefinitionDraft | None:
        """Read a draft for a change: others who change it wait."""
        ...

    def save(self, draft: DefinitionDraft) -> None:
        """Write a draft that is there."""
        ...

    def keep(self, state: DraftState) -> None:
        """Keep what a draft held."""
        ...

    def last_kept_at(self, draft_id: UUID) -> datetime | None:
        """Return when the newest kept state of a draft had been saved."""
        ...

    def running(self, kind: ResourceKind, key: str) -> Sequence[RunningVersion]:
        """Return the versions by which something runs now, newest first."""
        ...

    def record(self, deployment: DraftDeployment) -> None:
        """Keep why a draft was deployed."""
        ...

    def person(self, login: str) -> str:
        """Return the name of somebody; of one who is unknown the login."""
        ...


class WorkbenchUnitOfWork(UnitOfWork, Protocol):
    """One transaction over the engine's data and the drafts."""

    @property
    def definition_drafts(self) -> DefinitionDrafts:
        """Return the drafts of definitions."""
        ...


class WorkbenchQueries(Protocol):
    """Questions about the library and the drafts; who may ask is decided at the edge."""

    def versions(self) -> Sequence[VersionOfDefinition]:
        """Return every version of everything deployed, by kind and key, the newest first."""
        ...

    def drafts(self) -> Sequence[DraftLine]:
        """Return the drafts that are being worked on, the last saved first."""
        ...

    def draft(self, draft_id: UUID, /) -> DefinitionDraft | None:
        """Return a draft."""
        ...

    def states(self, draft_id: UUID, /) -> Sequence[StateLine]:
        """Return the kept states of a draft, the newest first."""
        ...

    def state(self, draft_id: UUID, version: int, /) -> DraftState | None:
        """Return a kept state of a draft."""
        ...

    def content(self, definition_id: UUID, /) -> tuple[Definition, bytes] | None:
        """Return a deployed version with its file."""
        ...
