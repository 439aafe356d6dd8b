"""A search of the work list finds tasks by the persons of their case, says why, and shows nobody more than before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tests.api.applications import application_json
from tests.api.conftest import Client
from tests.applications import identity

SignIn = Callable[[str], Client]
TAB = "/api/v1/tasks?tab=to-claim&text="


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("陈建国", "applicant"),
        ("建国", "applicant"),
        ("cjg", "applicant-pinyin"),
        ("CHENJIANGUO", "applicant-pinyin"),
        ("000001", "number"),
        ("1", "number"),
        (identity(date(1986, 3, 2), count=11), "identity-number"),
        ("19900001234", "phone"),
    ],
)
def test_a_task_is_found_by_what_names_its_case(sign_in: SignIn, text: str, match: str) -> None:
    clerk = sign_in("clerk")
    application = application_json()
    person = application["members"][0]["person"] if "person" in application["members"][0] else application["members"][0]
    person.update(identity_number=identity(date(1986, 3, 2), count=11), phone="19900001234")
    number = clerk.post("/api/v1/applications", application).json["number"]
    found = clerk.get(TAB + text).json

    assert (found["total"], found["matches"]) == (1, {number: match})
    assert [one["id"] for one in clerk.get(f"/api/v1/tasks/versions?tab=to-claim&text={text}").json["tasks"]] == [
        one["id"] for one in found["tasks"]
    ]


def test_a_row_says_by_what_it_was_found_and_marks_it(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    number = clerk.post("/api/v1/applications", application_json()).json["number"]

    by_name = clerk.get("/tasks?tab=to-claim&q=cjg").text
    assert number in by_name
    assert "匹配：申请人姓名拼音" in by_name
    by_step = clerk.get("/tasks?tab=to-claim&q=材料").text
    assert "核对<mark>材料</mark>是否齐全" in by_step
    assert "匹配" not in by_step
    assert "Found by applicant&#39;s name" in clerk.get("/tasks?tab=to-claim&q=建国&lang=en").text


def test_a_name_finds_no_task_of_a_case_out_of_sight(sign_in: SignIn) -> None:
    sign_in("clerk").post("/api/v1/applications", application_json())
    for stranger in ("far-clerk", "teacher"):
        for tab in ("mine", "to-claim", "unit", "done"):
            found = sign_in(stranger).get(f"/api/v1/tasks?tab={tab}&text=陈建国").json
            assert (found["total"], found["matches"]) == (0, {}), stranger


def test_a_name_that_finds_nobody_finds_no_task(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    clerk.post("/api/v1/applications", application_json())
    for text in ("王五", "%25", "_", "\u3000x", "zzz", "%1F"):
        assert clerk.get(TAB + text).json["total"] == 0, text
