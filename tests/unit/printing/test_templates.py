"""A template an office edited: what is wrong is told with the place, what is good is filled however Word split it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from docx import Document
from docx.document import Document as DocumentFile
from pypdf import PdfReader

from tests.unit.printing.words import plain
from workflows.printing.errors import FindingLevel, TemplateRefused
from workflows.printing.fields import Field, FieldKind, Fields
from workflows.printing.filling import Filling, fill
from workflows.printing.template_check import check_template, require_good
from workflows.printing.template_file import LARGEST_FILE
from workflows.printing.typesetting import typeset

COLUMNS = (Field(key="name", name="姓名", name_en="name"), Field(key="sum", name="金额", name_en="sum"))
FIELDS = Fields(
    fields=(
        Field(key="applicant", name="申请人", name_en="applicant"),
        Field(key="note", name="备注", name_en="note"),
        Field(key="papers", name="材料", name_en="papers", kind=FieldKind.LIST),
        Field(key="members", name="成员", name_en="members", kind=FieldKind.TABLE, columns=COLUMNS),
    )
)


def template(draw: Callable[[DocumentFile], object]) -> bytes:
    document = Document()
    draw(document)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def errors(content: bytes) -> list[tuple[str, str]]:
    return [(one.place, one.zh) for one in check_template(content, FIELDS) if one.level is FindingLevel.ERROR]


def filled(content: bytes, **values: object) -> DocumentFile:
    return Document(io.BytesIO(fill(content, Filling(fields=FIELDS, values=values))))  # type: ignore[arg-type]  # test data


def test_an_unknown_field_is_named_with_its_place_and_the_one_that_was_meant() -> None:
    def draw(document: DocumentFile) -> None:
        document.add_paragraph("好")
        document.add_paragraph("您好 {{申请任}}")

    assert errors(template(draw)) == [("正文第 2 段", "没有字段“申请任”，是否为“申请人”？")]
    [error] = [one for one in check_template(template(draw), FIELDS) if one.level is FindingLevel.ERROR]
    assert (error.place_en, "did you mean '申请人'?" in error.en) == ("body, paragraph 2", True)


def test_a_table_field_belongs_in_a_row_and_names_a_column_that_exists() -> None:
    def draw(document: DocumentFile) -> None:
        document.add_paragraph("{{成员.姓名}}")
        table = document.add_table(2, 2)
        table.cell(1, 1).text = "{{成员.性别}}"
        document.sections[0].header.paragraphs[0].text = "{{申请人.姓名}} {{备注"

    places = dict(errors(template(draw)))
    assert "须放在表格的一行中" in places["正文第 1 段"]
    assert "序号、姓名、金额" in places["正文第 1 个表格第 2 行第 2 格"]
    assert set(places) == {"正文第 1 段", "正文第 1 个表格第 2 行第 2 格", "页眉第 1 段"}
    assert len(errors(template(draw))) == 4


def test_what_a_paper_needs_and_what_a_pdf_would_lose_are_warnings() -> None:
    found = require_good(template(lambda document: document.add_paragraph("项目", style="List Number")), FIELDS)
    assert {one.level for one in found} == {FindingLevel.WARNING}
    assert any("{{查验码}}" in one.zh for one in found) is False  # the kind has no such field here
    assert any("二维码" in one.zh for one in found)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"hello", b"\xd0\xcf\x11\xe0" * 100])
def test_a_file_that_is_no_word_document_is_refused(content: bytes) -> None:
    with pytest.raises(TemplateRefused, match="no Word document"):
        require_good(content, FIELDS)


def test_macros_and_bombs_and_large_files_are_refused() -> None:
    good = template(lambda document: document.add_paragraph("好"))
    assert "宏" in errors(_with(good, "word/vbaProject.bin", b"x"))[0][1]
    assert "展开后过大" in errors(_with(good, "word/media/x.bin", b"\0" * 41 * 1024 * 1024))[0][1]
    assert "大于 4 MB" in errors(b"x" * (LARGEST_FILE + 1))[0][1]


def _with(content: bytes, name: str, part: bytes) -> bytes:
    target = io.BytesIO(content)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, part)
    return target.getvalue()


def test_a_placeholder_that_word_split_is_filled_with_the_look_of_its_beginning() -> None:
    def draw(document: DocumentFile) -> None:
        line = document.add_paragraph("您好，")
        line.add_run("{{").bold = True
        line.add_run("申请")
        line.add_run("人 }}").italic = True
        line.add_run("。")

    document = filled(template(draw), applicant="陈建国")
    [line] = document.paragraphs
    assert line.text == "您好，陈建国。"
    assert [run.text for run in line.runs if run.bold] == ["陈建国"]


def test_rows_and_lines_are_repeated_and_none_is_said() -> None:
    def draw(document: DocumentFile) -> None:
        document.add_paragraph("{{材料}}")
        table = document.add_table(1, 3)
        for index, text in enumerate(("{{成员.序号}}", "{{成员.姓名}}", "{{成员.金额}} 元")):
            table.cell(0, index).text = text

    document = filled(
        template(draw), papers=["一", "二"], members=[{"name": "甲", "sum": "1"}, {"name": "乙", "sum": "2"}]
    )
    assert [line.text for line in document.paragraphs] == ["一", "二"]
    assert [[cell.text for cell in row.cells] for row in document.tables[0].rows] == [
        ["1", "甲", "1 元"],
        ["2", "乙", "2 元"],
    ]
    empty = filled(template(draw))
    assert [line.text for line in empty.paragraphs] == ["无"]
    assert [cell.text for cell in empty.tables[0].rows[0].cells] == ["无", "", " 元"]


def test_a_line_of_an_optional_field_goes_when_it_is_empty_but_a_cell_stays() -> None:
    def draw(document: DocumentFile) -> None:
        document.add_paragraph("备注：{{备注？}}")
        document.add_table(1, 1).cell(0, 0).text = "备注：{{备注?}}"

    document = filled(template(draw))
    assert [line.text for line in document.paragraphs] == []
    assert document.tables[0].cell(0, 0).text == ""
    assert filled(template(draw), note="急").paragraphs[0].text == "备注：急"


def test_line_ends_in_a_value_are_line_breaks() -> None:
    document = filled(template(lambda one: one.add_paragraph("{{备注}}")), note="一\r\n二")
    assert document.paragraphs[0].text == "一\n二"
    target = io.BytesIO()
    document.save(target)
    paper = typeset(target.getvalue(), made_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert plain(PdfReader(io.BytesIO(paper)).pages[0].extract_text()) == "一二"
