"""The page of capabilities names only what stands in the house, and leaves none of them out."""

from __future__ import annotations

import re
from pathlib import Path

from engine.json_values import load_json

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/reference/capability-coverage.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|\n").split("|")] for line in PAGE.splitlines() if re.match(r"\| C\d", line)
]
PATHS = load_json((ROOT / "docs/reference/openapi.json").read_bytes())["paths"]


def named(column: int) -> set[str]:
    return {name for row in ROWS for name in re.findall(r"`([^`]+)`", row[column])}


def test_every_capability_of_the_county_has_its_row() -> None:
    listed: set[int] = set()
    for row in ROWS:
        first, _, last = row[0].split(" ")[0].partition("–")
        listed |= set(range(int(first[1:]), int((last or first)[1:]) + 1))

    assert listed == set(range(1, 67))
    assert {"S1", "S2"} <= set(re.findall(r"S\d", " ".join(row[0] for row in ROWS)))


def test_a_row_has_a_proof_or_says_what_is_missing() -> None:
    assert [row[0] for row in ROWS if row[5] == "–" and row[6] == "–"] == []


def test_what_the_page_names_is_there() -> None:
    diagrams = {path.stem for path in (ROOT / "workflows/bpmn").glob("*.bpmn")}
    tables = {path.stem for path in (ROOT / "workflows/dmn").glob("*.dmn")}
    parameters = {path.stem for path in (ROOT / "workflows/parameters").glob("*.json")}
    scenarios = {path.stem for path in (ROOT / "workflows/scenarios").glob("*.yaml")}

    assert named(2) <= diagrams
    assert named(3) <= tables | parameters
    assert {f"/api/v1{path}" for path in named(4)} <= set(PATHS)
    assert {one for one in named(5) if not one.endswith(".py")} <= scenarios
    assert all((ROOT / "tests" / one).is_file() for one in named(5) if one.endswith(".py"))
