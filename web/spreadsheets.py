"""A list handed in as CSV or .xlsx, as rows of texts under the columns it must have."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from flask import Request

from web.errors import Objection, RequestInvalid, UnsupportedMediaType
from web.uploads import MAX_NAME, MULTIPART
from workflows.workbooks import BrokenWorkbook, WorkbookTooLarge, read_workbook

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
    name, table = _uploaded(request)
    return name, list(_under_columns(table, columns))


def uploaded_rows(request: Request) -> Rows:
    """Return the rows of the one file handed in, whatever columns it has.

    Raises:
        UnsupportedMediaType: the body is no multipart form.
        RequestInvalid: not one file of a known kind, or it cannot be read.
    """
    _name, table = _uploaded(request)
    head = [one for one in table[0] if one] if table else []
    return list(_under_columns(table, head))


def _uploaded(request: Request) -> tuple[str, Sequence[Sequence[str]]]:
    if request.mimetype != MULTIPART:
        raise UnsupportedMediaType(found=request.mimetype or "-", needed=MULTIPART)
    files = [upload for _, upload in request.files.items(multi=True) if upload.filename]
    name = PurePosixPath((files[0].filename or "").replace("\\", "/")).name if len(files) == 1 else ""
    ending = PurePosixPath(name).suffix.lower()
    if ending not in ENDINGS or len(name) > MAX_NAME:
        raise _refused("wrong-file", "请选择一个 .csv 或 .xlsx 文件", "Choose one .csv or .xlsx file")
    content = files[0].read()
    return name, _sheet(content) if ending == ".xlsx" else _comma_separated(content)


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
        return read_workbook(content, most_rows=MOST_ROWS, most_columns=MOST_COLUMNS)
    except (BrokenWorkbook, WorkbookTooLarge) as error:
        raise _unreadable() from error


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
