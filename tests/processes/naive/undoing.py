"""Compensation: what completed is remembered in its scope, and undone by a throw event that reaches that scope.

Here it is a flat list: each entry says within which completed sub-processes its activity stood, so that these can be
named as well.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.processes.naive.state import State, Undo

if TYPE_CHECKING:
    from tests.processes.naive.interpreter import Naive

THROWERS = ("intermediateThrowEvent", "endEvent")


def remember(naive: Naive, state: State, life_id: int) -> State:
    """Before something leaves: note in what is around it that it can be undone, and what can be undone within it.

    A round, a part of an ad-hoc sub-process, an event sub-process and a throw event are no activities of their own:
    what completed in them has completed in the scope around.
    """
    life, element = state.lives[life_id], naive.element(state, life_id)
    is_own = not (life.counter is not None or life.is_part or element.is_handler or element.tag in THROWERS)
    found = [Undo(element.id, element.undone_by)] if is_own and element.undone_by is not None else []
    for one in life.undo:
        within = (element.id, *one.within) if is_own else one.within
        found.append(replace(one, variables={**life.variables, **one.variables}, within=within))
    return state.changed(life.parent, undo=(*state.lives[life.parent].undo, *found)) if found else state


def throw(naive: Naive, state: State, life_id: int) -> State:
    """Begin the handlers of what is named, or of all that the event reaches, at once, under the throw event."""
    named, own = naive.element(state, life_id).named, state.lives[life_id].parent
    begun: list[Undo] = []
    for place in _reached(naive, state, own):
        life = state.lives[place]
        chosen = [one for one in life.undo if named in (None, (*one.within, one.activity)[0])]
        state = state.changed(place, undo=tuple(one for one in life.undo if one not in chosen))
        unseen = life.variables if life.is_part and place != own else {}
        begun += [replace(one, variables={**unseen, **one.variables}) for one in chosen]
    for one in begun:
        state, _ = state.born(one.handler, life_id, variables=dict(one.variables))
    return state if begun else naive.leave(state, life_id)


def _reached(naive: Naive, state: State, place: int) -> list[int]:
    """Scopes that an event reaches: its own, from an event sub-process that around it, of an ad-hoc one every part."""
    found: list[int] = []
    while True:
        parts = [each.id for each in state.children(place) if each.is_part]
        found += [each for each in (place, *sorted(parts)) if each not in found]
        if not (state.lives[place].is_part or naive.element(state, place).is_handler):
            return found
        place = state.lives[place].parent


def is_thrower(naive: Naive, state: State, life_id: int) -> bool:
    """Say whether this is a throw event with its handlers under it."""
    return bool(life_id) and naive.element(state, life_id).tag in THROWERS


def undone(naive: Naive, state: State, life_id: int) -> State:
    """A handler is over; after the last of them the throw event is left."""
    thrower = state.lives[life_id].parent
    state = remember(naive, state, life_id).died([life_id], "left")
    return state if state.children(thrower) else naive.leave(state, thrower)
