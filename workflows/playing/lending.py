"""What a play reads of the county: the draft or version that is played, what it calls, figures, calendar, forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from engine import dmn, forms
from engine.bindings import NotBound, bound_definition
from engine.bpmn.reader import Diagram, DiagramRefused, read
from engine.core import model
from engine.core.graph import Process
from engine.errors import NotFound
from engine.feel.analysis import Surroundings
from engine.host import Context
from engine.json_values import JsonObject, JsonValue
from engine.model import Definition, ResourceKind
from engine.supplied_variables import checked_variables
from workflows.casework.days import day_of_figures, local_day
from workflows.playing.errors import NotPlayable, PlayedDraftOver
from workflows.playing.model import PlaySource
from workflows.playing.ports import PlayingUnitOfWork
from workflows.workbench.model import DefinitionDraft

PLAYED = "played:"
"""What the id of a process begins with that stands in the file that is played."""

Playing = Context[PlayingUnitOfWork]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedFile:
    """The file that is played, as it stands now."""

    name: str
    content: bytes
    processes: Mapping[str, Process]
    draft_id: UUID | None
    definition: Definition | None  # the deployed version; None: an open draft

    def process(self, process_id: str) -> Process:
        """Return a process of the file.

        Raises:
            NotPlayable: it holds none of this id.
        """
        found = self.processes.get(process_id)
        if found is None:
            missing = model.Obstacle(f"it holds no process {process_id!r}", f"其中没有流程“{process_id}”")
            raise NotPlayable(self.name, missing)
        return found


def file_to_begin(context: Playing, source: PlaySource) -> PlayedFile:
    """Return the file of a draft or version that something is begun of or run on.

    Raises:
        NotFound: there is no such draft or version.
        PlayedDraftOver: the draft was deployed or discarded.
        NotPlayable: it is no diagram, or has errors.
    """
    draft = _draft(context, source)
    if draft is None:
        return _deployed(context, source, "")
    if draft.ended_at is not None:
        raise PlayedDraftOver(draft.file_name)
    return _of_draft(context, draft)


def played_file(context: Playing, source: PlaySource, process_id: str) -> PlayedFile:
    """Return the file of a play that was begun; of a draft that is over since, the newest version of the process.

    Raises:
        NotFound: there is no such draft, version or process.
        NotPlayable: it is no diagram, or has errors.
    """
    draft = _draft(context, source)
    if draft is not None and draft.ended_at is None:
        return _of_draft(context, draft)
    return _deployed(context, source, process_id)


def _draft(context: Playing, source: PlaySource) -> DefinitionDraft | None:
    if source.draft_id is None:
        return None
    draft = context.unit_of_work.definition_drafts.get(source.draft_id)
    if draft is None:
        raise NotFound("definition draft", source.draft_id)
    return draft


def _of_draft(context: Playing, draft: DefinitionDraft) -> PlayedFile:
    if draft.kind != "process":
        raise NotPlayable(draft.file_name, model.Obstacle("it is no process diagram", "不是流程图"))
    processes = _compiled(context, draft.content, draft.file_name).processes
    return PlayedFile(
        name=draft.file_name, content=draft.content, processes=processes, draft_id=draft.id, definition=None
    )


def _deployed(context: Playing, source: PlaySource, process_id: str) -> PlayedFile:
    definitions = context.unit_of_work.definitions
    if source.definition_id is not None:
        found = definitions.get(source.definition_id)
    else:
        found = definitions.latest("process", process_id)
    if found is None or found.kind != "process":
        raise NotFound("process", source.definition_id or process_id)
    content = definitions.content(found.id)
    processes = _compiled(context, content, found.resource_name).processes
    return PlayedFile(name=found.resource_name, content=content, processes=processes, draft_id=None, definition=found)


def file_at_hand(context: Playing, content: bytes, name: str) -> PlayedFile:
    """Return a diagram that is neither kept nor deployed.

    Raises:
        NotPlayable: it is no diagram, or has errors.
    """
    processes = _compiled(context, content, name).processes
    return PlayedFile(name=name, content=content, processes=processes, draft_id=None, definition=None)


def _compiled(context: Playing, content: bytes, name: str) -> Diagram:
    try:
        return _read(content, frozenset(context.host.functions(context)))
    except DiagramRefused as refused:
        errors = [one for one in refused.findings if one.severity == "error"]
        told = model.Obstacle(errors[0].message_en, errors[0].message_zh)
        raise NotPlayable(name, told) from refused


@lru_cache(maxsize=16)
def _read(content: bytes, functions: frozenset[str]) -> Diagram:
    """Return a diagram that is sound; a play asks for it at every step."""
    return read(content, surroundings=Surroundings(functions=functions))


class CountyLent:
    """What is lent to one play, in one transaction that only reads."""

    def __init__(self, context: Playing, played: PlayedFile) -> None:
        self._context = context
        self.played = played
        self.definitions = _PlayedDefinitions(context, played)
        self.functions: Mapping[str, Any] = context.host.functions(context)
        self.zone = ZoneInfo(context.host.time_zone)
        self._standards: dict[date, JsonValue] = {}

    def decisions(self, decision_id: str, caller: str, binding: str, version_tag: str | None) -> tuple[UUID, dmn.Model]:
        """Return the version of a decision that is asked."""
        found = _bound(self._context, "decision", decision_id, caller, binding, version_tag)
        return found.id, self._context.definitions.decision_model(found.id, self._context.unit_of_work.definitions)

    def objects(self, case: JsonValue, now: datetime) -> Mapping[str, JsonValue]:
        """Return the case of the play, and the figures of policy that count for it."""
        day = day_of_figures(_accepted_on(case), local_day(now))
        if day not in self._standards:
            self._standards[day] = dict(self._context.unit_of_work.policy.parameters_on(day))
        return {"case": case, "standard": self._standards[day]}

    def form(self, task: model.UserTaskOpened) -> forms.Form | None:
        """Return the form a task shows."""
        found = self.form_definition(task)
        if found is None:
            return None
        english = self._context.host.form_texts(found.key)
        return self._context.definitions.form(found.id, self._context.unit_of_work.definitions, english=english)

    def form_definition(self, task: model.UserTaskOpened) -> Definition | None:
        """Return the version of the form a task shows.

        Raises:
            NotFound: it is not deployed.
        """
        if task.form_id is None:
            return None
        definitions = self._context.unit_of_work.definitions
        bound = task.form_definition
        found = definitions.latest("form", task.form_id) if bound is None else definitions.get(UUID(bound))
        if found is None:
            raise NotFound("form", task.form_id)
        return found

    def checked(self, variables: JsonObject) -> JsonObject:
        """Return variables as the engine would keep them."""
        return checked_variables(self._context, variables)


def _accepted_on(case: JsonValue) -> date | None:
    """Return the day the case of a play was accepted, as expressions read it."""
    written = case.get("accepted_on") if isinstance(case, Mapping) else None
    try:
        return date.fromisoformat(written) if isinstance(written, str) else None
    except ValueError:
        return None


class _PlayedDefinitions:
    """The core's view: the file that is played first, then what is deployed."""

    def __init__(self, context: Playing, played: PlayedFile) -> None:
        self._context = context
        self._played = played

    def get(self, definition: str) -> Process:
        """Return a compiled process."""
        if definition.startswith(PLAYED):
            return self._played.processes[definition.removeprefix(PLAYED)]
        return self._context.definitions.process(UUID(definition), self._context.unit_of_work.definitions)

    def called(self, process_id: str, *, caller: str, binding: str, version_tag: str | None) -> str:
        """Return the definition a call activity starts: of the file that is played where its deployment would count."""
        is_taken_along = caller.startswith(PLAYED) and binding != "versionTag"
        if process_id in self._played.processes and (is_taken_along or binding == "latest"):
            return PLAYED + process_id
        return self._found("process", process_id, caller, binding, version_tag)

    def form(self, form_id: str, *, caller: str, binding: str, version_tag: str | None) -> str:
        """Return the definition of the form version a user task is bound to."""
        return self._found("form", form_id, caller, binding, version_tag)

    def _found(self, kind: ResourceKind, key: str, caller: str, binding: str, version_tag: str | None) -> str:
        try:
            return str(_bound(self._context, kind, key, caller, binding, version_tag).id)
        except NotBound as missing:
            raise model.CallFailed(str(missing)) from missing


def _bound(
    context: Playing, kind: ResourceKind, key: str, caller: str, binding: str, version_tag: str | None
) -> Definition:
    """Return a version by its binding; together with what is not deployed yet, the newest one would be deployed."""
    is_played = caller.startswith(PLAYED)
    return bound_definition(
        context.unit_of_work.definitions,
        kind,
        key,
        caller=caller,
        binding="latest" if is_played and binding == "deployment" else binding,
        version_tag=version_tag,
    )
