"""A migration as its page shows it: both versions, where each element goes, and what stands there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from flask_babel import gettext as _

from engine.commands.migrations import MappingLine, SuggestMapping
from engine.comparison.words import TYPES
from engine.errors import NotFound
from engine.json_values import JsonObject
from engine.model import Actor, Definition
from engine.operation_queries import StandingLine
from web.diagrams import xml_to_draw
from web.labels import definition_name, in_language
from web.services import services
from workflows.casework.flow.drawing import DrawnElement, drawn_elements

NOTHING_THERE = ("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedElement:
    """An element of the old version: where it goes, how that was found, and what stands there now."""

    id: str
    name: str
    type_name: str
    target_id: str | None
    by: Literal["id", "name", "hand", "nothing"]
    suggested: str  # where it would go by itself, empty where nowhere, and how that was found
    suggested_by: Literal["id", "name", "nothing"]
    choices: Sequence[tuple[str, str]]  # elements of its kind there, with their names
    instances: int
    tasks: int
    finished: int  # tasks of running instances that count as it, for four eyes

    @property
    def is_stranded(self) -> bool:
        """Say whether something stands there that could not move."""
        return self.target_id is None and self.instances > 0

    @property
    def loses_finished(self) -> bool:
        """Say whether who finished tasks of it counts as nobody there: four eyes would know nothing of them."""
        return self.target_id is None and self.finished > 0

    @property
    def is_plain(self) -> bool:
        """Say whether there is nothing to decide or to see: it keeps its id, and nothing stands there."""
        return self.by == "id" and not self.instances


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationView:
    """Both versions with their drawings, the elements of the old one, and how many instances run by it.

    `errors` says by field what was chosen that cannot be; `keeps_apart`, whether the new version lets somebody not do
    one task who did another.
    """

    source: Definition
    target: Definition
    elements: Sequence[MappedElement]
    errors: Mapping[str, str]
    instances: int
    keeps_apart: bool
    old_xml: bytes
    new_xml: bytes

    @property
    def mapping(self) -> dict[str, str]:
        """Return the elements that get another id; all others keep theirs."""
        return {one.id: one.target_id for one in self.elements if one.target_id and one.target_id != one.id}

    @property
    def stranded(self) -> Sequence[MappedElement]:
        """Return the elements where something stands and nothing is known to go on."""
        return [one for one in self.elements if one.is_stranded]

    @property
    def forgotten(self) -> Sequence[MappedElement]:
        """Return the elements whose finished tasks would not count any more, for four eyes."""
        return [one for one in self.elements if one.loses_finished]

    @property
    def forgotten_tasks(self) -> int:
        """Return how many finished tasks would not count any more."""
        return sum(one.finished for one in self.forgotten)

    @property
    def must_be_allowed(self) -> bool:
        """Say whether somebody has to mean it that finished tasks do not count: the new version asks for them."""
        return self.keeps_apart and bool(self.forgotten)

    @property
    def drawings(self) -> list[tuple[str, str, JsonObject]]:
        """Return id, caption and data of both drawings, as the page's drawing tool takes them."""
        standing = {one.id: _standing(one) for one in self.elements if one.instances}
        finished = {one.id: one.finished for one in self.elements if one.finished}
        first = next(iter(self.stranded), None) or max(self.elements, key=lambda one: one.instances, default=None)
        old = _drawing(self.source, self.old_xml, "old", first.id if first else None)
        new = _drawing(self.target, self.new_xml, "new", first.target_id if first else None)
        old["mapping"] = {"side": "old", "standing": standing, "finished": finished}
        return [("migration-old", version_name(self.source), old), ("migration-new", version_name(self.target), new)]


def migration_view(source: UUID, target: UUID, chosen: Mapping[str, str], actor: Actor) -> MigrationView:
    """Return what a page of a migration shows.

    Raises:
        NotFound: no such version is deployed, or the target is no other version of the same process.
    """
    old, old_xml = drawn_version(source)
    new, new_xml = drawn_version(target)
    if new.id == old.id or new.key != old.key:
        raise NotFound("other version of the process", target)
    standing = {one.element_id: one for one in services().operations.standing(source, actor)}
    lines = services().engine.execute(SuggestMapping(source=source, target=new.id), actor=actor)
    drawn_old, drawn_new = drawn_elements(old_xml), drawn_elements(new_xml)
    running = standing.get(old.key)
    return MigrationView(
        source=old,
        target=new,
        elements=[_element(one, chosen, standing.get(one.element_id), drawn_old, drawn_new) for one in lines],
        errors=_objections(lines, chosen),
        instances=running.instances if running else 0,
        keeps_apart=any(one.is_distinct for one in drawn_new.values()),
        old_xml=old_xml,
        new_xml=new_xml,
    )


