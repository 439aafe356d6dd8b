"""Draw the templates of the printed documents that are shipped, as an office would in Word.

An office edits its own copies and uploads them; these are where it starts from. After changing this page run it and
look at what it drew: `python scripts/draw_document_templates.py`.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from document_layouts import LAYOUTS
from document_layouts.shapes import Layout, Lines, Rows, Text
from docx import Document
from docx.document import Document as DocumentFile
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

FOLDER = Path(__file__).resolve().parents[1] / "workflows" / "documents"
DRAWN_AT = datetime(2026, 1, 1, tzinfo=UTC)
SONG, FANGSONG, HEI, TITLE = "宋体", "仿宋_GB2312", "黑体", "方正小标宋简体"
WIDTH = 156.0  # millimetres between the margins of GB/T 9704
BODY, SMALL = 15, 11


def main() -> None:
    """Draw them all."""
    for key, layout in LAYOUTS.items():
        (FOLDER / f"{key}.docx").write_bytes(draw(layout))


def draw(layout: Layout) -> bytes:
    """Return one template."""
    document = Document()
    _page(document, layout)
    _head(document)
    _foot(document, _width(layout))
    title = document.add_paragraph()
    _say(title, layout.title, font=TITLE, size=22, bold=True, align=WD_ALIGN_PARAGRAPH.CENTER)
    title.paragraph_format.space_after = Pt(6)
    _say(document.add_paragraph(), "{{文号}}号", font=FANGSONG, size=14, align=WD_ALIGN_PARAGRAPH.CENTER)
    for part in layout.parts:
        _part(document, part, _width(layout))
    before = len(document.paragraphs)
    _seal(document, layout.signed)
    for line in document.paragraphs[before - 1 : -1]:
        line.paragraph_format.keep_with_next = True  # a seal never stands alone on a page
    target = io.BytesIO()
    document.core_properties.created = document.core_properties.modified = DRAWN_AT
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.core_properties.title = layout.title
    document.save(target)
    return target.getvalue()


def _page(document: DocumentFile, layout: Layout) -> None:
    section = document.sections[0]
    width, height = (Mm(297), Mm(210)) if layout.landscape else (Mm(210), Mm(297))
    section.page_width, section.page_height = width, height
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.top_margin, section.bottom_margin = Mm(30), Mm(38)
    section.header_distance, section.footer_distance = Mm(13), Mm(9)
    style = document.styles["Normal"]
    style.font.name = SONG
    style.font.size = Pt(SMALL)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), SONG)
    style.paragraph_format.space_after = Pt(0)


def _width(layout: Layout) -> float:
    return 243.0 if layout.landscape else WIDTH


def _head(document: DocumentFile) -> None:
    header = document.sections[0].header
    _say(header.paragraphs[0], "{{单位}}", font=HEI, size=9, align=WD_ALIGN_PARAGRAPH.LEFT)


def _foot(document: DocumentFile, width: float) -> None:
    footer = document.sections[0].footer
    table = footer.add_table(1, 3, Mm(width))
    _fix(table, (24, width - 64, 40))
    picture, words, pages = table.rows[0].cells
    _say(picture.paragraphs[0], "{{二维码}}", size=9, align=WD_ALIGN_PARAGRAPH.LEFT)
    lines = (
        "文号 {{文号}}号　{{版本}}　查验码 {{查验码}}",
        "扫码或登录 {{查验网址}} 查验真伪",
        "内容摘要 {{摘要}}　联系电话 {{联系电话}}",
    )
    for index, line in enumerate(lines):
        target = words.paragraphs[0] if index == 0 else words.add_paragraph()
        _say(target, line, size=8, align=WD_ALIGN_PARAGRAPH.LEFT)
    _say(pages.paragraphs[0], "第 {{页码}} 页　共 {{页数}} 页", size=9, align=WD_ALIGN_PARAGRAPH.RIGHT)
    first = footer.paragraphs[0]._p
    first.getparent().remove(first)
    _say(footer.add_paragraph(), "", size=2)
    for cell in table.rows[0].cells:
        _middle(cell)


def _part(document: DocumentFile, part: Text | Lines | Rows, width: float) -> None:
    if isinstance(part, Text):
        _text(document, part)
    elif isinstance(part, Lines):
        _form(document, part, width)
    else:
        _rows(document, part, width)


def _text(document: DocumentFile, part: Text) -> None:
    line = document.add_paragraph()
    align = WD_ALIGN_PARAGRAPH.LEFT if part.flush else WD_ALIGN_PARAGRAPH.JUSTIFY
    _say(line, part.text, font=FANGSONG, size=part.size or BODY, align=align)
    line.paragraph_format.line_spacing = Pt(27 if not part.size else part.size * 1.6)
    if not part.flush:
        line.paragraph_format.first_line_indent = Pt(2 * (part.size or BODY))
    if part.space:
        line.paragraph_format.space_before = Pt(8)


def _form(document: DocumentFile, part: Lines, width: float) -> None:
    """Draw a ruled table of labels and values, two pairs or one a row."""
    _gap(document)
    table = document.add_table(0, 4, style="Table Grid")
    columns = (24.0, width / 2 - 32, 24.0, width / 2 - 16)  # a case number fits on a line of the right
    for line in part.lines:
        cells = table.add_row().cells
        row_height = 14 if line.tall else 8
        if len(line.pairs) == 1:
            cells[1].merge(cells[3])
        for index, (label, value) in enumerate(line.pairs):
            _say(cells[index * 2].paragraphs[0], label, font=HEI, size=SMALL, align=WD_ALIGN_PARAGRAPH.CENTER)
            _say(cells[index * 2 + 1].paragraphs[0], value, size=SMALL, align=WD_ALIGN_PARAGRAPH.LEFT)
        _height(table, row_height)
    _fix(table, columns)
    _center_all(table)


def _rows(document: DocumentFile, part: Rows, width: float) -> None:
    """Draw a ruled table with a head that is repeated on every page and one row to be repeated."""
    _gap(document)
    if part.caption:
        caption = document.add_paragraph()
        _say(caption, part.caption, font=HEI, size=12, align=WD_ALIGN_PARAGRAPH.LEFT)
        caption.paragraph_format.keep_with_next = True
    table = document.add_table(2, len(part.columns), style="Table Grid")
    total = sum(column.width for column in part.columns)
    for index, column in enumerate(part.columns):
        _say(table.cell(0, index).paragraphs[0], column.head, font=HEI, size=10.5, align=WD_ALIGN_PARAGRAPH.CENTER)
        align = WD_ALIGN_PARAGRAPH.RIGHT if column.figure else WD_ALIGN_PARAGRAPH.CENTER
        value = f"{{{{{part.table}.{column.name}}}}}" if column.name else ""
        _say(table.cell(1, index).paragraphs[0], value, size=10.5, align=align)
    mark = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(mark)
    _fix(table, [column.width / total * width for column in part.columns])
    _center_all(table)
    for row in table.rows:
        row.height = Mm(8)


def _seal(document: DocumentFile, signed: Sequence[str]) -> None:
    _gap(document)
    for line in signed:
        _say(document.add_paragraph(), line, font=FANGSONG, size=13, align=WD_ALIGN_PARAGRAPH.LEFT, gap=6)
    for index, line in enumerate(("{{单位}}（盖章）", "{{日期}}")):
        seal = document.add_paragraph()
        _say(seal, line, font=FANGSONG, size=BODY, align=WD_ALIGN_PARAGRAPH.RIGHT)
        seal.paragraph_format.right_indent = Pt(24)
        seal.paragraph_format.space_before = Pt(26 if index == 0 else 4)
        seal.paragraph_format.keep_with_next = index == 0


def _say(
    paragraph: Paragraph,
    text: str,
    *,
    size: float,
    font: str = SONG,
    bold: bool = False,
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.LEFT,
    gap: float = 0,
) -> None:
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    run.font.name = font
    run.bold = bold or None
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    paragraph.alignment = align
    paragraph.paragraph_format.space_before = Pt(gap)


def _gap(document: DocumentFile) -> None:
    _say(document.add_paragraph(), "", size=6)


def _fix(table: Table, widths: Sequence[float]) -> None:
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for index, width in enumerate(widths):
        table.columns[index].width = Mm(width)
        for cell in table.columns[index].cells:
            cell.width = Mm(width)


def _height(table: Table, millimetres: float) -> None:
    table.rows[-1].height = Mm(millimetres)


def _center_all(table: Table) -> None:
    for row in table.rows:
        for cell in row.cells:
            _middle(cell)


def _middle(cell: _Cell) -> None:
    look = cell._tc.get_or_add_tcPr()
    if look.find(qn("w:vAlign")) is None:
        mark = OxmlElement("w:vAlign")
        mark.set(qn("w:val"), "center")
        look.append(mark)


if __name__ == "__main__":
    main()
