"""From draft to active version: checked, compared with what runs, confirmed, deployed with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from engine.commands.deployments import DeployResources
from engine.commands.resource_checks import described, findings_together
from engine.comparison import compare_resources
from engine.errors import DeploymentRefused, NotFound
from engine.findings import Finding
from engine.model import Definition, Deployment
from engine.permissions import checked_reason
from workflows.workbench.commands import Workbench, ended, locked, require_analyst
from workflows.workbench.errors import DraftCheckStale, DraftUnchanged, WarningsNotConfirmed
from workflows.workbench.model import DefinitionDraft, DraftCheck, DraftDeployment, DraftEnd


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckDraft:
    """Say what deploying a draft would find, what it changes and what runs by the versions before.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
        NotFound: there is no such draft.
    """

    draft_id: UUID

    def execute(self, context: Workbench) -> DraftCheck:
        """Check it; nothing is kept."""
        require_analyst(context)
        draft = context.unit_of_work.definition_drafts.get(self.draft_id)
        if draft is None:
            raise NotFound("definition draft", self.draft_id)
        return _checked(context, draft)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployDraft:
    """Make a draft the active version, with the reason for it.

    `seen` is what stands for the check that was looked at, `confirmed` the marks of the warnings that are meant.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
        NotFound: there is no such draft.
        DefinitionDraftOver: it was deployed or discarded.
        ReasonMissing: no reason is given.
        DeploymentRefused: it has errors.
        DraftUnchanged: it is the active version.
        DraftCheckStale: not what was looked at.
        WarningsNotConfirmed: it has warnings that nobody confirmed.
    """

    draft_id: UUID
    seen: str
    reason: str
    confirmed: Sequence[str] = ()

    def execute(self, context: Workbench) -> Deployment:
        """Deploy it and end the draft."""
        require_analyst(context)
        draft = locked(context, self.draft_id)
        context.unit_of_work.definitions.lock()  # what is active stays so until this is done
        reason = checked_reason(self.reason)
        check = _checked(context, draft)
        if check.errors:
            raise DeploymentRefused(list(check.findings))
        if check.is_unchanged and check.active is not None:
            raise DraftUnchanged(file=draft.file_name, version=check.active.version)
        if check.seen != self.seen:
            raise DraftCheckStale(file=draft.file_name)
        missing = set(check.marks) - set(self.confirmed)
        if missing:
            raise WarningsNotConfirmed(file=draft.file_name, findings=_of(check.warnings, missing))
        deployment = DeployResources(resources=(draft.resource,)).execute(context)
        ended(context, draft, DraftEnd.DEPLOYED)
        context.unit_of_work.definition_drafts.record(
            DraftDeployment(deployment_id=deployment.id, draft_id=draft.id, reason=reason, confirmed=check.marks)
        )
        return deployment


def _checked(context: Workbench, draft: DefinitionDraft) -> DraftCheck:
    findings = findings_together(context, (draft.resource,))
    active = _active(context, draft, is_sound=not any(one.severity == "error" for one in findings))
    content = None if active is None else context.unit_of_work.definitions.content(active.id)
    running = [] if active is None else context.unit_of_work.definition_drafts.running(draft.kind, active.key)
    return DraftCheck(
        draft=draft,
        findings=findings,
        active=active,
        active_content=content,
        changes=() if content is None else compare_resources(draft.kind, content, draft.content),
        running=running,
    )


def _active(context: Workbench, draft: DefinitionDraft, *, is_sound: bool) -> Definition | None:
    """Return what the draft would take the place of; while it has errors, what it was made from says that."""
    definitions = context.unit_of_work.definitions
    if is_sound:
        found = (definitions.latest(draft.kind, one.key) for one in described(draft.resource))
        return next((one for one in found if one is not None), None)
    base = None if draft.base_definition_id is None else definitions.get(draft.base_definition_id)
    return None if base is None else definitions.latest(base.kind, base.key)


def _of(warnings: Sequence[Finding], marks: set[str]) -> list[Finding]:
    return [one for one in warnings if f"{one.code}@{one.element_id or ''}" in marks]
