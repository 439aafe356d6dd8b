"""Groups, lists and computed fields: which values come out of a submission."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.feel import Settings
from engine.forms import Limits, validate
from engine.json_values import JsonObject, JsonValue
from tests.unit.forms.factories import (
    NOW,
    SETTINGS,
    codes,
    component,
    computed,
    form,
    group,
    hidden_if,
    number,
    rows_of,
    submit,
    text,
)

# ---- what may be submitted


@pytest.mark.parametrize("submission", [None, [], "text", 5, True])
def test_a_submission_that_is_no_object_is_refused(submission: JsonValue) -> None:
    assert codes(submit(form(text()), submission)) == {"": "not-an-object"}


def test_a_key_the_form_does_not_have_is_refused() -> None:
    outcome = submit(form(text()), {"note": "a", "amount": 99, "长" * 500: 1})
    assert [error.code for error in outcome.errors] == ["unknown-key", "unknown-key"]
    assert outcome.errors[0].path == ("amount",)
    assert len(outcome.errors[1].path[0]) < 80  # type: ignore[arg-type]  # a key
    assert outcome.values == {}


def test_presentation_takes_no_value() -> None:
    shown: JsonObject = {"type": "text", "id": "Text_1", "text": "# Hello"}
    button: JsonObject = {"type": "button", "id": "Button_1", "key": "send", "action": "submit"}
    assert codes(submit(form(shown, button, text()), {"note": "", "send": True})) == {"send": "unknown-key"}


def test_an_absurdly_deep_submission_is_refused() -> None:
    deep: JsonValue = "bottom"
    for _ in range(100_000):
        deep = [deep]
    assert codes(submit(form(text()), {"note": deep})) == {"": "too-deep"}
    while isinstance(deep, list):  # taken apart by hand: letting go of it at once would recurse
        deep = deep[0]


def test_an_absurdly_large_submission_is_refused() -> None:
    assert codes(submit(form(text()), {"note": [0] * 100_001})) == {"": "too-large"}


def test_limits_can_be_set() -> None:
    outcome = validate(form(text()), {"note": "abc"}, data={}, settings=SETTINGS, limits=Limits(text=2))
    assert codes(outcome) == {"note": "too-long"}


# ---- groups


def test_a_group_with_a_path_is_an_object_and_one_without_is_none() -> None:
    fields = form(group(text("street"), path="address"), {**group(text("note")), "id": "Group_2"})
    assert submit(fields, {"address": {"street": "昆仑街道"}, "note": ""}).values == {
        "address": {"street": "昆仑街道"},
        "note": "",
    }


def test_keys_and_paths_may_be_dotted() -> None:
    fields = form(
        text("home.street"), group(text("town"), group(text("room"), id="G2", path="flat"), path="home.place")
    )
    submission = {"home": {"street": "a", "place": {"town": "b", "flat": {"room": "c"}}}}
    assert submit(fields, submission).values == submission


@pytest.mark.parametrize("value", ["text", [], 5])
def test_a_group_of_another_kind_is_refused_once(value: JsonValue) -> None:
    fields = form(group(text("street"), text("town"), path="address"))
    outcome = submit(fields, {"address": value})
    assert [(error.path, error.code) for error in outcome.errors] == [(("address",), "wrong-type")]


def test_an_unknown_key_in_a_group_is_refused() -> None:
    fields = form(group(text("street"), path="address"))
    assert codes(submit(fields, {"address": {"street": "", "rent": 1}})) == {"address.rent": "unknown-key"}


def test_two_groups_may_share_a_path() -> None:
    fields = form(group(text("street"), path="home"), {**group(text("town"), path="home"), "id": "Group_2"})
    assert submit(fields, {"home": {"street": "a", "town": "b"}}).values == {"home": {"street": "a", "town": "b"}}


# ---- computed


def test_a_computed_value_is_computed_here_and_never_believed() -> None:
    fields = form(number("persons"), number("standard"), computed("total", "persons * standard"))
    outcome = submit(fields, {"persons": 3, "standard": Decimal("1080.5"), "total": 1})
    assert outcome.values == {"persons": 3, "standard": Decimal("1080.5"), "total": Decimal("3241.5")}


def test_computed_values_may_build_on_each_other_in_any_order() -> None:
    fields = form(computed("c", "b + 1"), computed("b", "a + 1"), number("a"))
    assert submit(fields, {"a": 1}).values == {"a": 1, "b": 2, "c": 3}


def test_a_computed_value_is_json() -> None:
    fields = form(computed("day", 'date("2026-09-14") + duration("P1D")'), computed("rows", "[{a: 1.5}]"))
    assert submit(fields, {}).values == {"day": "2026-09-15", "rows": [{"a": Decimal("1.5")}]}


def test_a_rule_that_cannot_be_computed_is_an_error_and_not_an_exception() -> None:
    endless = "count(for i in 1..100000, j in 1..100000 return i)"
    fields = form(
        computed("n", endless), text("b", conditional=hidden_if(f"{endless} > 1")), computed("f", "function(x) x")
    )
    outcome = validate(fields, {}, data={}, settings=Settings(now=NOW, step_limit=1000))
    assert codes(outcome) == {"n": "expression-failed", "b": "expression-failed", "f": "expression-failed"}


# ---- limits from expressions


def test_limits_may_be_computed_from_data_and_answers() -> None:
    fields = form(
        number("persons"),
        number("awake", validate={"min": "=if persons > 2 then 2 else null", "max": "=persons"}),
        text("name", validate={"minLength": "=shortest", "maxLength": "=shortest + 1"}),
    )
    good = {"persons": 3, "awake": 2, "name": "李四"}
    assert submit(fields, good, {"shortest": 2}).errors == ()
    assert codes(submit(fields, {**good, "awake": 1}, {"shortest": 2})) == {"awake": "too-small"}
    assert codes(submit(fields, {**good, "awake": 4}, {"shortest": 2})) == {"awake": "too-great"}
    assert codes(submit(fields, {**good, "name": "李"}, {"shortest": 2})) == {"name": "too-short"}
    assert codes(submit(fields, {**good, "name": "欧阳建国"}, {"shortest": 2})) == {"name": "too-long"}


def test_a_limit_that_is_null_limits_nothing() -> None:
    fields = form(number("n", validate={"min": "=missing"}), text("t", validate={"maxLength": "=missing"}))
    assert submit(fields, {"n": -5, "t": "long"}).errors == ()


def test_a_limit_kept_as_text_is_a_limit() -> None:
    most = number("most", serializeToString=True)
    fields = form(most, number("n", validate={"max": "=most"}), text("t", validate={"maxLength": "=most"}))
    assert submit(fields, {"most": "3", "n": 3, "t": "abc"}).errors == ()
    assert codes(submit(fields, {"most": "3", "n": 4, "t": "abcd"})) == {"n": "too-great", "t": "too-long"}


@pytest.mark.parametrize("limit", ['"x"', '""', "true", "[1]", '"0x10"'])
def test_nothing_can_be_compared_with_a_limit_that_is_no_number(limit: str) -> None:
    for name in ("min", "max"):
        fields = form(number("n", validate={name: f"={limit}"}))
        assert codes(submit(fields, {"n": 1})) == {"n": "limit-no-number"}
        assert submit(fields, {"n": None}).errors == ()


@pytest.mark.parametrize(("limit", "most"), [('""', 0), ("true", 1), ('" +2 "', 2), ('"x"', 9), ("[1]", 9)])
def test_a_length_is_compared_as_browsers_compare(limit: str, most: int) -> None:
    fields = form(text("t", validate={"maxLength": f"={limit}"}))
    assert submit(fields, {"t": "a" * most}).errors == ()
    assert bool(submit(fields, {"t": "a" * (most + 1)}).errors) is (most < 9)


# ---- lists


def test_each_row_is_checked_and_its_errors_name_it() -> None:
    fields = form(rows_of(text("name", validate={"required": True}), number("income")))
    good: JsonObject = {"members": [{"name": "张三", "income": 2000}, {"name": "李四"}]}
    assert submit(fields, good).values == good
    bad = submit(fields, {"members": [{"name": "张三", "income": "2000"}, {"name": ""}, 5, {"name": "x", "junk": 1}]})
    assert codes(bad) == {
        "members.0.income": "wrong-type",
        "members.1.name": "required",
        "members.2": "wrong-type",
        "members.3.junk": "unknown-key",
    }


@pytest.mark.parametrize(("value", "code"), [("text", "wrong-type"), ({}, "wrong-type"), ([{}] * 501, "too-many")])
def test_a_list_of_another_kind_or_too_long_is_refused(value: JsonValue, code: str) -> None:
    assert codes(submit(form(rows_of(text())), {"members": value})) == {"members": code}


def test_a_list_left_out_or_empty_is_fine() -> None:
    assert submit(form(rows_of(text())), {}).values == {}
    assert submit(form(rows_of(text())), {"members": []}).values == {"members": []}


def test_expressions_in_a_row_see_this_parent_the_row_number_and_all_data() -> None:
    fields = form(
        number("standard"),
        rows_of(
            number("share"),
            computed("amount", "this.share * standard * factor"),
            computed("place", "i[1]"),
            computed("all", "sum(parent.members.share)"),
            computed("same", "_this_.share = this.share and _parent_.standard = standard and _i_[1] = i[1]"),
        ),
    )
    outcome = submit(fields, {"standard": 100, "members": [{"share": 1}, {"share": 2}]}, {"factor": 10})
    assert outcome.values["members"] == [
        {"share": 1, "amount": 1000, "place": 1, "all": 3, "same": True},
        {"share": 2, "amount": 2000, "place": 2, "all": 3, "same": True},
    ]


def test_rows_may_hold_rows() -> None:
    inner = rows_of(number("age", validate={"min": 0}), computed("at", "i"), path="children")
    fields = form(rows_of(text("name"), inner))
    outcome = submit(fields, {"members": [{"name": "a", "children": []}, {"name": "b", "children": [{"age": 5}]}]})
    assert outcome.values["members"][1]["children"] == [{"age": 5, "at": [2, 1]}]
    bad = submit(fields, {"members": [{"name": "a", "children": [{"age": -1}]}]})
    assert codes(bad) == {"members.0.children.0.age": "too-small"}


def test_a_condition_hides_in_one_row_and_not_in_another() -> None:
    fields = form(rows_of(text("kind"), text("reason", conditional=hidden_if('this.kind = "ok"'))))
    outcome = submit(fields, {"members": [{"kind": "ok"}, {"kind": "no", "reason": "y"}]})
    assert outcome.values == {"members": [{"kind": "ok"}, {"kind": "no", "reason": "y"}]}
    refused = submit(fields, {"members": [{"kind": "ok", "reason": "x"}, {"kind": "no", "reason": "y"}]})
    assert [error.path for error in refused.errors] == [("members", 0, "reason")]


def test_a_hidden_list_is_dropped_whatever_it_holds() -> None:
    fields = form(component("checkbox", "single"), rows_of(text("name"), conditional=hidden_if("single")))
    assert submit(fields, {"single": True, "members": [{"junk": 1}, 5]}).values == {"single": True}
    assert submit(fields, {"single": True, "members": "junk"}).values == {"single": True}


def test_fixed_rows_can_neither_be_added_nor_removed() -> None:
    fields = form(rows_of(text("name", readonly=True), text("signed"), allowAddRemove=False))
    stored: JsonObject = {"members": [{"name": "张三", "id": 7}, {"name": "李四", "id": 8}]}
    good = submit(fields, {"members": [{"name": "forged", "signed": "yes"}, {"signed": "no"}]}, stored)
    assert good.values == {"members": [{"name": "张三", "signed": "yes"}, {"name": "李四", "signed": "no"}]}
    wrong: list[JsonValue] = [[{"signed": "yes"}], [{}, {}, {}]]
    for rows in wrong:
        assert codes(submit(fields, {"members": rows}, stored)) == {"members": "fixed-rows"}


def test_fixed_rows_nobody_sent_are_there_with_what_is_stored() -> None:
    cells = [
        text("name", readonly=True),
        text("signed", validate={"required": True}, conditional=hidden_if("closed = true")),
    ]
    fields = form(rows_of(*cells, allowAddRemove=False))
    stored: JsonObject = {"members": [{"name": "张三"}, {"name": "李四"}]}
    assert codes(submit(fields, {}, stored)) == {"members.0.signed": "required", "members.1.signed": "required"}
    closed: JsonObject = {**stored, "closed": True}
    absent: list[JsonObject] = [{}, {"members": None}, {"members": [None, {}]}]
    for submission in absent:
        assert submit(fields, submission, closed).values == stored


def test_fixed_rows_without_stored_ones_are_as_many_as_the_form_starts_with() -> None:
    fields = form(rows_of(text("name"), allowAddRemove=False, defaultRepetitions=2))
    assert submit(fields, {"members": [{"name": "a"}, {"name": "b"}]}).errors == ()
    assert codes(submit(fields, {"members": [{"name": "a"}]})) == {"members": "fixed-rows"}
    assert submit(fields, {}, {"members": []}).values == {}


def test_fixed_rows_inside_a_row_that_is_not_known_again_may_be_as_many_as_they_are() -> None:
    fields = form(rows_of(text("name"), rows_of(text("signed"), path="papers", allowAddRemove=False)))
    stored: JsonObject = {"members": [{"papers": [{}, {}]}, {"papers": [{}, {}, {}]}]}
    left: JsonObject = {"members": [{"name": "李四", "papers": [{"signed": "a"}, {"signed": "b"}, {"signed": "c"}]}]}
    assert submit(fields, left, stored).values == left
    same: JsonObject = {"members": [{"papers": [{}]}, {"papers": [{}, {}, {}]}]}
    assert codes(submit(fields, same, stored)) == {"members.0.papers": "fixed-rows"}
    assert codes(submit(fields, {"members": [{"papers": []}]})) == {"members.0.papers": "fixed-rows"}


def test_a_read_only_cell_stays_with_its_row_when_another_row_is_removed() -> None:
    fields = form(rows_of(text("name", readonly=True), number("amount", disabled=True), text("signed")))
    stored: JsonObject = {"members": [{"name": "张三", "amount": 1}, {"name": "李四", "amount": 2}]}
    assert submit(fields, {"members": [{"name": "李四", "signed": "yes"}]}, stored).values == {
        "members": [{"name": "李四", "amount": 2, "signed": "yes"}]
    }


def test_a_cell_a_condition_locks_stays_with_its_row_when_another_row_is_removed() -> None:
    fields = form(rows_of(text("name", readonly="=closed"), text("signed")))
    stored: JsonObject = {"closed": True, "members": [{"name": "张三"}, {"name": "李四"}]}
    assert submit(fields, {"members": [{"name": "李四", "signed": "yes"}]}, stored).values == {
        "members": [{"name": "李四", "signed": "yes"}]
    }
    forged = submit(fields, {"members": [{"name": "王五", "signed": "yes"}]}, stored)
    assert forged.values == {"members": [{"signed": "yes"}]}


def test_a_new_row_brings_no_read_only_cells() -> None:
    fields = form(rows_of(text("name", readonly=True), text("signed")))
    stored: JsonObject = {"members": [{"name": "张三"}]}
    outcome = submit(fields, {"members": [{"name": "张三", "signed": "a"}, {"name": "王五", "signed": "b"}]}, stored)
    assert outcome.values == {"members": [{"name": "张三", "signed": "a"}, {"signed": "b"}]}


def test_a_row_that_brings_no_read_only_cell_is_known_by_its_place_while_no_row_came_or_went() -> None:
    fields = form(rows_of(text("name", disabled=True), text("signed")))
    stored: JsonObject = {"members": [{"name": "张三"}, {"name": "李四"}]}
    same = submit(fields, {"members": [{"signed": "a"}, {"signed": "b"}]}, stored)
    assert same.values == {"members": [{"name": "张三", "signed": "a"}, {"name": "李四", "signed": "b"}]}
    assert submit(fields, {"members": [{"signed": "a"}]}, stored).values == {"members": [{"signed": "a"}]}


def test_what_is_stored_in_a_row_beside_the_form_is_seen_by_its_expressions() -> None:
    fields = form(rows_of(text("reason", conditional=hidden_if('this.kind = "ok"')), allowAddRemove=False))
    stored: JsonObject = {"members": [{"kind": "ok"}, {"kind": "no"}]}
    outcome = submit(fields, {"members": [{}, {"reason": "y"}]}, stored)
    assert outcome.values == {"members": [{}, {"reason": "y"}]}


def test_stored_data_is_never_changed() -> None:
    fields = form(group(text("street"), path="address"), rows_of(text("name")))
    stored: JsonObject = {"address": {"street": "old", "town": "t"}, "members": [{"name": "old"}]}
    submit(fields, {"address": {"street": "new"}, "members": [{"name": "new"}]}, stored)
    assert stored == {"address": {"street": "old", "town": "t"}, "members": [{"name": "old"}]}
