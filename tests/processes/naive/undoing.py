"""Compensation: what completed is remembered in its scope, and undone by a throw event of that scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.processes.naive.drawing import Element
from tests.processes.naive.state import State, Undo

if TYPE_CHECKING:
    from tests.processes.naive.interpreter import Naive


def remember(state: State, life_id: int, element: Element | None) -> State:
    """Before something leaves: note it in the scope around when it can be undone, and what can be undone within it.

    A round of a multi-instance activity is no activity of its own: `element` is None, the whole is undone once.
    """
    life = state.lives[life_id]
    inner = tuple(Undo(one.activity, one.handler, {**life.variables, **one.variables}) for one in life.undo)
    own = () if element is None or element.undone_by is None else (Undo(element.id, element.undone_by),)
    if not own and not inner:
        return state
    scope = _scope(state, life.parent)
    return state.changed(scope, undo=(*state.lives[scope].undo, *own, *inner))


def throw(naive: Naive, state: State, life_id: int, element: Element) -> State:
    """Begin the handlers of what is named, or of all that completed in the scope, at once, under the throw event."""
    scope = _scope(state, state.lives[life_id].parent)
    chosen = [one for one in state.lives[scope].undo if element.named in (None, one.activity)]
    if not chosen:
        return naive.leave(state, life_id)
    state = state.changed(scope, undo=tuple(one for one in state.lives[scope].undo if one not in chosen))
    for one in chosen:
        state, _ = state.born(one.handler, life_id, variables=dict(one.variables))
    return state


def is_thrower(naive: Naive, state: State, life_id: int) -> bool:
    """Say whether this is a throw event with its handlers under it."""
    return bool(life_id) and naive.element(state, life_id).tag in ("intermediateThrowEvent", "endEvent")


def undone(naive: Naive, state: State, life_id: int) -> State:
    """A handler is over; after the last of them the throw event is left."""
    thrower = state.lives[life_id].parent
    state = state.died([life_id], "left")
    return state if state.children(thrower) else naive.leave(state, thrower)


def _scope(state: State, life_id: int) -> int:
    """The scope of what lives in a multi-instance body is that of the body."""
    while state.lives[life_id].is_body:
        life_id = state.lives[life_id].parent
    return life_id
