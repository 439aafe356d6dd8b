"""Submissions by chance: what is stored, and what a person answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from engine.forms import Form, FormDocumentError, parse, prefill
from engine.json_values import JsonObject, JsonValue, dump_json
from tests.browser.corpus.documents import DocumentMaker, inputs_of

STORED: JsonObject = {
    "schools": ["yes", {"label": "一小", "value": "a"}, {"value": 1}, {"label": "空"}, None, ""],
    "numbers": [1, 2, 3],
    "limit": 3,
    "secret": "never shown",
}
TEXTS: list[JsonValue] = [
    *("", " ", "　", "x", "无", "abc", "A1234", "张三", "阿卜杜拉·买买提", "13800138000", "𠮷𠮷", " ab ", "a\nb"),
    *("x\ty", "2026", "\ufeff12\ufeff", "x\u00a0y", "长" * 400),
]
ADDRESSES: list[JsonValue] = [
    *("a@b.cn", "a@b", "张@x.cn", "a b@c.cn", "a@b.cn\n", "+4930664040900", "tel. +4930664040900", "0519-87269000"),
    *("13800138000", "", "x"),
]
NUMBERS: list[JsonValue] = [
    *(0, 1, 2, 5, 6, 100, 540, 541, -1, -5, 3, 1000000, 10**15, Decimal("0.1"), Decimal("0.3"), Decimal("0.30")),
    *(Decimal("1.5"), Decimal("1.505"), Decimal("-0.5"), Decimal("0.30000000000000004")),
    *(Decimal("1E-7"), Decimal("-0")),
]
NUMERALS: list[JsonValue] = ["0", "5", "-1", "0.10", "0.3", "1.505", ".5", "5.", "-.5", "007", "12.50"]
RARE_NUMBERS: list[JsonValue] = [10**21, 10**31, Decimal("1E-40")]
RARE_NUMERALS: list[JsonValue] = ["1e5", "0x10", " 5", "9" * 40]
DATETIMES: dict[str, list[JsonValue]] = {
    "date": ["2026-09-14", "2026-09-15", "2020-02-29", "1900-01-01", "9999-12-31"],
    "time": ["09:30", "00:00", "23:45", "09:30+08:00", "01:30Z"],
    "datetime": ["2026-09-14T09:30", "2026-09-14T09:30+08:00", "2020-01-01T01:30Z", "2030-01-01T00:00"],
}
CHOICES: list[JsonValue] = ["yes", "no", "a", "b", 1, 2, True, False, 0, "zzz", {"code": "A", "rank": 1}]
STRANGE: list[JsonValue] = [None, "", "x", 5, True, [], ["x", "x"], {}, {"a": 1}]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One submission: a form, what is stored when it is opened, and what is answered."""

    number: int
    schema: JsonObject
    form: Form
    stored: JsonObject
    answers: JsonObject

    @property
    def opened_with(self) -> JsonObject:
        """What the page is given."""
        return prefill(self.form, self.stored)


def cases(*, seed: int, forms: int, submissions: int) -> Iterator[Case]:
    """Yield so many submissions for each of so many forms; the same for the same seed."""
    for number in range(forms):
        chance = Random(f"{seed}/{number}")
        schema, form = _usable(chance)
        for turn in range(submissions):
            yield _case(chance, number * submissions + turn, schema, form)


def _usable(chance: Random) -> tuple[JsonObject, Form]:
    while True:
        schema = DocumentMaker(chance).document()
        try:
            return schema, parse(dump_json(schema))
        except FormDocumentError:
            continue


def _case(chance: Random, number: int, schema: JsonObject, form: Form) -> Case:
    inputs = list(inputs_of(schema["components"]))
    values = Values(chance, inputs, is_odd=chance.random() < 0.3)
    stored = {**STORED, "confirmed": chance.choice([True, False, None])}
    stored.update(values.some(share=chance.choice([0, 0.3, 0.8]), stored=True))
    answers = values.some(share=chance.choice([0.6, 0.9, 1]), stored=False)
    return Case(number=number, schema=schema, form=form, stored=stored, answers=answers)


