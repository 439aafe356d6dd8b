"""Who did which step of a play, as four eyes ask it: what `storage.four_eyes` asks of a real instance.

A step that was done again stands as it was done last; of several instances of a step everybody who did one is barred.
What came about in one and the same run of the core replaces nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass

from engine.core import model


@dataclass(frozen=True, slots=True, kw_only=True)
class _Course:
    """One element instance: where it lived, and in which runs it began and was over."""

    scope: int
    element: str
    begun: int
    over: int | None


class Hands:
    """The people of a play."""

    def __init__(self) -> None:
        self._runs = 0
        self._begun: dict[int, tuple[model.Entered, int]] = {}
        self._over: dict[int, int] = {}
        self._done: list[tuple[int, str, str]] = []  # key and element of a task, and who completed it

    def copy(self) -> Hands:
        """Return them as they stand, for a later return to it."""
        copied = copy(self)
        copied._begun, copied._over, copied._done = dict(self._begun), dict(self._over), list(self._done)
        return copied

    def add(self, facts: Iterable[model.Fact]) -> None:
        """Add what one run of the core did."""
        self._runs += 1
        for fact in facts:
            if isinstance(fact, model.Entered):
                self._begun[fact.key] = (fact, self._runs)
            elif isinstance(fact, model.Left | model.Terminated):
                self._over[fact.key] = self._runs

    def completed(self, task: model.UserTaskOpened, by: str) -> None:
        """Note who completed a task."""
        self._done.append((task.key, task.element, by))

    def did(self, element: str, by: str) -> bool:
        """Say whether somebody did a step, as it stands."""
        done = [(key, person) for key, where, person in self._done if where == element]
        return any(
            person == by and not any(self._repeats(key, again) for again, _ in done if again != key)
            for key, person in done
        )

    def _repeats(self, done: int, again: int) -> bool:
        for first, second in zip(self._outwards(done), self._outwards(again), strict=False):
            if first.scope != second.scope:
                continue
            around = self._begun.get(first.scope)
            return (
                first.element == second.element
                and first.over is not None
                and first.over < second.begun
                and (around is None or around[0].element != first.element)  # else it is their multi-instance body
            )
        return False

    def _outwards(self, key: int) -> Iterator[_Course]:
        while key in self._begun:
            entered, begun = self._begun[key]
            yield _Course(scope=entered.scope, element=entered.element, begun=begun, over=self._over.get(key))
            key = entered.scope
