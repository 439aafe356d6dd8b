"""The life of a user task: created, assigned, updated, completed, each step after the listeners drawn for it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.core import listeners, model
from engine.core.graph import UserTaskDefinition
from engine.core.lifecycle import complete
from engine.core.limits import LONGEST_REFERENCE
from engine.core.listener_facts import TransitionDenied, TransitionEnded
from engine.core.listener_model import (
    ASSIGNING,
    COMPLETING,
    CREATING,
    UPDATING,
    ChangeTask,
    InTransition,
    Listening,
    TaskAttributes,
)
from engine.core.listeners import Verdict
from engine.core.variables import evaluate_name, put, visible
from engine.core.working import Stuck

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.core.working import Element, Working

_EXTERNAL = "externalFormReference"


def create(working: Working, element: Element, task: TaskAttributes) -> None:
    """Open a user task for people once its creating listeners are done."""
    if not element.node.task_listeners:
        _open(working, element, task)
        return
    element.task = task
    listening = Listening(event=CREATING, action="create", task=task)
    go_on(working, element, listeners.listen(working, element, listening), listening)


def change(working: Working, element: Element, command: ChangeTask) -> None:
    """Assign or update an open user task once the listeners of that are done."""
    element.task = command.before
    listening = Listening(
        event=command.event,
        action=command.action,
        task=command.after,
        by=command.by,
        is_open=True,
        given_reason=command.given_reason,
    )
    _begin(working, element, listening)


def hand_in(working: Working, element: Element, command: model.CompleteWork) -> None:
    """Complete an open user task once its completing listeners are done."""
    element.task = command.task or element.task
    listening = Listening(
        event=COMPLETING,
        action="complete",
        task=element.task,
        variables=command.variables,
        by=command.by,
        is_open=True,
    )
    _begin(working, element, listening)


def set_variables(working: Working, element: Element, command: model.SetVariables) -> bool:
    """Set variables at a user task once its updating listeners are done; say whether it has any."""
    if not element.has_open_work or not element.node.listeners(UPDATING):
        return False
    refuse_in_transition(element)
    listening = Listening(
        event=UPDATING,
        action="update",
        task=element.task,
        variables=command.variables,
        is_local=command.local,
        is_open=True,
    )
    _begin(working, element, listening)
    return True


def refuse_in_transition(element: Element) -> None:
    """Let only a user task pass that waits for no listener.

    Raises:
        InTransition: it does.
    """
    if element.listening is not None:
        raise InTransition(element.key, element.listening.event)


def go_on(working: Working, element: Element, verdict: Verdict, asked: Listening) -> None:
    """Do what was asked when the listeners are done, or take it back when one denied it."""
    if verdict is Verdict.WAITING:
        return
    listening, element.listening = element.listening or asked, None
    task = listening.task or element.task or TaskAttributes()
    if verdict is Verdict.DENIED:
        working.facts.append(
            TransitionDenied(
                key=element.key,
                definition=element.definition,
                element=element.node.id,
                event=listening.event,
                action=listening.action,
                by=listening.by,
                task=task,
                reason=listening.denied,
                given_reason=listening.given_reason,
            )
        )
    elif listening.event == CREATING:
        try:
            _created(working, element, task)
        except Stuck as stuck:  # its form's reference failed: the creating listeners are done again on a retry
            element.listening = replace(listening, index=0, job=None)
            working.raise_incident(element, stuck.kind, stuck.reason)
    else:
        _changed(working, element, task, listening)


def _begin(working: Working, element: Element, listening: Listening) -> None:
    go_on(working, element, listeners.listen(working, element, listening), listening)


def _created(working: Working, element: Element, task: TaskAttributes) -> None:
    """Open a task; the assignee drawn in the diagram gets it after the assigning listeners."""
    is_drawn = element.task is not None and element.task.assignee is not None
    is_assigned_later = is_drawn and bool(element.node.listeners(ASSIGNING))
    element.task = replace(task, assignee=None, assignee_name=None) if is_assigned_later else task
    _open(working, element, element.task)
    if is_assigned_later:
        _begin(working, element, Listening(event=ASSIGNING, action="assign", task=task, is_open=True))


def _changed(working: Working, element: Element, task: TaskAttributes, listening: Listening) -> None:
    element.task = task
    working.facts.append(
        TransitionEnded(
            key=element.key,
            definition=element.definition,
            element=element.node.id,
            event=listening.event,
            action=listening.action,
            by=listening.by,
            task=task,
            given_reason=listening.given_reason,
        )
    )
    if listening.event == COMPLETING:
        working.close_work(element, completed=True, by=listening.by)
        complete(working, element, listening.variables)
    elif listening.is_local:
        for name, value in listening.variables.items():
            working.set_variable(element, name, value)
    else:
        put(working, element, listening.variables)


def bound_form(working: Working, element: Element) -> str | None:
    """Return the version of its form a user task is bound to; None: the newest when it is completed.

    Raises:
        Stuck: there is no such version.
    """
    drawn = element.node.user_task
    if drawn is None or drawn.form_id is None or drawn.form_binding == "latest":
        return None
    try:
        return working.environment.definitions.form(
            drawn.form_id, caller=element.definition, binding=drawn.form_binding, version_tag=drawn.form_version_tag
        )
    except model.CallFailed as failure:
        raise Stuck("form", str(failure)) from failure


def _properties(working: Working, element: Element, drawn: UserTaskDefinition) -> Mapping[str, str]:
    if drawn.external_form is None:
        return element.node.properties
    address = evaluate_name(working, drawn.external_form, visible(element), longest=LONGEST_REFERENCE)
    return {**element.node.properties, _EXTERNAL: address}


def _open(working: Working, element: Element, task: TaskAttributes) -> None:
    drawn = element.node.user_task or UserTaskDefinition()
    working.facts.append(
        model.UserTaskOpened(
            key=element.key,
            definition=element.definition,
            element=element.node.id,
            name=element.node.name,
            form_id=drawn.form_id,
            form_definition=bound_form(working, element),
            assignee=task.assignee,
            candidate_groups=task.candidate_groups,
            candidate_users=task.candidate_users,
            due=task.due,
            follow_up=task.follow_up,
            priority=task.priority,
            properties=_properties(working, element, drawn),
            headers=element.node.headers,
            variables=dict(element.variables),
        )
    )
