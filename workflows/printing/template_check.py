"""Whether a template can be used: every placeholder known and in its place, nothing the typesetter would lose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from docx.oxml.ns import qn
from lxml.etree import _Element as Element

from workflows.printing.errors import FindingLevel, TemplateFinding, TemplateRefused
from workflows.printing.fields import ROW_NUMBER, FieldKind, Fields, Placeholder, column_of
from workflows.printing.template_file import Story, open_template, stories
from workflows.printing.wording import BRACES, CELL, PARAGRAPH, ROW, SIGNS, TABLE, paragraphs, row_of, text_of

NEEDED = ("文号", "单位", "日期", "查验码", "二维码", "页码", "页数", "版本", "联系电话")
LOST = {
    "w:txbxContent": ("文本框", "a text box"),
    "wp:anchor": ("浮动图片或形状（请设为“嵌入型”）", "a floating picture or shape (set it in line with the text)"),
    "w:numPr": ("自动编号（请直接写出编号）", "automatic numbering (write the numbers)"),
    "w:footnoteReference": ("脚注", "a footnote"),
    "w:sdt": ("内容控件", "a content control"),
    "m:oMath": ("公式", "a formula"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    zh: str
    en: str


def check_template(content: bytes, fields: Fields) -> list[TemplateFinding]:
    """Return what is to be said of a template, errors first; a file that is no template is one error."""
    try:
        document = open_template(content)
    except TemplateRefused as refused:
        return list(refused.findings)
    found = [finding for story in stories(document) for finding in _story(story, fields)]
    asked = {one for story in stories(document) for one in _names(story)}
    found += [_missing(name) for name in NEEDED if _exists(name, fields) and not _is_asked(name, asked, fields)]
    return sorted(found, key=lambda one: one.level is not FindingLevel.ERROR)


def require_good(content: bytes, fields: Fields) -> list[TemplateFinding]:
    """Return the warnings about a template.

    Raises:
        TemplateRefused: it has errors.
    """
    found = check_template(content, fields)
    errors = [one for one in found if one.level is FindingLevel.ERROR]
    if errors:
        raise TemplateRefused(errors)
    return found


def _story(story: Story, fields: Fields) -> Iterator[TemplateFinding]:
    root = story.part.element
    for number, line in enumerate(paragraphs(root), start=1):
        place = _place(story, root, line, number)
        text = text_of(line)
        for inner in BRACES.findall(text):
            yield from _placeholder(Placeholder.read(inner), line, place, fields)
        rest = BRACES.sub("", text)
        if "{{" in rest or "}}" in rest:
            yield _error(place, "花括号不成对，占位符应写成 {{字段名}}", "The braces do not match; write {{field}}")
    for name, (zh, en) in LOST.items():
        if root.find(f".//{_qualified(name)}") is not None:
            yield _lost(story, zh, en)
    if any(next(table.iterancestors(CELL), None) is not None for table in root.iter(TABLE)):
        yield _lost(story, "表格中的表格", "a table within a table")


def _lost(story: Story, zh: str, en: str) -> TemplateFinding:
    return TemplateFinding(
        level=FindingLevel.WARNING,
        place=story.name,
        place_en=story.name_en,
        zh=f"含有{zh}，PDF 中可能不显示",
        en=f"It holds {en}, which the PDF may not show",
    )


def _placeholder(asked: Placeholder, line: Element, place: _Place, fields: Fields) -> Iterator[TemplateFinding]:
    if asked.name in SIGNS and asked.column is None:
        return
    field = fields.find(asked.name)
    if field is None:
        nearest = fields.nearest(asked.name)
        hint, hint_en = (f"，是否为“{nearest}”？", f"; did you mean {nearest!r}?") if nearest else ("", "")
        yield _error(place, f"没有字段“{asked.name}”{hint}", f"There is no field {asked.name!r}{hint_en}")
    elif field.kind is FieldKind.TABLE:
        yield from _of_table(asked, line, place, fields)
    elif asked.column is not None:
        yield _error(
            place, f"字段“{field.name}”不是表格，没有列", f"The field {field.name!r} is no table and has no columns"
        )


def _of_table(asked: Placeholder, line: Element, place: _Place, fields: Fields) -> Iterator[TemplateFinding]:
    field = fields.find(asked.name)
    assert field is not None  # noqa: S101 - the caller found it
    columns = "、".join(one.name for one in field.columns)
    if row_of(line) is None:
        yield _error(
            place,
            f"“{field.name}”按行填写，须放在表格的一行中",
            f"{field.name!r} is filled row by row: put it in a row of a table",
        )
    elif asked.column is None or (asked.column != ROW_NUMBER and column_of(field, asked.column) is None):
        yield _error(
            place,
            f"“{field.name}”须指明列：{ROW_NUMBER}、{columns}，例如 {{{{{field.name}.{field.columns[0].name}}}}}",
            f"Name a column of {field.name!r}: {ROW_NUMBER}, {columns}",
        )


def _place(story: Story, root: Element, line: Element, number: int) -> _Place:
    row = row_of(line)
    if row is None:
        outside = [one for one in paragraphs(root) if row_of(one) is None]
        at = outside.index(line) + 1
        return _Place(zh=f"{story.name}第 {at} 段", en=f"{story.name_en}, paragraph {at}")
    table = next(row.iterancestors(TABLE))
    cell = next(line.iterancestors(CELL))
    where = [
        list(root.iter(TABLE)).index(table) + 1,
        table.findall(ROW).index(row) + 1,
        row.findall(CELL).index(cell) + 1,
    ]
    return _Place(
        zh=f"{story.name}第 {where[0]} 个表格第 {where[1]} 行第 {where[2]} 格",
        en=f"{story.name_en}, table {where[0]}, row {where[1]}, cell {where[2]}",
    )


def _names(story: Story) -> Iterator[str]:
    for line in story.part.element.iter(PARAGRAPH):
        for inner in BRACES.findall(text_of(line)):
            yield Placeholder.read(inner).name


def _exists(name: str, fields: Fields) -> bool:
    return name in SIGNS or fields.find(name) is not None


def _is_asked(name: str, asked: set[str], fields: Fields) -> bool:
    field = fields.find(name)
    keys = {name, field.key} if field else {key for key, sign in SIGNS.items() if sign == SIGNS.get(name)}
    return bool(keys & asked)


def _missing(name: str) -> TemplateFinding:
    return TemplateFinding(
        level=FindingLevel.WARNING,
        place="整篇",
        place_en="whole document",
        zh=f"没有“{{{{{name}}}}}”，印出的文书将缺少该项",
        en=f"It does not ask for {{{{{name}}}}}, so the paper will lack it",
    )


def _error(place: _Place, zh: str, en: str) -> TemplateFinding:
    return TemplateFinding(level=FindingLevel.ERROR, place=place.zh, place_en=place.en, zh=zh, en=en)


def _qualified(name: str) -> str:
    prefix, _, local = name.partition(":")
    if prefix == "m":
        return f"{{http://schemas.openxmlformats.org/officeDocument/2006/math}}{local}"
    return qn(name)
