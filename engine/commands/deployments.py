"""Deploying diagrams, decisions and forms: all or nothing."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple
from uuid import UUID, uuid4

from engine import dmn, forms
from engine.bpmn.reader import read_deployed
from engine.checking import check_resource
from engine.core.graph import Process
from engine.errors import DeploymentRefused, NotFound
from engine.feel.analysis import Surroundings
from engine.findings import Finding
from engine.host import Context, Work
from engine.model import Definition, Deployment, Resource, ResourceKind
from engine.permissions import require_role
from engine.references import broken_references
from engine.start_events import StartEvents


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployResources:
    """Check all resources and make them the newest versions; unchanged resources keep their version.

    What is doubtful in any of them, changed or not, comes back as the deployment's warnings.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
        DeploymentRefused: any resource has an error; its findings name each element and what to do.
    """

    resources: tuple[Resource, ...]

    def execute(self, context: Context[Work]) -> Deployment:
        """Deploy."""
        require_role(context, "administrator", context.host.region, action="部署")
        start_events = StartEvents(context)
        findings = _findings(context, self.resources, start_events)
        if any(finding.severity == "error" for finding in findings):
            raise DeploymentRefused(findings)
        repository = context.unit_of_work.definitions
        repository.lock()
        deployment_id = uuid4()
        definitions: list[Definition] = []
        new: list[Resource] = []
        for resource in self.resources:
            candidates = list(_definitions(resource, deployment_id))
            latest = [repository.latest(one.kind, one.key) for one in candidates]
            kept = [one for one in latest if one is not None and one.checksum == candidates[0].checksum]
            if candidates and len(kept) == len(candidates):
                definitions += kept
                continue
            new.append(resource)
            definitions += [
                replace(one, version=1 if before is None else before.version + 1)
                for one, before in zip(candidates, latest, strict=True)
            ]
        deployment = Deployment(
            id=deployment_id,
            deployed_at=context.now(),
            deployed_by=context.actor.id,
            definitions=tuple(definitions),
            warnings=tuple(findings),
        )
        repository.add(deployment, new)
        _open_start_events(context, start_events, deployment)
        return deployment


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamineDeployment:
    """Return what was deployed together, with what is doubtful in it as things stand now.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
        NotFound: there is no such deployment.
    """

    deployment_id: UUID

    def execute(self, context: Context[Work]) -> Deployment:
        """Check again what was deployed."""
        require_role(context, "administrator", context.host.region, action="查看部署")
        definitions = context.unit_of_work.definitions
        deployment = definitions.deployment(self.deployment_id)
        if deployment is None:
            raise NotFound("deployment", self.deployment_id)
        files = {(one.deployment_id, one.resource_name): one for one in deployment.definitions}
        resources = tuple(
            Resource(name=one.resource_name, kind=one.kind, content=definitions.content(one.id))
            for one in files.values()
        )
        findings = _findings(context, resources, StartEvents(context))
        return replace(deployment, warnings=tuple(findings))


def _findings(context: Context[Work], resources: tuple[Resource, ...], start_events: StartEvents) -> list[Finding]:
    """Return what the checks find in resources that belong together."""
    surroundings = Surroundings(
        objects=context.host.objects(context), functions=frozenset(context.host.functions(context))
    )
    findings = [one for resource in resources for one in check_resource(resource, surroundings, context.host.office)]
    findings += _duplicate_names(resources)
    if any(finding.severity == "error" for finding in findings):
        return findings
    findings += _duplicate_keys(resources)
    together = {(one.kind, it.key): it.version_tag for one in resources for it in _described(one)}
    findings += broken_references(resources, together, context.unit_of_work.definitions)
    findings += [
        finding
        for resource, process in _processes(resources)
        for finding in start_events.findings(process, resource.name)
    ]
    return findings


def _open_start_events(context: Context[Work], start_events: StartEvents, deployment: Deployment) -> None:
    """Let the start events of new versions take the place of the old ones; what did not change is left alone."""
    work = context.unit_of_work
    for definition in deployment.definitions:
        is_new = definition.deployment_id == deployment.id
        if definition.kind != "process":
            continue
        process = context.definitions.process(definition.id, work.definitions)
        if is_new or work.definitions.describe(definition.id, process.version_tag):
            work.start_subscriptions.replace(process.id, start_events.subscriptions(process, definition.id))
    work.wake_workers()


def _processes(resources: tuple[Resource, ...]) -> Iterator[tuple[Resource, Process]]:
    for resource in resources:
        if resource.kind == "process":
            for process in read_deployed(resource.content).processes.values():
                yield resource, process


def _definitions(resource: Resource, deployment_id: UUID) -> Iterator[Definition]:
    checksum = hashlib.sha256(resource.content).hexdigest()
    for one in _described(resource):
        yield Definition(
            id=uuid4(),
            kind=resource.kind,
            key=one.key,
            name=one.name or one.key,
            version=0,
            deployment_id=deployment_id,
            resource_name=resource.name,
            checksum=checksum,
            version_tag=one.version_tag,
            name_en=one.name_en,
        )


class _Described(NamedTuple):
    """What a resource says of one thing it defines."""

    key: str
    name: str
    version_tag: str | None
    name_en: str = ""


def _described(resource: Resource) -> list[_Described]:
    if resource.kind == "process":
        found = read_deployed(resource.content).processes.values()
        return [_Described(one.id, one.name, one.version_tag, one.properties.get("name.en", "")) for one in found]
    if resource.kind == "decision":
        decisions = dmn.parse(resource.content).decisions.values()
        return [_Described(one.id, one.name, one.version_tag) for one in decisions]
    form = forms.parse(resource.content)
    return [_Described(form.id, form.id, form.version_tag)]


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
        for one in _described(resource):
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


RESOURCE_KINDS: dict[str, ResourceKind] = {".bpmn": "process", ".dmn": "decision", ".form": "form"}
"""File endings and what they hold."""
