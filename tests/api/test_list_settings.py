"""Filters people keep of their work list or share with their unit, and its columns: over the API and on the pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from tests.api.applications import application_json
from tests.api.conftest import Client

SignIn = Callable[[str], Client]
FILTERS = "/api/v1/tasks/filters"
SETTINGS = "/api/v1/tasks/settings"
LATE = {"tab": "to-claim", "overdue": "1", "q": "核对", "page": "3", "lost": "x"}


def kept(client: Client, **body: Any) -> Any:
    answer = client.post(FILTERS, {"name": "超期未签收", "arguments": LATE, **body})
    assert answer.status_code == 201, answer.text
    return answer.json


def names(client: Client) -> list[str]:
    return [one["name"] for one in client.get(SETTINGS).json["filters"]]


def test_a_filter_keeps_what_the_list_knows_for_its_owner_alone(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    made = kept(clerk)

    assert made["arguments"] == {"tab": "to-claim", "overdue": "1"}
    assert names(clerk) == ["超期未签收"]
    assert names(sign_in("other-clerk")) == []
    again = clerk.post(FILTERS, {"name": " 超期未签收 ", "arguments": {}})
    assert (again.status_code, again.json["code"]) == (409, "filter-name-taken")


def test_a_filter_is_shared_with_a_unit_one_works_in_and_changed_by_its_owner_or_supervisor(sign_in: SignIn) -> None:
    clerk, other, supervisor = sign_in("clerk"), sign_in("other-clerk"), sign_in("supervisor")
    foreign = clerk.post(FILTERS, {"name": "x", "arguments": {}, "unit_id": "education"})
    assert (foreign.status_code, foreign.json["code"]) == (403, "not-permitted")
    assert clerk.post(FILTERS, {"name": "x", "arguments": {}, "unit_id": "nowhere"}).json["code"] == "not-found"
    made = kept(clerk, unit_id="kunlun")
    path = f"{FILTERS}/{made['id']}"

    assert names(other) == names(sign_in("reviewer")) == ["超期未签收"]
    assert names(sign_in("far-clerk")) == []
    body = {"name": "都看", "unit_id": "kunlun", "version": 1}
    assert other.put(path, body).json["code"] == "not-permitted"
    assert sign_in("far-clerk").put(path, body).json["code"] == "not-found"
    assert other.delete(f"{path}?version=1").status_code == 403
    changed = supervisor.put(path, body).json
    assert (changed["name"], changed["version"], changed["owner"]) == ("都看", 2, "clerk")
    assert changed["arguments"] == made["arguments"]
    late = clerk.put(path, body | {"arguments": {"tab": "unit"}})
    assert (late.status_code, late.json["code"]) == (409, "stale-version")
    assert clerk.put(path, body | {"version": 2, "arguments": {"tab": "unit"}}).json["arguments"] == {"tab": "unit"}
    assert clerk.delete(f"{path}?version=3").status_code == 204
    assert names(other) == []


def test_one_person_keeps_only_so_many_filters(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    for number in range(50):
        kept(clerk, name=f"第{number}个")
    assert clerk.post(FILTERS, {"name": "多", "arguments": {}}).json["code"] == "too-many-filters"


def test_one_unit_is_shown_only_so_many_filters(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workflows.organisation.work_lists.MOST_SHARED", 2)
    clerk, other = sign_in("clerk"), sign_in("other-clerk")
    kept(clerk, unit_id="kunlun")
    shared = kept(other, unit_id="kunlun")
    own = kept(clerk, name="自用")
    body = {"name": "自用", "unit_id": "kunlun", "version": 1}

    assert other.post(FILTERS, {"name": "多", "arguments": {}, "unit_id": "kunlun"}).json["code"] == (
        "too-many-shared-filters"
    )
    assert clerk.put(f"{FILTERS}/{own['id']}", body).json["code"] == "too-many-shared-filters"
    assert other.put(f"{FILTERS}/{shared['id']}", body).status_code == 200


def test_what_is_searched_for_is_not_kept_and_the_page_says_so(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    page = clerk.get("/tasks?tab=unit&q=李四").text
    place = re.search(r'action="(/tasks/filters[^"]*)"', page)[1].replace("&amp;", "&")  # type: ignore[index]
    assert "不随筛选保存" in page
    assert place == "/tasks/filters?tab=unit"
    assert "不随筛选保存" not in clerk.get("/tasks?tab=unit").text
    clerk.form(f"{place}&q=李四", name="找人")
    assert [one["arguments"] for one in clerk.get(SETTINGS).json["filters"]] == [{"tab": "unit"}]


def test_columns_are_kept_in_order_and_given_up_again(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    clerk.post("/api/v1/applications", application_json())
    assert clerk.get(SETTINGS).json["columns"] is None
    answer = clerk.put("/api/v1/tasks/columns", {"columns": ["due", "step", "due"]})

    assert answer.json["columns"] == ["due", "step"]
    heads = re.findall(r'<th scope="col"[^>]*>(?:<a [^>]*>)?([^<]*)', clerk.get("/tasks?tab=to-claim").text)
    assert heads == ["勾选", "案件编号", "办理期限", "环节", "操作"]
    assert clerk.put("/api/v1/tasks/columns", {"columns": []}).json["columns"] is None
    assert sign_in("other-clerk").get(SETTINGS).json["columns"] is None


@pytest.mark.parametrize(
    "body",
    [
        {"name": "x"},
        {"name": "", "arguments": {}},
        {"name": "长" * 41, "arguments": {}},
        {"name": "x", "arguments": {"q": "长" * 101}},
        {"name": "x", "arguments": ["q"]},
        {"name": "x", "arguments": {}, "unit_id": "u" * 61},
    ],
)
def test_an_odd_filter_is_refused(sign_in: SignIn, body: dict[str, Any]) -> None:
    assert sign_in("clerk").post(FILTERS, body).status_code == 422


def test_a_name_that_nobody_could_read_is_refused(sign_in: SignIn) -> None:
    refused = sign_in("clerk").post(FILTERS, {"name": " \u200b ", "arguments": {}})
    assert (refused.status_code, refused.json["code"]) == (422, "organisation-invalid")


def test_filters_and_columns_are_kept_by_the_plain_pages(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    saved = clerk.form("/tasks/filters?tab=to-claim&overdue=1&page=2", name="超期", unit_id="kunlun")
    assert saved.headers["Location"] == "/tasks?tab=to-claim&overdue=1"
    page = clerk.get(saved.headers["Location"]).text
    assert "已保存筛选“超期”" in page
    assert 'overdue=1" aria-current="page">超期' in page
    again = clerk.form("/tasks/filters?tab=to-claim", name="超期")
    assert "已有名为“超期”的筛选" in clerk.get(again.headers["Location"]).text
    assert "由保存人或本单位主管更改" in sign_in("other-clerk").get("/tasks/settings").text

    [found] = clerk.get(SETTINGS).json["filters"]
    path = f"/tasks/filters/{found['id']}"
    assert clerk.form(path, name="都超期", unit_id="", version="1").status_code == 303
    assert "已更改筛选“都超期”" in clerk.get("/tasks/settings").text
    assert clerk.form(f"{path}/removal", version="1").status_code == 303
    assert "已被更改" in clerk.get("/tasks/settings").text
    assert clerk.form(f"{path}/removal", version="2").status_code == 303
    assert "还没有常用筛选" in clerk.get("/tasks/settings").text

    assert clerk.form("/tasks/columns", due="1", step="2").status_code == 303
    assert clerk.get(SETTINGS).json["columns"] == ["due", "step"]


def test_odd_input_of_the_plain_pages_is_an_error_that_says_so(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    path = f"/tasks/filters/{uuid4()}"
    assert clerk.form("/tasks/columns", due="0").status_code == 400
    assert clerk.form("/tasks/columns", due="１").status_code == 400
    assert clerk.form(path, name="x", version="x").status_code == 400
    assert clerk.form(path, name="x", version="1").status_code == 303
    assert "没有找到筛选" in clerk.get("/tasks/settings").text
    assert clerk.form("/tasks/filters", name="").status_code == 303
    assert "不符合要求" in clerk.get("/tasks").text
