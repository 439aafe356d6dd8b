"""Deploying diagrams, decisions and forms: all or nothing."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

from engine import dmn, forms
from engine.bpmn.reader import read_deployed
from engine.checking import check_resource
from engine.errors import DeploymentRefused
from engine.feel.analysis import Surroundings
from engine.findings import Finding
from engine.host import Context, Work
from engine.model import Definition, Deployment, Resource, ResourceKind
from engine.permissions import require_role
from engine.references import broken_references


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployResources:
    """Check all resources and make them the newest versions; unchanged resources keep their version.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
        DeploymentRefused: any resource has an error; its findings name each element and what to do.
    """

    resources: tuple[Resource, ...]

    def execute(self, context: Context[Work]) -> Deployment:
        """Deploy."""
        require_role(context, "administrator", context.host.region, action="部署")
        surroundings = Surroundings(
            objects=context.host.objects(context), functions=frozenset(context.host.functions(context))
        )
        findings = [one for resource in self.resources for one in check_resource(resource, surroundings)]
        findings += _duplicate_names(self.resources)
        if not any(finding.severity == "error" for finding in findings):
            findings += _duplicate_keys(self.resources)
            together = frozenset((one.kind, key) for one in self.resources for key, _ in _keys(one))
            findings += broken_references(self.resources, together, context.unit_of_work.definitions)
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
        return [
            (process.id, process.name or process.id) for process in read_deployed(resource.content).processes.values()
        ]
    if resource.kind == "decision":
        return [(one.id, one.name or one.id) for one in dmn.parse(resource.content).decisions.values()]
    form = forms.parse(resource.content)
    return [(form.id, form.id)]


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
        for key, _ in _keys(resource):
            files.setdefault((resource.kind, key), []).append(resource.name)
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
