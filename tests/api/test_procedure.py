"""Clock, kin register, objections and calendar over HTTP: rights, refusals, and that nobody learns who objected."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from tests.api.applications import application_json
from tests.api.conftest import Client

SignIn = Callable[[str], Client]


@pytest.fixture(autouse=True)
def next_year(sign_in: SignIn) -> None:
    """A year that limits may run into, whatever the day of the test."""
    entered = {"exceptions": [], "source": "测试"}
    for year in (2027, 2028):
        assert sign_in("administrator").put(f"/api/v1/calendar/years/{year}", entered).status_code == 200


def taken_in(clerk: Client) -> str:
    """Return the path of a case that is accepted."""
    number = clerk.post("/api/v1/applications", application_json()).json["number"]
    [task] = clerk.get(f"/api/v1/tasks?tab=to-claim&case={quote(number)}").json["tasks"]
    clerk.post(f"/api/v1/tasks/{task['id']}/claim")
    done = clerk.post(f"/api/v1/tasks/{task['id']}/complete", {"variables": {"completeness": "complete", "kin": []}})
    assert done.status_code == 200, done.json
    return f"/api/v1/cases/{quote(number)}"


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json["code"]


def test_the_clock_is_paused_with_a_reason_by_who_reviews(sign_in: SignIn) -> None:
    clerk, reviewer = sign_in("clerk"), sign_in("reviewer")
    case = taken_in(clerk)
    assert code(clerk.post(f"{case}/clock/pauses", {"reason": "等材料"})) == (403, "not-permitted")
    assert reviewer.post(f"{case}/clock/pauses", {"reason": ""}).status_code == 422
    assert code(reviewer.post(f"{case}/clock/resume", {})) == (409, "clock-not-paused")
    assert reviewer.post(f"{case}/clock/pauses", {"reason": "等材料"}).status_code == 201
    assert code(reviewer.post(f"{case}/clock/pauses", {"reason": "等材料"})) == (409, "clock-already-paused")
    state = clerk.get(f"{case}/clock").json
    assert (state["is_paused"], state["limit"], state["pauses"][0]["reason"]) == (True, 30, "等材料")
    assert reviewer.post(f"{case}/clock/resume", {}).status_code == 200


def test_more_time_is_asked_for_once(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    case = taken_in(clerk)
    asked = clerk.post(f"{case}/extensions", {"reason": "须跨县核实"})
    assert (asked.status_code, asked.json["days"], asked.json["state"]) == (201, 45, "asked")
    assert code(clerk.post(f"{case}/extensions", {"reason": "再延"})) == (409, "extension-exists")


def test_a_relative_is_registered_barred_and_listed_for_supervisors_only(sign_in: SignIn) -> None:
    clerk, other = sign_in("clerk"), sign_in("other-clerk")
    case = taken_in(clerk)
    assert other.get(case).status_code == 200
    kin = {"name": "周强", "relation": "儿子", "post": "staff", "login": "other-clerk"}
    entered = clerk.post(f"{case}/kin", kin)
    assert (entered.status_code, entered.json["concealed"]) == (201, True)
    assert code(clerk.post(f"{case}/kin", kin)) == (409, "kin-known")
    assert clerk.post(f"{case}/kin", {**kin, "post": "king"}).status_code == 422
    assert code(other.get(case)) == (404, "case-not-found")
    assert clerk.get(f"{case}/procedure").json["full_sample"] is True
    assert clerk.get("/api/v1/kin-register").status_code == 403
    [line] = sign_in("supervisor").get("/api/v1/kin-register?concealed_only=true").json["lines"]
    assert (line["name"], line["county_visited"], line["applicant"].count("*") > 0) == ("周强", False, True)


def test_anybody_may_object_without_signing_in_but_only_to_a_notice_that_hangs(anonymous: FlaskClient) -> None:
    answer = anonymous.post("/api/v1/notices/无此公示/objections", json={"text": "不实"})
    assert code(answer) == (404, "notice-not-found")
    answer = anonymous.post("/api/v1/notices/X/objections", json={"text": "不实", "contact": "电话"})
    assert answer.status_code == 422
    assert anonymous.post("/api/v1/objections/X/objector", json={"reason": "想知道"}).status_code == 401


def test_the_acceptance_slip_has_what_is_printed_on_it(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    slip = clerk.get(f"{taken_in(clerk)}/receipt").json
    assert (slip["receipt_number"], slip["window"]) == (f"{slip['case_number']}-SL", "昆仑街道")
    assert slip["due_on"] > slip["accepted_on"]
    assert slip["complaint_phone"]


def test_only_an_administrator_changes_the_calendar_and_every_change_is_kept(sign_in: SignIn) -> None:
    storm = {"is_workday": False, "name": "台风停工", "source": "溧政办发〔2026〕1号"}
    path = "/api/v1/calendar/days/2026-05-20"
    assert sign_in("clerk").put(path, storm).status_code == 403
    administrator = sign_in("administrator")
    assert administrator.put("/api/v1/calendar/days/2026-02-30", storm).status_code == 404
    assert code(administrator.put("/api/v1/calendar/days/2031-05-20", storm)) == (409, "calendar-year-not-loaded")
    assert administrator.put(path, storm).status_code == 200
    days = administrator.get("/api/v1/calendar?year=2026").json["days"]
    assert [one["is_workday"] for one in days if one["day"] == "2026-05-20"] == [False]
    year = {"exceptions": [{"day": "2027-01-01", "is_workday": False, "name": "元旦"}], "source": "国办发明电"}
    assert administrator.put("/api/v1/calendar/years/2027", year).status_code == 200
    [change] = administrator.get("/api/v1/calendar/changes?year=2026").json["changes"]
    assert (change["by"], change["name"], change["source"]) == ("administrator", "台风停工", storm["source"])
    assert isinstance(administrator.get("/api/v1/calendar/warnings").json["missing_years"], list)
