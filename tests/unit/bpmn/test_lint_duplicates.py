"""Two events of one place that wait for the same are refused: only one of them would fire."""

from __future__ import annotations

import pytest

from engine.bpmn.lint import lint
from tests.processes.diagrams import (
    NOT_INTERRUPTING,
    boundary,
    catch,
    compensable,
    compensate,
    conditional,
    end,
    error,
    escalation,
    event_gateway,
    flows,
    message,
    one_process,
    receive,
    signal,
    start,
    sub_process,
    user,
)
from tests.processes.patterns import handler

EVENTS = {
    "error": error("X"),
    "any error": error(),
    "escalation": escalation("X"),
    "any escalation": escalation(),
    "message": message("M", "=key"),
    "signal": signal("S"),
    "condition": conditional("=x > 1"),
}
OTHERS = {
    "error": error("Y"),
    "any error": error("Y"),
    "escalation": escalation("Y"),
    "any escalation": escalation("Y"),
    "message": message("N", "=key"),
    "signal": signal("T"),
    "condition": conditional("=x > 2"),
}


def twice(*body):
    return [each.element_id for each in lint(one_process(*body)) if each.code == "duplicate-catch-event"]


def at_boundaries(first, second):
    inner = sub_process("S", start("s1"), user("u"), end("e1"), flows("s1>u>e1"))
    drawn = (boundary("q", "S", first), boundary("r", "S", second))
    return twice(start(), inner, *drawn, end(), flows("s>S>e q>e r>e"))


def in_event_sub_processes(first, second):
    inside = (handler("X", "x", first, "a"), handler("Y", "y", second, "b"))
    return twice(start(), user("u"), end(), flows("s>u>e"), *inside)


@pytest.mark.parametrize("kind", ["message", "signal"])
def test_events_that_name_nothing_are_not_held_against_each_other(kind):
    nothing = f"<bpmn:{kind}EventDefinition/>"
    assert at_boundaries(nothing, nothing) == []


@pytest.mark.parametrize("kind", EVENTS)
def test_the_second_boundary_event_for_the_same_is_refused(kind):
    assert at_boundaries(EVENTS[kind], EVENTS[kind]) == ["r"]
    assert at_boundaries(EVENTS[kind], OTHERS[kind]) == []


@pytest.mark.parametrize("kind", EVENTS)
def test_the_second_event_sub_process_for_the_same_is_refused(kind):
    assert in_event_sub_processes(EVENTS[kind], EVENTS[kind]) == ["y"]
    assert in_event_sub_processes(EVENTS[kind], OTHERS[kind]) == []


@pytest.mark.parametrize("kind", ["message", "signal", "condition"])
def test_the_second_event_behind_a_gateway_for_the_same_is_refused(kind):
    def behind(first, second):
        nodes = (event_gateway("g"), catch("c", first), catch("d", second))
        return twice(start(), *nodes, end(), flows("s>g>c>e g>d>e"))

    assert behind(EVENTS[kind], EVENTS[kind]) == ["d"]
    assert behind(EVENTS[kind], OTHERS[kind]) == []


def test_a_receive_task_behind_a_gateway_counts_too():
    nodes = (event_gateway("g"), catch("c", message("M", "=key")), receive("r", "M", "=key"))
    assert twice(start(), *nodes, end(), flows("s>g>c>e g>r>e")) == ["r"]


def test_a_process_starts_by_a_message_or_signal_in_one_place():
    for event in (message("M"), signal("S")):
        assert twice(start("s", event), start("t", event), user("u"), end(), flows("s>u>e t>u")) == ["t"]


def test_the_same_event_inside_and_at_the_boundary_are_two_places():
    inner = sub_process("S", start("s1"), user("u"), end("e1"), flows("s1>u>e1"), handler("X", "x", error("E"), "h"))
    assert twice(start(), inner, boundary("q", "S", error("E")), end(), flows("s>S>e q>e")) == []


def test_two_that_do_not_interrupt_are_refused_as_well():
    drawn = [handler(name, f"s{name}", signal("S"), f"u{name}", **NOT_INTERRUPTING) for name in ("X", "Y")]
    assert twice(start(), user("u"), end(), flows("s>u>e"), *drawn) == ["sY"]


def test_an_activity_is_undone_in_one_way():
    second = boundary("q", "a", compensate())
    assert twice(start(), compensable("a"), second, end(), flows("s>a>e")) == ["q"]
