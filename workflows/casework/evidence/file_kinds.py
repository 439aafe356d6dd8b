"""What a file is by its content, never by its name; and what is taken out of it before it is kept."""

from __future__ import annotations

import io
import struct
import zipfile
from dataclasses import dataclass
from enum import StrEnum

from workflows.casework.evidence.pictures import BrokenPicture, Size, jpeg_without_traces, png_without_traces
from workflows.casework.evidence.webp import webp_without_traces

WORST_ZIP_RATIO = 200
MOST_UNPACKED = 200 * 1024 * 1024
MACROS = "vbaProject.bin"
UNREADABLE_ZIP = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    NotImplementedError,  # a version that is none yet
    RuntimeError,
    EOFError,
    struct.error,
    ValueError,
    OSError,
)


class FileKind(StrEnum):
    """A kind of file that may be evidence where the parameter `evidence_types` says so."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"


PICTURES = frozenset({FileKind.JPEG, FileKind.PNG, FileKind.WEBP})
PREVIEWED = PICTURES | {FileKind.PDF}
MEDIA_TYPES = {
    FileKind.JPEG: "image/jpeg",
    FileKind.PNG: "image/png",
    FileKind.WEBP: "image/webp",
    FileKind.PDF: "application/pdf",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class BrokenFile(Exception):
    """The content begins like a kind of file we know, but is none that can be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanFile:
    """A file as it is kept: its kind, its content without position and remarks, and the size of a picture."""

    kind: FileKind
    content: bytes
    size: Size | None


def cleaned(content: bytes) -> CleanFile | None:
    """Return a file of a known kind, freed of what cameras write into it; None: it is of no kind we know.

    Raises:
        BrokenFile: it cannot be read as what it begins like, or unpacks to too much.
    """
    try:
        if content.startswith(b"\xff\xd8\xff"):
            kept, size = jpeg_without_traces(content)
            return CleanFile(kind=FileKind.JPEG, content=kept, size=size)
        if content.startswith(b"\x89PNG\r\n\x1a\n"):
            kept, size = png_without_traces(content)
            return CleanFile(kind=FileKind.PNG, content=kept, size=size)
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            kept, size = webp_without_traces(content)
            return CleanFile(kind=FileKind.WEBP, content=kept, size=size)
    except BrokenPicture as broken:
        raise BrokenFile from broken
    if content.startswith(b"%PDF-"):
        return _pdf(content)
    return _office(content) if content.startswith(b"PK\x03\x04") else None


def _pdf(content: bytes) -> CleanFile:
    if b"%%EOF" not in content[-2048:]:
        raise BrokenFile
    return CleanFile(kind=FileKind.PDF, content=content, size=None)


def _office(content: bytes) -> CleanFile | None:
    """Return a document of an office program without macros; other archives are of no kind we know."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except UNREADABLE_ZIP as broken:
        raise BrokenFile from broken
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > min(MOST_UNPACKED, WORST_ZIP_RATIO * len(content)):
        raise BrokenFile
    names = {entry.filename for entry in entries}
    if any(name.endswith(MACROS) for name in names):
        return None
    for kind, document in ((FileKind.DOCX, "word/document.xml"), (FileKind.XLSX, "xl/workbook.xml")):
        if {"[Content_Types].xml", document} <= names:
            return CleanFile(kind=kind, content=content, size=None)
    return None
