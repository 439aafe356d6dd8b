"""A task is put off to a later day and comes back by itself; its limit runs on."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from api.services import Services
from engine.commands.deployments import DeployResources
from engine.commands.process_instances import StartProcessInstance
from engine.model import SYSTEM, Resource
from tests import files
from tests.api.applications import application_json
from tests.api.conftest import TOWN, Client
from tests.api.test_tasks import ONE_STEP

SignIn = Callable[[str], Client]
LIST = "/api/v1/tasks?tab=mine&situation=put-off"


def held_task(client: Client) -> dict[str, Any]:
    client.post("/api/v1/applications", application_json())
    task = client.get("/api/v1/tasks?tab=to-claim").json["tasks"][0]
    held: dict[str, Any] = client.post(f"/api/v1/tasks/{task['id']}/claim").json
    return held


def later(**span: int) -> str:
    return (datetime.now(UTC) + timedelta(**span)).isoformat()


def test_a_task_is_put_off_with_a_reason_and_taken_up_again(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    task = held_task(clerk)
    path = f"/api/v1/tasks/{task['id']}/put-off"
    until = later(days=3)
    assert clerk.post(path, {"until": until}).json["code"] == "reason-missing"
    put_off = clerk.post(path, {"until": until, "reason": "等申请人回来"}).json

    assert (put_off["due_at"], put_off["version"]) == (task["due_at"], task["version"] + 1)
    assert clerk.post(path, {"until": put_off["follow_up_at"], "reason": "x"}).json["version"] == put_off["version"]
    assert clerk.get(LIST).json["total"] == 1
    assert clerk.post(path, {"until": None}).json["follow_up_at"] is None
    assert clerk.get(LIST).json["total"] == 0


def test_a_page_that_names_an_event_nobody_waits_for_is_told_so(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    task = held_task(clerk)
    refused = clerk.form(f"/tasks/{task['id']}/put-off", until=later(days=3)[:10], reason="稍后", event="rain")
    assert (refused.status_code, "没有可以等待的这一事项" in refused.text) == (400, True)
    assert clerk.get(LIST).json["total"] == 0


def test_a_task_comes_back_when_its_day_has_come(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    path = f"/api/v1/tasks/{held_task(clerk)['id']}/put-off"
    clerk.post(path, {"until": later(seconds=2), "reason": "稍后"})
    answers = (clerk.get(LIST).json["total"] for _ in range(5_000))
    assert 0 in answers  # the clock of the house is that of the machine here
    assert clerk.get("/api/v1/tasks?tab=mine").json["total"] == 1


@pytest.mark.parametrize(("span", "code"), [({"days": -1}, "put-off-wrong"), ({"days": 400}, "put-off-wrong")])
def test_a_task_is_put_off_to_a_day_that_comes_soon_enough(sign_in: SignIn, span: dict[str, int], code: str) -> None:
    clerk = sign_in("clerk")
    refused = clerk.post(f"/api/v1/tasks/{held_task(clerk)['id']}/put-off", {"until": later(**span), "reason": "稍后"})
    assert (refused.status_code, refused.json["code"]) == (422, code)


def test_what_is_put_off_is_not_opened_next(sign_in: SignIn, services: Services) -> None:
    deployed = DeployResources(resources=(Resource(name="one.bpmn", content=ONE_STEP, kind="process"),))
    services.engine.execute(deployed, actor=SYSTEM)
    for key in ("a", "b", "c"):
        started = StartProcessInstance(process_id="P", variables={}, region=TOWN, business_key=key)
        services.engine.execute(started, actor=SYSTEM)
    clerk = sign_in("clerk")
    found = clerk.get("/api/v1/tasks?tab=to-claim").json["tasks"]
    for one in found:
        clerk.post(f"/api/v1/tasks/{one['id']}/claim")
    opened, waits, follows = (one["id"] for one in clerk.get("/api/v1/tasks").json["tasks"])
    clerk.post(f"/api/v1/tasks/{waits}/put-off", {"until": later(days=3), "reason": "稍后"})

    done = clerk.post(f"/api/v1/tasks/{opened}/complete", {"variables": {}, "name_next": True})
    assert done.json["next_task"]["id"] == follows


def test_nobody_puts_off_what_another_holds_but_a_supervisor(sign_in: SignIn) -> None:
    path = f"/api/v1/tasks/{held_task(sign_in('clerk'))['id']}/put-off"
    body = {"until": later(days=3), "reason": "稍后"}

    assert sign_in("other-clerk").post(path, body).json["code"] == "not-assignee"
    assert sign_in("far-clerk").post(path, body).status_code == 404
    assert sign_in("supervisor").post(path, body).status_code == 200


@pytest.mark.parametrize("body", [None, {"assignee": "other-clerk", "reason": "分担"}])
def test_what_its_holder_put_off_waits_for_no_other(sign_in: SignIn, body: dict[str, str] | None) -> None:
    clerk = sign_in("clerk")
    path = f"/api/v1/tasks/{held_task(clerk)['id']}"
    clerk.post(f"{path}/put-off", {"until": later(days=3), "reason": "稍后"})
    changed = sign_in("supervisor").post(f"{path}/assign", body) if body else clerk.post(f"{path}/release", {})

    assert changed.status_code == 200, changed.text
    assert changed.json["follow_up_at"] is None


def test_a_task_is_put_off_and_given_back_with_a_reason_by_the_plain_page(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    id_ = held_task(clerk)["id"]
    day = (datetime.now(UTC) + timedelta(days=5)).date().isoformat()

    assert clerk.form(f"/tasks/{id_}/put-off", until="5 May", reason="x").status_code == 400
    clerk.form(f"/tasks/{id_}/put-off", until="2020-01-01", reason="x")
    assert "暂缓的日期须晚于今天" in clerk.get(f"/tasks/{id_}").text
    clerk.form(f"/tasks/{id_}/put-off", until=day, reason="等回复")
    page = clerk.get(f"/tasks/{id_}").text
    assert f"此任务暂缓至 {day}" in page
    held = clerk.get("/tasks?tab=mine&situation=put-off").text
    assert f"暂缓至 {day}" in held
    assert 'aria-current="page">暂缓' in held
    clerk.form(f"/tasks/{id_}/put-off")
    assert "已恢复办理" in clerk.get(f"/tasks/{id_}").text
    clerk.form(f"/tasks/{id_}/release", reason="不属于我")
    assert clerk.get("/api/v1/tasks?tab=mine").json["total"] == 0


def test_a_task_is_put_off_until_evidence_arrives_on_page_and_api(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    task = held_task(clerk)
    path = f"/api/v1/tasks/{task['id']}/put-off"
    wait = {"until": later(days=3), "reason": "等材料", "event": "evidence"}
    assert clerk.post(path, {**wait, "event": "nothing"}).status_code == 422
    assert clerk.post(path, {**wait, "event": "advice"}).json["code"] == "hold-for-nothing"
    assert clerk.get(LIST).json["total"] == 0
    assert clerk.post(path, wait).status_code == 200
    assert clerk.get(LIST).json["total"] == 1
    page = clerk.get(f"/tasks/{task['id']}").text
    assert "收到新的佐证材料即恢复" in page
    added = {"files": (io.BytesIO(files.png()), "证明.png")}
    evidence = f"/api/v1/cases/{quote(task['business_key'])}/evidence"
    assert (
        clerk.client.post(
            evidence, data=added, headers={"X-CSRF-Token": clerk.token}, content_type="multipart/form-data"
        ).status_code
        == 201
    )
    assert clerk.get(LIST).json["total"] == 0
