"""The `relief` command as an analyst uses it: what it prints, and its exit status."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.cli import COMMANDS, main
from engine.json_values import load_json

ROOT = Path(__file__).resolve().parents[3]


def relief(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_explains_itself(command: str) -> None:
    assert relief(command, "--help").exit_code == 0
    assert f"\n  {command} " in relief("--help").output


WORKER = """
import sys
from api.cli import main
main(["work", "--help"], standalone_mode=False)
print([name for name in ("web.pages", "api.app", "api.cli.simulate") if name in sys.modules])
"""


def test_a_worker_keeps_no_pages_in_its_memory() -> None:
    done = subprocess.run([sys.executable, "-c", WORKER], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"


def test_feel_keeps_the_cent() -> None:
    assert relief("feel", "0.1 + 0.2 = 0.3").output.strip() == "true"


def test_feel_knows_the_offices_functions() -> None:
    done = relief("feel", 'add working days(date("2026-06-15"), 5)')

    assert load_json(done.output) == "2026-06-23"


def test_feel_says_where_it_stopped_reading() -> None:
    refused = relief("feel", "若收入 < 800\n  and 房租（元 +")

    assert refused.exit_code == 1
    shown, caret, chinese, english = refused.output.splitlines()[1:]
    assert (shown, caret) == ("  and 房租（元 +", " " * 16 + "^")
    assert chinese.startswith("第 2 行第 13 列：此处应为一个值，但文字已经结束")
    assert english.startswith("line 2, column 13: expected a value, found the end of the text")


def test_feel_says_where_a_limit_was_met() -> None:
    refused = relief("feel", "1 + count(for i in 1..20000000 return i)")

    assert refused.exit_code == 1
    assert "第 1 行第 11 列：循环 19999999 次太多" in refused.output


def test_feel_explains_a_null() -> None:
    explained = load_json(relief("feel", "income + 1", "--json").output)

    assert explained["value"] is None
    assert explained["warnings"][0] == {
        "position": 0,
        "code": "no-variable",
        "reason": "there is no variable 'income'",
        "reason_zh": "没有名为“income”的变量",
    }
    assert "没有名为“income”的变量" in relief("feel", "income + 1").output


def test_an_unknown_decision_is_refused_in_both_languages() -> None:
    refused = relief("decide", str(ROOT / "workflows/dmn/education_amount.dmn"), "nothing")

    assert refused.exit_code == 1
    assert "没有决策“nothing”" in refused.output
    assert "there is no decision 'nothing'" in refused.output


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
