"""References from diagrams to what must be deployed beside them: called processes, decisions, forms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

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
Together = Mapping[tuple[ResourceKind, str], str | None]
"""What one deployment holds: kind and key, with the version tag each carries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What an element leads to: a called process, a decision or a form, and which version of it."""

    kind: ResourceKind
    key: str
    binding: str
    version_tag: str | None


def broken_references(resources: tuple[Resource, ...], together: Together, definitions: Definitions) -> list[Finding]:
    """Return an error for every reference that leads neither into this deployment nor to anything deployed before.

    What is bound to its deployment must be in this one, what is bound to a version tag must carry it. References by
    expression are known only when they are run.
    """
    return [
        _broken(resource, node, reference)
        for resource in resources
        if resource.kind == "process"
        for process in read_deployed(resource.content).processes.values()
        for node in process.nodes.values()
        for reference in references_of(node)
        if not _is_found(reference, together, definitions)
    ]


def _is_found(reference: Reference, together: Together, definitions: Definitions) -> bool:
    kind, key, tag = reference.kind, reference.key, reference.version_tag
    if reference.binding == "deployment":
        return (kind, key) in together
    if reference.binding == "versionTag" and tag is not None:
        return together.get((kind, key)) == tag or definitions.tagged(kind, key, tag) is not None
    return (kind, key) in together or definitions.latest(kind, key) is not None


def references_of(node: Node) -> Iterator[Reference]:
    """Return where an element leads by an id; what an expression names is known only when it is run."""
    called, decision, task = node.called, node.decision, node.user_task
    found: list[tuple[ResourceKind, str | None, str, str | None]] = []
    if called is not None:
        found.append(("process", called.process_id, called.binding, called.version_tag))
    if decision is not None:
        found.append(("decision", decision.decision_id, decision.binding, decision.version_tag))
    if task is not None:
        found.append(("form", task.form_id, task.form_binding, task.form_version_tag))
    if node.start_form is not None:
        form = node.start_form
        found.append(("form", form.form_id, form.binding, form.version_tag))
    for kind, key, binding, tag in found:
        if key and not key.startswith("="):
            yield Reference(kind=kind, key=key, binding=binding, version_tag=tag)


def _broken(resource: Resource, node: Node, reference: Reference) -> Finding:
    zh, en = NAMES[reference.kind]
    advice_zh, advice_en = "请一并部署该资源，或更正标识。", "Deploy it together with this diagram, or correct the id."
    if reference.binding == "deployment":
        told_zh, told_en = (
            "绑定为同次部署，但不在本次部署中。",
            "is bound to its deployment, but is not part of this one.",
        )
    elif reference.binding == "versionTag":
        tag = reference.version_tag
        told_zh, told_en = f"没有版本标签为“{tag}”的版本。", f"has no version with the tag {tag!r}."
        advice_zh, advice_en = (
            "请部署带有该版本标签的版本，或更正标签。",
            "Deploy a version with this tag, or correct the tag.",
        )
    else:
        told_zh, told_en = "尚未部署，也不在本次部署中。", "is neither deployed nor part of this deployment."
    return Finding(
        severity="error",
        code=f"{reference.kind}-not-deployed",
        resource=resource.name,
        element_id=node.id,
        element_name=node.name or None,
        line=None,
        message_zh=f"引用的{zh}“{reference.key}”{told_zh}",
        message_en=f"The {en} {reference.key!r} {told_en}",
        advice_zh=advice_zh,
        advice_en=advice_en,
    )
