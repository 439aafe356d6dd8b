"""The same done to several tasks at once: each says what became of it, over the API and on the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from api.services import Services
from engine.commands.deployments import DeployResources
from engine.commands.process_instances import StartProcessInstance
from engine.model import SYSTEM, Resource
from tests.api.conftest import TOWN, Client
from tests.processes.diagrams import end, flows, one_process, start

SignIn = Callable[[str], Client]
BATCH = "/api/v1/tasks/batch"

FORM = b"""{"id": "note", "type": "default", "schemaVersion": 19, "components": [
  {"type": "textfield", "id": "F1", "key": "place", "label": "Place", "validate": {"required": true}},
  {"type": "textfield", "id": "F2", "key": "note", "label": "Note", "validate": {"required": true}}]}"""


def diagram(properties: str) -> str:
    return one_process(
        start(),
        f"""<bpmn:userTask id="Task_Note" name="记一笔"><bpmn:extensionElements><zeebe:userTask/>
             <zeebe:formDefinition formId="note"/>
             <zeebe:assignmentDefinition candidateGroups="township/clerk"/>
             <zeebe:ioMapping><zeebe:input source="=place" target="place"/></zeebe:ioMapping>
             <zeebe:properties>{properties}</zeebe:properties></bpmn:extensionElements></bpmn:userTask>""",
        end(),
        flows("s>Task_Note>e"),
    )


BULKABLE = '<zeebe:property name="bulkable" value="true"/>'
OTHER = '<zeebe:property name="legalBasis" value="-"/>'


@pytest.fixture
def begin(services: Services) -> Callable[..., list[str]]:
    """Start as many processes with one task each and return the ids of their tasks."""

    def begun(number: int, *, properties: str = BULKABLE) -> list[str]:
        resources = (
            Resource(name="note.form", content=FORM, kind="form"),
            Resource(name="note.bpmn", content=diagram(properties), kind="process"),
        )
        services.engine.execute(DeployResources(resources=resources), actor=SYSTEM)
        ids = []
        for count in range(number):
            started = StartProcessInstance(
                process_id="P", variables={"place": "村口"}, region=TOWN, business_key=f"note-{count}"
            )
            instance = services.engine.execute(started, actor=SYSTEM)
            ids.append(str(services.queries.instance(instance.id).tasks[0].id))
        return ids

    return begun


def states(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [one["state"] for one in answer.json["items"]]


def test_of_several_claimed_tasks_only_the_one_another_holds_is_refused(
    sign_in: SignIn, begin: Callable[..., list[str]]
) -> None:
    clerk, other = sign_in("clerk"), sign_in("other-clerk")
    one, two, three = begin(3)
    other.post(f"/api/v1/tasks/{two}/claim")
    answer = clerk.post(BATCH, {"action": "claim", "task_ids": [one, two, three, one]})

    assert states(answer) == ["done", "not-tried", "done"]
    refused = answer.json["items"][1]
    assert (refused["code"], refused["business_key"]) == ("already-claimed", "note-1")
    assert "周强" in refused["message_zh"]
    assert "周强" in refused["message_en"]
    assert clerk.get("/api/v1/tasks?tab=mine").json["total"] == 2
    assert states(clerk.post(BATCH, {"action": "claim", "task_ids": [one, three]})) == ["done", "done"]


def test_who_may_not_see_a_task_learns_nothing_of_it(sign_in: SignIn, begin: Callable[..., list[str]]) -> None:
    [task] = begin(1)
    answer = sign_in("far-clerk").post(BATCH, {"action": "claim", "task_ids": [task, str(uuid4())]})

    assert states(answer) == ["not-tried", "not-tried"]
    for one in answer.json["items"]:
        assert (one["code"], one["business_key"], one["name"]) == ("not-found", None, None)


def test_tasks_are_released_once_and_the_reason_is_kept(
    sign_in: SignIn, services: Services, begin: Callable[..., list[str]]
) -> None:
    clerk = sign_in("clerk")
    [task] = begin(1)
    clerk.post(f"/api/v1/tasks/{task}/claim")
    body = {"action": "release", "task_ids": [task], "reason": "外出三天"}

    assert states(clerk.post(BATCH, body)) == ["done"]
    assert states(clerk.post(BATCH, body)) == ["not-tried"]
    assert states(sign_in("supervisor").post(BATCH, body)) == ["done"]
    assert reasons(services, task) == [("released", "外出三天")]


def reasons(services: Services, task: str) -> list[tuple[str, Any]]:
    found = services.queries.user_task  # the instance is found by its task, as the system sees it
    instance = found(UUID(task), SYSTEM).process_instance_id
    history = services.queries.instance(instance).history
    return [(one.action, one.details["reason"]) for one in history if "reason" in one.details]


def test_a_supervisor_assigns_several_with_a_reason_and_nobody_else_does(
    sign_in: SignIn, services: Services, begin: Callable[..., list[str]]
) -> None:
    supervisor = sign_in("supervisor")
    one, two = begin(2)
    body = {"action": "assign", "task_ids": [one, two], "assignee": "clerk"}

    assert supervisor.post(BATCH, body).json["code"] == "reason-missing"
    assert supervisor.post(BATCH, body | {"reason": "x", "assignee": "nobody"}).json["code"] == "not-found"
    by_clerk = sign_in("clerk").post(BATCH, body | {"reason": "分担"})
    assert [item["code"] for item in by_clerk.json["items"]] == ["not-permitted", "not-permitted"]
    assert states(supervisor.post(BATCH, body | {"reason": "分担", "assignee": "far-clerk"})) == ["not-tried"] * 2
    for _ in range(2):
        assert states(supervisor.post(BATCH, body | {"reason": "分担"})) == ["done", "done"]
    assert sign_in("clerk").get("/api/v1/tasks?tab=mine").json["total"] == 2
    assert reasons(services, one) == [("assigned", "分担")]


def test_tasks_are_completed_together_with_what_all_share_where_the_diagram_allows_it(
    sign_in: SignIn, begin: Callable[..., list[str]]
) -> None:
    clerk = sign_in("clerk")
    one, two = begin(2)
    body: dict[str, Any] = {"action": "complete", "task_ids": [one, two]}
    not_held = clerk.post(BATCH, body)
    assert [item["code"] for item in not_held.json["items"]] == ["not-assignee", "not-assignee"]
    clerk.post(BATCH, {"action": "claim", "task_ids": [one, two]})

    without = clerk.post(BATCH, body)
    assert [item["code"] for item in without.json["items"]] == ["form-invalid", "form-invalid"]
    assert "note" in without.json["items"][0]["message_en"]
    assert "place" not in without.json["items"][0]["message_en"]
    assert states(clerk.post(BATCH, body | {"variables": {"note": "已看"}})) == ["done", "done"]
    again = clerk.post(BATCH, body | {"variables": {"note": "已看"}})
    assert [item["code"] for item in again.json["items"]] == ["task-not-open", "task-not-open"]


def test_a_task_with_a_draft_is_not_completed_unseen(sign_in: SignIn, begin: Callable[..., list[str]]) -> None:
    clerk = sign_in("clerk")
    one, two = begin(2)
    clerk.post(BATCH, {"action": "claim", "task_ids": [one, two]})
    assert clerk.put(f"/api/v1/tasks/{one}/draft", {"variables": {"note": "半句"}}).status_code == 200
    body = {"action": "complete", "task_ids": [one, two], "variables": {"note": "已看"}}

    answer = clerk.post(BATCH, body)
    assert states(answer) == ["not-tried", "done"]
    assert answer.json["items"][0]["code"] == "task-has-draft"


def test_what_changed_since_it_was_read_is_not_completed(sign_in: SignIn, begin: Callable[..., list[str]]) -> None:
    clerk = sign_in("clerk")
    one, two = begin(2)
    clerk.post(BATCH, {"action": "claim", "task_ids": [one, two]})
    version = clerk.get(f"/api/v1/tasks/{one}").json["task"]["version"]
    body = {"action": "complete", "task_ids": [one, two], "variables": {"note": "已看"}}

    answer = clerk.post(BATCH, body | {"versions": [version, version + 1]})
    assert states(answer) == ["done", "not-tried"]
    assert answer.json["items"][1]["code"] == "stale-version"
    assert clerk.post(BATCH, body | {"versions": [version]}).status_code == 422


def test_what_was_completed_in_the_version_told_is_told_again(sign_in: SignIn, begin: Callable[..., list[str]]) -> None:
    clerk, supervisor = sign_in("clerk"), sign_in("supervisor")
    [task] = begin(1)
    clerk.post(BATCH, {"action": "claim", "task_ids": [task]})
    version = clerk.get(f"/api/v1/tasks/{task}").json["task"]["version"]
    body = {"action": "complete", "task_ids": [task], "variables": {"note": "已看"}, "versions": [version]}

    for _ in range(2):
        assert states(clerk.post(BATCH, body)) == ["done"]
    other = clerk.post(BATCH, body | {"variables": {"note": "不同意"}}).json["items"][0]  # from another tab
    assert (other["state"], other["code"]) == ("not-tried", "task-not-open")
    assert states(clerk.post(BATCH, body | {"versions": [version + 1]})) == ["not-tried"]
    assert states(supervisor.post(BATCH, body)) == ["not-tried"]


def test_what_was_completed_otherwise_is_not_said_to_be_done_by_a_batch(
    sign_in: SignIn, begin: Callable[..., list[str]]
) -> None:
    clerk = sign_in("clerk")
    [task] = begin(1)
    clerk.post(BATCH, {"action": "claim", "task_ids": [task]})
    version = clerk.get(f"/api/v1/tasks/{task}").json["task"]["version"]
    answers = {"variables": {"note": "同意"}}
    assert states(clerk.post(BATCH, {"action": "complete", "task_ids": [task], **answers})) == ["done"]
    body = {"action": "complete", "task_ids": [task], "variables": {"note": "不同意"}, "versions": [version]}
    assert states(clerk.post(BATCH, body)) == ["not-tried"]


def test_a_page_past_the_end_is_the_last_one(sign_in: SignIn, begin: Callable[..., list[str]]) -> None:
    begin(51)
    past, last = (sign_in("clerk").get(f"/tasks?tab=to-claim&page={page}").text for page in (9, 2))
    assert "note-" in past
    assert re.findall(r'data-version="([^"]+)"', past) == re.findall(r'data-version="([^"]+)"', last) != []


def test_what_the_diagram_does_not_call_bulkable_is_completed_one_by_one(
    sign_in: SignIn, begin: Callable[..., list[str]]
) -> None:
    clerk = sign_in("clerk")
    [task] = begin(1, properties=OTHER)
    clerk.post(f"/api/v1/tasks/{task}/claim")
    answer = clerk.post(BATCH, {"action": "complete", "task_ids": [task], "variables": {"note": "已看"}})

    assert [item["code"] for item in answer.json["items"]] == ["not-bulkable"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"action": "burn", "task_ids": [str(uuid4())]},
        {"action": "claim", "task_ids": []},
        {"action": "claim", "task_ids": ["x"]},
        {"action": "claim", "task_ids": [str(uuid4())] * 201},
        {"action": "release", "task_ids": [str(uuid4())], "reason": "长" * 501},
    ],
)
def test_a_batch_that_makes_no_sense_is_refused_whole(sign_in: SignIn, body: dict[str, Any]) -> None:
    assert sign_in("clerk").post(BATCH, body).status_code == 422


def test_ticked_tasks_are_claimed_and_released_by_the_plain_page(
    sign_in: SignIn, begin: Callable[..., list[str]]
) -> None:
    clerk = sign_in("clerk")
    sign_in("other-clerk").post(f"/api/v1/tasks/{begin(2)[1]}/claim")
    page = clerk.get("/tasks?tab=unit").text
    ticked = re.findall(r'name="task" value="([^"]+)"', page)
    assert len(ticked) == 2
    shown = clerk.form("/tasks?tab=unit", action="claim", task=ticked)

    assert shown.status_code == 200
    assert "已办 1 项，未办 1 项" in shown.text
    assert "由周强办理中" in shown.text
    assert shown.text.count(" checked") == 1
    assert "已办 1 项，未办 0 项" in clerk.form("/tasks", action="release", task=ticked[0]).text


def test_a_supervisor_assigns_by_the_plain_page_and_hears_what_is_missing(
    sign_in: SignIn, begin: Callable[..., list[str]]
) -> None:
    supervisor = sign_in("supervisor")
    [task] = begin(1)
    page = supervisor.get("/tasks?tab=unit").text
    assert 'value="clerk">陈敏 · ' in page
    assert 'value="far-clerk"' not in page
    sent = {"action": "assign", "task": task, "assignee": "clerk"}

    assert "请先勾选任务" in supervisor.form("/tasks?tab=unit", **(sent | {"task": []})).text
    refused = supervisor.form("/tasks?tab=unit", **sent)
    assert "请写明理由" in refused.text
    assert 'value="clerk" selected' in refused.text
    assert "Give a reason" in supervisor.form("/tasks?tab=unit&lang=en", **sent).text
    assert "Done: 1. Not done: 0." in supervisor.form("/tasks?tab=unit&lang=en", reason="分担", **sent).text


def test_an_odd_batch_of_the_page_is_an_error_that_says_so(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    for sent in ({"task": "x", "action": "claim"}, {"task": str(uuid4())}, {"task": str(uuid4()), "action": "burn"}):
        assert 400 <= clerk.form("/tasks", **sent).status_code < 500
