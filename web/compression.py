"""Sending texts compressed to whoever takes gzip: a page and its sheets in a quarter of the bytes.

Files below `web.assets.STATIC` are compressed once and kept; what a view makes is compressed as it goes out.
Another site can lead a browser to a page with words of its choice (the cookie of a session is `SameSite=Lax`), and who
listens sees how long the packed page is. So the token of a session stands on pages masked, in another guise each time.
"""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, request

from web import assets

SMALLEST = 1_000  # bytes; less is sent as it is
TEXTS = ("text/", "application/json", "application/problem+json", "application/javascript", "image/svg+xml")
ONCE = 9  # how hard to try for what is kept
ALWAYS = 4
ENCODING = "gzip"


def init_app(app: Flask) -> None:
    """Compress the answers of an application."""
    app.after_request(_compressed)


def _compressed(response: Response) -> Response:
    if not (response.mimetype or "").startswith(TEXTS):
        return response
    response.vary.add("Accept-Encoding")
    if response.status_code != 200 or not request.accept_encodings[ENCODING] or response.content_encoding:
        return response
    content = _file_content() if response.direct_passthrough else _made_content(response)
    if content is not None:
        _replace(response, content)
        response.content_encoding = ENCODING
        _weaken_etag(response)
    return response


def _made_content(response: Response) -> bytes | None:
    if response.is_streamed or response.content_length is None or response.content_length < SMALLEST:
        return None
    return gzip.compress(response.get_data(), ALWAYS, mtime=0)


def _file_content() -> bytes | None:
    """Return the file of the bundles that was asked for; other files go as they are."""
    if not request.path.startswith(f"{assets.STATIC_URL}/"):
        return None
    file = assets.STATIC / request.path.removeprefix(f"{assets.STATIC_URL}/")
    return _kept(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _kept(file: Path, _changed: int) -> bytes:
    return gzip.compress(file.read_bytes(), ONCE, mtime=0)


def _replace(response: Response, content: bytes) -> None:
    """Send other bytes in place of those of a response, which may be an open file."""
    close = getattr(response.response, "close", None)
    if close is not None:
        close()
    response.direct_passthrough = False
    response.set_data(content)


def _weaken_etag(response: Response) -> None:
    """Say that the tag is of the content, whatever it is packed in."""
    tag, _is_weak = response.get_etag()
    if tag is not None:
        response.set_etag(tag, weak=True)
