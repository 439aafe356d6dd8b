"""What operators do is kept with its reason, is done once however often it is sent, and is refused on what is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from api.services import Services
from engine.commands.process_instances import CancelProcessInstance
from engine.model import SYSTEM, ProcessInstance
from tests.api.conftest import OTHER_TOWN, TOWN, Client
from tests.api.test_operations import CALLS, INSTANCES, STEPS, STUCK, WHY, begin, deploy, work_off

SignIn = Callable[[str], Client]
START = {"process_id": "P", "variables": {"b": 1.50, "a": [1]}, "region": TOWN, "business_key": "2026-7"}
SUSPEND = {**WHY, "kind": "suspend", "filter": {"process_id": "P"}}


def under(key: str) -> dict[str, str]:
    return {"Idempotency-Key": key}


def history_of(client: Client, instance: ProcessInstance) -> list[tuple[str, str, Any]]:
    found = client.get(f"{INSTANCES}/{instance.id}").json["history"]
    return [(one["action"], one["actor"], one["details"].get("reason")) for one in found]


def test_reasons_given_are_kept_with_who_gave_them(services: Services, sign_in: SignIn) -> None:
    supervisor = sign_in("supervisor")
    deploy(services, STUCK)
    stuck = begin(services, x=False)
    one = f"{INSTANCES}/{stuck.id}"
    incident = supervisor.get(one).json["incidents"][0]["id"]
    assert supervisor.post(f"/api/v1/incidents/{incident}/resolve", {"reason": "再试一次"}).status_code == 200
    assert supervisor.post(f"/api/v1/incidents/{incident}/resolve").status_code == 200
    assert supervisor.post(f"{one}/variables", {"variables": {"x": True}, "reason": "录入有误"}).status_code == 200
    assert supervisor.post(f"{one}/variables", {"variables": {"y": 1}}).status_code == 200
    assert history_of(supervisor, stuck)[1:] == [
        ("retried", "supervisor", "再试一次"),
        ("retried", "supervisor", None),
        ("variables-set", "supervisor", "录入有误"),
        ("variables-set", "supervisor", None),
    ]

    deploy(services, CALLS)
    calls = begin(services)
    job = supervisor.get(f"{INSTANCES}/{calls.id}").json["jobs"][0]["id"]
    assert supervisor.post(f"/api/v1/jobs/{job}/retries", {"retries": 2, "reason": "对方已恢复"}).status_code == 200
    assert history_of(supervisor, calls)[1:] == [("retries-set", "supervisor", "对方已恢复")]


def test_a_batch_says_who_cancelled_it_and_why(services: Services, sign_in: SignIn) -> None:
    supervisor = sign_in("supervisor")
    deploy(services, STEPS)
    begin(services)
    made = supervisor.post("/api/v1/batches", SUSPEND).json["batch"]
    assert (made["ended_by"], made["ended_reason"]) == (None, "")
    place = f"/api/v1/batches/{made['id']}"
    assert supervisor.post(f"{place}/cancellation", {"reason": "选错范围"}).status_code == 200
    shown = supervisor.get(place).json
    assert (shown["state"], shown["ended_by"], shown["ended_by_name"]) == ("cancelled", "supervisor", "高远")
    assert (shown["reason"], shown["ended_reason"]) == (WHY["reason"], "选错范围")
    again = supervisor.post("/api/v1/batches", SUSPEND).json["batch"]
    quiet = supervisor.post(f"/api/v1/batches/{again['id']}/cancellation").json
    assert (quiet["ended_by"], quiet["ended_reason"]) == ("supervisor", "")


def test_a_batch_gives_its_reason_to_what_it_does(services: Services, sign_in: SignIn) -> None:
    supervisor = sign_in("supervisor")
    deploy(services, STUCK)
    stuck = begin(services, x=False)
    assert supervisor.post("/api/v1/incidents/resolution", {"reason": "规则已改"}).status_code == 200
    deploy(services, CALLS)
    calls = begin(services)
    retries = {"reason": "对方已恢复", "kind": "set-retries", "parameters": {"retries": 2}}
    assert supervisor.post("/api/v1/batches", {**retries, "filter": {"ids": [str(calls.id)]}}).status_code == 200
    work_off(services)
    assert history_of(supervisor, stuck)[-1] == ("retried", "supervisor", "规则已改")
    assert history_of(supervisor, calls)[-1] == ("retries-set", "supervisor", "对方已恢复")


def test_reasons_that_are_no_text_or_too_long_are_refused(services: Services, sign_in: SignIn) -> None:
    supervisor = sign_in("supervisor")
    deploy(services, STUCK)
    stuck = begin(services, x=False)
    one = f"{INSTANCES}/{stuck.id}"
    incident = supervisor.get(one).json["incidents"][0]["id"]
    for wrong in ({"reason": "x" * 501}, {"reason": 5}, {"because": "x"}, []):
        for path, more in (
            (f"/api/v1/incidents/{incident}/resolve", {}),
            (f"/api/v1/jobs/{uuid4()}/retries", {"retries": 1}),
            (f"/api/v1/batches/{uuid4()}/cancellation", {}),
            (f"{one}/variables", {"variables": {}}),
        ):
            body = {**more, **wrong} if isinstance(wrong, dict) else wrong
            answer = supervisor.post(path, body)
            assert (answer.status_code, answer.json["code"]) == (422, "request-invalid"), (path, body)
    assert supervisor.get(one).json["version"] == stuck.version


def test_a_process_is_started_once_under_a_key(services: Services, sign_in: SignIn) -> None:
    deploy(services, STEPS)
    administrator = sign_in("administrator")
    first = administrator.post(INSTANCES, START, headers=under("k-1"))
    turned = {**dict(reversed(START.items())), "variables": {"a": [1], "b": 1.50}}
    again = administrator.post(INSTANCES, turned, headers=under("k-1"))
    assert (first.status_code, again.status_code) == (201, 201), first.text
    assert (again.json, again.headers["Location"]) == (first.json, first.headers["Location"])
    for other in ({**START, "business_key": "2026-8"}, {**START, "variables": {"b": 1.5, "a": [2]}}):
        refused = administrator.post(INSTANCES, other, headers=under("k-1"))
        assert (refused.status_code, refused.json["code"]) == (409, "idempotency-conflict")
    assert administrator.get(f"{INSTANCES}?process_id=P").json["total"] == 1

    other_person = sign_in("town-administrator").post(INSTANCES, START, headers=under("k-1"))
    without = administrator.post(INSTANCES, START)
    assert len({first.json["id"], other_person.json["id"], without.json["id"]}) == 3

    services.engine.execute(CancelProcessInstance(process_instance_id=first.json["id"], reason="x"), actor=SYSTEM)
    late = administrator.post(INSTANCES, START, headers=under("k-1"))
    assert (late.status_code, late.json["id"], late.json["state"]) == (201, first.json["id"], "cancelled")


def test_a_start_that_is_refused_leaves_its_key_free(services: Services, sign_in: SignIn) -> None:
    administrator = sign_in("administrator")
    assert administrator.post(INSTANCES, START, headers=under("k-2")).status_code == 404
    deploy(services, STEPS)
    assert administrator.post(INSTANCES, START, headers=under("k-2")).status_code == 201
    for key in ("  ", "k" * 201):
        assert administrator.post(INSTANCES, START, headers=under(key)).json["code"] == "bad-request"


def test_a_batch_is_made_once_under_a_key(services: Services, sign_in: SignIn) -> None:
    deploy(services, STEPS)
    begin(services)
    supervisor = sign_in("supervisor")
    tried = supervisor.post("/api/v1/batches", {**SUSPEND, "dry_run": True}, headers=under("b-1"))
    assert tried.json["dry_run"]["total"] == 1
    made = supervisor.post("/api/v1/batches", SUSPEND, headers=under("b-1")).json["batch"]
    work_off(services)  # now the filter finds nothing any more
    again = supervisor.post("/api/v1/batches", SUSPEND, headers=under("b-1")).json["batch"]
    assert (again["id"], again["state"], again["counts"]) == (made["id"], "completed", {"done": 1})
    for other in (
        {**SUSPEND, "reason": "别的"},
        {**SUSPEND, "filter": {"process_id": "Q"}},
        {**SUSPEND, "kind": "cancel"},
    ):
        refused = supervisor.post("/api/v1/batches", other, headers=under("b-1"))
        assert (refused.status_code, refused.json["code"]) == (409, "idempotency-conflict")
    assert supervisor.post("/api/v1/incidents/resolution", WHY, headers=under("b-1")).status_code == 409
    assert len(supervisor.get("/api/v1/batches").json["batches"]) == 1


@pytest.mark.parametrize("how", ["cancelled", "completed"])
def test_what_is_asked_of_an_ended_instance_is_told_when_and_how_it_ended(
    services: Services, sign_in: SignIn, how: str
) -> None:
    version = deploy(services, STEPS)
    clerk, supervisor, administrator = sign_in("clerk"), sign_in("supervisor"), sign_in("administrator")
    instance = begin(services)
    one = f"{INSTANCES}/{instance.id}"
    tasks = [supervisor.get(one).json["tasks"][0]["id"]]
    if how == "cancelled":
        services.engine.execute(CancelProcessInstance(process_instance_id=instance.id, reason="x"), actor=SYSTEM)
    while how == "completed" and supervisor.get(one).json["instance"]["state"] == "active":
        clerk.post(f"/api/v1/tasks/{tasks[-1]}/claim")
        assert clerk.post(f"/api/v1/tasks/{tasks[-1]}/complete", {"variables": {}}).status_code == 200
        tasks += [task["id"] for task in supervisor.get(one).json["tasks"]]
    ended = supervisor.get(one).json["instance"]
    assert ended["state"] == how
    moment = f"{datetime.fromisoformat(ended['ended_at']) + timedelta(hours=8):%Y-%m-%d %H:%M}"

    migration = {**WHY, "source": version, "target": version, "filter": {"ids": [str(instance.id)]}}
    step = {**WHY, "kind": "suspend", "expected_version": 1}
    for path, body in (
        (f"{one}/suspension", WHY),
        (f"{one}/resumption", WHY),
        (f"{one}/cancellation", WHY),
        (f"{one}/modification", {**WHY, "activate": [{"element_id": "make"}]}),
        (f"{one}/modification/preview", {**WHY, "activate": [{"element_id": "make"}]}),
        (f"{one}/variables", {"variables": {"a": 1}}),
        (f"{one}/ad-hoc-activation", {**WHY, "elements": [{"element_id": "make"}]}),
        (f"{one}/migration/reversal", WHY),
        (f"{one}/repairs", step),
        (f"{one}/repairs/preview", step),
    ):
        answer = administrator.post(path, body, headers={"Accept-Language": "en"})
        assert (answer.status_code, answer.json["code"]) == (409, "instance-ended"), (path, answer.text)
        assert moment in answer.json["detail"], answer.json["detail"]
        assert how in answer.json["detail"]
    assert administrator.post("/api/v1/migrations", migration).json["code"] == "migration-refused"
    for act, body in (("complete", {"variables": {}}), ("claim", None)):
        answer = clerk.post(f"/api/v1/tasks/{tasks[-1]}/{act}", body, headers={"Accept-Language": "en"})
        assert (answer.status_code, answer.json["code"]) == (409, "task-not-open"), answer.text
        assert moment in answer.json["detail"], answer.json["detail"]
        assert how in answer.json["detail"]


def test_who_may_not_know_of_an_instance_learns_nothing_of_its_end(services: Services, sign_in: SignIn) -> None:
    deploy(services, STEPS)
    there = begin(services, OTHER_TOWN)
    services.engine.execute(CancelProcessInstance(process_instance_id=there.id, reason="x"), actor=SYSTEM)
    town = sign_in("town-administrator").post(f"{INSTANCES}/{there.id}/suspension", WHY)
    assert (town.status_code, town.json["code"]) == (403, "not-permitted")
    unknown = sign_in("supervisor").post(f"{INSTANCES}/{uuid4()}/suspension", WHY)
    assert (unknown.status_code, unknown.json["code"]) == (404, "not-found")
