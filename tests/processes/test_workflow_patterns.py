"""The table of workflow patterns names what is run, and what it calls impossible is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.bpmn.lint import lint
from tests.processes import cases_workflow_patterns, cases_workflow_patterns_instances
from tests.processes.diagrams import ad_hoc, element, end, flows, one_process, parallel, start, user

PAGE = Path(__file__).parents[2] / "docs/reference/workflow-patterns.md"
ROW = re.compile(r"\| (\d+) \| ([^|]+) \| (yes|no) \| ([^|]+) \|")


def test_the_table_lists_all_patterns_and_every_one_that_is_drawn_has_its_case():
    rows = ROW.findall(PAGE.read_text(encoding="utf-8"))
    cases = [*cases_workflow_patterns.CASES, *cases_workflow_patterns_instances.CASES]
    assert [int(number) for number, *_ in rows] == list(range(1, 44))
    assert {f"WCP-{number} {name}" for number, name, drawn, _ in rows if drawn == "yes"} == {
        each.name for each in cases
    }


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (one_process(start(), element("complexGateway", "g"), end(), flows("s>g>e")), "unsupported-element"),
        (one_process(start(), user("a", startQuantity="2"), end(), flows("s>a>e")), "unsupported-attribute"),
        (one_process(start(), user("a", completionQuantity="2"), end(), flows("s>a>e")), "unsupported-attribute"),
        (
            one_process(start(), ad_hoc("A", '=["a"]', user("a")), end(), flows("s>A>e")).replace(
                b'id="A"', b'id="A" ordering="Sequential"'
            ),
            "unsupported-attribute",
        ),
    ],
    ids=["complex gateway", "startQuantity", "completionQuantity", "ordering"],
)
def test_what_the_table_says_cannot_be_drawn_is_refused(xml, code):
    assert code in [finding.code for finding in lint(xml) if finding.severity == "error"]


def test_the_elements_these_refusals_are_about_are_otherwise_accepted():
    xml = one_process(start(), parallel("g"), ad_hoc("A", '=["a"]', user("a")), end(), flows("s>g>A>e"))
    assert [finding.code for finding in lint(xml) if finding.severity == "error"] == []
