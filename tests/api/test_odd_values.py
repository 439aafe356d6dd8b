"""Every value of a request replaced by something odd, one at a time: never a server error."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

from tests.api.applications import application_json
from tests.api.conftest import Client
from tests.api.test_pages import filled

SignIn = Callable[[str], Client]
ODD: tuple[Any, ...] = (
    None,
    True,
    -1,
    10**29,
    0.5,
    "",
    " ",
    "\ufffe",
    "’; --",
    "𠮷" * 3000,
    [],
    [None],
    {},
    {"a": [1]},
    "9999-99-99",
    "-0",
    "1e5",
)
ODD_TEXTS = (
    "",
    " ",
    "%",
    "\\",
    "-1",
    "0",
    "99999999999999999999",
    "NaN",
    "∞",
    "１２",
    "'\"<>",
    "x" * 5000,
    "\u202e",
    "1e5",
    "٣",
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, dict | list):
        for step, child in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(child, (*path, step))


def replaced(value: Any, path: tuple[Any, ...], odd: Any) -> Any:
    if not path:
        return odd
    changed = copy.deepcopy(value)
    place = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = odd
    return changed


def test_no_odd_value_in_an_application_breaks_the_server(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    whole = application_json(
        account={"bank": "农商行", "holder": "陈建国", "number": "6229990000000000"},
        remark="",
        received_on="2026-06-01",
    )
    for path in places(whole):
        for odd in ODD:
            answer = clerk.post("/api/v1/applications", replaced(whole, path, odd))
            assert answer.status_code < 500, (path, odd, answer.text)


def test_no_odd_text_in_the_application_form_breaks_the_page(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    names = [
        *filled(),
        "household-own_area",
        "members-0-grade",
        "members-0-disability_level",
        "account-number",
        "received_on",
    ]
    for name in names:
        for odd in ODD_TEXTS:
            answer = clerk.form("/applications/new", **(filled() | {name: odd}))
            assert answer.status_code < 500, (name, odd)


def test_no_odd_text_in_an_address_breaks_a_page(sign_in: SignIn) -> None:
    supervisor = sign_in("supervisor")
    for path in ("/tasks", "/cases", "/api/v1/tasks", "/api/v1/cases", "/api/v1/calendar", "/api/v1/incidents"):
        for name in (
            "q",
            "tab",
            "order",
            "page",
            "descending",
            "text",
            "limit",
            "offset",
            "year",
            "case",
            "region",
            "lang",
        ):
            for odd in ODD_TEXTS:
                answer = supervisor.get(path, query_string={name: odd})
                assert answer.status_code < 500, (path, name, odd)


def test_no_odd_answer_to_a_form_breaks_the_server(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    clerk.post("/api/v1/applications", application_json())
    task = clerk.get("/api/v1/tasks?tab=to-claim").json["tasks"][0]["id"]
    clerk.post(f"/api/v1/tasks/{task}/claim")
    whole = {"variables": {"completeness": "incomplete", "missing_documents": [], "missing_note": "x"}, "version": 9}
    for path in places(whole):
        for odd in ODD:
            for action, send in (("complete", clerk.post), ("draft", clerk.put)):
                answer = send(f"/api/v1/tasks/{task}/{action}", replaced(whole, path, odd))
                assert answer.status_code < 500, (action, path, odd, answer.text)
