"""Table files as banks take and give them: CSV in UTF-8 or GBK, or XLSX; read with the row of every fault.

The first row names the columns, in Chinese. A file is known by the SHA-256 of its bytes, which travels apart from it.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.core.texts import Words
from workflows.casework.verification.errors import FileRefused
from workflows.casework.verification.model import FileEncoding, FileFormat
from workflows.workbooks import BrokenWorkbook, WorkbookTooLarge, read_workbook, write_workbook

MOST_ROWS = 20_000
LARGEST_FILE = 10_000_000
ZIP_START = b"PK\x03\x04"
_CODECS = {FileEncoding.UTF_8: "utf-8-sig", FileEncoding.GBK: "gbk"}
ENCODINGS = ("utf-8-sig", "gb18030")  # the latter reads GBK


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """A row of a file: its number as a spreadsheet shows it, and its cells as texts by column."""

    number: int
    cells: Mapping[str, str]


def digest_of(content: bytes) -> str:
    """Return the hash a file is known by."""
    return hashlib.sha256(content).hexdigest()


def is_writable(cells: Iterable[str], encoding: FileEncoding) -> bool:
    """Say whether an encoding has every sign of these cells."""
    try:
        "".join(cells).encode(_CODECS[encoding])
    except UnicodeEncodeError:
        return False
    return True


def write_table(
    columns: Sequence[str], rows: Iterable[Sequence[str]], *, kind: FileFormat, encoding: FileEncoding
) -> bytes:
    """Return a table as a file; every cell is a text, so that no identity number becomes a number.

    Raises:
        FileRefused: a name has a sign that GBK does not have.
    """
    if kind is FileFormat.XLSX:
        return write_workbook("查询", [columns, *rows])
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    try:
        return text.getvalue().encode(_CODECS[encoding])
    except UnicodeEncodeError as error:
        fault = Words("有 GBK 编码没有的生僻字，请改用 UTF-8", "a name has a sign that GBK lacks; use UTF-8")
        raise FileRefused(fault) from error


def read_table(content: bytes, *, needed: Sequence[str]) -> list[TableRow]:
    """Return the rows of a file that are not empty; its kind and encoding are told from the bytes.

    Raises:
        FileRefused: it is no table, too large, or lacks a column.
    """
    if len(content) > LARGEST_FILE:
        raise FileRefused(Words("文件过大", "it is too large"))
    cells = _workbook_cells(content) if content.startswith(ZIP_START) else _csv_cells(content)
    header = [name.strip() for name in cells[0]] if cells else []
    missing = [name for name in needed if name not in header]
    if missing:
        raise FileRefused(Words(f"缺少列：{'、'.join(missing)}", f"it lacks the columns {', '.join(missing)}"))
    return [
        TableRow(number=number, cells=dict(zip(header, (cell.strip() for cell in row), strict=False)))
        for number, row in enumerate(cells[1:], start=2)
        if any(cell.strip() for cell in row)
    ]


def _csv_cells(content: bytes) -> list[list[str]]:
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            return _few(list(csv.reader(io.StringIO(text), strict=True)))
        except csv.Error as error:
            raise FileRefused(Words("不是有效的 CSV 表格", "it is no valid CSV table")) from error
    raise FileRefused(Words("文字编码既不是 UTF-8 也不是 GBK", "its text is neither UTF-8 nor GBK"))


def _workbook_cells(content: bytes) -> list[list[str]]:
    try:
        return _few(read_workbook(content, most_rows=MOST_ROWS + 2))
    except WorkbookTooLarge as error:
        raise FileRefused(Words("文件过大", "it is too large")) from error
    except BrokenWorkbook as error:
        raise FileRefused(Words("不是有效的 XLSX 表格", "it is no valid XLSX workbook")) from error


def _few(cells: list[list[str]]) -> list[list[str]]:
    if len(cells) > MOST_ROWS + 1:
        raise FileRefused(Words(f"超过 {MOST_ROWS} 行", f"it has more than {MOST_ROWS} rows"))
    return cells
