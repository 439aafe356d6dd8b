"""What a page is given to show a form: no more than the form needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.forms import prefill
from engine.json_values import JsonObject, JsonValue
from tests.unit.forms.factories import component, form, hidden_if, text


class LazyCase(Mapping[str, JsonValue]):
    """A case file that is read only when asked."""

    def __getitem__(self, name: str) -> JsonValue:
        raise AssertionError(name)

    def __iter__(self) -> Iterator[str]:
        raise AssertionError

    def __len__(self) -> int:
        raise AssertionError


def test_only_the_keys_of_the_form_are_shown() -> None:
    assert prefill(form(text("a"), text("b")), {"a": 1, "secret": 2}) == {"a": 1}


def test_what_expressions_texts_and_options_mention_is_shown_too() -> None:
    fields = form(
        text("a", conditional=hidden_if("kind = 1")),
        {"type": "text", "id": "T", "text": "金额 {{amount}} 元"},
        component("select", "s", valuesKey="schools"),
    )
    stored: JsonObject = {"kind": 1, "amount": 1964, "schools": ["a"], "income": 2000}
    assert prefill(fields, stored) == {"kind": 1, "amount": 1964, "schools": ["a"]}


def test_only_the_form_s_part_of_objects_and_rows_is_shown() -> None:
    rows: JsonObject = {"type": "dynamiclist", "id": "L", "path": "members", "components": [text("name")]}
    group: JsonObject = {"type": "group", "id": "G", "path": "home", "components": [{**text("town"), "id": "B"}]}
    stored: JsonObject = {
        "members": [{"name": "张三", "id_number": "x"}, 5],
        "home": {"town": "溧阳", "rent": 1},
    }
    assert prefill(form(rows, group, text("home.flat.room")), stored) == {
        "members": [{"name": "张三"}, {}],
        "home": {"town": "溧阳"},
    }


def test_a_list_of_another_kind_is_shown_empty_and_nothing_stored_shows_nothing() -> None:
    rows: JsonObject = {"type": "dynamiclist", "id": "L", "path": "members", "components": [text("name")]}
    assert prefill(form(rows), {"members": "junk"}) == {"members": []}
    group: JsonObject = {"type": "group", "id": "G", "path": "home", "components": [text("town")]}
    assert prefill(form(rows, group), {}) == {}


def test_a_lazy_case_file_is_never_read_whole() -> None:
    fields = form(text("a", conditional=hidden_if("case.kind = 1")))
    assert prefill(fields, {"a": "x", "case": LazyCase()}) == {"a": "x"}


def test_what_is_shown_is_what_a_page_sends_back() -> None:
    fields = form(text("note", readonly=True), component("number", "rent"))
    assert prefill(fields, {"note": "n", "rent": 720}) == {"note": "n", "rent": 720}
