"""Where a form is sent to can be opened or loaded anew: that leads to the page the form stands on."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import BaseConverter, Rule
from werkzeug.routing.converters import NumberConverter

from web.pages import BLUEPRINTS

OF_NO_PAGE = {"advice.withdraw", "evidence.remove", "evidence.take_original", "session.sign_out_now"}
"""They stand on pages of other addresses, and lead to the start."""
READ_AS_OTHERS = {"cases.search"}
"""Opened, they are the address of another page: no browser stays there, as they answer by the way to the list."""


def forms(app: Flask) -> Iterator[Rule]:
    """Yield the addresses of pages that only take what is sent."""
    names = {one.name for one in BLUEPRINTS}
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.partition(".")[0] in names]
    shown = {rule.rule for rule in rules if "GET" in (rule.methods or ())}
    yield from (rule for rule in rules if "POST" in (rule.methods or ()) and rule.rule not in shown)


def some_address(app: Flask, rule: Rule) -> str:
    values = {name: some_value(rule._converters[name]) for name in rule.arguments}
    return str(app.url_map.bind("").build(rule.endpoint, values, "POST"))


def some_value(converter: BaseConverter) -> str | int:
    if isinstance(converter, NumberConverter):
        return 1
    return sorted(getattr(converter, "items", [str(uuid4())]))[0]


def test_every_address_of_a_form_leads_to_a_page_that_can_be_shown(app: Flask, anonymous: FlaskClient) -> None:
    met, shadowed = 0, set()
    for rule in sorted(forms(app), key=lambda one: one.rule):
        address = some_address(app, rule)
        led = anonymous.get(address)
        assert led.status_code == 303, address
        if led.location.startswith("/sign-in?"):
            shadowed.add(rule.endpoint)
            continue
        _page, values = app.url_map.bind("").match(led.location, method="GET")
        assert (led.location == "/") is (rule.endpoint in OF_NO_PAGE), (rule.endpoint, led.location)
        assert address.startswith(led.location)
        assert set(values) <= rule.arguments
        met += 1
    assert met > 50
    assert shadowed == READ_AS_OTHERS


def test_programs_are_told_that_the_method_is_wrong(anonymous: FlaskClient) -> None:
    assert anonymous.get("/api/v1/tasks/search").status_code == 405
    assert anonymous.get("/tasks/search", headers={"Accept": "application/json"}).status_code == 405
