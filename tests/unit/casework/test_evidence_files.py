"""Evidence is known by its content, and loses where and by what it was taken."""

from __future__ import annotations

import pytest

from tests import files
from workflows.casework.evidence.errors import EvidenceTooLarge, PictureTooLarge
from workflows.casework.evidence.file_kinds import BrokenFile, FileKind, cleaned
from workflows.casework.evidence.pictures import Size
from workflows.casework.evidence.rules import EvidenceRules, checked_file


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (files.jpeg(), FileKind.JPEG),
        (files.png(), FileKind.PNG),
        (files.webp(), FileKind.WEBP),
        (b"%PDF-1.4\n1 0 obj\n%%EOF\n", FileKind.PDF),
        (files.office("word/document.xml"), FileKind.DOCX),
        (files.office("xl/workbook.xml"), FileKind.XLSX),
    ],
)
def test_a_file_is_known_by_its_content(content: bytes, kind: FileKind) -> None:
    found = cleaned(content)
    assert found is not None
    assert found.kind is kind


@pytest.mark.parametrize("content", [files.jpeg(), files.png(), files.webp()])
def test_a_picture_is_kept_without_where_it_was_taken(content: bytes) -> None:
    found = cleaned(content)
    assert found is not None
    assert files.PLACE in content
    assert files.PLACE not in found.content
    assert cleaned(found.content) == found


def test_a_picture_that_was_taken_sideways_stays_turned() -> None:
    turned, upright = cleaned(files.jpeg(orientation=6)), cleaned(files.jpeg(orientation=1))
    assert turned is not None
    assert upright is not None
    assert b"Exif" in turned.content
    assert b"Exif" not in upright.content
    assert turned.size == Size(width=8, height=6)


def test_what_follows_the_end_of_a_picture_is_cut_off() -> None:
    found = cleaned(files.png() + b"<script>alert(1)</script>")
    assert found is not None
    assert found.content.endswith(files.chunk(b"IEND", b""))


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        b"<!doctype html><script>1</script>",
        b"GIF89a",
        b"MZ\x90\0",
        files.office("any.txt"),
        files.office("word/document.xml", "word/vbaProject.bin"),
    ],
)
def test_what_a_browser_or_office_would_run_is_of_no_kind_we_know(content: bytes) -> None:
    assert cleaned(content) is None


@pytest.mark.parametrize(
    "content",
    [
        files.jpeg()[:-40],
        b"\xff\xd8\xff\xe1\0",
        b"\xff\xd8\xff\xd9",
        files.png()[:-6],
        files.webp()[:-4],
        b"RIFF\x04\0\0\0WEBP",
        b"%PDF-1.4 no end",
        b"PK\x03\x04 no archive",
        files.bomb(),
        files.office("word/document.xml").replace(b"PK\x01\x02\x14\x03\x14", b"PK\x01\x02\x14\x03\x63"),
        files.jpeg().partition(b"\xff\xd9")[0] + b"\xff" * 10_000_000,
    ],
)
def test_a_file_that_is_cut_off_or_bursts_is_broken(content: bytes) -> None:
    with pytest.raises(BrokenFile):
        cleaned(content)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [(files.png() + b"0" * 1024 * 1024, EvidenceTooLarge), (files.huge_png(), PictureTooLarge)],
)
def test_a_file_or_picture_is_no_larger_than_the_figures_allow(content: bytes, refusal: type[Exception]) -> None:
    rules = EvidenceRules(kinds=tuple(FileKind), most_megabytes=1, most_megapixels=60, most_files=200)
    with pytest.raises(refusal):
        checked_file(content, rules)


def test_of_several_frames_the_largest_is_the_size_of_a_picture() -> None:
    content = files.jpeg()
    at = content.index(b"\xff\xc0")
    frame = content[at : at + 2 + int.from_bytes(content[at + 2 : at + 4])]
    huge = frame[:5] + b"\xff\xff\xff\xff" + frame[9:]
    found = cleaned(content[:at] + huge + content[at:])
    assert found is not None
    assert found.size == Size(width=65535, height=65535)
