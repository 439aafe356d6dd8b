"""Ad-hoc sub-processes whose worker decides: a job is open whenever there is something to decide.

By Camunda 8.9: the first job opens when the sub-process is entered. Its result begins elements, ends what still runs,
or says that the sub-process is over. Whenever something that was begun in it is over, or an event sub-process is, the
worker is asked anew by a job with a key of its own, in place of one that is still open: who works on that one comes
too late. The job's variables become local ones of the sub-process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.core import ad_hoc, model, termination
from engine.core.ad_hoc_results import check_result, read_answer
from engine.core.events import not_caught, raise_event
from engine.core.lifecycle import finish_if_empty
from engine.core.listener_model import AD_HOC_SUB_PROCESS, ResultRefused
from engine.core.variables import evaluate_name, evaluate_retries, local_or_visible, visible
from engine.core.working import Stuck

if TYPE_CHECKING:
    from engine.core.graph import TaskDefinition
    from engine.core.working import Element, Working
    from engine.json_values import JsonObject


def ask(working: Working, element: Element) -> None:
    """Let the worker decide what is next: an inside handler at once, any other by a job."""
    working.close_decision(element, completed=False)
    drawn = element.node.job
    if drawn is None:
        raise TypeError(f"{element.node.id} has no job type")
    try:
        job_type = evaluate_name(working, drawn.type, visible(element))
        if working.environment.handlers.runs_inside(job_type):
            _call_inside(working, element, job_type)
        else:
            _open_job(working, element, drawn, job_type)
    except Stuck as stuck:
        working.raise_incident(element, stuck.kind, stuck.reason)


def decide(working: Working, element: Element, command: model.CompleteWork) -> None:
    """Do what the worker decided.

    Raises:
        ResultRefused: it is no such result, names an element that cannot be begun, or begins some where all is over.
    """
    result = command.result or model.AdHocResult()
    if not isinstance(result, model.AdHocResult):
        raise ResultRefused("kind", AD_HOC_SUB_PROCESS)
    check_result(element.node, result)
    working.close_decision(element, completed=True)
    _do(working, element, command.variables, result)


def _open_job(working: Working, element: Element, drawn: TaskDefinition, job_type: str) -> None:
    retries = evaluate_retries(working, drawn.retries, visible(element))
    element.job = working.take_key()
    working.deciders[element.job] = element
    working.facts.append(
        model.JobOpened(
            key=element.job,
            definition=element.definition,
            element=element.node.id,
            type=job_type,
            retries=retries,
            headers=element.node.headers,
            variables=local_or_visible(element),
            kind=AD_HOC_SUB_PROCESS,
        )
    )


def _call_inside(working: Working, element: Element, job_type: str) -> None:
    call = model.HandlerCall(
        key=element.key,
        definition=element.definition,
        element=element.node.id,
        type=job_type,
        headers=element.node.headers,
        variables=local_or_visible(element),
    )
    try:
        variables, result = read_answer(working.environment.handlers.call(call))
        check_result(element.node, result)
    except model.BpmnError as error:
        if not raise_event(working, element, "error", error.code, error.variables):
            raise Stuck("error-not-caught", not_caught(element, error.code)) from error
        return
    except (model.HandlerFailed, ResultRefused) as failure:
        raise Stuck("handler", f"{job_type}: {failure}") from failure
    _do(working, element, variables, result)


def _do(working: Working, element: Element, variables: JsonObject, result: model.AdHocResult) -> None:
    for name, value in variables.items():
        working.set_variable(element, name, value)
    if result.cancel_remaining:
        termination.terminate_children(working, element)  # canceling listeners may keep some of it alive a while
    if result.is_fulfilled:
        element.is_fulfilled = True
        finish_if_empty(working, element)
    for each in result.elements:
        ad_hoc.activate(working, element, each.element, each.variables)
