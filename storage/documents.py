"""Printed documents in PostgreSQL: what they say is sealed under their case's key, or under one of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, Select, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.case_files import case_seal
from storage.encryption import CaseSeal, KeyRing
from storage.rows import to_row, to_value
from storage.sealing import open_json, seal_json
from storage.tables.casework import case_file
from storage.tables.documents import document_print, document_template, issued_document
from storage.tables.organisation import account
from workflows.casework.documents.model import DocumentPrint, IssuedDocument, Template


class SqlIssuedDocuments:
    """Issued documents."""

    def __init__(self, connection: Connection, keys: KeyRing) -> None:
        self._connection = connection
        self._keys = keys

    def add(self, document: IssuedDocument) -> None:
        """Keep a document."""
        wrapped = None
        if document.case_id is not None:
            seal = case_seal(self._connection, self._keys, document.case_id)
        else:
            seal, wrapped = self._keys.new_seal()
        row = {
            **to_row(document, "values"),
            "wrapped_key": wrapped,
            "content_sealed": seal_json(seal, dict(document.values or {}), where=_place(document.id)),
        }
        self._connection.execute(insert(issued_document).values(row))

    def get(self, document_id: UUID) -> IssuedDocument | None:
        """Return a document."""
        found = self._read(_documents().where(issued_document.c.id == document_id))
        return found[0] if found else None

    def by_number(self, number: str) -> Sequence[IssuedDocument]:
        """Return the versions of the documents with a number."""
        statement = _documents().where(issued_document.c.number == number)
        return self._read(statement.order_by(issued_document.c.kind, issued_document.c.version))

    def versions(self, *, kind: str, case_id: UUID | None, subject: str) -> Sequence[IssuedDocument]:
        """Return the versions about one subject; others who ask wait for this transaction."""
        self._wait(f"document:{kind}:{case_id}:{subject}")
        columns = issued_document.c
        statement = _documents().where(
            columns.kind == kind, columns.case_id.is_not_distinct_from(case_id), columns.subject == subject
        )
        return self._read(statement.order_by(columns.version))

    def of_case(self, case_id: UUID) -> Sequence[IssuedDocument]:
        """Return the documents of a case."""
        statement = _documents().where(issued_document.c.case_id == case_id)
        return self._read(statement.order_by(issued_document.c.issued_at, issued_document.c.number))

    def people(self, logins: Sequence[str]) -> Mapping[str, str]:
        """Return the names of people of the office."""
        columns = select(account.c.login, account.c.name).where(account.c.login.in_(set(logins)))
        return {row.login: row.name for row in self._connection.execute(columns)}

    def newest_template(self, kind: str) -> Template | None:
        """Return the newest template of a kind."""
        statement = select(document_template).where(document_template.c.kind == kind)
        newest = statement.order_by(document_template.c.version.desc()).limit(1)
        row = self._connection.execute(newest).mappings().first()
        return to_value(Template, row) if row else None

    def add_template(self, template: Template) -> None:
        """Keep a template."""
        self._connection.execute(upsert(document_template).values(to_row(template)).on_conflict_do_nothing())

    def template(self, sha256: str) -> Template | None:
        """Return a template by its content."""
        statement = select(document_template).where(document_template.c.sha256 == sha256).limit(1)
        row = self._connection.execute(statement).mappings().first()
        return to_value(Template, row) if row else None

    def templates(self, kind: str) -> Sequence[Template]:
        """Return the templates of a kind."""
        self._wait(f"document-template:{kind}")
        statement = select(document_template).where(document_template.c.kind == kind)
        rows = self._connection.execute(statement.order_by(document_template.c.version)).mappings()
        return [to_value(Template, row) for row in rows]

    def add_print(self, printed: DocumentPrint) -> None:
        """Keep a print."""
        self._connection.execute(insert(document_print).values(to_row(printed)))

    def prints(self, document_id: UUID) -> Sequence[DocumentPrint]:
        """Return the prints of a document; others who ask wait."""
        self._wait(f"document-print:{document_id}")
        statement = select(document_print).where(document_print.c.document_id == document_id)
        rows = self._connection.execute(statement.order_by(document_print.c.number)).mappings()
        return [to_value(DocumentPrint, row) for row in rows]

    def _wait(self, name: str) -> None:
        self._connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))

    def _read(self, statement: Select[Any]) -> list[IssuedDocument]:
        rows = self._connection.execute(statement).mappings().all()
        return [to_document(row, self._keys) for row in rows]


def to_document(row: RowMapping, keys: KeyRing) -> IssuedDocument:
    """Return the document of a row; of an erased case its values are gone."""
    wrapped = row["wrapped_key"] or row["case_key"]
    seal: CaseSeal | None = keys.seal(wrapped) if wrapped else None
    values = None if seal is None else open_json(seal, row["content_sealed"], where=_place(row["id"]))
    return to_value(IssuedDocument, {**row, "values": values})


def _documents() -> Select[Any]:
    return select(issued_document, case_file.c.wrapped_key.label("case_key")).outerjoin(
        case_file, case_file.c.id == issued_document.c.case_id
    )


def _place(document_id: UUID) -> str:
    return f"document:{document_id}"
