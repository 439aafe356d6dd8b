"""Deploying diagrams, decisions and forms: all or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

from engine import dmn, forms
from engine.bpmn.reader import read
from engine.checking import check_resource
from engine.errors import DeploymentRefused
from engine.findings import Finding
from engine.host import Context, Work
from engine.model import Definition, Deployment, Resource, ResourceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployResources:
    """Check all resources and make them the newest versions; unchanged resources keep their version.

    Raises:
        DeploymentRefused: any resource has an error; its findings name each element and what to do.
    """

    resources: tuple[Resource, ...]

    def execute(self, context: Context[Work]) -> Deployment:
        """Deploy."""
        functions = frozenset(context.host.functions(context))
        findings = [one for resource in self.resources for one in check_resource(resource, functions=functions)]
        findings += _duplicates(self.resources)
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
                _numbered(one, 1 if before is None else before.version + 1)
                for one, before in zip(candidates, latest, strict=True)
            ]
        deployment = Deployment(
            id=deployment_id,
            deployed_at=context.now(),
            deployed_by=context.actor.id,
            definitions=tuple(definitions),
        )
        repository.add(deployment, new)
        return deployment


def _definitions(resource: Resource, deployment_id: UUID) -> Iterator[Definition]:
    checksum = hashlib.sha256(resource.content).hexdigest()
    for key, name in _keys(resource):
        yield Definition(
            id=uuid4(),
            kind=resource.kind,
            key=key,
            name=name,
            version=0,
            deployment_id=deployment_id,
            resource_name=resource.name,
            checksum=checksum,
        )


def _numbered(definition: Definition, version: int) -> Definition:
    return Definition(
        id=definition.id,
        kind=definition.kind,
        key=definition.key,
        name=definition.name,
        version=version,
        deployment_id=definition.deployment_id,
        resource_name=definition.resource_name,
        checksum=definition.checksum,
    )


def _keys(resource: Resource) -> list[tuple[str, str]]:
    if resource.kind == "process":
        return [(process.id, process.name or process.id) for process in read(resource.content).processes.values()]
    if resource.kind == "decision":
        return [(one.id, one.name or one.id) for one in dmn.parse(resource.content).decisions.values()]
    form = forms.parse(resource.content)
    return [(form.id, form.id)]


def _duplicates(resources: tuple[Resource, ...]) -> list[Finding]:
    names = [resource.name for resource in resources]
    return [
        Finding(
            severity="error",
            code="duplicate-resource",
            resource=name,
            element_id=None,
            element_name=None,
            line=None,
            message_zh=f"同一次部署中有 {names.count(name)} 个文件名为“{name}”的资源。",
            message_en=f"{names.count(name)} resources of this deployment are called {name!r}.",
            advice_zh="请给每个文件不同的名称。",
            advice_en="Give every file a name of its own.",
        )
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]


RESOURCE_KINDS: dict[str, ResourceKind] = {".bpmn": "process", ".dmn": "decision", ".form": "form"}
"""File endings and what they hold."""
