"""Deploying diagrams, decisions and forms: all or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from engine.commands.resource_checks import described, findings_together
from engine.errors import DeploymentRefused, NotFound
from engine.host import Context, Work
from engine.model import Definition, Deployment, Resource, ResourceKind
from engine.permissions import require_role
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
        findings = findings_together(context, self.resources)
        start_events = StartEvents(context)
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
        return replace(deployment, warnings=tuple(findings_together(context, resources)))


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


def _definitions(resource: Resource, deployment_id: UUID) -> Iterator[Definition]:
    checksum = hashlib.sha256(resource.content).hexdigest()
    for one in described(resource):
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


RESOURCE_KINDS: dict[str, ResourceKind] = {".bpmn": "process", ".dmn": "decision", ".form": "form"}
"""File endings and what they hold."""
