"""A filled DOCX as the typesetter takes it: pages, paragraphs, runs, tables and pictures, nothing else."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from docx import Document
from docx.document import Document as DocumentFile
from docx.oxml.ns import qn
from docx.parts.story import StoryPart
from lxml.etree import _Element as Element

from workflows.printing.looks import TWIPS, Looks

EMU_OF_POINT = 12700
Block = dict[str, Any]
"""A part of a page as JSON; `paper.typ` says what each holds."""

BREAKS = {qn("w:br"): "break", qn("w:cr"): "break", qn("w:tab"): "tab"}
INLINE = tuple(qn(f"w:{name}") for name in ("hyperlink", "ins", "smartTag", "fldSimple", "sdt", "sdtContent"))


def read_paper(content: bytes) -> Block:
    """Return the pages of a filled DOCX."""
    document = Document(io.BytesIO(content))
    section = document.sections[0]
    reader = _Reader(looks=Looks.of(document), document=document)
    return {
        "title": document.core_properties.title or "",
        "page": {
            "width": section.page_width.pt if section.page_width else 595.3,
            "height": section.page_height.pt if section.page_height else 841.9,
            "top": section.top_margin.pt if section.top_margin else 72,
            "bottom": section.bottom_margin.pt if section.bottom_margin else 72,
            "left": section.left_margin.pt if section.left_margin else 72,
            "right": section.right_margin.pt if section.right_margin else 72,
            "header": section.header_distance.pt if section.header_distance else 36,
            "footer": section.footer_distance.pt if section.footer_distance else 36,
        },
        "header": reader.blocks(section.header._element, section.header.part),
        "footer": reader.blocks(section.footer._element, section.footer.part),
        "body": reader.blocks(document.element.body, document.part),
    }


class _Reader:
    def __init__(self, *, looks: Looks, document: DocumentFile) -> None:
        self._looks = looks
        self._document = document

    def blocks(self, container: Element, part: StoryPart) -> list[Block]:
        found: list[Block] = []
        for child in container:
            if child.tag == qn("w:p"):
                found.append(self._paragraph(child, part))
            elif child.tag == qn("w:tbl"):
                found.append(self._table(child, part))
            elif child.tag == qn("w:sdt"):
                content = child.find(qn("w:sdtContent"))
                found += [] if content is None else self.blocks(content, part)
        return found

    def _paragraph(self, paragraph: Element, part: StoryPart) -> Block:
        return {
            "kind": "paragraph",
            **self._looks.paragraph(paragraph),
            "runs": list(self._runs(paragraph, paragraph, part)),
            "page_break": paragraph.find(f"{qn('w:pPr')}/{qn('w:pageBreakBefore')}") is not None,
        }

    def _runs(self, container: Element, paragraph: Element, part: StoryPart) -> Iterator[Block]:
        hidden = False  # between begin and end of a field in parts, its code and its last value are not text
        for child in container:
            if child.tag == qn("w:fldSimple") and (field := _page_field(child.get(qn("w:instr")))):
                run = child.find(qn("w:r"))
                yield {"kind": field, **self._looks.run(run if run is not None else child, paragraph)}
            elif child.tag in INLINE:
                yield from self._runs(child, paragraph, part)
            elif child.tag == qn("w:r"):
                mark = child.find(qn("w:fldChar"))
                if mark is not None:
                    hidden = mark.get(qn("w:fldCharType")) != "end"
                code = child.find(qn("w:instrText"))
                if code is not None and (field := _page_field(code.text)):
                    yield {"kind": field, **self._looks.run(child, paragraph)}
                elif not hidden:
                    yield from self._run(child, paragraph, part)

    def _run(self, run: Element, paragraph: Element, part: StoryPart) -> Iterator[Block]:
        look = self._looks.run(run, paragraph)
        for piece in run:
            if piece.tag == qn("w:t") and piece.text:
                yield {"kind": "text", "text": piece.text, **look}
            elif piece.tag == qn("w:br") and piece.get(qn("w:type")) == "page":
                yield {"kind": "page_break"}
            elif piece.tag in BREAKS:
                yield {"kind": BREAKS[piece.tag], **look}
            elif piece.tag == qn("w:drawing"):
                yield from _pictures(piece, part)

    def _table(self, table: Element, part: StoryPart) -> Block:
        widths = [
            int(column.get(qn("w:w")) or 0) / TWIPS for column in table.iterfind(f"{qn('w:tblGrid')}/{qn('w:gridCol')}")
        ]
        rows = [self._row(row, part) for row in table.findall(qn("w:tr"))]
        _join_rows(rows)
        alignment = table.find(f"{qn('w:tblPr')}/{qn('w:jc')}")
        return {
            "kind": "table",
            "widths": widths,
            "ruled": _is_ruled(table),
            "center": alignment is not None and alignment.get(qn("w:val")) == "center",
            "rows": rows,
        }

    def _row(self, row: Element, part: StoryPart) -> Block:
        height = row.find(f"{qn('w:trPr')}/{qn('w:trHeight')}")
        return {
            "header": row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None,
            "height": 0 if height is None else int(height.get(qn("w:val")) or 0) / TWIPS,
            "cells": [self._cell(cell, part) for cell in row.findall(qn("w:tc"))],
        }

    def _cell(self, cell: Element, part: StoryPart) -> Block:
        look = cell.find(qn("w:tcPr"))
        span = None if look is None else look.find(qn("w:gridSpan"))
        merge = None if look is None else look.find(qn("w:vMerge"))
        vertical = None if look is None else look.find(qn("w:vAlign"))
        return {
            "colspan": 1 if span is None else int(span.get(qn("w:val")) or 1),
            "rowspan": 1,
            "joined": merge is not None and merge.get(qn("w:val"), "continue") != "restart",
            "middle": vertical is not None and vertical.get(qn("w:val")) == "center",
            "blocks": self.blocks(cell, part),
        }


def _join_rows(rows: list[Block]) -> None:
    """Let a cell that goes on from the row above belong to the one it began with."""
    open_cells: dict[int, Block] = {}
    for row in rows:
        at = 0
        kept = []
        for cell in row["cells"]:
            if cell["joined"] and at in open_cells:
                open_cells[at]["rowspan"] += 1
            else:
                open_cells[at] = cell
                kept.append(cell)
            at += cell["colspan"]
        row["cells"] = kept


def _is_ruled(table: Element) -> bool:
    borders = table.find(f"{qn('w:tblPr')}/{qn('w:tblBorders')}")
    if borders is not None:
        return any(line.get(qn("w:val")) not in ("nil", "none") for line in borders)
    style = table.find(f"{qn('w:tblPr')}/{qn('w:tblStyle')}")
    return style is not None and "grid" in (style.get(qn("w:val")) or "").lower()


def _page_field(code: str | None) -> str | None:
    words = (code or "").split()
    return {"PAGE": "page", "NUMPAGES": "pages"}.get(words[0].upper()) if words else None


def _pictures(drawing: Element, part: StoryPart) -> Iterator[Block]:
    for blip in drawing.iter(qn("a:blip")):
        related = part.related_parts.get(blip.get(qn("r:embed")) or "")
        extent = next(drawing.iter(qn("wp:extent")), None)
        if related is not None and extent is not None:
            yield {
                "kind": "picture",
                "content": list(related.blob),
                "width": int(extent.get("cx") or 0) / EMU_OF_POINT,
                "height": int(extent.get("cy") or 0) / EMU_OF_POINT,
            }
