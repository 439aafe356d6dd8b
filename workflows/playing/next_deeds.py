"""What a player can do next: the open tasks with their forms as they open, the open jobs with what they may answer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from engine import forms
from engine.core import model
from engine.core.graph import Node
from engine.errors import NotFound
from engine.json_values import JsonObject
from workflows.playing.lending import Playing
from workflows.playing.replaying import Replay

_PATH = re.compile(r"=\s*([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTask:
    """A user task somebody can complete."""

    fact: model.UserTaskOpened
    place: str  # how steps name its element
    node: Node
    nth: int  # of the tasks of this element that are open
    form: bytes | None  # the document, if it shows one that is deployed
    values: JsonObject  # that the form opens with
    form_missing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenJob:
    """A job that waits for what stands outside."""

    fact: model.JobOpened
    place: str  # how steps name its element
    node: Node
    nth: int
    answer: JsonObject  # what was answered in a scenario, else the names its output mappings read


def open_tasks(context: Playing, replay: Replay) -> list[OpenTask]:
    """Return the open tasks in the order they were opened."""
    found: list[OpenTask] = []
    counted: Counter[str] = Counter()
    for _, fact in sorted(replay.stage.work.tasks.items()):
        place = _place(replay, fact)
        counted[place] += 1
        content, values, missing = _form(context, replay, fact)
        found.append(
            OpenTask(
                fact=fact,
                place=place,
                node=replay.lent.definitions.get(fact.definition).nodes[fact.element],
                nth=counted[place],
                form=content,
                values=values,
                form_missing=missing,
            )
        )
    return found


def open_jobs(context: Playing, replay: Replay) -> list[OpenJob]:
    """Return the open jobs in the order they were opened."""
    opened = [(fact, _place(replay, fact)) for _, fact in sorted(replay.stage.work.jobs.items())]
    answered: dict[str, JsonObject] = {}
    if opened:
        names = sorted({place for _, place in opened})
        answered = context.unit_of_work.plays.last_answers(replay.process_id, names)
    found: list[OpenJob] = []
    counted: Counter[str] = Counter()
    for fact, place in opened:
        counted[place] += 1
        node = replay.lent.definitions.get(fact.definition).nodes[fact.element]
        answer = answered.get(place) or _read_by_outputs(node)
        found.append(OpenJob(fact=fact, place=place, node=node, nth=counted[place], answer=answer))
    return found


def _place(replay: Replay, fact: model.Fact) -> str:
    return replay.stage.name_of((fact.definition, fact.element))


def _form(context: Playing, replay: Replay, task: model.UserTaskOpened) -> tuple[bytes | None, JsonObject, bool]:
    try:
        definition = replay.lent.form_definition(task)
    except NotFound:
        return None, {}, True
    form = replay.lent.form(task)
    if definition is None or form is None:
        return None, {}, False
    content = context.unit_of_work.definitions.content(definition.id)
    return content, forms.prefill(form, dict(task.variables)), False


def _read_by_outputs(node: Node) -> JsonObject:
    """Return an object with the names that output mappings read plainly, for the player to fill in."""
    found: JsonObject = {}
    for mapping in node.outputs:
        path = _PATH.fullmatch(mapping.source)
        if path is not None:
            _put(found, path[1].split("."))
    return found


def _put(found: JsonObject, path: Sequence[str]) -> None:
    *outer, last = path
    for name in outer:
        below = found.get(name)
        if not isinstance(below, dict):
            below = found[name] = {}
        found = below
    found.setdefault(last, None)
