"""The pages without JavaScript: lists, filters, claiming, the application form, and a way back from every error."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date
from urllib.parse import quote

import pytest
from flask import Flask

from api.services import Services
from engine.commands.deployments import DeployResources
from engine.commands.process_instances import StartProcessInstance
from engine.model import SYSTEM, Resource
from storage.read_models import SqlQueries
from tests.api.applications import APPLICANT, application_json
from tests.api.conftest import PASSWORD, TOWN, Client
from tests.api.test_tasks import ONE_STEP
from tests.applications import identity

SignIn = Callable[[str], Client]
PAGES = ("/tasks", "/tasks?tab=to-claim", "/cases", "/applications/new", "/definitions", "/profile")


def new_case(client: Client) -> str:
    return str(client.post("/api/v1/applications", application_json()).json["number"])


def task_id(client: Client) -> str:
    return str(client.get("/api/v1/tasks?tab=to-claim").json["tasks"][0]["id"])


def filled(**changes: str | list[str]) -> dict[str, str | list[str]]:
    fields: dict[str, str | list[str]] = {
        "action": "submit",
        "member_count": "1",
        "region": "320481001",
        "channel": "window",
        "recognised_status": "none",
        "needs": ["subsistence"],
        "household-address": "昆仑街道测试路1号",
        "household-settlement": "town",
        "household-tenure": "owned",
        "members-0-name": APPLICANT,
        "members-0-identity_number": identity(date(1986, 3, 2), count=11),
        "members-0-relation": "self",
        "members-0-phone": "19900001234",
        "members-0-labour_capacity": "full",
        "members-0-employment": "employed",
    }
    return {name.replace("__", "-"): value for name, value in (fields | changes).items()}


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_stands_in_both_languages(sign_in: SignIn, path: str, language: str) -> None:
    clerk = sign_in("clerk")
    new_case(clerk)
    page = clerk.get(f"{path}{'&' if '?' in path else '?'}lang={language}")

    assert page.status_code == 200
    assert f'<html lang="{"zh-CN" if language == "zh" else "en"}">' in page.text
    assert page.text.count("<h1>") == 1


def test_nobody_without_an_account_sees_a_page(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    clerk.delete("/api/v1/session")
    for path in PAGES:
        answer = clerk.get(path)
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/sign-in?next=")


def test_the_work_list_masks_the_applicant_and_counts_the_tabs(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    number = new_case(clerk)
    page = clerk.get("/tasks?tab=to-claim").text

    assert number in page
    assert "陈*国" in page
    assert APPLICANT not in page


def test_the_work_list_is_searched_by_case_number(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    number = new_case(clerk)

    assert number in clerk.get(f"/tasks?tab=to-claim&q={number}").text
    assert number not in clerk.get("/tasks?tab=to-claim&q=nowhere").text


@pytest.mark.parametrize(
    "query", ["tab=lost", "order=luck", "page=-1", "page=99999999999999999", "page=x", "descending=2", "q=%25_%5C"]
)
def test_an_odd_address_of_a_list_shows_the_list(sign_in: SignIn, query: str) -> None:
    clerk = sign_in("clerk")

    assert clerk.get(f"/tasks?{query}").status_code == 200
    assert clerk.get(f"/cases?{query}").status_code == 200


def test_claiming_from_the_list_opens_the_task_with_its_form(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    new_case(clerk)
    id_ = task_id(clerk)
    answer = clerk.form(f"/tasks/{id_}/claim", **{"from": "list"})

    assert answer.headers["Location"] == f"/tasks/{id_}"
    page = clerk.get(f"/tasks/{id_}").text
    assert 'data-form="task-form-data"' in page
    assert f'"submitUrl":"/tasks/{id_}/complete"' in page
    assert '"readOnly":false' in page


def test_a_task_taken_by_somebody_else_says_so_and_leads_back(sign_in: SignIn) -> None:
    clerk, other = sign_in("clerk"), sign_in("other-clerk")
    new_case(clerk)
    id_ = task_id(clerk)
    clerk.form(f"/tasks/{id_}/claim")
    answer = other.form(f"/tasks/{id_}/claim", **{"from": "list"})

    assert answer.status_code == 303
    assert "陈敏" in other.get(answer.headers["Location"]).text
    page = other.get(f"/tasks/{id_}").text
    assert "陈敏" in page
    assert '"readOnly":true' in page
    assert f'action="/tasks/{id_}/release"' not in page


def test_of_two_browsers_of_one_person_the_second_hears_what_the_first_did(sign_in: SignIn) -> None:
    one, two = sign_in("clerk"), sign_in("clerk")
    new_case(one)
    path = f"/tasks/{task_id(one)}"
    one.form(f"{path}/claim")
    for browser, note in ((one, "甲"), (two, "乙"), (one, "丙")):
        saved = browser.put(f"{path}/draft", {"variables": {"missing_note": note}, "version": 2})
        assert saved.status_code == 200
    assert "丙" in two.get(path).text
    answers = {"variables": {"completeness": "complete"}, "version": 2}
    assert one.post(f"{path}/complete", answers).status_code == 200

    asked = {"Accept": "application/json"}
    for late in (
        two.put(f"{path}/draft", answers, headers=asked),
        two.post(f"{path}/complete", answers, headers=asked),
        one.post(f"{path}/complete", answers, headers=asked),
    ):
        assert (late.status_code, late.json["code"]) == (409, "task-not-open")
        assert "陈敏" in late.json["detail"]
    page = two.get(path).text
    assert '"readOnly":true' in page
    assert '"caseUrl":"/cases/' in page


def test_a_task_without_a_form_handed_in_again_from_the_page_before_shows_that_it_is_done_and_its_case(
    sign_in: SignIn, services: Services
) -> None:
    clerk = sign_in("clerk")
    number = new_case(clerk)
    deployed = DeployResources(resources=(Resource(name="one.bpmn", content=ONE_STEP, kind="process"),))
    services.engine.execute(deployed, actor=SYSTEM)
    started = StartProcessInstance(process_id="P", variables={}, region=TOWN, business_key=number)
    services.engine.execute(started, actor=SYSTEM)
    tasks = clerk.get("/api/v1/tasks?tab=to-claim").json["tasks"]
    path = f"/tasks/{next(one['id'] for one in tasks if one['element_id'] == 'Task_Make')}"
    clerk.form(f"{path}/claim")
    assert clerk.form(f"{path}/done", version="2").status_code == 303

    again = clerk.form(f"{path}/done", version="2")
    assert (again.status_code, again.headers["Location"]) == (303, path)
    page = clerk.get(path).text
    assert "已不在办理中" in page
    assert f'href="/cases/{quote(number)}"' in page


def test_completing_tells_what_was_done_and_opens_the_next_task(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    new_case(clerk)
    id_ = task_id(clerk)
    clerk.form(f"/tasks/{id_}/claim")
    clerk.put(f"/tasks/{id_}/draft", {"variables": {"missing_note": "x"}, "version": 2})
    wrong = clerk.post(f"/tasks/{id_}/complete", {"variables": {}, "version": 2})
    assert wrong.status_code == 422
    done = clerk.post(f"/tasks/{id_}/complete", {"variables": {"completeness": "complete"}, "version": 2})

    assert done.status_code == 200, done.text
    following = clerk.get(done.json["redirect"])
    assert following.status_code == 200
    assert "核对材料是否齐全" in following.text


def test_an_application_is_registered_by_the_plain_form(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    answer = clerk.form("/applications/new", **filled())

    assert answer.status_code == 303, answer.text
    case = clerk.get(answer.headers["Location"])
    assert case.status_code == 200
    assert APPLICANT in case.text


def test_the_same_form_sent_twice_is_one_case(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    page = clerk.get("/applications/new").text
    key = re.search(r'name="submission_key" value="(\w+)"', page)
    assert key is not None
    first = clerk.form("/applications/new", **filled(submission_key=key[1]))
    again = clerk.form("/applications/new", **filled(submission_key=key[1]))

    assert first.headers["Location"] == again.headers["Location"]


def test_members_are_added_and_removed_without_losing_what_was_typed(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    added = clerk.form("/applications/new", **filled(action="add-member"))
    assert added.status_code == 200
    assert 'name="members-1-name"' in added.text
    second = {"members-1-name": "陈小明", "member_count": "2", "action": "remove-member-0"}
    removed = clerk.form("/applications/new", **filled(**second))

    assert 'name="members-1-name"' not in removed.text
    assert 'value="陈小明"' in removed.text
    assert APPLICANT not in removed.text


def test_errors_stand_at_their_fields_and_the_draft_is_kept(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    changes = {"members-0-identity_number": "123", "household-monthly_rent": "lots", "remark": "先收下"}
    answer = clerk.form("/applications/new", **filled(**changes))

    assert answer.status_code == 422
    assert 'id="household-monthly_rent-error"' in answer.text
    assert "先收下" in answer.text
    assert f'value="{APPLICANT}"' in answer.text
    rules = clerk.form("/applications/new", **filled(**{"members-0-identity_number": "123"}))
    assert 'id="members-0-identity_number-error"' in rules.text
    chosen = clerk.form("/applications/new", **filled(needs=[], **{"members-0-labour_capacity": ""}))
    assert 'id="needs-error"' in chosen.text
    assert 'href="#members-0-labour_capacity"' in chosen.text


def test_full_numbers_are_shown_for_a_purpose_and_written_down(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    number = new_case(clerk)
    path = f"/cases/{number}/members/1/numbers"
    full = identity(date(1986, 3, 2), count=11)

    assert full not in clerk.get(path).text
    assert clerk.form(path).status_code == 400
    shown = clerk.form(path, purpose="contact")
    assert full in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    assert "查看完整号码" in clerk.get(f"/cases/{number}").text.partition("操作记录")[2]
    assert clerk.form(f"/cases/{number}/members/9/numbers", purpose="contact").status_code in (404, 409)
    assert sign_in("far-clerk").form(path, purpose="contact").status_code == 404


def test_a_supervisor_sees_that_nothing_is_stuck(sign_in: SignIn) -> None:
    assert "没有流程故障" in sign_in("supervisor").get("/incidents").text


@pytest.mark.parametrize(
    "change", [{"member_count": "1000000"}, {"member_count": "x"}, {"action": "remove-member-9e9"}]
)
def test_a_form_changed_by_hand_is_answered_as_a_form(sign_in: SignIn, change: dict[str, str]) -> None:
    assert sign_in("clerk").form("/applications/new", **filled(**change)).status_code in (200, 303, 422)


def test_the_case_page_shows_the_case_and_its_diagrams(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    page = clerk.get(f"/cases/{new_case(clerk)}").text

    assert APPLICANT in page
    assert page.count("<figure") >= 2
    assert "Task_CheckCompleteness" in page
    assert identity(date(1986, 3, 2), count=11) not in page


def test_every_error_page_has_a_way_back(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    pages = (
        (clerk.get("/nowhere"), 404),
        (clerk.get("/cases/nothing"), 404),
        (clerk.get("/tasks/00000000-0000-0000-0000-000000000000"), 404),
        (clerk.client.post("/profile/language", data={"language": "en"}), 403),
        (clerk.form("/definitions"), 403),
        (clerk.form("/profile/language", language="tlh"), 400),
    )
    for page, status in pages:
        assert page.status_code == status
        assert 'href="/"' in page.text
        assert "<h1>" in page.text
        assert "陈敏" in page.text


def test_the_page_that_says_the_database_is_away_does_not_ask_it(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = app.test_client()
    client.post("/api/v1/session", json={"login": "clerk", "password": PASSWORD})

    def away(*_arguments: object) -> None:
        raise ConnectionError("away")

    monkeypatch.setattr(SqlQueries, "user_task_counts", away)
    assert "陈敏" in client.get("/nowhere").text
    monkeypatch.setattr("web.authentication._session_account", away)
    pages = client.get("/nowhere"), client.get("/tasks")
    assert [page.status_code for page in pages] == [404, 503]
    assert all("<h1>" in page.text and "陈敏" not in page.text for page in pages)


def test_only_administrators_are_offered_the_upload(sign_in: SignIn) -> None:
    assert 'type="file"' not in sign_in("clerk").get("/definitions").text
    administrator = sign_in("administrator")
    assert 'type="file"' in administrator.get("/definitions").text
    upload = {"csrf_token": administrator.token, "files": (io.BytesIO(b"<broken"), "relief_case.bpmn")}
    refused = administrator.client.post("/definitions", data=upload)
    assert refused.status_code == 422
    assert "relief_case.bpmn" in refused.text


def test_the_language_of_the_account_is_kept(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    clerk.form("/profile/language", language="en")

    assert '<html lang="en">' in clerk.get("/tasks").text


def test_processes_are_called_by_their_english_names_in_english(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    clerk.form("/profile/language", language="en")

    page = clerk.get("/definitions").text
    assert "Household survey" in page
    assert "入户调查" not in page


def test_the_password_is_changed_on_the_profile_and_weak_ones_are_refused_there(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    fields = {"current_password": "rivers-and-hills-9", "new_password": "short", "repeated_password": "short"}
    refused = clerk.form("/profile/password", **fields)

    assert refused.status_code == 422
    assert 'id="new_password-error"' in refused.text
    good = {"new_password": "mountains-and-seas-8", "repeated_password": "mountains-and-seas-8"}
    assert clerk.form("/profile/password", **(fields | good)).status_code == 303
    assert clerk.get("/tasks").status_code == 200
