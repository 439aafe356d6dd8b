"""Traps that process engines are known to fall into."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.core import codec, model
from engine.core.interpreter import run
from tests.processes.diagrams import (
    NOT_INTERRUPTING,
    boundary,
    duration,
    end,
    error,
    exclusive,
    flows,
    inclusive,
    job,
    loop,
    message,
    one_process,
    parallel,
    receive,
    script,
    start,
    sub_process,
    task,
    user,
)
from tests.processes.host import OneDocument, environment
from tests.processes.patterns import REVIEW_LOOP, handler
from tests.processes.player import Player


def test_a_thousand_passes_of_a_loop_neither_stall_nor_grow():
    player = Player(REVIEW_LOOP)
    player.start(again=True)
    player.do("u1")
    player.do("u2")
    size = len(codec.encode(player.snapshot))
    for _ in range(1000):
        player.do("u2")
        player.do("u1")
    assert player.open() == "u1 u2"
    assert len(codec.encode(player.snapshot)) <= size + 8
    assert len(player.instances()) == 3


def test_a_loop_of_more_than_a_thousand_elements_is_read_and_run():
    tasks = [f"t{number}" for number in range(1500)]
    xml = one_process(
        start(),
        exclusive("m"),
        *[task(each) for each in tasks],
        user("u"),
        exclusive("g"),
        end(),
        flows(f"s>m>{'>'.join(tasks)}>u>g>e[*] g>m[=again]"),
    )
    player = Player(xml)
    player.start()
    player.do("u", again=True)
    player.do("u", again=False)
    assert player.is_done
    assert player.completed()["t1499"] == 2


def test_deeply_nested_sub_processes_end_without_recursion():
    body = user("u")
    links = "s0>u>e0"
    for depth in range(100):
        inner = "u" if depth == 0 else f"S{depth - 1}"
        links = f"s{depth}>{inner}>e{depth}"
        body = sub_process(f"S{depth}", start(f"s{depth}"), body, end(f"e{depth}"), flows(links))
    player = Player(one_process(start(), body, end(), flows("s>S99>e")), round_trips=True)
    player.start()
    player.do("u")
    assert player.is_done


@pytest.mark.parametrize("element_id", ["Start", "End", "Root", "P.EndJoin", "null", "class", "受理申请"])
def test_an_element_may_have_any_id(element_id):
    xml = one_process(start(), user("u"), end(), flows("s>u>e")).replace(b'"u"', f'"{element_id}"'.encode())
    player = Player(xml, round_trips=True)
    player.start()
    player.do(element_id)
    assert player.is_done


def test_variables_may_have_any_names_and_shapes():
    odd = {"typename": {"typename": "x"}, "data": [None, [], {}], "loopCounter": 7, "": 1, "key with spaces": True}
    player = Player(one_process(start(), user("u"), end(), flows("s>u>e")), round_trips=True)
    player.start()
    player.run(model.CompleteWork(key=player.work("u"), variables=odd))
    assert player.variables() == odd


def test_null_items_of_a_sequential_multi_instance_do_not_end_it():
    body = user("u", loop("=items", "i", "outs", "=[i]", sequential=True))
    player = Player(one_process(start(), body, end(), flows("s>u>e")))
    player.start(items=[None, 0, None])
    for _ in range(3):
        player.do("u")
    assert player.variables()["outs"] == [[None], [0], [None]]


def test_an_event_sub_process_leaves_no_trace_in_other_instances_of_the_definition():
    xml = one_process(start(), user("a"), end(), flows("s>a>e"), handler("X", "x", message("M"), "h"))
    definitions = OneDocument(xml)
    before = definitions.get("P")
    first = run(None, model.Start(definition="P", variables={}), environment(definitions))
    waiting = first.snapshot.instances[0].subscriptions[0]
    run(first.snapshot, model.Trigger(subscription=waiting.key), environment(definitions))
    again = run(None, model.Start(definition="P", variables={}), environment(definitions))
    assert again == first
    assert definitions.get("P") is before


def test_one_definition_serves_many_threads():
    definitions = OneDocument(REVIEW_LOOP)

    def play(_):
        outcome = run(None, model.Start(definition="P", variables={"again": True}), environment(definitions))
        for _round in range(50):
            work = [each.key for each in outcome.snapshot.instances if each.element.startswith("u")]
            outcome = run(outcome.snapshot, model.CompleteWork(key=work[0], variables={}), environment(definitions))
        return codec.encode(outcome.snapshot)

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(play, range(8)))) == 1


def test_the_same_command_on_the_same_snapshot_gives_the_same_outcome():
    definitions = OneDocument(REVIEW_LOOP)
    first = run(None, model.Start(definition="P", variables={"again": True}), environment(definitions))
    key = first.snapshot.instances[1].key
    command = model.CompleteWork(key=key, variables={"x": 1})
    once = run(first.snapshot, command, environment(definitions))
    assert run(first.snapshot, command, environment(definitions)) == once


def test_a_named_error_beside_a_catch_all_is_caught_once():
    xml = one_process(
        start(),
        job("j"),
        boundary("q", "j", error()),
        boundary("r", "j", error("X1")),
        user("all"),
        user("one"),
        end(),
        flows("s>j>e q>all>e r>one>e"),
    )
    named, other = Player(xml), Player(xml)
    named.start()
    other.start()
    named.throw_error("j", "X1")
    other.throw_error("j", "X2")
    assert (named.open(), other.open()) == ("one", "all")


def test_an_unfired_timer_of_an_event_sub_process_ends_with_its_process():
    xml = one_process(
        start(), user("a"), end(), flows("s>a>e"), handler("X", "x", duration("P1D"), "h", **NOT_INTERRUPTING)
    )
    player = Player(xml)
    player.start()
    player.do("a")
    assert player.is_done
    assert [fact.subscription for fact in player.told(model.Unsubscribed)] == [
        fact.subscription.key for fact in player.told(model.Subscribed)
    ]


def test_an_interrupted_branch_does_not_move_on_in_the_same_command():
    """Two branches start together; the first ends the scope, so the tokens of the second are gone."""
    failing = sub_process(
        "S",
        start("s1"),
        parallel("p"),
        task("a"),
        end("e1", error("X")),
        task("b"),
        user("late"),
        end("e2"),
        flows("s1>p>a>e1 p>b>late>e2"),
    )
    xml = one_process(start(), failing, boundary("q", "S", error("X")), user("h"), end(), flows("s>S>e q>h>e"))
    player = Player(xml)
    player.start()
    assert player.open() == "h"
    assert not [fact for fact in player.told(model.Entered) if fact.element == "late"]


def test_a_wide_multi_instance_starts_in_one_command_and_keeps_its_order():
    body = user("u", loop("=for n in 1..1000 return n", "i", "outs", "=i"))
    player = Player(one_process(start(), body, end(), flows("s>u>e")))
    player.start()
    assert len(player.told(model.UserTaskOpened)) == 1000
    player.do("u", 1000)
    player.do("u", 1)
    assert len(player.instances()) == 1000


def test_a_wide_multi_instance_of_inside_work_ends_in_one_command():
    body = script("c", "=i*i", "r", loop("=for n in 1..2000 return n", "i", "outs", "=r", sequential=True))
    player = Player(one_process(start(), body, end(), flows("s>c>e")))
    player.start()
    assert player.variables()["outs"][-1] == 4_000_000


def test_an_inclusive_join_fires_at_once_when_only_one_way_was_taken():
    xml = one_process(
        start(),
        inclusive("o"),
        user("a"),
        user("b"),
        inclusive("j"),
        user("z"),
        end(),
        flows("s>o>a[=x>0]>j>z>e o>b[=x>5]>j"),
    )
    player = Player(xml)
    player.start(x=1)
    player.do("a")
    assert player.open() == "z"


def test_a_message_that_came_for_one_of_two_waiting_branches_triggers_only_that():
    xml = one_process(
        start(),
        parallel("p"),
        receive("r", "M", "=first"),
        receive("t", "M", "=first"),
        end(),
        flows("s>p>r>e p>t>e"),
    )
    player = Player(xml)
    player.start(first="k")
    player.send_message("M", "k")
    assert player.open() == "t"
