"""A template as a file: opened with limits, since anybody who may upload one may upload anything."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from docx import Document
from docx.document import Document as DocumentFile
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docx.parts.story import StoryPart
from lxml.etree import XMLSyntaxError

from workflows.printing.errors import FindingLevel, TemplateFinding, TemplateRefused

LARGEST_FILE = 4 * 1024 * 1024
LARGEST_UNPACKED = 40 * 1024 * 1024
MACRO_PARTS = ("vbaProject.bin",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A run of text of its own in a template: the page, a header or a footer."""

    name: str
    name_en: str
    part: StoryPart


def open_template(content: bytes) -> DocumentFile:
    """Return a template ready to be read or filled.

    Raises:
        TemplateRefused: it is no DOCX, too large, or carries macros.
    """
    _refuse_unless(
        len(content) <= LARGEST_FILE,
        f"文件大于 {LARGEST_FILE // 1024 // 1024} MB，请压缩图片",
        f"The file is larger than {LARGEST_FILE // 1024 // 1024} MB; make its pictures smaller",
    )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _look_inside(archive)
        return Document(io.BytesIO(content))
    except (zipfile.BadZipFile, OpcError, XMLSyntaxError, KeyError, ValueError) as broken:
        raise TemplateRefused(
            [_whole("不是 Word 文档（.docx）或文件已损坏", "This is no Word document (.docx), or it is damaged")]
        ) from broken


def stories(document: DocumentFile) -> Iterator[Story]:
    """Yield the parts of a template that hold text."""
    yield Story(name="正文", name_en="body", part=document.part)
    for relation in document.part.rels.values():
        if relation.reltype == RELATIONSHIP_TYPE.HEADER:
            yield Story(name="页眉", name_en="header", part=relation.target_part)
        elif relation.reltype == RELATIONSHIP_TYPE.FOOTER:
            yield Story(name="页脚", name_en="footer", part=relation.target_part)


def text_of(content: bytes) -> str:
    """Return what a document says, a line for each paragraph; headers and footers last."""
    lines = (line for story in stories(open_template(content)) for line in story.part.element.iter(qn("w:p")))
    return "\n".join("".join(piece.text or "" for piece in line.iter(qn("w:t"))) for line in lines)


def _look_inside(archive: zipfile.ZipFile) -> None:
    unpacked = sum(entry.file_size for entry in archive.infolist())
    _refuse_unless(unpacked <= LARGEST_UNPACKED, "文件展开后过大", "The file is too large when unpacked")
    macros = any(entry.filename.endswith(MACRO_PARTS) for entry in archive.infolist())
    _refuse_unless(not macros, "含有宏，请另存为不含宏的 .docx", "It carries macros; save it as a .docx without macros")


def _refuse_unless(good: bool, zh: str, en: str) -> None:  # noqa: FBT001 - an assertion in words
    if not good:
        raise TemplateRefused([_whole(zh, en)])


def _whole(zh: str, en: str) -> TemplateFinding:
    return TemplateFinding(level=FindingLevel.ERROR, place="文件", place_en="file", zh=zh, en=en)
