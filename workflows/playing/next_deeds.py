"""What a player can do next: the open tasks with their forms as they open, the open jobs with what they may answer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine import forms
from engine.core import model
from engine.core.graph import Node
from engine.errors import NotFound
from engine.json_values import JsonObject
from workflows.playing.deeds import JobDeed
from workflows.playing.lending import Playing
from workflows.playing.model import ProcessScenario
from workflows.playing.replaying import Replay

_PATH = re.compile(r"=\s*([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTask:
    """A user task somebody can complete."""

    fact: model.UserTaskOpened
    node: Node
    nth: int  # of the tasks of this element that are open
    form: bytes | None  # the document, if it shows one that is deployed
    values: JsonObject  # that the form opens with
    form_missing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenJob:
    """A job that waits for what stands outside."""

    fact: model.JobOpened
    node: Node
    nth: int
    answer: JsonObject  # what was answered in a scenario, else the names its output mappings read


def open_tasks(context: Playing, replay: Replay) -> list[OpenTask]:
    """Return the open tasks in the order they were opened."""
    found: list[OpenTask] = []
    counted: Counter[str] = Counter()
    for _, fact in sorted(replay.stage.work.tasks.items()):
        counted[fact.element] += 1
        node = replay.lent.definitions.get(fact.definition).nodes[fact.element]
        content, values, missing = _form(context, replay, fact)
        found.append(
            OpenTask(fact=fact, node=node, nth=counted[fact.element], form=content, values=values, form_missing=missing)
        )
    return found


def open_jobs(replay: Replay, kept: Iterable[ProcessScenario]) -> list[OpenJob]:
    """Return the open jobs in the order they were opened."""
    answered = {deed.job: deed.variables for deed in _answers(kept) if deed.variables}
    found: list[OpenJob] = []
    counted: Counter[str] = Counter()
    for _, fact in sorted(replay.stage.work.jobs.items()):
        counted[fact.element] += 1
        node = replay.lent.definitions.get(fact.definition).nodes[fact.element]
        answer = answered.get(fact.element) or _read_by_outputs(node)
        found.append(OpenJob(fact=fact, node=node, nth=counted[fact.element], answer=answer))
    return found


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


def _answers(kept: Iterable[ProcessScenario]) -> Iterable[JobDeed]:
    for scenario in kept:
        for step in scenario.steps:
            yield from (deed for deed in step.deeds if isinstance(deed, JobDeed))


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
