"""The scenarios of the product come out as they say; another figure in one makes another result, as the rule has it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from api.cli import main
from api.scenario.reader import read_file, scenario_files, shipped_folder
from api.scenario.report import as_text
from tests.scenarios.conftest import Run, changed


@pytest.mark.parametrize("name", [one.name for one in scenario_files([shipped_folder()])])
def test_a_shipped_scenario_comes_out_as_it_says(run_scenario: Run, name: str) -> None:
    course = run_scenario(read_file(shipped_folder() / name))
    assert course.holds, "\n".join(as_text(course))


def test_another_wage_makes_another_allowance(run_scenario: Run) -> None:
    # 2,400 less a fifth leaves 1,920: 3 x 1,080 - 1,920 = 1,320, and 324 added on
    course = run_scenario(changed("a1", ("net_monthly_wage: 2000", "net_monthly_wage: 2400"), ("1,964", "1,644")))
    differing = [(one.what, one.expected, str(one.found)) for one in course.comparisons if not one.holds]

    assert differing == [("subsistence amount", 1964, "1644.00")]
    assert not course.holds


def test_another_standard_makes_another_allowance(run_scenario: Run) -> None:
    # 3 x 1,120 - 1,600 = 1,760, and 224 + 112 added on
    course = run_scenario(
        changed(
            "a1",
            ("steps:", "parameters: {dibao_standard: 1120}\nsteps:"),
            ("amount: 1964", "amount: 2096"),
            ("1,964", "2,096"),
        )
    )
    assert course.holds, "\n".join(as_text(course))


def test_the_command_runs_a_folder_and_tells_by_its_status(tmp_path: Path) -> None:
    good = (shipped_folder() / "a10-edge.yaml").read_text(encoding="utf-8")
    (tmp_path / "1.yaml").write_text(good.replace("result_notices: 4", "result_notices: 5"), encoding="utf-8")
    (tmp_path / "2.yaml").write_text(good, encoding="utf-8")
    runner = CliRunner()

    stopped = runner.invoke(main, ["scenario", "run", str(tmp_path), "--json"])
    assert stopped.exit_code == 1
    assert len(json.loads(stopped.stdout)["scenarios"]) == 1

    whole = runner.invoke(main, ["scenario", "run", str(tmp_path), "--keep-going"])
    assert whole.exit_code == 1
    assert "✗ result_notices: 预期 expected 5，实得 found 4" in whole.stdout
    assert "1/2 个场景" in whole.stdout
    assert "[2/2] ✓" in whole.stderr


def test_a_bad_file_is_said_before_anything_runs(tmp_path: Path) -> None:
    (tmp_path / "1.yaml").write_text("id: T1\n", encoding="utf-8")
    refused = CliRunner().invoke(main, ["scenario", "run", str(tmp_path)])

    assert refused.exit_code == 2
    assert "1.yaml:1:" in refused.stderr
    assert "starts_at is missing" in refused.stderr
    assert refused.stdout == ""
