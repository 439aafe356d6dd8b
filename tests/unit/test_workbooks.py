"""Workbooks as rows of texts: what offices hand in is read, or refused as a whole, never half."""

from __future__ import annotations

import io
from collections.abc import Callable
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import load_workbook

from workflows import workbooks
from workflows.workbooks import BrokenWorkbook, WorkbookTooLarge, read_workbook, write_workbook

ROWS = [["姓名", "证件号码"], ["陈建国", "320481198603021234"]]
SPOILS: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "no end": lambda content: content[: len(content) // 2],
    "other": lambda _: b"<x/>",
    "wrong values": lambda content: content.replace(b"1", b"zz"),
}
PARTS = ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml")


def changed(part: str, spoil: Callable[[bytes], bytes]) -> bytes:
    target = io.BytesIO()
    with ZipFile(io.BytesIO(write_workbook("名单", ROWS))) as whole, ZipFile(target, "w", ZIP_DEFLATED) as written:
        for name in whole.namelist():
            content = whole.read(name)
            written.writestr(name, spoil(content) if name == part else content)
    return target.getvalue()


def test_what_is_written_is_read() -> None:
    assert read_workbook(write_workbook("名单", ROWS), most_rows=10) == ROWS
    assert read_workbook(write_workbook("名单", ROWS), most_rows=1, most_columns=1) == [["姓名"]]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "=", "\t=1", "\n=1", " =1", "＝1+1"])
def test_what_begins_like_a_formula_is_written_as_a_text(text: str) -> None:
    (cell,) = next(load_workbook(io.BytesIO(write_workbook("名单", [[text]])))["名单"].rows)

    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


@pytest.mark.parametrize("spoil", SPOILS.values(), ids=SPOILS)
@pytest.mark.parametrize("part", PARTS)
def test_a_spoilt_workbook_is_read_or_refused_and_breaks_nothing(part: str, spoil: Callable[[bytes], bytes]) -> None:
    try:
        rows = read_workbook(changed(part, spoil), most_rows=10)
    except BrokenWorkbook:
        return
    assert all(isinstance(cell, str) for row in rows for cell in row)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0 an old .xls"])
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(BrokenWorkbook):
        read_workbook(content, most_rows=10)


def packed(*, flags: int = 0, method: int = 8, spoilt: bool = False) -> bytes:
    """Return a workbook whose first sheet says it has a password, is packed in an odd way, or lost a byte."""
    content = bytearray(write_workbook("名单", ROWS))
    with ZipFile(io.BytesIO(bytes(content))) as whole:
        entry = whole.getinfo("xl/worksheets/sheet1.xml")
        start = whole.start_dir
    if spoilt:
        content[entry.header_offset + 30 + len(entry.filename) + 4] ^= 0xFF
    listed = content.index(entry.filename.encode(), start) - 46
    for place, found in ((entry.header_offset + 6, flags), (listed + 8, flags)):
        content[place] |= found
    for place in (entry.header_offset + 8, listed + 10):
        content[place] = method
    return bytes(content)


@pytest.mark.parametrize(
    "content",
    [packed(spoilt=True), packed(flags=1), packed(method=97)],
    ids=["a byte lost on the way", "a password", "packed in an odd way"],
)
def test_a_damaged_or_locked_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(BrokenWorkbook):
        read_workbook(content, most_rows=10)


def test_what_would_fill_the_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "LARGEST_UNPACKED", 1_000)
    with pytest.raises(WorkbookTooLarge):
        read_workbook(write_workbook("名单", ROWS), most_rows=10)
