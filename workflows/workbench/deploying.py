"""From draft to active version: checked, compared with what runs, confirmed, deployed with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from engine.commands.deployments import DeployResources
from engine.commands.resource_checks import described, findings_together
from engine.comparison import Change, ChangeKind, compare_resources
from engine.errors import DeploymentRefused, NotFound
from engine.model import Deployment, ResourceKind
from engine.permissions import checked_reason
from workflows.workbench.commands import Workbench, ended, locked, require_analyst
from workflows.workbench.errors import DraftCheckStale, DraftUnchanged, WarningsNotConfirmed
from workflows.workbench.model import ActiveVersion, DefinitionDraft, DraftCheck, DraftDeployment, DraftEnd


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
class CompareContents:
    """Say what one content changes of another; nothing is kept.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
    """

    kind: ResourceKind
    before: bytes
    after: bytes

    def execute(self, context: Workbench) -> tuple[Change, ...]:
        """Compare them."""
        require_analyst(context)
        return compare_resources(self.kind, self.before, self.after)


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
        missing = [one for one in check.warnings if one.mark not in self.confirmed]
        if missing:
            raise WarningsNotConfirmed(file=draft.file_name, findings=missing)
        deployment = DeployResources(resources=(draft.resource,)).execute(context)
        ended(context, draft, DraftEnd.DEPLOYED)
        context.unit_of_work.definition_drafts.record(
            DraftDeployment(deployment_id=deployment.id, draft_id=draft.id, reason=reason, confirmed=check.marks)
        )
        return deployment


def _checked(context: Workbench, draft: DefinitionDraft) -> DraftCheck:
    findings = findings_together(context, (draft.resource,))
    is_sound = not any(one.severity == "error" for one in findings)
    keys = [one.key for one in described(draft.resource)] if is_sound else _keys_of_base(context, draft)
    replaced = _active(context, draft.kind, keys)
    return DraftCheck(
        draft=draft,
        findings=findings,
        replaced=replaced,
        is_all_known=len(replaced) == len(keys),
        changes=_changes(draft, replaced),
        running=context.unit_of_work.definition_drafts.running(draft.kind, keys),
    )


def _active(context: Workbench, kind: ResourceKind, keys: Sequence[str]) -> list[ActiveVersion]:
    definitions = context.unit_of_work.definitions
    latest = [one for key in keys if (one := definitions.latest(kind, key)) is not None]
    return [ActiveVersion(definition=one, content=definitions.content(one.id)) for one in latest]


def _keys_of_base(context: Workbench, draft: DefinitionDraft) -> list[str]:
    """Return what a draft with errors was made from: what it describes itself cannot be said."""
    base = draft.base_definition_id and context.unit_of_work.definitions.get(draft.base_definition_id)
    return [base.key] if base else []


def _changes(draft: DefinitionDraft, replaced: Sequence[ActiveVersion]) -> tuple[Change, ...]:
    """Compare with every file the draft takes the place of; what one of them has already is not added."""
    files = [one for one in dict.fromkeys(each.content for each in replaced) if one != draft.content]
    compared = [compare_resources(draft.kind, one, draft.content) for one in files]
    added = [{_part(one) for one in found if one.kind is ChangeKind.ADDED} for found in compared]
    everywhere = set.intersection(*added) if added else set()
    is_new = len(files) == len({one.content for one in replaced})
    told = [
        one
        for found in compared
        for one in found
        if one.kind is not ChangeKind.ADDED or (is_new and _part(one) in everywhere)
    ]
    return tuple(dict.fromkeys(told))


def _part(change: Change) -> tuple[str, str]:
    return change.element_id, change.element_type
