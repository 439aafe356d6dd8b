"""Figures as files to take away: a workbook with a sheet for every table, or all tables under each other as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from web.figures.tables import Amount, Cell, Section, Share
from workflows.casework.verification.model import FileFormat
from workflows.workbooks import CellValue, Sheet, is_formula, write_sheets

MEDIA_TYPES = {
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileFormat.CSV: "text/csv; charset=utf-8",
}
LONGEST_SHEET_NAME = 31
NOT_IN_SHEET_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))

Rows = Sequence[Sequence[CellValue]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureFile:
    """A file of figures, under its name."""

    name: str
    media_type: str
    content: bytes


def figure_file(
    tables: Sequence[Section], *, head: Rows, since: date, until: date, kind: FileFormat, title: str = ""
) -> FigureFile:
    """Return the tables as a file; `head` says above them what they are of."""
    made = _workbook if kind is FileFormat.XLSX else _comma_separated
    return FigureFile(
        name=f"{title or _('业务统计')} {since.isoformat()} {until.isoformat()}.{kind.value}",
        media_type=MEDIA_TYPES[kind],
        content=made(tables, head),
    )


def _workbook(tables: Sequence[Section], head: Rows) -> bytes:
    cover = Sheet(title=_("说明"), rows=head)
    return write_sheets([cover, *(Sheet(title=_sheet_name(one), rows=[*_rows(one)]) for one in tables)])


def _comma_separated(tables: Sequence[Section], head: Rows) -> bytes:
    """Return UTF-8 with the mark by which spreadsheets know it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for row in head:
        writer.writerow(map(_harmless, row))
    for one in tables:
        writer.writerows([[], [_harmless(one.title)]])
        for row in _rows(one):
            writer.writerow(map(_harmless, row))
    return text.getvalue().encode("utf-8-sig")


def _rows(table: Section) -> Iterator[Sequence[CellValue]]:
    """Give the head and the rows of a table; a share takes three columns, so that all of it can be calculated with."""
    spread = [table.has_shares(column) for column in range(len(table.columns))]
    yield [name for column, title in enumerate(table.columns) for name in _names(title, spread=spread[column])]
    for row in table.rows:
        yield [value for column, cell in enumerate(row) for value in _values(cell, spread=spread[column])]
    if not table.rows:
        yield [table.nothing]
    if table.note:
        yield [table.note]


def _names(title: str, *, spread: bool) -> list[str]:
    return [title, _("%(share)s的分子", share=title), _("%(share)s的分母", share=title)] if spread else [title]


def _values(cell: Cell, *, spread: bool) -> list[CellValue]:
    if isinstance(cell, Share):
        return [cell.rate, cell.part, cell.whole]
    value = cell.yuan if isinstance(cell, Amount) else cell
    return [value, None, None] if spread else [value]


def _harmless(value: CellValue) -> CellValue:
    """Return a cell that no spreadsheet takes for a formula: CSV knows no texts, but an apostrophe says so to all."""
    return f"'{value}" if isinstance(value, str) and is_formula(value) else value


def _sheet_name(table: Section) -> str:
    return table.title.translate(NOT_IN_SHEET_NAMES)[:LONGEST_SHEET_NAME]
