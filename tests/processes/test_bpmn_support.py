"""The page on BPMN support says exactly what the check and the engine do: every row and cell has a diagram."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.bpmn.lint import lint
from engine.core import model
from tests.processes.driving import drive
from tests.processes.element_samples import SAMPLES
from tests.processes.event_samples import DEFINITIONS, POSITIONS, event_sample
from tests.processes.host import GivenDecisions
from tests.processes.player import Player

PAGE = (Path(__file__).parents[2] / "docs/reference/bpmn-support.md").read_text("utf-8")
MATRIX = "Events: which may stand where"
RUNS, KEPT, REFUSED = "runs", "kept as drawn", "refused: "
USUAL = {"no": "event-definition-not-supported"}


def tables():
    """Return the rows of each table of the page by its heading; the first row holds the names of the columns."""
    found = {}
    for section in PAGE.split("\n## ")[1:]:
        heading, _, body = section.partition("\n")
        lines = [line for line in body.splitlines() if line.startswith("|") and not line.startswith("|--")]
        found[heading] = [[cell.strip().replace("`", "") for cell in line.strip("|").split("|")] for line in lines]
    return found


def event_cells():
    columns, *rows = tables()[MATRIX]
    return {(row[0], position): cell for row in rows for position, cell in zip(columns[2:], row[2:], strict=True)}


def element_rows():
    """Return what is said of each element: the tables with a column `here`."""
    rows = [row for columns, *rows in tables().values() if "here" in columns for row in rows]
    return {(row[0], row[2]): row[3] for row in rows}


def test_every_event_type_stands_in_the_page_at_every_position():
    assert set(event_cells()) == {(kind, position) for kind in DEFINITIONS for position in POSITIONS}


def test_every_sample_of_an_element_has_its_row_and_every_row_its_sample():
    assert set(element_rows()) == set(SAMPLES)


@pytest.mark.parametrize(("place", "said"), event_cells().items(), ids=lambda each: "-".join(each) if each else "")
def test_an_event_does_what_its_cell_says(place, said):
    _check(event_sample(*place), said if said == RUNS else REFUSED + USUAL.get(said, said))


@pytest.mark.parametrize(("place", "said"), element_rows().items(), ids=lambda each: "-".join(each) if each else "")
def test_an_element_does_what_its_row_says(place, said):
    _check(SAMPLES[place], said)


def _check(xml, said):
    findings = lint(xml)
    errors = {each.code for each in findings if each.severity == "error"}
    if said.startswith(REFUSED):
        assert said.removeprefix(REFUSED) in errors
        return
    assert errors == set()
    player = Player(xml, round_trips=True, evaluator=GivenDecisions(d=1))
    node = player.definitions.get("P").nodes.get("x")
    is_event_start = node is not None and node.tag == "startEvent" and node.scope == "P" and node.event is not None
    player.start("x" if is_event_start else None)
    drive(player)
    assert player.is_done
    passed = {fact.element for fact in player.told(model.Entered)}
    assert (said == KEPT) is ("x" not in passed) or _was_undone(player)
    ways = set() if node is None else {flow.id for flow in node.outgoing}
    assert not ways or ways & {fact.element for fact in player.told(model.FlowTaken)}, "it leads nowhere"
    assert player.told(model.IncidentRaised) == []


def _was_undone(player):
    """Say whether x is a compensation event: no token passes it, its handler h runs."""
    event = player.definitions.get("P").nodes["x"].event
    return event is not None and event.kind == "compensate" and player.completed()["h"] == 1
