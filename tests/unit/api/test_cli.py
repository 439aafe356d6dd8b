"""The `relief` command as an analyst uses it: what it prints, and its exit status."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.cli import main
from engine.json_values import load_json

ROOT = Path(__file__).resolve().parents[3]


def relief(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_explains_itself(command: str) -> None:
    assert relief(command, "--help").exit_code == 0


def test_feel_keeps_the_cent() -> None:
    assert relief("feel", "0.1 + 0.2 = 0.3").output.strip() == "true"


def test_feel_knows_the_offices_functions() -> None:
    done = relief("feel", 'add working days(date("2026-06-15"), 5)')

    assert load_json(done.output) == "2026-06-23"


def test_feel_says_where_it_stopped_reading() -> None:
    refused = relief("feel", "1 +")

    assert refused.exit_code == 1
    assert "Error" in refused.output


def test_feel_explains_a_null() -> None:
    explained = load_json(relief("feel", "income + 1", "--json").output)

    assert explained["value"] is None
    assert "income" in explained["warnings"][0]["reason"]


def test_decide_shows_which_rules_fired() -> None:
    facts = '{"standard": {"education_primary_dibao": 1500}, "household_status": "dibao"}'
    table = ROOT / "workflows/dmn/education_amount.dmn"

    decided = relief("decide", str(table), "education_amount", "--variables", facts, "--trace")

    assert decided.exit_code == 0
    assert {"value", "trace"} == set(load_json(decided.output))


def test_the_shipped_resources_have_no_findings() -> None:
    checked = relief("lint", str(ROOT / "workflows"), "--json")

    assert (checked.exit_code, load_json(checked.output)) == (0, [])


def test_a_broken_diagram_is_refused_with_element_and_advice(tmp_path: Path) -> None:
    diagram = ROOT / "workflows/bpmn/referral.bpmn"
    broken = tmp_path / "referral.bpmn"
    broken.write_text(diagram.read_text(encoding="utf-8").replace("bpmn:userTask", "bpmn:wishTask"), encoding="utf-8")

    checked = relief("lint", str(broken), "--json")

    assert checked.exit_code == 1
    errors = [one for one in load_json(checked.output) if one["severity"] == "error"]
    assert {"element_id", "line", "message_zh", "advice_en"} <= set(errors[0])
    assert any(one["element_id"] == "Task_Reroute" for one in errors)


def test_a_diagram_with_a_doctype_is_refused(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.bpmn"
    bomb.write_text('<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', encoding="utf-8")

    assert relief("lint", str(bomb)).exit_code == 1


def test_a_folder_without_conformance_cases_is_no_success(tmp_path: Path) -> None:
    assert relief("tck", str(tmp_path)).exit_code == 1


def test_other_files_are_named_as_what_they_are(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("hello", encoding="utf-8")

    assert relief("lint", str(letter)).exit_code == 2
