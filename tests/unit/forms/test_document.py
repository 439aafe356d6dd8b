"""Reading form documents: what is refused when a form is deployed, and how the analyst is told."""

from __future__ import annotations

import pytest

from engine.findings import Finding
from engine.forms import FormDocumentError, parse
from engine.json_values import JsonObject, JsonValue, dump_json
from tests.unit.forms.factories import component, document, form, hidden_if, number, submit, text

YES: list[JsonValue] = [{"label": "是", "value": "yes"}]


def findings(source: str | bytes) -> list[Finding]:
    """Return the findings of a document that must be refused."""
    with pytest.raises(FormDocumentError) as refused:
        parse(source, resource="test.form")
    return list(refused.value.findings)


def finding(*components: JsonObject) -> Finding:
    """Return the one finding of a form with these components."""
    (only,) = findings(document(*components))
    return only


def test_a_form_tells_its_id_and_version_tag() -> None:
    parsed = parse(document(text(), versionTag="2026-09"))
    assert (parsed.id, parsed.version_tag, parsed.warnings) == ("test_form", "2026-09", ())


def test_every_component_of_the_modeler_is_known() -> None:
    shown = ["text", "html", "image", "iframe", "table", "documentPreview", "spacer", "separator", "button"]
    fields = [
        *(component(kind, f"key_{kind}") for kind in ("textfield", "textarea", "number", "checkbox")),
        *(component(kind, f"key_{kind}", values=YES) for kind in ("radio", "select", "checklist", "taglist")),
        component("datetime", "key_datetime", subtype="datetime"),
        component("expression", "key_expression", expression="=1"),
        component("filepicker", "key_filepicker"),
    ]
    parsed = form(
        *({"type": kind, "id": f"Shown_{kind}"} for kind in shown),
        {"type": "group", "id": "G", "path": "group", "components": fields},
        {"type": "dynamiclist", "id": "L", "path": "rows", "components": [text("a")]},
    )
    assert [type(item).__name__ for item in parsed.components] == ["Group", "DynamicList"]


@pytest.mark.parametrize("source", ["", "{", "[]", "null", '"text"', b"\xff\xfe", "NaN", '{"id": NaN}', "[" * 100_000])
def test_what_is_no_json_object_is_refused(source: str | bytes) -> None:
    assert [found.code for found in findings(source)] == ["form-not-json"]


def test_a_document_nested_too_deep_is_refused() -> None:
    assert findings(dump_json({"id": "f", "x": _nested(80)}))[0].code == "form-not-json"
    inner: JsonObject = {"type": "group", "components": [text()]}
    for _ in range(11):
        inner = {"type": "group", "components": [inner]}
    assert finding(inner).code == "form-too-deep"


def _nested(depth: int) -> JsonValue:
    value: JsonValue = 1
    for _ in range(depth):
        value = [value]
    return value


def test_a_newer_schema_version_is_refused() -> None:
    found = findings(document(text(), schemaVersion=20))[0]
    assert (found.code, found.severity, found.resource) == ("form-version", "error", "test.form")
    assert "20" in found.message_zh
    assert "19" in found.message_en


def test_a_form_needs_an_id() -> None:
    assert findings(dump_json({"components": []}))[0].code == "form-key-missing"


def test_a_finding_names_the_element_its_label_and_its_line() -> None:
    source = """{
  "id": "f",
  "components": [
    {"type": "textfield", "key": "a", "id": "Field_1"},
    {
      "type": "wizard",
      "label": "向导",
      "id": "Field_2"
    }
  ]
}"""
    (found,) = findings(source)
    assert (found.code, found.element_id, found.element_name, found.line) == (
        "form-component-unknown",
        "Field_2",
        "向导",
        8,
    )
    assert "wizard" in found.message_zh
    assert found.advice_zh


def test_all_findings_are_told_at_once() -> None:
    source = document(text("a", validate={"pattern": "("}), {**number("a"), "id": "B"}, {"type": "x", "id": "X"})
    assert [found.code for found in findings(source)] == [
        "form-pattern",
        "form-key-duplicate",
        "form-component-unknown",
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (text("a"), {**number("a"), "id": "B"}),
        (text("a"), text("a.b")),
        (text("a.b"), text("a")),
        (text("a"), {"type": "dynamiclist", "id": "L", "path": "a", "components": []}),
        (text("a.b"), {"type": "group", "id": "G", "path": "a", "components": [number("b")]}),
    ],
)
def test_two_components_cannot_write_to_the_same_place(first: JsonObject, second: JsonObject) -> None:
    assert finding(first, second).code == "form-key-duplicate"


def test_a_key_may_come_again_in_the_rows_of_a_list() -> None:
    row: JsonObject = {"type": "dynamiclist", "id": "L", "path": "rows", "components": [{**text("a"), "id": "B"}]}
    assert len(form(text("a"), row).components) == 2


def test_an_id_cannot_come_twice() -> None:
    assert finding({**text("a"), "id": "X"}, {**text("b"), "id": "X"}).code == "form-id-duplicate"


@pytest.mark.parametrize("key", ["with space", "a-b", "a..b", ".a", "a.__proto__", "a[0]", "constructor"])
def test_a_key_the_browser_cannot_place_is_refused(key: str) -> None:
    assert finding(text(key)).code == "form-key-invalid"


@pytest.mark.parametrize("key", ["姓名", "户主.身份证号", "a_1", "_x"])
def test_a_key_may_be_chinese_and_dotted(key: str) -> None:
    assert form(text(key)).components


