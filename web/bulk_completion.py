"""Completing several tasks together, before it is done: which of them can be, by step, and what each hands in.

A step's tasks open with values of their own. A field that is empty in all of them is asked once for all; what every
task hands in is shown before it is decided. The command that completes a task is the authority over all of it.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from engine import forms
from engine.errors import EngineError, NotAssignee, NotBulkable, NotFound, TaskHasDraft, TaskInTransition
from engine.forms.model import DynamicList, Field, Form, fields_of
from engine.json_values import JsonObject, JsonValue
from engine.model import Actor, TaskState, UserTask
from engine.permissions import whose_right
from web.services import services
from web.shared_fields import SharedField, is_blank, option_labels, shared_field, shown_value
from workflows.form_texts import english_texts

MOST_AT_ONCE = 50  # a page of the work list


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a task hands in under one label of its form, in words; `is_given` is what nobody can change."""

    label_zh: str
    label_en: str
    text: str
    is_given: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One task of a step with what it opens with."""

    task: UserTask
    answers: Sequence[Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Tasks of one step that can be completed together, and the fields that are asked once for all of them."""

    name: str
    name_en: str
    basis: str
    rows: Sequence[Row]
    fields: Sequence[SharedField]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A task that has to be opened by itself: why, or which fields of its form have to be filled in there."""

    task: UserTask
    refused: EngineError | None = None
    fields: Sequence[Field] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """What is to be completed: its steps, what is left out, and how many of those ticked nobody can see any more."""

    steps: Sequence[Step]
    left_out: Sequence[LeftOut]
    gone: int


def completion_of(task_ids: Sequence[str], actor: Actor) -> Completion:
    """Return what would become of ticked tasks, as far as the actor sees them."""
    kinds: dict[tuple[UUID, str, UUID | None], list[UserTask]] = {}
    left_out: list[LeftOut] = []
    gone = len(set(task_ids)) - len(set(task_ids[:MOST_AT_ONCE]))
    for task_id in dict.fromkeys(task_ids[:MOST_AT_ONCE]):
        task = _open_task(task_id, actor)
        if task is None:
            gone += 1
            continue
        refused = _refusal(task, actor)
        if refused is not None:
            left_out.append(LeftOut(task=task, refused=refused))
            continue
        kinds.setdefault((task.definition_id, task.element_id, task.form_definition_id), []).append(task)
    steps = [_step(tasks, left_out) for tasks in kinds.values()]
    return Completion(steps=[one for one in steps if one.rows], left_out=left_out, gone=gone)


def fields_answered(task_ids: Iterable[UUID], actor: Actor, names: Container[str]) -> Sequence[SharedField]:
    """Return the fields that were answered together for tasks that are over by now, so that the same is known again."""
    for task_id in task_ids:
        try:
            task = services().queries.user_task(task_id, actor)
        except NotFound:
            continue
        document = _document(task)
        if document is None:
            return ()
        options = option_labels(document, english_texts(task.form_id or ""))
        named = fields_of(_parsed(document, task.form_id or "").components)
        found = (shared_field(path, field, options) for path, field in named)
        return [one for one in found if one is not None and one.name in names]
    return ()


def _open_task(task_id: str, actor: Actor) -> UserTask | None:
    try:
        task = services().queries.user_task(UUID(task_id), actor)
    except (ValueError, NotFound):
        return None
    return task if task.state is TaskState.OPEN else None


def _refusal(task: UserTask, actor: Actor) -> EngineError | None:
    """Return what the command would say of a task, whatever is answered."""
    if task.transition is not None:
        return TaskInTransition(task.transition)
    if task.assignee is None or whose_right(task, actor) is None:
        return NotAssignee(task.name, task.assignee_name)
    if not task.is_bulkable:
        return NotBulkable(task.name)
    if services().queries.draft(task.id, actor) is not None:
        return TaskHasDraft(task.name)
    return None


def _step(tasks: Sequence[UserTask], left_out: list[LeftOut]) -> Step:
    first = tasks[0]
    document = _document(first)
    form = None if document is None else _parsed(document, first.form_id or "")
    opening = {task.id: {} if form is None else forms.prefill(form, task.variables) for task in tasks}
    named = {} if form is None else dict(fields_of(form.components))
    options = {} if document is None else option_labels(document, english_texts(first.form_id or ""))
    asked = {
        path: found
        for path, field in named.items()
        if all(is_blank(_at(values, path)) for values in opening.values())
        and (found := shared_field(path, field, options)) is not None
    }
    rows = []
    for task in tasks:
        left = {path: field for path, field in named.items() if path not in asked}
        missing = [field for path, field in left.items() if _is_missing(field, _at(opening[task.id], path))]
        if missing:
            left_out.append(LeftOut(task=task, fields=missing))
        else:
            rows.append(Row(task=task, answers=_answers(form, named, opening[task.id], options)))
    basis = first.properties.get("legalBasis", "")
    return Step(name=first.name, name_en=first.name_en, basis=basis, rows=rows, fields=list(asked.values()))


def _is_missing(field: Field, value: JsonValue) -> bool:
    is_open = field.readonly is False and not field.disabled and field.hide is None
    return is_open and field.required and is_blank(value)


def _answers(
    form: Form | None,
    named: Mapping[tuple[str, ...], Field],
    values: JsonObject,
    options: Mapping[str, Mapping[str, tuple[str, str]]],
) -> Sequence[Answer]:
    found = []
    for path, field in named.items():
        value = _at(values, path)
        if not is_blank(value):
            text = shown_value(value, options.get(field.id, {}))
            is_given = field.readonly is not False or field.disabled
            found.append(Answer(label_zh=field.label, label_en=field.label_en, text=text, is_given=is_given))
    for part in () if form is None else form.components:
        if isinstance(part, DynamicList) and isinstance(rows := _at(values, part.path), list) and rows:
            found.append(Answer(label_zh=part.label, label_en=part.label_en, text=f"× {len(rows)}", is_given=False))
    return found


def _at(values: JsonObject, path: tuple[str, ...]) -> JsonValue:
    found: JsonValue = values
    for step in path:
        found = found.get(step) if isinstance(found, dict) else None
    return found


def _document(task: UserTask) -> bytes | None:
    if not task.form_id:
        return None
    return services().queries.form(task.form_id, definition_id=task.form_definition_id)


@lru_cache(maxsize=64)
def _parsed(document: bytes, form_id: str) -> Form:
    return forms.parse(document, english=english_texts(form_id))
