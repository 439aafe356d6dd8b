"""One file that comes up from a form, and one that goes down to whoever asked for it."""

from __future__ import annotations

from urllib.parse import quote

from flask import Request, Response

from web.errors import Objection, RequestInvalid, UnsupportedMediaType
from web.uploads import MULTIPART


def uploaded_file(request: Request) -> bytes:
    """Return the one file of a form.

    Raises:
        UnsupportedMediaType: the body is no multipart form.
        RequestInvalid: no file, or several.
    """
    if request.mimetype != MULTIPART:
        raise UnsupportedMediaType(found=request.mimetype or "-", needed=MULTIPART)
    files = [upload for _, upload in request.files.items(multi=True) if upload.filename]
    if len(files) != 1:
        one = Objection(
            path=("files",), code="wrong-number-of-files", message_zh="请选择一个文件", message_en="Choose one file"
        )
        raise RequestInvalid([one])
    content: bytes = files[0].read()
    return content


def attached(content: bytes, *, name: str, media_type: str) -> Response:
    """Return a file to be saved, which no browser keeps by itself."""
    return _file(content, name, media_type, "attachment")


def shown(content: bytes, *, name: str, media_type: str) -> Response:
    """Return a file that the browser shows."""
    return _file(content, name, media_type, "inline")


def _file(content: bytes, name: str, media_type: str, how: str) -> Response:
    answer = Response(content, content_type=media_type)
    answer.headers["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(name)}"
    answer.headers["Cache-Control"] = "no-store"
    return answer
