"""Tasks: what a person, a worker, a handler, a decision or an expression does."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.core import model, timers
from engine.core.behaviours.messages import send_message
from engine.core.events import raise_event
from engine.core.graph import UserTaskDefinition
from engine.core.lifecycle import complete
from engine.core.variables import describe, evaluate, evaluate_name, local_or_visible, visible
from engine.core.working import Element, Stuck, Working

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from engine.core.graph import TaskDefinition
    from engine.json_values import JsonValue

_DEFAULT_PRIORITY = 50
_DEFAULT_RETRIES = 3


def pass_through(working: Working, element: Element) -> None:
    """Do nothing and go on: tasks of no type, manual tasks, start events."""
    complete(working, element)


def user_task(working: Working, element: Element) -> None:
    """Open work for a person."""
    drawn = element.node.user_task or UserTaskDefinition()
    scope = visible(element)
    assignee = _optional_text(working, drawn.assignee, scope)
    groups = _names(working, drawn.candidate_groups, scope)
    users = _names(working, drawn.candidate_users, scope)
    is_assigned = (drawn.assignee, drawn.candidate_groups, drawn.candidate_users) != (None, None, None)
    if is_assigned and not (assignee or groups or users):
        raise Stuck("assignment", "the assignee, the candidate groups and the candidate users are all empty")
    working.facts.append(
        model.UserTaskOpened(
            key=element.key,
            definition=element.definition,
            element=element.node.id,
            name=element.node.name,
            form_id=drawn.form_id,
            form_definition=_bound_form(working, element, drawn),
            assignee=assignee,
            candidate_groups=groups,
            candidate_users=users,
            due=_moment(working, drawn.due_date, scope),
            follow_up=_moment(working, drawn.follow_up_date, scope),
            priority=_priority(working, drawn.priority, scope),
            properties=element.node.properties,
            variables=dict(element.variables),
        )
    )


def service_task(working: Working, element: Element) -> None:
    """Call an inside handler at once, or open a job for a worker."""
    job = element.node.job
    if job is None:
        raise Stuck("job", f"{element.node.id} has no job type")
    scope = visible(element)
    job_type = evaluate_name(working, job.type, scope)
    if working.environment.handlers.runs_inside(job_type):
        _call_inside(working, element, job, job_type)
        return
    working.facts.append(
        model.JobOpened(
            key=element.key,
            definition=element.definition,
            element=element.node.id,
            type=job_type,
            retries=_retries(working, job.retries, scope),
            headers=job.headers,
            variables=local_or_visible(element),
        )
    )


def script_task(working: Working, element: Element) -> None:
    """Evaluate an expression into a variable, or open a job when a job type is drawn."""
    script = element.node.script
    if script is None:
        service_task(working, element)
        return
    value = evaluate(working, script.expression, visible(element))
    complete(working, element, {script.result_variable: value})


def business_rule_task(working: Working, element: Element) -> None:
    """Ask a decision and keep how it came about, or open a job when a job type is drawn."""
    drawn = element.node.decision
    if drawn is None:
        service_task(working, element)
        return
    scope = visible(element)
    decision_id = evaluate_name(working, drawn.decision_id, scope)
    try:
        decided = working.environment.evaluator.decide(
            decision_id, scope, caller=element.definition, binding=drawn.binding, version_tag=drawn.version_tag
        )
    except model.ExpressionFailed as failure:
        raise Stuck("decision", f"{decision_id}: {failure}") from failure
    working.facts.append(
        model.DecisionMade(
            key=element.key,
            definition=element.definition,
            element=element.node.id,
            decision_id=decision_id,
            record=decided.record,
        )
    )
    complete(working, element, {drawn.result_variable: decided.value})


def send_task(working: Working, element: Element) -> None:
    """Publish a message, or open a job when a job type is drawn."""
    if element.node.job is not None:
        service_task(working, element)
        return
    send_message(working, element)
    complete(working, element)


def _call_inside(working: Working, element: Element, job: TaskDefinition, job_type: str) -> None:
    call = model.HandlerCall(
        key=element.key,
        definition=element.definition,
        element=element.node.id,
        type=job_type,
        headers=job.headers,
        variables=local_or_visible(element),
    )
    element.stage = model.Stage.ENTERING  # no work is open meanwhile that an error could close
    try:
        results = working.environment.handlers.call(call)
    except model.BpmnError as error:
        if not raise_event(working, element, "error", error.code, error.variables):
            raise Stuck("error-not-caught", f"nothing catches the error {error}") from error
        return
    except model.HandlerFailed as failure:
        raise Stuck("handler", f"{job_type}: {failure}") from failure
    complete(working, element, results)


def _bound_form(working: Working, element: Element, drawn: UserTaskDefinition) -> str | None:
    if drawn.form_id is None or drawn.form_binding == "latest":
        return None
    try:
        return working.environment.definitions.form(
            drawn.form_id, caller=element.definition, binding=drawn.form_binding, version_tag=drawn.form_version_tag
        )
    except model.CallFailed as failure:
        raise Stuck("form", str(failure)) from failure


def _names(working: Working, text: str | None, scope: Mapping[str, Any]) -> tuple[str, ...]:
    """Read a list of names: a drawn text is separated by commas, an expression gives a list or one name."""
    if text is None:
        return ()
    value = evaluate(working, text, scope)
    if isinstance(value, str):
        parts = [value] if text.startswith("=") else value.split(",")
        return tuple(part.strip() for part in parts if part.strip())
    if value is None:
        return ()
    if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value):
        raise Stuck("assignment", f"{text}: a list of texts is needed, found {describe(value)}")
    return tuple(each for each in value if each)


def _optional_text(working: Working, text: str | None, scope: Mapping[str, Any]) -> str | None:
    value = None if text is None else evaluate(working, text, scope)
    if value is not None and not isinstance(value, str):
        raise Stuck("assignment", f"{text}: a text is needed, found {describe(value)}")
    return value or None


def _moment(working: Working, text: str | None, scope: Mapping[str, Any]) -> datetime | None:
    value = None if text is None else evaluate(working, text, scope)
    if value is None:
        return None
    if not isinstance(value, str):
        raise Stuck("expression", f"{text}: an ISO 8601 date is needed, found {describe(value)}")
    try:
        return timers.parse_moment(value, working.environment.now)
    except timers.TimerUnreadable as failure:
        raise Stuck("expression", f"{text}: {failure}") from failure


def _priority(working: Working, text: str | None, scope: Mapping[str, Any]) -> int:
    if text is None:
        return _DEFAULT_PRIORITY
    value = _whole_number(text, evaluate(working, text, scope))
    if not 0 <= value <= 100:
        raise Stuck("expression", f"{text}: a priority lies between 0 and 100, found {value}")
    return value


def _retries(working: Working, text: str | None, scope: Mapping[str, Any]) -> int:
    if text is None:
        return _DEFAULT_RETRIES
    value = _whole_number(text, evaluate(working, text, scope))
    if value < 0:
        raise Stuck("expression", f"{text}: retries cannot be negative")
    return value


def _whole_number(text: str, value: JsonValue) -> int:
    if isinstance(value, str) and value.strip().isdecimal():
        return int(value)
    if isinstance(value, int | Decimal) and not isinstance(value, bool) and value == int(value):
        return int(value)
    raise Stuck("expression", f"{text}: a whole number is needed, found {describe(value)}")
