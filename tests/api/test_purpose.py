"""A unit that sees a case for a purpose sees nothing of others' work: not on the page, not over the API."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from api.app import create_app
from api.services import Services
from engine.model import SYSTEM
from tests.api.applications import application_json
from tests.api.conftest import PASSWORD, Client
from workflows.casework.queries import CaseView

SignIn = Callable[[str], Client]


class ReferredCases:
    """The questions of casework, with every case in sight of everybody, for a purpose."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def case(self, key: Any, _actor: Any, /) -> CaseView:
        return replace(self._real.case(key, SYSTEM), purpose_limited=True)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


@pytest.fixture
def read_as_teacher(services: Services) -> Callable[[str], Any]:
    client = create_app(replace(services, casework=ReferredCases(services.casework))).test_client()
    client.post("/api/v1/session", json={"login": "teacher", "password": PASSWORD})
    return client.get


def test_the_progress_of_a_case_holds_the_diagram_of_the_case_alone(
    sign_in: SignIn, read_as_teacher: Callable[[str], Any]
) -> None:
    clerk = sign_in("clerk")
    number = clerk.post("/api/v1/applications", application_json()).json["number"]
    whole = clerk.get(f"/api/v1/cases/{number}/progress").json
    seen = read_as_teacher(f"/api/v1/cases/{number}/progress").json

    assert {one["process_id"] for one in whole["diagrams"]} == {"relief_case", "one_window_intake"}
    assert whole["history"]
    assert [one["process_id"] for one in seen["diagrams"]] == ["relief_case"]
    assert seen["activities"] == seen["history"] == []


def test_the_page_of_a_case_names_no_task_or_diagram_of_others(
    sign_in: SignIn, read_as_teacher: Callable[[str], Any]
) -> None:
    clerk = sign_in("clerk")
    number = clerk.post("/api/v1/applications", application_json()).json["number"]
    task = clerk.get("/api/v1/tasks?tab=to-claim").json["tasks"][0]["id"]
    clerk.post(f"/api/v1/tasks/{task}/claim")
    whole, seen = clerk.get(f"/cases/{number}").text, read_as_teacher(f"/cases/{number}").text

    for told in (task, "陈敏"):
        assert told in whole, told
        assert told not in seen, told
    assert whole.count("第 1 版") > seen.count("第 1 版") > 0
    assert "目前没有待办环节" in seen


@pytest.mark.usefixtures("old_applications_pass")
def test_what_a_case_is_stuck_at_is_not_told_beyond_its_purpose(
    sign_in: SignIn, read_as_teacher: Callable[[str], Any]
) -> None:
    clerk = sign_in("clerk")
    number = clerk.post("/api/v1/applications", application_json(received_on="2020-05-06")).json["number"]
    reason = "2020 年日历未导入"

    for path in (f"/cases/{number}", f"/api/v1/cases/{number}/progress"):
        assert reason in clerk.get(path).get_data(as_text=True)
        assert reason not in read_as_teacher(path).get_data(as_text=True)
