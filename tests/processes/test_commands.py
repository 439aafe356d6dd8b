"""Commands that do not fit are refused and change nothing; those that fit say all they did."""

from __future__ import annotations

import pytest

from engine.core import model
from tests.processes.diagrams import (
    boundary,
    call,
    called,
    document,
    duration,
    end,
    flows,
    job,
    mappings,
    message,
    one_process,
    process,
    start,
    sub_process,
    user,
)
from tests.processes.player import Player

SIMPLE = one_process(start(), user("u"), boundary("q", "u", duration("PT1H")), end(), flows("s>u>e q>e"))


@pytest.mark.parametrize(
    "command",
    [
        model.CompleteWork(key=99, variables={}),
        model.CompleteWork(key=1, variables={}),
        model.ThrowError(key=99, code="X"),
        model.FailWork(key=99, reason=""),
        model.Trigger(subscription=99),
        model.Retry(key=99),
        model.Retry(key=1),
        model.SetVariables(scope=99, variables={}),
    ],
)
def test_a_command_for_what_is_not_open_is_refused_and_changes_nothing(command):
    player = Player(SIMPLE)
    player.start()
    before = player.snapshot
    with pytest.raises(model.NotOpen):
        player.run(command)
    assert player.snapshot == before


def test_a_task_cannot_be_completed_twice():
    player = Player(one_process(start(), user("u"), user("v"), end(), flows("s>u>v>e")))
    player.start()
    key = player.work("u")
    player.do("u")
    with pytest.raises(model.NotOpen):
        player.run(model.CompleteWork(key=key, variables={}))


def test_cancel_ends_everything_and_says_so():
    xml = document(
        process(start(), sub_process("S", start("s1"), call("c", "Q"), flows("s1>c")), flows("s>S")),
        called(start("qs"), job("qj"), flows("qs>qj")),
    )
    player = Player(xml)
    player.start(x=1)
    facts = player.run(model.Cancel())
    ended = facts[-1]
    assert isinstance(ended, model.InstanceEnded)
    assert (ended.cancelled, ended.variables) == (True, {"x": 1})
    terminated = [fact.element for fact in facts if isinstance(fact, model.Terminated)]
    assert terminated == ["qj", "Q", "c", "S", "P"]
    assert [fact.completed for fact in facts if isinstance(fact, model.WorkClosed)] == [False]


def test_variables_are_set_where_they_are_first_found_or_locally():
    xml = one_process(
        start(), sub_process("S", mappings({"y": "=1"}), start("s1"), user("u"), flows("s1>u")), flows("s>S")
    )
    player = Player(xml)
    player.start(x=1)
    inner = next(each.key for each in player.instances() if each.element == "S")
    player.run(model.SetVariables(scope=inner, variables={"x": 2, "y": 2, "new": 2}))
    player.run(model.SetVariables(scope=inner, variables={"x": 3}, local=True))
    found = {each.element: dict(each.variables) for each in player.instances() if each.variables}
    assert found == {"P": {"x": 2, "new": 2}, "S": {"y": 2, "x": 3}}


STARTS = one_process(
    start(),
    start("m", message("M")),
    user("a"),
    user("b"),
    end(),
    flows("s>a>e m>b>e"),
)


def test_a_start_uses_the_none_start_event_or_the_one_it_names():
    plain, named = Player(STARTS), Player(STARTS, round_trips=True)
    plain.start()
    named.start("m", reason="letter")
    assert (plain.open(), named.open()) == ("a", "b")
    assert named.variables() == {"reason": "letter"}


@pytest.mark.parametrize("start_event", ["nowhere", "a"])
def test_a_start_at_what_is_no_start_event_is_refused(start_event):
    with pytest.raises(model.CannotStart):
        Player(STARTS).start(start_event)


def test_a_process_without_none_start_event_needs_the_start_named():
    xml = one_process(start("m", message("M")), user("b"), end(), flows("m>b>e"))
    with pytest.raises(model.CannotStart):
        Player(xml).start()


def test_an_error_carries_its_variables_to_whoever_catches_it():
    error = '<bpmn:errorEventDefinition errorRef="r_X1"/>'
    caught = boundary("q", "j", error, mappings(outputs={"because": "=reason"}))
    player = Player(one_process(start(), job("j"), caught, user("h"), end(), flows("s>j>e q>h>e")))
    player.start()
    player.throw_error("j", "X1", reason="closed")
    assert player.variables() == {"because": "closed"}


def test_keys_come_from_one_sequence_and_are_never_used_again():
    player = Player(SIMPLE, round_trips=True)
    player.start()
    player.do("u")
    entered = [fact.key for fact in player.told(model.Entered)]
    waiting = [fact.subscription.key for fact in player.told(model.Subscribed)]
    assert sorted(entered + waiting) == list(range(1, len(entered) + len(waiting) + 1))


def test_the_facts_tell_the_way_in_order():
    player = Player(one_process(start(), user("u"), end(), flows("s>u>e")))
    player.start()
    player.do("u", ok=True)
    told = [f"{type(fact).__name__} {fact.element}" for fact in player.facts]
    assert told == [
        "Entered P",
        "Entered s",
        "Left s",
        "FlowTaken f_s_u_1",
        "Entered u",
        "UserTaskOpened u",
        "WorkClosed u",
        "VariableSet P",
        "Left u",
        "FlowTaken f_u_e_2",
        "Entered e",
        "Left e",
        "Left P",
        "InstanceEnded P",
    ]
