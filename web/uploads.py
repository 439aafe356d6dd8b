"""Files of a deployment as they come from a form or a program."""

from __future__ import annotations

from pathlib import PurePosixPath

from flask import Request

from engine.commands.deployments import RESOURCE_KINDS
from engine.model import Resource
from web.errors import Objection, RequestInvalid, UnsupportedMediaType
from web.requests import is_storable

MULTIPART = "multipart/form-data"
MAX_UPLOAD = 8 * 1024 * 1024
MAX_FILES = 100
MAX_NAME = 120


def uploaded_resources(request: Request, *, most: int = MAX_FILES) -> tuple[Resource, ...]:
    """Return the uploaded files as resources; the ending of a name tells what it holds.

    Raises:
        UnsupportedMediaType: the body is no multipart form.
        RequestInvalid: no file, too many, or a name nobody can deploy; each is named.
    """
    if request.mimetype != MULTIPART:
        raise UnsupportedMediaType(found=request.mimetype or "-", needed=MULTIPART)
    files = [upload for _, upload in request.files.items(multi=True) if upload.filename]
    names = [PurePosixPath((upload.filename or "").replace("\\", "/")).name for upload in files]
    objections = [found for index, name in enumerate(names) if (found := _objection(index, name))]
    if not files or len(files) > most:
        objections.append(
            Objection(
                path=("files",),
                code="wrong-number-of-files",
                message_zh=f"请选择 1 至 {most} 个文件" if most > 1 else "请只选择一个文件",
                message_en=f"Choose 1 to {most} files" if most > 1 else "Choose one file",
            )
        )
    if objections:
        raise RequestInvalid(objections)
    return tuple(
        Resource(name=name, kind=RESOURCE_KINDS[PurePosixPath(name).suffix.lower()], content=upload.read())
        for name, upload in zip(names, files, strict=True)
    )


def _objection(index: int, name: str) -> Objection | None:
    known = PurePosixPath(name).suffix.lower() in RESOURCE_KINDS
    if known and len(name) <= MAX_NAME and is_storable(name):
        return None
    endings = "、".join(RESOURCE_KINDS)
    return Objection(
        path=("files", index),
        code="file-not-deployable",
        message_zh=f"文件“{name[:40]}”不能部署，可部署的文件类型：{endings}",
        message_en=f"The file {name[:40]!r} cannot be deployed; these can: {', '.join(RESOURCE_KINDS)}",
    )
