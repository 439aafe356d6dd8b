"""A search of the work list finds tasks by the persons of their case, says why, and shows nobody more than before."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote
from uuid import UUID

import httpx
import pytest
from sqlalchemy import Table, create_engine
from sqlalchemy import text as statement

from api.bootstrap import Surroundings
from api.services import Services
from engine.model import SYSTEM
from storage.tables.casework import case_file
from storage.tables.engine import user_task
from tests.api.applications import application_json
from tests.api.conftest import Client
from tests.api.test_procedure import taken_in
from tests.applications import identity
from workflows.casework.queries import CaseMatch

SignIn = Callable[[str], Client]
TAB = "/api/v1/tasks?tab=to-claim&text="
LINKS = re.compile(r'href="([^"]*)"')
MANY = 700
PERSON = identity(date(1986, 3, 2), count=11)


def copied(table: Table, where: str = "", **changed: str) -> str:
    """Return the statement that copies a row many times, with other values in some columns."""
    columns = [column.name for column in table.c if column.computed is None]
    values = ", ".join(changed.get(name, f'o."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    one = f"(SELECT * FROM {table.name} {where} LIMIT 1) o"
    return f"INSERT INTO {table.name} ({names}) SELECT {values} FROM {one}, generate_series(1, {MANY}) n"


CASES_ALIKE = copied(
    case_file,
    id="gen_random_uuid()",
    number="'MANY-2026-' || n",
    submission_key="'many-' || n",
    process_instance_id="NULL",
)
TASKS_ALIKE = copied(
    user_task, "WHERE state = 'open'", id="gen_random_uuid()", key="1000 + n", business_key="'MANY-2026-' || n"
)


class Clock:
    """A clock in the test's hand."""

    def __init__(self) -> None:
        self.time = datetime(2026, 6, 3, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def surroundings(clock: Clock) -> Surroundings:
    return Surroundings(now=clock, transport=httpx.MockTransport(lambda _request: httpx.Response(503)))


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("陈建国", "applicant"),
        ("建国", "applicant"),
        ("cjg", "applicant-pinyin"),
        ("CHENJIANGUO", "applicant-pinyin"),
        ("000001", "number"),
        ("1", "number"),
        (PERSON, "identity-number"),
        (PERSON[-4:], "identity-tail"),
        (PERSON[-6:].lower(), "identity-tail"),
        ("19900001234", "phone"),
    ],
)
def test_a_task_is_found_by_what_names_its_case(sign_in: SignIn, text: str, match: str) -> None:
    clerk = sign_in("clerk")
    application = application_json()
    application["members"][0].update(identity_number=PERSON, phone="19900001234")
    number = clerk.post("/api/v1/applications", application).json["number"]
    wanted = {"tab": "to-claim", "text": text}
    found = clerk.post("/api/v1/tasks/search", wanted).json

    assert (found["total"], found["matches"]) == (1, {number: match})
    versions = clerk.post("/api/v1/tasks/versions/search", wanted).json["tasks"]
    assert [one["id"] for one in versions] == [one["id"] for one in found["tasks"]]


@pytest.mark.parametrize("text", [PERSON, PERSON.lower(), f"{PERSON[:6]} {PERSON[6:]}", "19900001234", "199-0000-1234"])
@pytest.mark.parametrize(
    ("address", "twin"),
    [
        ("/api/v1/cases", "/api/v1/cases/search"),
        ("/api/v1/register/persons", "/api/v1/register/persons/search"),
        ("/api/v1/tasks", "/api/v1/tasks/search"),
        ("/api/v1/tasks/versions", "/api/v1/tasks/versions/search"),
    ],
)
def test_a_number_of_a_person_is_refused_in_an_address_and_taken_in_a_body(
    sign_in: SignIn, address: str, twin: str, text: str
) -> None:
    clerk = sign_in("clerk")
    refused = clerk.get(f"{address}?text={quote(text)}")
    assert (refused.status_code, refused.json["code"]) == (400, "number-in-address")
    assert f"POST {twin}" in refused.json["detail"]
    assert clerk.post(twin, {"text": text}).status_code == 200
    assert clerk.get(f"{address}?text={quote('溧民救320481103-2026-000002')}").status_code == 200


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


