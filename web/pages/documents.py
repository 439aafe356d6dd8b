"""The printed documents of a case as files: to look at, and to print as originals."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from flask import Blueprint, Response

from web.authentication import current_actor, permits
from web.pages.verification import verify_url
from web.services import services
from workflows.casework.documents.commands import PrintDocument, ReadDocument, Sheet
from workflows.casework.documents.kinds import paper_kind
from workflows.casework.documents.printing import MEDIA_TYPES, FileForm, printed
from workflows.organisation.rights import Right

blueprint = Blueprint("documents", __name__)


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
    shown = "inline" if form is FileForm.PDF else "attachment"
    answer = Response(content, mimetype=MEDIA_TYPES[form])
    answer.headers["Content-Disposition"] = f"{shown}; filename*=UTF-8''{quote(name)}"
    answer.headers["Cache-Control"] = "no-store"
    return answer
