"""Which version of a called process, decision or form an element means."""

from __future__ import annotations

from uuid import UUID

from engine.model import Definition, ResourceKind
from engine.ports import Definitions

NOT_FOUND = {
    "latest": ("尚未部署", "is not deployed"),
    "deployment": ("未与本流程一同部署", "was not deployed together with this process"),
    "versionTag": ("没有此版本标签的已部署版本", "has no deployed version of this tag"),
}


class NotBound(Exception):
    """No version fits; the text says what was looked for, in both languages."""


def bound_definition(
    definitions: Definitions, kind: ResourceKind, key: str, *, caller: str, binding: str, version_tag: str | None
) -> Definition:
    """Return the newest version, the one deployed together with the caller, or the newest one of a tag.

    Raises:
        NotBound: there is none.
    """
    if binding == "deployment":
        found = definitions.beside(UUID(caller), kind, key)
    elif binding == "versionTag":
        found = definitions.tagged(kind, key, version_tag or "")
    else:
        found = definitions.latest(kind, key)
    if found is None:
        zh, en = NOT_FOUND.get(binding, NOT_FOUND["latest"])
        tag = f" ({version_tag})" if binding == "versionTag" else ""
        raise NotBound(f"“{key}”{tag}{zh}；请部署后重试 / {key!r}{tag} {en}; deploy it and retry")
    return found
