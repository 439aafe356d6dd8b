"""The words a scenario may use: tasks of the shipped diagrams, acts, expectations, codes of refusals."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from typing import Any

from api.app import ROUTES
from api.demo.county import shipped_resources
from api.scenario.checking import Checker
from api.scenario.course import same_code
from api.scenario.registry import known_expectations
from api.scenario.source import Path
from engine.errors import EngineError

_USER_TASK = re.compile(rb'<(?:\w+:)?userTask\s[^>]*?id="([^"]+)"')


@cache
def known_tasks() -> Collection[str]:
    """Return the ids of all user tasks of the shipped diagrams."""
    found: set[str] = set()
    for resource in shipped_resources():
        if resource.name.endswith(".bpmn"):
            found.update(one.decode() for one in _USER_TASK.findall(resource.content))
    return tuple(sorted(found))


@cache
def known_codes() -> Collection[str]:
    """Return the codes of every refusal that the routes can raise."""
    found: set[str] = set()
    waiting = list(EngineError.__subclasses__()) if ROUTES else []
    while waiting:
        kind = waiting.pop()
        found.add(kind.code)
        waiting += kind.__subclasses__()
    return tuple(sorted(found))


def expectations(check: Checker, path: Path) -> dict[str, Any]:
    """Return an object of facts that are expected, each by a registered name."""
    known = known_expectations()
    found = check.mapping(path, required=(), optional=tuple(known))
    for name in found.keys() & known.keys():
        check.shape((*path, name), known[name].shape)
    return found


def refusal(check: Checker, path: Path) -> str:
    """Return the code a deed must be refused with."""
    found = check.text(path)
    code = same_code(found)
    if found and code not in known_codes():
        check.choice(path, known_codes(), "错误代码", "code")
    return code
