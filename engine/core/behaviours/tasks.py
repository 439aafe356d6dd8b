"""Tasks: what a person, a worker, a handler, a decision or an expression does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.core import model, timers, user_tasks
from engine.core.behaviours.messages import send_message
from engine.core.events import not_caught, raise_event
from engine.core.graph import UserTaskDefinition
from engine.core.lifecycle import complete
from engine.core.listener_model import TaskAttributes
from engine.core.texts import tell, under
from engine.core.variables import (
    describe,
    evaluate,
    evaluate_name,
    evaluate_retries,
    kept,
    local_or_visible,
    visible,
    whole_number,
)
from engine.core.working import Element, Stuck, Working

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from engine.core.graph import TaskDefinition

_DEFAULT_PRIORITY = 50


def pass_through(working: Working, element: Element) -> None:
    """Do nothing and go on: tasks of no type, manual tasks, start events."""
    complete(working, element)


def user_task(working: Working, element: Element) -> None:
    """Open work for a person, after the creating listeners of the task."""
    drawn = element.node.user_task or UserTaskDefinition()
    scope = visible(element)
    assignee = _optional_text(working, drawn.assignee, scope)
    groups = _names(working, drawn.candidate_groups, scope)
    users = _names(working, drawn.candidate_users, scope)
    is_assigned = (drawn.assignee, drawn.candidate_groups, drawn.candidate_users) != (None, None, None)
    if is_assigned and not (assignee or groups or users):
        raise Stuck("assignment", tell("nobody-assigned"))
    task = TaskAttributes(
        assignee=assignee,
        assignee_name=assignee,
        candidate_groups=groups,
        candidate_users=users,
        due=_moment(working, drawn.due_date, scope),
        follow_up=_moment(working, drawn.follow_up_date, scope),
        priority=_priority(working, drawn.priority, scope),
    )
    user_tasks.create(working, element, task)


def service_task(working: Working, element: Element) -> None:
    """Call an inside handler at once, or open a job for a worker."""
    job = element.node.job
    if job is None:
        raise Stuck("job", tell("no-job-type", element=element.node.id))
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
            retries=evaluate_retries(working, job.retries, scope),
            headers=element.node.headers,
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
        raise Stuck("decision", under(decision_id, str(failure))) from failure
    working.need_room(decided.value)
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
        headers=element.node.headers,
        variables=local_or_visible(element),
    )
    element.stage = model.Stage.ENTERING  # no work is open meanwhile that an error could close
    try:
        results = working.environment.handlers.call(call)
    except model.BpmnError as error:
        if not raise_event(working, element, "error", error.code, error.variables):
            raise Stuck("error-not-caught", not_caught(element, error.code)) from error
        return
    except model.HandlerFailed as failure:
        raise Stuck("handler", under(job_type, str(failure))) from failure
    complete(working, element, results)


def _names(working: Working, text: str | None, scope: Mapping[str, Any]) -> tuple[str, ...]:
    """Read a list of names: a drawn text is separated by commas, an expression gives a list or one name."""
    if text is None:
        return ()
    value = evaluate(working, text, scope)
    if isinstance(value, str):
        parts = [value] if text.startswith("=") else value.split(",")
        return tuple(kept(text, part.strip()) for part in parts if part.strip())
    if value is None:
        return ()
    if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value):
        raise Stuck("assignment", tell("texts-needed", text=text, found=describe(value)))
    return tuple(kept(text, each) for each in value if each)


def _optional_text(working: Working, text: str | None, scope: Mapping[str, Any]) -> str | None:
    value = None if text is None else evaluate(working, text, scope)
    if value is not None and not isinstance(value, str):
        raise Stuck("assignment", tell("text-needed", text=text or "", found=describe(value)))
    return kept(text or "", value) if value else None


def _moment(working: Working, text: str | None, scope: Mapping[str, Any]) -> datetime | None:
    value = None if text is None else evaluate(working, text, scope)
    if value is None:
        return None
    if not isinstance(value, str):
        raise Stuck("expression", tell("date-needed", text=text or "", found=describe(value)))
    try:
        return timers.parse_moment(value, working.environment.now)
    except timers.TimerUnreadable as failure:
        raise Stuck("expression", under(str(text), failure.reason())) from failure


def _priority(working: Working, text: str | None, scope: Mapping[str, Any]) -> int:
    if text is None:
        return _DEFAULT_PRIORITY
    value = whole_number(text, evaluate(working, text, scope))
    if not 0 <= value <= 100:
        raise Stuck("expression", tell("priority-range", text=text, found=value))
    return value
