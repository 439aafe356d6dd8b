"""The QR code on a paper."""

from __future__ import annotations

import io

import segno


def qr_picture(text: str) -> bytes:
    """Return a QR code as PNG; a quarter of it may be torn or stamped over."""
    target = io.BytesIO()
    segno.make(text, error="m", micro=False).save(target, kind="png", scale=6, border=2)
    return target.getvalue()
