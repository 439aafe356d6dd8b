"""Printed documents: issue, list, read, print, verify."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import url_for

from api.operations import Created, FileAnswer, Operation, operation
from api.resources.blueprint import api
from api.resources.clock import seen_case
from api.schemas.documents import (
    CodeSchema,
    CountyDocumentsSchema,
    DocumentsAnswer,
    DocumentsAnswerSchema,
    DocumentSchema,
    FormSchema,
    IssueSchema,
    KindsAnswer,
    KindsAnswerSchema,
    PreviewSchema,
    VerifiedDocumentSchema,
)
from api.services import current
from web.authentication import current_actor
from web.pages.verification import ANYBODY
from web.public import verify_url
from workflows.casework.documents.commands import (
    IssueDocument,
    PreviewDocument,
    PrintDocument,
    ReadDocument,
    Sheet,
    VerifyDocument,
)
from workflows.casework.documents.kinds import paper_kind, paper_kinds
from workflows.casework.documents.model import IssuedDocument, VerifiedDocument
from workflows.casework.documents.printing import MEDIA_TYPES, FileForm, printed, sample
from workflows.casework.documents.queries import DocumentFilter, DocumentView, KindView
from workflows.casework.errors import CaseNotFound
from workflows.casework.sight import is_purpose_limited
from workflows.organisation.rights import Right

FILES = tuple(MEDIA_TYPES.values())


@api.get("/document-kinds")
@operation(
    Operation(
        summary="The kinds of printed documents, with the fields a template may ask for",
        right=Right.WORK,
        answer=KindsAnswerSchema,
    )
)
def list_document_kinds() -> KindsAnswer:
    """List the kinds."""
    return KindsAnswer(kinds=[KindView.of(kind) for kind in paper_kinds()])


@api.get("/cases/<key>/documents")
@operation(Operation(summary="The documents of a case", right=Right.WORK, answer=DocumentsAnswerSchema))
def list_documents(key: str) -> DocumentsAnswer:
    """List what was issued."""
    return DocumentsAnswer(documents=current().documents.of_case(_whole_case(key)))


@api.post("/cases/<key>/documents")
@operation(
    Operation(
        summary="Issue a document of a case from its records; the same content again is the same document",
        right=Right.WORK,
        body=IssueSchema,
        answer=DocumentSchema,
        status=HTTPStatus.CREATED,
    )
)
def issue_document(key: str, body: dict[str, Any]) -> Created:
    """Issue it."""
    command = IssueDocument(case_id=_whole_case(key), **body)
    return _issued(current().engine.execute(command, actor=current_actor()))


@api.post("/cases/<key>/document-previews")
@operation(
    Operation(
        summary="Look at a document of a case before it is issued; it bears no number and nothing is kept",
        right=Right.WORK,
        body=PreviewSchema,
        media_types=FILES,
    )
)
def preview_document(key: str, body: dict[str, Any]) -> FileAnswer:
    """Show it."""
    form, kind = FileForm(body.pop("form")), paper_kind(body["kind"])
    command = PreviewDocument(case_id=_whole_case(key), **body)
    values, template = current().engine.execute(command, actor=current_actor())
    content = sample(kind, template.content, form, values=values, at=current().now(), verify_url=verify_url())
    return FileAnswer(content=content, media_type=MEDIA_TYPES[form], name=f"{kind.name}（草稿）.{form.value}")


@api.get("/documents")
@operation(
    Operation(
        summary="The documents about the whole county; by a whole number also those of cases one sees",
        right=Right.WORK,
        query=CountyDocumentsSchema,
        answer=DocumentsAnswerSchema,
    )
)
def list_county_documents(query: dict[str, Any]) -> DocumentsAnswer:
    """List them."""
    found = current().documents.registered(DocumentFilter(actor=current_actor(), **query))
    return DocumentsAnswer(documents=found.documents)


@api.post("/documents")
@operation(
    Operation(
        summary="Issue a document about the whole county with the values given",
        right=Right.WORK,
        body=IssueSchema,
        answer=DocumentSchema,
        status=HTTPStatus.CREATED,
    )
)
def issue_county_document(body: dict[str, Any]) -> Created:
    """Issue it."""
    return _issued(current().engine.execute(IssueDocument(case_id=None, **body), actor=current_actor()))


@api.get("/documents/<uuid:document_id>/file")
@operation(
    Operation(
        summary="Read a document as PDF or DOCX; it is marked as a copy, and the look is written down",
        right=Right.WORK,
        query=FormSchema,
        media_types=FILES,
    )
)
def read_document(document_id: UUID, query: dict[str, Any]) -> FileAnswer:
    """Show it."""
    sheet = current().engine.execute(ReadDocument(document_id=document_id), actor=current_actor())
    return _printed(sheet, FileForm(query["form"]))


@api.post("/documents/<uuid:document_id>/prints")
@operation(
    Operation(
        summary="Print a document: the first copies of its kind are originals, later ones are marked as copies",
        right=Right.WORK,
        body=FormSchema,
        media_types=FILES,
    )
)
def print_document(document_id: UUID, body: dict[str, Any]) -> FileAnswer:
    """Print it."""
    sheet = current().engine.execute(PrintDocument(document_id=document_id), actor=current_actor())
    return _printed(sheet, FileForm(body["form"]))


@api.get("/document-verification")
@operation(
    Operation(
        summary="Verify a paper by its number and code: what it is, of when and whom; nothing about persons",
        right=Right.PUBLIC,
        query=CodeSchema,
        answer=VerifiedDocumentSchema,
    )
)
def verify_document(query: dict[str, Any]) -> VerifiedDocument:
    """Tell whether it is ours."""
    return current().engine.execute(VerifyDocument(**query), actor=ANYBODY)


def _whole_case(key: str) -> UUID:
    """Return the id of a case the caller sees with everything in it."""
    case = seen_case(key)
    if is_purpose_limited(current_actor(), case.summary.region):
        raise CaseNotFound(key)
    return case.summary.id


def _issued(document: IssuedDocument) -> Created:
    location = url_for("api.read_document", document_id=document.id)
    return Created(value=DocumentView.of(document, prints=0), location=location)


def _printed(sheet: Sheet, form: FileForm) -> FileAnswer:
    content = printed(sheet, form, verify_url=verify_url())
    name = f"{paper_kind(sheet.document.kind).name} {sheet.document.number}.{form.value}"
    return FileAnswer(content=content, media_type=MEDIA_TYPES[form], name=name)
