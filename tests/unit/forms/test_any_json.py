"""Whatever is thrown at a form: clean values or errors, never an exception."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.forms import Form, FormDocumentError, parse, prefill
from engine.forms.model import Path
from engine.json_values import JsonObject, JsonValue, dump_json
from tests.unit.forms.factories import component, document, form, hidden_if, number, submit, text
from tests.unit.forms.generated import any_forms, orderly_forms

OPTIONS: list[JsonValue] = ["a", 1, {"label": "x", "value": "b"}]
KEYS = ["t", "n", "c", "s", "m", "d", "e", "f", "g", "rows", "x", "valuesKey"]

EVERYTHING = form(
    text("t", validate={"required": True, "pattern": "a", "minLength": "=n", "validationType": "email"}),
    number("n", validate={"min": "=length(t)", "max": 10}, decimalDigits=2, increment="0.5"),
    component("checkbox", "c"),
    component("select", "s", valuesExpression="=rows"),
    component("taglist", "m", values=OPTIONS, conditional=hidden_if("n > 5 or s = t")),
    component("datetime", "d", subtype="datetime", disallowPassedDates=True),
    component("expression", "e", expression="=sum(rows.n) + n"),
    component("filepicker", "f", multiple="=c"),
    {"type": "group", "id": "G", "path": "g", "components": [{**text("t", readonly="=c"), "id": "GT"}]},
    {
        "type": "dynamiclist",
        "id": "L",
        "path": "rows",
        "conditional": hidden_if("c"),
        "components": [{**number("n"), "id": "RN"}, {**text("t", readonly=True), "id": "RT"}],
    },
)

leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(["a", "2026-09-14", "2026-09-14T10:00", "files::1", "\0", "\ud800", "9" * 5000])
)
anything = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), inner, max_size=5)
    ),
    max_leaves=20,
)
objects = st.dictionaries(st.sampled_from(KEYS), anything, max_size=8)


@given(objects | anything | st.floats(), objects)
@settings(max_examples=300, deadline=None)
def test_any_submission_gives_clean_values_or_errors(submission: JsonValue, data: JsonObject) -> None:
    outcome = submit(EVERYTHING, submission, data)
    assert bool(outcome.errors) != bool(outcome.values)
    assert set(outcome.values) <= {"t", "n", "c", "s", "m", "d", "e", "f", "g", "rows"}
    assert all(error.message_zh and error.message_en and error.code for error in outcome.errors)
    if outcome.values:
        assert isinstance(outcome.values["t"], str)
        assert isinstance(outcome.values.get("n") or Decimal(0), Decimal)
    prefill(EVERYTHING, data)


@given(objects)
@settings(max_examples=150, deadline=None)
def test_clean_values_are_clean_again(data: JsonObject) -> None:
    first = submit(EVERYTHING, {"t": "a@b.cn", "n": 6, **data})
    if not first.errors:
        again = submit(EVERYTHING, first.values)
        assert not [error for error in again.errors if error.code not in {"not-an-option"}]


fitting = st.fixed_dictionaries(
    {},
    optional={
        "t": st.sampled_from(["a", "ab", "", " "]),
        "n": st.sampled_from([0, 1, 2, 5, Decimal("0.1"), "1", "0.5", None]),
        "c": st.booleans(),
        "s": st.sampled_from(["a", 1, None]),
        "m": st.sampled_from([[], ["a"], ["a", 1]]),
        "d": st.sampled_from(["2026-09-14", "09:30", "2026-09-14T09:30", None]),
        "f": st.sampled_from(["files::1", ["files::1", "files::2"], None]),
    },
)
with_rows = st.tuples(fitting, st.lists(fitting, max_size=3), st.lists(fitting, max_size=2), fitting).map(
    lambda parts: {**parts[0], "rows": [{**row, "rows": parts[2]} for row in parts[1]], "g": parts[3]}
)


def known_only(fields: Form, values: JsonObject) -> JsonObject:
    """Leave out what the form has no place for, so that more than the empty submission is accepted."""
    for _ in range(6):
        unknown = [error.path for error in submit(fields, values).errors if error.code == "unknown-key"]
        if not unknown:
            break
        values = without(values, unknown)
    return values


def without(value: JsonValue, paths: list[Path]) -> Any:
    """Return a copy without the values at some paths."""
    if isinstance(value, Mapping):
        inner = {name: [path[1:] for path in paths if path[0] == name] for name in value}
        return {name: without(value[name], rest) for name, rest in inner.items() if () not in rest}
    if isinstance(value, list):
        return [without(row, [path[1:] for path in paths if path[0] == at]) for at, row in enumerate(value)]
    return value


@given(any_forms, objects | anything | with_rows, objects | with_rows)
@settings(max_examples=250, deadline=None)
def test_any_form_takes_any_submission_over_any_data(fields: Form, submission: JsonValue, data: JsonObject) -> None:
    outcome = submit(fields, submission, data)
    assert not (outcome.errors and outcome.values)
    dump_json(outcome.values)
    prefill(fields, data)


@given(orderly_forms, with_rows, with_rows | st.just({}))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
def test_accepted_values_submitted_again_give_the_same_values(
    fields: Form, submission: JsonObject, data: JsonObject
) -> None:
    first = submit(fields, known_only(fields, submission), data)
    if not first.errors:
        again = submit(fields, first.values, data)
        assert (again.values, again.errors) == (first.values, ())


properties = st.dictionaries(
    st.sampled_from(
        [
            "key",
            "path",
            "id",
            "type",
            "validate",
            "conditional",
            "values",
            "components",
            "readonly",
            "expression",
            "label",
        ]
    ),
    anything | st.sampled_from(["textfield", "number", "group", "dynamiclist", "select", "=1", "=(", "{{x}}"]),
)


@given(st.lists(properties, max_size=4))
@settings(max_examples=200, deadline=None)
def test_any_document_is_read_or_refused(components: list[JsonObject]) -> None:
    try:
        source = dump_json({"id": "f", "components": components})
    except ValueError:  # no JSON: not a number, or half a character
        return
    try:
        parsed = parse(source)
    except FormDocumentError as refused:
        assert refused.findings  # noqa: PT017  # both outcomes are right
        return
    submit(parsed, {})


def test_the_empty_form_takes_the_empty_submission() -> None:
    outcome = submit(parse(document()), {})
    assert (outcome.values, outcome.errors) == ({}, ())
