"""What of compensation is drawn so that it undoes something, and what is refused because it would not."""

from __future__ import annotations

import pytest

from engine.bpmn.lint import lint
from tests.processes.diagrams import (
    association,
    boundary,
    compensable,
    compensate,
    end,
    error,
    event_sub_process,
    flows,
    one_process,
    start,
    sub_process,
    throw,
    user,
)

NOTE = '<bpmn:textAnnotation id="n"><bpmn:text>why</bpmn:text></bpmn:textAnnotation>'
INNER = sub_process("S", start("s1"), compensable("a"), end("e1"), flows("s1>a>e1"))


def errors(*body):
    return {(each.code, each.element_id) for each in lint(one_process(*body)) if each.severity == "error"}


def thrown_in(scope_of_event):
    """Return a process in which a completes, and an event sub-process or sub-process throws for it."""
    return errors(start(), compensable("a"), user("b"), end(), flows("s>a>b>e"), scope_of_event)


def test_a_sub_process_in_which_something_can_be_undone_may_be_named():
    assert errors(start(), INNER, throw("t", compensate("S")), end(), flows("s>S>t>e")) == set()


def test_a_sub_process_in_which_nothing_can_be_undone_may_not_be_named():
    empty = sub_process("S", start("s1"), user("a"), end("e1"), flows("s1>a>e1"))
    found = errors(start(), empty, throw("t", compensate("S")), end(), flows("s>S>t>e"))
    assert found == {("nothing-to-compensate", "t")}


def test_an_event_sub_process_may_name_an_activity_of_the_scope_around_it():
    content = (start("x", error("E")), throw("t", compensate("a")), end("xe"), flows("x>t>xe"))
    assert thrown_in(event_sub_process("X", *content)) == set()


def test_an_event_sub_process_itself_may_not_be_named():
    content = (start("x", error("E")), compensable("c"), end("xe"), flows("x>c>xe"))
    found = errors(
        start(), throw("t", compensate("X")), user("b"), end(), flows("s>t>b>e"), event_sub_process("X", *content)
    )
    assert found == {("nothing-to-compensate", "t")}


@pytest.mark.parametrize(
    ("named", "body", "path"),
    [
        ("a", (INNER, throw("t", compensate("a"))), "s>S>t>e"),
        (
            "a",
            (compensable("a"), sub_process("S", start("s1"), end("e1", compensate("a")), flows("s1>e1"))),
            "s>a>S>e",
        ),
        ("b", (compensable("a"), user("b"), throw("t", compensate("b"))), "s>a>b>t>e"),
        ("gone", (compensable("a"), throw("t", compensate("gone"))), "s>a>t>e"),
    ],
    ids=["in a sub-process", "around the sub-process", "has no handler", "is not there"],
)
def test_an_activity_elsewhere_or_without_handler_may_not_be_named(named, body, path):
    found = errors(start(), *body, end(), flows(path))
    assert {code for code, _ in found} == {"nothing-to-compensate"}


def test_a_text_annotation_beside_the_handler_is_drawing_only():
    noted = (compensable("a"), NOTE, association("qa", "n").replace("as_qa", "as_n"))
    assert errors(start(), *noted, end("e", compensate()), flows("s>a>e")) == set()


def test_a_handler_must_be_drawn_in_the_scope_of_what_it_undoes():
    elsewhere = sub_process(
        "S", start("s1"), user("b"), user("c", isForCompensation="true"), end("e1"), flows("s1>b>e1")
    )
    body = (user("a"), boundary("q", "a", compensate()), elsewhere, association("q", "c"))
    found = errors(start(), *body, end(), flows("s>a>S>e"))
    assert found == {("compensation-handler", "q"), ("unreachable", "c")}


def test_a_handler_that_only_a_text_annotation_leads_to_is_never_reached():
    body = (user("a"), user("c", isForCompensation="true"), NOTE, association("n", "c"))
    assert errors(start(), *body, end(), flows("s>a>e")) == {("unreachable", "c")}
