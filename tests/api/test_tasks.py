"""Work lists and tasks over the API: who sees, who holds, who completes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from api.services import Services
from engine.commands.deployments import DeployResources
from engine.commands.process_instances import StartProcessInstance
from engine.model import SYSTEM, Resource
from tests.api.applications import application_json
from tests.api.conftest import Client
from tests.processes.diagrams import end, flows, one_process, start

SignIn = Callable[[str], Client]

ONE_STEP = one_process(
    start(),
    """<bpmn:userTask id="Task_Make" name="经办"><bpmn:extensionElements><zeebe:userTask/>
         <zeebe:assignmentDefinition candidateGroups="township/clerk"/></bpmn:extensionElements></bpmn:userTask>""",
    end(),
    flows("s>Task_Make>e"),
)


def first_task(client: Client) -> dict[str, Any]:
    client.post("/api/v1/applications", application_json())
    tasks = client.get("/api/v1/tasks?tab=to-claim").json["tasks"]
    found: dict[str, Any] = tasks[0]
    return found


def test_a_new_case_waits_in_the_list_of_its_window_alone(sign_in: SignIn) -> None:
    task = first_task(sign_in("clerk"))

    assert task["element_id"] == "Task_CheckCompleteness"
    assert sign_in("other-clerk").get("/api/v1/tasks?tab=to-claim").json["total"] == 1
    for stranger in ("far-clerk", "reviewer", "teacher"):
        assert sign_in(stranger).get("/api/v1/tasks?tab=to-claim").json["total"] == 0
        assert sign_in(stranger).get(f"/api/v1/tasks/{task['id']}").status_code == 404


def test_the_counts_are_those_of_the_lists(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    clerk.post(f"/api/v1/tasks/{first_task(clerk)['id']}/claim")
    for tab in ("mine", "to-claim", "unit", "done"):
        answer = clerk.get(f"/api/v1/tasks?tab={tab}").json
        assert answer["counts"][tab] == answer["total"] == len(answer["tasks"]), tab


def test_a_task_opens_with_its_form_and_only_what_the_form_shows(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    detail = clerk.get(f"/api/v1/tasks/{first_task(clerk)['id']}").json

    assert detail["form"]["id"] == "check_completeness"
    assert detail["draft"] is None
    assert "caseId" not in detail["values"]
    assert "variables" not in detail["task"]


def test_a_claimed_task_cannot_be_claimed_by_another_and_names_its_holder(sign_in: SignIn) -> None:
    clerk, other = sign_in("clerk"), sign_in("other-clerk")
    path = f"/api/v1/tasks/{first_task(clerk)['id']}"

    assert clerk.post(f"{path}/claim").json["assignee"] == "clerk"
    refused = other.post(f"{path}/claim")
    assert refused.status_code == 409
    assert refused.json["code"] == "already-claimed"
    assert "陈敏" in refused.json["detail"]
    assert other.post(f"{path}/release").json["code"] == "not-assignee"


def test_a_draft_is_kept_unchecked_and_stays_over_a_release(sign_in: SignIn) -> None:
    clerk, other = sign_in("clerk"), sign_in("other-clerk")
    path = f"/api/v1/tasks/{first_task(clerk)['id']}"
    clerk.post(f"{path}/claim")

    assert clerk.put(f"{path}/draft", {"variables": {"missing_note": "缺银行账户"}}).status_code == 200
    assert other.put(f"{path}/draft", {"variables": {}}).status_code == 403
    clerk.post(f"{path}/release")
    other.post(f"{path}/claim")
    assert other.get(path).json["values"]["missing_note"] == "缺银行账户"


def test_a_draft_does_not_replace_one_that_was_saved_elsewhere_unseen(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    path = f"/api/v1/tasks/{first_task(clerk)['id']}"
    clerk.post(f"{path}/claim")

    def save(note: str, over: str | None) -> Any:
        return clerk.put(f"{path}/draft", {"variables": {"missing_note": note}, "draft_version": over})

    first = save("甲", "").json["version"]
    stale = save("乙", "")
    assert (stale.status_code, stale.json["code"]) == (409, "draft-stale")
    assert (clerk.get(path).json["draft"]["version"], clerk.get(path).json["values"]["missing_note"]) == (first, "甲")
    assert save("甲", "").status_code == 200  # the same answers, whose first answer was lost
    second = clerk.get(path).json["draft"]["version"]
    assert save("丙", second).status_code == 200
    assert save("丁", None).status_code == 200
    assert clerk.get(path).json["values"]["missing_note"] == "丁"


def test_a_submission_that_breaks_the_form_is_refused_at_its_fields(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    path = f"/api/v1/tasks/{first_task(clerk)['id']}"
    clerk.post(f"{path}/claim")
    refused = clerk.post(f"{path}/complete", {"variables": {}})

    assert refused.status_code == 422
    assert refused.json["code"] == "form-invalid"
    assert {"path": "completeness", "code": "required"}.items() <= refused.json["errors"][0].items()
    assert clerk.get(path).json["task"]["state"] == "open"


def test_a_submission_is_refused_in_the_language_of_the_reader_alone(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    path = f"/api/v1/tasks/{first_task(clerk)['id']}"
    clerk.post(f"{path}/claim")
    refused = clerk.post(f"{path}/complete", {"variables": {}}, headers={"Accept-Language": "en"}).json

    assert refused["detail"] == "Fields to correct: 1 (completeness)."
    assert refused["errors"][0]["message"] == "“Are the papers complete” is required and empty; fill it in."


def test_completing_names_the_task_to_open_next_where_that_is_asked(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    first_task(clerk)
    task = first_task(clerk)
    [other] = [one for one in clerk.get("/api/v1/tasks?tab=to-claim").json["tasks"] if one["id"] != task["id"]]
    path = f"/api/v1/tasks/{task['id']}"
    version = clerk.post(f"{path}/claim").json["version"]
    body = {"variables": {"completeness": "complete"}, "version": version, "name_next": True}
    done = clerk.post(f"{path}/complete", body)

    assert done.status_code == 200, done.text
    assert done.json["task"]["state"] == "completed"
    assert done.json["next_task"]["id"] == other["id"]
    again = clerk.post(f"{path}/complete", {"variables": {"completeness": "complete"}})
    assert again.status_code == 409
    assert again.json["code"] == "task-not-open"
    assert "状态：已完成，" in again.json["detail"]


def test_completing_names_no_next_task_unasked(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    path = f"/api/v1/tasks/{first_task(clerk)['id']}"
    clerk.post(f"{path}/claim")
    done = clerk.post(f"{path}/complete", {"variables": {"completeness": "complete"}})

    assert set(done.json) == {"task"}


def test_a_stale_version_is_refused(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    path = f"/api/v1/tasks/{first_task(clerk)['id']}"
    clerk.post(f"{path}/claim")
    refused = clerk.post(f"{path}/complete", {"variables": {"completeness": "complete"}, "version": 1})

    assert refused.status_code == 409
    assert refused.json["code"] == "stale-version"


def test_a_supervisor_hands_a_task_to_a_member_of_its_group_alone(sign_in: SignIn) -> None:
    task = first_task(sign_in("clerk"))
    supervisor = sign_in("supervisor")
    path = f"/api/v1/tasks/{task['id']}/assign"

    assert supervisor.post(path, {"assignee": "teacher"}).status_code == 403
    assert supervisor.post(path, {"assignee": "nobody"}).status_code == 404
    assert supervisor.post(path, {"assignee": "other-clerk"}).json["assignee"] == "other-clerk"
    assert sign_in("clerk").post(path, {"assignee": "clerk"}).status_code == 403


@pytest.mark.parametrize("action", ["", "/claim", "/release", "/complete", "/draft"])
def test_a_task_nobody_knows_is_not_found(sign_in: SignIn, action: str) -> None:
    clerk = sign_in("clerk")
    path = f"/api/v1/tasks/{uuid4()}{action}"
    body: dict[str, Any] | None = {"variables": {}} if action in ("/complete", "/draft") else None
    send = clerk.put if action == "/draft" else clerk.post

    assert (send(path, body) if action else clerk.get(path)).status_code == 404


def test_incidents_are_for_supervisors_and_an_unknown_one_is_not_found(sign_in: SignIn) -> None:
    supervisor = sign_in("supervisor")

    assert supervisor.get("/api/v1/incidents").json == {"incidents": [], "total": 0}
    assert supervisor.post(f"/api/v1/incidents/{uuid4()}/resolve").status_code == 404


def test_a_task_with_a_form_is_not_completed_without_it(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    path = f"/tasks/{first_task(clerk)['id']}"
    clerk.post(f"/api/v1{path}/claim")
    version = clerk.get(f"/api/v1{path}").json["task"]["version"]
    answer = clerk.form(f"{path}/done", version=version)

    assert answer.headers["Location"] == path
    assert "此环节须填写表单后提交" in clerk.get(path).text
    assert clerk.get(f"/api/v1{path}").json["task"]["state"] == "open"


def test_a_task_without_a_form_is_completed_as_it_was_shown(sign_in: SignIn, services: Services) -> None:
    deploy = DeployResources(resources=(Resource(name="one_step.bpmn", kind="process", content=ONE_STEP),))
    begin = StartProcessInstance(process_id="P", business_key="K-1", region="320481001", variables={})
    services.engine.execute(deploy, actor=SYSTEM)
    services.engine.execute(begin, actor=SYSTEM)
    clerk = sign_in("clerk")
    task = clerk.get("/api/v1/tasks?tab=to-claim").json["tasks"][0]
    path = f"/tasks/{task['id']}"
    clerk.post(f"/api/v1{path}/claim")
    version = clerk.get(f"/api/v1{path}").json["task"]["version"]

    assert f'name="version" value="{version}"' in clerk.get(path).text
    assert clerk.form(f"{path}/done").status_code == 400
    assert clerk.form(f"{path}/done", version=version - 1).status_code == 409
    assert clerk.form(f"{path}/done", version=version).status_code == 303
    assert clerk.get(f"/api/v1{path}").json["task"]["state"] == "completed"


def test_a_refused_action_on_a_task_says_no_more_than_a_look_at_it(sign_in: SignIn) -> None:
    clerk, stranger = sign_in("clerk"), sign_in("far-clerk")
    place = f"/api/v1/tasks/{first_task(clerk)['id']}"
    unseen = stranger.get(place)
    assert unseen.status_code == 404

    def refusals() -> list[Any]:
        return [
            stranger.post(f"{place}/claim"),
            stranger.post(f"{place}/release"),
            stranger.post(f"{place}/complete", {"variables": {}}),
            stranger.put(f"{place}/draft", {"variables": {}}),
        ]

    free = refusals()
    assert clerk.post(f"{place}/claim").status_code == 200
    for answer in (*free, *refusals()):
        assert (answer.status_code, answer.json["detail"]) == (404, unseen.json["detail"])
    held = sign_in("other-clerk").post(f"{place}/claim")
    assert (held.status_code, held.json["code"]) == (409, "already-claimed")
