"""Supervising over pages and API: ticked tasks, reminders, orders with their course, notices; and who may what."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from tests.api.applications import application_json
from tests.api.conftest import Client, content
from tests.api.test_supervision import hand, hand_in, surroundings, task_of  # noqa: F401  fixtures

SignIn = Callable[[str], Client]
ORDERS = "/api/v1/supervision/orders"
ORDER = {"demand": "三日内办结", "basis_kind": "legal", "basis": "社会救助法第四十四条", "working_days": 5}
FORM = ORDER | {"working_days": "5", "submission_key": "one"}


@pytest.fixture
def supervisor(sign_in: SignIn) -> Client:
    return sign_in("supervisor")


@pytest.fixture
def clerk(sign_in: SignIn) -> Client:
    return sign_in("clerk")


def issued(supervisor: Client, task: dict[str, Any], **changes: Any) -> dict[str, Any]:
    answer = supervisor.post(ORDERS, {"task_id": task["id"], **ORDER, **changes})
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == f"{ORDERS}/{answer.json['id']}"
    return dict(content(answer))


def unread(client: Client) -> list[dict[str, Any]]:
    return list(content(client.get("/api/v1/notices?unread_only=true"))["notices"])


def test_an_order_goes_its_whole_way_over_the_api(supervisor: Client, clerk: Client) -> None:
    task = task_of(supervisor, hand_in(clerk, 1))
    order = issued(supervisor, task)
    assert (order["number"], order["unit_kind"], order["due_on"]) == ("溧督〔2026〕1号", "township", "2026-06-15")
    [line] = content(clerk.get(ORDERS))["orders"]
    for path, values in ((f"{line['open_task']}/claim", None), (f"{line['open_task']}/complete", {"answer": "已办结"})):
        body = None if values is None else {"variables": values}
        assert clerk.post(f"/api/v1/tasks/{path}", body).status_code == 200
    [line] = content(supervisor.get(f"{ORDERS}?situation=answered"))["orders"]
    verdict = {"variables": {"order_decision": "accept", "review_note": "属实"}}
    supervisor.post(f"/api/v1/tasks/{line['open_task']}/claim")
    assert supervisor.post(f"/api/v1/tasks/{line['open_task']}/complete", verdict).status_code == 200

    view = content(clerk.get(f"{ORDERS}/{order['id']}"))
    assert view["line"]["order"]["state"] == "closed"
    assert [one["event"]["step"] for one in view["course"]] == ["issued", "answered", "accepted"]
    assert "submission_key" not in str(view)
    assert content(supervisor.get("/api/v1/supervision"))["orders"] == {
        "in_work": 0,
        "due_soon": 0,
        "overdue": 0,
        "answered": 0,
        "escalated": 0,
    }


def test_notices_are_ones_own_and_are_read_once(supervisor: Client, clerk: Client, sign_in: SignIn) -> None:
    task = task_of(supervisor, hand_in(clerk, 1))
    reminders = f"/api/v1/tasks/{task['id']}/reminders"
    for _ in range(2):
        answer = supervisor.post(reminders, {"text": "请尽快签收"}, headers={"Idempotency-Key": "r1"})
        assert answer.status_code == 201, answer.text
    [line] = unread(clerk)
    assert (line["notice"]["cause"], line["notice"]["text"], line["author_name"]) == ("reminder", "请尽快签收", "高远")
    assert "submission_key" not in line["notice"]
    assert unread(sign_in("far-clerk")) == unread(supervisor) == []
    read = content(clerk.post("/api/v1/notices/read", {"notice_ids": [line["notice"]["id"]]}))
    assert (read["marked"], read["unread"]) == (1, 0)
    assert content(clerk.post("/api/v1/notices/read", {"notice_ids": None}))["marked"] == 0
    assert len(unread(sign_in("other-clerk"))) == 1


def test_only_supervisors_order_and_remind_and_others_see_nothing_of_it(
    supervisor: Client, clerk: Client, sign_in: SignIn
) -> None:
    task = task_of(supervisor, hand_in(clerk, 1))
    order = issued(supervisor, task)
    body = {"task_id": task["id"], **ORDER}
    assert clerk.post(ORDERS, body).status_code == 403
    assert clerk.post(f"/api/v1/tasks/{task['id']}/reminders", {"text": "催"}).status_code == 403
    assert clerk.get("/supervision/act").status_code == 403
    for login in ("far-clerk", "teacher"):
        other = sign_in(login)
        assert content(other.get(ORDERS))["total"] == 0
        assert other.get(f"{ORDERS}/{order['id']}").status_code == 404
        assert other.get(f"/supervision/orders/{order['id']}").status_code == 404


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"working_days": 0}, 422),
        ({"working_days": 61}, 422),
        ({"working_days": "5"}, 422),
        ({"demand": " "}, 422),
        ({"demand": "长" * 501}, 422),
        ({"addressee": "far-clerk"}, 409),
        ({"addressee": "nobody"}, 409),
        ({"case_number": "溧民救", "unit_kind": "township"}, 422),
        ({"task_id": "00000000-0000-0000-0000-000000000007"}, 404),
        ({"task_id": None, "case_number": "没有", "unit_kind": "township"}, 404),
    ],
)
def test_a_wrong_order_is_refused_with_what_is_wrong(
    supervisor: Client, clerk: Client, changes: dict[str, Any], status: int
) -> None:
    task = task_of(supervisor, hand_in(clerk, 1))
    answer = supervisor.post(ORDERS, {"task_id": task["id"], **ORDER, **changes})
    assert answer.status_code == status, answer.text
    assert content(supervisor.get(ORDERS))["total"] == 0


def test_tasks_ticked_in_a_list_are_reminded_of_and_ordered(supervisor: Client, clerk: Client) -> None:
    tasks = [task_of(supervisor, hand_in(clerk, number)) for number in (1, 2)]
    page = supervisor.get("/tasks?tab=unit&situation=unheld")
    assert page.status_code == 200
    listed = supervisor.get("/tasks?tab=unit").text
    chosen = [task["id"] for task in tasks]
    assert all(f'name="task" value="{one}"' in listed for one in chosen)
    assert "supervise" not in clerk.get("/tasks?tab=unit").text

    ticked = supervisor.form("/tasks?tab=unit", action="supervise", task=chosen)
    assert ticked.status_code == 303
    act = supervisor.get(ticked.headers["Location"])
    assert [one in act.text for one in chosen] == [True, True]
    for path, fields in (
        ("remind", {"text": "请尽快"}),
        ("order", FORM),
        ("order", FORM),
    ):
        given = {"back": "/tasks?tab=unit", "submission_key": "one", **fields, "task": chosen}
        done = supervisor.form(f"/supervision/act/{path}", **given)
        assert (done.status_code, done.headers.get("Location")) == (303, "/tasks?tab=unit"), done.text
    assert content(supervisor.get(ORDERS))["total"] == 2
    causes = sorted(line["notice"]["cause"] for line in unread(clerk))
    assert causes == ["order_issued"] * 2 + ["reminder"] * 2


def test_what_cannot_be_done_is_said_on_the_page_and_what_was_typed_stays(supervisor: Client, clerk: Client) -> None:
    task = task_of(supervisor, hand_in(clerk, 1))
    typed = FORM | {"working_days": "zero", "task": task["id"], "back": "https://elsewhere.example/"}
    refused = supervisor.form("/supervision/act/order", **typed)
    assert refused.status_code == 422
    assert "督办期限应为 1 至 60 个工作日" in refused.text
    assert ORDER["demand"] in refused.text
    assert "elsewhere" not in refused.text
    assert f"{task['name']}：" not in refused.text  # what holds of all is said without a name
    assert supervisor.form("/supervision/act/remind", task="not-an-id", text="x").status_code == 422
    assert supervisor.get("/supervision/act?task=not-an-id").status_code == 303


def test_an_order_about_a_case_is_issued_from_its_page(supervisor: Client, clerk: Client) -> None:
    case = hand_in(clerk, 1)
    assert f"case={quote(case)}" in supervisor.get(f"/cases/{case}").text
    act = supervisor.get("/supervision/act", query_string={"case": case})
    assert (act.status_code, 'name="unit_kind"' in act.text) == (200, True)
    refused = supervisor.form("/supervision/act/order", case=case, unit_kind="education", **FORM)
    assert (refused.status_code, "没有承办案件" in refused.text) == (422, True)
    done = supervisor.form("/supervision/act/order", case=case, unit_kind="township", **FORM)
    assert done.status_code == 303
    page = clerk.get(done.headers["Location"])
    assert all(text in page.text for text in (case, "整个案件", ORDER["demand"], "溧督〔2026〕1号", "答复督办单"))


def test_the_pages_of_orders_and_notices_read_in_both_languages(supervisor: Client, clerk: Client) -> None:
    task = task_of(supervisor, hand_in(clerk, 1))
    issued(supervisor, task)
    board = supervisor.get("/supervision").text
    assert re.search(r'href="/supervision/orders">\s*<span class="figure-card-value num">1</span>', board)
    for path, zh, en in (
        ("/supervision/orders", "待答复", "To be answered"),
        ("/supervision/orders?situation=overdue", "这里目前没有督办单", "No orders here now"),
        ("/supervision/orders?q=zzz", "没有符合条件的督办单", "No orders match"),
        ("/supervision/orders?situation=odd&page=x", "待答复", "To be answered"),
    ):
        sign = "&" if "?" in path else "?"
        assert zh in supervisor.get(path).text
        assert en in supervisor.get(f"{path}{sign}lang=en").text
        supervisor.get("/supervision?lang=zh")
    first = clerk.get("/notices").text
    assert 'class="count count-danger">1</span>' in first
    assert str(application_json()["members"][0]["name"]) not in first  # masked
    assert clerk.form("/notices/read", notice="odd").status_code == 303
    assert clerk.form("/notices/read").status_code == 303
    assert "没有未读通知" in clerk.get("/notices").text
    assert "Order received" in clerk.get("/notices?all=1&lang=en").text
