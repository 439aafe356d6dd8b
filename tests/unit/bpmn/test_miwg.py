"""The reference diagrams of the BPMN Model Interchange Working Group, where they stand beside the checkout."""

from __future__ import annotations

import os
import re
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from engine.bpmn.drawing import owner_of
from engine.bpmn.lint import lint
from engine.bpmn.lint_catalogue import RULES
from engine.bpmn.names import BPMN
from engine.bpmn.reader import read
from tests.processes.player import Player

BESIDE = Path(__file__).parents[4] / "shared" / "conformance"
KIT = Path(os.environ.get("RELIEF_CONFORMANCE", str(BESIDE))) / "bpmn-miwg"
FILES = sorted(KIT.glob("*.bpmn"))

pytestmark = pytest.mark.skipif(
    not FILES, reason=f"no reference diagrams: RELIEF_CONFORMANCE names their folder ({KIT} is none)"
)


def executable(xml: bytes) -> bytes:
    """The same diagram with every process marked as executable, so that all of it is checked; no line moves."""
    marked = re.sub(rb'\s+isExecutable="\w+"', b"", xml)
    return re.sub(rb"<((?:\w+:)?process)\b", rb'<\1 isExecutable="true"', marked)


# Codes of the findings, with how many there are of each. Read the findings again whenever one of these changes.
AS_PUBLISHED = {
    "A.1.0": "no-executable-process process-not-executable",
    "A.2.0": "no-executable-process process-not-executable",
    "A.2.1": "no-executable-process process-not-executable",
    "A.3.0": "no-executable-process process-not-executable",
    "A.4.0": "no-executable-process process-not-executable*2",
    "A.4.1": "no-executable-process process-not-executable*2",
    "B.1.0": "no-executable-process process-not-executable*4",
    "B.2.0": "no-executable-process process-not-executable*4",
    "C.1.0": (
        "expression-needed*4 foreign-extension*3 no-default-flow*2 no-implementation process-not-executable "
        "unsupported-element*4 user-task-without-assignment*4 user-task-without-form*4"
    ),
    "C.2.0": "no-executable-process process-not-executable*4",
    "C.4.0": "no-executable-process process-not-executable*4",
    "C.6.0": "no-executable-process process-not-executable",
    "C.8.0": "no-executable-process process-not-executable",
    "C.9.0": (
        "missing-attribute*3 no-default-flow unsupported-attribute unsupported-extension "
        "user-task-without-assignment user-task-without-form"
    ),
}
MADE_EXECUTABLE = {
    "A.1.0": "",
    "A.2.0": "flow-without-condition*3 no-default-flow",
    "A.2.1": "default-without-choice expression-needed*5 flow-without-condition*2 foreign-extension",
    "A.3.0": "message-without-correlation-key missing-attribute sub-process-start",
    "A.4.0": "",
    "A.4.1": "foreign-extension*2",
    "B.1.0": (
        "flow-without-condition*4 message-without-name*2 no-default-flow*2 no-implementation*5 no-shape*5 "
        "sub-process-start timer-definition unsupported-attribute*3 user-task-without-assignment*2 "
        "user-task-without-form*2"
    ),
    "B.2.0": (
        "error-without-code*3 event-definition-not-supported flow-without-condition*4 loop-without-end "
        "message-without-correlation-key*4 message-without-name*2 missing-attribute*20 no-default-flow "
        "no-implementation*8 no-shape*5 sub-process-start*2 timer-definition*4 unsupported-attribute*3 "
        "user-task-without-assignment*5 user-task-without-form*5"
    ),
    "C.1.0": (
        "expression-needed*4 foreign-extension*4 message-without-correlation-key*2 missing-attribute*3 "
        "no-default-flow*2 no-implementation timer-definition unsupported-element*4 "
        "user-task-without-assignment*4 user-task-without-form*4"
    ),
    "C.2.0": "error-without-code flow-without-condition*6 message-without-name*4 no-default-flow*3",
    "C.4.0": (
        "flow-without-condition*4 loop-without-end message-without-correlation-key*3 missing-attribute*6 "
        "no-default-flow*2 no-implementation user-task-without-assignment*18 user-task-without-form*18"
    ),
    "C.6.0": (
        "event-definition-not-supported message-without-correlation-key*2 missing-attribute*3 "
        "no-implementation*12 timer-definition*2"
    ),
    "C.8.0": (
        "bad-variable-name expression-needed*3 foreign-extension*19 unsupported-attribute "
        "unsupported-extension user-task-without-assignment user-task-without-form"
    ),
    "C.9.0": (
        "missing-attribute*3 no-default-flow unsupported-attribute unsupported-extension "
        "user-task-without-assignment user-task-without-form"
    ),
}


def counted(xml: bytes) -> str:
    found = Counter(finding.code for finding in lint(xml))
    return " ".join(f"{code}*{number}" if number > 1 else code for code, number in sorted(found.items()))


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_a_reference_diagram_gives_exactly_these_findings(path: Path) -> None:
    xml = path.read_bytes()
    assert counted(xml) == AS_PUBLISHED[path.stem]
    assert counted(executable(xml)) == MADE_EXECUTABLE[path.stem]


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_a_person_finds_what_a_finding_is_about(path: Path) -> None:
    xml = executable(path.read_bytes())
    lines = xml.count(b"\n") + 1
    root = etree.fromstring(xml)
    ids = {each.get("id"): each for each in root.iter(f"{{{BPMN}}}*")}
    for finding in lint(xml, resource=path.name):
        rule = RULES[finding.code]
        assert finding.severity == rule.severity
        assert finding.resource == path.name
        assert finding.line is not None
        assert 1 <= finding.line <= lines
        assert finding.element_id in ids
        assert owner_of(ids[finding.element_id]) is ids[finding.element_id], f"{finding.element_id} cannot be selected"
        assert "\n" not in (finding.element_name or "")
        for text in (finding.message_zh, finding.message_en, finding.advice_zh, finding.advice_en):
            assert text.strip()
            assert text[-1] in "。.：:" or finding.code == "feel-syntax", text
        assert re.search(r"[\u4e00-\u9fff]", finding.message_zh)
        assert re.search(r"[\u4e00-\u9fff]", finding.advice_zh)
        assert not re.search(r"[\u4e00-\u9fff]", finding.advice_en)


def test_all_the_reference_diagrams_are_there() -> None:
    assert {path.stem for path in FILES} == set(AS_PUBLISHED) == set(MADE_EXECUTABLE)


@pytest.mark.parametrize("name", ["A.1.0", "A.4.1"])
def test_a_reference_diagram_without_errors_runs_to_its_end(name: str) -> None:
    xml = executable((KIT / f"{name}.bpmn").read_bytes())
    for process_id in read(xml).processes:
        player = Player(xml)
        player.start(process_id=process_id)
        assert player.is_done
