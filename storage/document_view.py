"""What may be asked of printed documents, over connections of their own; nothing sealed is opened for a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy import Engine as Database

from storage.case_visibility import is_seen_whole
from storage.database import for_reading
from storage.rows import to_value
from storage.tables.casework import case_file
from storage.tables.documents import document_print, document_template, issued_document
from workflows.casework.documents.commands import reads_county_documents
from workflows.casework.documents.model import IssuedDocument, Template
from workflows.casework.documents.queries import DocumentFilter, DocumentPage, DocumentView, TemplateView


class SqlDocumentQueries:
    """Questions about documents."""

    def __init__(self, database: Database) -> None:
        self._database = for_reading(database)

    def of_case(self, case_id: UUID, /) -> Sequence[DocumentView]:
        """Return the documents of a case."""
        order = (issued_document.c.issued_at, issued_document.c.number)
        return self._views(_listed(issued_document.c.case_id == case_id).order_by(*order))

    def registered(self, wanted: DocumentFilter, /) -> DocumentPage:
        """Return a page of documents."""
        condition = _is_registered(wanted)
        order = (issued_document.c.issued_at.desc(), issued_document.c.number, issued_document.c.id)
        page = _listed(condition).order_by(*order).limit(wanted.limit).offset(wanted.offset)
        counted = select(func.count()).select_from(issued_document).where(condition)
        with self._database.connect() as connection:
            total = connection.execute(counted).scalar_one()
        return DocumentPage(documents=self._views(page), total=total)

    def newest_templates(self) -> Sequence[TemplateView]:
        """Return the newest template of every kind."""
        newest = select(func.max(document_template.c.version).label("version"), document_template.c.kind)
        found = newest.group_by(document_template.c.kind).subquery()
        columns = [column for column in document_template.c if column.name != "content"]
        is_newest = and_(found.c.kind == document_template.c.kind, found.c.version == document_template.c.version)
        statement = select(*columns).join(found, is_newest).order_by(document_template.c.kind)
        with self._database.connect() as connection:
            return [to_value(TemplateView, row) for row in connection.execute(statement).mappings()]

    def templates(self, kind: str, /) -> Sequence[TemplateView]:
        """Return the templates of a kind."""
        statement = select(document_template).where(document_template.c.kind == kind)
        with self._database.connect() as connection:
            rows = connection.execute(statement.order_by(document_template.c.version)).mappings()
            return [TemplateView.of(to_value(Template, row)) for row in rows]

    def template(self, kind: str, version: int | None, /) -> Template | None:
        """Return a template."""
        statement = select(document_template).where(document_template.c.kind == kind)
        if version is not None:
            statement = statement.where(document_template.c.version == version)
        with self._database.connect() as connection:
            newest = statement.order_by(document_template.c.version.desc()).limit(1)
            row = connection.execute(newest).mappings().first()
        return to_value(Template, row) if row else None

    def _views(self, statement: Select[Any]) -> list[DocumentView]:
        with self._database.connect() as connection:
            rows = connection.execute(statement).mappings().all()
        return [DocumentView.of(to_value(IssuedDocument, {**row, "values": None}), row["prints"]) for row in rows]


def _is_registered(wanted: DocumentFilter) -> ColumnElement[bool]:
    """Documents of the county; by a number also those of cases the actor sees whole."""
    of_county = issued_document.c.case_id.is_(None) if reads_county_documents(wanted.actor) else false()
    if wanted.number is None:
        return of_county
    seen = select(case_file.c.id).where(is_seen_whole(wanted.actor))
    return and_(issued_document.c.number == wanted.number, or_(of_county, issued_document.c.case_id.in_(seen)))


def _listed(condition: ColumnElement[bool]) -> Select[Any]:
    printed = (
        select(func.count())
        .select_from(document_print)
        .where(document_print.c.document_id == issued_document.c.id)
        .scalar_subquery()
    )
    columns = [column for column in issued_document.c if column.name not in ("content_sealed", "wrapped_key")]
    return select(*columns, printed.label("prints")).where(condition)
