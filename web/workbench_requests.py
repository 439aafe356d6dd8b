"""Of what a draft is to be made, as a page or a program says it."""

from __future__ import annotations

from typing import Any

from web.errors import Objection, RequestInvalid
from workflows.workbench.commands import CreateDraft, OpenDefinition, OpenShippedFile

WAYS = ("definition_id", "shipped_file", "kind")


def draft_command(asked: dict[str, Any]) -> CreateDraft | OpenDefinition | OpenShippedFile:
    """Return the command that begins a draft.

    Raises:
        RequestInvalid: not exactly one of the ways is named, or a kind without a name for its file.
    """
    named = [way for way in WAYS if asked.get(way) is not None]
    if len(named) != 1:
        raise RequestInvalid([_one_way()])
    if asked["definition_id"] is not None:
        return OpenDefinition(definition_id=asked["definition_id"])
    if asked["shipped_file"] is not None:
        return OpenShippedFile(file_name=asked["shipped_file"])
    if not asked["file_name"]:
        raise RequestInvalid([_no_name()])
    content = asked["content"].encode() if asked["content"] is not None else None
    return CreateDraft(kind=asked["kind"], file_name=asked["file_name"], content=content, note=asked["note"])


def _one_way() -> Objection:
    return Objection(
        path=("definition_id",),
        code="one-source",
        message_zh="请在“已部署的版本”“出厂文件”“类型加文件名”中只选一种来源",
        message_en="Name exactly one source: definition_id, shipped_file, or kind with file_name",
    )


def _no_name() -> Objection:
    return Objection(path=("file_name",), code="required", message_zh="请填写文件名", message_en="Name the file")
