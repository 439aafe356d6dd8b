"""The winter register over pages and API: who opens it, who enters whom, until when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from api.services import Services
from engine.model import SYSTEM
from tests.api.conftest import PASSWORD, Client, content
from tests.api.test_supervision import Hand, hand, hand_in, surroundings  # noqa: F401  fixtures
from workflows.casework.county import COUNTY_REGION
from workflows.casework.days import COUNTY_TIME
from workflows.organisation.commands import CreateAccount, CreateUnit
from workflows.organisation.model import Unit

SignIn = Callable[[str], Client]
API = "/api/v1/winter-registers"
NEED = {"village": "燕山村", "persons": 1, "kinds": ["food", "bedding"], "amount": 900, "goods": "棉被 1 床"}


@pytest.fixture
def emergency(services: Services, sign_in: SignIn) -> Client:
    unit = Unit(id="emergency", kind="emergency", name="应急管理局", name_en="Emergency", region=COUNTY_REGION)
    services.engine.execute(CreateUnit(unit=unit), actor=SYSTEM)
    posts = (("emergency", "clerk"),)
    account = CreateAccount(login="rescuer", name="许安", password=PASSWORD, posts=posts, must_change_password=False)
    services.engine.execute(account, actor=SYSTEM)
    return sign_in("rescuer")


@pytest.fixture
def clerk(sign_in: SignIn) -> Client:
    return sign_in("clerk")


@pytest.fixture
def opened(emergency: Client) -> str:
    assert emergency.post(API, {"season": 2026}).status_code == 201
    return f"{API}/2026"


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, content(answer)["code"]


def at(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=COUNTY_TIME)


def test_the_emergency_bureau_opens_a_season_once_and_in_its_year(emergency: Client, clerk: Client) -> None:
    assert code(clerk.post(API, {"season": 2026})) == (403, "not-permitted")
    assert code(emergency.post(API, {"season": 2027})) == (422, "winter-season-wrong")
    assert code(emergency.get(f"{API}/2026")) == (404, "winter-register-not-found")
    page = emergency.form("/winter-relief", season="2026")
    assert page.status_code == 303
    assert code(emergency.post(API, {"season": 2026})) == (409, "winter-register-known")
    refused = emergency.form("/winter-relief", season="next")
    assert refused.status_code == 422
    register = content(emergency.get(f"{API}/2026"))
    assert len(register["towns"]) == 12
    assert [register["register"][name] for name in ("warns_on", "report_on", "freezes_on")] == [
        "2026-10-15",
        "2026-10-25",
        "2026-10-31",
    ]
    assert emergency.get("/winter-relief").status_code == 200


def test_after_the_freeze_no_season_is_opened(emergency: Client, sign_in: SignIn, hand: Hand) -> None:  # noqa: F811
    assert emergency.get("/winter-relief").status_code == 200
    hand.moment = at(11, 1)
    assert code(sign_in("rescuer").post(API, {"season": 2026})) == (422, "winter-season-wrong")


def test_a_town_enters_its_own_households_once_each(opened: str, clerk: Client, sign_in: SignIn) -> None:
    case = hand_in(clerk, 1)
    entry = {**NEED, "case_number": case}
    kept = content(clerk.post(f"{opened}/needs", entry, headers={"Idempotency-Key": "one"}))
    again = content(clerk.post(f"{opened}/needs", entry, headers={"Idempotency-Key": "one"}))
    assert kept["id"] == again["id"]
    assert code(clerk.post(f"{opened}/needs", entry)) == (409, "winter-need-known")
    far = sign_in("far-clerk")
    assert code(far.post(f"{opened}/needs", entry)) == (404, "case-not-found")
    assert content(far.get(opened))["needs"] == []
    assert code(far.post(f"{opened}/needs/{kept['id']}/removal")) == (404, "winter-need-not-found")
    [town] = content(clerk.get(opened))["towns"]
    assert (town["households"], town["persons"], town["amount"]) == (1, 1, 900)
    assert content(clerk.post(f"{opened}/needs/{kept['id']}/removal"))["id"] == kept["id"]
    assert content(clerk.get(opened))["needs"] == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"persons": 2}, "winter-need-invalid"),
        ({"amount": 0, "goods": " "}, "winter-need-invalid"),
        ({"case_number": "nobody"}, "case-not-found"),
        ({"kinds": []}, "request-invalid"),
        ({"amount": -1}, "request-invalid"),
    ],
    ids=["more than live there", "neither money nor goods", "no case", "no need", "below zero"],
)
def test_an_entry_that_can_not_be_is_refused(opened: str, clerk: Client, changes: dict[str, Any], told: str) -> None:
    entry = {**NEED, "case_number": hand_in(clerk, 1), **changes}
    assert code(clerk.post(f"{opened}/needs", entry))[1] == told
    assert content(clerk.get(opened))["needs"] == []


def test_a_page_keeps_what_was_typed_where_it_is_refused_and_shows_who_was_entered(opened: str, clerk: Client) -> None:
    case = hand_in(clerk, 1)
    typed = {"case_number": case, "village": "燕山村", "persons": "7", "kinds": ["food"], "amount": "900"}
    refused = clerk.form("/winter-relief/2026/needs", **typed)
    assert refused.status_code == 422
    assert 'value="燕山村"' in refused.text
    assert "该户共 1 人" in refused.text
    assert clerk.form("/winter-relief/2026/needs", **{**typed, "persons": "1"}).status_code == 303
    shown = clerk.get("/winter-relief/2026").text
    assert f">{case}</a>" in shown
    assert "陈*国" in shown
    [line] = content(clerk.get(opened))["needs"]
    removed = clerk.form(f"/winter-relief/2026/needs/{line['need']['id']}/removal")
    assert removed.status_code == 303


def test_units_that_have_nothing_to_do_with_it_see_nothing(opened: str, sign_in: SignIn) -> None:
    teacher = sign_in("teacher")
    assert code(teacher.get(opened)) == (403, "not-permitted")
    assert teacher.get("/winter-relief").status_code == 403
    assert "/winter-relief" not in teacher.get("/").text
    assert content(sign_in("supervisor").get(opened))["needs"] == []


def test_the_last_day_of_october_is_the_last_though_it_is_a_saturday(
    opened: str,
    clerk: Client,
    sign_in: SignIn,
    hand: Hand,  # noqa: F811
) -> None:
    first, second = hand_in(clerk, 1), hand_in(clerk, 2)
    hand.moment = at(10, 31, 23)
    late = sign_in("clerk")
    assert late.post(f"{opened}/needs", {**NEED, "case_number": first}).status_code == 201
    hand.moment = at(11, 1, 0)
    closed = sign_in("clerk")
    assert code(closed.post(f"{opened}/needs", {**NEED, "case_number": second})) == (409, "winter-register-closed")
    assert "登记册已于 2026-10-31 截止" in closed.get("/winter-relief/2026").text


def test_the_task_of_a_town_leads_to_the_register(opened: str, clerk: Client, sign_in: SignIn) -> None:
    assert opened
    [task] = content(clerk.get("/api/v1/tasks?tab=to-claim&element=Task_SurveyWinterNeeds"))["tasks"]
    assert 'href="/winter-relief/2026"' in clerk.get(f"/tasks/{task['id']}").text
    assert content(sign_in("teacher").get("/api/v1/tasks?tab=to-claim&element=Task_SurveyWinterNeeds"))["tasks"] == []
