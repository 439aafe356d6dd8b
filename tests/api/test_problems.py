"""Whatever is sent, the answer is a problem that says what is wrong; nothing sent by hand is a server error."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.api.applications import application_json
from tests.api.conftest import PASSWORD, Client, content
from web.authentication import permits
from workflows.organisation.rights import Right

SignIn = Callable[[str], Client]
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nonsense",
        b"\xff\xfe",
        b'{"login": NaN}',
        b'{"login": "\\ud800", "password": "x"}',
        b'{"login": "a\\u0000b", "password": "x"}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"1" * 5_000,
        b"1e999999999999",
        b'{"login": 1' + b"0" * 5_000 + b"}",
    ],
)
def test_broken_json_is_a_bad_request(anonymous: FlaskClient, body: bytes) -> None:
    answer = anonymous.post("/api/v1/session", data=body, headers=JSON)

    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"
    assert content(answer)["code"] == "bad-json"


@pytest.mark.parametrize("body", ["[]", "null", '"text"', "5", "true"])
def test_json_that_is_no_object_is_refused_by_name(anonymous: FlaskClient, body: str) -> None:
    answer = anonymous.post("/api/v1/session", data=body, headers=JSON)

    assert answer.status_code == 422
    assert content(answer)["errors"][0]["code"] == "not-an-object"


@pytest.mark.parametrize("value", [None, 5, [], {}, True, "x" * 5000])
def test_a_login_that_is_no_login_is_refused(anonymous: FlaskClient, value: Any) -> None:
    answer = anonymous.post("/api/v1/session", json={"login": value, "password": "x"})

    assert answer.status_code == 422


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "", "application/xml"])
def test_another_content_type_is_told_which_one_is_taken(anonymous: FlaskClient, content_type: str) -> None:
    answer = anonymous.post("/api/v1/session", data="login=clerk", headers={"Content-Type": content_type})

    assert answer.status_code == 415
    assert "application/json" in content(answer)["detail"]


def test_a_body_over_two_megabytes_is_too_large(anonymous: FlaskClient) -> None:
    answer = anonymous.post("/api/v1/session", data=b" " * (2 * 1024 * 1024 + 1), headers=JSON)

    assert answer.status_code == 413
    assert content(answer)["code"] == "too-large"


def test_an_unknown_address_and_method_are_told(anonymous: FlaskClient) -> None:
    assert content(anonymous.get("/api/v1/nothing"))["code"] == "no-such-address"
    answer = anonymous.delete("/api/v1/health")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_a_problem_speaks_the_language_of_the_reader(anonymous: FlaskClient) -> None:
    chinese = content(anonymous.get("/api/v1/tasks", headers={"Accept-Language": "zh-CN,zh"}))
    english = content(anonymous.get("/api/v1/tasks", headers={"Accept-Language": "en-GB"}))

    assert chinese["title"] == "需要登录"
    assert english["title"] == "Signing in is needed"
    assert chinese["code"] == english["code"] == "not-signed-in"


@pytest.mark.parametrize("path", ["/sign-in?next=%00", "/api/v1/cases?text=%00", "/cases/%00", "/tasks?q=%00"])
def test_characters_no_database_stores_are_refused_in_addresses(sign_in: SignIn, path: str) -> None:
    assert sign_in("clerk").get(path).status_code == 400


def test_what_breaks_inside_is_told_by_an_id_alone(app: Flask) -> None:
    def broken() -> str:
        raise ZeroDivisionError("secret details")

    app.view_functions["api.get_health"] = permits(Right.PUBLIC)(broken)
    answer = app.test_client().get("/api/v1/health")

    assert answer.status_code == 500
    assert content(answer)["code"] == "unexpected"
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    "variables", [{"a" * 100_000: 1}, {"completeness": {"deep": [[[[[]]]]]}}, {"x": "y" * 900_000}]
)
def test_any_answers_to_a_form_are_refused_kindly(sign_in: SignIn, variables: dict[str, Any]) -> None:
    clerk = sign_in("clerk")
    clerk.post("/api/v1/applications", application_json())
    task = clerk.get("/api/v1/tasks?tab=to-claim").json["tasks"][0]["id"]
    clerk.post(f"/api/v1/tasks/{task}/claim")

    assert clerk.post(f"/api/v1/tasks/{task}/complete", {"variables": variables}).status_code == 422
    assert clerk.put(f"/api/v1/tasks/{task}/draft", {"variables": variables}).status_code in (200, 422)


@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        ("evil.exe", b"MZ"),
        ("broken.bpmn", b"<not xml"),
        ("empty.dmn", b""),
        ("bomb.bpmn", b'<!DOCTYPE a [<!ENTITY b "b"><!ENTITY c "&b;&b;">]><a>&c;</a>'),
        ("odd.form", b"\xff\xfe\x00"),
        ("list.form", b"[]"),
    ],
)
def test_files_nobody_can_deploy_are_refused_with_what_is_wrong(sign_in: SignIn, name: str, drawn: bytes) -> None:
    administrator = sign_in("administrator")
    answer = administrator.client.post(
        "/api/v1/deployments",
        data={"files": (io.BytesIO(drawn), name)},
        headers={"X-CSRF-Token": administrator.token},
    )

    assert answer.status_code == 422
    assert content(answer).get("errors") or content(answer)["findings"]


def test_a_deployment_takes_files_only(sign_in: SignIn) -> None:
    administrator = sign_in("administrator")

    assert administrator.post("/api/v1/deployments", {"files": []}).status_code == 415
    empty = administrator.client.post(
        "/api/v1/deployments",
        data={"note": "x"},
        content_type="multipart/form-data",
        headers={"X-CSRF-Token": administrator.token},
    )
    assert empty.status_code == 422


def test_a_message_nobody_waits_for_is_told(sign_in: SignIn) -> None:
    answer = sign_in("administrator").post("/api/v1/messages/correlation", {"name": "paid", "correlation_key": "7"})

    assert answer.status_code == 404
    assert content(answer)["code"] == "not-correlated"


def test_a_message_is_kept_once_and_its_limits_are_named(sign_in: SignIn) -> None:
    administrator = sign_in("administrator")
    message = {"name": "paid", "correlation_key": "7", "time_to_live": 3600, "message_id": "m-1", "variables": {"x": 1}}

    kept = administrator.post("/api/v1/messages", message)
    assert (kept.status_code, content(kept)) == (202, {"process_instance_ids": []})
    again = administrator.post("/api/v1/messages", message)
    assert (again.status_code, content(again)["code"]) == (409, "duplicate-message")
    for wrong in ({"time_to_live": -1}, {"time_to_live": 10**9}, {"time_to_live": "soon"}, {"name": ""}, {"ttl": 1}):
        assert administrator.post("/api/v1/messages", {**message, **wrong}).status_code == 422
    assert content(administrator.post("/api/v1/signals", {"name": "flood"})) == {"receivers": 0}


def test_conditions_that_start_nothing_say_so_and_an_unknown_process_is_named(sign_in: SignIn) -> None:
    administrator = sign_in("administrator")
    path = "/api/v1/conditions/evaluation"
    assert content(administrator.post(path, {"variables": {"income": 1}})) == {"process_instance_ids": []}
    unknown = administrator.post(path, {"process_id": "nowhere"})
    assert (unknown.status_code, content(unknown)["code"]) == (404, "not-found")
    assert "nowhere" in unknown.text
    for wrong in ({"name": "x"}, {"variables": []}, {"process_id": ""}, {"region": "north"}):
        assert administrator.post(path, wrong).status_code == 422


def test_every_answer_carries_the_careful_headers(anonymous: FlaskClient) -> None:
    for path in ("/sign-in", "/api/v1/health", "/nowhere"):
        headers = anonymous.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors" in headers["Content-Security-Policy"]
        assert headers["Referrer-Policy"] == "same-origin"


def test_a_forged_cookie_is_nobody(anonymous: FlaskClient) -> None:
    anonymous.set_cookie("relief_session", "eyJsb2dpbiI6ImFkbWluIn0.forged.forged")

    assert anonymous.get("/api/v1/session").status_code == 401
    assert anonymous.get("/api/v1/session", auth=("\x00", PASSWORD)).status_code == 401
    assert anonymous.get("/api/v1/session", headers={"Authorization": "Basic !!!"}).status_code == 401


@pytest.mark.parametrize(("size", "status"), [(3, 422), (9, 413)])
def test_a_deployment_may_be_larger_than_other_requests_up_to_its_own_limit(
    sign_in: SignIn, size: int, status: int
) -> None:
    administrator = sign_in("administrator")
    body, content_type = multipart("large.bpmn", b" " * size * 1024 * 1024)
    headers = {"X-CSRF-Token": administrator.token, "Content-Type": content_type}
    for path in ("/api/v1/deployments", "/definitions"):
        assert administrator.client.post(path, data=body, headers=headers).status_code == status, path


def test_a_database_that_is_away_is_told_without_details(app: Flask) -> None:
    def away() -> str:
        raise ConnectionError("secret host")

    app.view_functions["api.get_health"] = permits(Right.PUBLIC)(away)
    answer = app.test_client().get("/api/v1/health")

    assert answer.status_code == 503
    assert "secret" not in answer.text


def multipart(name: str, drawn: bytes) -> tuple[bytes, str]:
    """Return a form with one file, as a browser writes it."""
    head = f'--mark\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'.encode()
    return head + drawn + b"\r\n--mark--\r\n", "multipart/form-data; boundary=mark"
