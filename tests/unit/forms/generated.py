"""Forms by chance for properties that hold for every form: every type, conditions over each other, groups and lists."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from engine.forms import Form
from engine.json_values import JsonObject, JsonValue
from tests.unit.forms.factories import form

EXPRESSIONS = (
    *("t", "n", "c", "n > 1", 't = "a"', "not(c)", "count(m)", "sum(rows.n)", "this.n + 1", "parent.n", "i[1]", "g.t"),
    *("null", "1/0", '"a"', "rows", "[1, 2]", '["a", "b"]', "n * 0.1", "string length(t)", "not(n > 1)", "count(rows)"),
)
ORDER = ("c", "n", "t", "s", "m", "d", "f", "rows", "g", "e")
Rules = dict[str, st.SearchStrategy[Any]]
Components = st.SearchStrategy[JsonObject]
Formulas = Callable[[str], st.SearchStrategy[str]]


def any_formula(key: str) -> st.SearchStrategy[str]:
    """Any expression, whatever it looks at."""
    return st.sampled_from(EXPRESSIONS).map(lambda text: f"={text}")


def orderly_formula(key: str) -> st.SearchStrategy[str]:
    """An expression that looks only at fields before its own, so that no field decides about itself."""
    later = re.compile(rf"\b({'|'.join(ORDER[ORDER.index(key) :])})\b(?!\()")
    return st.sampled_from([text for text in EXPRESSIONS if not later.search(text)]).map(lambda text: f"={text}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """Makes input components: `formulas` are what may be written for a key, `locks` how a field may be locked."""

    formulas: Formulas
    locks: Rules

    def all(self) -> list[Components]:
        """Return a strategy for each type."""
        lengths = {"minLength": self._limit("t"), "maxLength": self._limit("t")}
        bounds = {"min": self._limit("n"), "max": self._limit("n")}
        number: Rules = {
            "decimalDigits": st.integers(0, 3),
            "increment": st.sampled_from(["0.1", 1]),
            "serializeToString": st.booleans(),
        }
        dates: Rules = {
            "subtype": st.sampled_from(["date", "time", "datetime"]),
            "disallowPassedDates": st.booleans(),
        }
        return [
            self._component("textfield", "t", {**lengths, "pattern": st.sampled_from(["a", r"^\S+$"])}, {}),
            self._component("number", "n", bounds, number),
            self._component("checkbox", "c", {}, {}),
            st.sampled_from(["radio", "select"]).flatmap(lambda kind: self._choice(kind, "s")),
            st.sampled_from(["checklist", "taglist"]).flatmap(lambda kind: self._choice(kind, "m")),
            self._component("datetime", "d", {}, dates),
            self._component("filepicker", "f", {}, {"multiple": st.booleans() | self.formulas("f")}),
            self._component("expression", "e", {}, {}, expression=self.formulas("e")),
        ]

    def container(self, kind: str, path: str, inner: st.SearchStrategy[list[JsonObject]]) -> Components:
        """Return a strategy for a group or list."""
        return st.fixed_dictionaries(
            {"type": st.just(kind), "path": st.just(path), "components": inner},
            optional={
                "conditional": self._hiding(path),
                "allowAddRemove": st.booleans(),
                "defaultRepetitions": st.integers(0, 2),
            },
        )

    def _component(
        self, kind: str, key: str, checks: Rules, own: Rules, **needed: st.SearchStrategy[str]
    ) -> Components:
        readonly: Rules = {"readonly": st.booleans() | self.formulas(key)}
        locks: Rules = {**readonly, **self.locks} if self.locks and kind != "expression" else {}
        optional = {
            "conditional": self._hiding(key),
            "defaultValue": st.sampled_from(["a", 1, True, ["a"], None]),
            "validate": st.fixed_dictionaries({}, optional={"required": st.booleans(), **checks}),
            **locks,
            **own,
        }
        return st.fixed_dictionaries({"type": st.just(kind), "key": st.just(key), **needed}, optional=optional)

    def _choice(self, kind: str, key: str) -> Components:
        sources: list[Components] = [
            st.fixed_dictionaries({"values": st.just(["a", 1, {"label": "x", "value": {"k": True}}])}),
            st.fixed_dictionaries({"valuesKey": st.sampled_from(["rows", "m", "nowhere"])}),
            st.fixed_dictionaries({"valuesExpression": self.formulas(key)}),
        ]
        both = st.tuples(self._component(kind, key, {}, {}), st.one_of(sources))
        return both.map(lambda parts: {**parts[0], **parts[1]})

    def _limit(self, key: str) -> st.SearchStrategy[JsonValue]:
        return self.formulas(key) | st.sampled_from([0, 1, 2, 5])

    def _hiding(self, key: str) -> st.SearchStrategy[JsonObject]:
        return st.fixed_dictionaries({"hide": self.formulas(key)})


def _some(choices: list[Components]) -> st.SearchStrategy[list[JsonObject]]:
    """Some of the components, each at most once and in any order."""
    picked = st.lists(st.integers(0, len(choices) - 1), unique=True, min_size=1, max_size=4)
    return picked.flatmap(lambda numbers: st.tuples(*(choices[number] for number in numbers)).map(list))


def _forms(inputs: Inputs, cells: Inputs) -> st.SearchStrategy[Form]:
    inner = _some(cells.all())
    nested = _some([*cells.all(), cells.container("dynamiclist", "rows", inner)])
    containers = [inputs.container("group", "g", _some(inputs.all())), inputs.container("dynamiclist", "rows", nested)]
    return _some([*inputs.all(), *containers]).map(lambda components: form(*components))


_LOCKS: Rules = {"disabled": st.booleans()}
_ANY = Inputs(formulas=any_formula, locks=_LOCKS)
_ORDERLY, _UNLOCKED = Inputs(formulas=orderly_formula, locks=_LOCKS), Inputs(formulas=orderly_formula, locks={})
any_forms = _forms(_ANY, _ANY)
orderly_forms = _forms(_ORDERLY, _UNLOCKED)
"""Forms without circular conditions and locked cells: a row that brings a forged cell is taken for a new one."""
