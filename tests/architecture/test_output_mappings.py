"""Output mappings are applied one after the other: none may read a name that one before it has given another value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

WORKFLOWS = Path(__file__).parents[2] / "workflows" / "bpmn"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')


def test_no_output_mapping_reads_what_one_before_it_changed() -> None:
    wrong = [f"{path.name}: {found}" for path in sorted(WORKFLOWS.glob("*.bpmn")) for found in misread(path)]
    assert wrong == []


def misread(path: Path) -> Iterator[str]:
    for mappings in ElementTree.parse(path).iter(f"{ZEEBE}ioMapping"):
        changed: list[str] = []
        for output in mappings.findall(f"{ZEEBE}output"):
            source, target = output.attrib["source"].removeprefix("=").strip(), output.attrib["target"]
            yield from (f"{target} reads {name}" for name in changed if reads(source, name))
            if source != target:
                changed.append(target)


def reads(source: str, name: str) -> bool:
    return re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", TEXT.sub('""', source)) is not None
