"""What the built-in functions give, as far as it can be said before they are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from engine.feel.analysis.kinds import element_of, joined, kind
from engine.feel.types import (
    ANY,
    BOOLEAN,
    CONTEXT,
    DATE,
    DATE_AND_TIME,
    LIST,
    MONTHS_DURATION,
    NUMBER,
    RANGE,
    STRING,
    TIME,
    ContextType,
    FeelType,
    ListType,
)

Result = FeelType | Callable[[Sequence[FeelType]], FeelType]


def _first(arguments: Sequence[FeelType]) -> FeelType:
    return arguments[0] if arguments else ANY


def _one_of(arguments: Sequence[FeelType]) -> FeelType:
    """A member of a list given as one argument or as several."""
    if len(arguments) == 1:
        return element_of(arguments[0])
    return joined(arguments)


def _either(arguments: Sequence[FeelType]) -> FeelType:
    return joined(arguments[:2])


def _same_list(arguments: Sequence[FeelType]) -> FeelType:
    return ListType(element_of(arguments[0])) if arguments and kind(arguments[0]) is not None else LIST


def _all_of(names: str, result: Result) -> dict[str, Result]:
    return {name.strip(): result for name in names.split(",")}


RESULTS: Mapping[str, Result] = {
    **_all_of("decimal, floor, ceiling, round up, round down, round half up, round half down, modulo, sqrt", NUMBER),
    **_all_of("log, exp, count, mean, median, stddev, product, number, string length", NUMBER),
    **_all_of("day of year, week of year, random number", NUMBER),
    **_all_of("substring, upper case, lower case, substring before, substring after, replace, string", STRING),
    **_all_of("string join, trim, to base64, from base64, day of week, month of year, uuid, to json, cycle", STRING),
    **_all_of("contains, starts with, ends with, matches, is blank, list contains, all, any, not", BOOLEAN),
    **_all_of("odd, even, is defined, is empty, is, before, after, meets, met by, overlaps", BOOLEAN),
    **_all_of("overlaps before, overlaps after, finishes, finished by, includes, during, starts", BOOLEAN),
    **_all_of("started by, coincides", BOOLEAN),
    **_all_of("split, extract", ListType(STRING)),
    **_all_of("index of, mode", ListType(NUMBER)),
    **_all_of("remove, reverse, sublist, distinct values, duplicate values, sort", _same_list),
    **_all_of("append, concatenate, union, insert before, list replace, flatten, partition", LIST),
    **_all_of("context, context put, context merge", CONTEXT),
    **_all_of("get value, duration, from json", ANY),
    **_all_of("min, max, sum", _one_of),
    **_all_of("abs, assert, fromAi", _first),
    "get or else": _either,
    "get entries": ListType(ContextType((("key", STRING), ("value", ANY)))),
    "date": DATE,
    "time": TIME,
    "date and time": DATE_AND_TIME,
    "now": DATE_AND_TIME,
    "today": DATE,
    "last day of month": DATE,
    "years and months duration": MONTHS_DURATION,
    "range": RANGE,
}


def result_of_built_in(name: str, arguments: Sequence[FeelType]) -> FeelType:
    """The type of what a built-in gives for arguments of these types."""
    result = RESULTS.get(name, ANY)
    return result(arguments) if callable(result) else result
