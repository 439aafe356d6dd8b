"""Cookies that were read before: known again, but neither forged nor for ever."""

from __future__ import annotations

import time
from typing import Any

import pytest
from flask import Flask

from web import sessions
from web.sessions import RememberedSessions


@pytest.fixture
def app() -> Flask:
    found = Flask("cookies")
    found.config.update(SECRET_KEY="a secret of this test", SESSION_COOKIE_NAME="kept")
    found.session_interface = RememberedSessions()
    return found


def signed(app: Flask, **said: Any) -> str:
    interface = app.session_interface
    assert isinstance(interface, RememberedSessions)
    serializer = interface.get_signing_serializer(app)
    assert serializer is not None
    return str(serializer.dumps(said))


def read(app: Flask, cookie: str) -> dict[str, Any]:
    with app.test_request_context(headers={"Cookie": f"kept={cookie}"}) as context:
        found = app.session_interface.open_session(app, context.request)
        assert found is not None
        return dict(found)


def test_a_cookie_says_the_same_every_time(app: Flask) -> None:
    cookie = signed(app, login="clerk", epoch=3)

    assert read(app, cookie) == read(app, cookie) == {"login": "clerk", "epoch": 3}


def test_what_a_request_changes_is_not_known_of_its_cookie(app: Flask) -> None:
    cookie = signed(app, login="clerk", parts=["one"])
    read(app, cookie)["parts"].append("two")

    assert read(app, cookie) == {"login": "clerk", "parts": ["one"]}


def test_a_forged_cookie_says_nothing_beside_the_true_one(app: Flask) -> None:
    cookie = signed(app, login="clerk")
    read(app, cookie)

    assert read(app, cookie[:-2] + ("AA" if cookie[-2:] != "AA" else "BB")) == {}


def test_a_cookie_known_already_grows_too_old_all_the_same(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    cookie = signed(app, login="clerk")
    assert read(app, cookie) == {"login": "clerk"}
    later = time.time() + app.permanent_session_lifetime.total_seconds() + 5
    monkeypatch.setattr(time, "time", lambda: later)

    assert read(app, cookie) == {}


def test_no_more_cookies_are_known_than_are_worth_it(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "MOST_KNOWN", 2)
    cookies = [signed(app, login=f"clerk{number}") for number in range(5)]
    for number, cookie in enumerate(cookies):
        assert read(app, cookie) == {"login": f"clerk{number}"}

    interface = app.session_interface
    assert isinstance(interface, RememberedSessions)
    assert 1 <= len(interface._known) <= 2
