"""Two versions of one file, compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.bpmn.xml_source import XmlRefused
from engine.comparison.decisions import ORDERED, decision_parts
from engine.comparison.diagrams import diagram_parts
from engine.comparison.forms import form_parts
from engine.comparison.model import Change, Difference, Part, changes_between, reordered
from engine.comparison.words import aspect_name, type_name
from engine.model import ResourceKind

READERS: Mapping[ResourceKind, Callable[[bytes], Mapping[str, Part]]] = {
    "process": diagram_parts,
    "decision": decision_parts,
    "form": form_parts,
}


def compare_resources(kind: ResourceKind, before: bytes, after: bytes) -> tuple[Change, ...]:
    """Return what became of every part; a file that cannot be read has no parts."""
    changes = []
    for change, part, found in changes_between(_parts(kind, before), _parts(kind, after)):
        differences = tuple(_difference(part.type, *one) for one in found if not _is_mere_addition(*one))
        if found and not differences:
            continue
        type_zh, type_en = type_name(part.type)
        changes.append(
            Change(
                kind=change,
                element_id=part.id,
                element_name=part.name,
                element_type=part.type,
                type_zh=type_zh,
                type_en=type_en,
                differences=differences,
            )
        )
    return tuple(changes)


def _parts(kind: ResourceKind, content: bytes) -> Mapping[str, Part]:
    try:
        return READERS[kind](content)
    except XmlRefused:
        return {}


def _difference(part_type: str, aspect: str, before: str | None, after: str | None) -> Difference:
    zh, en = aspect_name(aspect, part_type)
    return Difference(aspect=aspect, aspect_zh=zh, aspect_en=en, before=before, after=after)


def _is_mere_addition(aspect: str, before: str | None, after: str | None) -> bool:
    """A rule more or less is a change of its own; the order changed only where rules that stay change places."""
    if aspect != ORDERED:
        return False
    return not reordered((before or "").split(), (after or "").split())
