"""What the elements of an instance's diagrams are called, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from engine.queries import InstanceView
from web.labels import in_language
from workflows.casework.flow.drawing import drawn_elements


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementNames:
    """Names by definition and element: diagrams that call each other may use one id for different things."""

    by_place: Mapping[tuple[UUID, str], str]

    @classmethod
    def of(cls, view: InstanceView) -> Self:
        """Read them from the diagrams of an instance."""
        by_place = {
            (state.definition.id, node.id): in_language(node.name, node.name_en)
            for state in view.diagrams
            for node in drawn_elements(state.xml).values()
        }
        return cls(by_place=by_place)

    def name(self, definition_id: UUID, element_id: str) -> str:
        """Return what an element of a definition is called; its id where nothing of it is drawn."""
        return self.by_place.get((definition_id, element_id)) or element_id

    def name_anywhere(self, element_id: str) -> str:
        """Return what an element of an untold definition is called; its id where the diagrams do not agree."""
        found = {name for (_, drawn), name in self.by_place.items() if drawn == element_id}
        return found.pop() if len(found) == 1 else element_id
