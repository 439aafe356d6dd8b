"""Workbooks (.xlsx) as rows of texts, for lists that offices and banks hand in and take away."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from importlib import import_module
from types import ModuleType
from zipfile import BadZipFile, ZipFile

LARGEST_UNPACKED = 200_000_000
# What the libraries raise for bytes spoilt on the way, a password, or a way of packing nobody reads.
BROKEN = (BadZipFile, zlib.error, EOFError, RuntimeError, SyntaxError, LookupError, ValueError, TypeError, OSError)


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
    book = _library().Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


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
