"""A list handed in as CSV or .xlsx, as rows of texts under the columns it must have."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import PurePosixPath
from zipfile import BadZipFile

from flask import Request
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from web.errors import Objection, RequestInvalid, UnsupportedMediaType
from web.uploads import MAX_NAME, MULTIPART

Rows = Sequence[tuple[int, Mapping[str, str]]]
ENDINGS = (".csv", ".xlsx")
MOST_ROWS = 50_000
MOST_COLUMNS = 50


def uploaded_table(request: Request, *, columns: Sequence[str]) -> tuple[str, Rows]:
    """Return the name of the one file handed in and its rows, each with its number in the sheet.

    Raises:
        UnsupportedMediaType: the body is no multipart form.
        RequestInvalid: not one file of a known kind, it cannot be read, or columns are missing; each is named.
    """
    if request.mimetype != MULTIPART:
        raise UnsupportedMediaType(found=request.mimetype or "-", needed=MULTIPART)
    files = [upload for _, upload in request.files.items(multi=True) if upload.filename]
    name = PurePosixPath((files[0].filename or "").replace("\\", "/")).name if len(files) == 1 else ""
    ending = PurePosixPath(name).suffix.lower()
    if ending not in ENDINGS or len(name) > MAX_NAME:
        raise _refused("wrong-file", "请选择一个 .csv 或 .xlsx 文件", "Choose one .csv or .xlsx file")
    content = files[0].read()
    table = _sheet(content) if ending == ".xlsx" else _comma_separated(content)
    return name, list(_under_columns(table, columns))


def _comma_separated(content: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), strict=False)][:MOST_ROWS]
    raise _unreadable()


def _sheet(content: bytes) -> list[list[str]]:
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True)
        return [[_text(cell) for cell in row] for row in rows]
    except (BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, OSError) as broken:
        raise _unreadable() from broken


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).strip()


def _under_columns(table: Sequence[Sequence[str]], columns: Sequence[str]) -> Iterator[tuple[int, Mapping[str, str]]]:
    head = list(table[0]) if table else []
    missing = [one for one in columns if one not in head]
    if missing:
        names = "、".join(missing)
        raise _refused("columns-missing", f"表头缺少：{names}", f"The head lacks: {names}")
    places = {one: head.index(one) for one in columns}
    for number, row in enumerate(table[1:], start=2):
        if any(row):
            yield number, {one: row[place] if place < len(row) else "" for one, place in places.items()}


def _unreadable() -> RequestInvalid:
    return _refused("file-unreadable", "文件无法读取，请另存后重试", "The file cannot be read; save it anew")


def _refused(code: str, zh: str, en: str) -> RequestInvalid:
    return RequestInvalid([Objection(path=("files",), code=code, message_zh=zh, message_en=en)])
