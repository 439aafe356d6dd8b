"""Call activities: another process of the document lives under the activity, and sees only what it is handed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.processes.naive.drawing import Element
from tests.processes.naive.state import State

if TYPE_CHECKING:
    from tests.processes.naive.interpreter import Naive


def call(naive: Naive, state: State, life_id: int, element: Element) -> State:
    """Hand over all that is seen, but not the list that a multi-instance activity is just collecting."""
    life = state.lives[life_id]
    collected = (element.loop or {}).get("outputCollection")
    seen = state.seen_by(life_id)
    if collected is not None and collected not in life.variables:
        seen.pop(collected, None)
    state, called = state.born(element.calls or "", life_id, is_process=True)
    return naive.begin(state.assigned(called, seen), called)
