"""Absences over the API and on pages: who stands in for whom, and that nobody sees more than the two of them may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from api.services import Services
from engine.model import SYSTEM
from tests.api.applications import application_json
from tests.api.conftest import PASSWORD, Client
from workflows.casework.days import local_day
from workflows.organisation.commands import CreateAccount

SignIn = Callable[[str], Client]
ABSENCES = "/api/v1/absences"


def day(after: int = 0) -> str:
    return (local_day(datetime.now(UTC)) + timedelta(days=after)).isoformat()


def words(**changes: Any) -> dict[str, Any]:
    usual = {"login": "clerk", "substitute": "reviewer", "first_on": day(), "last_on": day(3), "reason": "年休假"}
    return {**usual, **changes}


def entered(client: Client, **changes: Any) -> Any:
    answer = client.post(ABSENCES, words(**changes))
    assert answer.status_code == 201, answer.text
    return answer.json


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json["code"]


def tasks(client: Client, tab: str) -> list[Any]:
    answer = client.get(f"/api/v1/tasks?tab={tab}").json
    assert answer["total"] == len(answer["tasks"]) == answer["counts"][tab]
    return list(answer["tasks"])


@pytest.fixture
def case(sign_in: SignIn) -> str:
    return str(sign_in("clerk").post("/api/v1/applications", application_json()).json["number"])


def test_a_substitute_works_in_the_name_of_who_is_absent(sign_in: SignIn, case: str) -> None:
    clerk, reviewer = sign_in("clerk"), sign_in("reviewer")
    assert tasks(reviewer, "to-claim") == []
    entered(clerk)

    [task] = tasks(reviewer, "to-claim")
    path = f"/api/v1/tasks/{task['id']}"
    assert reviewer.post(f"{path}/claim").json["assignee"] == "clerk"
    assert reviewer.put(f"{path}/draft", {"variables": {"completeness": "complete"}}).status_code == 200
    done = reviewer.post(f"{path}/complete", {"variables": {"completeness": "complete", "kin": []}})
    assert done.status_code == 200, done.text
    assert (done.json["task"]["completed_by"], done.json["task"]["completed_for"]) == ("reviewer", "clerk")
    assert done.json["task"]["completed_by_name"] == "孙岩（代陈敏）"
    assert task["id"] in {one["id"] for one in tasks(clerk, "done")}
    assert tasks(sign_in("far-clerk"), "to-claim") == []


def test_the_pages_of_both_say_so_and_mark_what_is_done_for_another(sign_in: SignIn, case: str) -> None:
    clerk, reviewer = sign_in("clerk"), sign_in("reviewer")
    entered(clerk)
    [task] = tasks(reviewer, "to-claim")

    assert "由孙岩代理" in clerk.get("/profile").text
    listed = reviewer.get("/tasks?tab=to-claim").text
    assert "您正在代理陈敏的任务" in listed
    assert "代陈敏</span>" in listed
    assert "代陈敏</span>" not in sign_in("other-clerk").get("/tasks?tab=to-claim").text
    answer = reviewer.form(f"/tasks/{task['id']}/claim")
    assert answer.location == f"/tasks/{task['id']}"
    page = reviewer.get(f"/tasks/{task['id']}").text
    assert "您代理陈敏办理此任务" in page
    assert "data-form-submit" in page
    assert "data-form-submit" not in sign_in("other-clerk").get(f"/tasks/{task['id']}").text
    session = reviewer.get("/api/v1/session").json
    assert [(one["login"], one["last_on"]) for one in session["stands_in_for"]] == [("clerk", day(3))]
    assert [one["login"] for one in clerk.get("/api/v1/session").json["is_absent"]] == ["reviewer"]


@pytest.mark.parametrize("kin", ["clerk", "reviewer"])
def test_kin_of_either_sees_nothing_through_the_other(sign_in: SignIn, services: Services, case: str, kin: str) -> None:
    clerk, reviewer, other = sign_in("clerk"), sign_in("reviewer"), sign_in("other-clerk")
    entered(clerk)
    [task] = tasks(reviewer, "to-claim")
    relative = {"name": "亲属", "relation": "儿子", "post": "staff", "login": kin}
    assert other.post(f"/api/v1/cases/{case}/kin", relative).status_code == 201

    assert tasks(reviewer, "to-claim") == []
    assert reviewer.post(f"/api/v1/tasks/{task['id']}/claim").status_code in (403, 404)
    assert sign_in("other-clerk").post(f"/api/v1/tasks/{task['id']}/claim").status_code == 200


def test_a_substitute_of_another_unit_sees_the_case_of_the_task_alone(sign_in: SignIn, case: str) -> None:
    teacher = sign_in("teacher")
    assert teacher.get(f"/api/v1/cases/{case}").status_code == 404
    refused = sign_in("clerk").post(ABSENCES, words(substitute="teacher"))
    assert code(refused) == (422, "substitute-unfit")
    made = entered(sign_in("supervisor"), substitute="teacher")

    [task] = tasks(teacher, "to-claim")
    seen = teacher.get(f"/api/v1/cases/{case}").json
    assert seen["purpose_limited"] is False
    assert teacher.get(f"/tasks/{task['id']}").status_code == 200
    assert teacher.post(f"{ABSENCES}/{made['id']}/end").status_code == 403
    assert sign_in("clerk").post(f"{ABSENCES}/{made['id']}/end").json["ended_by"] == "clerk"
    assert teacher.get(f"/api/v1/cases/{case}").status_code == 404
    assert teacher.get(f"/tasks/{task['id']}").status_code == 404
    assert tasks(teacher, "to-claim") == []


def test_posts_in_a_unit_of_neither_are_not_lent(sign_in: SignIn, services: Services) -> None:
    def hire(login: str, *posts: tuple[str, str]) -> Client:
        account = CreateAccount(login=login, name=login, password=PASSWORD, posts=posts, must_change_password=False)
        services.engine.execute(account, actor=SYSTEM)
        return sign_in(login)

    both = hire("both", ("kunlun", "clerk"), ("education", "clerk"))
    warden = hire("warden", ("kunlun", "supervisor"))
    for client in (both, warden):
        refused = client.post(ABSENCES, words(login="both"))
        assert code(refused) == (422, "substitute-unfit")
        assert "education" in refused.json["detail"]
    assert entered(sign_in("supervisor"), login="both")["substitute"] == "reviewer"


def test_absences_are_seen_by_whom_they_concern(sign_in: SignIn) -> None:
    made = entered(sign_in("clerk"))

    def seen(login: str) -> list[tuple[str, bool]]:
        found = sign_in(login).get(f"{ABSENCES}?current_only=true").json
        assert found["total"] == len(found["absences"])
        return [(one["absence"]["reason"], one["may_end"]) for one in found["absences"]]

    assert seen("clerk") == seen("supervisor") == [("年休假", True)]
    assert seen("reviewer") == [("", False)]
    assert seen("other-clerk") == seen("teacher") == []
    assert sign_in("other-clerk").post(f"{ABSENCES}/{made['id']}/end").status_code == 404
    assert sign_in("idle").get(ABSENCES).status_code == 403
    sign_in("supervisor").post(f"{ABSENCES}/{made['id']}/end")
    assert seen("clerk") == []
    choices = sign_in("clerk").get(f"{ABSENCES}/choices").json
    assert [one["login"] for one in choices["absent"]] == ["clerk"]
    assert {"other-clerk", "reviewer"} <= {one["login"] for one in choices["substitutes"]}
    assert "teacher" not in {one["login"] for one in choices["substitutes"]}


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({"substitute": "clerk"}, (422, "substitute-unfit")),
        ({"substitute": "far-clerk"}, (422, "substitute-unfit")),
        ({"substitute": "nobody"}, (404, "not-found")),
        ({"login": "other-clerk"}, (403, "not-permitted")),
        ({"last_on": day(-1)}, (422, "absence-days-wrong")),
        ({"first_on": "1800-01-01"}, (422, "request-invalid")),
        ({"process_ids": ["nothing"]}, (404, "not-found")),
        ({"reason": " "}, (422, "reason-missing")),
        ({"reason": ""}, (422, "request-invalid")),
        ({"chain": True}, (422, "request-invalid")),
    ],
)
def test_what_is_refused_says_why(sign_in: SignIn, changes: dict[str, Any], answer: tuple[int, str]) -> None:
    assert code(sign_in("clerk").post(ABSENCES, words(**changes))) == answer


def test_the_same_key_gives_the_same_absence_and_another_overlaps(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    key = {"headers": {"Idempotency-Key": "one"}}
    first, again = clerk.post(ABSENCES, words(), **key), clerk.post(ABSENCES, words(), **key)
    assert first.json["id"] == again.json["id"]
    assert code(clerk.post(ABSENCES, words(reason="病假"), **key)) == (409, "absence-taken")
    assert code(clerk.post(ABSENCES, words())) == (409, "absence-overlaps")


def test_an_absence_is_entered_and_ended_on_the_page(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    given = words(absence_id=str(uuid4()), process=["relief_case"])
    refused = clerk.form("/absences", **{**given, "last_on": day(-2)})
    assert refused.status_code == 422
    assert "止日不得早于起日" in refused.text
    assert 'value="年休假"' in refused.text
    assert clerk.form("/absences", **{**given, "first_on": "soon"}).status_code == 422
    assert clerk.form("/absences", **{**given, "absence_id": "x"}).status_code == 422

    assert clerk.form("/absences", **given).status_code == 303
    assert clerk.form("/absences", **given).status_code == 303  # sent twice
    [line] = clerk.get(ABSENCES).json["absences"]
    assert line["absence"]["process_ids"] == ["relief_case"]
    page = clerk.get("/absences").text
    assert "代理中" in page
    clerk.form(f"/absences/{line['absence']['id']}/end")
    assert "已提前结束" in clerk.get("/absences?all=1").text
