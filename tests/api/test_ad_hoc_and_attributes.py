"""Changing an open task and beginning elements in an ad-hoc sub-process, over the API and the command line."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from api.services import Services
from engine.commands.operations import SuspendProcessInstance
from engine.model import SYSTEM
from tests.api.conftest import OTHER_TOWN, Client
from tests.api.test_operating_commands import Relief, relief
from tests.api.test_operations import CLERKS, INSTANCES, STEPS, WHY, SignIn, begin, deploy
from tests.processes.diagrams import ad_hoc, end, flows, one_process, start, user

__all__ = ["relief"]  # a fixture of the commands
CHOICE = one_process(
    start(),
    ad_hoc("Extras", "=[]", user("visit", CLERKS, name="走访"), user("call", CLERKS, name="电话"), condition="=false"),
    end(),
    flows("s>Extras>e"),
)


def patch(client: Client, path: str, body: Any) -> Any:
    return client.client.patch(path, json=body, headers={"X-CSRF-Token": client.token})


def the_task(services: Services, instance: Any) -> Any:
    [task] = services.queries.instance(instance.id).tasks
    return task


def test_a_supervisor_changes_an_open_task_and_leaves_alone_what_is_not_named(
    services: Services, sign_in: SignIn
) -> None:
    deploy(services, STEPS)
    instance = begin(services)
    place = f"/api/v1/tasks/{the_task(services, instance).id}"
    chief = sign_in("supervisor")

    changed = patch(chief, place, {"due_at": "2026-07-01T09:00:00+08:00", "priority": 90})
    assert changed.status_code == 200, changed.text
    task = the_task(services, instance)
    assert (task.priority, task.due_at.isoformat(), task.candidate_groups) == (
        90,
        "2026-07-01T01:00:00+00:00",
        ("township/clerk",),
    )
    assert changed.json["version"] == task.version
    patch(chief, place, {"due_at": None, "candidate_groups": ["township/reviewer"], "candidate_users": ["clerk"]})
    task = the_task(services, instance)
    assert (task.due_at, task.priority) == (None, 90)
    assert (task.candidate_groups, task.candidate_users) == (("township/reviewer",), ("clerk",))
    history = services.queries.instance(instance.id).history
    assert [(one.actor, one.action) for one in history][-2:] == [("supervisor", "task-updated")] * 2
    assert (history[-2].details["before"]["priority"], history[-2].details["after"]["priority"]) == (50, 90)


def test_a_change_keeps_its_reason_and_leaves_no_task_to_nobody(services: Services, sign_in: SignIn) -> None:
    deploy(services, STEPS)
    instance = begin(services)
    place = f"/api/v1/tasks/{the_task(services, instance).id}"
    chief = sign_in("supervisor")

    refused = patch(chief, place, {"candidate_groups": [], "candidate_users": []})
    assert (refused.status_code, refused.json["code"]) == (422, "nobody-could-do-task")
    assert the_task(services, instance).candidate_groups == ("township/clerk",)
    assert patch(chief, place, {"reason": "only a reason"}).status_code == 422

    assert (
        patch(chief, place, {"candidate_groups": ["township/reviewer"], "reason": "经办人长期病假"}).status_code == 200
    )
    told = services.queries.instance(instance.id).history[-1].details
    assert told["reason"] == "经办人长期病假"
    assert told["before"] == {"candidate_groups": ["township/clerk"]}
    assert told["after"] == {"candidate_groups": ["township/reviewer"]}


@pytest.mark.parametrize(
    ("body", "path", "code"),
    [
        ({}, "changes", "required"),
        ({"due_at": "soon"}, "due_at", "not-a-date"),
        ({"due_at": "2026-07-01T09:00:00"}, "due_at", "not-a-date"),
        ({"priority": 101}, "priority", "out-of-range"),
        ({"priority": True}, "priority", "not-an-integer"),
        ({"candidate_groups": None}, "candidate_groups", "not-null"),
        ({"candidate_groups": [""]}, "candidate_groups[0]", "wrong-length"),
        ({"assignee": "clerk"}, "assignee", "unknown-field"),
    ],
)
def test_a_wrong_change_is_refused_with_its_place(
    services: Services, sign_in: SignIn, body: Any, path: str, code: str
) -> None:
    deploy(services, STEPS)
    instance = begin(services)
    before = the_task(services, instance)

    refused = patch(sign_in("supervisor"), f"/api/v1/tasks/{before.id}", body)

    assert (refused.status_code, refused.json["code"]) == (422, "request-invalid")
    assert [(one["path"], one["code"]) for one in refused.json["errors"]] == [(path, code)]
    assert the_task(services, instance) == before


def test_a_task_of_nobody_over_or_suspended_is_not_changed(services: Services, sign_in: SignIn) -> None:
    deploy(services, STEPS)
    instance = begin(services)
    place = f"/api/v1/tasks/{the_task(services, instance).id}"
    assert patch(sign_in("clerk"), place, {"priority": 1}).status_code == 403
    assert patch(sign_in("supervisor"), f"/api/v1/tasks/{uuid4()}", {"priority": 1}).status_code == 404
    services.engine.execute(SuspendProcessInstance(process_instance_id=instance.id, reason="x"), actor=SYSTEM)
    rests = patch(sign_in("supervisor"), place, {"priority": 1})
    assert (rests.status_code, rests.json["code"]) == (409, "instance-suspended")
    assert the_task(services, instance).priority == 50


def test_elements_begin_in_a_running_ad_hoc_sub_process(services: Services, sign_in: SignIn) -> None:
    deploy(services, CHOICE)
    instance = begin(services)
    place = f"{INSTANCES}/{instance.id}/ad-hoc-activation"
    chief = sign_in("supervisor")

    begun = chief.post(place, {"elements": [{"element_id": "visit", "variables": {"who": "li"}}], **WHY})
    assert begun.status_code == 200, begun.text
    assert [one["element_id"] for one in begun.json["begun"] if one["tag"] == "userTask"] == ["visit"]
    again = chief.post(place, {"elements": [{"element_id": "call"}], "cancel_remaining": True, **WHY})
    assert again.status_code == 200, again.text
    assert "visit" in [one["element_id"] for one in again.json["ended"]]
    states = {task.element_id: task.state.value for task in services.queries.instance(instance.id).tasks}
    assert states == {"visit": "cancelled", "call": "open"}
    told = [one for one in services.queries.instance(instance.id).history if one.action == "ad-hoc-activated"]
    assert [(one.actor, one.details["reason"]) for one in told] == [("supervisor", WHY["reason"])] * 2


def test_what_cannot_begin_is_refused_in_both_languages_and_changes_nothing(
    services: Services, sign_in: SignIn
) -> None:
    deploy(services, CHOICE)
    instance = begin(services)
    place = f"{INSTANCES}/{instance.id}/ad-hoc-activation"
    chief = sign_in("supervisor")
    for body, zh, en in (
        ({"elements": [{"element_id": "nothing"}]}, "不能在 Extras 中启动", "cannot be begun in Extras"),
        ({"elements": [{"element_id": "call"}] * 2}, "被列出两次", "named twice"),
        ({"elements": [{"element_id": "call"}], "scope_key": 1}, "现在不能启动环节", "takes elements now"),
        ({}, "没有提出任何修改", "nothing is asked for"),
    ):
        for language, words in (("zh", zh), ("en", en)):
            refused = chief.post(place, {**body, **WHY}, headers={"Accept-Language": language})
            assert (refused.status_code, refused.json["code"]) == (422, "modification-refused")
            assert words in refused.json["detail"]
    assert chief.post(place, {"elements": [{"element_id": "call"}]}).status_code == 422  # no reason
    assert services.queries.instance(instance.id).tasks == []
    deploy(services, STEPS)
    without = begin(services, region=OTHER_TOWN)
    body = {"elements": [{"element_id": "make"}], **WHY}
    assert chief.post(f"{INSTANCES}/{without.id}/ad-hoc-activation", body).json["code"] == "modification-refused"
    assert sign_in("town-administrator").post(f"{INSTANCES}/{without.id}/ad-hoc-activation", body).status_code == 403
    assert chief.post(f"{INSTANCES}/{uuid4()}/ad-hoc-activation", body).status_code == 404


def test_elements_begin_by_command(services: Services, relief: Relief) -> None:
    deploy(services, CHOICE)
    instance = begin(services)

    done = relief("instances", "activate", instance.id, "--element", "visit", "--reason", "补充走访")
    assert (done.exit_code, "“走访”" in done.output) == (0, True), done.output
    assert relief("instances", "activate", instance.id, "--element", "nothing", "--reason", "x").exit_code == 1
    assert relief("instances", "activate", instance.id, "--element", "visit").exit_code == 2
