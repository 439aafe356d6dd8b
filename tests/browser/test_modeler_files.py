"""Diagrams go through the libraries that modelers read and write with, and come back as they were."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from engine.bpmn.lint import lint
from engine.bpmn.reader import read_deployed
from tests.processes.element_samples import SAMPLES
from web import assets

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "workflows" / "bpmn"
SCRIPT = Path(__file__).parent / "corpus" / "moddle.mjs"
DEFAULTS = {("isSequential", "false")}
ONLY_DRAWN = {"dataStoreRef", "categoryValueRef"}  # the library leaves out references to what it was not given
Said = tuple[str, tuple[tuple[str, str], ...], str]


@pytest.fixture(scope="module")
def drawn() -> dict[str, bytes]:
    """What may be drawn, of every row of the table, and what the house ships."""
    samples = {f"sample-{number}.bpmn": xml for number, (_, xml) in enumerate(sorted(SAMPLES.items()))}
    shipped = {one.name: one.read_bytes() for one in sorted(SHIPPED.glob("*.bpmn"))}
    return {name: xml for name, xml in (samples | shipped).items() if not _errors(xml)}


@pytest.fixture(scope="module")
def written(drawn: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The same, read and written again."""
    before, after = tmp_path_factory.mktemp("before"), tmp_path_factory.mktemp("after")
    for name, xml in drawn.items():
        (before / name).write_bytes(xml)
    command = [*assets.find_toolchain().node, str(SCRIPT), str(before), str(after), str(assets.install(ROOT).parent)]
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=240)
    return {name: (after / name).read_bytes() for name in drawn}


def test_nothing_that_is_drawn_is_lost_or_added(drawn: dict[str, bytes], written: dict[str, bytes]) -> None:
    assert len(drawn) > 50
    for name, xml in drawn.items():
        assert _said(written[name]) == _said(xml), name


def test_what_comes_back_is_checked_and_runs_as_before(drawn: dict[str, bytes], written: dict[str, bytes]) -> None:
    for name, xml in drawn.items():
        assert _findings(written[name]) == _findings(xml), name
        assert read_deployed(written[name]).processes == read_deployed(xml).processes, name


def _errors(xml: bytes) -> list[str]:
    return [one.code for one in lint(xml) if one.severity == "error"]


def _findings(xml: bytes) -> list[tuple[str, str]]:
    return sorted((one.code, one.element_id or "") for one in lint(xml))


def _said(xml: bytes) -> Counter[Said]:
    """Return every element with its attributes and text, wherever it stands, but for attributes at their default."""
    return Counter(
        (str(one.tag), tuple(sorted(_attributes(one))), _text(one))
        for one in etree.fromstring(xml).iter()
        if isinstance(one.tag, str)
    )


def _attributes(element: etree._Element) -> Iterator[tuple[str, str]]:
    for key, value in element.attrib.items():
        if (str(key), str(value)) not in DEFAULTS and str(key) not in ONLY_DRAWN:
            yield str(key), str(value)


def _text(element: etree._Element) -> str:
    return (element.text or "").strip()
