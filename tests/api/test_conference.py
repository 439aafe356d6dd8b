"""The joint conference over pages and API: who calls it, files, sees; wrong days; files; seats that follow the post."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest

from tests import files
from tests.api.conftest import Client, content
from tests.api.test_supervision import Hand, hand, surroundings  # noqa: F401  fixtures

SignIn = Callable[[str], Client]
API = "/api/v1/conference"
MEETING = {"title": "2026年第一次联席会议", "place": "三楼会议室", "meets_on": "2026-06-30"}  # a Tuesday


@pytest.fixture
def office(sign_in: SignIn) -> Client:
    return sign_in("supervisor")


@pytest.fixture
def teacher(sign_in: SignIn) -> Client:
    return sign_in("teacher")


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, content(answer)["code"]


def issue(**changes: Any) -> dict[str, Any]:
    return {"unit_kind": "education", "title": "名单比对", "text": "请提供名单", **changes}


def test_the_office_alone_calls_a_meeting_and_its_units_hear_of_it(office: Client, teacher: Client) -> None:
    assert code(teacher.post(f"{API}/meetings", MEETING)) == (403, "not-permitted")
    called = content(office.post(f"{API}/meetings", MEETING, headers={"Idempotency-Key": "one"}))
    assert (called["issues_until"], called["liaison_on"]) == ("2026-06-20", "2026-06-25")
    again = content(office.post(f"{API}/meetings", MEETING, headers={"Idempotency-Key": "one"}))
    assert again["id"] == called["id"]
    other = {**MEETING, "title": "别的会议"}
    assert code(office.post(f"{API}/meetings", other, headers={"Idempotency-Key": "one"}))[1] == "conference-key-taken"
    notices = content(teacher.get("/api/v1/notices"))["notices"]
    assert [(one["notice"]["cause"], one["notice"]["matter"]) for one in notices] == [
        ("conference_called", called["number"])
    ]


@pytest.mark.parametrize(
    "changes",
    [{"meets_on": "2026-06-28"}, {"meets_on": "2026-06-12"}, {"meets_on": "2026-06-08", "kind": "ad_hoc"}],
    ids=["a Sunday", "too soon for issues", "today"],
)
def test_a_day_nobody_can_meet_is_told(office: Client, changes: dict[str, str]) -> None:
    assert code(office.post(f"{API}/meetings", {**MEETING, **changes}))[1] == "meeting-day-wrong"


def test_an_ad_hoc_meeting_may_come_soon(office: Client) -> None:
    called = content(office.post(f"{API}/meetings", {**MEETING, "meets_on": "2026-06-12", "kind": "ad_hoc"}))
    assert called["issues_until"] == "2026-06-08"


def test_who_is_no_member_sees_nothing_and_a_town_clerk_neither(sign_in: SignIn) -> None:
    assert sign_in("idle").get(API).status_code == 403
    assert code(sign_in("clerk").get(API)) == (403, "conference-not-yours")
    assert sign_in("clerk").get("/conference").status_code == 403


def test_an_issue_is_filed_in_time_with_its_files_and_taken_back(
    office: Client,
    teacher: Client,
    sign_in: SignIn,
    hand: Hand,  # noqa: F811
) -> None:
    meeting = content(office.post(f"{API}/meetings", MEETING))
    assert code(teacher.post(f"{API}/issues", issue(unit_kind="medical")))[1] == "conference-unit-wrong"
    filed = content(teacher.post(f"{API}/issues", issue(meeting_id=meeting["id"])))
    upload = {"files": (io.BytesIO(files.png()), "名单.png")}
    added = teacher.post(f"{API}/issue/{filed['id']}/materials", data=upload, content_type="multipart/form-data")
    assert added.status_code == 200, added.text
    broken = {"files": (io.BytesIO(b"nothing"), "x.exe")}
    refused = teacher.post(f"{API}/issue/{filed['id']}/materials", data=broken, content_type="multipart/form-data")
    assert refused.status_code == 415
    view = content(office.get(f"{API}/meetings/{meeting['id']}"))
    [line] = view["issues"]
    assert [one["name"] for one in line["materials"]] == ["名单.png"]
    found = office.get(f"{API}/materials/{content(added)['id']}/file")
    assert found.data.startswith(b"\x89PNG")

    assert code(office.post(f"{API}/issues/{filed['id']}/withdrawal", {"reason": "x"}))[1] == "conference-unit-wrong"
    gone = content(teacher.post(f"{API}/issues/{filed['id']}/withdrawal", {"reason": "已解决"}))
    assert gone["state"] == "withdrawn"
    assert code(teacher.post(f"{API}/issues/{filed['id']}/withdrawal", {"reason": "x"}))[1] == "issue-not-open"
    hand.moment = hand.moment.replace(day=21)
    late = sign_in("teacher").post(f"{API}/issues", issue(meeting_id=meeting["id"]))
    assert code(late)[1] == "issues-closed"
    assert "2026-06-20" in content(late)["detail"]


def test_the_page_of_a_task_leads_to_what_it_is_about(office: Client, teacher: Client) -> None:
    problem = content(teacher.post(f"{API}/problems", issue()))
    [line] = content(office.get(f"{API}/problems"))["problems"]
    address = f"/conference/problem/{problem['id']}"
    assert address in office.get(f"/tasks/{line['open_task']}").text
    assert office.get(address).headers["Location"] == f"/conference/problems/{problem['id']}"


def test_a_seat_follows_the_post(office: Client, teacher: Client) -> None:
    seat = {"role": "liaison", "unit_kind": "education", "post": "办公室主任", "name": "甲", "since": "2026-01-01"}
    assert code(teacher.post(f"{API}/seats", seat)) == (403, "not-permitted")
    assert office.post(f"{API}/seats", seat).status_code == 200
    assert code(office.post(f"{API}/seats", {**seat, "name": "乙"}))[1] == "seat-day-wrong"
    assert office.post(f"{API}/seats", {**seat, "name": "乙", "since": "2026-05-01"}).status_code == 200
    assert code(office.post(f"{API}/seats", {**seat, "unit_kind": None}))[1] == "conference-unit-wrong"
    on = {day: content(teacher.get(f"{API}/seats?day={day}"))["seats"] for day in ("2026-04-30", "2026-05-01")}
    assert [[one["name"] for one in seats] for seats in on.values()] == [["甲"], ["乙"]]


def test_a_half_year_without_a_meeting_is_warned_of(sign_in: SignIn, hand: Hand) -> None:  # noqa: F811
    office = sign_in("supervisor")
    assert content(office.get(API))["missed"] == []
    hand.moment = hand.moment.replace(month=7)
    office = sign_in("supervisor")
    assert content(office.get(API))["missed"] == [{"by": "2026-06-30"}]
    assert "2026-06-30" in office.get("/conference").text


def test_the_pages_do_what_the_api_does(office: Client, teacher: Client) -> None:
    page = office.form(
        "/conference/meetings", submission_key="a", kind="ordinary", **{**MEETING, "meets_on": "2026-06-28"}
    )
    assert page.status_code == 422
    assert "2026-06-28" in page.text
    made = office.form("/conference/meetings", submission_key="a", kind="ordinary", **MEETING)
    assert made.status_code == 303, made.text
    meeting = made.headers["Location"]
    number = content(office.get(f"{API}/meetings"))["meetings"][0]["meeting"]["id"]
    filed = teacher.form("/conference/issues", meeting=number, submission_key="b", **issue())
    assert filed.status_code == 303
    assert "名单比对" in teacher.get(meeting).text
    problem = teacher.form("/conference/problems", submission_key="c", **issue(title="口径不一致"))
    assert problem.status_code == 303, problem.text
    assert "口径不一致" in office.get(problem.headers["Location"]).text
    seat = {"role": "convener", "post": "副市长", "name": "丙"}
    assert office.form("/conference/members", **seat, since="nonsense").status_code == 303
    assert "日期无法识别" in office.get("/conference/members").text
    entered = office.form("/conference/members", **seat, since="2026-01-01")
    assert entered.status_code == 303
    assert "丙" in office.get("/conference/members").text
    assert office.get("/conference/items/00000000-0000-0000-0000-000000000000").status_code == 404
