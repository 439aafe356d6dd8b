"""Advice over pages and API: the holder of a task asks, another unit answers, both see what the other may see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from tests.api.applications import application_json
from tests.api.conftest import Client

SignIn = Callable[[str], Client]


def held(clerk: Client) -> tuple[str, str]:
    """Return the path of a case and the id of its first task, held by the clerk."""
    number = clerk.post("/api/v1/applications", application_json()).json["number"]
    [task] = clerk.get(f"/api/v1/tasks?tab=to-claim&case={quote(number)}").json["tasks"]
    clerk.post(f"/api/v1/tasks/{task['id']}/claim")
    return f"/api/v1/cases/{quote(number)}", task["id"]


def ask(client: Client, task: str, key: str = "k", **changes: Any) -> Any:
    body = {"unit_kinds": ["education"], "question": "该生是否在籍？", "working_days": 3, **changes}
    return client.post(f"/api/v1/tasks/{task}/advice", body, headers={"Idempotency-Key": key})


def test_a_question_is_asked_answered_and_seen_on_both_sides(sign_in: SignIn) -> None:
    clerk, teacher, insurer = sign_in("clerk"), sign_in("teacher"), sign_in("insurer")
    case, task = held(clerk)
    asked = ask(clerk, task)
    assert asked.status_code == 201
    assert ask(clerk, task).json["advice"][0]["id"] == asked.json["advice"][0]["id"]
    assert "还有 1 项征求意见未答复" in clerk.get(f"/tasks/{task}").text
    assert insurer.get(f"{case}/advice").status_code == 404

    [one] = teacher.get(f"{case}/advice").json["advice"]
    opened = one["open_task"]
    teacher.post(f"/api/v1/tasks/{opened}/claim")
    assert "该生是否在籍？" in teacher.get(f"/tasks/{opened}").text
    variables = {"advice_decision": "answer", "answer": "在籍，四年级"}
    assert teacher.post(f"/api/v1/tasks/{opened}/complete", {"variables": variables}).status_code == 200

    [seen] = clerk.get(f"/api/v1/tasks/{task}/advice").json["advice"]
    assert (seen["state"], seen["answer"], seen["closed_by"]) == ("answered", "在籍，四年级", "teacher")
    for page in (f"/tasks/{task}", case.removeprefix("/api/v1")):
        assert "在籍，四年级" in clerk.get(page).text
    assert [one["notice"]["cause"] for one in clerk.get("/api/v1/notices").json["notices"]] == ["advice_answered"]


def test_the_page_keeps_what_was_typed_when_it_is_refused(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    _, task = held(clerk)
    path = f"/tasks/{task}/advice"
    assert "教育局" in clerk.get(path).text
    refused = clerk.form(path, unit="education", question="是否在籍？", working_days="99")
    assert refused.status_code == 422
    assert "1 至 15 个工作日" in refused.text
    assert "是否在籍？" in refused.text
    sent = clerk.form(path, unit="education", question="是否在籍？", working_days="3")
    assert sent.status_code == 303
    [one] = clerk.get(f"/api/v1/tasks/{task}/advice").json["advice"]

    assert clerk.form(f"/advice/{one['id']}/withdrawal", reason="已电话核实").status_code == 303
    assert clerk.get(f"/api/v1/tasks/{task}/advice").json["advice"][0]["state"] == "withdrawn"
    page = sign_in("teacher").get("/notices")
    assert page.status_code == 200  # what it leads to is gone, the notice stays


def test_who_does_not_see_the_task_neither_asks_nor_learns_of_it(sign_in: SignIn) -> None:
    clerk, far = sign_in("clerk"), sign_in("far-clerk")
    case, task = held(clerk)
    asked = ask(clerk, task).json["advice"][0]["id"]
    assert ask(far, task).status_code == 404
    assert far.get(f"/tasks/{task}/advice").status_code == 404
    assert far.get(f"{case}/advice").status_code == 404
    assert far.post(f"/api/v1/advice/{asked}/withdrawal", {"reason": "x"}).status_code == 404
    assert ask(sign_in("other-clerk"), task, "k2").json["code"] == "not-assignee"
