"""Checking resources that belong together, as a deployment does and as somebody asks who only draws them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from engine import dmn, forms
from engine.bpmn.reader import read_deployed
from engine.checking import check_resource
from engine.core.graph import Process
from engine.feel.analysis import Surroundings
from engine.findings import Finding
from engine.host import Context, Work
from engine.model import Resource
from engine.references import broken_references
from engine.start_events import StartEvents


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResources:
    """Say what a deployment of these resources would find; nothing is deployed."""

    resources: tuple[Resource, ...]

    def execute(self, context: Context[Work]) -> tuple[Finding, ...]:
        """Check them."""
        return tuple(findings_together(context, self.resources))


def findings_together(context: Context[Work], resources: tuple[Resource, ...]) -> list[Finding]:
    """Return everything wrong or doubtful in resources that are to be deployed together."""
    surroundings = Surroundings(
        objects=context.host.objects(context), functions=frozenset(context.host.functions(context))
    )
    findings = [one for each in resources for one in check_resource(each, surroundings, context.host.office)]
    findings += _duplicate_names(resources)
    if any(finding.severity == "error" for finding in findings):
        return findings
    start_events = StartEvents(context)
    findings += _duplicate_keys(resources)
    together = {(one.kind, it.key): it.version_tag for one in resources for it in described(one)}
    findings += broken_references(resources, together, context.unit_of_work.definitions)
    findings += [
        finding
        for resource, process in _processes(resources)
        for finding in start_events.findings(process, resource.name)
    ]
    return findings


class Described(NamedTuple):
    """What a resource says of one thing it defines."""

    key: str
    name: str
    version_tag: str | None
    name_en: str = ""


def described(resource: Resource) -> list[Described]:
    """Return what a resource that was found sound defines."""
    if resource.kind == "process":
        found = read_deployed(resource.content).processes.values()
        return [Described(one.id, one.name, one.version_tag, one.properties.get("name.en", "")) for one in found]
    if resource.kind == "decision":
        decisions = dmn.parse(resource.content).decisions.values()
        return [Described(one.id, one.name, one.version_tag) for one in decisions]
    form = forms.parse(resource.content)
    return [Described(form.id, form.id, form.version_tag)]


def _duplicate_names(resources: tuple[Resource, ...]) -> list[Finding]:
    names = Counter(resource.name for resource in resources)
    return [
        _twice(
            code="duplicate-resource",
            resource=name,
            zh=f"同一次部署中有 {count} 个文件名为“{name}”的资源。",
            en=f"{count} resources of this deployment are called {name!r}.",
        )
        for name, count in names.items()
        if count > 1
    ]


def _duplicate_keys(resources: tuple[Resource, ...]) -> list[Finding]:
    files: dict[tuple[str, str], list[str]] = {}
    for resource in resources:
        for one in described(resource):
            files.setdefault((resource.kind, one.key), []).append(resource.name)
    return [
        _twice(
            code="duplicate-key",
            resource=names[-1],
            zh=f"“{key}”在本次部署中出现 {len(names)} 次：{'、'.join(names)}。",
            en=f"{key!r} is defined {len(names)} times in this deployment: {', '.join(names)}.",
        )
        for (_, key), names in files.items()
        if len(names) > 1
    ]


def _twice(*, code: str, resource: str, zh: str, en: str) -> Finding:
    return Finding(
        severity="error",
        code=code,
        resource=resource,
        element_id=None,
        element_name=None,
        line=None,
        message_zh=zh,
        message_en=en,
        advice_zh="请只保留一个，或改用不同的名称和标识。",
        advice_en="Keep one of them, or give them names and ids of their own.",
    )


def _processes(resources: tuple[Resource, ...]) -> Iterator[tuple[Resource, Process]]:
    for resource in resources:
        if resource.kind == "process":
            for process in read_deployed(resource.content).processes.values():
                yield resource, process
