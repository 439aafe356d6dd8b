"""A migration as its page shows it: both versions, where each element goes, and what stands there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from flask_babel import gettext as _

from engine.commands.migrations import MappingLine, SuggestMapping
from engine.comparison.words import TYPES
from engine.json_values import JsonObject
from engine.model import Actor, Definition
from engine.operation_queries import StandingLine, VersionLine
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
    choices: Sequence[tuple[str, str]]  # elements of its kind there, with their names
    instances: int
    tasks: int

    @property
    def is_stranded(self) -> bool:
        """Say whether something stands there that could not move."""
        return self.target_id is None and self.instances > 0

    @property
    def is_plain(self) -> bool:
        """Say whether there is nothing to decide or to see: it keeps its id, and nothing stands there."""
        return self.by == "id" and not self.instances


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationView:
    """Both versions with their drawings, the elements of the old one, and how many instances run by it."""

    source: Definition
    target: Definition
    versions: Sequence[VersionLine]
    elements: Sequence[MappedElement]
    instances: int
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
    def drawings(self) -> list[tuple[str, str, JsonObject]]:
        """Return id, caption and data of both drawings, as the page's drawing tool takes them."""
        standing = {one.id: _standing(one) for one in self.elements if one.instances}
        first = next(iter(self.stranded), None) or max(self.elements, key=lambda one: one.instances, default=None)
        old = _drawing(self.source, self.old_xml, "old", first.id if first else None)
        new = _drawing(self.target, self.new_xml, "new", first.target_id if first else None)
        old["mapping"] = {"side": "old", "standing": standing}
        return [("migration-old", version_name(self.source), old), ("migration-new", version_name(self.target), new)]


def migration_view(source: UUID, target: UUID | None, chosen: Mapping[str, str], actor: Actor) -> MigrationView | None:
    """Return what a page of a migration shows; without a target the newest other version. None: there is no other.

    Raises:
        NotFound: no such version is deployed.
    """
    old, old_xml = services().heat.drawing(source)
    versions = services().operations.versions(old.key, actor)
    others = [one.definition for one in versions if one.definition.id != source]
    new = next((one for one in others if one.id == target), others[0] if others else None)
    if new is None:
        return None
    _definition, new_xml = services().heat.drawing(new.id)
    standing = {one.element_id: one for one in services().operations.standing(source, actor)}
    lines = services().engine.execute(SuggestMapping(source=source, target=new.id), actor=actor)
    drawn_old, drawn_new = drawn_elements(old_xml), drawn_elements(new_xml)
    running = standing.get(old.key)
    return MigrationView(
        source=old,
        target=new,
        versions=versions,
        elements=[_element(one, chosen, standing.get(one.element_id), drawn_old, drawn_new) for one in lines],
        instances=running.instances if running else 0,
        old_xml=old_xml,
        new_xml=new_xml,
    )


def version_name(definition: Definition) -> str:
    """Return a version of a process in words."""
    return str(_("%(name)s(第 %(version)s 版)", name=definition_name(definition), version=definition.version))


def element_names(definition_id: UUID) -> Mapping[str, str]:
    """Return what the elements of a version are called, by their ids."""
    _definition, xml = services().heat.drawing(definition_id)
    return {one.id: in_language(one.name, one.name_en) for one in drawn_elements(xml).values()}


def _element(
    line: MappingLine,
    chosen: Mapping[str, str],
    standing: StandingLine | None,
    old: Mapping[str, DrawnElement],
    new: Mapping[str, DrawnElement],
) -> MappedElement:
    target, by = _destination(line, chosen)
    keeps_its_id = line.element_id in line.candidates
    choices = [(one, _called(new, one)) for one in line.candidates]
    return MappedElement(
        id=line.element_id,
        name=_called(old, line.element_id),
        type_name=in_language(*TYPES.get(line.tag, (line.tag, line.tag))),
        target_id=target,
        by=by,
        choices=choices if keeps_its_id else [NOTHING_THERE, *choices],
        instances=standing.instances if standing else 0,
        tasks=standing.tasks if standing else 0,
    )


def _destination(
    line: MappingLine, chosen: Mapping[str, str]
) -> tuple[str | None, Literal["id", "name", "hand", "nothing"]]:
    """Return where an element goes: as chosen, where its kind is there, else as suggested."""
    wanted = chosen.get(line.element_id)
    if wanted is None or wanted == (line.target_id or ""):
        return line.target_id, line.by
    if wanted in line.candidates:
        return wanted, "id" if wanted == line.element_id else "hand"
    return None, "nothing"


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
        "mapping": {"side": side, "standing": {}},
        "selected": selected,
    }
