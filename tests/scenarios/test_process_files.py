"""Scenarios of processes as files: run on the product's diagram or on another, and refused with the line."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import example, given
from hypothesis import strategies as st

from api.cli import main
from api.scenario.process_files import process_scenario, written
from api.scenario.source import read
from engine.json_values import load_json
from workflows.playing.comparing import same_json
from workflows.workbench.contents import shipped_files

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(st.characters(exclude_categories=["Cs", "Cc"]))
    | st.decimals(allow_nan=False, allow_infinity=False, places=8),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text("abc_", min_size=1), below, max_size=3),
    max_leaves=8,
)

ROOT = Path(__file__).parents[2]
FILE = """\
id: ANSWER-REFUSED
title: 拒绝提供
title_en: The agency refuses
process: agency_inquiry
starts_at: 2026-06-15T09:00:00+08:00
variables:
  {channel: line, caseId: c, agency: tax, agency_title: 税务局, request_id: R, failure: null,
   check_deadline: '2026-06-26'}
steps:
  - at: 2026-06-15T09:00:00+08:00
    jobs: [{job: Service_AskAgency, error: REFUSED}]
    expect: {open: [Task_EnterAnswer], variables: {failure: refused}}
  - at: 2026-06-16T10:00:00+08:00
    by: civil_affairs/checker
    tasks: [{task: Task_EnterAnswer, answers: {answer_kind: no_data, no_data_reason: 系统停用}}]
  - at: 2026-06-16T10:00:00+08:00
    jobs: [{job: Service_RecordAgencyAnswer, variables: {answer_status: no_data}}]
expected: {ended: true, passed: [Event_AnswerRecorded]}
"""


def relief(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["scenario", *arguments])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "refused.yaml"
    path.write_text(FILE, encoding="utf-8")
    return path


def test_a_scenario_of_a_process_runs_from_a_file(file: Path) -> None:
    done = relief("run", str(file), "--json")

    assert done.exit_code == 0, done.output
    [found] = load_json(done.stdout)["processes"]
    assert found["holds"]
    assert "Event_WrongAnswer" in found["never_taken"]


def test_it_runs_on_a_diagram_that_is_not_deployed(file: Path, tmp_path: Path) -> None:
    diagram = tmp_path / "other.bpmn"
    content = shipped_files()["agency_inquiry.bpmn"].content
    diagram.write_bytes(content.replace(b'errorCode="REFUSED"', b'errorCode="GONE"'))

    done = relief("run", str(file), "--diagram", str(diagram))

    assert done.exit_code == 1
    assert "!Service_AskAgency" in done.output
    assert "Task_EnterAnswer" in done.output


def test_what_is_wrong_with_a_file_is_said_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(FILE.replace("error: REFUSED", "eror: REFUSED"), encoding="utf-8")

    refused = relief("check", str(path))

    assert refused.exit_code == 2
    assert "wrong.yaml:11: steps.0.jobs.0.eror" in refused.output


def test_the_example_of_the_page_is_a_scenario_that_comes_out_so(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "reference" / "scenarios.md").read_text(encoding="utf-8")
    path = tmp_path / "example.yaml"
    path.write_text(page.rpartition("```yaml\n")[2].partition("```")[0], encoding="utf-8")

    done = relief("run", str(path))

    assert done.exit_code == 0, done.output


def test_a_scenario_is_written_as_it_was_read() -> None:
    scenario = process_scenario(read(FILE, "f.yaml"))

    again = process_scenario(read(written(scenario), "f.yaml"))

    assert (again.setting, list(again.steps), again.expected) == (
        scenario.setting,
        list(scenario.steps),
        scenario.expected,
    )


@given(value=json_values)
@example("1e3")
@example("no\x85w\u2028")
@example(10**20)
@example(Decimal("1E-7"))
@example(Decimal("1E+3"))
@example(" 2026-06-15 ")
def test_whatever_variables_hold_is_read_as_it_was_written(value: object) -> None:
    plain = process_scenario(read(FILE, "f.yaml"))
    scenario = replace(plain, setting=replace(plain.setting, variables={"value": value}))

    again = process_scenario(read(written(scenario), "f.yaml"))

    assert same_json(again.setting.variables, scenario.setting.variables)
