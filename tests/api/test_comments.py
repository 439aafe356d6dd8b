"""Comments and presence over API and pages: written, corrected, withdrawn and read; and who may not."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from tests.api.conftest import Client, content
from tests.api.test_supervision import Hand, hand, hand_in, surroundings, task_of  # noqa: F401  fixtures

SignIn = Callable[[str], Client]


@pytest.fixture
def clerk(sign_in: SignIn) -> Client:
    return sign_in("clerk")


@pytest.fixture
def other(sign_in: SignIn) -> Client:
    return sign_in("other-clerk")


def path(case: str, more: str = "") -> str:
    return f"/api/v1/cases/{quote(case)}/comments{more}"


def written(client: Client, case: str, text: str, **more: Any) -> dict[str, Any]:
    answer = client.post(path(case), {"text": text, **more})
    assert answer.status_code == 201, answer.text
    return dict(content(answer))


def comments(client: Client, case: str) -> list[dict[str, Any]]:
    return list(content(client.get(path(case)))["comments"])


def seen_code(answer: Any) -> tuple[int, str]:
    return answer.status_code, content(answer)["code"]


def test_a_comment_goes_its_way_over_the_api(clerk: Client, other: Client, sign_in: SignIn) -> None:
    case = hand_in(clerk, 1)
    task = task_of(clerk, case)
    sent = {"text": "户主住院，@周强 请看", "task_id": task["id"]}
    first, again = (clerk.post(path(case), sent, headers={"Idempotency-Key": "one"}) for _ in range(2))
    assert (first.status_code, again.status_code, content(first)["id"]) == (201, 201, content(again)["id"])
    assert first.headers["Location"] == path(case)

    found = content(other.get(path(case)))
    assert (found["total"], found["unread"]) == (1, 1)
    [line] = found["comments"]
    assert (line["text"], line["author_name"], line["comment"]["step"]) == (sent["text"], "陈敏", task["name"])
    assert line["mentioned"] == [{"login": "other-clerk", "name": "周强"}]
    assert "submission_key" not in str(found)
    [notice] = content(other.get("/api/v1/notices"))["notices"]
    assert (notice["notice"]["cause"], notice["notice"]["matter"], notice["notice"]["text"]) == ("mention", case, "")
    assert content(other.post(path(case, "/read"), {"up_to": found["last"]}))["unread"] == 0

    one = f"/api/v1/comments/{line['comment']['id']}"
    correction = {"text": "户主已出院", "version": 1}
    assert seen_code(other._send("PATCH", one, correction, {})) == (403, "comment-not-own")
    assert clerk._send("PATCH", one, correction, {}).status_code == 200
    assert seen_code(clerk._send("PATCH", one, {"text": "出院", "version": 1}, {})) == (409, "comment-changed")
    assert clerk.post(f"{one}/withdrawal").status_code == 200
    [line] = comments(other, case)
    assert (line["text"], line["earlier"], line["comment"]["withdrawn_at"] is None) == (None, [], False)
    far = sign_in("far-clerk")
    for answer in (far.get(path(case)), far.post(path(case), {"text": "越界"}), far.get(path(case, "/people"))):
        assert seen_code(answer) == (404, "case-not-found")
    assert seen_code(far.post(f"{one}/withdrawal")) == (404, "comment-not-found")


def test_whom_one_may_mention_is_offered_and_all_others_are_refused(clerk: Client) -> None:
    case = hand_in(clerk, 1)
    offered = content(clerk.get(path(case, "/people?text=强")))["people"]
    assert offered == [{"login": "other-clerk", "name": "周强"}]
    everybody = {one["login"] for one in content(clerk.get(path(case, "/people?limit=20")))["people"]}
    assert {"other-clerk", "supervisor"} <= everybody
    assert everybody.isdisjoint({"clerk", "far-clerk", "teacher", "idle"})
    for body in ({"text": "@吴丽 请看"}, {"text": "请看", "mentions": ["teacher"]}, {"text": "@nobody-here 请看"}):
        assert seen_code(clerk.post(path(case), body)) == (422, "mention-outside-sight")
    for body in ({"text": ""}, {"text": "好", "mentions": [""]}, {"text": "好", "task_id": "x"}, {}):
        assert seen_code(clerk.post(path(case), body)) == (422, "request-invalid")
    assert seen_code(clerk.post(path(case, "/read"), {"up_to": 2**80})) == (422, "request-invalid")
    assert comments(clerk, case) == []


def test_a_task_out_of_sight_is_not_commented_on(clerk: Client, sign_in: SignIn) -> None:
    case, far_clerk = hand_in(clerk, 1), sign_in("far-clerk")
    far = task_of(sign_in("supervisor"), hand_in(far_clerk, 2, region="320481002"))
    answer = clerk.post(path(case), {"text": "请看", "task_id": far["id"]})
    assert answer.status_code == 404
    assert far["name"] not in answer.text


def test_pages_take_comments_without_javascript(clerk: Client, other: Client, hand: Hand) -> None:  # noqa: F811
    case = hand_in(clerk, 1)
    task = task_of(clerk, case)
    page = clerk.get(f"/tasks/{task['id']}").text
    assert "还没有留言" in page
    address, back = f"/cases/{quote(case)}/comments", f"/tasks/{task['id']}"
    sent = {
        "text": "请核实收入",
        "mention": "周强，supervisor",
        "task": task["id"],
        "back": back,
        "submission_key": "k",
    }
    for _ in range(2):
        answer = clerk.form(address, **sent)
        assert (answer.status_code, answer.headers["Location"]) == (303, f"{back}#comments")
    shown = other.get(back).text
    assert re.search(r"data-unread-comments>\s*1 条新", shown)
    assert "请核实收入" in shown
    assert "提醒：周强、高远" in shown
    assert "留言中提到您" in other.get("/notices").text
    assert f'href="{address}"' in other.get("/notices").text

    refused = clerk.form(address, **{**sent, "mention": "吴丽", "submission_key": "k2", "text": "<b>留着</b>"})
    assert refused.status_code == 422
    assert "要提醒的“吴丽”不是可以查看案件" in refused.text
    assert "&lt;b&gt;留着&lt;/b&gt;</textarea>" in refused.text
    [line] = comments(clerk, case)
    one = f"{address}/{line['comment']['id']}"
    assert clerk.form(f"{one}/correction", text="请核实两人收入", version="1", back=back).status_code == 303
    assert clerk.form(f"{one}/correction", text="再改", version="1").status_code == 422
    assert "更正前的内容" in other.get(f"/cases/{case}").text
    hand.moment += timedelta(minutes=10)
    late = clerk.form(f"{one}/correction", text="太迟", version="2")
    assert late.status_code == 422
    assert "更正时限已过" in late.text
    assert (
        other.form(f"{address}/read", up_to=str(line["number"]), back="https://elsewhere.example/").status_code == 303
    )
    assert "条新" not in other.get(back).text
    assert clerk.form(f"{one}/withdrawal").headers["Location"] == f"{address}#comments"
    assert "撤回此留言" in other.get(address).text
    for odd in ("x", "9" * 19, "-1", ""):
        assert other.form(f"{address}/read", up_to=odd).status_code == 303


def test_long_talk_is_shown_newest_last_a_page_at_a_time(clerk: Client, other: Client) -> None:
    case = hand_in(clerk, 1)
    for number in range(12):
        written(clerk, case, f"第 {number} 条。")
    shown = other.get(f"/cases/{case}").text
    assert ("第 1 条。" in shown, "第 2 条。" in shown, "查看更早的 2 条" in shown) == (False, True, True)
    assert shown.index("第 2 条。") < shown.index("第 11 条。")
    assert "data-unread-up-to" not in shown
    assert [one["text"] for one in content(other.get(path(case, "?limit=2&offset=2")))["comments"]] == [
        "第 8 条。",
        "第 9 条。",
    ]
    assert "第 0 条。" in other.get(f"/cases/{case}/comments").text


def test_who_is_at_a_task_is_told_to_those_who_see_it(clerk: Client, other: Client, sign_in: SignIn) -> None:
    case = hand_in(clerk, 1)
    task = task_of(clerk, case)
    place = f"/api/v1/tasks/{task['id']}/presence"
    assert content(clerk.post(place)) == {"others": [], "tell_again_in": 61}
    [person] = content(other.get(place))["others"]
    assert (person["login"], person["name"], person["is_at_task"]) == ("clerk", "陈敏", True)
    assert "陈敏 自 09:00 起也打开了此任务" in other.get(f"/tasks/{task['id']}").text
    assert "陈敏 自 09:00 起正在查看本案" in other.get(f"/cases/{case}").text
    assert "陈敏 已打开" in other.get("/tasks?tab=to-claim").text
    assert content(other.get("/tasks/changes?tab=to-claim"))["here"] == {task["id"]: "陈敏"}
    far = sign_in("far-clerk")
    assert far.get(place).status_code == far.post(place).status_code == 404
    assert far.post(f"/api/v1/cases/{case}/presence").status_code == 404
    assert content(sign_in("supervisor").post(f"/api/v1/cases/{case}/presence"))["others"][0]["login"] == "clerk"


def test_being_there_keeps_no_session_alive_and_is_over_by_itself(clerk: Client, other: Client, hand: Hand) -> None:  # noqa: F811
    case = hand_in(clerk, 1)
    task = task_of(clerk, case)
    place = f"/api/v1/tasks/{task['id']}/presence"
    assert clerk.post(place).status_code == 200
    hand.moment += timedelta(minutes=3)
    assert content(other.get(place))["others"] == []
    for _ in range(9):
        hand.moment += timedelta(hours=1)
        last = clerk.post(place).status_code
    assert last == 401


def test_a_printed_page_says_what_it_is_and_who_printed_it_when(clerk: Client) -> None:
    case = hand_in(clerk, 1)
    for page in (f"/cases/{case}", f"/tasks/{task_of(clerk, case)['id']}", f"/cases/{case}/comments"):
        head = re.search(r'<p class="print-only print-head">.*?</p>', clerk.get(page).text, re.DOTALL)
        assert head is not None
        plain = re.sub(r"<[^>]+>", "", head[0])
        assert f"案件编号：{case}" in plain
        assert "打印人：陈敏（" in plain
        assert "打印时间：2026-06-08 09:00" in plain
