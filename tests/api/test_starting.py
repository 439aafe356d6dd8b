"""Starting a process by its id, and what every start refuses: foreign regions, names nothing reads, too long keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from api.services import Services
from tests.api.conftest import OTHER_TOWN, TOWN, Client
from tests.api.test_operating_commands import Relief, relief  # noqa: F401  (a fixture)
from tests.api.test_operations import INSTANCES, RENAMED, STEPS, deploy
from tests.processes.diagrams import end, flows, message, one_process, start, user, zeebe
from workflows.casework.county import COUNTY_REGION

SignIn = Callable[[str], Client]
CLERKS = zeebe("assignmentDefinition", candidateGroups="township/clerk")
BY_MESSAGE = one_process(start("begin", message("paid")), user("u", CLERKS), end(), flows("begin>u>e"))


def test_an_administrator_starts_a_process_by_its_id_at_a_version_for_a_case(
    services: Services, sign_in: SignIn
) -> None:
    deploy(services, STEPS)
    deploy(services, RENAMED)
    chief = sign_in("administrator")
    body = {"process_id": "P", "version": 1, "variables": {"income": 5}, "business_key": "k" * 200, "region": TOWN}

    answer = chief.post(INSTANCES, json=body)

    assert answer.status_code == 201
    started = chief.get(answer.headers["Location"]).json
    assert [one["element_id"] for one in started["elements"] if one["tag"] == "userTask"] == ["make"]
    assert chief.get(f"{INSTANCES}?business_key={'k' * 200}").json["total"] == 1
    newest = chief.post(INSTANCES, json={"process_id": "P"}).json
    assert newest["region"] == COUNTY_REGION


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"process_id": "Nothing"}, 404, "not-found"),
        ({"process_id": "P", "version": 9}, 404, "not-found"),
        ({"process_id": "P", "start_event": "nowhere"}, 422, "cannot-start"),
        ({"process_id": "P", "region": "110101"}, 422, "region-unknown"),
        ({"process_id": "P", "region": "320481999"}, 422, "region-unknown"),
        ({"process_id": "P", "business_key": "k" * 257}, 422, "request-invalid"),
        ({"process_id": "P", "variables": {"case": {}}}, 422, "invalid-variables"),
        ({"process_id": "P", "variables": {"": 1}}, 422, "invalid-variables"),
    ],
)
def test_a_start_that_makes_no_sense_is_refused_and_nothing_begins(
    services: Services, sign_in: SignIn, body: dict[str, object], status: int, code: str
) -> None:
    deploy(services, STEPS)
    chief = sign_in("administrator")
    answer = chief.post(INSTANCES, json=body)
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert chief.get(f"{INSTANCES}?process_id=P").json["total"] == 0


def test_only_who_administers_the_region_starts_there(services: Services, sign_in: SignIn) -> None:
    deploy(services, STEPS)
    town = sign_in("town-administrator")
    assert town.post(INSTANCES, json={"process_id": "P", "region": TOWN}).status_code == 201
    assert town.post(INSTANCES, json={"process_id": "P", "region": OTHER_TOWN}).status_code == 403
    assert town.post(INSTANCES, json={"process_id": "P"}).status_code == 403
    assert sign_in("clerk").post(INSTANCES, json={"process_id": "P", "region": TOWN}).status_code == 403


@pytest.mark.parametrize("route", ["messages", "messages/correlation", "signals"])
def test_a_message_for_a_region_nobody_works_for_is_refused(services: Services, sign_in: SignIn, route: str) -> None:
    deploy(services, BY_MESSAGE)
    chief = sign_in("administrator")
    answer = chief.post(f"/api/v1/{route}", json={"name": "paid", "region": "999999"})
    assert (answer.status_code, answer.json["code"]) == (422, "region-unknown")
    assert "999999" in answer.json["detail"]


def test_a_process_is_started_from_the_command_line(services: Services, relief: Relief) -> None:  # noqa: F811
    deploy(services, STEPS)
    done = relief("instances", "start", "P", "--variables", '{"income": 5}', "--business-key", "2026-1")
    assert done.exit_code == 0
    assert "income@P" in relief("instances", "show", done.output.split()[0]).output
    refused = relief("instances", "start", "P", "--region", "999999")
    assert (refused.exit_code, "999999" in refused.output) == (1, True)
    assert relief("instances", "start", "P", "--business-key", "k" * 257).exit_code == 2
