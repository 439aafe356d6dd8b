"""WebP pictures without where and by what they were taken, read by their own structure, never decoded."""

from __future__ import annotations

import struct

from workflows.casework.evidence.pictures import BrokenPicture, Size

HEAD = 12
EXTENDED, LOSSY, LOSSLESS = b"VP8X", b"VP8 ", b"VP8L"
KEPT = frozenset({EXTENDED, LOSSY, LOSSLESS, b"ALPH", b"ICCP"})
TRACES = 0b0000_1110  # flags of an extended picture: Exif, XMP, animation


def webp_without_traces(content: bytes) -> tuple[bytes, Size]:
    """Return a WebP with its picture alone, and its size.

    Raises:
        BrokenPicture: it is no whole WebP, or one that moves.
    """
    kept, sizes, at = [], [], HEAD
    end = HEAD - 4 + struct.unpack("<I", content[4:8])[0]
    if end > len(content):
        raise BrokenPicture("cut off")
    while at + 8 <= end:
        name, (length,) = content[at : at + 4], struct.unpack("<I", content[at + 4 : at + 8])
        body, following = content[at + 8 : at + 8 + length], at + 8 + length + length % 2
        if following > end + 1 or len(body) < length:
            raise BrokenPicture("cut off")
        if name in KEPT:
            sizes += [_size(name, body)] if name in (EXTENDED, LOSSY, LOSSLESS) else []
            body = bytes((body[0] & ~TRACES, *body[1:])) if name == EXTENDED else body
            kept.append(name + struct.pack("<I", length) + body + b"\0" * (length % 2))
        at = following
    if not any(one[:4] in (LOSSY, LOSSLESS) for one in kept):
        raise BrokenPicture("no still picture")
    chunks = b"".join(kept)
    largest = max(sizes, key=lambda one: one.pixels)
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks, largest


def _size(name: bytes, body: bytes) -> Size:
    if len(body) < (5 if name == LOSSLESS else 10):
        raise BrokenPicture("no header")
    if name == EXTENDED:
        width, height = (int.from_bytes(body[at : at + 3], "little") + 1 for at in (4, 7))
        return Size(width=width, height=height)
    if name == LOSSLESS:
        bits = int.from_bytes(body[1:5], "little")
        return Size(width=(bits & 0x3FFF) + 1, height=(bits >> 14 & 0x3FFF) + 1)
    width, height = (value & 0x3FFF for value in struct.unpack("<HH", body[6:10]))
    if not width or not height:
        raise BrokenPicture("empty")
    return Size(width=width, height=height)
