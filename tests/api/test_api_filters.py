"""Lists of the API narrow to what is asked, and refuse what they cannot read instead of showing everything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from api.operations import operation_of
from api.services import Services
from tests.api.conftest import Client
from tests.api.test_operations import INSTANCES, STUCK, begin, deploy

SignIn = Callable[[str], Client]
INCIDENTS = "/api/v1/incidents"


def test_incidents_are_narrowed_by_kind_and_process(services: Services, sign_in: SignIn) -> None:
    deploy(services, STUCK)
    stuck = begin(services, x=False)
    supervisor = sign_in("supervisor")
    for question, total in (
        ("kind=condition", 1),
        ("kind=handler", 0),
        ("process_id=P", 1),
        ("process_id=Q", 0),
        ("process_id=P&kind=condition&open_only=false", 1),
        ("process_id=P&kind=handler", 0),
    ):
        found = supervisor.get(f"{INCIDENTS}?{question}").json
        assert (found["total"], len(found["incidents"])) == (total, total), question
    assert found["incidents"] == []
    assert supervisor.get(INCIDENTS).json["incidents"][0]["process_instance_id"] == str(stuck.id)


@pytest.mark.parametrize(
    ("question", "path", "code"),
    [
        (f"{INCIDENTS}?kind=", "kind", "choice-unknown"),
        (f"{INCIDENTS}?kind=nonsense", "kind", "choice-unknown"),
        (f"{INSTANCES}?incident_kind=nonsense", "incident_kind", "choice-unknown"),
        (f"{INCIDENTS}?process=P", "process", "unknown-field"),
        (f"{INCIDENTS}?process_id=P&process_id=Q", "process_id", "given-twice"),
        (f"{INCIDENTS}?open_only=perhaps", "open_only", "not-a-boolean"),
        (f"{INSTANCES}?process=P&process_id=P", "process", "given-twice"),
        (f"{INSTANCES}?state=active&state=suspended", "state", "given-twice"),
        ("/api/v1/definitions?kind=process", "kind", "unknown-field"),
        ("/api/v1/parameters?limit=5", "limit", "unknown-field"),
    ],
)
def test_a_filter_that_is_unknown_or_ill_formed_is_named(sign_in: SignIn, question: str, path: str, code: str) -> None:
    answer = sign_in("administrator").get(question)
    assert (answer.status_code, answer.json["code"]) == (422, "request-invalid")
    told = {one["path"]: one["code"] for one in answer.json["errors"]}
    assert told[path] == code


def test_the_names_of_the_release_before_are_taken_for_one_release(services: Services, sign_in: SignIn) -> None:
    definition = deploy(services, STUCK)
    begin(services, x=False)
    supervisor, administrator = sign_in("supervisor"), sign_in("administrator")
    for question, total in (
        ("process=P", 1),
        ("process=Q", 0),
        ("element=g", 1),
        ("element=make", 0),
        (f"definition={definition}", 1),
    ):
        assert supervisor.get(f"{INSTANCES}?{question}").json["total"] == total, question
    days = "since=2026-06-01&until=2026-06-30"
    for place in (f"/api/v1/heat-map?process=P&{days}", f"/api/v1/heat-map?process_id=P&{days}"):
        assert supervisor.get(place).status_code == 200
    assert administrator.get("/api/v1/migrations/versions?process=P").status_code == 200
    every = administrator.get("/api/v1/migrations/versions").json["versions"]
    assert "P" in {one["process_id"] for one in every}


def test_every_list_refuses_what_it_does_not_know(app: Flask, sign_in: SignIn) -> None:
    everybody: dict[str, Any] = {name: sign_in(name) for name in ("administrator", "supervisor", "clerk")}
    asked = 0
    for rule in app.url_map.iter_rules():
        declared = operation_of(app, rule.endpoint)
        if declared is None or "GET" not in (rule.methods or ()) or rule.arguments:
            continue
        asked += 1
        answers = {one.get(f"{rule.rule}?no_such_filter=1").status_code for one in everybody.values()}
        assert 422 in answers, rule.rule
        assert answers <= {403, 422}, (rule.rule, answers)
    assert asked > 40


def test_the_language_may_be_named_everywhere(sign_in: SignIn) -> None:
    administrator = sign_in("administrator")
    for path in ("/api/v1/definitions", INSTANCES, INCIDENTS):
        assert administrator.get(f"{path}?lang=en").status_code == 200
