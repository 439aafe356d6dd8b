"""Going on after a listener: to the next one, and then with what the element waited to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.core import events, listeners, multi_instance, user_tasks
from engine.core.lifecycle import complete, depart, enter, finish_if_empty
from engine.core.listener_model import CANCELING, END, START, Ending, ListenerResult, ResultRefused
from engine.core.listeners import Verdict
from engine.core.model import InstanceEnded, Stage

if TYPE_CHECKING:
    from engine.core.model import CompleteWork
    from engine.core.working import Element, Working

CANCELLED = "cancelled"
"""The ending of a process instance that was cancelled."""


def complete_listener(working: Working, element: Element, command: CompleteWork) -> None:
    """Take in what the worker of a listener's job hands back, and go on.

    Raises:
        ResultRefused: the listener's event does not allow this answer.
    """
    result = command.result or ListenerResult()
    if not isinstance(result, ListenerResult):
        raise ResultRefused("kind", "listener")
    working.close_listener(element, completed=True)
    verdict = listeners.take(working, element, command.variables, result)
    _go_on(working, element, verdict if verdict is Verdict.DENIED else listeners.serve(working, element))


def serve_again(working: Working, element: Element) -> None:
    """Do again the listener that failed, or all of its event when an expression did."""
    _go_on(working, element, listeners.serve(working, element))


def ended(working: Working, element: Element) -> None:
    """End an element that waits for canceling listeners no longer, and everything that only waited for it."""
    each = element
    while True:
        scope, ending = each.scope, each.ending
        working.end(each)
        if ending is not None:
            _resume(working, each, ending)
            return
        if scope is None or scope.children:
            return
        if scope.stage is not Stage.TERMINATING:
            break
        each = scope
    ending, scope.ending = scope.ending, None
    if ending is not None:
        _resume(working, scope, ending)
    else:
        finish_if_empty(working, scope)


def cancelled(working: Working, root: Element) -> None:
    """Tell that a cancelled process instance is over."""
    working.facts.append(
        InstanceEnded(
            key=root.key,
            definition=root.definition,
            element=root.node.id,
            cancelled=True,
            variables=dict(root.variables),
        )
    )


def _go_on(working: Working, element: Element, verdict: Verdict) -> None:
    if verdict is Verdict.WAITING:
        return
    listening = listeners.waiting(element)
    if listening.event == CANCELING:
        ended(working, element)
    elif listening.event == START:
        element.listening = None
        if listening.start_event is None:
            enter(working, element)
        else:
            start = element.process.nodes[listening.start_event]
            events.begin_event_sub_process(working, element, start, listening.variables)
    elif listening.event == END:
        element.listening = None
        depart(working, element)
    else:
        user_tasks.go_on(working, element, verdict, listening)


def _resume(working: Working, element: Element, ending: Ending) -> None:
    if ending.kind == CANCELLED:
        cancelled(working, element)
    elif ending.kind == multi_instance.LOOP:
        multi_instance.hand_over(working, element)
        complete(working, element)
    elif ending.kind == events.EVENT_SUB_PROCESS:
        events.enter_event_sub_process(working, element, element.process.nodes[ending.element], ending.variables)
    elif element.scope is not None:
        boundary = element.process.nodes[ending.element]
        complete(working, working.create(boundary, element.scope), ending.variables)
