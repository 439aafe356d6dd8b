"""Figures of policy that a scenario sets otherwise than the county."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from api.scenario.checking import Checker
from api.scenario.source import Path
from workflows.casework.parameters import TEST_PARAMETERS
from workflows.casework.records import Parameter

FIRST_DAY = date(2014, 1, 1)
SOURCE = "场景设定 (set by a scenario)"
KEYS = tuple(sorted({one.key for one in TEST_PARAMETERS}))


def overrides(check: Checker, path: Path) -> tuple[Parameter, ...]:
    """Return the figures: an object sets each for all time, a list sets one from a day on."""
    found = check.source.value
    for step in path:
        found = found[step]
    if isinstance(found, list):
        return tuple(one for index in range(len(found)) for one in _dated(check, (*path, index)))
    values = check.mapping(path, required=(), optional=KEYS)
    return tuple(one for key, value in values.items() if key in KEYS for one in _for_all_time(key, value))


def _dated(check: Checker, path: Path) -> Iterator[Parameter]:
    row = check.mapping(path, required=("key", "value", "from"), optional=())
    if {"key", "value", "from"} <= row.keys():
        key = check.choice((*path, "key"), KEYS, "参数", "parameter")
        day = check.day((*path, "from"))
        if day is not None:
            yield _parameter(key, row["value"], day)


def _for_all_time(key: str, value: Any) -> Iterator[Parameter]:
    """Yield the value for the first day and in place of each later value of the county's."""
    days = {FIRST_DAY, *(one.effective_from for one in TEST_PARAMETERS if one.key == key)}
    return (_parameter(key, value, day) for day in sorted(days))


def _parameter(key: str, value: Any, day: date) -> Parameter:
    return Parameter(key=key, value=value, effective_from=day, source=SOURCE)
