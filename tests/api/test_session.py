"""Signing in, staying signed in, and being shut out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from api.app import create_app
from api.services import Services
from tests.api.conftest import PASSWORD, Client, content

SignIn = Callable[[str], Client]


def attempt(client: FlaskClient, login: str, password: str) -> int:
    return client.post("/api/v1/session", json={"login": login, "password": password}).status_code


def test_the_right_password_opens_a_session_with_its_posts(sign_in: SignIn) -> None:
    answer = sign_in("clerk").get("/api/v1/session")

    assert content(answer)["login"] == "clerk"
    assert content(answer)["posts"][0]["role"] == "clerk"


def test_an_unknown_login_and_a_wrong_password_answer_the_same(anonymous: FlaskClient) -> None:
    unknown = anonymous.post("/api/v1/session", json={"login": "nobody", "password": PASSWORD})
    wrong = anonymous.post("/api/v1/session", json={"login": "clerk", "password": "wrong-password"})

    assert unknown.status_code == wrong.status_code == 401
    assert {**content(unknown), "request_id": ""} == {**content(wrong), "request_id": ""}


def test_five_wrong_passwords_lock_the_account_even_for_the_right_one(anonymous: FlaskClient) -> None:
    statuses = [attempt(anonymous, "clerk", "wrong-password") for _ in range(5)]
    locked = anonymous.post("/api/v1/session", json={"login": "clerk", "password": PASSWORD})

    assert statuses == [401, 401, 401, 401, 429]
    assert locked.status_code == 429
    assert 0 < int(locked.headers["Retry-After"]) <= 900


def test_a_locked_account_opens_again_after_fifteen_minutes(services: Services) -> None:
    client = create_app(services).test_client()
    for _ in range(5):
        attempt(client, "clerk", "wrong-password")
    later = services.now() + timedelta(minutes=15, seconds=1)
    engine = services.engine
    engine._now = lambda: later  # the clock of the engine is what the lock is measured by
    assert attempt(client, "clerk", PASSWORD) == 200


def test_a_right_password_forgets_the_wrong_ones_before(anonymous: FlaskClient) -> None:
    for _ in range(4):
        attempt(anonymous, "clerk", "wrong-password")
    assert attempt(anonymous, "clerk", PASSWORD) == 200
    assert attempt(anonymous, "clerk", "wrong-password") == 401


def test_a_changed_password_ends_every_other_session(sign_in: SignIn) -> None:
    here, elsewhere = sign_in("clerk"), sign_in("clerk")
    changed = here.put(
        "/api/v1/session/password", {"current_password": PASSWORD, "new_password": "mountains-and-seas-8"}
    )

    assert changed.status_code == 200
    assert here.get("/api/v1/session").status_code == 200
    assert elsewhere.get("/api/v1/session").status_code == 401


def test_a_session_ends_after_eight_hours_without_use(services: Services) -> None:
    shown = [services.now()]
    client = create_app(replace(services, now=lambda: shown[0])).test_client()
    assert attempt(client, "clerk", PASSWORD) == 200

    shown[0] += timedelta(hours=7)
    assert client.get("/api/v1/session").status_code == 200
    shown[0] += timedelta(hours=7)
    assert client.get("/api/v1/session").status_code == 200
    shown[0] += timedelta(hours=8, seconds=1)
    assert client.get("/api/v1/session").status_code == 401


def test_a_change_needs_the_token_of_its_session(sign_in: SignIn) -> None:
    one, other = sign_in("clerk"), sign_in("reviewer")

    without = one.client.delete("/api/v1/session")
    foreign = one.client.delete("/api/v1/session", headers={"X-CSRF-Token": other.token})
    assert without.status_code == foreign.status_code == 403
    assert content(without)["code"] == "csrf-failed"
    assert one.delete("/api/v1/session").status_code == 204
    assert one.get("/api/v1/session").status_code == 401


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(anonymous: FlaskClient) -> None:
    answer = anonymous.post("/api/v1/session", json={"login": "clerk", "password": PASSWORD})
    cookie = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith("relief_session="))

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_the_cookie_keeps_to_https_where_it_is_served(services: Services) -> None:
    settings = replace(services.settings, https=True)
    client = create_app(replace(services, settings=settings)).test_client()
    answer = client.post("/api/v1/session", json={"login": "clerk", "password": PASSWORD}, base_url="https://localhost")

    assert "Secure" in answer.headers["Set-Cookie"]


def test_programs_use_basic_without_a_token(anonymous: FlaskClient) -> None:
    assert anonymous.get("/api/v1/tasks", auth=("clerk", PASSWORD)).status_code == 200
    refused = anonymous.get("/api/v1/tasks", auth=("clerk", "wrong-password"))
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"].startswith("Basic")


def test_basic_credentials_never_open_a_page(anonymous: FlaskClient) -> None:
    assert anonymous.get("/tasks", auth=("clerk", PASSWORD)).status_code == 303


def test_wrong_basic_credentials_lock_the_account_too(anonymous: FlaskClient) -> None:
    for _ in range(5):
        anonymous.get("/api/v1/tasks", auth=("clerk", "wrong-password"))
    assert anonymous.get("/api/v1/tasks", auth=("clerk", PASSWORD)).status_code == 429


def test_a_first_password_opens_nothing_but_its_change(sign_in: SignIn) -> None:
    newcomer = sign_in("newcomer")

    assert newcomer.get("/api/v1/tasks").json["code"] == "password-must-change"
    assert newcomer.get("/tasks").headers["Location"] == "/profile"
    newcomer.put("/api/v1/session/password", {"current_password": PASSWORD, "new_password": "mountains-and-seas-8"})
    assert newcomer.get("/api/v1/tasks").status_code == 200


def test_signing_in_leads_back_to_the_page_that_was_wanted(app: Flask) -> None:
    client = app.test_client()
    led = client.get("/cases?status=closed").headers["Location"]
    page = client.get(led)
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    answer = client.post(
        "/sign-in",
        data={"csrf_token": token, "login": "clerk", "password": PASSWORD, "next": "/cases?status=closed"},
    )

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/cases?status=closed"


def test_the_token_on_a_page_is_another_each_time_and_each_is_accepted(app: Flask) -> None:
    client = app.test_client()
    tokens = [client.get("/sign-in").text.split('name="csrf_token" value="')[1].split('"')[0] for _ in range(2)]
    assert tokens[0] != tokens[1]
    form = {"login": "clerk", "password": PASSWORD}
    with client.session_transaction() as session:
        plain = session["csrf"]
    assert plain not in tokens
    for wrong in ("", "é", plain[:-1], tokens[0][4:], "A" * 1000):
        assert client.post("/sign-in", data={**form, "csrf_token": wrong}).status_code == 403
    assert client.post("/sign-in", data={**form, "csrf_token": tokens[0]}).status_code == 303


def test_signing_in_never_leads_to_another_site(app: Flask) -> None:
    for wanted in ("https://evil.example", "//evil.example", "/\\evil.example", "/%0d%0aX: y", "javascript:alert(1)"):
        client = app.test_client()
        token = client.get("/sign-in").text.split('name="csrf_token" value="')[1].split('"')[0]
        form = {"csrf_token": token, "login": "clerk", "password": PASSWORD, "next": wanted}
        location = client.post("/sign-in", data=form).headers["Location"]
        assert location.startswith("/")
        assert "evil" not in location
