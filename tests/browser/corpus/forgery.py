"""What no page hands in: one thing at a time put into a submission, and what the server makes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from engine.json_values import JsonObject, JsonValue
from tests.browser.corpus.documents import inputs_of
from tests.browser.corpus.submissions import Case
from tests.browser.corpus.viewer import Place, Played

VALUES: list[JsonValue] = [
    *("zzz", 5, True, [], ["x", "x"], {}, {"a": 1}, [{}], Decimal("1e40"), "2026-02-30", "a\0b", [None], "two words"),
    *(["files::1", "files::2"], "25:00", "2026-09-14T24:61"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgery:
    """A submission with one thing changed at a path."""

    kind: str
    path: Place
    values: JsonObject


def forged(case: Case, played: Played) -> Forgery | None:
    """Return the submission with something in it that the viewer did not hand in; the same for the same case."""
    chance = Random(f"forgery/{case.number}")
    for make in chance.sample(_MAKERS, len(_MAKERS)):
        forgery = make(chance, case, played)
        if forgery is not None:
            return forgery
    return None


def _unknown_key(chance: Random, case: Case, played: Played) -> Forgery:
    values = deepcopy(played.values)
    path, place = chance.choice([((), values), *_objects(values, played.shown)])
    name = chance.choice(["nobody", "secret", "__proto__", "长" * 40])
    place[name] = chance.choice(VALUES)
    return Forgery(kind="unknown-key", path=(*path, name), values=values)


def _hidden_answer(chance: Random, case: Case, played: Played) -> Forgery | None:
    keys = {path: component for path, component in inputs_of(case.schema["components"]) if _is_asked(component)}
    answered = [path for path in keys if _at(case.answers, path) is not None and path not in played.shown]
    if not answered:
        return None
    path = chance.choice(answered)
    return _with(played, path, _at(case.answers, path), kind="answer-to-hidden")


def _is_asked(component: JsonObject) -> bool:
    locked = component.get("readonly") or component.get("disabled")
    return component["type"] not in ("dynamiclist", "expression") and not locked


def _value(chance: Random, case: Case, played: Played) -> Forgery | None:
    if not played.shown:
        return None
    path = chance.choice(sorted(played.shown, key=str))
    return _with(played, path, chance.choice(VALUES), kind="value")


def _rows(chance: Random, case: Case, played: Played) -> Forgery | None:
    lists = [path for path, component in inputs_of(case.schema["components"]) if component["type"] == "dynamiclist"]
    drawn = [path for path in lists if isinstance(_at(played.values, path), list)]
    if not drawn:
        return None
    path = chance.choice(drawn)
    rows = _at(played.values, path)
    return _with(played, path, chance.choice([[*rows, {}], rows[:-1], "rows", {"0": {}}, [5]]), kind="rows")


def _with(played: Played, path: Place, value: JsonValue, *, kind: str) -> Forgery | None:
    values = deepcopy(played.values)
    place: Any = values
    for name in path[:-1]:
        if isinstance(place, dict) and name not in place:
            place[name] = {}
        place = place[name]
        if not isinstance(place, dict | list):
            return None
    place[path[-1]] = value
    return Forgery(kind=kind, path=path, values=values)


_MAKERS: list[Callable[[Random, Case, Played], Forgery | None]] = [_unknown_key, _hidden_answer, _value, _rows]


def _objects(value: Any, fields: Set[Place], path: Place = ()) -> Iterator[tuple[Place, JsonObject]]:
    """Yield the objects around the values of fields: groups and rows."""
    members = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in members:
        if (*path, name) not in fields:
            if isinstance(inner, dict):
                yield (*path, name), inner
            yield from _objects(inner, fields, (*path, name))


def _at(values: Any, path: Place) -> Any:
    for name in path:
        values = values.get(name) if isinstance(values, Mapping) else None
    return values
