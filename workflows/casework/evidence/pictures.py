"""Pictures without where and by what they were taken: JPEG and PNG, read by their own structure, never decoded.

A picture may still be turned: the orientation a phone wrote is kept, alone. What follows the end of a picture (a second
picture, a film, a hidden file) is cut off.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass

START, END, SCAN = 0xD8, 0xD9, 0xDA
EXIF, COLOUR_PROFILE, ADOBE, JFIF = 0xE1, 0xE2, 0xEE, 0xE0
FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})
AFTER_SCAN = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]", re.DOTALL)  # no repetition: runs of FF stay linear
PNG_START = b"\x89PNG\r\n\x1a\n"
PNG_KEPT = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT"})
ORIENTATION = 0x0112
UPRIGHT = 1


class BrokenPicture(Exception):
    """The content is no picture that can be shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """The size of a picture, in pixels."""

    width: int
    height: int

    @property
    def pixels(self) -> int:
        """Return how many pixels it has."""
        return self.width * self.height


def jpeg_without_traces(content: bytes) -> tuple[bytes, Size]:
    """Return a JPEG with nothing beside its picture but colour profile and orientation, and its size.

    Raises:
        BrokenPicture: it is no whole JPEG.
    """
    kept, size, at = [b"\xff\xd8"], None, 2
    while True:
        at, marker = _marker(content, at)
        if marker == END:
            break
        if marker in WITHOUT_LENGTH:
            continue
        segment = _segment(content, at)
        at += len(segment)
        if marker in FRAMES:
            size = _larger(size, _frame_size(segment))
        if marker == EXIF:
            segment = _orientation_alone(segment)
        if segment and _is_kept(marker, segment):
            kept += (bytes((0xFF, marker)), segment)
        if marker == SCAN:
            end = _end_of_scan(content, at)
            kept.append(content[at:end])
            at = end
    if size is None:
        raise BrokenPicture("no frame")
    return b"".join((*kept, b"\xff\xd9")), size


def png_without_traces(content: bytes) -> tuple[bytes, Size]:
    """Return a PNG with the chunks of its picture alone, and its size.

    Raises:
        BrokenPicture: it is no whole PNG.
    """
    kept, at, size = [PNG_START], len(PNG_START), None
    while True:
        if at + 12 > len(content):
            raise BrokenPicture("cut off")
        (length,), name = struct.unpack(">I", content[at : at + 4]), content[at + 4 : at + 8]
        end = at + 12 + length
        if end > len(content):
            raise BrokenPicture("cut off")
        if name == b"IHDR" and length == 13:
            width, height = struct.unpack(">II", content[at + 8 : at + 16])
            size = _size(width, height)
        if name in PNG_KEPT:
            kept.append(content[at:end])
        at = end
        if name == b"IEND":
            break
    if size is None:
        raise BrokenPicture("no header")
    return b"".join(kept), size


def _marker(content: bytes, at: int) -> tuple[int, int]:
    """Return the next marker and where what belongs to it begins."""
    if at + 1 >= len(content) or content[at] != 0xFF:
        raise BrokenPicture("no marker")
    while at + 1 < len(content) and content[at + 1] == 0xFF:  # filling
        at += 1
    if at + 1 >= len(content):
        raise BrokenPicture("cut off")
    return at + 2, content[at + 1]


def _segment(content: bytes, at: int) -> bytes:
    if at + 2 > len(content):
        raise BrokenPicture("cut off")
    (length,) = struct.unpack(">H", content[at : at + 2])
    if length < 2 or at + length > len(content):
        raise BrokenPicture("cut off")
    return content[at : at + length]


def _is_kept(marker: int, segment: bytes) -> bool:
    if marker == COLOUR_PROFILE:
        return segment[2:13] == b"ICC_PROFILE"
    is_remark = 0xE0 <= marker <= 0xEF or marker == 0xFE
    return not is_remark or marker in (JFIF, EXIF, ADOBE)


def _frame_size(segment: bytes) -> Size:
    if len(segment) < 8:
        raise BrokenPicture("no frame")
    height, width = struct.unpack(">HH", segment[3:7])
    return _size(width, height)


def _size(width: int, height: int) -> Size:
    if not width or not height:
        raise BrokenPicture("empty")
    return Size(width=width, height=height)


def _larger(one: Size | None, other: Size) -> Size:
    """Return the larger of two frames: a reader may show either."""
    return other if one is None or other.pixels > one.pixels else one


def _end_of_scan(content: bytes, at: int) -> int:
    """Return where the coded picture ends: at the first marker that is none of its own."""
    found = AFTER_SCAN.search(content, at)
    if found is None:
        raise BrokenPicture("cut off")
    return found.start()


def _orientation_alone(segment: bytes) -> bytes:
    """Return a segment that holds the orientation of the one given and nothing else; nothing where it is upright."""
    turned = _orientation(segment[8:]) if segment[2:8] == b"Exif\0\0" else UPRIGHT
    if turned == UPRIGHT:
        return b""
    body = b"Exif\0\0MM\0*" + struct.pack(">IHHHIHHI", 8, 1, ORIENTATION, 3, 1, turned, 0, 0)
    return struct.pack(">H", len(body) + 2) + body


def _orientation(tiff: bytes) -> int:
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 10:
        return UPRIGHT
    (first,) = struct.unpack(f"{order}I", tiff[4:8])
    if first + 2 > len(tiff):
        return UPRIGHT
    (count,) = struct.unpack(f"{order}H", tiff[first : first + 2])
    for number in range(count):
        entry = tiff[first + 2 + number * 12 : first + 14 + number * 12]
        if len(entry) == 12 and struct.unpack(f"{order}H", entry[:2]) == (ORIENTATION,):
            (turned,) = struct.unpack(f"{order}H", entry[8:10])
            return turned if 1 <= turned <= 8 else UPRIGHT
    return UPRIGHT