@pytest.mark.parametrize("broken", [{"type": "textfield", "id": "T"}, {"type": "dynamiclist", "id": "L"}])
def test_an_input_without_a_key_and_a_list_without_a_path_are_refused(broken: JsonObject) -> None:
    assert finding(broken).code == "form-key-missing"


@pytest.mark.parametrize(
    "broken",
    [
        text(conditional=hidden_if("a = ")),
        text(readonly="=if x"),
        text(validate={"minLength": "=(1"}),
        text(validate={"maxLength": "=1 +"}),
        number(validate={"min": "=)"}),
        number(validate={"max": "=a b ="}),
        component("select", "s", valuesExpression="=for x"),
        component("expression", "e", expression="=1 1 1 +"),
        component("filepicker", "f", multiple="=("),
        text(label="=("),
        {"type": "text", "id": "T", "text": "=("},
        {"type": "text", "id": "T", "conditional": {"hide": "=("}},
        {"type": "group", "id": "G", "components": [], "conditional": {"hide": "=("}},
        {"type": "dynamiclist", "id": "L", "path": "p", "components": [], "conditional": {"hide": "=("}},
    ],
)
def test_wrong_feel_is_refused_wherever_it_stands(broken: JsonObject) -> None:
    found = finding(broken)
    assert found.code == "form-expression"
    assert found.element_id == broken["id"]


@pytest.mark.parametrize("pattern", ["(", "(?=ahead)", r"(a)\1", "[z-a]", "a{2,1}", "x" * 1001, "\ud800"])
def test_a_pattern_that_cannot_be_run_safely_is_refused(pattern: str) -> None:
    assert finding(text(validate={"pattern": pattern})).code == "form-pattern"


@pytest.mark.parametrize("pattern", [r"\p{L}", r"^\Aa\z$", "(?i)a", "(?P<a>b)", "[]", r"(a)\k<a>"])
def test_a_pattern_browsers_have_no_word_for_is_refused(pattern: str) -> None:
    assert finding(text(validate={"pattern": pattern})).code == "form-pattern"


def test_the_inside_of_a_negated_condition_must_be_an_expression() -> None:
    assert finding(text(conditional={"hide": "=not(a, b)"})).code == "form-expression"


@pytest.mark.parametrize(
    "broken",
    [
        text(validate="required"),
        text(validate={"required": "yes"}),
        text(validate={"minLength": "three"}),
        text(validate={"validationType": "iban"}),
        text(conditional={"hide": "a = 1"}),
        text(conditional=[]),
        text(readonly="yes"),
        number(decimalDigits=-1),
        number(decimalDigits="1.5"),
        number(increment=0),
        number(validate={"min": True}),
        component("select", "s", values="yes"),
        component("select", "s", values=[True]),
        component("select", "s", values=[{"label": "x"}]),
        component("datetime", "d", subtype="year"),
        component("datetime", "d", disallowPassedDates="yes"),
        {"type": "dynamiclist", "id": "L", "path": "p", "components": {}},
        {"type": "group", "id": "G", "components": ["text"]},
        {"type": "dynamiclist", "id": "L", "path": "p", "defaultRepetitions": "many", "components": []},
    ],
)
def test_a_property_of_the_wrong_kind_is_refused(broken: JsonObject) -> None:
    assert finding(broken).code == "form-property"


@pytest.mark.parametrize(
    "sources", [{}, {"values": YES, "valuesKey": "a"}, {"valuesKey": "a", "valuesExpression": "=[1]"}]
)
def test_options_have_exactly_one_source(sources: JsonObject) -> None:
    assert finding(component("select", "s", **sources)).code == "form-options"


def test_an_option_value_comes_once() -> None:
    found = finding(component("select", "s", values=[{"label": "a", "value": 1}, {"label": "b", "value": 1}]))
    assert found.code == "form-option-duplicate"


def test_an_expression_field_needs_its_expression() -> None:
    assert finding(component("expression", "e")).code == "form-key-missing"
    assert finding(component("expression", "e", expression="1 + 1")).code == "form-property"


def test_a_phone_that_browsers_take_only_with_a_country_code_is_a_warning() -> None:
    (warning,) = form(text(validate={"validationType": "phone"})).warnings
    assert (warning.code, warning.severity) == ("form-phone-international", "warning")
    assert "{9}" in warning.advice_zh


def test_names_with_operators_are_no_keys_but_members_of_data_may_be_named_so() -> None:
    assert form(component("select", "s", valuesExpression='=get value(options, "a-b")')).components


def test_messages_name_a_date_by_its_own_label_and_speak_english_where_a_label_is_given() -> None:
    date: JsonObject = {"type": "datetime", "id": "D", "key": "signed_on", "subtype": "date", "dateLabel": "签署日期"}
    rows: JsonObject = {"type": "dynamiclist", "id": "L", "path": "members", "components": [date]}
    parsed = parse(document(rows), english={"members.signed_on": "Signed on"})
    error = submit(parsed, {"members": [{"signed_on": "today"}]}).errors[0]
    assert (error.label, error.path) == ("签署日期", ("members", 0, "signed_on"))
    assert error.message_zh.startswith("“签署日期”")
    assert error.message_en.startswith("“Signed on” ")
    unnamed = submit(parse(document(rows)), {"members": [{"signed_on": "today"}]}).errors[0]
    assert unnamed.message_en.startswith("“signed_on” must be a date")
