"""Each input type by itself: what it accepts, what it refuses and how it says so."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.json_values import JsonObject, JsonValue
from tests.unit.forms.factories import codes, component, form, number, submit, text

OPTIONS: list[JsonValue] = [{"label": "是", "value": "yes"}, {"label": "否", "value": "no"}]


def refused(field: JsonObject, value: JsonValue) -> str | None:
    """Return the code of the refusal of one value, None when it is accepted."""
    outcome = submit(form(field), {field["key"]: value})
    assert bool(outcome.errors) != bool(outcome.values)
    return outcome.errors[0].code if outcome.errors else None


@pytest.mark.parametrize("value", ["", None, "   ", "\n\t", "　"])
def test_a_required_text_must_say_something(value: str | None) -> None:
    assert refused(text(validate={"required": True}), value) == "required"


def test_a_required_field_left_out_is_missing() -> None:
    outcome = submit(form(text(validate={"required": True})), {})
    assert codes(outcome) == {"note": "required"}
    assert outcome.values == {}


def test_an_error_says_what_was_asked_found_and_to_be_done_in_both_languages() -> None:
    field = text("applicant", label="申请人", validate={"maxLength": 3})
    error = submit(form(field), {"applicant": "欧阳建国"}).errors[0]
    assert (error.path, error.key, error.label, error.code) == (("applicant",), "applicant", "申请人", "too-long")
    assert error.message_zh == "“申请人”最多 3 个字符，现有 4 个；请缩短。"
    assert error.message_en == "“applicant” is too long (characters: at most 3, found 4); shorten it."


def test_an_optional_field_left_out_stays_out() -> None:
    assert submit(form(text(), number()), {"note": ""}).values == {"note": ""}


def test_a_text_is_kept_as_it_was_written() -> None:
    assert submit(form(text()), {"note": " 住所危险 \n"}).values == {"note": " 住所危险 \n"}


@pytest.mark.parametrize("value", [5, True, ["a"], {"a": 1}, []])
def test_a_text_of_another_kind_is_refused(value: JsonValue) -> None:
    assert refused(text(), value) == "wrong-type"


@pytest.mark.parametrize("value", ["a\0b", "half a pair \ud800"])
def test_characters_no_database_can_keep_are_refused(value: str) -> None:
    assert refused(text(), value) == "characters"


def test_a_text_longer_than_the_limit_is_refused_whatever_the_form_says() -> None:
    assert refused(component("textarea", "note"), "长" * 10_000) is None
    assert refused(component("textarea", "note"), "长" * 10_001) == "too-long"


@pytest.mark.parametrize(
    ("value", "code"),
    [("ab", "too-short"), (" ab ", "too-short"), ("abc", None), ("abcd", None), ("abcde", "too-long")],
)
def test_lengths_are_counted_without_outer_blanks(value: str, code: str | None) -> None:
    assert refused(text(validate={"minLength": 3, "maxLength": 4}), value) == code


def test_a_character_outside_the_basic_plane_counts_once() -> None:
    assert refused(text(validate={"maxLength": 2}), "𠮷𠮷") is None


@pytest.mark.parametrize(
    ("pattern", "value", "accepted"),
    [
        (r"^1[3-9]\d{9}$", "13800138000", True),
        (r"^1[3-9]\d{9}$", "13800138000\n", False),
        (r"\d{3}", "in the middle 123 it is", True),
        (r"^[\u4e00-\u9fa5·]{2,50}$", "阿卜杜拉·买买提", True),
        (r"^[\u4e00-\u9fa5·]{2,50}$", "Zhang San", False),
        (r"^(a+)+$", "a" * 5000 + "!", False),
    ],
)
def test_a_pattern_is_found_anywhere_unless_it_says_otherwise(pattern: str, value: str, accepted: bool) -> None:
    assert (refused(text(validate={"pattern": pattern}), value) is None) is accepted


@pytest.mark.parametrize(
    ("pattern", "value", "accepted"),
    [
        (r"^\S+$", "a\u3000b", False),
        (r"^[^\s]+$", "a\u00a0b", False),
        (r"^[\S]+$", "ab", True),
        (r"^[\S]+$", "a\ufeffb", False),
        (r"^[\s\S]+$", "a\n\u3000b", True),
        (r"^a.b$", "a\u2028b", False),
        (r"^a.b$", "a\rb", False),
        (r"^a[^]b$", "a\nb", True),
        (r"^[a[]+$", "a[[", True),
        (r"^[(?]+$", "(?", True),
        (r"^[\b]$", "\b", True),
        (r"^\x41\cJ$", "A\n", True),
        (r"^\u4e2d\.\/$", "中./", True),
        (r"^(?<year>\d{4})(?:-\d\d)?$", "2026-09", True),
        (r"a{,3}", "a{,3}", True),
    ],
)
def test_a_pattern_means_what_it_means_in_a_browser(pattern: str, value: str, accepted: bool) -> None:
    assert (refused(text(validate={"pattern": pattern}), value) is None) is accepted


def test_a_pattern_may_bring_its_own_message() -> None:
    validate: JsonObject = {"pattern": "^A", "patternErrorMessage": "须以 A 开头"}
    error = submit(form(text(validate=validate)), {"note": "B"}).errors[0]
    assert (error.code, error.message_zh) == ("pattern", "须以 A 开头")
    assert error.message_en == "“note” does not have the form that is asked for; enter it as described."


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        ("email", "window@kunlun.example.cn", None),
        ("email", "no at sign", "email"),
        ("email", "a@b", "email"),
        ("phone", "13800138000", None),
        ("phone", "0519-87269000", None),
        ("phone", "+86 138 0013 8000", None),
        ("phone", "123", "phone"),
    ],
)
def test_addresses_and_phones_are_recognised(kind: str, value: str, code: str | None) -> None:
    assert refused(text(validate={"validationType": kind}), value) == code


@pytest.mark.parametrize(
    "value", ["张@x.cn", "a b@c.cn", "a@-b.cn", "a@b_c.cn", f"a@{'b' * 64}.cn", "a@b..cn", "a@b.cn "]
)
def test_an_address_the_browser_refuses_is_refused(value: str) -> None:
    assert refused(text(validate={"validationType": "email"}), value) == "email"


@pytest.mark.parametrize("value", ["\ufeff", "\u2028", "\u00a0 "])
def test_what_a_browser_takes_for_blank_says_nothing(value: str) -> None:
    assert refused(text(validate={"required": True}), value) == "required"
    assert refused(text(validate={"maxLength": 2}), f"ab{value}") is None


@pytest.mark.parametrize("value", [0, 2000, Decimal("2000.50"), 2000.5, -1])
def test_a_number_becomes_an_exact_decimal(value: Decimal) -> None:
    clean = submit(form(number()), {"income": value}).values["income"]
    assert isinstance(clean, Decimal)
    assert clean == Decimal(str(value))


@pytest.mark.parametrize("value", ["2000", True, [], {}, [1]])
def test_a_number_of_another_kind_is_refused(value: JsonValue) -> None:
    assert refused(number(), value) == "wrong-type"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (Decimal("1e999999"), "number-too-large"),
        (Decimal("-1e31"), "number-too-large"),
        (10**100, "number-too-large"),
        (10**31 - 1, None),
        (Decimal("1e-999999"), "number-out-of-reach"),
        (Decimal("1." + "1" * 34), "number-out-of-reach"),
    ],
)
def test_a_number_nobody_can_mean_is_refused(value: Decimal, code: str | None) -> None:
    assert refused(number(), value) == code


def test_a_number_that_is_too_large_hears_the_largest() -> None:
    (error,) = submit(form(number()), {"income": 10**31}).errors
    largest = "9" * 31
    assert error.message_zh == f"“income”的数值过大，最大为 {largest}（负数同此）；请更正。"
    assert error.message_en == f"“income” is too large: the largest is {largest}, with or without a minus; correct it."


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("-Infinity"), Decimal("sNaN")])
def test_a_number_json_cannot_write_is_refused_wherever_it_stands(value: JsonValue) -> None:
    assert codes(submit(form(text()), {"note": [value]})) == {"": "beyond-json"}


def test_a_number_of_five_thousand_digits_is_refused() -> None:
    assert refused(number(), 10**5000) == "number-too-large"


def test_a_required_number_may_be_zero() -> None:
    assert refused(number(validate={"required": True}), 0) is None
    assert refused(number(validate={"required": True}), None) == "required"


@pytest.mark.parametrize(
    ("value", "code"), [(-1, "too-small"), (0, None), (540, None), (Decimal("540.01"), "too-great")]
)
def test_a_number_stays_between_its_limits(value: Decimal, code: str | None) -> None:
    assert refused(number(validate={"min": 0, "max": "540"}), value) == code


@pytest.mark.parametrize(
    ("value", "code"),
    [(Decimal("1.50"), None), (Decimal("1.505"), "decimal-digits"), (100, None), (Decimal("1E+2"), None)],
)
def test_decimals_are_counted_without_trailing_zeros(value: Decimal, code: str | None) -> None:
    assert refused(number(decimalDigits=2), value) == code


@pytest.mark.parametrize(("value", "code"), [(Decimal("0.30"), None), (Decimal("0.35"), "increment"), (-1, None)])
def test_a_number_is_a_multiple_of_its_increment(value: Decimal, code: str | None) -> None:
    assert refused(number(increment="0.1"), value) == code


def test_a_number_kept_as_text_travels_as_text() -> None:
    field = number(serializeToString=True, decimalDigits=2)
    assert submit(form(field), {"income": "2000.10"}).values == {"income": "2000.10"}
    assert refused(field, "2000.105") == "decimal-digits"
    assert submit(form(field), {"income": ".5"}).values == {"income": ".5"}
    assert submit(form(field), {"income": "-5."}).values == {"income": "-5."}
    assert refused(field, ".") == "wrong-type"
    assert refused(field, "1e5") == "wrong-type"
    assert refused(field, "NaN") == "wrong-type"
    assert refused(field, "１２") == "wrong-type"


def test_a_checkbox_is_true_or_false_and_required_means_true() -> None:
    field, must = component("checkbox", "promise"), component("checkbox", "promise", validate={"required": True})
    assert refused(field, False) is None
    assert refused(field, 1) == "wrong-type"
    assert refused(must, True) is None
    assert refused(must, False) == "must-be-checked"
    assert codes(submit(form(must), {})) == {"promise": "must-be-checked"}


@pytest.mark.parametrize("kind", ["radio", "select"])
@pytest.mark.parametrize(
    ("value", "code"), [("yes", None), ("maybe", "not-an-option"), (["yes"], "not-an-option"), ({}, "not-an-option")]
)
def test_a_choice_is_one_of_its_options(kind: str, value: JsonValue, code: str | None) -> None:
    assert refused(component(kind, "agrees", values=OPTIONS), value) == code


def test_true_one_and_the_text_one_are_different_options() -> None:
    field = component("select", "level", values=[{"label": "一级", "value": 1}])
    assert refused(field, 1) is None
    assert refused(field, Decimal("1.0")) is None
    assert refused(field, True) == "not-an-option"
    assert refused(field, "1") == "not-an-option"


@pytest.mark.parametrize("kind", ["checklist", "taglist"])
@pytest.mark.parametrize(
    ("value", "code"),
    [
        (["yes"], None),
        (["no", "yes"], None),
        (["yes", "yes"], "chosen-twice"),
        (["maybe"], "not-an-option"),
        ("yes", "wrong-type"),
        (["yes", {"a": []}], "not-an-option"),
        (["yes"] * 501, "too-many"),
    ],
)
def test_choices_are_some_of_the_options_each_once(kind: str, value: JsonValue, code: str | None) -> None:
    assert refused(component(kind, "answers", values=OPTIONS), value) == code


@pytest.mark.parametrize("value", [[], None])
def test_required_choices_must_hold_one(value: JsonValue) -> None:
    assert refused(component("checklist", "answers", values=OPTIONS, validate={"required": True}), value) == "required"
    assert submit(form(component("checklist", "answers", values=OPTIONS)), {"answers": value}).values == {"answers": []}


def test_options_under_a_key_come_from_the_stored_data_and_never_from_the_submission() -> None:
    field = component("select", "school", valuesKey="schools")
    stored = {"schools": [{"label": "一小", "value": "s1"}, "s2", 3, {"label": "no value"}, None]}
    for value in ("s1", "s2", 3):
        assert submit(form(field), {"school": value}, stored).values == {"school": value}
    assert codes(submit(form(field), {"school": "s9"}, stored)) == {"school": "not-an-option"}
    forged = submit(form(field), {"school": "s9", "schools": ["s9"]}, stored)
    assert codes(forged) == {"school": "not-an-option", "schools": "unknown-key"}


def test_options_may_be_computed_from_other_answers() -> None:
    fields = form(
        component("number", "stage"),
        component("select", "grade", valuesExpression="=if stage = 1 then [1, 2, 3] else [4, 5]"),
    )
    assert submit(fields, {"stage": 1, "grade": 2}).errors == ()
    assert codes(submit(fields, {"stage": 2, "grade": 2})) == {"grade": "not-an-option"}


@pytest.mark.parametrize(
    ("subtype", "value", "code"),
    [
        ("date", "2026-09-14", None),
        ("date", "2026-02-29", "date"),
        ("date", "14.09.2026", "date"),
        ("date", "2026-9-4", "date"),
        ("date", "20260914", "date"),
        ("date", "2026-09-14T10:00", "date"),
        ("date", 20260914, "wrong-type"),
        ("time", "09:30", None),
        ("time", "09:30:15", None),
        ("time", "09:30+08:00", None),
        ("time", "09:30Z", None),
        ("time", "24:00", "time"),
        ("time", "9:30", "time"),
        ("datetime", "2026-09-14T09:30", None),
        ("datetime", "2026-09-14T09:30+08:00", None),
        ("datetime", "2026-09-14T01:30Z", None),
        ("datetime", "2026-09-14", "date-and-time"),
        ("datetime", "2026-13-14T09:30", "date-and-time"),
        ("datetime", "2026-09-14 09:30", "date-and-time"),
    ],
)
def test_dates_and_times_are_written_as_the_form_writes_them(subtype: str, value: JsonValue, code: str | None) -> None:
    assert refused(component("datetime", "moment", subtype=subtype), value) == code


@pytest.mark.parametrize(
    ("subtype", "value", "code"),
    [
        ("date", "2026-09-14", None),
        ("date", "2026-09-13", "passed-date"),
        ("datetime", "2026-09-14T00:00", None),
        ("datetime", "2026-09-13T16:30Z", None),
        ("datetime", "2026-09-13T15:30Z", "passed-date"),
        ("datetime", "0001-01-01T00:00+14:00", "passed-date"),
        ("time", "00:00", None),
    ],
)
def test_passed_dates_are_refused_by_the_day_in_the_county(subtype: str, value: str, code: str | None) -> None:
    assert refused(component("datetime", "moment", subtype=subtype, disallowPassedDates=True), value) == code


def test_files_are_given_by_reference() -> None:
    one, many = component("filepicker", "papers"), component("filepicker", "papers", multiple="=1 = 1")
    assert refused(one, "files::7f3a") is None
    assert refused(one, ["files::7f3a"]) is None
    assert refused(one, ["files::1", "files::2"]) == "one-file"
    assert refused(many, ["files::1", "files::2"]) is None
    assert refused(one, {"name": "a.pdf"}) == "file-reference"
    assert refused(one, "two words") == "file-reference"
    assert refused(component("filepicker", "papers", validate={"required": True}), []) == "required"


def test_keys_and_options_may_be_chinese() -> None:
    fields = form(component("select", "同意", values=OPTIONS), text("说明", conditional={"hide": '=同意 = "yes"'}))
    assert submit(fields, {"同意": "no", "说明": "住所危险"}).values == {"同意": "no", "说明": "住所危险"}
    assert submit(fields, {"同意": "yes"}).values == {"同意": "yes"}
    assert [error.code for error in submit(fields, {"同意": "yes", "说明": "住所危险"}).errors] == ["hidden"]
