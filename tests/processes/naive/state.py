"""The state of this implementation: one immutable value; every change gives a new one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Undo:
    """A completed activity, what undoes it, the variables it saw that are gone since, and the sub-processes it was in.

    `within`: those that completed since, outermost first.
    """

    activity: str
    handler: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    within: tuple[str, ...] = ()


@dataclass(frozen=True)
class Life:
    """Something drawn that lives: the process, a scope, an activity, an event. `parent` is 0 for the process."""

    id: int
    element: str
    parent: int
    variables: Mapping[str, Any] = field(default_factory=dict)
    counter: int | None = None  # which round of a multi-instance activity
    phase: str = "new"  # new, open, work, stuck; listening: for a job of a listener; held: interrupted at once
    stuck: str = ""  # entering, work, listening or leaving: what a retry does again
    listens: tuple[str, int] = ("", 0)  # start or end, and how many of its listeners are done
    started_by: tuple[str, Mapping[str, Any]] | None = (
        None  # of an event sub-process that waits for its start listeners
    )
    items: tuple[Any, ...] = ()  # of a multi-instance activity
    begun: int = 0
    finished: int = 0
    is_body: bool = False
    is_process: bool = False
    has_given: bool = False  # its outputs; it may still be stuck on its way out
    is_part: bool = False  # what was begun in an ad-hoc sub-process lives in it; `element` is the latter's
    is_fulfilled: bool = False  # an ad-hoc sub-process that waits for what still runs in it
    undo: tuple[Undo, ...] = ()  # what completed in it and can be undone


@dataclass(frozen=True)
class Token:
    """A token in a scope: on a flow, or (without one) at an element that it is about to enter."""

    id: int
    scope: int
    target: str
    flow: str | None = None


@dataclass(frozen=True)
class Wait:
    """An event that something waits for."""

    id: int
    owner: int
    element: str
    kind: str
    name: str | None = None
    key: str | None = None
    due: datetime | None = None
    left: int | None = None
    every: str | None = None


@dataclass(frozen=True)
class Change:
    """A variable that got another value where conditions are waited for; what began to wait later is younger."""

    scope: int
    name: str
    age: int


@dataclass(frozen=True)
class State:
    """Everything that lives, moves and waits, and what happened so far (`log`: what, element)."""

    serial: int = 0
    now: datetime | None = None
    lives: Mapping[int, Life] = field(default_factory=dict)
    tokens: tuple[Token, ...] = ()
    waits: tuple[Wait, ...] = ()
    changes: tuple[Change, ...] = ()  # since conditions were last looked at
    fulfilled: tuple[int, ...] = ()  # waits whose condition came true and that are to happen
    signals: tuple[tuple[str, int], ...] = ()  # thrown, on their way to who waited already, and when
    log: tuple[tuple[str, str], ...] = ()
    end: Mapping[str, Any] | None = None

    # ---- reading

    def children(self, life_id: int) -> list[Life]:
        return [each for each in self.lives.values() if each.parent == life_id]

    def outwards(self, life_id: int) -> Iterator[Life]:
        """Something that lives and what it lives in, innermost first."""
        while life_id:
            yield self.lives[life_id]
            life_id = self.lives[life_id].parent

    def within(self, life_id: int) -> set[int]:
        found = {life_id}
        for each in self.children(life_id):
            found |= self.within(each.id)
        return found

    def scopes(self, life_id: int) -> list[Life]:
        """What variables are looked for in, innermost first: up to the process, which does not see its caller."""
        found: list[Life] = []
        for each in self.outwards(life_id):
            found.append(each)
            if each.is_process:
                break
        return found

    def seen_by(self, life_id: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for each in reversed(self.scopes(life_id)):
            found.update(each.variables)
        return found

    # ---- changing

    def tell(self, what: str, element: str) -> State:
        return replace(self, log=(*self.log, (what, element)))

    def born(self, element: str, parent: int, **more: Any) -> tuple[State, int]:
        number = self.serial + 1
        life = Life(number, element, parent, **more)
        state = replace(self, serial=number, lives={**self.lives, number: life})
        return state.tell("entered", element), number

    def changed(self, life_id: int, **more: Any) -> State:
        return replace(self, lives={**self.lives, life_id: replace(self.lives[life_id], **more)})

    def assigned(self, life_id: int, values: Mapping[str, Any]) -> State:
        """Set variables exactly here."""
        before = self.lives[life_id].variables
        new = [name for name, value in values.items() if name not in before or not _is_same(before[name], value)]
        state = self
        if any(each.kind == "conditional" for each in self.waits):
            changes = tuple(Change(life_id, name, self.serial) for name in new)
            state = replace(self, changes=(*self.changes, *changes))
        return state._assigned(life_id, values)

    def _assigned(self, life_id: int, values: Mapping[str, Any]) -> State:
        return self.changed(life_id, variables={**self.lives[life_id].variables, **values})

    def merged(self, life_id: int, values: Mapping[str, Any]) -> State:
        """Set each variable in the nearest scope that has it, else in the process."""
        state = self
        for name, value in values.items():
            around = self.scopes(life_id)
            holder = next((each for each in around if name in each.variables), around[-1])
            state = state.assigned(holder.id, {name: value})
        return state

    def moved(self, scope: int, target: str, flow: str | None = None) -> State:
        number = self.serial + 1
        state = replace(self, serial=number, tokens=(*self.tokens, Token(number, scope, target, flow)))
        return state if flow is None else state.tell("flow", flow)

    def without_tokens(self, gone: Callable[[Token], bool]) -> State:
        return replace(self, tokens=tuple(each for each in self.tokens if not gone(each)))

    def without_waits(self, gone: Callable[[Wait], bool]) -> State:
        return replace(self, waits=tuple(each for each in self.waits if not gone(each)))

    def armed(self, wait: Wait) -> State:
        return replace(self, serial=self.serial + 1, waits=(*self.waits, replace(wait, id=self.serial + 1)))

    def died(self, life_ids: Iterable[int], what: str) -> State:
        gone = set(life_ids)
        lives = {key: each for key, each in self.lives.items() if key not in gone}
        state = replace(self, lives=lives).without_waits(lambda each: each.owner in gone)
        for each in gone:
            state = state.tell(what, self.lives[each].element)
        return state.without_tokens(lambda each: each.scope in gone)

    def ended(self, life_id: int) -> State:
        """End something from outside, with all that is in it."""
        return self.died(self.within(life_id), "ended")

    def emptied(self, life_id: int) -> State:
        """End everything within a scope, which itself lives on."""
        state = self.without_tokens(lambda each: each.scope == life_id)
        return state.died(self.within(life_id) - {life_id}, "ended")


def _is_same(one: Any, other: Any) -> bool:
    return one == other and isinstance(one, bool) == isinstance(other, bool)
