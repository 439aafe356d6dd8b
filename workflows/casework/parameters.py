"""The parameters of policy a county starts with, read from `workflows/parameters`, one file a topic.

Liyang's own figures must be entered by its administrator: these are the test parameters P-TEST, marked as such.
A file holds `{"source", "parameters": [{"key", "title", "unit", "values": [{"from", "value", "source"?}]}]}`; a key
stands in one file only, and of its values the newest that has begun counts. What titles and units are called in
English stands in `words.en.json`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from engine.json_values import JsonObject, JsonValue, load_json
from workflows.casework.records import Parameter

WORDS = "words.en.json"


def parameters_on(day: date, parameters: Sequence[Parameter]) -> Mapping[str, JsonValue]:
    """Return the value in force on a day of every parameter that has begun."""
    begun = (one for one in parameters if one.effective_from <= day)
    return {one.key: one.value for one in sorted(begun, key=lambda one: one.effective_from)}


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterTitle:
    """What a parameter is called, and in what it is measured, in both languages."""

    title: str
    title_en: str
    unit: str
    unit_en: str


@cache
def parameter_titles() -> Mapping[str, ParameterTitle]:
    """Return the titles of the parameters a county starts with, by key."""
    words = load_json(files("workflows").joinpath("parameters", WORDS).read_bytes())
    return {
        row["key"]: ParameterTitle(
            title=row["title"],
            title_en=words["titles"][row["key"]],
            unit=row["unit"],
            unit_en=words["units"][row["unit"]] if row["unit"] else "",
        )
        for document in _documents()
        for row in document["parameters"]
    }


def _documents() -> Iterator[JsonObject]:
    folder = files("workflows").joinpath("parameters")
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.name.endswith(".json") and entry.name != WORDS:
            yield load_json(entry.read_bytes())


def _read() -> Iterator[Parameter]:
    for document in _documents():
        yield from _of_topic(document)


def _of_topic(document: JsonObject) -> Iterator[Parameter]:
    for row in document["parameters"]:
        for value in row["values"]:
            yield Parameter(
                key=row["key"],
                value=value["value"],
                effective_from=date.fromisoformat(value["from"]),
                source=value.get("source", document["source"]),
            )


TEST_PARAMETERS = tuple(sorted(_read(), key=lambda one: (one.effective_from, one.key)))
"""In the order in which they take effect, so that the newest value of a key comes last."""
