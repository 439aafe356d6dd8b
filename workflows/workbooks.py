"""Workbooks (.xlsx) as rows of texts, for lists that offices and banks hand in and take away."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from importlib import import_module
from types import ModuleType
from zipfile import BadZipFile, ZipFile

LARGEST_UNPACKED = 200_000_000
# What the libraries raise for bytes spoilt on the way, a password, or a way of packing nobody reads.
BROKEN = (BadZipFile, zlib.error, EOFError, RuntimeError, SyntaxError, LookupError, ValueError, TypeError, OSError)

FORMULA_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
BLANKS_OF_CELLS = ("\t", "\r", "\n")
TEXT = "s"
CellValue = str | int | Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet to be written: its name and its rows."""

    title: str
    rows: Iterable[Sequence[CellValue]]


class BrokenWorkbook(Exception):
    """The bytes are no workbook that can be read."""


class WorkbookTooLarge(Exception):
    """Unpacked it would fill the memory."""


def read_workbook(content: bytes, *, most_rows: int, most_columns: int | None = None) -> list[list[str]]:
    """Return the rows of the first sheet as trimmed texts, days as 2026-09-14; not more rows and columns than asked.

    Raises:
        BrokenWorkbook: it cannot be read.
        WorkbookTooLarge: it is larger than anybody's list.
    """
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST_UNPACKED:
                raise WorkbookTooLarge
        book = _library().load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(max_row=most_rows, max_col=most_columns, values_only=True)
        return [[_text(value) for value in row] for row in rows]
    except BROKEN as error:
        raise BrokenWorkbook from error


def write_workbook(title: str, rows: Iterable[Sequence[str]]) -> bytes:
    """Return a workbook with one sheet of these rows."""
    return write_sheets([Sheet(title=title, rows=rows)])


def write_sheets(sheets: Iterable[Sheet]) -> bytes:
    """Return a workbook of these sheets; what begins like a formula stays a text."""
    library = _library()
    book = library.Workbook(write_only=True)
    for written in sheets:
        sheet = book.create_sheet(written.title)
        for row in written.rows:
            sheet.append([_cell(library, sheet, value) for value in row])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def is_formula(text: str) -> bool:
    """Say whether a spreadsheet would calculate a text that is typed or read into a cell."""
    return text.startswith(BLANKS_OF_CELLS) or text.lstrip().startswith(FORMULA_SIGNS)


def _cell(library: ModuleType, sheet: object, value: CellValue) -> object:
    if not isinstance(value, str) or not is_formula(value):
        return value
    cell = library.cell.WriteOnlyCell(sheet, value=value)
    cell.data_type = TEXT
    cell.quotePrefix = True  # else it becomes a formula as soon as somebody edits the cell
    return cell


def _library() -> ModuleType:
    """Load openpyxl where a workbook comes by: it costs each process 20 MB, and most never see one."""
    return import_module("openpyxl")


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
