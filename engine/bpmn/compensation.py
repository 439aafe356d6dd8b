"""Compensation as drawn: which activity undoes another, by the association of a boundary event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.bpmn.names import ACTIVITIES, bpmn, local_name, read_boolean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml import etree


def handlers_of(boundary: etree._Element) -> list[etree._Element]:
    """Return the compensation activities that a compensation boundary event is associated with, in its own scope.

    Associations with anything else, such as a text annotation, are drawing only.
    """
    scope = boundary.getparent()
    if scope is None:
        return []
    associated = _associated(boundary, scope.getroottree().iter(bpmn("association")))
    return [each for each in scope if each.get("id") in associated and local_name(each) in ACTIVITIES and undoes(each)]


def undoes(element: etree._Element) -> bool:
    """Say whether an activity is marked as one that undoes another."""
    return read_boolean(element, "isForCompensation", default=False)


def _associated(boundary: etree._Element, associations: Iterable[etree._Element]) -> set[str | None]:
    return {each.get("targetRef") for each in associations if each.get("sourceRef") == boundary.get("id")}
