"""Migrations of what waits between elements: tokens at joins, a process that has not begun, outputs not handed over."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.core import model
from tests.processes.diagrams import (
    ad_hoc,
    boundary,
    catch,
    end,
    error,
    escalation,
    event_gateway,
    event_sub_process,
    exclusive,
    flows,
    inclusive,
    listeners,
    loop,
    message,
    one_process,
    parallel,
    start,
    sub_process,
    user,
)
from tests.processes.patterns import handler
from tests.processes.player import Player
from tests.processes.test_conformance import CASES, play
from tests.processes.test_migration import migrate, versions


@pytest.mark.parametrize("case", CASES, ids=[each.name for each in CASES])
def test_migrating_to_the_same_diagram_changes_nothing(case):
    player = Player(case.xml)
    drawn = dict(player.definitions.processes)
    player.definitions.processes = {**drawn, **{f"{each} again": process for each, process in drawn.items()}}
    for command, variables, expected in case.steps:
        play(player, command, variables if command else case.variables)
        for target in ("{} again", "{}"):
            _there(player, drawn, target)
        assert player.open() == " ".join(sorted(expected.split())), f"after {command or 'the start'}"
    assert player.is_done is case.is_done


def _there(player, drawn, target):
    """Move every definition to its other version and see that nothing else is different."""
    for process_id in drawn:
        names = {process_id, f"{process_id} again"}
        source = (names - {target.format(process_id)}).pop()
        if source not in {each.definition for each in player.instances()}:
            continue
        before = player.snapshot
        player.run(model.Migrate(source=source, target=target.format(process_id)))
        after = [replace(each, definition=source) if each.definition in names else each for each in player.instances()]
        assert tuple(after) == tuple(
            replace(each, definition=source) if each.definition in names else each for each in before.instances
        )
        assert player.snapshot.next_key == before.next_key


TWICE_FROM_ONE = one_process(
    start(), parallel("p"), user("a"), parallel("j"), user("z"), end(), flows("s>p p>j p>j p>a>j j>z>e")
)


def test_two_flows_from_one_gateway_keep_a_token_each():
    player = versions(TWICE_FROM_ONE, TWICE_FROM_ONE)
    player.start()
    migrate(player)
    player.do("a")
    assert player.open() == "z"


def test_two_flows_from_one_gateway_with_other_ids_keep_a_token_each():
    other = one_process(
        start(), parallel("p"), user("a"), parallel("j"), user("z"), end(), flows("j>z>e p>j p>j p>a>j s>p")
    )
    player = versions(TWICE_FROM_ONE, other)
    player.start()
    migrate(player)
    player.do("a")
    assert player.open() == "z"


def test_a_token_stays_on_its_flow_when_something_is_drawn_before_it():
    nodes = (start(), parallel("p"), user("a"), user("b"), parallel("j"), user("z"), end())
    old = one_process(*nodes, flows("s>p>a>j p>b>j j>z>e"))
    drawn = one_process(*nodes, user("x"), flows("s>p>a>j p>b>j j>z>e a>x"))
    new = drawn.replace(b'sourceRef="a" targetRef="j"', b'sourceRef="x" targetRef="j"')
    player = versions(old, new)
    player.start()
    player.do("a")
    migrate(player)
    player.do("b")
    assert player.open() == "z"


def test_two_joins_with_tokens_do_not_become_one():
    tasks = [user(each) for each in "abcd"]
    old = one_process(
        start(),
        parallel("p"),
        *tasks,
        parallel("j1"),
        parallel("j2"),
        end(),
        flows("s>p p>a>j1 p>b>j1 p>c>j2 p>d>j2 j1>e j2>e"),
    )
    new = one_process(start(), parallel("p"), *tasks, parallel("j"), end(), flows("s>p p>a>j p>b>j p>c>j p>d>j j>e"))
    player = versions(old, new)
    player.start()
    player.do("a")
    player.do("c")
    with pytest.raises(model.CannotModify, match="both are j there"):
        migrate(player, j1="j", j2="j")


def test_tokens_at_a_join_that_stands_in_another_scope_are_an_obstacle():
    old = one_process(start(), parallel("p"), user("a"), user("b"), parallel("j"), end(), flows("s>p>a>j>e p>b>j"))
    inner = sub_process("S", start("s1"), parallel("q"), parallel("j"), end("e1"), flows("s1>q q>j q>j j>e1"))
    new = one_process(start(), parallel("p"), user("a"), user("b"), inner, end(), flows("s>p>a>S>e p>b>S"))
    player = versions(old, new)
    player.start()
    player.do("a")
    with pytest.raises(model.CannotModify, match="tokens wait at j"):
        migrate(player)


def test_a_join_that_needs_fewer_flows_in_the_new_version_fires():
    nodes = (start(), parallel("p"), user("a"), user("b"), user("c"), parallel("j"), user("z"), end())
    old = one_process(*nodes, flows("s>p>a>j p>b>j p>c>j j>z>e"))
    player = versions(old, one_process(*nodes, end("e2"), flows("s>p>a>j p>b>j p>c>e2 j>z>e")))
    player.start()
    player.do("a")
    player.do("b")
    migrate(player)
    assert player.open() == "c z"
    player.do("c")
    player.do("z")
    assert player.is_done


def test_a_process_that_waits_for_its_start_listener_begins_where_it_was_to_begin():
    def begun_by(start_id):
        nodes = (start(start_id, message("M")), start("plain"), user("a"), user("b"), end())
        return one_process(*nodes, flows(f"{start_id}>a>e plain>b>e"), listeners("start:L"))

    player = versions(begun_by("s"), begun_by("t"))
    player.run(model.Start(definition="P", variables={}, start_event="s", event={"x": 1}))
    with pytest.raises(model.CannotModify, match="tokens wait at s"):
        migrate(player)
    migrate(player, s="t")
    player.do("P:L")
    assert (player.open(), player.variables()) == ("a", {"x": 1})


@pytest.mark.parametrize("definition", [error, escalation])
def test_an_error_is_caught_by_the_code_of_the_new_version(definition):
    def guarded(code):
        caught = boundary("q", "S", definition(code))
        inner = sub_process("S", start("s1"), user("a"), end("e1", definition("B")), flows("s1>a>e1"))
        return one_process(start(), inner, caught, user("h"), end(), flows("s>S>e q>h>e"))

    player = versions(guarded("A"), guarded("B"))
    player.start()
    migrate(player)
    player.do("a")
    assert player.open() == "h"


def test_a_message_that_is_waited_for_stays_what_it_was():
    def waiting(name):
        return one_process(start(), catch("c", message(name, "=1")), end(), flows("s>c>e"))

    player = versions(waiting("M"), waiting("N"))
    player.start()
    migrate(player)
    assert [each.name for each in player.subscriptions("message")] == ["M"]


@pytest.mark.parametrize(("before", "expected"), [("old", [1, 2]), (None, [None, 2])])
def test_outputs_are_collected_on_under_their_new_name(before, expected):
    def repeated(output):
        return one_process(start(), user("a", loop("=[1,2]", "i", output, output and "=i")), end(), flows("s>a>e"))

    player = versions(repeated(before), repeated("new"))
    player.start()
    player.do("a", 1)
    migrate(player)
    player.do("a", 2)
    assert (player.is_done, player.variables()["new"]) == (True, expected)


def test_outputs_of_an_ad_hoc_sub_process_are_collected_on_under_their_new_name():
    def chosen(output):
        return one_process(
            start(), ad_hoc("S", '=["a","b"]', user("a"), user("b"), output=output, result="=n"), end(), flows("s>S>e")
        )

    player = versions(chosen("old"), chosen("new"))
    player.start()
    player.do("a", n=1)
    migrate(player)
    player.do("b", n=2)
    assert player.variables()["new"] == [1, 2]


def test_a_start_event_that_is_stuck_moves_with_its_process_which_then_waits_for_its_events():
    def late(*more):
        return one_process(
            start("b", message("M")),
            user("u"),
            end(),
            handler("X", "x", message("N", "=case"), "h"),
            *more,
            flows("b>u>e"),
        )

    player = versions(late(), late(handler("Y", "y", message("O"), "i")))
    player.run(model.Start(definition="P", variables={}, start_event="b", event={}))
    assert player.open() == "!b"
    migrate(player)
    player.retry("b", case="k")
    assert player.open() == "u"
    assert sorted(each.name for each in player.subscriptions("message")) == ["N", "O"]


def test_an_event_sub_process_that_waits_for_its_start_listener_begins_at_its_start_event_there():
    def late(start_id):
        inside = (listeners("start:L"), start(start_id, message("M")), user("h"), end("xe"), flows(f"{start_id}>h>xe"))
        return one_process(start(), user("a"), end(), event_sub_process("X", *inside), flows("s>a>e"))

    player = versions(late("x"), late("y"))
    player.start()
    player.send_message("M", found=1)
    with pytest.raises(model.CannotModify, match="X is to begin at x"):
        migrate(player)
    before = player.snapshot
    migrate(player, x="y")
    player.run(model.Restore(snapshot=before))
    assert player.snapshot.instances == before.instances
    migrate(player, x="y")
    player.do("X:L")
    assert (player.open(), player.variables()) == ("h", {"found": 1})


BRANCHES = (start(), parallel("p"), user("a"), user("b"), parallel("j"), user("z"), end())


def test_a_token_does_not_wait_at_a_join_to_which_nothing_open_leads_any_more():
    old = one_process(*BRANCHES, flows("s>p>a>j p>b>j j>z>e"))
    new = one_process(*BRANCHES, user("c"), flows("s>p>a>j p>b>e p>c>j j>z>e"))
    player = versions(old, new)
    player.start()
    player.do("a")
    before = player.snapshot
    with pytest.raises(model.CannotModify, match="in vain at j for one along f_c_j") as refused:
        migrate(player)
    assert "空等" in refused.value.reasons[0].zh
    assert player.snapshot == before
    migrate(player, b="c")
    player.do("c")
    assert player.open() == "z"


def test_a_branch_drawn_beside_what_is_open_already_would_be_waited_for_in_vain():
    old = one_process(*BRANCHES, flows("s>p>a>j p>b>j j>z>e"))
    new = one_process(*BRANCHES, user("c"), flows("s>p>a>j p>b>j p>c>j j>z>e"))
    player = versions(old, new)
    player.start()
    with pytest.raises(model.CannotModify, match="in vain at j for one along f_c_j"):
        migrate(player)
    player.do("a")
    player.do("b")
    migrate(player)
    assert player.open() == "z"


def test_a_join_whose_branches_can_begin_anew_is_no_obstacle():
    old = one_process(start(), user("z"), end(), flows("s>z>e"))
    body = (
        start(),
        exclusive("m"),
        parallel("p"),
        user("a"),
        user("b"),
        parallel("j"),
        user("z"),
        exclusive("g"),
        end(),
    )
    player = versions(old, one_process(*body, flows("s>m>p>a>j p>b>j j>z>g>e[=done] g>m[*]")))
    player.start()
    migrate(player)
    player.do("z", done=False)
    assert player.open() == "a b"


def test_two_elements_do_not_become_one_that_leads_to_a_join_along_one_flow():
    xml = one_process(*BRANCHES, flows("s>p>a>j p>b>j j>z>e"))
    player = versions(xml, xml)
    player.start()
    with pytest.raises(model.CannotModify, match="in vain at j for one along f_b_j"):
        migrate(player, b="a")
    player.do("a")
    with pytest.raises(model.CannotModify, match="in vain at j for one along f_b_j"):
        migrate(player, b="a")


@pytest.mark.parametrize("done", [(), ("a",)])
def test_two_elements_do_not_become_one_beside_a_third_that_leads_to_the_join(done):
    old = one_process(*BRANCHES, user("c"), flows("s>p>a>j p>b>j p>c>j j>z>e"))
    new = one_process(start(), parallel("p"), user("a"), user("c"), parallel("j"), end(), flows("s>p>a>j p>c>j j>e"))
    player = versions(old, new)
    player.start()
    for each in done:
        player.do(each)
    with pytest.raises(model.CannotModify, match="two tokens would come to j along f_a_j"):
        migrate(player, b="a")


def test_two_elements_without_a_join_behind_them_become_one():
    old = one_process(start(), parallel("p"), user("a"), user("b"), end(), flows("s>p>a>e p>b>e"))
    new = one_process(start(), user("a"), end(), flows("s>a>e"))
    player = versions(old, new)
    player.start()
    migrate(player, b="a")
    player.do("a")
    player.do("a")
    assert player.is_done


def test_an_inclusive_join_goes_on_when_nothing_leads_there_any_more():
    nodes = (start(), inclusive("p"), user("a"), user("b"), inclusive("j"), user("z"), end())
    old = one_process(*nodes, flows("s>p>a[=true]>j p>b[=true]>j j>z>e"))
    new = one_process(*nodes, user("c"), flows("s>p>a[=true]>j p>b[=true]>e p>c[=true]>j j>z>e"))
    player = versions(old, new)
    player.start()
    player.do("a")
    migrate(player)
    assert player.open() == "b z"


TOGETHER = {
    "at a boundary": lambda *events: (
        start(), user("u"), *(boundary(each, "u", message(each)) for each in events), user("h"), end(),
        flows("s>u>e " + " ".join(f"{each}>h" for each in events) + " h>e"),
    ),
    "behind a gateway": lambda *events: (
        start(), event_gateway("g"), *(catch(each, message(each)) for each in events), end(),
        flows("s>g " + " ".join(f"g>{each}>e" for each in events)),
    ),
    "in event sub-processes": lambda *events: (
        start(), user("u"), end(), *(handler(each.upper(), each, message(each), f"{each}h") for each in events),
        flows("s>u>e"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("drawn", TOGETHER.values(), ids=TOGETHER.keys())
def test_events_that_wait_together_do_not_become_one(drawn):
    player = versions(one_process(*drawn("x", "y")), one_process(*drawn("x", "v")))
    player.start()
    with pytest.raises(model.CannotModify, match=r"x and y wait together at .* would all be x there") as refused:
        migrate(player, y="x")
    assert "x、y 同在" in refused.value.reasons[0].zh
    assert [each.element for each in player.subscriptions("message")] == ["x", "y"]


def test_events_of_different_elements_become_one():
    def waits(*events):
        return one_process(
            start(), *(catch(each, message("M")) for each in events), end(), flows(f"s>{'>'.join(events)}>e")
        )

    player = versions(waits("x", "y"), waits("x"))
    player.start()
    player.send_message("M")
    migrate(player, y="x")
    player.send_message("M")
    assert player.is_done
