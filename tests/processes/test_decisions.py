"""Every shipped decision against the rows kept beside it, with the test parameters P-TEST.

A row gives `name`, `inputs` and `expected`; `decision` when another decision of the file is asked. Its `standard`
overrides single parameters. Of a context only the keys named are compared, of a list every element in order.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from engine import feel
from engine.dmn import decide, parse
from tests.unit.rules.calendars import COUNTY
from workflows.casework.parameters import TEST_PARAMETERS
from workflows.rules.host_functions import host_functions

FOLDER = Path(__file__).parents[2] / "workflows" / "dmn"
STANDARD = {each.key: each.value for each in TEST_PARAMETERS}
SETTINGS = feel.Settings(now=datetime(2026, 9, 14, 1, 0, tzinfo=UTC), functions=host_functions(COUNTY))
FILES = sorted(FOLDER.glob("*.dmn"))
ROWS = [
    pytest.param(path, row, id=f"{path.stem}: {row['name']}")
    for path in FILES
    for row in json.loads(path.with_suffix(".tests.json").read_text("utf-8"), parse_float=Decimal)
]


def _agrees(found, expected):
    if isinstance(expected, dict):
        return isinstance(found, dict) and all(_agrees(found.get(key), value) for key, value in expected.items())
    if isinstance(expected, list):
        return (
            isinstance(found, list)
            and len(found) == len(expected)
            and all(_agrees(one, other) for one, other in zip(found, expected, strict=True))
        )
    return found == expected


def _outcome(path, row):
    inputs = {**row["inputs"], "standard": {**STANDARD, **row["inputs"].get("standard", {})}}
    return decide(
        parse(path.read_bytes()),
        row.get("decision", path.stem),
        {name: feel.from_json(value) for name, value in inputs.items()},
        SETTINGS,
    )


@pytest.mark.parametrize(("path", "row"), ROWS)
def test_a_decision_gives_what_its_row_says(path, row):
    outcome = _outcome(path, row)
    assert _agrees(feel.to_json(outcome.value), row["expected"]), feel.to_json(outcome.value)
    assert outcome.warnings == ()


@pytest.mark.parametrize("path", FILES, ids=[each.stem for each in FILES])
def test_a_decision_file_is_named_by_its_decision_and_reads_without_findings(path):
    model = parse(path.read_bytes())
    assert path.stem in model.decisions
    assert model.findings == ()


@pytest.mark.parametrize("path", FILES, ids=[each.stem for each in FILES])
def test_every_rule_is_hit_by_a_row_and_says_why(path):
    outcomes = [_outcome(each, row) for each, row in (one.values for one in ROWS) if each == path]
    decisions = [made for outcome in outcomes for made in outcome.trace.decisions]
    matched = {rule.rule_id: rule.annotation for made in decisions for table in made.tables for rule in table.matched}
    drawn = {each.get("id") for each in etree.parse(path).iter("{*}rule")}
    assert set(matched) == drawn
    assert all(matched.values())
