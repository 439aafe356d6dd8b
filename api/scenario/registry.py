"""What a scenario may do beside tasks, and what it may expect: gathered from the modules of `api.scenario.acts`."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, get_type_hints

from api.demo.desk import Desk
from api.scenario import acts
from api.scenario.course import Course, Office
from engine.json_values import JsonObject
from workflows.playing.comparing import Comparison

Act = Callable[[Desk, Course, JsonObject], Any]
Expectation = Callable[[Office, Course, Any], Iterable[Comparison]]

NEEDS_NOBODY = "needs_nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """An act or an expectation, the topic it is of, and how its module describes it."""

    name: str
    topic: str
    function: Callable[..., Any]
    description: str

    @property
    def needs_nobody(self) -> bool:
        """Say whether an act is done by nobody of the county: the world outside does it."""
        return bool(getattr(self.function, NEEDS_NOBODY, False))

    @property
    def shape(self) -> Any:
        """Return the annotation of what stands in the file: what an expectation compares with."""
        hints = get_type_hints(self.function)
        last = list(inspect.signature(self.function).parameters)[-1]
        return hints.get(last, Any)

    @property
    def keys(self) -> Mapping[str, bool] | None:
        """Return the keys an act takes and whether each is required; None where any may stand."""
        found: Mapping[str, bool] | None = getattr(self.function, "keys", None)
        return found


class NamedTwice(Exception):
    """Two modules register the same name."""


def takes(*required: str, optional: tuple[str, ...] = ()) -> Callable[[Act], Act]:
    """Declare which keys an act takes under `with`; others are refused when the file is read."""

    def declare(function: Act) -> Act:
        keys = {**dict.fromkeys(required, True), **dict.fromkeys(optional, False)}
        setattr(function, "keys", keys)  # noqa: B010  (a function takes attributes; its type does not say so)
        return function

    return declare


def by_nobody(function: Act) -> Act:
    """Declare that an act needs no `by`; it is given the supervisor's desk."""
    setattr(function, NEEDS_NOBODY, True)
    return function


@cache
def known_acts() -> Mapping[str, Registered]:
    """Return every act by its name."""
    return _gathered("ACTS")


@cache
def known_expectations() -> Mapping[str, Registered]:
    """Return every expectation by its name."""
    return _gathered("EXPECTATIONS")


def _gathered(table: str) -> Mapping[str, Registered]:
    found: dict[str, Registered] = {}
    for module in sorted(pkgutil.iter_modules(acts.__path__), key=lambda one: one.name):
        content = importlib.import_module(f"{acts.__name__}.{module.name}")
        for name, function in getattr(content, table, {}).items():
            if name in found:
                raise NamedTwice(f"{name} is registered by {found[name].topic} and {module.name}")
            description = " ".join((function.__doc__ or "").split())
            found[name] = Registered(name=name, topic=module.name, function=function, description=description)
    return dict(sorted(found.items()))
