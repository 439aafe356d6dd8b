"""Ending elements from outside: at once, or when the canceling listeners of the user tasks within them are done."""

from __future__ import annotations

from engine.core import listeners
from engine.core.listener_model import CANCELING, CREATING, Ending, Listening
from engine.core.model import Stage
from engine.core.working import Element, Working, descendants


def terminate(working: Working, element: Element, then: Ending | None = None) -> bool:
    """End an element and all within it, innermost first; say whether it has ended.

    Where canceling listeners are waited for, their user tasks live on until then and so does all around them up to
    the element; `then` is kept and happens when the element has ended.
    """
    for each in reversed(list(descendants(element))):
        if each.children or _waits_for_canceling(working, each):
            _wind_down(working, each)
        else:
            working.end(each)
    if element.is_alive:
        element.ending = then
    return not element.is_alive


def stuck_within(element: Element) -> list[Element]:
    """Return what waits within an element for a canceling listener that has an incident, innermost first."""
    waiting = [each for each in descendants(element) if each.incident is not None and _is_canceling(each)]
    return waiting[::-1]


def end_by_hand(working: Working, element: Element, then: Ending | None = None) -> bool:
    """End an element as somebody asked: canceling listeners that have an incident are not waited for any longer."""
    for stuck in stuck_within(element):
        working.end(stuck)
    return not element.is_alive or terminate(working, element, then)


def terminate_children(working: Working, scope: Element, then: Ending | None = None) -> bool:
    """End everything that lives or moves within a scope; say whether it has ended, else `then` happens after it."""
    working.drop_tokens(scope)
    ended = [terminate(working, child) for child in list(scope.children.values())]
    if not all(ended):
        scope.ending = then
    return all(ended)


def _wind_down(working: Working, element: Element) -> None:
    """Let an element live on only for what ends within it."""
    element.stage = Stage.TERMINATING
    element.ending = None
    if not _is_canceling(element):
        working.resolve_incident(element)
    working.unsubscribe(element, element.subscriptions)
    working.close_decision(element, completed=False)
    working.drop_tokens(element)


def _waits_for_canceling(working: Working, element: Element) -> bool:
    if _is_canceling(element):
        return True
    is_creating = element.listening is not None and element.listening.event == CREATING
    if not (element.has_open_work or is_creating) or not element.node.listeners(CANCELING):
        return False
    working.close_listener(element, completed=False)
    working.resolve_incident(element)
    element.stage = Stage.TERMINATING
    listening = Listening(event=CANCELING, action="cancel", task=element.task, is_open=not is_creating)
    return listeners.listen(working, element, listening) is listeners.Verdict.WAITING


def _is_canceling(element: Element) -> bool:
    return element.listening is not None and element.listening.event == CANCELING
