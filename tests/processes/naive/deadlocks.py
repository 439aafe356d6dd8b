"""Where nothing can ever move: no command that a host could give is left, and tokens still wait."""

from __future__ import annotations

from tests.processes.naive.drawing import Drawing
from tests.processes.naive.state import Life, State


def deadlocked(drawing: Drawing, state: State) -> set[int]:
    """Return the innermost scopes in which tokens wait for ever."""
    if any(_is_open_to_a_command(drawing, each) for each in state.lives.values()):
        return set()
    if any(each.kind not in ("error", "escalation") for each in state.waits):
        return set()
    holders = {each.parent for each in state.lives.values()}
    return {token.scope for token in state.tokens} - holders


def _is_open_to_a_command(drawing: Drawing, life: Life) -> bool:
    """Say whether something can be completed, retried or begun here by hand."""
    is_ad_hoc = drawing.elements[life.element].ad_hoc is not None and not (life.is_part or life.is_body)
    return life.phase in ("work", "listening", "stuck") or is_ad_hoc
