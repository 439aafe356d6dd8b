"""Every printed document with its samples, as DOCX and as PDF: complete, readable, fonts embedded, no sign missing."""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from pypdf import PdfReader

from tests.unit.printing.words import plain
from workflows.casework.documents.kinds import FOLDER, PaperKind, paper_kind, paper_kinds
from workflows.casework.documents.printing import FileForm, sample
from workflows.printing import typesetting
from workflows.printing.errors import ChineseFontMissing
from workflows.printing.fields import Value
from workflows.printing.template_check import check_template

AT = datetime(2026, 4, 13, 2, tzinfo=UTC)
URL = "https://relief.example/verify"
SCRIPTS = Path(__file__).resolve().parents[3] / "scripts"
KINDS = paper_kinds()


def made(kind: PaperKind, form: FileForm, **values: Value) -> bytes:
    return sample(kind, kind.template, form, values=values, at=AT, verify_url=URL)


def docx_text(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    parts = [document.element.body, document.sections[0].header._element, document.sections[0].footer._element]
    return plain("".join(node.text or "" for part in parts for node in part.iter() if node.tag.endswith("}t")))


def pdf(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def pdf_text(content: bytes) -> str:
    return plain("".join(page.extract_text() for page in pdf(content).pages))


def sample_texts(kind: PaperKind) -> Iterator[str]:
    for field in kind.own_fields:
        if isinstance(field.sample, str):
            yield field.sample
            continue
        for one in field.sample:
            yield from [one] if isinstance(one, str) else one.values()


def test_there_are_twenty_one_kinds_each_with_a_series_of_its_own() -> None:
    assert len(KINDS) == 21
    assert len({kind.series for kind in KINDS}) == 21


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_a_shipped_template_asks_only_for_what_exists_and_for_everything_a_paper_needs(kind: PaperKind) -> None:
    assert check_template(kind.template, kind.fields) == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_both_forms_say_everything_that_was_filled_in(kind: PaperKind) -> None:
    word, paper = made(kind, FileForm.DOCX), made(kind, FileForm.PDF)
    in_word, on_paper = docx_text(word), pdf_text(paper)
    for text in sample_texts(kind):
        assert plain(text) in in_word, text
        assert plain(text) in on_paper, text
    for common in ("溧救样〔2026〕001号", "7K2M-9QXW-4T8N", "溧阳市民政局（盖章）", "样张"):
        assert plain(common) in on_paper
    assert "{{" not in in_word
    assert "{{" not in on_paper
    assert len(Document(io.BytesIO(word)).sections[0].footer.part.related_parts) == 1  # the QR code


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_the_fonts_of_a_pdf_are_embedded_and_no_sign_is_missing(kind: PaperKind) -> None:
    reader = pdf(made(kind, FileForm.PDF))
    fonts = list(_fonts(reader))
    assert fonts
    for font in fonts:
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert any(f"/FontFile{number}" in descriptor for number in ("", "2", "3"))
    missing = [
        page.extract_text() for page in reader.pages if "\ufffd" in page.extract_text() or "\x00" in page.extract_text()
    ]
    assert missing == []


def _fonts(reader: PdfReader) -> Iterator[Any]:
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]  # every page has text
            yield font.get_object()


def test_long_names_wrap_and_long_tables_go_on_with_their_head_on_every_page() -> None:
    long_name = "买买提江·阿布都热合曼·玉素甫江"
    row = {"village": "清溪村", "household": "溧民救20260015", "payee": long_name, "persons": "3", "total": "1,964.00"}
    paper = made(paper_kind("roster"), FileForm.PDF, lines=[row] * 70)
    pages = [plain(page.extract_text()) for page in pdf(paper).pages]
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        assert f"第{number}页共{len(pages)}页" in page
        assert "查验码" in page
    assert all("账号尾号" in page for page in pages[:-1])
    assert sum(page.count(long_name) for page in pages) == 70
    assert "70清溪村" in "".join(pages)


def test_what_is_optional_leaves_no_empty_line() -> None:
    kind = paper_kind("decision")
    assert "有效期限" not in docx_text(made(kind, FileForm.DOCX))
    assert plain("有效期限：2026年5月1日至2027年4月30日") in docx_text(
        made(kind, FileForm.DOCX, validity="2026年5月1日至2027年4月30日")
    )


def test_values_are_text_and_never_markup() -> None:
    kind = paper_kind("decision")
    nasty = "<w:br/>{{申请人}} #pagebreak() *粗* $x$ \\ & \x0b\ue000]"
    word, paper = made(kind, FileForm.DOCX, reasons=nasty), made(kind, FileForm.PDF, reasons=nasty)
    for text in (docx_text(word), pdf_text(paper)):
        assert plain("<w:br/>{{申请人}} #pagebreak() *粗* $x$ \\ & ]") in text


def test_the_same_paper_of_the_same_time_is_the_same_pdf() -> None:
    kind = paper_kind("acceptance")
    assert made(kind, FileForm.PDF) == made(kind, FileForm.PDF)


def test_a_pdf_is_archival_tagged_and_has_a_title() -> None:
    reader = pdf(made(paper_kind("decision"), FileForm.PDF))
    assert reader.metadata is not None
    assert reader.metadata.title == "社会救助决定书"
    about = reader.trailer["/Root"]["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in about


def test_without_a_chinese_font_the_reader_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "_families", lambda: frozenset({"DejaVu Sans"}))
    with pytest.raises(ChineseFontMissing) as missing:
        made(paper_kind("decision"), FileForm.PDF)
    assert "fonts-noto-cjk" in missing.value.text("zh")
    assert made(paper_kind("decision"), FileForm.DOCX)


def test_the_shipped_templates_are_those_the_script_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(SCRIPTS)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    import document_layouts  # type: ignore[import-not-found]  # noqa: PLC0415 - a script, found by the path set above
    import draw_document_templates  # type: ignore[import-not-found]  # noqa: PLC0415

    assert set(document_layouts.LAYOUTS) == {kind.key for kind in KINDS}
    for key, layout in document_layouts.LAYOUTS.items():
        drawn, shipped = draw_document_templates.draw(layout), (FOLDER / f"{key}.docx").read_bytes()
        assert _texts_of(drawn) == _texts_of(shipped), f"run python scripts/draw_document_templates.py ({key})"


def _texts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {
            name: archive.read(name) for name in archive.namelist() if name.endswith(".xml") and "docProps" not in name
        }
