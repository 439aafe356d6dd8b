"""The parts of a file with all they say, and what became of them from one version to the next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class ChangeKind(StrEnum):
    """What became of a part."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"  # drawn elsewhere, else as it was: it runs the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing of a file that can be named: a flow node, a flow, a rule, a field of a form."""

    id: str
    name: str
    type: str  # as the notation calls it
    facts: Mapping[str, str]  # all it says, by what is said: "input.caseId", "timer.timeDuration"
    place: str = ""  # where it is drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing a part says otherwise; None: it says nothing of it."""

    aspect: str
    aspect_zh: str
    aspect_en: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of one part, with every difference."""

    kind: ChangeKind
    element_id: str
    element_name: str
    element_type: str
    type_zh: str
    type_en: str
    differences: tuple[Difference, ...] = ()


@dataclass(slots=True)
class Facts:
    """Collects what a part says; what is said twice under one name is kept apart."""

    found: dict[str, str] = field(default_factory=dict)

    def add(self, aspect: str, value: str | None) -> None:
        """Take a value down; nothing and blanks say nothing."""
        if value is None or not value.strip():
            return
        name, number = aspect, 2
        while name in self.found:
            name, number = f"{aspect}#{number}", number + 1
        self.found[name] = value.strip()


def changes_between(
    before: Mapping[str, Part], after: Mapping[str, Part]
) -> Iterator[tuple[ChangeKind, Part, list[tuple[str, str | None, str | None]]]]:
    """Go through what changed: what is there in its order, then what was removed."""
    for part in after.values():
        earlier = before.get(part.id)
        if earlier is None or earlier.type != part.type:
            yield ChangeKind.ADDED, part, list(_different({}, part.facts))
            continue
        differences = list(_different(earlier.facts, part.facts))
        if differences:
            yield ChangeKind.CHANGED, part, differences
        elif earlier.place != part.place:
            yield ChangeKind.MOVED, part, []
    for part in before.values():
        later = after.get(part.id)
        if later is None or later.type != part.type:
            yield ChangeKind.REMOVED, part, list(_different(part.facts, {}))


def reordered(before: Iterable[str], after: Iterable[str]) -> bool:
    """Say whether those that both lists hold stand in another order."""
    old, new = list(before), list(after)
    common = set(old) & set(new)
    return [one for one in old if one in common] != [one for one in new if one in common]


def _different(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[tuple[str, str | None, str | None]]:
    for aspect in dict.fromkeys((*before, *after)):
        if before.get(aspect) != after.get(aspect):
            yield aspect, before.get(aspect), after.get(aspect)
