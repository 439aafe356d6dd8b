"""Printed documents: the register with search by number, and each as a file, to look at and to print."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for

from web.authentication import current_actor, permits
from web.files import attached, shown
from web.lists import PAGE_SIZE, page_count, page_number, search_text
from web.public import verify_url
from web.services import services
from web.staff_names import staff_names
from workflows.casework.documents.commands import PrintDocument, ReadDocument, Sheet, reads_county_documents
from workflows.casework.documents.kinds import paper_kind
from workflows.casework.documents.printing import MEDIA_TYPES, FileForm, printed
from workflows.casework.documents.queries import DocumentFilter
from workflows.organisation.rights import Right

blueprint = Blueprint("documents", __name__)


@blueprint.get("/documents")
@permits(Right.WORK)
def document_list() -> str:
    """Show the documents of the county, or those in sight of a number."""
    number, page = search_text(request.args.get("number")).removesuffix("号"), page_number(request.args.get("page"))
    wanted = DocumentFilter(
        actor=current_actor(), number=number or None, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE
    )
    found = services().documents.registered(wanted)
    return render_template(
        "documents.html",
        number=number,
        documents=found.documents,
        total=found.total,
        page=page,
        pages=page_count(found.total),
        page_url=lambda other: url_for("documents.document_list", number=number or None, page=other),
        names=staff_names([one.issued_by for one in found.documents]),
        reads_county=reads_county_documents(current_actor()),
    )


@blueprint.get("/documents/<uuid:document_id>/<any(pdf, docx):form>")
@permits(Right.WORK)
def read_document(document_id: UUID, form: str) -> Response:
    """Show a document, marked as a copy; the look is written down."""
    sheet = services().engine.execute(ReadDocument(document_id=document_id), actor=current_actor())
    return _file(sheet, FileForm(form))


@blueprint.post("/documents/<uuid:document_id>/prints")
@permits(Right.WORK)
def print_document(document_id: UUID) -> Response:
    """Print a document: an original while its kind has any left."""
    sheet = services().engine.execute(PrintDocument(document_id=document_id), actor=current_actor())
    return _file(sheet, FileForm.PDF)


def _file(sheet: Sheet, form: FileForm) -> Response:
    content = printed(sheet, form, verify_url=verify_url())
    name = f"{paper_kind(sheet.document.kind).name} {sheet.document.number}.{form.value}"
    given = shown if form is FileForm.PDF else attached
    return given(content, name=name, media_type=MEDIA_TYPES[form])
