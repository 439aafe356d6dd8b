"""An instance in which nothing can ever move has an incident from the command in which that came about."""

from __future__ import annotations

import pytest
from hypothesis import given

from engine.core import codec, model
from engine.core.deadlocks import KIND
from engine.core.texts import said
from tests.processes.diagrams import (
    boundary,
    duration,
    end,
    error,
    event_sub_process,
    exclusive,
    flows,
    message,
    one_process,
    parallel,
    start,
    sub_process,
    user,
)
from tests.processes.naive.deadlocks import deadlocked
from tests.processes.player import Player
from tests.processes.sketches import BLOCKS, TANGLES, WILD, sketch
from tests.processes.test_random_processes import SEEDS, bounded, compared, rewritings

SHAPE = "a>g>j[=x] g>j[*]"  # one of two ways is taken, and the join waits for both
BODY = (user("a"), exclusive("g"), parallel("j"))
IN_VAIN = one_process(start(), *BODY, end(), flows(f"s>{SHAPE} j>e"))


def stopped(xml=IN_VAIN):
    player = Player(xml, round_trips=True)
    player.start(x=True)
    player.do("a")
    return player


def raised(player):
    return [(one.element, one.key) for one in player.told(model.IncidentRaised) if one.kind == KIND]


def resolved(player):
    return len(player.told(model.IncidentResolved))


def begin(player, element):
    player.run(model.Modify(activate=(model.Activation(scope=player.key("P"), element=element),)))


def test_it_is_told_at_the_join_with_the_flows_that_are_missing():
    player = stopped()

    assert raised(player) == [("j", player.key("P"))]
    [incident] = player.told(model.IncidentRaised)
    [missing] = [flow.id for flow in player.definitions.get("P").nodes["j"].incoming if flow.is_default]
    assert missing in said(incident.reason, "en")
    assert "空等" in said(incident.reason, "zh")


def test_what_waits_while_something_can_still_move_is_no_deadlock():
    player = stopped(
        one_process(start(), parallel("p"), *BODY, user("b"), end(), end("f"), flows(f"s>p>{SHAPE} j>e p>b>f"))
    )
    assert raised(player) == []
    player.do("b")
    assert [element for element, _ in raised(player)] == ["j"]


@pytest.mark.parametrize(
    ("event", "is_stopped"), [(message("M"), False), (duration("PT1H"), False), (error("E"), True)], ids=["m", "t", "e"]
)
def test_an_event_that_can_still_come_keeps_it_alive_and_one_that_only_work_throws_does_not(event, is_stopped):
    handler = event_sub_process("H", start("hs", event), end("he"), flows("hs>he"))
    player = stopped(one_process(start(), *BODY, end(), flows(f"s>{SHAPE} j>e"), handler))
    assert bool(raised(player)) is is_stopped


def within(*around, path):
    inner = sub_process("S", start("s1"), *BODY, end("e1"), flows(f"s1>{SHAPE} j>e1"))
    return stopped(one_process(start(), inner, *around, end(), flows(path)))


def test_a_timer_around_a_stopped_sub_process_keeps_it_alive():
    player = within(boundary("q", "S", duration("PT1H")), path="s>S>e q>e")
    assert raised(player) == []
    player.wait(3600)
    assert player.is_done


def test_the_innermost_scope_is_named():
    player = within(path="s>S>e")
    assert raised(player) == [("j", player.key("S"))]


def test_beginning_the_join_repairs_it_and_closes_the_incident():
    player = stopped()
    begin(player, "j")
    assert player.is_done
    assert (len(raised(player)), resolved(player)) == (1, 1)


def test_beginning_what_leads_to_the_join_lifts_it_until_that_was_in_vain_too():
    player = stopped()
    begin(player, "a")
    assert (player.open(), resolved(player)) == ("a", 1)
    player.do("a")
    assert (len(raised(player)), player.is_done) == (2, False)
    begin(player, "a")
    player.do("a", x=False)
    assert resolved(player) == 2
    assert player.completed()["j"] == 1


def test_a_retry_changes_nothing_and_says_it_again():
    player = stopped()
    facts = player.run(model.Retry(key=player.key("P")))
    assert [type(fact) for fact in facts] == [model.IncidentResolved, model.IncidentRaised]


def test_any_other_command_leaves_the_incident_as_it_stands():
    player = stopped()
    before = player.snapshot
    facts = player.run(model.SetVariables(scope=player.key("P"), variables={"y": 1}))
    assert [type(fact) for fact in facts] == [model.VariableSet]
    assert player.snapshot.instances[0].incident == before.instances[0].incident
    assert codec.decode(codec.encode(player.snapshot)) == player.snapshot


def test_cancelling_ends_it():
    player = stopped()
    player.run(model.Cancel())
    assert player.is_done
    assert (player.replayed.elements, player.replayed.incidents) == ({}, {})


@bounded
@given(operations=rewritings(*BLOCKS, *TANGLES, *WILD * 2, "both", "join"), choices=SEEDS)
def test_random_processes_stop_where_no_command_is_left(operations, choices):
    """`Duel` compares the marks after every command; at the end they are held against what could still be asked."""
    duel = compared(sketch(operations, choices), choices, errors=False)
    marked = {each.key for each in duel.player.instances() if (each.incident or "").startswith(f"{KIND}: ")}
    asked = duel.work() or duel.waits() or duel.stuck() or duel.ad_hoc()
    assert not (marked and asked), duel.commands
    assert bool(marked) is bool(deadlocked(duel.naive.drawing, duel.state)), duel.commands
