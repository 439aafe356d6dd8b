"""The texts of shipped diagrams in English: an element says its own in `name.en`, a file beside the diagrams the rest.

The rest are answers on flows, pools and lanes, which say the same in many diagrams, and notes; of tables, their names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files

from lxml import etree

from engine.json_values import load_json

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
LABEL = "{http://www.omg.org/spec/BPMN/20100524/DI}BPMNLabel"
BOUNDS = "{http://www.omg.org/spec/DD/20100524/DC}Bounds"
NOT_DRAWN = tuple(f"{BPMN}{kind}" for kind in ("extensionElements", "conditionExpression", "incoming", "outgoing"))
"""What only the engine reads, and what flows say themselves."""
NARROWEST = 60.0  # an English word needs it where one Chinese sign was drawn
OWN_ENGLISH = f"{BPMN}extensionElements/{ZEEBE}properties/{ZEEBE}property[@name='name.en']"


@cache
def english_words(folder: str) -> Mapping[str, str]:
    """Return the English of what diagrams (`bpmn`) or tables (`dmn`) are marked with, by the Chinese."""
    text = files("workflows").joinpath(folder, "words.en.json").read_text(encoding="utf-8")
    return {_plain(chinese): english for chinese, english in load_json(text).items()}


def english_decision(name: str) -> str:
    """Return the English name of a decision; of one that nobody translated its own."""
    return english_words("dmn").get(_plain(name), name)


@lru_cache(maxsize=128)
def in_english(xml: bytes) -> str:
    """Return a diagram as an English reader sees it; what nobody translated stays as it was drawn."""
    root = _parsed(xml)
    for element in root.iter(f"{BPMN}*"):
        own = element.find(OWN_ENGLISH)
        name = element.get("name")
        if own is not None and own.get("value"):
            element.set("name", str(own.get("value")))
        elif name:
            element.set("name", _translated(str(name)))
    for note in root.iter(f"{BPMN}text"):
        note.text = _translated(note.text or "")
    for label in root.iter(LABEL):
        _widen(label.find(BOUNDS))
    return _to_draw(root)


@lru_cache(maxsize=128)
def in_chinese(xml: bytes) -> str:
    """Return a diagram as a Chinese reader sees it: as it was drawn."""
    return _to_draw(_parsed(xml))


def _parsed(xml: bytes) -> etree._Element:
    """Return a diagram as a tree, without the room between its lines."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, remove_blank_text=True)
    return etree.fromstring(xml, parser)


def _to_draw(root: etree._Element) -> str:
    """Return a diagram without what is not drawn: half of its bytes."""
    etree.strip_elements(root, *NOT_DRAWN, with_tail=False)
    return etree.tostring(root, encoding="unicode")


def _widen(bounds: etree._Element | None) -> None:
    """Give a label that is drawn for a sign or two the room of a word, around the same middle."""
    if bounds is None or (width := float(bounds.get("width") or NARROWEST)) >= NARROWEST:
        return
    bounds.set("x", f"{float(bounds.get('x') or 0) - (NARROWEST - width) / 2:g}")
    bounds.set("width", f"{NARROWEST:g}")


def _translated(text: str) -> str:
    return english_words("bpmn").get(_plain(text), text)


def _plain(text: str) -> str:
    """Return a text without the places where it is broken into lines."""
    return re.sub(r"\s+", "", text)
