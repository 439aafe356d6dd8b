"""The stored part of the DMN conformance kit, where it stands beside the checkout."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from lxml import etree

from engine.dmn import Neighbours, lint, parse
from engine.dmn.tck import run

BESIDE = Path(__file__).parents[4] / "shared" / "conformance"
KIT = Path(os.environ.get("RELIEF_CONFORMANCE", str(BESIDE))) / "dmn-tck"
JAVA = "0076-feel-external-java"

pytestmark = pytest.mark.skipif(
    not KIT.is_dir(), reason=f"no conformance kit: RELIEF_CONFORMANCE names its folder ({KIT} is none)"
)


def test_level_2_passes() -> None:
    report = run(KIT / "compliance-level-2")
    assert report.failed == []
    assert report.value.total > 100


def test_level_3_passes_but_for_functions_in_java() -> None:
    report = run(KIT / "compliance-level-3")
    assert {failure.model for failure in report.failed} == {f"{JAVA}.dmn"}
    documented = (Path(__file__).parents[3] / "docs/reference/dmn.md").read_text(encoding="utf-8")
    table = [line for line in documented.splitlines() if line.startswith(f"| {JAVA} ")]
    assert {failure.case for failure in report.failed} == {
        case for line in table for case in line.split("|")[2].replace("`", "").replace(" ", "").split(",")
    }
    assert (
        f"| {report.value.passed} of {report.value.total} | {report.null.passed} of {report.null.total} |" in documented
    )


def test_no_decision_that_must_give_a_value_is_called_certainly_null() -> None:
    wrong = []
    for path in sorted(KIT.rglob("*.dmn")):
        model = parse(path.read_bytes(), imports=Neighbours(path.parent))
        for finding in lint(model):
            if path.stem == JAVA:
                continue  # its functions are never run, which is what the finding says
            if finding.severity == "error" and finding.name in decisions_with_a_value(path.parent):
                wrong.append((path.name, finding.name, finding.message_en))
    assert wrong == []


def decisions_with_a_value(folder: Path) -> set[str]:
    """The decisions of a folder that some test case expects a value of."""
    return {
        str(node.get("name"))
        for path in folder.glob("*.xml")
        for node in etree.parse(str(path)).iter("{*}resultNode")
        if node.get("errorResult") != "true" and "".join(node.itertext()).strip()
    }
