"""What the shipped diagrams say in English."""

from __future__ import annotations

import re
from importlib.resources import files

from lxml import etree

from workflows.diagram_texts import BPMN, english_decision, english_words, in_english

CHINESE = re.compile(r"[\u3400-\u9fff]")
DRAWN_WITHOUT_WORDS = {f"{BPMN}{kind}" for kind in ("error", "message", "signal", "escalation")}


def test_no_word_of_a_shipped_diagram_is_left_in_chinese_for_an_english_reader() -> None:
    left = []
    for entry in files("workflows").joinpath("bpmn").iterdir():
        if entry.name.endswith(".bpmn"):
            root = etree.fromstring(in_english(entry.read_bytes()).encode())
            said = [str(one.get("name") or "") for one in root.iter(f"{BPMN}*") if one.tag not in DRAWN_WITHOUT_WORDS]
            said += [one.text or "" for one in root.iter(f"{BPMN}text")]
            left += [(entry.name, word) for word in said if CHINESE.search(word)]

    assert left == []


def test_every_english_word_stands_in_some_diagram() -> None:
    drawn = "".join(
        re.sub(r"\s+|&#10;", "", entry.read_text(encoding="utf-8"))
        for entry in files("workflows").joinpath("bpmn").iterdir()
        if entry.name.endswith(".bpmn")
    )

    assert [word for word in english_words("bpmn") if word not in drawn] == []


def test_every_decision_has_an_english_name_and_no_other_has() -> None:
    tables = [entry for entry in files("workflows").joinpath("dmn").iterdir() if entry.name.endswith(".dmn")]
    roots = [etree.fromstring(entry.read_bytes()) for entry in tables]
    names = {str(one.get("name")) for root in roots for one in root.iter("{*}decision")}

    assert {name for name in names if CHINESE.search(english_decision(name))} == set()
    assert {word for word in english_words("dmn") if word not in names} == set()


def test_a_label_of_one_sign_gets_the_room_of_a_word_around_the_same_middle() -> None:
    spaces = 'xmlns:i="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:c="http://www.omg.org/spec/DD/20100524/DC"'
    drawn = f'<d {spaces}><i:BPMNLabel><c:Bounds x="100" y="5" width="12" height="14"/></i:BPMNLabel></d>'

    bounds = etree.fromstring(in_english(drawn.encode())).find(".//{*}Bounds")

    assert bounds is not None
    assert (bounds.get("x"), bounds.get("width"), bounds.get("y")) == ("76", "60", "5")


def test_what_nobody_translated_stays_as_it_was_drawn() -> None:
    model = "http://www.omg.org/spec/BPMN/20100524/MODEL"
    drawn = f'<d:definitions xmlns:d="{model}"><d:task name="独有"/></d:definitions>'

    assert "独有" in in_english(drawn.encode())
