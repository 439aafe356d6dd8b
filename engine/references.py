"""References from diagrams to what must be deployed beside them: called processes, decisions, forms."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.reader import read_deployed
from engine.core.graph import Node
from engine.findings import Finding
from engine.model import Resource, ResourceKind
from engine.ports import Definitions

NAMES: dict[ResourceKind, tuple[str, str]] = {
    "process": ("被调用流程", "called process"),
    "decision": ("决策", "decision"),
    "form": ("表单", "form"),
}


def broken_references(
    resources: tuple[Resource, ...], together: frozenset[tuple[str, str]], definitions: Definitions
) -> list[Finding]:
    """Return an error for every reference that leads neither into this deployment nor to anything deployed before.

    `together` are the kinds and keys of this deployment. References by expression are known only when they are run.
    """
    return [
        _broken(resource, node, kind, key)
        for resource in resources
        if resource.kind == "process"
        for process in read_deployed(resource.content).processes.values()
        for node in process.nodes.values()
        for kind, key in _references(node)
        if (kind, key) not in together and definitions.latest(kind, key) is None
    ]


def _references(node: Node) -> Iterator[tuple[ResourceKind, str]]:
    named: tuple[tuple[ResourceKind, str | None], ...] = (
        ("process", node.called.process_id if node.called else None),
        ("decision", node.decision.decision_id if node.decision else None),
        ("form", node.user_task.form_id if node.user_task else None),
    )
    for kind, key in named:
        if key and not key.startswith("="):
            yield kind, key


def _broken(resource: Resource, node: Node, kind: ResourceKind, key: str) -> Finding:
    zh, en = NAMES[kind]
    return Finding(
        severity="error",
        code=f"{kind}-not-deployed",
        resource=resource.name,
        element_id=node.id,
        element_name=node.name or None,
        line=None,
        message_zh=f"引用的{zh}“{key}”尚未部署，也不在本次部署中。",
        message_en=f"The {en} {key!r} is neither deployed nor part of this deployment.",
        advice_zh="请一并部署该资源，或更正标识。",
        advice_en="Deploy it together with this diagram, or correct the id.",
    )
