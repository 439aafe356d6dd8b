"""Who watches which variables: conditions by the names they read and by every scope in which they see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engine.core.model import Subscription
    from engine.core.working import Element

_ANY = ""
"""Stands for every name; no variable is named so."""


class Watchers:
    """Finds the conditions that a change of a variable in a scope concerns without looking at any others."""

    def __init__(self) -> None:
        self._watching: dict[tuple[int, str], dict[int, Element]] = {}  # scope and name -> subscription -> who waits
        self._places: dict[int, list[tuple[int, str]]] = {}  # subscription -> where it stands above

    def add(self, holder: Element, subscription: Subscription, *, seen: Iterable[Element]) -> None:
        """Let a condition be found by what it reads, in each scope that is seen from its holder."""
        event = holder.process.nodes[subscription.element].event
        names = (event.watched_names if event is not None else ()) or (_ANY,)
        places = [(scope.key, name) for scope in seen for name in names]
        self._places[subscription.key] = places
        for place in places:
            self._watching.setdefault(place, {})[subscription.key] = holder

    def drop(self, key: int) -> None:
        """Find a condition no longer."""
        for place in self._places.pop(key, ()):
            found = self._watching[place]
            del found[key]
            if not found:
                del self._watching[place]

    def is_watched(self, scope: Element, name: str) -> bool:
        """Say whether anybody who sees this scope watches this name."""
        return bool(self._places) and ((scope.key, name) in self._watching or (scope.key, _ANY) in self._watching)

    def of(self, scope: Element, name: str) -> Iterator[tuple[int, Element]]:
        """Go through the conditions that watch a name and see this scope: their keys, and who waits."""
        for each in (name, _ANY):
            yield from self._watching.get((scope.key, each), {}).items()
