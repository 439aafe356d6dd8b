"""Conditions: looked at when something begins to wait for them, and after each step that changed what they read."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.core.model import ExpressionFailed
from tests.processes.naive.state import Change, State, Wait

if TYPE_CHECKING:
    from tests.processes.naive.interpreter import Naive


def at_once(naive: Naive, state: State, wait: Wait) -> State:
    """What is true when it begins to be waited for happens next."""
    return replace(state, fulfilled=(*state.fulfilled, wait.id)) if _is_true(naive, state, wait) else state


def takes_over(naive: Naive, state: State, life_id: int) -> bool:
    """Say whether an interrupting event at the boundary is true already: then the activity does nothing."""
    true = [each for each in state.waits if each.owner == life_id and each.id in state.fulfilled]
    elements = [naive.drawing.elements[each.element] for each in true]
    return any(each.tag == "boundaryEvent" and each.interrupts for each in elements)


def look(naive: Naive, state: State) -> State:
    """Find what came true by the changes of a step, outer scopes first; below one that interrupts nothing is found."""
    changes, state = state.changes, replace(state, changes=())
    owners = {each.owner for each in state.waits if each.kind == "conditional"}
    interrupted: set[int] = set()
    for owner in sorted(owners, key=lambda one: (len(list(state.outwards(one))), one)):
        if any(each.id in interrupted for each in state.outwards(owner)):
            continue
        for wait in _waits_of(naive, state, owner):
            is_new = wait.id not in state.fulfilled and any(_concerns(naive, state, wait, each) for each in changes)
            if is_new and _is_true(naive, state, wait):
                state = replace(state, fulfilled=(*state.fulfilled, wait.id))
                if naive.drawing.elements[wait.element].interrupts:
                    interrupted.add(owner)
                    break
    return state


def _waits_of(naive: Naive, state: State, owner: int) -> list[Wait]:
    """Event sub-processes before boundaries, then in the order in which they began to wait."""
    found = [each for each in state.waits if (each.owner, each.kind) == (owner, "conditional")]
    return sorted(found, key=lambda one: (naive.drawing.elements[one.element].tag != "startEvent", one.id))


def _concerns(naive: Naive, state: State, wait: Wait, change: Change) -> bool:
    text = naive.drawing.elements[wait.element].condition or ""
    if wait.id > change.age or change.name not in re.findall(r"\w+", text):
        return False
    for each in state.scopes(wait.owner):
        if each.id == change.scope:
            return True
        if change.name in each.variables:
            return False  # a nearer variable of this name is what the condition sees
    return False


def _is_true(naive: Naive, state: State, wait: Wait) -> bool:
    text = naive.drawing.elements[wait.element].condition or ""
    try:
        return naive.evaluate(text, state.seen_by(wait.owner)) is True
    except ExpressionFailed:
        return False
