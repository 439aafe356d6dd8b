"""What can be done with drafts: make, save, discard; each by whoever may deploy."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID, uuid4

from engine.errors import NotFound
from engine.host import Context, Work
from engine.model import Definition, ResourceKind
from engine.permissions import require_role
from workflows.workbench.contents import new_content, own_name, shipped_files, text_of
from workflows.workbench.errors import (
    DefinitionDraftOver,
    DefinitionDraftStale,
    DraftFileNameWrong,
    DraftFileTaken,
)
from workflows.workbench.model import ENDINGS, DefinitionDraft, DraftEnd, DraftState, is_file_name
from workflows.workbench.ports import WorkbenchUnitOfWork

KEPT_EVERY = timedelta(minutes=10)
"""How far apart the kept states of one person's work lie; what somebody else saved is always kept."""

Workbench = Context[WorkbenchUnitOfWork]


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateDraft:
    """Begin a draft: of a file handed in, else an empty one of its kind.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
        DraftFileNameWrong: no file of the kind can be called so.
        DraftFileTaken: there is an open draft of this file.
        DraftNotText: it is in no encoding that can be read, so no editor could open it.
    """

    kind: ResourceKind
    file_name: str
    content: bytes | None = None
    note: str = ""

    def execute(self, context: Workbench) -> DefinitionDraft:
        """Begin it."""
        require_analyst(context)
        if not is_file_name(self.file_name, self.kind):
            raise DraftFileNameWrong(file=self.file_name, ending=ENDINGS[self.kind])
        content = new_content(self.kind, self.file_name) if self.content is None else self.content
        draft = begun(context, self.kind, self.file_name, content, note=self.note)
        return added(context, draft)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDefinition:
    """Work on a deployed version: whoever comes second joins the draft of the first, if it is one of the same thing.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
        NotFound: there is no such version.
        DraftFileTaken: there is an open draft of this file, made of something else.
        DraftNotText: its file is in no encoding that can be read.
    """

    definition_id: UUID

    def execute(self, context: Workbench) -> DefinitionDraft:
        """Return the open draft of the version's file, or begin one."""
        require_analyst(context)
        definitions, drafts = context.unit_of_work.definitions, context.unit_of_work.definition_drafts
        found = definitions.get(self.definition_id)
        if found is None:
            raise NotFound("definition", self.definition_id)
        present = drafts.of_file(found.resource_name)
        if present is None:
            content = definitions.content(found.id)
            draft = begun(context, found.kind, found.resource_name, content, base=found.id)
            if drafts.add(draft):
                return draft
            present = drafts.of_file(found.resource_name)  # somebody else was faster
        if present is None or not _is_of(context, present, found):
            raise taken_by(context, found.resource_name, present)
        return present


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenShippedFile:
    """Work on a file as the product brings it.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
        NotFound: the product has no such file.
        DraftFileTaken: there is an open draft of this file, which may hold something else.
    """

    file_name: str

    def execute(self, context: Workbench) -> DefinitionDraft:
        """Begin a draft."""
        require_analyst(context)
        shipped = shipped_files().get(self.file_name)
        if shipped is None:
            raise NotFound("shipped file", self.file_name)
        return added(context, begun(context, shipped.kind, shipped.name, shipped.content))


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveDraft:
    """Save a draft over the state one began with; the same content again changes nothing.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
        NotFound: there is no such draft.
        DefinitionDraftOver: it was deployed or discarded.
        DefinitionDraftStale: somebody saved it meanwhile.
    """

    draft_id: UUID
    version: int
    content: bytes
    note: str | None = None  # None: as it was

    def execute(self, context: Workbench) -> DefinitionDraft:
        """Save it; what somebody else had saved is kept."""
        require_analyst(context)
        drafts = context.unit_of_work.definition_drafts
        draft = locked(context, self.draft_id)
        note = draft.note if self.note is None else self.note
        if self.content == draft.content and note == draft.note:
            return draft
        _require_current(context, draft, self.version)
        if self.content != draft.content and _is_worth_keeping(context, draft):
            drafts.keep(_state(draft))
        saved = replace(
            draft,
            name=own_name(draft.kind, self.content, draft.file_name),
            content=self.content,
            version=draft.version + 1,
            note=note,
            saved_at=context.now(),
            saved_by=context.actor.id,
        )
        drafts.save(saved)
        return saved


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscardDraft:
    """Give a draft up; what it held stays on file.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
        NotFound: there is no such draft.
        DefinitionDraftOver: it was deployed or discarded.
        DefinitionDraftStale: somebody saved it meanwhile.
    """

    draft_id: UUID
    version: int

    def execute(self, context: Workbench) -> DefinitionDraft:
        """End it."""
        require_analyst(context)
        draft = locked(context, self.draft_id)
        _require_current(context, draft, self.version)
        return ended(context, draft, DraftEnd.DISCARDED)


