"""What documents need from whoever keeps them, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from workflows.casework.documents.model import DocumentPrint, IssuedDocument, Template


class IssuedDocuments(Protocol):
    """Issued documents, their templates and their prints; nothing of them is ever overwritten."""

    def add(self, document: IssuedDocument) -> None:
        """Keep a document."""
        ...

    def get(self, document_id: UUID) -> IssuedDocument | None:
        """Return a document."""
        ...

    def by_number(self, number: str) -> Sequence[IssuedDocument]:
        """Return the versions of the documents with a number, the newest last."""
        ...

    def versions(self, *, kind: str, case_id: UUID | None, subject: str) -> Sequence[IssuedDocument]:
        """Return the versions of a document about one subject, the newest last; others who ask wait for this one."""
        ...

    def of_case(self, case_id: UUID) -> Sequence[IssuedDocument]:
        """Return the documents of a case, oldest first."""
        ...

    def people(self, logins: Sequence[str]) -> Mapping[str, str]:
        """Return the names of people of the office, as papers name who did something; unknown ones are left out."""
        ...

    def newest_template(self, kind: str) -> Template | None:
        """Return the newest template of a kind."""
        ...

    def add_template(self, template: Template) -> None:
        """Keep a template; one with the same content is kept already."""
        ...

    def template(self, sha256: str) -> Template | None:
        """Return a template by its content."""
        ...

    def templates(self, kind: str) -> Sequence[Template]:
        """Return the templates of a kind, the newest last; others who ask wait for this transaction."""
        ...

    def add_print(self, printed: DocumentPrint) -> None:
        """Keep that a document was printed."""
        ...

    def prints(self, document_id: UUID) -> Sequence[DocumentPrint]:
        """Return the prints of a document; others who ask wait for this transaction."""
        ...
