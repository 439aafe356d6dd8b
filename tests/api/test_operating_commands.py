"""The commands of operators: what they print, what they change, and their exit status."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result

from api.cli import main
from api.services import Services
from engine.json_values import load_json
from tests.api.test_operations import CLERKS, RENAMED, STEPS, STUCK, begin, deploy
from tests.processes.diagrams import end, flows, one_process, parallel, start, task, user

Relief = Callable[..., Result]


@pytest.fixture
def relief(services: Services) -> Relief:
    environment = {
        "RELIEF_DATABASE_URL": services.settings.database_url,
        "RELIEF_DATA_FOLDER": str(services.settings.data_folder),
        "RELIEF_SECRET_KEY": services.settings.secret_key,
    }

    def call(*arguments: object, typed: str | None = None) -> Result:
        found = CliRunner().invoke(main, [str(one) for one in arguments], env=environment, input=typed)
        assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
        return found

    return call


def test_instances_are_listed_shown_suspended_resumed_and_cancelled(services: Services, relief: Relief) -> None:
    deploy(services, STEPS)
    instance = begin(services, note="王秀英")
    listed = relief("instances", "list", "--process", "P")
    assert listed.exit_code == 0
    assert str(instance.id) in listed.output
    assert "make" in listed.output
    found = load_json(relief("instances", "list", "--process", "P", "--json").output)
    assert (found["total"], found["instances"][0]["stands_at"]) == (1, ["make"])
    shown = relief("instances", "show", instance.id)
    assert "note@P" in shown.output
    assert "王秀英" not in shown.output

    assert relief("instances", "suspend", instance.id, "--reason", "核查").exit_code == 0
    assert "suspended" in relief("instances", "list", "--state", "suspended").output
    again = relief("instances", "suspend", instance.id, "--reason", "核查")
    assert (again.exit_code, "已挂起" in again.output) == (1, True)
    assert relief("instances", "resume", instance.id, "--reason", "查清").exit_code == 0
    assert relief("instances", "cancel", instance.id, "--reason", "重复").exit_code == 0
    assert relief("instances", "show", uuid4()).exit_code == 1
    assert "没有找到" in relief("instances", "list", "--process", "nothing").output


def test_an_instance_is_previewed_and_modified(services: Services, relief: Relief) -> None:
    deploy(services, STEPS)
    instance = begin(services)
    asked = ("instances", "modify", instance.id, "--reason", "纸面已办", "--activate", "check", "--cancel", "make")
    preview = relief(*asked, "--preview")
    assert "结束：“经办”；开始：“复核”" in preview.output
    assert "make" in relief("instances", "list", "--process", "P").output
    assert relief(*asked).exit_code == 0
    assert "check" in relief("instances", "list", "--process", "P").output
    assert relief(*asked).exit_code == 1


def test_wrong_usage_is_status_2(relief: Relief) -> None:
    for wrong in (
        ("instances", "show", "no-id"),
        ("instances", "suspend", uuid4()),
        ("instances", "list", "--state", "asleep"),
        ("instances", "modify", uuid4(), "--reason", "x", "--variables", "[1]"),
        ("batches", "show"),
        ("migrate-instances", "run", "--process", "P"),
    ):
        assert relief(*wrong).exit_code == 2, wrong


def test_incidents_are_listed_shown_and_retried(services: Services, relief: Relief) -> None:
    deploy(services, STUCK)
    begin(services, x=False)
    found = load_json(relief("incidents", "list", "--json").output)["incidents"]
    assert [(one["element_id"], one["kind"]) for one in found] == [("g", "condition")]
    assert "condition" in relief("incidents", "list").output
    shown = relief("incidents", "show", found[0]["id"]).output
    assert "TRIED AT" in shown
    assert "x " in shown
    once = relief("incidents", "resolve", found[0]["id"])
    assert (once.exit_code, once.output.startswith("failed-again")) == (1, True)
    tried = relief("incidents", "retry", "--process", "P", "--reason", "x", "--dry-run")
    assert (tried.exit_code, "1 × g: failed" in tried.output) == (1, True)
    done = relief("incidents", "retry", "--process", "P", "--reason", "x", "--wait")
    assert (done.exit_code, "completed  failed 1" in done.output) == (1, True)
    assert relief("incidents", "retry", "--process", "nothing", "--reason", "x").exit_code == 1


def test_batches_are_listed_shown_cancelled_and_tried_again(services: Services, relief: Relief) -> None:
    deploy(services, STUCK)
    begin(services, x=False)
    made = load_json(relief("incidents", "retry", "--reason", "x", "--wait", "--json").output)
    assert relief("batches", "retry", made["id"], "--wait").exit_code == 1
    waiting = load_json(relief("incidents", "retry", "--reason", "y", "--json").output)
    assert waiting["state"] == "created"
    assert "cancelled" in relief("batches", "cancel", waiting["id"]).output
    assert relief("batches", "cancel", waiting["id"]).exit_code == 1
    assert made["id"] in relief("batches", "list").output
    shown = relief("batches", "show", made["id"])
    assert (shown.exit_code, "再次失败" in shown.output) == (1, True)
    assert load_json(relief("batches", "show", made["id"], "--json").output)["items"][0]["tries"] == 2


def test_a_version_is_migrated_and_reverted(services: Services, relief: Relief) -> None:
    deploy(services, STEPS)
    begin(services)
    deploy(services, RENAMED)
    versions = ("--process", "P", "--from", 1, "--to", 2)
    assert load_json(relief("migrate-instances", "plan", *versions, "--json").output)["mapping"] == {"make": "take"}
    assert "take" in relief("migrate-instances", "plan", *versions).output
    stays = relief("migrate-instances", "dry-run", *versions, "--mapping", "{}")
    assert (stays.exit_code, "make has no counterpart" in stays.output) == (1, True)
    assert relief("migrate-instances", "dry-run", *versions).exit_code == 0
    done = relief("migrate-instances", "run", *versions, "--all", "--reason", "新规定", "--wait", "--json")
    assert done.exit_code == 0
    assert "take" in relief("instances", "list", "--process", "P", "--version", 2).output
    back = relief("migrate-instances", "revert", load_json(done.output)["id"], "--reason", "看错", "--wait")
    assert back.exit_code == 0
    assert "make" in relief("instances", "list", "--process", "P", "--version", 1).output
    assert relief("migrate-instances", "plan", "--process", "P", "--from", 1, "--to", 9).exit_code == 1


def test_tokens_at_a_join_are_shown(services: Services, relief: Relief) -> None:
    body = (start(), parallel("p"), task("t"), user("u", CLERKS), parallel("j"), end())
    deploy(services, one_process(*body, flows("s>p>t>j>e p>u>j")))
    shown = relief("instances", "show", begin(services).id)
    assert "JOIN j in 1 has" in shown.output
    assert "×1" in shown.output


def test_an_element_is_begun_in_the_scope_that_is_named(services: Services, relief: Relief) -> None:
    deploy(services, STEPS)
    instance = begin(services)

    def modify(element: str) -> Result:
        return relief("instances", "modify", instance.id, "--activate", element, "--reason", "纸面已办")

    assert modify("check@1").exit_code == 0
    assert modify("check@one").exit_code == 2
    assert modify("check@99").exit_code == 1
