"""Whatever is thrown at a form: clean values or errors, never an exception."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.forms import FormDocumentError, parse, prefill
from engine.json_values import JsonObject, JsonValue, dump_json
from tests.unit.forms.factories import component, document, form, hidden_if, number, submit, text

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
