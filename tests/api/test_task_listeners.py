"""A task that waits for its listeners, as people and programs meet it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from api.services import Services
from engine.commands.deployments import DeployResources
from engine.commands.jobs import AcquireJobs, CompleteJob
from engine.commands.process_instances import StartProcessInstance
from engine.core.listener_model import ListenerResult
from engine.model import SYSTEM, Resource
from tests.api.conftest import Client
from tests.processes.diagrams import end, flows, one_process, start, task_listeners, user, zeebe

DRAWN = one_process(
    start(),
    user(
        "Task_Make",
        zeebe("assignmentDefinition", candidateGroups="township/clerk"),
        zeebe("taskHeaders", '<zeebe:header key="urgent" value="no"/>'),
        task_listeners("completing:check"),
        name="经办",
    ),
    end(),
    flows("s>Task_Make>e"),
)


@pytest.fixture
def clerk(services: Services, sign_in: Callable[[str], Client]) -> Client:
    deploy = DeployResources(resources=(Resource(name="one.bpmn", kind="process", content=DRAWN),))
    services.engine.execute(deploy, actor=SYSTEM)
    begin = StartProcessInstance(process_id="P", business_key="K-1", region="320481001", variables={})
    services.engine.execute(begin, actor=SYSTEM)
    return sign_in("clerk")


def answer(services: Services, result: ListenerResult) -> None:
    acquire = AcquireJobs(worker="w", types=("check",), lease=timedelta(minutes=1), limit=1)
    (job,) = services.engine.execute(acquire, actor=SYSTEM)
    assert job.headers["urgent"] == "no"
    services.engine.execute(CompleteJob(lease=job.lease, variables={}, result=result), actor=SYSTEM)


def test_a_task_in_transition_says_so_and_a_denial_says_why(services: Services, clerk: Client) -> None:
    path = f"/tasks/{clerk.get('/api/v1/tasks?tab=to-claim').json['tasks'][0]['id']}"
    clerk.post(f"/api/v1{path}/claim")
    version = clerk.get(f"/api/v1{path}").json["task"]["version"]

    gone_on = clerk.form(f"{path}/done", version=version)

    assert gone_on.headers["Location"].endswith(path)
    assert clerk.get(f"/api/v1{path}").json["task"]["headers"] == {"urgent": "no"}
    waiting = clerk.get(path).text
    assert "正在自动审核" in waiting
    assert f'action="{path}/done"' not in waiting
    assert clerk.get(f"/api/v1{path}").json["task"]["transition"] == "completing"
    refused = clerk.post(f"/api/v1{path}/complete", {"variables": {}})
    assert (refused.status_code, refused.json["code"]) == (409, "task-in-transition")
    assert "监听器" in refused.json["detail"]

    answer(services, ListenerResult(is_denied=True, reason="缺少收入证明"))

    assert "上次操作未获准：缺少收入证明" in clerk.get(path).text
    assert clerk.get(f"/api/v1{path}").json["denied"] == "缺少收入证明"
    assert clerk.form(f"{path}/done", version=version).status_code == 303
    answer(services, ListenerResult())
    task = clerk.get(f"/api/v1{path}").json["task"]
    assert (task["state"], task["completed_by"]) == ("completed", "clerk")
