"""What a sensible member of staff enters for each task, from what the task page shows.

The answers themselves stand in the modules `api.demo.answers_<topic>`: each has a table `ANSWERS` of values, or of
functions from the occasion, by the task's element id.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping, Sequence
from functools import cache

from api import demo
from api.demo.occasion import Answer, Occasion
from engine.json_values import JsonObject

MODULES = "answers_"
__all__ = ["NoAnswer", "Occasion", "answer", "known_answers"]


class NoAnswer(LookupError):
    """Nobody taught the demo's staff this task; `fields` are those that its form requires."""

    def __init__(self, element_id: str, fields: Sequence[str] = ()) -> None:
        self.element_id, self.fields = element_id, tuple(fields)
        asked = "；".join(self.fields) or "—"
        self.zh = f"任务 {element_id} 没有预设答案，请写 answers。必填：{asked}。"
        self.en = f"No answer is known for the task {element_id}; write `answers`. Required: {asked}."
        super().__init__(f"{self.zh} {self.en}")


def answer(occasion: Occasion) -> JsonObject:
    """Return the form's values.

    Raises:
        NoAnswer: nobody taught the staff this task.
    """
    given = known_answers().get(occasion.element_id)
    if given is None:
        raise NoAnswer(occasion.element_id, occasion.required_fields)
    return given(occasion) if callable(given) else dict(given)


@cache
def known_answers() -> Mapping[str, Answer]:
    """Return the answers of all topics."""
    found: dict[str, Answer] = {}
    for module in pkgutil.iter_modules(demo.__path__):
        if module.name.startswith(MODULES):
            answers: Mapping[str, Answer] = importlib.import_module(f"{demo.__name__}.{module.name}").ANSWERS
            twice = found.keys() & answers.keys()
            if twice:
                raise LookupError(f"{module.name} answers what another module does: {', '.join(sorted(twice))}")
            found.update(answers)
    return found
