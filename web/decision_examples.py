"""Examples of a decision as a grid of cells, and as pages and programs are told how they come out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from engine.json_values import JsonObject, JsonValue, dump_json
from web.errors import BadJson, Objection, RequestInvalid
from web.labels import in_language
from web.playing import json_value
from web.requests import json_text
from workflows.playing.examples import ExampleResult, ExampleResults
from workflows.playing.model import Example
from workflows.playing.tables import TableCount

EXPECTED = "expected"
NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedValue:
    """One expected value beside what was found."""

    what: str
    expected: JsonValue
    found: JsonValue
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FiredLine:
    """A rule that counted."""

    table_id: str
    rule: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleLine:
    """A row beside what came out; `holds` is null where nothing is expected."""

    name: str
    inputs: JsonObject
    expected: JsonValue
    value: JsonValue
    fired: Sequence[FiredLine]
    compared: Sequence[ComparedValue]
    holds: bool | None
    told: Sequence[str]  # why it failed, or came to null

    @classmethod
    def of(cls, one: ExampleResult) -> ExampleLine:
        """Show a result in the reader's language."""
        telling = [one.failure] if one.failure else one.doubts
        return cls(
            name=one.example.name,
            inputs=one.example.inputs,
            expected=one.example.expected,
            value=one.value,
            fired=[FiredLine(table_id=each.table_id, rule=each.index) for each in one.fired],
            compared=[
                ComparedValue(
                    what=each.what.removeprefix("value").strip(),
                    expected=json_value(each.expected),
                    found=json_value(each.found),
                    holds=each.holds,
                )
                for each in one.comparisons
            ],
            holds=None if one.example.expected is None and one.failure is None else one.holds,
            told=[in_language(each.text("zh"), each.text("en")) for each in telling],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleResultsAnswer:
    """The rows of a decision with what came out, and for how many of them each rule fired."""

    decision_id: str
    version: int
    columns: Sequence[str]
    outputs: Sequence[str]
    results: Sequence[ExampleLine]
    tables: Sequence[TableCount]

    @classmethod
    def of(cls, results: ExampleResults) -> ExampleResultsAnswer:
        """Show them in the reader's language."""
        return cls(
            decision_id=results.decision_id,
            version=results.kept.version,
            columns=results.columns,
            outputs=results.outputs,
            results=[ExampleLine.of(one) for one in results.results],
            tables=results.tables,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GridRow:
    """A row as it stands in the grid: a cell a column, what no column shows as JSON, a cell an output."""

    name: str
    cells: Sequence[str]
    rest: str
    expected: Sequence[str]

    @classmethod
    def of(cls, example: Example, columns: Sequence[str], outputs: Sequence[str]) -> GridRow:
        """Spread an example over the columns."""
        rest = _copied(example.inputs)
        cells = [_taken(rest, column.split(".")) for column in columns]
        expected = example.expected
        if not outputs:
            wanted = [cell(expected)] if expected is not None else [""]
        else:
            entries = expected if isinstance(expected, Mapping) else {}
            wanted = [cell(entries[name]) if name in entries else "" for name in outputs]
        return cls(name=example.name, cells=cells, rest=dump_json(rest) if rest else "", expected=wanted)


def cell(value: JsonValue) -> str:
    """Return a value as it is typed: a text as it stands, unless it would be read as something else."""
    if isinstance(value, str) and value.strip() and _read(value) == value:
        return value
    return dump_json(value)


def typed_examples(form: MultiDict[str, str], *, most: int) -> list[Example]:
    """Return the rows of the grid as they were typed; those left empty or ticked to be dropped are left out.

    Raises:
        RequestInvalid: the rest of a row is no JSON object.
    """
    columns, outputs = form.getlist("column"), form.getlist("output")
    found = []
    for number in range(min(_number(form.get("rows", "")), most + 1)):
        cells = [form.get(f"in.{number}.{place}", "") for place in range(len(columns))]
        wanted = [form.get(f"out.{number}.{place}", "") for place in range(max(len(outputs), 1))]
        name, rest = form.get(f"name.{number}", "").strip(), form.get(f"rest.{number}", "").strip()
        if form.get(f"drop.{number}") or not (name or rest or any(one.strip() for one in (*cells, *wanted))):
            continue
        inputs = _object(rest, number)
        for column, text in zip(columns, cells, strict=True):
            if text.strip():
                _put(inputs, column.split("."), _read(text))
        found.append(Example(name=name, inputs=inputs, expected=_expected(outputs, wanted)))
    return found


def table_examples(rows: Iterable[tuple[int, Mapping[str, str]]]) -> list[Example]:
    """Return the rows of a table: columns `name`, inputs by names with dots, `expected` or `expected.output`."""
    found = []
    for _number_of_row, row in rows:
        inputs: JsonObject = {}
        expected: JsonValue = None
        for column, text in row.items():
            if not text.strip() or column == NAME:
                continue
            head, _, output = column.partition(".")
            if head == EXPECTED and not output:
                expected = _read(text)
            elif head == EXPECTED:
                expected = expected if isinstance(expected, dict) else {}
                expected[output] = _read(text)
            else:
                _put(inputs, column.split("."), _read(text))
        found.append(Example(name=row.get(NAME, ""), inputs=inputs, expected=expected))
    return found


def _expected(outputs: Sequence[str], wanted: Sequence[str]) -> JsonValue:
    if not outputs:
        return _read(wanted[0]) if wanted[0].strip() else None
    entries = {name: _read(text) for name, text in zip(outputs, wanted, strict=True) if text.strip()}
    return entries or None


def _read(text: str) -> JsonValue:
    """Return what a cell means: JSON where it is some, else the text."""
    try:
        found: JsonValue = json_text(text.strip())
    except BadJson:
        return text.strip()
    return found


def _object(text: str, number: int) -> JsonObject:
    found = _read(text) if text else {}
    if isinstance(found, dict):
        return found
    zh = f"第 {number + 1} 行的其余输入应为 JSON 对象"
    en = f"The further inputs of row {number + 1} must be a JSON object"
    raise RequestInvalid([Objection(path=(f"rest.{number}",), code="not-an-object", message_zh=zh, message_en=en)])


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 0


def _taken(rest: JsonObject, path: Sequence[str]) -> str:
    """Take a value out of an object and return it as it is typed; of what is not there nothing."""
    head, *more = path
    if head not in rest:
        return ""
    if not more:
        return cell(rest.pop(head))
    below = rest[head]
    if not isinstance(below, dict):
        return ""
    text = _taken(below, more)
    if not below:
        del rest[head]
    return text


def _put(found: JsonObject, path: Sequence[str], value: JsonValue) -> None:
    *outer, last = path
    for name in outer:
        below = found.get(name)
        if not isinstance(below, dict):
            below = found[name] = {}
        found = below
    found[last] = value


def _copied(value: Any) -> Any:  # JSON of any shape
    if isinstance(value, Mapping):
        return {name: _copied(one) for name, one in value.items()}
    return value
