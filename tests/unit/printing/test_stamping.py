"""What is looked at bears who looks and when; what cannot be laid out is refused, and takes nothing down."""

from __future__ import annotations

import io

import pytest
import typst
from pypdf import PdfReader

from tests import files
from workflows.printing import stamping
from workflows.printing.errors import NotStamped, StampingBusy
from workflows.printing.stamping import stamped
from workflows.printing.typesetting import fonts_for

MARK = "陈敏 昆仑街道 2026-11-27 14:05"


def show(content: bytes, kind: str) -> bytes:
    return stamped(content, kind=kind, mark=MARK, fonts=fonts_for(""))


def test_every_page_of_a_pdf_bears_the_watermark() -> None:
    made = typst.compile(b"#set page(width: 300pt, height: 200pt)\none\n#pagebreak()\ntwo", format="pdf")
    assert isinstance(made, bytes)
    pages = PdfReader(io.BytesIO(show(made, "pdf"))).pages
    assert len(pages) == 2
    for page, word in zip(pages, ("one", "two"), strict=True):
        text = page.extract_text()
        assert word in text
        assert "陈敏" in text


def test_a_picture_is_shown_as_a_drawing_with_the_watermark_and_no_script() -> None:
    shown = show(files.png(), "png")
    assert shown.startswith(b"<svg")
    assert b"data:image/" in shown
    assert b"<use" in shown  # the signs of the watermark
    assert b"<script" not in shown


@pytest.mark.parametrize(("content", "kind"), [(b"%PDF-1.4 broken %%EOF", "pdf"), (files.huge_png(), "png")])
def test_what_cannot_be_laid_out_is_refused(content: bytes, kind: str) -> None:
    with pytest.raises(NotStamped):
        show(content, kind)


def test_who_comes_when_all_layouts_are_at_work_is_sent_away_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamping, "LONGEST_WAIT", 0)
    with stamping.AT_ONCE, stamping.AT_ONCE, pytest.raises(StampingBusy):
        show(files.png(), "png")
    assert show(files.png(), "png").startswith(b"<svg")
