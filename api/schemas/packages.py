"""What is answered about packages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.schemas.workbench import SavedDraftAnswer
from engine.model import ResourceKind
from web.schemas.base import answer_schema
from web.workbench import FindingLine, finding_lines
from workflows.workbench.packages import PackagedDefinition
from workflows.workbench.packaging import CheckedFile, FileState, PackageCheck


@dataclass(frozen=True, slots=True, kw_only=True)
class PackagedFileAnswer:
    """A file of a package, and how it stands to what is here."""

    file_name: str
    kind: ResourceKind
    definitions: Sequence[PackagedDefinition]
    state: FileState
    active_version: int | None

    @classmethod
    def of(cls, checked: CheckedFile) -> PackagedFileAnswer:
        """Show a file."""
        return cls(
            file_name=checked.file.resource.name,
            kind=checked.file.resource.kind,
            definitions=checked.file.definitions,
            state=checked.state,
            active_version=checked.active.version if checked.active else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageCheckAnswer:
    """What taking a package in would make; `missing` counts the findings that have to be provided for first."""

    programme: PackagedDefinition
    files: Sequence[PackagedFileAnswer]
    findings: Sequence[FindingLine]
    missing: int
    by_expression: Sequence[str]
    untranslated: Sequence[str]

    @classmethod
    def of(cls, check: PackageCheck) -> PackageCheckAnswer:
        """Show a check in the reader's language."""
        return cls(
            programme=check.package.programme,
            files=[PackagedFileAnswer.of(one) for one in check.files],
            findings=finding_lines(check.findings),
            missing=len(check.missing),
            by_expression=check.package.by_expression,
            untranslated=check.untranslated,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedDraftsAnswer:
    """The drafts a package became; what was active as it is has none."""

    drafts: Sequence[SavedDraftAnswer]


PackageCheckSchema = answer_schema(PackageCheckAnswer)
ImportedDraftsSchema = answer_schema(ImportedDraftsAnswer)
