"""The words of a template's XML: paragraphs, their text, and the placeholders in it, however Word split the runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy

from docx.oxml.ns import qn
from lxml.etree import _Element as Element

from workflows.printing.fields import Placeholder

BRACES = re.compile(r"\{\{([^{}]*)\}\}")
PARAGRAPH, TEXT, RUN, ROW, TABLE, CELL = (qn(f"w:{name}") for name in ("p", "t", "r", "tr", "tbl", "tc"))
RUN_PROPERTIES = qn("w:rPr")
KEEP_SPACE = qn("xml:space")
QR_SIGN, PAGE_SIGN, PAGES_SIGN = "\ue000", "\ue001", "\ue002"
SIGNS = {
    "二维码": QR_SIGN,
    "qr": QR_SIGN,
    "页码": PAGE_SIGN,
    "page": PAGE_SIGN,
    "页数": PAGES_SIGN,
    "pages": PAGES_SIGN,
}
UNPRINTABLE = re.compile(r"[^\t\n\u0020-\ud7ff\uf900-\ufffd\U00010000-\U0010ffff]")
"""Signs XML cannot carry, and the private ones that stand for a picture or a page number here."""


def paragraphs(root: Element) -> list[Element]:
    """Return the paragraphs below an element, as written."""
    return list(root.iter(PARAGRAPH))


def text_of(paragraph: Element) -> str:
    """Return the text of a paragraph."""
    return "".join(piece.text or "" for piece in _pieces(paragraph))


def placeholders(paragraph: Element) -> list[Placeholder]:
    """Return what a paragraph asks for, in order."""
    return [Placeholder.read(found) for found in BRACES.findall(text_of(paragraph))]


def row_of(paragraph: Element) -> Element | None:
    """Return the table row a paragraph stands in."""
    return next(paragraph.iterancestors(ROW), None)


def substitute(paragraph: Element, value_of: Callable[[Placeholder], str | None]) -> None:
    """Put values in place of placeholders; each keeps the look of its first brace. None leaves one as it is."""
    pieces = _pieces(paragraph)
    text = "".join(piece.text or "" for piece in pieces)
    for match in reversed(list(BRACES.finditer(text))):
        value = value_of(Placeholder.read(match.group(1)))
        if value is not None:
            _replace(pieces, match.start(), match.end(), value)


def printable(text: str) -> str:
    """Return a text without signs that paper cannot carry."""
    return UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def copy_after(element: Element, count: int) -> list[Element]:
    """Return an element and copies of it behind it, so many in all."""
    copies = [element]
    for _ in range(count - 1):
        copy = deepcopy(element)
        copies[-1].addnext(copy)
        copies.append(copy)
    return copies


def remove_line(paragraph: Element) -> None:
    """Take a paragraph out; the last of a table cell is emptied, since a cell must have one."""
    parent = paragraph.getparent()
    if parent is None:
        return
    if parent.tag == CELL and len(parent.findall(PARAGRAPH)) == 1:
        for run in paragraph.findall(RUN):
            paragraph.remove(run)
        return
    parent.remove(paragraph)


def _pieces(paragraph: Element) -> list[Element]:
    return [piece for piece in _inside(paragraph) if piece.tag == TEXT]


def _inside(paragraph: Element) -> Iterator[Element]:
    """Yield what stands in a paragraph, not in a paragraph inside it."""
    for child in paragraph:
        if child.tag != PARAGRAPH:
            yield child
            yield from _inside(child)


def _replace(pieces: list[Element], start: int, end: int, value: str) -> None:
    at = 0
    written = False
    for piece in pieces:
        text = piece.text or ""
        first, last = max(start - at, 0), min(end - at, len(text))
        if first < last:
            piece.text = text[:first] + ("" if written else value) + text[last:]
            piece.set(KEEP_SPACE, "preserve")
            written = True
        at += len(text)
