"""Completing the ticked tasks of a work list together: what is handed in is asked, shown, and confirmed first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.core.texts import Words
from web.authentication import current_actor, permits
from web.bulk_completion import MOST_AT_ONCE, Completion, completion_of, fields_answered
from web.errors import BadRequest
from web.pages.session import safe_target
from web.services import services
from web.shared_fields import PREFIX, SharedField, shown_answers, typed_answers
from web.task_batch import TaskAction, TaskBatch, carry_out
from workflows.organisation.rights import Right

blueprint = Blueprint("bulk_completion", __name__)

MOST_DIGITS = 9  # of a version


@blueprint.get("/tasks/completion")
@permits(Right.WORK)
def completion_page() -> AnyResponse | str:
    """Show what the ticked tasks would hand in, by step, and ask what is still open."""
    completion = completion_of(request.args.getlist("task"), current_actor())
    if not completion.steps and not completion.left_out:
        flash(_("请先勾选要办结的任务；已办结的任务不能再次办结。"), "warning")
        return redirect(safe_target(request.args.get("back")), 303)
    return _page(completion)


@blueprint.post("/tasks/completion")
@permits(Right.WORK)
def complete() -> str | tuple[str, int]:
    """Show what was answered for how many tasks; once that is confirmed, complete them.

    The versions that were shown make it one matter: sent again, it tells again what was done and does nothing.
    """
    form, versions = request.form, _versions()
    completion = completion_of([str(one) for one in versions], current_actor())
    is_confirmed = form.get("stage") == "confirmed"
    if is_confirmed and not completion.steps:
        answered = fields_answered(versions, current_actor(), _names_answered())
        return _carried_out(versions, typed_answers(answered, form)[0])
    if len(completion.steps) != 1 or form.get("stage") == "edit" or _knows_less(completion.steps[0].fields):
        return _page(completion)
    fields = completion.steps[0].fields
    answers, errors = typed_answers(fields, form)
    if errors:
        return _page(completion, errors=errors), 422
    if is_confirmed:
        return _carried_out(versions, answers)
    return _page(completion, confirming=shown_answers(fields, form))


def _carried_out(versions: Mapping[UUID, int], answers: Mapping[str, Any]) -> str:
    batch = TaskBatch(
        action=TaskAction.COMPLETE, task_ids=tuple(versions), variables=dict(answers), versions=dict(versions)
    )
    outcomes = carry_out(batch, current_actor())
    return _page(Completion(steps=(), left_out=(), gone=0), outcomes=outcomes)


def _knows_less(fields: Sequence[SharedField]) -> bool:
    """Say whether something was answered that is asked no more: a task came to have an answer of its own meanwhile."""
    return not _names_answered() <= {one.name for one in fields}


def _names_answered() -> set[str]:
    return {name for name in request.form if name.startswith(PREFIX)}


def _versions() -> dict[UUID, int]:
    """Return the tasks of the form with the versions they were shown in."""
    found = {}
    for one in request.form.getlist("task")[:MOST_AT_ONCE]:
        task_id, _colon, version = one.partition(":")
        try:
            found[UUID(task_id)] = int(version) if len(version) <= MOST_DIGITS else 0
        except ValueError as odd:
            raise BadRequest(Words("所选任务的编号不正确，请刷新页面", "task names no task; reload")) from odd
    return found


def _page(completion: Completion, **more: Any) -> str:
    numbers = {row.task.business_key for step in completion.steps for row in step.rows}
    return render_template(
        "task_completion.html",
        completion=completion,
        cases=services().casework.summaries(sorted(numbers), current_actor()) if numbers else {},
        back=safe_target(request.values.get("back")),
        given=request.form,
        **more,
    )
