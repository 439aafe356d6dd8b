"""From an issued document to a file: the template filled with its values, with QR code and mark, as DOCX or PDF.

Nothing here touches a database: it is done when somebody wants the file, outside every transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlencode

from workflows.casework.documents.commands import Sheet
from workflows.casework.documents.kinds import PaperKind, paper_kind
from workflows.casework.documents.model import SHOWN_DIGITS
from workflows.printing.fields import Value
from workflows.printing.filling import Filling, fill
from workflows.printing.qr import qr_picture
from workflows.printing.typesetting import typeset

SAMPLE_MARK = "样张（非正式文书）"


class FileForm(StrEnum):
    """The two forms of a document."""

    PDF = "pdf"
    DOCX = "docx"


MEDIA_TYPES = {
    FileForm.PDF: "application/pdf",
    FileForm.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def printed(sheet: Sheet, form: FileForm, *, verify_url: str) -> bytes:
    """Return the file of an issued document; `verify_url` is where anybody can verify it.

    Raises:
        ChineseFontMissing: PDF was asked for and no Chinese font is installed.
        PaperNotTypeset: the template holds what cannot be laid out as PDF.
    """
    document = sheet.document
    values: dict[str, Value] = {
        **(document.values or {}),
        "code": document.code,
        "digest": document.digest[:SHOWN_DIGITS],
        "url": verify_url,
    }
    query = urlencode({"number": document.number, "code": document.code})
    picture = qr_picture(f"{verify_url}?{query}")
    return _file(
        paper_kind(document.kind), sheet.template.content, values, form, sheet.mark, picture, document.issued_at
    )


def sample(
    kind: PaperKind,
    template: bytes,
    form: FileForm,
    *,
    values: Mapping[str, Value] | None,
    at: datetime,
    verify_url: str,
) -> bytes:
    """Return a template filled with values to look at, or with the samples of the catalogue; it bears no number."""
    shown = {**kind.sample, **(values or {}), "url": verify_url}
    return _file(kind, template, shown, form, SAMPLE_MARK, qr_picture(verify_url), at)


def _file(
    kind: PaperKind,
    template: bytes,
    values: Mapping[str, Value],
    form: FileForm,
    mark: str,
    picture: bytes,
    at: datetime,
) -> bytes:
    filling = Filling(fields=kind.fields, values=values, qr_picture=picture, mark=mark, title=kind.name)
    filled = fill(template, filling)
    return filled if form is FileForm.DOCX else typeset(filled, made_at=at)
