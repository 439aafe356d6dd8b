"""Tokens that wait at joins are seen: on the page and in the API, in lists, in the heat map; and so is standstill."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from api.services import Services
from storage.database import connect
from tests.api.test_operations import INSTANCES, WHY, SignIn, begin, deploy
from tests.processes.diagrams import (
    end,
    exclusive,
    flows,
    mappings,
    one_process,
    parallel,
    start,
    sub_process,
    user,
    zeebe,
)

FOR_CLERKS = zeebe("assignmentDefinition", candidateGroups="township/clerk")
REVIEWS = one_process(
    start(), parallel("p"), user("a", FOR_CLERKS), user("b", FOR_CLERKS), parallel("j"), end(), flows("s>p>a>j>e p>b>j")
)
IN_VAIN = one_process(
    start(), user("a", FOR_CLERKS), exclusive("g"), parallel("j"), end(), flows("s>a>g>j[=x] g>j[*] j>e")
)


@pytest.fixture
def supervisor(sign_in: SignIn) -> Any:
    return sign_in("supervisor")


def complete(sign_in: SignIn, element: str) -> None:
    clerk = sign_in("clerk")
    [task] = [one for one in clerk.get("/api/v1/tasks?tab=to-claim").json["tasks"] if one["element_id"] == element]
    assert clerk.post(f"/api/v1/tasks/{task['id']}/claim").status_code == 200
    assert clerk.post(f"/api/v1/tasks/{task['id']}/complete", {"variables": {}}).status_code < 300


def test_a_token_at_a_join_is_seen_wherever_tokens_are(services: Services, sign_in: SignIn, supervisor: Any) -> None:
    deploy(services, REVIEWS)
    instance = begin(services).id
    complete(sign_in, "a")

    xray = supervisor.get(f"{INSTANCES}/{instance}/x-ray").json
    [joined] = xray["joined"]
    assert (joined["element_id"], joined["tokens"], len(joined["came_along"]), len(joined["missing"])) == ("j", 1, 1, 1)
    assert joined["since"] is not None
    assert [one["element_id"] for one in supervisor.get(f"{INSTANCES}/{instance}").json["waiting"]] == ["j"]
    page = supervisor.get(f"/process-instances/{instance}").text
    assert "在汇合网关等候的令牌" in page

    for element, number in (("j", 1), ("b", 1), ("a", 0), ("g", 0)):
        assert supervisor.get(f"{INSTANCES}?element_id={element}").json["total"] == number
    [line] = supervisor.get(f"{INSTANCES}?element_id=j").json["instances"]
    assert line["stands_at"] == ["b", "j"]
    heat = supervisor.get("/api/v1/heat-map?process_id=P&since=2026-06-01&until=2026-06-30").json
    assert {one["element_id"]: one["waiting"] for one in heat["elements"]}.get("j") == 1

    complete(sign_in, "b")
    assert supervisor.get(f"{INSTANCES}?element_id=j").json["total"] == 0


def test_what_stands_in_another_scope_stays_in_sight_beside_a_token_at_a_join(
    services: Services, sign_in: SignIn, supervisor: Any
) -> None:
    inner = sub_process("S", mappings({"n": "=1 + nothing"}), start("t"), end("u"), flows("t>u"))
    joining = (start("i"), parallel("p"), user("a", FOR_CLERKS), parallel("j"), end("k"), flows("i>p>a>j>k p>S>j"))
    deploy(services, one_process(start(), sub_process("O", *joining, inner), end(), flows("s>O>e")))
    begin(services)
    complete(sign_in, "a")

    [line] = supervisor.get(INSTANCES).json["instances"]
    assert line["stands_at"] == ["S", "j"]


def test_what_the_release_before_ended_stands_nowhere(services: Services, sign_in: SignIn, supervisor: Any) -> None:
    deploy(services, REVIEWS)
    begin(services)
    complete(sign_in, "a")
    heat_map = "/api/v1/heat-map?process_id=P&since=2026-06-01&until=2026-06-30"
    counted = [(1, [1]), (0, [])]
    for state in ("suspended", "completed"):
        database = connect(services.settings.database_url or "")
        with database.begin() as connection:  # as that release writes it, which knows nothing of joins
            connection.execute(text("UPDATE process_instance SET state = :state"), {"state": state})
        database.dispose()

        waiting = [one["waiting"] for one in supervisor.get(heat_map).json["elements"] if one["element_id"] == "j"]
        assert (supervisor.get(f"{INSTANCES}?element_id=j").json["total"], waiting) == counted.pop(0)


def test_a_deadlock_is_an_incident_that_a_repair_closes(services: Services, sign_in: SignIn, supervisor: Any) -> None:
    deploy(services, IN_VAIN)
    instance = begin(services, x=True).id
    complete(sign_in, "a")

    [incident] = supervisor.get("/api/v1/incidents").json["incidents"]
    assert (incident["kind"], incident["element_id"], incident["element_name"]) == ("deadlock", "j", "")
    assert "流程已停死" in supervisor.get("/incidents").text
    [line] = supervisor.get(f"{INSTANCES}?incident_kind=deadlock").json["instances"]
    assert line["stands_at"] == ["j"]
    tried = supervisor.post(f"/api/v1/incidents/{incident['id']}/resolve").json
    assert tried["outcome"] == "failed-again"

    found = supervisor.get(f"{INSTANCES}/{instance}").json
    step = {"kind": "modify", **WHY, "expected_version": found["version"], "activate": [{"element_id": "j"}]}
    assert supervisor.post(f"{INSTANCES}/{instance}/repairs/preview", step).status_code == 200
    assert supervisor.post(f"{INSTANCES}/{instance}/repairs", step).status_code == 200
    assert supervisor.get("/api/v1/incidents").json["incidents"] == []