def drawn_version(definition_id: UUID) -> tuple[Definition, bytes]:
    """Return a version of a process and its diagram.

    Raises:
        NotFound: no such version is deployed.
    """
    found = services().workbench.content(definition_id)
    if found is None or found[0].kind != "process":
        raise NotFound("process definition", definition_id)
    return found


def version_name(definition: Definition) -> str:
    """Return a version of a process in words."""
    return str(_("%(name)s(第 %(version)s 版)", name=definition_name(definition), version=definition.version))


def element_names(definition_id: UUID) -> Mapping[str, str]:
    """Return what the elements of a version are called, by their ids."""
    _definition, xml = drawn_version(definition_id)
    return {one.id: in_language(one.name, one.name_en) for one in drawn_elements(xml).values()}


def _element(
    line: MappingLine,
    chosen: Mapping[str, str],
    standing: StandingLine | None,
    old: Mapping[str, DrawnElement],
    new: Mapping[str, DrawnElement],
) -> MappedElement:
    target, by = _destination(line, chosen)
    choices = [(one, _called(new, one)) for one in line.candidates]
    return MappedElement(
        id=line.element_id,
        name=_called(old, line.element_id),
        type_name=in_language(*TYPES.get(line.tag, (line.tag, line.tag))),
        target_id=target,
        by=by,
        suggested=line.target_id or "",
        suggested_by=line.by,
        choices=[NOTHING_THERE, *choices] if "" in _possible(line) else choices,
        instances=standing.instances if standing else 0,
        tasks=standing.tasks if standing else 0,
        finished=standing.finished if standing else 0,
    )


def _destination(
    line: MappingLine, chosen: Mapping[str, str]
) -> tuple[str | None, Literal["id", "name", "hand", "nothing"]]:
    """Return where an element goes: as chosen, where its kind is there, else as suggested."""
    wanted = chosen.get(line.element_id)
    if wanted is None or wanted == (line.target_id or "") or wanted not in _possible(line):
        return line.target_id, line.by
    if not wanted:
        return None, "nothing"
    return wanted, "id" if wanted == line.element_id else "hand"


def _possible(line: MappingLine) -> Sequence[str]:
    """Return where an element can go; nowhere, only where nothing there has its id, by which it would go by itself."""
    return line.candidates if line.element_id in line.candidates else ["", *line.candidates]


def _objections(lines: Sequence[MappingLine], chosen: Mapping[str, str]) -> dict[str, str]:
    """Return what was chosen that cannot be, by field."""
    by_id = {one.element_id: one for one in lines}
    unknown = sorted(set(chosen) - set(by_id))
    found = {
        f"to.{id_}": str(_("新版本中没有可以接办的这一环节，请从列表中选择。"))
        for id_, to in chosen.items()
        if id_ in by_id and to not in _possible(by_id[id_])
    }
    if unknown:
        found[""] = str(_("原版本中没有环节 %(ids)s，请返回列表重新选择。", ids=unknown[0][:80]))
    return found


def _called(drawn: Mapping[str, DrawnElement], element_id: str) -> str:
    found = drawn.get(element_id)
    return in_language(found.name, found.name_en) if found else element_id


def _standing(one: MappedElement) -> JsonObject:
    parts = [_("在办 %(cases)s 件", cases=one.instances)]
    if one.tasks:
        parts.append(_("待办任务 %(tasks)s 个", tasks=one.tasks))
    return {"text": str(one.tasks or one.instances), "note": " · ".join(map(str, parts))}


def _drawing(definition: Definition, xml: bytes, side: str, selected: str | None) -> JsonObject:
    return {
        "xml": xml_to_draw(xml),
        "title": version_name(definition),
        "mapping": {"side": side, "standing": {}, "finished": {}},
        "selected": selected,
    }
