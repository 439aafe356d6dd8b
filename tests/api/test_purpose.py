"""A unit that sees a case for a purpose sees nothing of others' work: not on the page, not over the API."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, insert, select

from api.services import Services
from storage.tables.casework import case_file, referral
from tests.api.applications import application_json
from tests.api.conftest import Client

SignIn = Callable[[str], Client]


Refer = Callable[[str], None]


@pytest.fixture
def refer(services: Services) -> Iterator[Refer]:
    """Refers a case to the education bureau, as a router does once the case is approved."""
    database = create_engine(services.settings.database_url or "")

    def referred(number: str) -> None:
        with database.begin() as connection:
            case = connection.execute(select(case_file).where(case_file.c.number == number)).one()
            connection.execute(
                insert(referral).values(
                    id=uuid4(),
                    number=f"{number}-ZB01",
                    case_id=case.id,
                    region=case.region,
                    need="education",
                    programme="education_aid",
                    unit_kind="education",
                    process_id="education_aid",
                    rule="R7",
                    reason="在校学生",
                    reason_en="A student",
                    state="sent",
                    sent_at=services.now(),
                )
            )

    yield referred
    database.dispose()


def test_the_progress_of_a_case_holds_the_diagram_of_the_case_alone(sign_in: SignIn, refer: Refer) -> None:
    clerk = sign_in("clerk")
    number = clerk.post("/api/v1/applications", application_json()).json["number"]
    refer(number)
    whole = clerk.get(f"/api/v1/cases/{number}/progress").json
    seen = sign_in("teacher").get(f"/api/v1/cases/{number}/progress").json

    assert {one["process_id"] for one in whole["diagrams"]} == {"relief_case", "one_window_intake"}
    assert whole["history"]
    assert [one["process_id"] for one in seen["diagrams"]] == ["relief_case"]
    assert seen["activities"] == seen["history"] == []


def test_the_page_of_a_case_names_no_task_or_diagram_of_others(sign_in: SignIn, refer: Refer) -> None:
    clerk = sign_in("clerk")
    number = clerk.post("/api/v1/applications", application_json()).json["number"]
    task = clerk.get("/api/v1/tasks?tab=to-claim").json["tasks"][0]["id"]
    clerk.post(f"/api/v1/tasks/{task}/claim")
    refer(number)
    whole, seen = clerk.get(f"/cases/{number}").text, sign_in("teacher").get(f"/cases/{number}").text

    for told in (task, "陈敏"):
        assert told in whole, told
        assert told not in seen, told
    assert whole.count("第 1 版") > seen.count("第 1 版") > 0
    assert "目前没有待办环节" in seen


@pytest.mark.usefixtures("old_applications_pass")
def test_what_a_case_is_stuck_at_is_not_told_beyond_its_purpose(sign_in: SignIn, refer: Refer) -> None:
    clerk = sign_in("clerk")
    number = clerk.post("/api/v1/applications", application_json(received_on="2020-05-06")).json["number"]
    refer(number)
    teacher, reason = sign_in("teacher"), "2020 年日历未导入"

    for path in (f"/cases/{number}", f"/api/v1/cases/{number}/progress"):
        assert reason in clerk.get(path).get_data(as_text=True)
        seen = teacher.get(path)
        assert seen.status_code == 200
        assert reason not in seen.get_data(as_text=True)
