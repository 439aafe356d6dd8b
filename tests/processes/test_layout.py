"""What stands beside a symbol can be read: no label or note lies on a flow, a symbol or another label."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations, pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from lxml import etree

FOLDER = Path(__file__).parents[2] / "workflows" / "bpmn"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
WAYPOINT = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"
SIGN, LINE, WIDEST = 12, 14, 90  # pixels: a Chinese sign, a line of text, what bpmn-js lets a label be before it wraps
AROUND = ("participant", "lane", "subProcess", "adHocSubProcess")  # others stand in them


class Box(NamedTuple):
    """A rectangle on the canvas."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def smaller(self, by: float) -> Box:
        return Box(self.left + by, self.top + by, self.right - by, self.bottom - by)


@dataclass
class Canvas:
    """A diagram as it is drawn."""

    symbols: dict[str, Box] = field(default_factory=dict)
    words: dict[str, Box] = field(default_factory=dict)
    flows: dict[str, list[Box]] = field(default_factory=dict)


def read(path: Path) -> Canvas:
    tree = etree.parse(path)
    named = {one.get("id"): one for one in tree.iter(etree.Element) if one.get("id")}
    canvas = Canvas()
    for shape in tree.iter(f"{DI}BPMNShape", f"{DI}BPMNEdge"):
        key = shape.get("bpmnElement")
        kind, name = etree.QName(named[key]).localname, named[key].get("name") or ""
        if kind in AROUND:
            continue
        if shape.tag == f"{DI}BPMNEdge" and kind != "association":
            points = [(float(one.get("x")), float(one.get("y"))) for one in shape.iter(WAYPOINT)]
            canvas.flows[key] = [_line(*one, *other) for one, other in pairwise(points)]
        bounds = shape.find(f"{DC}Bounds")
        if kind == "textAnnotation":
            canvas.words[key] = _box(bounds)
        elif bounds is not None:
            canvas.symbols[key] = _box(bounds)
        label = shape.find(f"{DI}BPMNLabel/{DC}Bounds")
        if label is not None and name:
            canvas.words[key] = _text(_box(label), name)
    return canvas


def _box(bounds: etree._Element) -> Box:
    left, top, width, height = (float(bounds.get(name)) for name in ("x", "y", "width", "height"))
    return Box(left, top, left + width, top + height)


def _text(place: Box, name: str) -> Box:
    """Return where the words stand: from the top of their place, centred in it."""
    widest = max(place.right - place.left, WIDEST)
    lines = -(-len(name) * SIGN // widest)
    half, middle = min(len(name) * SIGN, widest) / 2, (place.left + place.right) / 2
    return Box(middle - half, place.top, middle + half, place.top + LINE * lines)


def _line(x: float, y: float, other_x: float, other_y: float) -> Box:
    """Return a part of a flow as a thin box; flows run level or upright."""
    return Box(min(x, other_x), min(y, other_y), max(x, other_x) + 0.5, max(y, other_y) + 0.5)


def overlaps(canvas: Canvas) -> list[tuple[str, str]]:
    found = [
        (one, other) for one, other in combinations(canvas.words, 2) if canvas.words[one].meets(canvas.words[other])
    ]
    for word, place in canvas.words.items():
        within = place.smaller(2)
        found += [(word, flow) for flow, lines in canvas.flows.items() if any(map(within.meets, lines))]
        found += [(word, symbol) for symbol, box in canvas.symbols.items() if within.meets(box.smaller(1))]
    return found


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.bpmn")), ids=lambda path: path.stem)
def test_no_label_or_note_lies_on_anything(path: Path) -> None:
    assert overlaps(read(path)) == []


def test_words_on_a_flow_are_found() -> None:
    canvas = Canvas(
        symbols={"task": Box(0, 0, 100, 80)},
        words={"on flow": Box(120, 30, 160, 44), "on task": Box(80, 60, 130, 74), "free": Box(120, 50, 160, 64)},
        flows={"flow": [Box(100, 37, 200, 37.5)]},
    )
    assert sorted(overlaps(canvas)) == [("on flow", "flow"), ("on task", "free"), ("on task", "task")]
