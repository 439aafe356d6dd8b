"""What the workbench is answered with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from engine.json_values import JsonObject
from engine.model import Definition, ResourceKind
from web.schemas.base import answer_schema
from web.workbench import ElementChange, FindingLine, finding_lines
from workflows.workbench.contents import text_of
from workflows.workbench.model import DefinitionDraft, DraftCheck, RunningVersion
from workflows.workbench.views import DraftLine, StateLine, VersionOfDefinition


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryAnswer:
    """Everything deployed, what is being worked on, and the files of the product."""

    versions: Sequence[VersionOfDefinition]
    drafts: Sequence[DraftLine]
    shipped_files: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionDraftAnswer:
    """A draft with what it holds."""

    id: UUID
    kind: ResourceKind
    file_name: str
    name: str
    version: int
    content: str
    base_definition_id: UUID | None
    note: str
    created_at: datetime
    created_by: str
    saved_at: datetime
    saved_by: str
    ended_at: datetime | None
    ended_how: str | None
    states: Sequence[StateLine]

    @classmethod
    def of(cls, draft: DefinitionDraft, states: Sequence[StateLine]) -> DefinitionDraftAnswer:
        """Show a draft.

        Raises:
            DraftNotText: it is in no encoding that can be read.
        """
        return cls(
            id=draft.id,
            kind=draft.kind,
            file_name=draft.file_name,
            name=draft.name,
            version=draft.version,
            content=text_of(draft.kind, draft.content, draft.file_name),
            base_definition_id=draft.base_definition_id,
            note=draft.note,
            created_at=draft.created_at,
            created_by=draft.created_by,
            saved_at=draft.saved_at,
            saved_by=draft.saved_by,
            ended_at=draft.ended_at,
            ended_how=draft.ended_how.value if draft.ended_how else None,
            states=states,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedDraftAnswer:
    """A draft as it was saved."""

    id: UUID
    kind: ResourceKind
    file_name: str
    name: str
    version: int
    note: str
    saved_at: datetime
    saved_by: str

    @classmethod
    def of(cls, draft: DefinitionDraft) -> SavedDraftAnswer:
        """Show a draft."""
        return cls(
            id=draft.id,
            kind=draft.kind,
            file_name=draft.file_name,
            name=draft.name,
            version=draft.version,
            note=draft.note,
            saved_at=draft.saved_at,
            saved_by=draft.saved_by,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingsAnswer:
    """What was found in a file, errors first."""

    findings: Sequence[FindingLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonAnswer:
    """What one content changes of another."""

    changes: Sequence[ElementChange]


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftCheckAnswer:
    """What deploying a draft would find, change and concern; `seen` is sent with the deployment."""

    findings: Sequence[FindingLine]
    active: Definition | None
    is_unchanged: bool
    changes: Sequence[ElementChange]
    running: Sequence[RunningVersion]
    seen: str

    @classmethod
    def of(cls, check: DraftCheck) -> DraftCheckAnswer:
        """Show a check in the reader's language."""
        return cls(
            findings=finding_lines(check.findings),
            active=check.active,
            is_unchanged=check.is_unchanged,
            changes=[ElementChange.of(one) for one in check.changes],
            running=check.running,
            seen=check.seen,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplatesOfElementsAnswer:
    """Element templates, as Camunda's modelers take them."""

    templates: Sequence[JsonObject]


LibrarySchema = answer_schema(LibraryAnswer)
DefinitionDraftSchema = answer_schema(DefinitionDraftAnswer)
SavedDraftAnswerSchema = answer_schema(SavedDraftAnswer)
FindingsSchema = answer_schema(FindingsAnswer)
ComparisonAnswerSchema = answer_schema(ComparisonAnswer)
DraftCheckSchema = answer_schema(DraftCheckAnswer)
TemplatesOfElementsSchema = answer_schema(TemplatesOfElementsAnswer)
