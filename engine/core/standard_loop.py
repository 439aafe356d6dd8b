"""Standard loop: an activity repeated one round after the other while its condition holds (BPMN 2.0.2, 10.3.8).

`loopCounter` is the number of the round, in the round itself; in the condition it is how many rounds are over.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.core.model import MultiInstance
from engine.core.variables import evaluate_condition, visible

if TYPE_CHECKING:
    from engine.core.graph import StandardLoop
    from engine.core.working import Element, Working


def open_body(working: Working, body: Element, loop: StandardLoop) -> bool:
    """Queue the first round, where there is one; say so.

    Raises:
        Stuck: the condition failed or gave no boolean.
    """
    goes_on = not loop.tests_before or _holds(working, body, loop, rounds=0)
    body.body = MultiInstance(items=(), next_index=0, finished=0)
    if goes_on:
        _next_round(working, body)
    return goes_on


def is_last_round(working: Working, child: Element, body: Element, loop: StandardLoop) -> bool:
    """Say whether no round follows the one that is about to leave.

    Raises:
        Stuck: the condition failed or gave no boolean.
    """
    rounds = child.loop_counter or 0
    if loop.maximum is not None and rounds >= loop.maximum:
        return True
    return not _holds(working, body if loop.tests_before else child, loop, rounds=rounds)


def close_round(working: Working, body: Element, *, is_last: bool) -> bool:
    """Begin the next round unless that was the last one; say whether the loop is over."""
    if body.body is None:
        raise TypeError(f"element instance {body.key} is not a body")
    body.body = replace(body.body, finished=body.body.finished + 1)
    if not is_last:
        _next_round(working, body)
    return is_last


def _holds(working: Working, seen_from: Element, loop: StandardLoop, *, rounds: int) -> bool:
    if loop.condition is None:
        return True
    return evaluate_condition(working, loop.condition, visible(seen_from, {"loopCounter": rounds}))


def _next_round(working: Working, body: Element) -> None:
    if body.body is None:
        raise TypeError(f"element instance {body.key} is not a body")
    number = body.body.next_index + 1
    body.body = replace(body.body, next_index=number)
    child = working.create(body.node, body, loop_counter=number)
    working.set_variable(child, "loopCounter", number)
    working.queue.append(child)
