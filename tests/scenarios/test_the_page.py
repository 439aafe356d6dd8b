"""The page that describes the format tells every key, and its example runs."""

from __future__ import annotations

import re
from pathlib import Path

from api.scenario.reader import FACT_KEYS, OPTIONAL, REQUIRED, read_text
from api.scenario.report import as_text
from api.scenario.steps import STEP_KEYS, TASK_KEYS
from tests.scenarios.conftest import Run

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "scenarios.md"


def test_the_page_names_every_key() -> None:
    page = PAGE.read_text(encoding="utf-8")
    named = set(re.findall(r"[`{ ](\w+)(?:`|:)", page))
    assert {*REQUIRED, *OPTIONAL, *STEP_KEYS, *TASK_KEYS, *FACT_KEYS} - named == set()


def test_the_example_of_the_page_runs(run_scenario: Run) -> None:
    example, _of_a_process = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    course = run_scenario(read_text(example, "example.yaml"))
    assert course.holds, "\n".join(as_text(course))
