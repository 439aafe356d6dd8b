"""Small files of every kind evidence may be, made byte by byte."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

PLACE = b"N31.4167 E119.4833"  # what a camera writes of where it was


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def exif(orientation: int = 6) -> bytes:
    tiff = b"II*\0" + struct.pack("<IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0) + PLACE
    return segment(0xE1, b"Exif\0\0" + tiff)


def jpeg(*, width: int = 8, height: int = 6, orientation: int = 6, shade: int = 0) -> bytes:
    """Return the frame of a JPEG with everything phones write beside it; its picture is no real one."""
    frame = segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\0")
    scan = segment(0xDA, b"\x01\x01\0\0\x3f\0") + bytes((shade, 0xFF, 0, 0x12, 0xFF, 0xD0, 0x34))
    return b"\xff\xd8" + exif(orientation) + segment(0xFE, PLACE) + frame + scan + b"\xff\xd9" + PLACE


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(*, width: int = 4, height: int = 3, shade: int = 90) -> bytes:
    """Return a grey PNG with a remark."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    rows = zlib.compress((b"\0" + bytes((shade,)) * width) * height)
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"tEXt", PLACE) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def huge_png(side: int = 60_000) -> bytes:
    """Return a PNG of a few bytes that claims to be enormous."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def webp() -> bytes:
    """Return an extended WebP with where it was taken."""
    canvas = bytes((0b1100, 0, 0, 0)) + (15).to_bytes(3, "little") + (8).to_bytes(3, "little")
    picture = b"\x2f" + ((15) | (8 << 14)).to_bytes(4, "little") + b"\0"
    parts = ((b"VP8X", canvas), (b"VP8L", picture), (b"EXIF", PLACE))
    chunks = b"".join(name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2) for name, body in parts)
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks


def office(document: str, *others: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("[Content_Types].xml", document, *others):
            archive.writestr(zipfile.ZipInfo(name), f"<{name}/>")  # of no time, so that it is always the same
    return target.getvalue()


def bomb() -> bytes:
    """Return a document that unpacks to far more than it is."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "")
        archive.writestr("word/document.xml", b"0" * 20_000_000)
    return target.getvalue()
