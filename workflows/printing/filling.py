"""Filling a template: rows and lines are repeated, placeholders replaced, page numbers and the QR code put in.

A template holds no program: only names between braces. What it may ask for is checked beforehand (`template_check`);
a name nobody knows stays as it is, so that it is seen.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from docx.document import Document as DocumentFile
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.parts.story import StoryPart
from docx.shared import Mm, Pt, RGBColor
from lxml.etree import _Element as Element

from workflows.printing.fields import ROW_NUMBER, Field, FieldKind, Fields, Placeholder, Value, column_of
from workflows.printing.template_file import open_template, stories
from workflows.printing.wording import (
    KEEP_SPACE,
    PAGE_SIGN,
    PAGES_SIGN,
    QR_SIGN,
    ROW,
    RUN,
    RUN_PROPERTIES,
    SIGNS,
    TEXT,
    copy_after,
    paragraphs,
    placeholders,
    printable,
    remove_line,
    row_of,
    substitute,
)

QR_WIDTH = Mm(19)
PAGE_FIELDS = {PAGE_SIGN: "PAGE", PAGES_SIGN: "NUMPAGES"}
NOTHING = "无"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """What a template is filled with; `mark` is printed above every page, as on a copy."""

    fields: Fields
    values: Mapping[str, Value]  # by key of the field
    qr_picture: bytes | None = None  # PNG
    mark: str = ""
    title: str = ""


def fill(template: bytes, filling: Filling) -> bytes:
    """Return the DOCX of a template filled with values.

    Raises:
        TemplateRefused: the template is no DOCX.
    """
    document = open_template(template)
    for story in stories(document):
        _repeat_rows(story.part.element, filling)
        _repeat_lines(story.part.element, filling)
        _fill_lines(story.part.element, filling)
        _put_signs(story.part, filling)
    if filling.mark:
        _mark(document, filling.mark)
    document.core_properties.title = filling.title
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _repeat_rows(root: Element, filling: Filling) -> None:
    for row in list(root.iter(ROW)):
        asked = [one for line in _lines_of(row) for one in placeholders(line) if one.column]
        table = next((field for one in asked if (field := filling.fields.find(one.name))), None)
        if table is None or table.kind is not FieldKind.TABLE:
            continue
        lines = _rows(filling.values.get(table.key))
        for index, copy in enumerate(copy_after(row, max(len(lines), 1))):
            _fill_row(copy, table, lines[index] if lines else None, index + 1)


def _fill_row(row: Element, table: Field, values: Mapping[str, str] | None, number: int) -> None:
    """Fill a row with a line; without any line the row says so in its first cell."""
    is_first = True

    def value_of(asked: Placeholder) -> str | None:
        nonlocal is_first
        if not asked.column or asked.name not in (table.name, table.key):
            return None
        first, is_first = is_first, False
        if values is None:
            return NOTHING if first else ""
        if asked.column == ROW_NUMBER:
            return str(number)
        column = column_of(table, asked.column)
        return None if column is None else printable(str(values.get(column.key, "")))

    for line in _lines_of(row):
        substitute(line, value_of)


def _repeat_lines(root: Element, filling: Filling) -> None:
    for line in paragraphs(root):
        asked = (filling.fields.find(one.name) for one in placeholders(line) if one.column is None)
        listed = next((field for field in asked if field and field.kind is FieldKind.LIST), None)
        if listed is None:
            continue
        texts = _texts(filling.values.get(listed.key)) or [NOTHING]
        for copy, text in zip(copy_after(line, len(texts)), texts, strict=True):
            substitute(copy, _only(listed, text))


def _only(field: Field, text: str) -> Callable[[Placeholder], str | None]:
    return lambda asked: printable(text) if asked.name in (field.name, field.key) else None


def _fill_lines(root: Element, filling: Filling) -> None:
    for line in paragraphs(root):
        asked = placeholders(line)
        optional = [one for one in asked if one.optional]
        if optional and not any(_scalar(one, filling) for one in optional):
            remove_line(line)
        elif asked:
            substitute(line, lambda one: _scalar(one, filling))


def _scalar(asked: Placeholder, filling: Filling) -> str | None:
    if asked.column is not None:
        return None
    if asked.name in SIGNS:
        return SIGNS[asked.name]
    field = filling.fields.find(asked.name)
    if field is None:
        return None
    value = filling.values.get(field.key, "")
    return printable(value) if isinstance(value, str) else ""


def _put_signs(part: StoryPart, filling: Filling) -> None:
    """Turn line ends into breaks and private signs into page numbers and the QR code."""
    special = {"\n", "\t", QR_SIGN, PAGE_SIGN, PAGES_SIGN}
    for run in list(part.element.iter(RUN)):
        if any(special & set(piece.text or "") for piece in run.findall(TEXT)):
            _split_run(run, part, filling)


def _split_run(run: Element, part: StoryPart, filling: Filling) -> None:
    look = run.find(RUN_PROPERTIES)
    for child in list(run):
        if child.tag == RUN_PROPERTIES:
            continue
        pieces = _cut(child.text or "") if child.tag == TEXT else [child]
        for piece in pieces:
            made = _made(piece, look, part, filling)
            if made is not None:
                run.addprevious(made)
    parent = run.getparent()
    if parent is not None:
        parent.remove(run)


def _made(piece: str | Element, look: Element | None, part: StoryPart, filling: Filling) -> Element | None:
    run: Any = OxmlElement("w:r")  # python-docx gives its elements methods no stub knows
    if look is not None:
        run.append(deepcopy(look))
    if not isinstance(piece, str):
        run.append(piece)
    elif piece == "\n":
        run.append(OxmlElement("w:br"))
    elif piece == "\t":
        run.append(OxmlElement("w:tab"))
    elif piece == QR_SIGN:
        if filling.qr_picture is None:
            return None
        run.add_drawing(part.new_pic_inline(io.BytesIO(filling.qr_picture), QR_WIDTH, QR_WIDTH))
    elif piece in PAGE_FIELDS:
        run.append(_text("1"))
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), PAGE_FIELDS[piece])
        field.append(run)
        run = field
    else:
        run.append(_text(piece))
    made: Element = run
    return made


def _text(text: str) -> Element:
    element: Element = OxmlElement("w:t")
    element.text = text
    element.set(KEEP_SPACE, "preserve")
    return element


def _cut(text: str) -> list[str]:
    pieces = [""]
    for sign in text:
        if sign in ("\n", "\t", QR_SIGN, PAGE_SIGN, PAGES_SIGN):
            pieces += [sign, ""]
        else:
            pieces[-1] += sign
    return [piece for piece in pieces if piece]


def _mark(document: DocumentFile, mark: str) -> None:
    for section in document.sections:
        header = section.header
        line = header.paragraphs[0].insert_paragraph_before() if header.paragraphs else header.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        run = line.add_run(printable(mark))
        run.bold = True
        run.font.size = Pt(10.5)
        run.font.color.rgb = RGBColor(0xC0, 0, 0)


def _lines_of(row: Element) -> list[Element]:
    return [line for line in paragraphs(row) if row_of(line) is row]


def _rows(value: Value | None) -> Sequence[Mapping[str, str]]:
    if value is None or isinstance(value, str):
        return ()
    return [one for one in value if isinstance(one, Mapping)]


def _texts(value: Value | None) -> list[str]:
    if value is None or value == "":
        return []
    if isinstance(value, str):
        return [value]
    return [str(one) for one in _each(value)]


def _each(value: Iterable[object]) -> Iterable[object]:
    return value
