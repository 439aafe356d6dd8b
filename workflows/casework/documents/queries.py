"""What may be asked of documents: which there are of a case or the county, and the templates of a kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from engine.model import Actor
from workflows.casework.documents.kinds import PaperKind, paper_kind
from workflows.casework.documents.model import IssuedDocument, Template
from workflows.printing.fields import Field


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    """A document in a list: what it is, not what it says."""

    id: UUID
    kind: str
    kind_name: str
    kind_name_en: str
    number: str
    version: int
    case_id: UUID | None
    subject: str
    unit: str
    issued_at: datetime
    issued_by: str
    digest: str
    code: str
    originals_left: int
    prints: int

    @classmethod
    def of(cls, document: IssuedDocument, prints: int) -> DocumentView:
        """Return the line of a document."""
        kind = paper_kind(document.kind)
        return cls(
            id=document.id,
            kind=document.kind,
            kind_name=kind.name,
            kind_name_en=kind.name_en,
            number=document.number,
            version=document.version,
            case_id=document.case_id,
            subject=document.subject,
            unit=document.unit,
            issued_at=document.issued_at,
            issued_by=document.issued_by,
            digest=document.digest,
            code=document.code,
            originals_left=max(kind.copies - prints, 0),
            prints=prints,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateView:
    """A version of a template."""

    kind: str
    version: int
    sha256: str
    added_at: datetime
    added_by: str
    note: str
    is_shipped: bool

    @classmethod
    def of(cls, template: Template) -> TemplateView:
        """Return the line of a template."""
        return cls(
            kind=template.kind,
            version=template.version,
            sha256=template.sha256,
            added_at=template.added_at,
            added_by=template.added_by,
            note=template.note,
            is_shipped=template.is_shipped,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnView:
    """A column of a table field."""

    key: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """A field a template may ask for."""

    key: str
    name: str
    name_en: str
    kind: str
    columns: list[ColumnView]

    @classmethod
    def of(cls, field: Field) -> FieldView:
        """Return the description of a field."""
        columns = [ColumnView(key=one.key, name=one.name, name_en=one.name_en) for one in field.columns]
        return cls(key=field.key, name=field.name, name_en=field.name_en, kind=field.kind.value, columns=columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class KindView:
    """A kind of document with everything that can stand on it."""

    key: str
    name: str
    name_en: str
    series: str
    copies: int
    about: str
    fields: list[FieldView]

    @classmethod
    def of(cls, kind: PaperKind) -> KindView:
        """Return the description of a kind."""
        return cls(
            key=kind.key,
            name=kind.name,
            name_en=kind.name_en,
            series=kind.series,
            copies=kind.copies,
            about=kind.about.value,
            fields=[FieldView.of(field) for field in kind.fields],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFilter:
    """Which documents the actor wants to see: those of the county, or all in sight of a whole number."""

    actor: Actor
    number: str | None = None
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPage:
    """One page of a list and the size of the whole."""

    documents: Sequence[DocumentView]
    total: int


class DocumentQueries(Protocol):
    """Questions about documents."""

    def of_case(self, case_id: UUID, /) -> Sequence[DocumentView]:
        """Return the documents of a case the caller may see, oldest first."""
        ...

    def registered(self, wanted: DocumentFilter, /) -> DocumentPage:
        """Return a page of documents, newest first; none that the actor may not read."""
        ...

    def newest_templates(self) -> Sequence[TemplateView]:
        """Return the newest template of every kind that has one which was kept."""
        ...

    def templates(self, kind: str, /) -> Sequence[TemplateView]:
        """Return the templates of a kind that were kept, the newest last."""
        ...

    def template(self, kind: str, version: int | None, /) -> Template | None:
        """Return a template; without a version the newest that was kept."""
        ...
