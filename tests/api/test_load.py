"""The load of people over the API and on the page: each number is that of the list behind it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.api.applications import application_json
from tests.api.conftest import TOWN, Client
from tests.api.test_absences import entered

SignIn = Callable[[str], Client]
OFFICE = f"township:{TOWN}"


def people(client: Client) -> dict[str, Any]:
    [office] = [one for one in client.get("/api/v1/load").json["offices"] if one["unit"] == OFFICE]
    return {one["login"]: one for one in office["people"]} | {"": office}


def test_each_number_is_that_of_its_list(sign_in: SignIn) -> None:
    clerk, supervisor = sign_in("clerk"), sign_in("supervisor")
    for _ in range(3):
        clerk.post("/api/v1/applications", application_json())
    found = clerk.get("/api/v1/tasks?tab=to-claim").json["tasks"]
    for task in found[:2]:
        clerk.post(f"/api/v1/tasks/{task['id']}/claim")
    answers = {"variables": {"completeness": "complete", "kin": []}}
    assert clerk.post(f"/api/v1/tasks/{found[0]['id']}/complete", answers).status_code == 200
    entered(clerk)

    load = people(supervisor)
    assert (load["clerk"]["open"], load["clerk"]["done"], load["clerk"]["away"]["substitute_name"]) == (1, 1, "孙岩")
    assert (load["other-clerk"]["open"], load["other-clerk"]["away"], load[""]["absent"]) == (0, None, 1)

    def total(query: str) -> int:
        return int(supervisor.get(f"/api/v1/tasks?tab=unit&unit={OFFICE}{query}").json["total"])

    assert total("") == load[""]["open"]
    assert total("&holder=clerk") == 1
    assert total("&holder=-") == load[""]["unheld"]
    page = supervisor.get("/load").text
    assert "holder=clerk" in page
    assert "孙岩代理" in page
    assert "办理人：陈敏" in supervisor.get(f"/tasks?tab=unit&unit={OFFICE}&holder=clerk").text


def test_load_is_for_supervisors(sign_in: SignIn) -> None:
    for path in ("/load", "/api/v1/load"):
        assert sign_in("clerk").get(path).status_code == 403
    assert sign_in("supervisor").get("/load").status_code == 200
