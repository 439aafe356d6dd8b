"""A join that wants two ways of one choice is told before anybody waits there; what can go on is never told."""

from __future__ import annotations

import pytest
from hypothesis import given

from engine.bpmn.lint import lint
from tests.processes.diagrams import (
    ad_hoc,
    boundary,
    catch,
    duration,
    end,
    error,
    event_gateway,
    exclusive,
    flows,
    link,
    message,
    one_process,
    parallel,
    start,
    sub_process,
    throw,
    user,
)
from tests.processes.sketches import BLOCKS, TANGLES, WILD, sketch
from tests.processes.test_random_processes import SEEDS, bounded, compared, rewritings

A, B, C = user("a"), user("b"), user("c")
CHOICE, FORK, JOIN, MERGE = exclusive("x"), parallel("k"), parallel("j"), exclusive("m")


def told(xml):
    return [one.element_id for one in lint(xml) if one.code == "join-of-a-choice"]


def drawn(path, *nodes):
    return one_process(start(), *nodes, JOIN, end(), flows(path))


IN_VAIN = {
    "two tasks": drawn("s>x>a[=n]>j>e x>b[*]>j", CHOICE, A, B),
    "a way without a task": drawn("s>x>a[=n]>j>e x>j[*]", CHOICE, A),
    "a fork in one of the ways": drawn("s>x>k[=n]>a>j>e k>b>j x>c[*]>j", CHOICE, FORK, A, B, C),
    "only the second choice": drawn("s>x>a[=n]>e x>y[*]>b[=n]>j>e y>c[*]>j", CHOICE, exclusive("y"), A, B, C),
    "back to the choice from elsewhere": drawn("s>x>a[=n]>j>e x>b[=not(n)]>j x>c[*]>x", CHOICE, A, B, C),
    "whatever happens first": drawn(
        "s>g>p>j>e g>t>j", event_gateway("g"), catch("p", message("paper")), catch("t", duration("PT1H"))
    ),
    "done or broken off": drawn("s>a>j>e t>j", A, boundary("t", "a", duration("PT1H"))),
    "failed": drawn(
        "s>S>j>e f>j", sub_process("S", start("s1"), end("e1"), flows("s1>e1")), boundary("f", "S", error())
    ),
    "over a link": drawn("s>x>o[=n] i>j>e x>b[*]>j", CHOICE, throw("o", link("L")), catch("i", link("L")), B),
    "behind branches that were joined": drawn(
        "s>k>a>l k>b>l>x>c[=n]>j>e x>d[*]>j", FORK, A, B, parallel("l"), CHOICE, C, user("d")
    ),
}
GOES_ON = {
    "a fork": drawn("s>k>a>j>e k>b>j", FORK, A, B),
    "a choice merged before": drawn("s>k>x>a[=n]>m>j>e x>b[*]>m k>c>j", FORK, CHOICE, A, B, C, MERGE),
    "one way leads to both": drawn("s>x>k[=n]>a>j>e k>m>j x>b[*]>e", CHOICE, FORK, A, B, MERGE),
    "two tokens, one for each way": drawn("s>k>a>x k>b>x>c[=n]>j>e x>j[*]", FORK, A, B, C, CHOICE),
    "a token that comes back beside the one that waits": drawn("s>x>k[=n]>j>e k>a>x x>j[*]", CHOICE, FORK, A),
    "beside what is done": drawn("s>a>j>e t>j", A, boundary("t", "a", duration("PT1H"), interrupting=False)),
    "an end that is no join": drawn("s>x>a[=n]>m>j>e x>b[*]>m", CHOICE, A, B, MERGE),
}


@pytest.mark.parametrize("xml", IN_VAIN.values(), ids=IN_VAIN)
def test_a_join_that_wants_two_ways_of_one_choice_is_told(xml):
    assert told(xml) == ["j"]


@pytest.mark.parametrize("xml", GOES_ON.values(), ids=GOES_ON)
def test_a_join_that_may_go_on_is_not(xml):
    assert told(xml) == []


def test_it_names_the_choice_and_the_flows():
    [finding] = [one for one in lint(IN_VAIN["two tasks"]) if one.code == "join-of-a-choice"]
    assert finding.severity == "warning"
    assert "'x'" in finding.message_en
    assert [flow for flow in ("f_a_j", "f_b_j") if flow not in finding.message_zh] == []


def test_what_is_begun_by_hand_is_judged_by_another_rule():
    inner = (A, B, CHOICE, JOIN, C, flows("x>a[=n]>j>c x>b[*]>j"))
    assert told(one_process(start(), ad_hoc("H", *inner), end(), flows("s>H>e"))) == []


@bounded
@given(operations=rewritings(*BLOCKS, *TANGLES * 3), choices=SEEDS)
def test_a_sound_process_is_never_told(operations, choices):
    assert told(sketch(operations, choices)) == []


@bounded
@given(operations=rewritings(*BLOCKS, *TANGLES, *WILD * 2, "both", "join"), choices=SEEDS)
def test_a_join_that_is_told_never_goes_on(operations, choices):
    xml = sketch(operations, choices)
    if joins := told(xml):
        assert not set(joins) & set(compared(xml, choices, errors=False).player.completed())
