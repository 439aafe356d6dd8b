"""What is stuck shows to supervisors with its reason, and is tried again by a click."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from unittest.mock import Mock

import pytest

from api.app import create_app
from api.services import Services
from tests.api.applications import application_json
from tests.api.conftest import PASSWORD, Client

SignIn = Callable[[str], Client]


pytestmark = pytest.mark.usefixtures("old_applications_pass")


def stuck_case(clerk: Client) -> str:
    """A case whose first due date needs a calendar year that nobody loaded."""
    return str(clerk.post("/api/v1/applications", application_json(received_on="2020-05-06")).json["number"])


def test_a_stuck_case_is_listed_for_supervisors_with_its_reason(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    number = stuck_case(clerk)
    supervisor = sign_in("supervisor")
    incidents = supervisor.get("/api/v1/incidents").json["incidents"]

    assert len(incidents) == 1
    assert "2020" in incidents[0]["reason"]
    assert incidents[0]["business_key"] == number
    page = supervisor.get("/incidents").text
    assert number in page
    assert incidents[0]["element_name"]
    assert incidents[0]["element_name"] in page


def test_the_list_of_what_is_stuck_is_one_question_however_long_it_is(services: Services, sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    number = stuck_case(clerk)
    asked = Mock(wraps=services.queries)
    client = create_app(replace(services, queries=asked)).test_client()
    client.post("/api/v1/session", json={"login": "supervisor", "password": PASSWORD})
    page = client.get("/incidents").text

    assert number in page
    assert asked.incidents.call_count == 1
    assert asked.instance.call_count == 0


def test_the_case_page_says_that_it_is_stuck_and_lets_supervisors_alone_retry(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    number = stuck_case(clerk)
    supervisor = sign_in("supervisor")
    incident = supervisor.get("/api/v1/incidents").json["incidents"][0]["id"]
    retry = f'action="/incidents/{incident}/resolve"'

    assert "流程故障" in clerk.get(f"/cases/{number}").text
    assert retry not in clerk.get(f"/cases/{number}").text
    assert retry in supervisor.get(f"/cases/{number}").text


def test_who_operates_sees_and_retries_on_the_page_what_the_api_shows_them(sign_in: SignIn) -> None:
    number = stuck_case(sign_in("clerk"))
    administrator = sign_in("administrator")
    incident = administrator.get("/api/v1/incidents").json["incidents"][0]["id"]

    assert number in administrator.get("/incidents").text
    assert 'href="/incidents"' in administrator.get("/profile").text
    assert 'href="/process-instances"' in administrator.get("/profile").text
    assert f'action="/incidents/{incident}/resolve"' in administrator.get(f"/cases/{number}").text
    assert administrator.form(f"/incidents/{incident}/resolve").headers["Location"] == "/incidents"
    assert sign_in("clerk").get("/incidents").status_code == 403
    assert 'href="/incidents"' not in sign_in("clerk").get("/profile").text


def test_a_retry_without_a_repair_is_stuck_again_and_says_so(sign_in: SignIn) -> None:
    number = stuck_case(sign_in("clerk"))
    supervisor = sign_in("supervisor")
    incident = supervisor.get("/api/v1/incidents").json["incidents"][0]["id"]
    answer = supervisor.form(f"/incidents/{incident}/resolve", case=number)

    assert answer.status_code == 303
    page = supervisor.get(answer.headers["Location"]).text
    assert "已重试" in page
    assert len(supervisor.get("/api/v1/incidents").json["incidents"]) == 1