def require_analyst(context: Context[Work]) -> None:
    """Let those pass who may deploy: a draft becomes what every region runs by.

    Raises:
        NotPermitted: nobody else may.
    """
    require_role(context, "administrator", context.host.region, action="使用流程设计")


def locked(context: Workbench, draft_id: UUID) -> DefinitionDraft:
    """Return an open draft for a change.

    Raises:
        NotFound: there is no such draft.
        DefinitionDraftOver: it was deployed or discarded.
    """
    draft = context.unit_of_work.definition_drafts.lock(draft_id)
    if draft is None:
        raise NotFound("definition draft", draft_id)
    if draft.ended_at is not None:
        who = context.unit_of_work.definition_drafts.person(draft.ended_by or "")
        raise DefinitionDraftOver(file=draft.file_name, who=who, when=draft.ended_at)
    return draft


def ended(context: Workbench, draft: DefinitionDraft, how: DraftEnd) -> DefinitionDraft:
    """End the work on a draft."""
    done = replace(draft, ended_at=context.now(), ended_by=context.actor.id, ended_how=how)
    context.unit_of_work.definition_drafts.save(done)
    return done


def begun(
    context: Workbench,
    kind: ResourceKind,
    file_name: str,
    content: bytes,
    *,
    base: UUID | None = None,
    note: str = "",
) -> DefinitionDraft:
    """Return a new draft of the actor's, not kept yet.

    Raises:
        DraftNotText: its content is in no encoding that can be read.
    """
    text_of(kind, content, file_name)
    now, who = context.now(), context.actor.id
    return DefinitionDraft(
        id=uuid4(),
        kind=kind,
        file_name=file_name,
        name=own_name(kind, content, file_name),
        content=content,
        version=1,
        base_definition_id=base,
        note=note,
        created_at=now,
        created_by=who,
        saved_at=now,
        saved_by=who,
    )


def added(context: Workbench, draft: DefinitionDraft) -> DefinitionDraft:
    """Keep a new draft.

    Raises:
        DraftFileTaken: there is an open draft of this file.
    """
    drafts = context.unit_of_work.definition_drafts
    if drafts.add(draft):
        return draft
    raise taken_by(context, draft.file_name, drafts.of_file(draft.file_name))


def taken_by(context: Workbench, file_name: str, present: DefinitionDraft | None) -> DraftFileTaken:
    """Return the refusal that names whose draft of a file there is."""
    person = context.unit_of_work.definition_drafts.person
    return DraftFileTaken(file=file_name, who=person(present.saved_by) if present else "-")


def _is_of(context: Workbench, draft: DefinitionDraft, found: Definition) -> bool:
    """Say whether a draft was made of this definition, in whatever version, or of the very file that holds it."""
    base = draft.base_definition_id and context.unit_of_work.definitions.get(draft.base_definition_id)
    if not base or base.kind != found.kind:
        return False
    return base.key == found.key or base.deployment_id == found.deployment_id


def _require_current(context: Workbench, draft: DefinitionDraft, version: int) -> None:
    if draft.version != version:
        who = context.unit_of_work.definition_drafts.person(draft.saved_by)
        raise DefinitionDraftStale(file=draft.file_name, who=who, when=draft.saved_at, version=draft.version)


def _is_worth_keeping(context: Workbench, draft: DefinitionDraft) -> bool:
    if draft.saved_by != context.actor.id:
        return True
    kept_at = context.unit_of_work.definition_drafts.last_kept_at(draft.id) or draft.created_at
    return draft.version == 1 or draft.saved_at - kept_at >= KEPT_EVERY


def _state(draft: DefinitionDraft) -> DraftState:
    return DraftState(
        draft_id=draft.id,
        version=draft.version,
        content=draft.content,
        saved_at=draft.saved_at,
        saved_by=draft.saved_by,
    )
