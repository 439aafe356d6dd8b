"""Completing several tasks together on the page: asked once, shown, confirmed, and each says what became of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from api.services import Services
from tests.api.conftest import Client
from tests.api.test_task_batches import BATCH, OTHER, begin  # noqa: F401  (a fixture)

SignIn = Callable[[str], Client]
Begin = Callable[..., list[str]]
PAGE = "/tasks/completion"


def held(clerk: Client, tasks: list[str]) -> list[str]:
    assert clerk.post(BATCH, {"action": "claim", "task_ids": tasks}).status_code == 200
    return tasks


def carried(page: str) -> list[str]:
    """Return the tasks with their versions that a form of the page carries."""
    return re.findall(r'<input type="hidden" name="task" value="([^"]+)"', page)


def shown(clerk: Client, tasks: list[str], language: str = "zh") -> str:
    answer = clerk.get(PAGE, query_string={"task": tasks, "lang": language})
    assert answer.status_code == 200
    text: str = answer.text
    return text


def sent(clerk: Client, page: str, **fields: Any) -> Any:
    return clerk.form(PAGE, task=carried(page), **fields)


def test_the_list_offers_it_where_a_task_allows_it(sign_in: SignIn, begin: Begin) -> None:  # noqa: F811
    clerk = sign_in("clerk")
    held(clerk, begin(1, properties=OTHER))
    assert 'value="complete"' not in clerk.get("/tasks").text
    [task] = held(clerk, begin(1))
    page = clerk.get("/tasks").text
    assert 'value="complete"' in page
    assert page.count("可批量办结") == 1

    asked = clerk.form("/tasks", action="complete", task=task)
    assert asked.status_code == 303
    assert asked.location.startswith(f"{PAGE}?task={task}")
    assert clerk.form("/tasks", action="complete").location.startswith(PAGE)


def test_what_is_open_is_asked_once_and_confirmed_before_it_is_done(sign_in: SignIn, begin: Begin) -> None:  # noqa: F811
    clerk = sign_in("clerk")
    tasks = held(clerk, begin(3))
    page = shown(clerk, tasks)
    assert page.count("Place：村口") == 3
    assert page.count('name="answer.note"') == 1
    assert 'name="answer.place"' not in page

    assert sent(clerk, page).status_code == 422
    confirming = sent(clerk, page, **{"answer.note": "已看"}).text
    assert "将一并办结 3 项“记一笔”" in confirming
    assert "<strong>已看</strong>" in confirming
    assert clerk.get("/api/v1/tasks?tab=mine").json["total"] == 3

    edited = sent(clerk, confirming, stage="edit", **{"answer.note": "已看"}).text
    assert ">已看</textarea>" in edited
    for _ in range(2):  # sent twice it is one matter
        done = sent(clerk, confirming, stage="confirmed", **{"answer.note": "已看"}).text
        assert "已办 3 项，未办 0 项" in done
    assert clerk.get("/api/v1/tasks?tab=mine").json["total"] == 0


def test_what_cannot_be_completed_with_the_others_says_why(sign_in: SignIn, begin: Begin) -> None:  # noqa: F811
    clerk = sign_in("clerk")
    other = held(clerk, begin(1, properties=OTHER))
    plain, drafted, unclaimed = begin(3)
    held(clerk, [plain, drafted])
    clerk.put(f"/api/v1/tasks/{drafted}/draft", {"variables": {"note": "半句"}})

    page = shown(clerk, [*other, plain, drafted, unclaimed, "x"])
    assert [one.partition(":")[0] for one in carried(page)] == [plain]
    for reason in ("未允许批量办理", "未提交的草稿", "不在您名下"):
        assert reason in page
    assert "另有 1 项已不在办理中" in page
    english = shown(clerk, [*other, drafted], "en")
    assert "Cannot be completed together" in english
    assert "does not allow" in english


def test_what_changed_since_it_was_confirmed_is_left_and_the_others_are_done(
    sign_in: SignIn,
    begin: Begin,  # noqa: F811
) -> None:
    clerk = sign_in("clerk")
    one, two = held(clerk, begin(2))
    confirming = sent(clerk, shown(clerk, [one, two]), **{"answer.note": "已看"}).text
    clerk.post(f"/api/v1/tasks/{two}/put-off", {"until": "2999-01-01T00:00:00Z", "reason": "x"})
    clerk.post(f"/api/v1/tasks/{two}/release")
    clerk.post(f"/api/v1/tasks/{two}/claim")

    done = sent(clerk, confirming, stage="confirmed", **{"answer.note": "已看"}).text
    assert "已办 1 项，未办 1 项" in done
    assert clerk.get(f"/api/v1/tasks/{two}").json["task"]["state"] == "open"


def test_an_odd_form_says_so_and_nothing_ticked_leads_back(sign_in: SignIn, services: Services) -> None:
    clerk = sign_in("clerk")
    for odd in ("x", "x:1", "00000000-0000-0000-0000-000000000001:" + "9" * 50):
        assert clerk.form(PAGE, task=odd).status_code in (200, 400)
    assert clerk.get(PAGE).status_code == 303
    assert clerk.client.post(PAGE, data={"stage": "confirmed"}).status_code == 403
