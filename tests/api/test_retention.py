"""Retention of history over the API and the command line."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from api.services import Services
from engine.commands.process_instances import CancelProcessInstance
from engine.json_values import load_json
from engine.model import SYSTEM
from storage.database import connect
from tests.api.test_operating_commands import Relief, relief
from tests.api.test_operations import STEPS, SignIn, begin, deploy

__all__ = ["relief"]  # a fixture of the commands
PLACE = "/api/v1/history/retention"


def long_ago(services: Services) -> None:
    """Let everything that ended have ended ten years ago, and every decision be a week old."""
    database = connect(services.settings.database_url or "")
    with database.begin() as connection:
        connection.execute(text("UPDATE process_instance SET ended_at = ended_at - interval '10 years'"))
        connection.execute(text("UPDATE retention_decision SET effective_at = effective_at - interval '7 days'"))
    database.dispose()


def ended(services: Services) -> Any:
    instance = begin(services)
    services.engine.execute(CancelProcessInstance(process_instance_id=instance.id, reason="重复"), actor=SYSTEM)
    return instance


def test_the_county_decides_how_long_history_is_kept_and_sees_what_would_go(
    services: Services, sign_in: SignIn
) -> None:
    deploy(services, STEPS)
    instance = ended(services)
    head = sign_in("administrator")
    nothing = head.get(PLACE).json
    assert (nothing["kept"], nothing["decisions"]) == ([{"process_id": None, "kept_days": None}], [])

    decided = head.post(PLACE, {"process_id": "P", "kept_days": 3650, "reason": "档案办法"}).json
    assert (decided["kept_days"], decided["decided_by"]) == (3650, "administrator")
    long_ago(services)

    assert head.get(PLACE).json["kept"][1] == {"process_id": "P", "kept_days": 3650}
    [due] = head.get("/api/v1/history/pruning/preview").json["processes"]
    assert (due["process_id"], due["instances"]) == ("P", 1)
    shown = head.get(f"/api/v1/process-instances/{instance.id}").json
    assert shown["instance"]["state"] == "cancelled"
    assert sign_in("town-administrator").get(PLACE).status_code == 403


def test_wrong_decisions_are_refused_with_their_place(services: Services, sign_in: SignIn) -> None:
    head = sign_in("administrator")
    for body, code in (
        ({"kept_days": 0, "reason": "x"}, "retention-invalid"),
        ({"kept_days": "30", "reason": "x"}, "request-invalid"),
        ({"kept_days": 30}, "request-invalid"),
        ({"reason": "x"}, "request-invalid"),
        ({"kept_days": 30, "reason": "x", "process_id": ""}, "request-invalid"),
    ):
        answer = head.post(PLACE, body)
        assert (answer.status_code, answer.json["code"]) == (422, code), body
    unknown = head.post(PLACE, {"kept_days": 30, "reason": "x", "process_id": "Nothing"})
    assert (unknown.status_code, unknown.json["code"]) == (404, "not-found")


def test_history_is_kept_pruned_and_accounted_for_by_command(services: Services, relief: Relief) -> None:
    deploy(services, STEPS)
    instance = ended(services)
    assert relief("history", "keep", "--reason", "x").exit_code == 2
    assert relief("history", "keep", "--days", 5, "--for-ever", "--reason", "x").exit_code == 2
    assert relief("history", "keep", "--process", "Nothing", "--days", 5, "--reason", "x").exit_code == 1
    assert relief("history", "keep", "--days", 365, "--reason", "档案办法").exit_code == 0
    long_ago(services)
    assert "365" in relief("history", "policy").output

    tried = load_json(relief("history", "prune", "--dry-run", "--json").output)
    assert (tried["processes"][0]["instances"], tried["removed"]) == (1, 0)
    assert "1" in relief("history", "prune").output
    assert load_json(relief("history", "prune", "--json").output) == {"processes": [], "removed": 0}
    removed = load_json(relief("history", "removed", "--json").output)["removals"]
    assert [(one["process_id"], one["instances"]) for one in removed] == [("P", 1)]
    assert "P" in relief("history", "removed").output
    assert relief("instances", "show", instance.id).exit_code == 0