@dataclass(slots=True)
class Values:
    """Values for the fields of one form; odd ones are often outside the rules."""

    chance: Random
    inputs: list[tuple[tuple[str, ...], JsonObject]]
    is_odd: bool

    def some(self, *, share: float, stored: bool) -> JsonObject:
        """Return values for a share of the fields, with rows for the lists around them."""
        values: JsonObject = {}
        sizes: dict[tuple[Any, ...], int] = {}
        for path, component in self.inputs:
            self._put(values, path, component, share, stored, sizes)
        return values

    def _lists(self) -> list[tuple[str, ...]]:
        return [path for path, component in self.inputs if component["type"] == "dynamiclist"]

    def _put(
        self,
        values: JsonObject,
        path: tuple[str, ...],
        component: JsonObject,
        share: float,
        stored: bool,
        sizes: dict[tuple[Any, ...], int],
    ) -> None:
        around = [outer for outer in self._lists() if outer != path and path[: len(outer)] == outer]
        for place in self._places(path, around, sizes):
            if self.chance.random() >= share:
                continue
            if component["type"] == "dynamiclist":
                sizes[place] = self.chance.choice([0, 1, 1, 2])
                _set(values, place, [{} for _ in range(sizes[place])])
            elif component["type"] != "expression" or stored:
                value = self._value(component, stored)
                _set(values, place, value)

    def _places(
        self, path: tuple[str, ...], around: list[tuple[str, ...]], sizes: dict[tuple[Any, ...], int]
    ) -> list[tuple[Any, ...]]:
        """Return the places of a field in every row of the lists around it, the outermost list first."""
        places: list[tuple[Any, ...]] = [()]
        done = 0
        for outer in sorted(around, key=len):
            grown = [(*place, *outer[done:]) for place in places]
            places = [(*place, row) for place in grown for row in range(sizes.get(place, 0))]
            done = len(outer)
        return [(*place, *path[done:]) for place in places]

    def _value(self, component: JsonObject, stored: bool) -> JsonValue:
        if stored and "valuesExpression" in component and self.chance.random() < 0.15:
            return ""
        if stored and self.chance.random() < 0.08:
            return self.chance.choice(STRANGE)
        if not self.is_odd and self.chance.random() < 0.5:
            return self._fitting(component)
        return self._any(component)

    def _fitting(self, component: JsonObject) -> JsonValue:
        """Return what most rules allow."""
        kind = component["type"]
        if kind == "textfield" and "pattern" in component.get("validate", {}):
            return self.chance.choice(["13800138000", "张三", "A123", "x", "ab"])
        if kind == "number":
            number = self.chance.choice([1, 2, 3, 5])
            return str(number) if component.get("serializeToString") else number
        if kind in ("textfield", "textarea"):
            return self.chance.choice(["x", "无", "abc", "张三", "13800138000", "a@b.cn", "+4930664040900"])
        if kind == "checkbox":
            return True
        return self._any(component)

    def _any(self, component: JsonObject) -> JsonValue:
        kind = component["type"]
        if kind == "textfield" and "validationType" in component.get("validate", {}):
            return self.chance.choice(ADDRESSES)
        if kind in ("textfield", "textarea"):
            return "长" * 10_001 if self.chance.random() < 0.01 else self.chance.choice(TEXTS)
        if kind in ("number", "expression"):
            is_text, is_rare = component.get("serializeToString"), self.chance.random() < 0.06
            if is_rare:
                return self.chance.choice(RARE_NUMERALS if is_text else RARE_NUMBERS)
            return self.chance.choice([*(NUMERALS if is_text else NUMBERS), None])
        if kind == "checkbox":
            return self.chance.choice([True, False])
        if kind == "datetime":
            return self.chance.choice([*DATETIMES[component["subtype"]], None])
        if kind == "filepicker":
            return self.chance.choice(["files::1", "files::2", None])
        options = [self._option_value(option) for option in component.get("values", [])] or CHOICES
        pool = options if self.chance.random() < 0.8 else CHOICES
        if kind in ("radio", "select"):
            return self.chance.choice([*pool, None])
        return self.chance.sample(pool, self.chance.randint(0, min(3, len(pool))))

    @staticmethod
    def _option_value(option: JsonValue) -> JsonValue:
        return option["value"] if isinstance(option, dict) else option


def _set(values: JsonObject, path: tuple[Any, ...], value: JsonValue) -> None:
    place: Any = values
    for name in path[:-1]:
        place = place[name] if isinstance(name, int) else place.setdefault(name, {})
    place[path[-1]] = value
