"""What Camunda's API refuses and withholds: requests that ask too much, and what is not for everybody's eyes."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from threading import BoundedSemaphore
from typing import Any
from uuid import UUID

import httpx
import pytest
from camunda_orchestration_sdk import CamundaClient

from api.services import Services
from engine.model import SYSTEM
from tests.api.camunda.conftest import PROGRAM
from tests.api.camunda.deploying import begin, deploy
from tests.api.camunda.drawings import FORM, looked_at, measured, paid
from tests.api.conftest import PASSWORD, Client
from tests.api.test_procedure import taken_in
from workflows.casework.procedure.kin_commands import Kin, RegisterKin
from workflows.casework.procedure.model import KinPost
from workflows.organisation.commands import CreateAccount

Ask = Callable[..., httpx.Response]
JOB = {"type": "measure", "timeout": 60_000, "maxJobsToActivate": 5, "requestTimeout": -1}
DESK = "desk"  # a clerk of civil affairs


@pytest.fixture
def ask(base_url: str) -> Ask:
    def asked(path: str, body: Any, *, login: str = PROGRAM) -> httpx.Response:
        return httpx.post(f"{base_url}/v2/{path}", json=body, auth=(login, PASSWORD), timeout=60)

    return asked


@pytest.fixture
def desk(services: Services) -> None:
    posts = (("civil-affairs", "clerk"),)
    account = CreateAccount(login=DESK, name="柜台", password=PASSWORD, posts=posts, must_change_password=False)
    services.engine.execute(account, actor=SYSTEM)


def cursor(written: str) -> str:
    return base64.b64encode(written.encode()).decode()


def place(*values: Sequence[Any]) -> str:
    return cursor(json.dumps(values))


BY_VERSION = {"sort": [{"field": "processDefinitionVersion"}]}
BY_NAME = {"sort": [{"field": "processDefinitionName"}]}
SOME_ID = ("u", str(UUID(int=1)))
CURSORS = [
    (BY_VERSION, cursor('[["i",1E999999999]]')),
    (BY_VERSION, cursor("[" * 100_000)),
    (BY_VERSION, cursor("[" * 20_000)),
    (BY_VERSION, place(("i", 10**12), SOME_ID)),
    (BY_VERSION, place(("i", True), SOME_ID)),
    (BY_VERSION, place(("i", "7"), SOME_ID)),
    (BY_NAME, place(("s", "\0"), SOME_ID)),
    (BY_NAME, place(("s", 7), SOME_ID)),
    ({}, place(("b", 1))),
    ({}, "é"),
]


def test_a_cursor_made_by_hand_breaks_nothing(ask: Ask) -> None:
    for sorting, made in CURSORS:
        answer = ask("process-instances/search", {**sorting, "page": {"after": made}})

        assert (answer.status_code, "cursor-wrong" in answer.text) == (400, True), made[:80]


KEYS = {"processInstanceKey": {"$in": [str(number) for number in range(1_000)]}}
FILTERS = [
    ("process-instances", {"$or": [KEYS] * 50}, "filter-too-large"),
    ("process-instances", {"$or": [1]}, "filter-value-wrong"),
    ("process-instances", {"$or": {}}, "filter-value-wrong"),
    ("user-tasks", {"candidateGroup": {"$like": "*"}}, "filter-value-wrong"),
]


def test_filters_that_ask_too_much_are_refused(ask: Ask) -> None:
    for path, filters, code in FILTERS:
        answer = ask(f"{path}/search", {"filter": filters})

        assert (answer.status_code, code in answer.text) == (400, True), path
    assert ask("process-instances/search", {"filter": KEYS}).status_code == 200
    too_new = {"processDefinitionId": "P", "processDefinitionVersion": 2**31}
    assert ask("process-instances", too_new).status_code == 400


def test_a_list_of_candidates_has_a_value_where_it_is_not_empty(program: CamundaClient, ask: Ask) -> None:
    begun = begin(program, looked_at())

    def found(field: str, is_given: bool) -> int:
        wanted = {"processInstanceKey": begun.process_instance_key, field: {"$exists": is_given}}
        return len(ask("user-tasks/search", {"filter": wanted}).json()["items"])

    assert [found("candidateGroup", one) for one in (True, False)] == [1, 0]
    assert [found("candidateUser", one) for one in (True, False)] == [0, 1]


def test_variables_are_not_filtered_by_what_they_have_not_even_where_there_are_none(
    program: CamundaClient, ask: Ask
) -> None:
    begun = begin(program, looked_at())
    wanted = {"processInstanceKey": begun.process_instance_key, "colour": "red"}

    answer = ask("variables/search", {"filter": wanted})

    assert (answer.status_code, "filter.colour" in answer.text) == (400, True)


def test_the_values_messages_are_waited_for_with_are_told_to_who_sees_values(program: CamundaClient, ask: Ask) -> None:
    begun = begin(program, paid(), number="A-1")
    wanted = {"processInstanceKey": begun.process_instance_key}

    def shown(login: str) -> list[str | None]:
        items = ask("message-subscriptions/search", {"filter": wanted}, login=login).json()["items"]
        return [one["correlationKey"] for one in items]

    assert (shown(PROGRAM), shown("administrator")) == (["A-1"], [None])
    for body in ({"filter": {"correlationKey": {"$like": "A*"}}}, {"sort": [{"field": "correlationKey"}]}):
        assert ask("message-subscriptions/search", body, login="administrator").status_code == 400
        assert len(ask("message-subscriptions/search", body).json()["items"]) == 1


@pytest.mark.usefixtures("desk")
def test_of_the_variables_of_a_task_a_clerk_sees_what_its_form_shows(program: CamundaClient, ask: Ask) -> None:
    mapped = b'<zeebe:input source="=hint" target="hint"/>'
    drawn = looked_at("look").replace(mapped, mapped + b'<zeebe:input source="=looked" target="looked"/>')
    deploy(program, look_form=FORM.encode())
    begun = begin(program, drawn, looked=True, hint="of the household")
    [task] = ask("user-tasks/search", {"filter": {"processInstanceKey": begun.process_instance_key}}).json()["items"]
    key = task["userTaskKey"]

    def shown(login: str) -> list[tuple[str, str]]:
        items = ask(f"user-tasks/{key}/variables/search", {}, login=login).json()["items"]
        return [(one["name"], one["scopeKey"]) for one in items]

    assert shown(PROGRAM) == [("hint", key), ("looked", key)]
    assert shown(DESK) == [("looked", key)]


def test_jobs_of_cases_of_ones_kin_are_handed_to_others(
    program: CamundaClient, ask: Ask, services: Services, sign_in: Callable[[str], Client]
) -> None:
    clerk = sign_in("clerk")
    summary = clerk.get(taken_in(clerk)).json["summary"]
    related = Kin(name="程序", post=KinPost.STAFF, relation="兄弟", login=PROGRAM)
    services.engine.execute(RegisterKin(case_id=UUID(summary["id"]), kin=related), actor=SYSTEM)
    deploy(program, measured_bpmn=measured())
    of_kin, other = (
        ask("process-instances", {"processDefinitionId": "P", "businessId": number}).json()["processInstanceKey"]
        for number in (summary["number"], "K-1")
    )

    def taken(login: str) -> list[str]:
        jobs = ask("jobs/activation", JOB, login=login).json()["jobs"]
        return [one["processInstanceKey"] for one in jobs]

    assert taken(PROGRAM) == [other]
    assert taken("supervisor") == [of_kin]


@pytest.mark.usefixtures("desk")
def test_a_task_is_taken_from_nobody_where_that_is_asked_and_accounts_are_not_told(
    program: CamundaClient, ask: Ask
) -> None:
    begun = begin(program, looked_at())
    [task] = ask("user-tasks/search", {"filter": {"processInstanceKey": begun.process_instance_key}}).json()["items"]
    path = f"user-tasks/{task['userTaskKey']}/assignment"
    for somebody in ("reviewer", "nobody-at-all"):
        refused = ask(path, {"assignee": somebody}, login=DESK)
        assert (refused.status_code, somebody in refused.json()["detail"]) == (403, False)

    assert ask(path, {"assignee": PROGRAM, "allowOverride": False}, login="supervisor").status_code == 204
    held = ask(path, {"assignee": DESK, "allowOverride": False}, login="supervisor")
    assert (held.status_code, held.json()["code"]) == (409, "already-claimed")
    assert ask(path, {"assignee": DESK}, login="supervisor").status_code == 204


def test_where_as_many_wait_as_may_nothing_is_begun(
    program: CamundaClient, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    deploy(program, look_bpmn=looked_at())
    none = BoundedSemaphore(1)
    none.acquire()
    monkeypatch.setattr("api.camunda.waiting._places", none)

    for path, body in (
        ("jobs/activation", JOB | {"requestTimeout": 1_000}),
        ("jobs/activation", JOB | {"requestTimeout": 0}),
        ("process-instances", {"processDefinitionId": "P", "awaitCompletion": True}),
    ):
        refused = ask(path, body)
        assert (refused.status_code, refused.json()["code"]) == (429, "too-many-waiting")
        assert int(refused.headers["Retry-After"]) > 0
    assert ask("jobs/activation", JOB).json() == {"jobs": []}
    started = ask("process-instances/search", {"filter": {"processDefinitionId": "P"}})
    assert started.json()["items"] == []


def test_jobs_that_a_worker_never_hears_of_are_free_again(
    program: CamundaClient, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(program, measured())

    def broken(*_: object) -> str:
        raise RuntimeError("the answer cannot be written")

    with monkeypatch.context() as patch:
        patch.setattr("api.camunda.jobs.inner_number", broken)
        assert ask("jobs/activation", JOB).status_code == 500
    assert len(ask("jobs/activation", JOB).json()["jobs"]) == 1
