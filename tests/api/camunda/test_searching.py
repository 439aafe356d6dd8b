"""Lists as Camunda's clients search them: filters, sorting, pages by offset and by cursor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from camunda_orchestration_sdk import CamundaClient

from tests.api.camunda.conftest import PROGRAM
from tests.api.camunda.deploying import begin, deploy
from tests.api.camunda.drawings import looked_at, measured
from tests.api.conftest import PASSWORD

Search = Callable[..., Any]
NUMBERS = [f"K-{number}" for number in range(5)]


@pytest.fixture
def search(base_url: str) -> Search:
    def found(path: str, *, status: int = 200, **body: Any) -> Any:
        answer = httpx.post(f"{base_url}/v2/{path}/search", json=body, auth=httpx.BasicAuth(PROGRAM, PASSWORD))
        assert answer.status_code == status, answer.text
        return answer.json()

    return found


@pytest.fixture
def five(program: CamundaClient, base_url: str) -> None:
    deploy(program, look_bpmn=looked_at())
    for number in NUMBERS:
        body = {"processDefinitionId": "P", "businessId": number}
        answer = httpx.post(f"{base_url}/v2/process-instances", json=body, auth=httpx.BasicAuth(PROGRAM, PASSWORD))
        assert answer.status_code == 200


def ids(page: Any) -> list[str]:
    return [one["businessId"] for one in page["items"]]


@pytest.mark.usefixtures("five")
def test_pages_follow_each_other_by_offset_and_by_cursor(search: Search) -> None:
    asked = {"filter": {"processDefinitionId": "P"}, "sort": [{"field": "businessId", "order": "DESC"}]}

    second = search("process-instances", **asked, page={"from": 2, "limit": 2})
    assert (ids(second), second["page"]["totalItems"]) == (["K-2", "K-1"], 5)
    first = search("process-instances", **asked, page={"limit": 2})
    after = search("process-instances", **asked, page={"limit": 2, "after": first["page"]["endCursor"]})
    assert (ids(first), ids(after)) == (["K-4", "K-3"], ["K-2", "K-1"])
    before = search("process-instances", **asked, page={"limit": 2, "before": after["page"]["startCursor"]})
    assert ids(before) == ids(first)
    small = {**asked, "sort": [{"field": "businessId", "order": "desc"}]}
    assert ids(search("process-instances", **small, page={"limit": 2})) == ids(first)
    last = search("process-instances", **asked, page={"limit": 2, "after": after["page"]["endCursor"]})
    assert ids(last) == ["K-0"]
    beyond = search("process-instances", **asked, page={"limit": 2, "after": last["page"]["endCursor"]})
    assert (ids(beyond), beyond["page"]["endCursor"]) == ([], None)


@pytest.mark.usefixtures("five")
def test_cursors_lead_through_a_list_sorted_by_any_field(search: Search) -> None:
    for field in ("startDate", "endDate", "state", "processInstanceKey", "processDefinitionVersion", "businessId"):
        asked = {"filter": {"processDefinitionId": "P"}, "sort": [{"field": field}]}
        whole, walked, cursor = ids(search("process-instances", **asked)), [], None
        while len(walked) < len(NUMBERS):
            page = search("process-instances", **asked, page={"limit": 2, "after": cursor})
            walked += ids(page)
            cursor = page["page"]["endCursor"]

        assert walked == whole, field
        assert sorted(walked) == NUMBERS, field


FILTERS: list[tuple[dict[str, Any], list[str]]] = [
    ({"businessId": "K-1"}, ["K-1"]),
    ({"businessId": {"$neq": "K-1"}}, ["K-0", "K-2", "K-3", "K-4"]),
    ({"businessId": {"$in": ["K-1", "K-3"]}}, ["K-1", "K-3"]),
    ({"businessId": {"$notIn": ["K-1", "K-3"]}}, ["K-0", "K-2", "K-4"]),
    ({"businessId": {"$like": "K-?"}}, NUMBERS),
    ({"businessId": {"$like": "%"}}, []),
    ({"businessId": {"$like": "*-4"}}, ["K-4"]),
    ({"state": "ACTIVE", "endDate": {"$exists": False}}, NUMBERS),
    ({"state": {"$in": ["COMPLETED", "TERMINATED"]}}, []),
    ({"startDate": {"$gt": "2020-01-01T00:00:00Z", "$lt": "2020-01-02T00:00:00Z"}}, []),
    ({"$or": [{"businessId": "K-0"}, {"businessId": "K-4", "state": "ACTIVE"}]}, ["K-0", "K-4"]),
    ({"parentProcessInstanceKey": {"$exists": True}}, []),
    ({"parentProcessInstanceKey": {"$exists": False}}, NUMBERS),
    ({"processInstanceKey": "12345"}, []),
    ({"tenantId": "<default>", "processDefinitionVersion": {"$gte": 1}}, NUMBERS),
    ({"tenantId": "other"}, []),
]


@pytest.mark.usefixtures("five")
def test_filters_hold(search: Search) -> None:
    for filters, expected in FILTERS:
        asked = {"filter": {"processDefinitionId": "P", **filters}, "sort": [{"field": "businessId"}]}

        assert ids(search("process-instances", **asked)) == expected, filters


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"filter": {"colour": "red"}}, "filter.colour"),
    ({"filter": {"processInstanceKey": "relief:1:abc"}}, "filter.processInstanceKey"),
    ({"filter": {"state": "SLEEPING"}}, "ACTIVE"),
    ({"filter": {"startDate": "yesterday"}}, "RFC 3339"),
    ({"filter": {"startDate": {"$like": "2*"}}}, "$like"),
    ({"filter": {"processDefinitionVersion": {"$gt": "x"}}}, "whole number"),
    ({"sort": [{"field": "colour"}]}, "sort[0].field"),
    ({"page": {"after": "bm9uc2Vuc2U="}}, "cursor"),
    ({"page": {"after": "WzFd"}}, "cursor"),
    ({"page": {"after": "W1sicyIsIngiXV0="}}, "cursor"),
    ({"page": {"limit": 100_000}}, "page.limit"),
    ({"pages": {}}, "pages"),
]


def test_what_cannot_be_searched_is_refused_with_its_place(base_url: str) -> None:
    for asked, told in REFUSED:
        answer = httpx.post(
            f"{base_url}/v2/process-instances/search?lang=en", json=asked, auth=httpx.BasicAuth(PROGRAM, PASSWORD)
        )

        assert (answer.status_code, answer.json()["title"]) == (400, "INVALID_ARGUMENT"), asked
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert told in answer.json()["detail"], asked


def test_every_list_can_be_sorted_and_filtered_by_the_instance(program: CamundaClient, search: Search) -> None:
    begun = begin(program, measured())
    key = begun.process_instance_key

    for path, field, number in (
        ("element-instances", "startDate", 3),
        ("jobs", "type", 1),
        ("user-tasks", "creationDate", 0),
        ("incidents", "creationTime", 0),
        ("message-subscriptions", "messageName", 0),
    ):
        found = search(path, filter={"processInstanceKey": key}, sort=[{"field": field, "order": "ASC"}])
        assert found["page"]["totalItems"] == number, path
    kinds = {one["type"] for one in search("element-instances", filter={"processInstanceKey": key})["items"]}
    assert kinds == {"PROCESS", "START_EVENT", "SERVICE_TASK"}
    scope = search("element-instances", filter={"elementInstanceKey": key})["items"]
    assert [one["type"] for one in scope] == ["PROCESS"]
