"""Hidden and locked fields: what decides about them, and what they count as for others."""

from __future__ import annotations

import pytest

from engine.json_values import JsonObject, JsonValue
from tests.unit.forms.factories import codes, component, computed, form, group, hidden_if, number, rows_of, submit, text

YES_NO: list[JsonValue] = [{"label": "是", "value": "yes"}, {"label": "否", "value": "no"}]


# ---- hidden


def test_an_answer_to_a_hidden_question_is_refused_and_an_empty_one_is_not_checked() -> None:
    fields = form(
        component("radio", "agrees", values=YES_NO),
        text("reason", conditional=hidden_if('agrees = "yes"'), validate={"required": True}),
    )
    assert codes(submit(fields, {"agrees": "yes", "reason": "forged"})) == {"reason": "hidden"}
    for empty in ({}, {"reason": None}, {"reason": ""}):
        assert submit(fields, {"agrees": "yes", **empty}).values == {"agrees": "yes"}
    assert submit(fields, {"agrees": "yes", "reason": "kept"}, {"reason": "kept"}).values == {"agrees": "yes"}
    assert codes(submit(fields, {"agrees": "no"})) == {"reason": "required"}


@pytest.mark.parametrize("expression", ["false", '"true"', "1", "[true]", "no such name = 1", "1/0 = 1", "not(true)"])
def test_what_is_neither_true_nor_null_hides_nothing(expression: str) -> None:
    field = text("reason", conditional=hidden_if(expression), validate={"required": True})
    assert codes(submit(form(field), {})) == {"reason": "required"}


@pytest.mark.parametrize(
    "expression", ["null", "agrees", "income > 1000", "not(agrees = 1)", "not(1)", "agrees and true"]
)
def test_a_condition_that_cannot_be_told_hides_as_it_does_in_the_browser(expression: str) -> None:
    field = text("reason", conditional=hidden_if(expression), validate={"required": True})
    assert submit(form(field), {}).errors == ()


@pytest.mark.parametrize("expression", ["not(null)", "not(agrees)", " not ( income > 1000 ) "])
def test_the_opposite_of_what_cannot_be_told_hides_nothing(expression: str) -> None:
    field = text("reason", conditional=hidden_if(expression), validate={"required": True})
    assert codes(submit(form(field), {})) == {"reason": "required"}


def test_a_lock_that_cannot_be_told_locks_as_it_does_in_the_browser() -> None:
    fields = form(text("note", readonly="=confirmed"), text("open", readonly="=not(confirmed)"))
    stored: JsonObject = {"note": "kept", "open": "old"}
    assert submit(fields, {"note": "forged", "open": "new"}, stored).values == {"note": "kept", "open": "new"}


def test_a_negation_around_a_part_only_is_an_ordinary_expression() -> None:
    field = text("reason", conditional=hidden_if("not(a) and not(b)"), validate={"required": True})
    assert codes(submit(form(field), {}, {"a": True, "b": False})) == {"reason": "required"}
    assert submit(form(field), {}, {"a": False, "b": False}).errors == ()


def test_a_hidden_group_hides_its_children_and_leaves_no_empty_object() -> None:
    hidden = group(text("street", validate={"required": True}), path="address", conditional=hidden_if("homeless"))
    fields = form(component("checkbox", "homeless"), hidden)
    assert submit(fields, {"homeless": True, "address": {"street": ""}}).values == {"homeless": True}
    assert submit(fields, {"homeless": True, "address": 5}).values == {"homeless": True}


def test_a_hidden_field_counts_as_null_for_the_others() -> None:
    fields = form(
        text("a"),
        text("b", conditional=hidden_if('a = "hide"')),
        text("c", conditional=hidden_if('b = "hide"'), validate={"required": True}),
    )
    assert codes(submit(fields, {"a": "hide", "b": "hide"})) == {"b": "hidden", "c": "required"}
    assert submit(fields, {"a": "", "b": "hide"}).values == {"a": "", "b": "hide"}


