"""A user task with everything its page or a program needs to work on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from engine.forms import Form, parse, prefill
from engine.json_values import JsonObject, load_json
from engine.model import Actor, Draft, UserTask
from engine.queries import Queries


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedDraft:
    """A half-filled form as it was left."""

    values: JsonObject
    saved_at: datetime
    saved_by: str
    version: str  # what a save names that was typed over it


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDetail:
    """The task, its form document and the values its fields open with: variables, a draft laid over them."""

    task: UserTask
    form: JsonObject | None
    values: JsonObject
    draft: SavedDraft | None
    denied: str | None  # why a listener denied the last thing that was asked


def task_detail(queries: Queries, task_id: UUID, actor: Actor) -> TaskDetail:
    """Return a task the actor may see, with form and draft.

    Raises:
        NotFound: unknown, or not for this actor's eyes.
    """
    task = queries.user_task(task_id, actor)
    draft = queries.draft(task_id, actor)
    denial = queries.denial(task_id, actor)
    document = _document(queries, task)
    return TaskDetail(
        task=task,
        form=load_json(document) if document is not None else None,
        values=_opening_values(document, {**task.variables, **(draft.values if draft else {})}),
        draft=_saved(draft) if draft else None,
        denied=None if denial is None else denial.reason,
    )


def shown_by_form(queries: Queries, task: UserTask) -> JsonObject:
    """Return what of the variables of a task its form shows; nothing where it has none."""
    shown = _opening_values(_document(queries, task), task.variables)
    return {name: value for name, value in shown.items() if name in task.variables}


def _document(queries: Queries, task: UserTask) -> bytes | None:
    return queries.form(task.form_id, definition_id=task.form_definition_id) if task.form_id else None


def _saved(draft: Draft) -> SavedDraft:
    return SavedDraft(values=draft.values, saved_at=draft.saved_at, saved_by=draft.saved_by, version=draft.version)


def _opening_values(document: bytes | None, stored: JsonObject) -> JsonObject:
    return prefill(_parsed(document), stored) if document is not None else {}


@lru_cache(maxsize=128)
def _parsed(document: bytes) -> Form:
    return parse(document)
