"""What an analyst is told of the names an expression may use is what is there."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from engine.feel import FeelType, type_named
from engine.feel.types import ContextType, ListType
from workflows.casework.case_shape import CASE_SHAPE
from workflows.casework.case_words import CASE_WORDS
from workflows.rules.calendar import WorkingCalendar
from workflows.rules.function_words import FUNCTION_WORDS
from workflows.rules.host_functions import host_functions


def paths(path: str, of: FeelType) -> Iterator[str]:
    yield path
    inner = of.element if isinstance(of, ListType) else of
    if isinstance(inner, ContextType):
        for name, below in inner.entries:
            yield from paths(f"{path}.{name}", below)


def test_every_entry_of_the_case_is_told_in_both_languages_and_no_other() -> None:
    assert list(paths("case", CASE_SHAPE)) != []
    assert sorted(CASE_WORDS) == sorted(paths("case", CASE_SHAPE))
    assert all(words.zh and words.en for words in CASE_WORDS.values())


def test_every_function_of_the_office_is_told_with_as_many_parameters_as_it_takes() -> None:
    functions = host_functions(WorkingCalendar(days=()))
    taken = {name: inspect.getclosurevars(one).nonlocals["expected"] for name, one in functions.items()}

    assert {one.name: len(one.parameters) for one in FUNCTION_WORDS} == taken
    kinds = [kind for one in FUNCTION_WORDS for kind in (*(of for _name, of in one.parameters), one.result)]
    assert [type_named(one).name for one in kinds] == kinds