def test_a_hidden_field_counts_as_what_it_held_when_the_form_was_opened() -> None:
    hidden, c = hidden_if("true"), text("c", conditional=hidden_if('b = "hide"'), validate={"required": True})
    assert submit(form(text("b", conditional=hidden), c), {}, {"b": "hide"}).errors == ()
    assert submit(form(text("b", conditional=hidden, defaultValue="hide"), c), {}).errors == ()
    assert codes(submit(form(text("b", conditional=hidden), c), {})) == {"c": "required"}
    in_group = group(text("b", conditional=hidden), text("x"), path="g")
    c_in_group = text("c", conditional=hidden_if('g.b = "hide"'), validate={"required": True})
    assert codes(submit(form(in_group, c_in_group), {"g": {"x": "1"}}, {"g": {"b": "hide"}})) == {"c": "required"}


def test_a_hidden_list_counts_as_the_rows_it_was_opened_with() -> None:
    many = text("c", conditional=hidden_if("count(members) = 2"), validate={"required": True})
    hidden = hidden_if("true")
    assert submit(form(rows_of(text("a"), conditional=hidden), many), {}, {"members": [{}, {}]}).errors == ()
    assert submit(form(rows_of(text("a"), conditional=hidden, defaultRepetitions=2), many), {}).errors == ()
    assert codes(submit(form(rows_of(text("a"), conditional=hidden), many), {})) == {"c": "required"}


def test_a_locked_field_with_nothing_stored_counts_as_empty() -> None:
    fields = form(
        text("t", readonly=True),
        component("checkbox", "b", disabled=True),
        component("taglist", "m", readonly=True, values=["a"]),
        computed("all", 't = "" and b = false and count(m) = 0'),
    )
    assert submit(fields, {}).values == {"all": True}


def test_a_condition_may_look_at_a_field_further_down() -> None:
    fields = form(text("first", conditional=hidden_if('last = "x"')), text("last"))
    assert codes(submit(fields, {"first": "a", "last": "x"})) == {"first": "hidden"}
    assert submit(fields, {"last": "x"}).values == {"last": "x"}


def test_conditions_that_chase_each_other_come_to_an_end() -> None:
    fields = form(text("a", conditional=hidden_if("b = null")), text("b", conditional=hidden_if("a != null")))
    assert set(codes(submit(fields, {"a": "1", "b": "2"})).values()) <= {"hidden"}


def test_a_condition_may_look_at_its_own_field() -> None:
    shown_when_filled = text("note", readonly=True, conditional=hidden_if('note = null or note = ""'))
    assert submit(form(shown_when_filled), {}, {"note": "退回"}).values == {"note": "退回"}
    assert submit(form(shown_when_filled), {}, {"note": ""}).values == {}
    assert submit(form(text("note", conditional=hidden_if("note = null"))), {"note": "a"}).values == {"note": "a"}


# ---- locked


@pytest.mark.parametrize("lock", [{"readonly": True}, {"disabled": True}, {"readonly": "=locked"}])
def test_a_locked_field_keeps_what_is_stored(lock: JsonObject) -> None:
    fields = form(number("amount", validate={"max": 1}, **lock))
    assert submit(fields, {"amount": 1}, {"amount": 1964, "locked": True}).values == {"amount": 1964}
    assert submit(fields, {}, {"amount": 1964, "locked": True}).values == {"amount": 1964}


def test_a_locked_field_with_nothing_stored_takes_its_default_or_stays_out() -> None:
    assert submit(form(text(readonly=True, defaultValue="无")), {"note": "forged"}).values == {"note": "无"}
    assert submit(form(text(readonly=True)), {"note": "forged"}).values == {}


def test_a_forged_locked_value_is_not_seen_by_conditions() -> None:
    fields = form(text("kind", readonly=True), text("reason", conditional=hidden_if('kind = "simple"')))
    outcome = submit(fields, {"kind": "simple", "reason": "x"}, {"kind": "full"})
    assert outcome.values == {"kind": "full", "reason": "x"}


def test_an_open_field_is_locked_by_another_answer() -> None:
    fields = form(component("checkbox", "confirmed"), number("rent", readonly="=confirmed"))
    assert submit(fields, {"confirmed": True, "rent": 1}, {"rent": 720}).values == {"confirmed": True, "rent": 720}
    assert submit(fields, {"confirmed": False, "rent": 1}, {"rent": 720}).values == {"confirmed": False, "rent": 1}
