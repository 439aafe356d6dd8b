"""Execution listeners: an element waits for one job after the other before it begins, and before it is left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.processes.naive import events
from tests.processes.naive.state import State

if TYPE_CHECKING:
    from tests.processes.naive.interpreter import Naive

START, END = "start", "end"


def ask(naive: Naive, state: State, life_id: int, event: str) -> State | None:
    """Let an element wait for its listeners; None when it has none. At its end its own events wait no more."""
    element = naive.element(state, life_id)
    if not (element.starters if event == START else element.enders):
        return None
    if event == END:
        state = state.without_waits(lambda each: each.owner == life_id)
    return state.changed(life_id, phase="listening", listens=(event, 0))


def answered(naive: Naive, state: State, life_id: int, variables: Mapping[str, Any]) -> State:
    """Take in what a listener sets: in the element at its start, in the scope around at its end; ask the next."""
    event, done = state.lives[life_id].listens
    element = naive.element(state, life_id)
    state = state.assigned(life_id if event == START else _around(naive, state, life_id), variables)
    if done + 1 < (element.starters if event == START else element.enders):
        return state.changed(life_id, listens=(event, done + 1))
    started_by = state.lives[life_id].started_by
    state = state.changed(life_id, phase="open", started_by=None)
    if event == END:
        return naive.depart(state, life_id)
    if started_by is not None:
        return events.begin_handler(naive, state, life_id, *started_by)
    return naive.enter(state, life_id)


def _around(naive: Naive, state: State, life_id: int) -> int:
    """The scope around; of what undoes something, that of the throw event."""
    while True:
        life_id = state.lives[life_id].parent
        if naive.element(state, life_id).tag not in ("intermediateThrowEvent", "endEvent"):
            return life_id
