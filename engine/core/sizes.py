"""How much an instance holds and how much one command writes: counted in characters, and bounded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from engine.core.limits import MOST_HELD, MOST_WRITTEN
from engine.core.texts import tell

if TYPE_CHECKING:
    from engine.core.model import Compensable, ElementInstance
    from engine.core.working import Element
    from engine.json_values import JsonValue

_OF_A_SMALL_ONE = 8  # characters that a number, a boolean or null counts as, so that nobody has to write it down
_AROUND = 3  # quotes and comma
UNCOUNTED = 10_000  # characters that a run may add before what the instance holds is counted at all
SMALL = frozenset((int, bool, type(None)))
"""The kinds of values that no count is needed for before something large is met."""


def size_of(value: JsonValue) -> int:
    """Return about how many characters a value has as JSON; what it holds several times counts each time."""
    if type(value) is str:  # most are
        return len(value) + _AROUND
    size, pending = 0, [value]
    while pending:
        one = pending.pop()
        if isinstance(one, str):
            size += len(one) + _AROUND
        elif isinstance(one, Mapping):
            size += sum(map(len, one)) + _AROUND * len(one)
            pending.extend(one.values())
        elif isinstance(one, list | tuple):
            size += len(one)
            pending.extend(one)
        else:
            size += _OF_A_SMALL_ONE
    return size


def held_by(elements: Iterable[Element | ElementInstance]) -> int:
    """Return how many characters all values have that these elements hold."""
    return sum(size_of(values) for element in elements for values in _values_of(element))


class Room:
    """How much room is left in a run: for what the instance holds, and for what the run writes."""

    __slots__ = ("_elements", "_held_at_most", "_written")

    def __init__(self, elements: Mapping[int, Element]) -> None:
        self._elements = elements
        self._held_at_most: int | None = None  # not counted yet
        self._written = 0

    def note(self, value: JsonValue) -> None:
        """Count a value that is being set."""
        size = size_of(value)
        self._written += size
        if self._held_at_most is not None:
            self._held_at_most += size

    def refusal(self, value: JsonValue) -> str:
        """Return why there is no room for a value, in both languages; nothing when there is.

        What is held is counted anew only when it could be too much: what was replaced or is over counts no longer.
        """
        size = size_of(value)
        if self._written + size <= UNCOUNTED:
            return ""
        if self._written + size > MOST_WRITTEN:
            return tell("too-much-written", limit=MOST_WRITTEN)
        if self._held_at_most is None or self._held_at_most + size > MOST_HELD:
            self._held_at_most = held_by(self._elements.values())
        if self._held_at_most + size > MOST_HELD:
            return tell("variables-too-large", limit=MOST_HELD, held=self._held_at_most, found=size)
        return ""


def _values_of(element: Element | ElementInstance) -> Iterable[Any]:
    if element.variables:
        yield element.variables
    if element.body is not None:
        yield element.body.items
    yield from (values for undo in element.compensable for values in _undone(undo))
    if element.event is not None:
        yield element.event
    if element.given is not None:
        yield element.given
    if element.listening is not None:
        yield element.listening.variables
    if element.ending is not None:
        yield element.ending.variables


def _undone(compensable: Compensable) -> Iterable[Any]:
    pending = [compensable]
    while pending:
        one = pending.pop()
        yield one.variables
        pending.extend(one.inner)
