"""Handing a task on: to a colleague or to a unit, with a reason, in the record and with notices; never to nobody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from api.services import Services
from engine.commands.deployments import DeployResources
from engine.commands.jobs import AcquireJobs, CompleteJob
from engine.commands.process_instances import StartProcessInstance
from engine.core.listener_model import ListenerResult
from engine.model import SYSTEM, Resource
from tests.api.conftest import TOWN, Client
from tests.api.test_distribution import STEPS
from tests.api.test_task_batches import begin  # noqa: F401  (a fixture)

SignIn = Callable[[str], Client]
Begin = Callable[..., list[str]]
REASON = "下乡核查，本周不在窗口"


def hand_over(client: Client, task: str, **body: Any) -> Any:
    return client.post(f"/api/v1/tasks/{task}/hand-over", {"reason": REASON, **body})


def record(services: Services, task: str) -> list[dict[str, Any]]:
    instance = services.queries.user_task(UUID(task), SYSTEM).process_instance_id
    history = services.queries.instance(instance).history
    return [dict(one.details) for one in history if one.action == "handed-over"]


def notices(client: Client) -> list[str]:
    found = client.get("/api/v1/notices").json["notices"]
    return [one["notice"]["text"] for one in found if one["notice"]["cause"] == "task_handed_over"]


@pytest.fixture
def held(sign_in: SignIn, begin: Begin) -> str:  # noqa: F811
    """A task that the clerk holds, with a draft."""
    [task] = begin(1)
    clerk = sign_in("clerk")
    assert clerk.post(f"/api/v1/tasks/{task}/claim").status_code == 200
    assert clerk.put(f"/api/v1/tasks/{task}/draft", {"variables": {"note": "半句"}}).status_code == 200
    return task


def test_who_holds_a_task_hands_it_to_a_colleague_who_hears_of_it(
    sign_in: SignIn, services: Services, held: str
) -> None:
    clerk, other = sign_in("clerk"), sign_in("other-clerk")
    put_off = {"until": (services.now() + timedelta(days=3)).isoformat(), "reason": "等证明"}
    assert clerk.post(f"/api/v1/tasks/{held}/put-off", put_off).status_code == 200
    answer = hand_over(clerk, held, assignee="other-clerk")
    assert (answer.status_code, answer.json["assignee"]) == (200, "other-clerk")
    assert hand_over(clerk, held, assignee="other-clerk").json["code"] == "not-assignee"

    assert record(services, held) == [{"task": held, "from": "clerk", "assignee": "other-clerk", "reason": REASON}]
    assert notices(other) == [REASON]
    assert notices(clerk) == []
    detail = other.get(f"/api/v1/tasks/{held}").json
    assert detail["draft"]["values"] == {"note": "半句"}
    assert detail["task"]["follow_up_at"] is None


def test_a_supervisor_hands_it_on_and_both_sides_hear_of_it(sign_in: SignIn, held: str) -> None:
    supervisor = sign_in("supervisor")
    assert hand_over(supervisor, held, assignee="other-clerk").status_code == 200
    assert [notices(sign_in(who)) for who in ("clerk", "other-clerk")] == [[REASON], [REASON]]
    assert hand_over(supervisor, held, assignee="other-clerk").status_code == 200
    assert len(notices(sign_in("clerk"))) == 1


def test_nobody_else_hands_it_on_and_nobody_unfit_is_given_it(sign_in: SignIn, services: Services, held: str) -> None:
    clerk = sign_in("clerk")
    assert hand_over(sign_in("other-clerk"), held, assignee="other-clerk").json["code"] == "not-assignee"
    assert hand_over(sign_in("far-clerk"), held, assignee="far-clerk").json["code"] == "not-found"
    assert hand_over(clerk, held, assignee="far-clerk").json["code"] == "not-permitted"
    assert hand_over(clerk, held, assignee="nobody").json["code"] == "not-found"
    assert hand_over(clerk, held, assignee="other-clerk", reason=" ").status_code == 422
    assert hand_over(clerk, held).status_code == 422
    assert hand_over(clerk, held, assignee="other-clerk", unit_kind="education").status_code == 422
    assert record(services, held) == []


def test_a_supervisor_hands_it_to_a_unit_that_has_somebody_for_it(
    sign_in: SignIn, services: Services, held: str
) -> None:
    clerk, supervisor = sign_in("clerk"), sign_in("supervisor")
    assert hand_over(clerk, held, unit_kind="education").json["code"] == "not-permitted"
    for empty in ("red_cross", "nowhere"):
        refused = hand_over(supervisor, held, unit_kind=empty)
        assert (refused.status_code, refused.json["code"]) == (409, "hand-over-to-nobody")
    handed = hand_over(supervisor, held, unit_kind="education").json
    assert (handed["assignee"], handed["candidate_groups"]) == (None, ["education/clerk"])
    assert record(services, held)[0]["groups"] == ["education/clerk"]
    education = sign_in("teacher")
    assert notices(education) == [REASON]
    assert education.post(f"/api/v1/tasks/{held}/claim").status_code == 200
    assert clerk.get(f"/api/v1/tasks/{held}").status_code == 404


def test_the_page_asks_to_whom_and_why(sign_in: SignIn, held: str) -> None:
    clerk, address = sign_in("clerk"), f"/tasks/{held}/hand-over"
    assert address in clerk.get(f"/tasks/{held}").text
    page = clerk.get(address).text
    assert 'value="person:other-clerk"' in page
    assert 'value="person:clerk"' not in page
    assert 'value="unit:' not in page
    assert 'value="unit:education"' in sign_in("supervisor").get(address).text
    assert sign_in("other-clerk").get(address).status_code == 303

    refused = clerk.form(address, to="person:other-clerk", reason="")
    assert refused.status_code == 422
    assert 'value="person:other-clerk" checked' in refused.text
    assert clerk.form(address, reason=REASON).status_code == 422
    elsewhere = sign_in("other-clerk").form(address, to="person:clerk", reason=REASON)
    assert (elsewhere.status_code, elsewhere.location) == (303, f"/tasks/{held}")
    assert clerk.form(address, to="person:other-clerk", reason=REASON).location == "/tasks"
    assert "转交周强" in clerk.get("/tasks").text


def test_where_a_listener_decides_first_nothing_is_told_as_done(sign_in: SignIn, services: Services) -> None:
    listener = '<zeebe:taskListeners><zeebe:taskListener eventType="assigning" type="check"/></zeebe:taskListeners>'
    drawn = STEPS.replace(b"<zeebe:userTask/>", b"<zeebe:userTask/>" + listener.encode())
    resource = Resource(name="listened.bpmn", content=drawn, kind="process")
    services.engine.execute(DeployResources(resources=(resource,)), actor=SYSTEM)
    started = StartProcessInstance(process_id="P", variables={}, region=TOWN, business_key="n-1")
    task = str(services.queries.instance(services.engine.execute(started, actor=SYSTEM).id).tasks[0].id)
    supervisor, other = sign_in("supervisor"), sign_in("other-clerk")

    def decide(result: ListenerResult) -> None:
        acquire = AcquireJobs(worker="w", types=("check",), lease=timedelta(minutes=1), limit=1)
        [job] = services.engine.execute(acquire, actor=SYSTEM)
        services.engine.execute(CompleteJob(lease=job.lease, variables={}, result=result), actor=SYSTEM)

    assert hand_over(supervisor, task, assignee="other-clerk").status_code == 200
    assert (record(services, task), notices(other)) == ([], [])
    decide(ListenerResult(is_denied=True, reason="培训"))
    assert (record(services, task), notices(other)) == ([], [])

    assert hand_over(supervisor, task, assignee="other-clerk").status_code == 200
    decide(ListenerResult())
    instance = services.queries.user_task(UUID(task), SYSTEM).process_instance_id
    told = [one.action for one in services.queries.instance(instance).history if one.actor == "supervisor"]
    assert told == ["task-denied", "assigned"]