def test_who_is_named_for_a_task_does_not_learn_by_searching_whom_its_case_is_about(sign_in: SignIn) -> None:
    clerk, teacher = sign_in("clerk"), sign_in("teacher")
    number = clerk.post("/api/v1/applications", application_json()).json["number"]
    [task] = clerk.get("/api/v1/tasks?tab=to-claim").json["tasks"]
    chief = sign_in("supervisor")
    named = {"candidate_groups": ["township/clerk"], "candidate_users": ["teacher"]}
    path = f"/api/v1/tasks/{task['id']}"
    changed = chief.client.patch(path, json=named, headers={"X-CSRF-Token": chief.token})
    assert changed.status_code == 200, changed.text
    assert teacher.get(f"/api/v1/cases/{number}").status_code == 404

    for text, total in (("材料", 1), ("陈建国", 0), ("cjg", 0), ("19900001234", 0)):
        assert teacher.post("/api/v1/tasks/search", {"tab": "to-claim", "text": text}).json["total"] == total, text
        found = teacher.post("/api/v1/tasks/versions/search", {"tab": "to-claim", "text": text}).json["tasks"]
        assert len(found) == total, text
    assert clerk.get(f"{TAB}陈建国").json["total"] == 1


def test_a_name_that_finds_nobody_finds_no_task(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    clerk.post("/api/v1/applications", application_json())
    for text in ("王五", "%25", "_", "\u3000x", "zzz", "%1F"):
        assert clerk.get(TAB + text).json["total"] == 0, text


def test_a_case_is_found_by_the_number_of_a_paper_however_its_brackets_are_typed(
    sign_in: SignIn, services: Services
) -> None:
    clerk = sign_in("clerk")
    case = taken_in(clerk)
    number = clerk.get(case).json["summary"]["number"]
    papers = services.documents.of_case(UUID(clerk.get(case).json["summary"]["id"]))
    [paper] = [one.number for one in papers if one.kind == "application"]
    typed = paper.replace("〔", " [").replace("〕", "] ")

    for wanted in (paper, typed):
        assert clerk.post("/api/v1/cases/search", {"text": wanted}).json["total"] == 1
        assert sign_in("far-clerk").post("/api/v1/cases/search", {"text": wanted}).json["total"] == 0
        assert services.casework.matches(wanted, [number], SYSTEM) == {number: CaseMatch.PAPER}
    assert clerk.post("/api/v1/tasks/search", {"tab": "unit", "text": paper}).status_code == 200


def test_a_name_that_many_have_finds_all_of_them(sign_in: SignIn, services: Services) -> None:
    clerk = sign_in("clerk")
    clerk.post("/api/v1/applications", application_json())
    database = create_engine(services.settings.database_url or "")
    with database.begin() as connection:
        connection.execute(statement(CASES_ALIKE))
        connection.execute(statement(TASKS_ALIKE))
    database.dispose()
    assert clerk.get(TAB + "cjg").json["total"] == MANY + 1


@pytest.mark.parametrize("kind", ["tasks", "cases", "register"])
def test_a_number_that_names_a_person_stands_in_no_address(sign_in: SignIn, clock: Clock, kind: str) -> None:
    clerk = sign_in("clerk")
    application = application_json()
    wanted = application["members"][0]["identity_number"]
    clerk.post("/api/v1/applications", application)

    wrong = (wanted[:-1], f"{wanted}4", f"{wanted[:6]}-{wanted[6:14]}-{wanted[14:]}", "138-1234-5678", "12345X")
    sealed_ones = ("~typed", wanted, f" {wanted.lower()} ", "19900001234", "陈建国", *wrong)
    for text_, is_sealed in (*((one, True) for one in sealed_ones), ("SR-2026-000001", False)):
        led = clerk.form(f"/{kind}/search", q=text_, tab="to-claim")
        assert led.status_code == 303
        address = led.headers["Location"]
        assert ("q=~" in address or "q=%7E" in address) is is_sealed
        assert text_.strip() not in address or not is_sealed
        shown = clerk.get(address)
        assert f'value="{text_.strip()}"' in shown.text
        assert all(text_.strip() not in one or not is_sealed for one in LINKS.findall(shown.text))
    sealed = clerk.form(f"/{kind}/search", q=wanted, tab="to-claim").headers["Location"]
    assert wanted not in sign_in("other-clerk").get(sealed).text
    by_script = clerk.client.post(
        f"/{kind}/search", data={"q": wanted, "csrf_token": clerk.token}, headers={"HX-Request": "true"}
    )
    assert (by_script.status_code, wanted in by_script.headers["HX-Push-Url"]) == (200, False)
    clock.time += timedelta(hours=13)
    again = sign_in("clerk").get(sealed).text
    assert wanted not in again
    assert "无法识别的筛选条件" in again
