"""Serving the listeners an element waits for: an inside handler at once, any other as a job, one after the other."""

from __future__ import annotations

import json
from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING

from engine.core import model
from engine.core.listener_facts import TransitionBegun
from engine.core.listener_model import (
    EXECUTION_EVENTS,
    EXECUTION_LISTENER,
    START,
    TASK_LISTENER,
    ListenerResult,
    Listening,
    ResultRefused,
    TaskAttributes,
)
from engine.core.listener_results import changed_attributes, check_result, corrected, read_result
from engine.core.texts import tell, under
from engine.core.variables import evaluate_name, evaluate_retries, visible
from engine.core.working import Element, Stuck, Working

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.core.graph import Listener
    from engine.json_values import JsonObject

_HEADER = "io.camunda.zeebe:"
"""Reserved names of the headers that tell a task listener about its user task; Camunda's clients know them."""


class Verdict(Enum):
    """How far the listeners of an event have come."""

    WAITING = "waiting"  # for a job, or stuck
    DONE = "done"
    DENIED = "denied"


def listen(working: Working, element: Element, listening: Listening) -> Verdict:
    """Let an element wait for its listeners of an event; without any it goes on at once."""
    if not element.node.listeners(listening.event):
        return Verdict.DONE
    element.listening = listening
    if listening.is_open:
        working.facts.append(
            TransitionBegun(
                key=element.key, definition=element.definition, element=element.node.id, event=listening.event
            )
        )
    return serve(working, element)


def must_wait(working: Working, element: Element, listening: Listening) -> bool:
    """Serve the execution listeners of an event; say whether the element waits for one of them."""
    if listen(working, element, listening) is Verdict.WAITING:
        return True
    element.listening = None
    return False


def serve(working: Working, element: Element) -> Verdict:
    """Serve the listener whose turn it is and those after it, until one is a job."""
    while True:
        listening = waiting(element)
        drawn = element.node.listeners(listening.event)
        if listening.index >= len(drawn):
            return Verdict.DONE
        try:
            is_served = _serve_one(working, element, drawn[listening.index])
        except Stuck as stuck:
            if stuck.kind != "handler":  # an expression: all listeners of the event are done again
                element.listening = replace(listening, index=0, job=None)
            working.raise_incident(element, stuck.kind, stuck.reason)
            return Verdict.WAITING
        if is_served is not Verdict.DONE:
            return is_served


def take(working: Working, element: Element, variables: JsonObject, result: ListenerResult) -> Verdict:
    """Take in what a listener handed back and give the turn to the next; DENIED when it denied the transition.

    Raises:
        ResultRefused: its event does not allow this answer.
    """
    listening = waiting(element)
    if listening.event in EXECUTION_EVENTS:
        if result != ListenerResult():
            raise ResultRefused("execution", "result")
        holder = element if listening.event == START else _around(element)
        for name, value in variables.items():
            working.set_variable(holder, name, value)
        element.listening = replace(listening, index=listening.index + 1, job=None)
        return Verdict.DONE
    if variables:
        raise ResultRefused("variables", ", ".join(sorted(variables)))
    is_assigned = element.task is not None and element.task.assignee is not None
    check_result(listening.event, result, has_drawn_assignee=is_assigned)
    if result.is_denied:
        element.listening = replace(listening, denied=result.reason)
        return Verdict.DENIED
    task = corrected(listening.task or TaskAttributes(), result.corrections, working.environment.now)
    element.listening = replace(listening, index=listening.index + 1, job=None, task=task)
    return Verdict.DONE


def waiting(element: Element) -> Listening:
    """Return the listeners an element waits for."""
    if element.listening is None:
        raise TypeError(f"element instance {element.key} waits for no listener")
    return element.listening


def _serve_one(working: Working, element: Element, drawn: Listener) -> Verdict:
    listening = waiting(element)
    scope = visible(element, listening.variables)
    job_type = evaluate_name(working, drawn.type, scope)
    retries = evaluate_retries(working, drawn.retries, scope)
    headers, variables = _headers(element, listening), dict(scope)
    if working.environment.handlers.runs_inside(job_type):
        call = model.HandlerCall(
            key=element.key,
            definition=element.definition,
            element=element.node.id,
            type=job_type,
            headers=headers,
            variables=variables,
        )
        return _call_inside(working, element, call)
    key = listening.job or working.take_key()
    element.listening = replace(listening, job=key)
    working.listeners[key] = element
    working.facts.append(
        model.JobOpened(
            key=key,
            definition=element.definition,
            element=element.node.id,
            type=job_type,
            retries=retries,
            headers=headers,
            variables=variables,
            kind=EXECUTION_LISTENER if listening.event in EXECUTION_EVENTS else TASK_LISTENER,
            event=listening.event,
        )
    )
    return Verdict.WAITING


def _call_inside(working: Working, element: Element, call: model.HandlerCall) -> Verdict:
    """Call an inside handler; what it returns are variables, of a task listener its result."""
    try:
        answer = working.environment.handlers.call(call)
        if waiting(element).event in EXECUTION_EVENTS:
            return take(working, element, answer, ListenerResult())
        return take(working, element, {}, read_result(answer))
    except model.BpmnError as error:
        raise Stuck("handler", tell("listener-cannot-throw", type=call.type, error=error.code)) from error
    except (model.HandlerFailed, ResultRefused) as failure:
        raise Stuck("handler", under(call.type, str(failure))) from failure


def _around(element: Element) -> Element:
    """Return the scope that gets the results of an end listener: the one around, of a process its own."""
    if element.node.tag == "process" or element.scope is None:
        return element
    scope = element.scope
    while scope.node.tag in ("intermediateThrowEvent", "endEvent") and scope.scope is not None:
        scope = scope.scope  # the element undoes something under a compensation event
    return scope


def _headers(element: Element, listening: Listening) -> Mapping[str, str]:
    drawn = dict(element.node.headers)
    task = listening.task
    if listening.event in EXECUTION_EVENTS or task is None:
        return drawn
    told = {
        "action": listening.action,
        "assignee": task.assignee,
        "candidateGroups": json.dumps(task.candidate_groups, ensure_ascii=False),
        "candidateUsers": json.dumps(task.candidate_users, ensure_ascii=False),
        "changedAttributes": json.dumps(changed_attributes(element.task or TaskAttributes(), task)),
        "dueDate": None if task.due is None else task.due.isoformat(),
        "followUpDate": None if task.follow_up is None else task.follow_up.isoformat(),
        "priority": str(task.priority),
        "userTaskKey": str(element.key),
    }
    return drawn | {f"{_HEADER}{name}": value for name, value in told.items() if value}
