"""Other sites cannot act with what a browser remembers, and nobody guesses on behind a signed-in page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.api.conftest import PASSWORD, Client, content

SignIn = Callable[[str], Client]
CLERK = ("clerk", PASSWORD)


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Mode": "navigate"}, {"Accept": "text/html,*/*;q=0.8"}])
def test_a_browser_is_never_asked_for_basic_credentials(anonymous: FlaskClient, headers: dict[str, str]) -> None:
    refused = anonymous.get("/api/v1/tasks", headers=headers)

    assert refused.status_code == 401
    assert "WWW-Authenticate" not in refused.headers


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_basic_credentials_change_nothing_for_another_site(anonymous: FlaskClient, headers: dict[str, str]) -> None:
    refused = anonymous.put("/api/v1/session/language", json={"language": "en"}, auth=CLERK, headers=headers)

    assert refused.status_code == 403
    assert content(refused)["code"] == "foreign-site"
    assert content(anonymous.get("/api/v1/session", auth=CLERK))["language"] == "zh"


@pytest.mark.parametrize(
    "headers", [{}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "http://localhost"}]
)
def test_basic_credentials_work_for_programs_and_for_our_own_site(
    anonymous: FlaskClient, headers: dict[str, str]
) -> None:
    changed = anonymous.put("/api/v1/session/language", json={"language": "en"}, auth=CLERK, headers=headers)

    assert changed.status_code == 200


def test_guessing_the_current_password_locks_the_account(sign_in: SignIn, anonymous: FlaskClient) -> None:
    clerk = sign_in("clerk")
    guesses = [guess(clerk, f"wrong-password-{number}") for number in range(12)]
    right = guess(clerk, PASSWORD)
    signed_in = anonymous.post("/api/v1/session", json={"login": "clerk", "password": PASSWORD})

    assert guesses == [422] * 4 + [429] * 8
    assert right == 429
    assert signed_in.status_code == 429


def test_the_page_of_the_account_counts_wrong_passwords_too(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    fields = {"new_password": "mountains-and-seas-8", "repeated_password": "mountains-and-seas-8"}
    answers = [clerk.form("/profile/password", current_password="wrong-password", **fields) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [422] * 4 + [429] * 2
    assert "当前密码不正确" in answers[0].text
    assert "已锁定" in answers[5].text


def test_a_copied_cookie_is_worth_nothing_after_signing_out(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    cookie = clerk.client.get_cookie("relief_session")
    assert cookie is not None
    assert clerk.form("/sign-out").status_code == 303
    clerk.client.set_cookie("relief_session", cookie.value)

    assert clerk.get("/api/v1/session").status_code == 401


def guess(clerk: Client, password: str) -> int:
    body = {"current_password": password, "new_password": "mountains-and-seas-8"}
    return int(clerk.put("/api/v1/session/password", body).status_code)
