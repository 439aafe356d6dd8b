"""How clients sign in, and what they are told when something is wrong."""

from __future__ import annotations

import logging
from collections.abc import Callable

import httpx
import pytest
from flask.testing import FlaskClient

from tests.api.camunda.conftest import PROGRAM
from tests.api.conftest import PASSWORD, Client, content


def test_the_topology_is_told_to_anybody_and_in_no_log(
    anonymous: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        answer = anonymous.get("/v2/topology")

    assert (answer.status_code, content(answer)["gatewayVersion"]) == (200, "8.9.0")
    assert not [one for one in caplog.records if getattr(one, "route", "") == "/v2/topology"]


def test_a_wrong_password_is_answered_403_with_a_body_and_none_401(base_url: str) -> None:
    wrong = httpx.post(f"{base_url}/v2/deployments", files={"resources": ("a.bpmn", b"")}, auth=(PROGRAM, "wrong"))
    nobody = httpx.post(f"{base_url}/v2/deployments", files={"resources": ("a.bpmn", b"")})

    assert (wrong.status_code, wrong.json()["title"], wrong.json()["code"]) == (403, "FORBIDDEN", "sign-in-failed")
    assert (nobody.status_code, nobody.reason_phrase) == (401, "Unauthorized")
    assert nobody.json()["instance"] == "/v2/deployments"


def test_a_session_needs_its_token(sign_in: Callable[[str], Client]) -> None:
    administrator = sign_in("administrator")

    assert administrator.get("/v2/authentication/me").json["username"] == "administrator"
    assert administrator.post("/v2/process-instances/search", json={}).status_code == 200
    forged = administrator.client.post("/v2/process-instances/search", json={})
    assert (forged.status_code, content(forged)["code"]) == (403, "csrf-failed")


def test_a_token_of_another_kind_is_no_sign_in(base_url: str) -> None:
    answer = httpx.get(f"{base_url}/v2/authentication/me", headers={"Authorization": "Bearer abc"})

    assert answer.status_code == 401


REFUSALS = [
    ("GET", "/v2/process-instances/1", 404, "NOT_FOUND"),
    ("GET", "/v2/process-instances/abc", 400, "INVALID_ARGUMENT"),
    ("GET", "/v2/user-tasks/1", 404, "NOT_FOUND"),
    ("POST", "/v2/jobs/1/completion", 404, "NOT_FOUND"),
    ("POST", "/v2/incidents/1/resolution", 404, "NOT_FOUND"),
    ("GET", "/v2/resources/1", 404, "NOT_FOUND"),
    ("GET", "/v2/users/x", 404, "NOT_FOUND"),
    ("PATCH", "/v2/topology", 405, "METHOD_NOT_ALLOWED"),
    ("POST", "/v2/process-instances", 400, "INVALID_ARGUMENT"),
    ("POST", "/v2/variables/search", 400, "INVALID_ARGUMENT"),
]


def test_refusals_are_problems_as_camunda_writes_them(base_url: str) -> None:
    for method, path, status, title in REFUSALS:
        body = {} if method == "POST" else None
        answer = httpx.request(method, f"{base_url}{path}", json=body, auth=(PROGRAM, PASSWORD))

        problem = answer.json()
        assert (answer.status_code, problem["status"], problem["title"]) == (status, status, title), path
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert set(problem) >= {"type", "title", "status", "detail", "instance"}


def test_bodies_that_are_none_are_refused_and_missing_ones_are_empty(base_url: str) -> None:
    address, auth = f"{base_url}/v2/process-instances/search", (PROGRAM, PASSWORD)

    for body in (b"{", b"[]", b'"x"', b'{"filter": [1]}', b'{"page": null}', b'{"filter": {"a\\u0000": 1}}'):
        answer = httpx.post(address, content=body, headers={"Content-Type": "application/json"}, auth=auth)
        assert answer.status_code == 400, body
    for body in (b"", b"null", b"{}"):
        answer = httpx.post(address, content=body, headers={"Content-Type": "application/json"}, auth=auth)
        assert answer.status_code == 200, body
