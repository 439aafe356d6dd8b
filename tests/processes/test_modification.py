"""Repair by hand: elements begun and ended beside the flows."""

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
    loop,
    message,
    one_process,
    parallel,
    process,
    start,
    sub_process,
    task_listeners,
    user,
)
from tests.processes.host import GivenHandlers
from tests.processes.patterns import handler
from tests.processes.player import Player

STEPS = one_process(
    start(), user("a"), boundary("q", "a", duration("P1D")), user("b"), user("c"), end(), flows("s>a>b>c>e q>e")
)


def moved(player, from_id, to_id, scope="P", **variables):
    activation = model.Activation(scope=player.key(scope), element=to_id, variables=variables)
    return player.run(model.Modify(activate=(activation,), terminate=(player.key(from_id),)))


@pytest.mark.parametrize("round_trips", [False, True])
def test_a_case_is_moved_on_and_back(round_trips):
    player = Player(STEPS, round_trips=round_trips)
    player.start()
    facts = moved(player, "a", "c", reason="decided on paper")
    assert player.open() == "c"
    assert player.subscriptions("timer") == []
    assert [fact.completed for fact in facts if isinstance(fact, model.WorkClosed)] == [False]
    moved(player, "c", "a")
    assert player.open() == "a"
    assert player.variables() == {"reason": "decided on paper"}
    for task in ("a", "b", "c"):
        player.do(task)
    assert player.is_done


def test_a_scope_left_empty_completes():
    xml = one_process(
        start(),
        sub_process("S", start("s1"), user("u"), end("e1"), flows("s1>u>e1")),
        user("z"),
        end(),
        flows("s>S>z>e"),
    )
    player = Player(xml)
    player.start()
    player.run(model.Modify(terminate=(player.key("u"),)))
    assert player.open() == "z"


def test_ending_the_last_element_ends_the_process_instance():
    player = Player(STEPS)
    player.start()
    player.run(model.Modify(terminate=(player.key("a"),)))
    assert player.is_done
    assert not player.told(model.InstanceEnded)[0].cancelled


def joined():
    """Return a player whose token of a waits at the join j for that of b."""
    xml = one_process(
        start(), parallel("p"), user("a"), user("b"), parallel("j"), user("z"), end(), flows("s>p>a>j>z>e p>b>j")
    )
    player = Player(xml, round_trips=True)
    player.start()
    player.do("a")
    return player


def beginning(player, *elements, **variables):
    return tuple(model.Activation(scope=player.key("P"), element=each, variables=variables) for each in elements)


@pytest.mark.parametrize("instead", [(), ("z",)])
def test_no_token_is_left_alone_at_a_join(instead):
    player = joined()
    before = player.snapshot
    with pytest.raises(model.CannotModify, match="begin j in the same step") as refused:
        player.run(model.Modify(activate=beginning(player, *instead), terminate=(player.key("b"),)))
    assert "启动 j" in refused.value.reasons[0].zh
    assert player.snapshot == before


def test_a_branch_lost_at_a_join_is_begun_again_in_the_same_step():
    player = joined()
    player.run(model.Modify(activate=beginning(player, "b"), terminate=(player.key("b"),)))
    player.do("b")
    assert player.open() == "z"


def test_beginning_a_join_takes_the_tokens_that_wait_at_it():
    player = joined()
    player.run(model.Modify(activate=beginning(player, "j"), terminate=(player.key("b"),)))
    assert player.open() == "z"
    player.do("z")
    assert player.is_done


def test_a_join_is_not_begun_while_something_still_leads_to_it():
    player = joined()
    with pytest.raises(model.CannotModify, match="j would be begun"):
        player.run(model.Modify(activate=beginning(player, "j")))


def test_the_variables_of_what_is_begun_in_a_sub_process_stay_in_it():
    inner = sub_process("S", start("s1"), user("u"), user("v"), end("e1"), flows("s1>u>v>e1"))
    player = Player(one_process(start(), inner, end(), flows("s>S>e")), round_trips=True)
    player.start()
    moved(player, "u", "v", scope="S", reason="paper")
    [scope] = [each for each in player.instances() if each.element == "S"]
    assert (scope.variables, player.variables()) == ({"reason": "paper"}, {})


def test_elements_of_a_running_sub_process_are_begun_in_it():
    inner = sub_process("S", start("s1"), user("u"), user("v"), end("e1"), flows("s1>u>v>e1"))
    player = Player(one_process(start(), inner, end(), flows("s>S>e")))
    player.start()
    moved(player, "u", "v", scope="S")
    assert player.open() == "v"


REFUSED = document(
    process(
        start(),
        user("u", loop("=[1,2]", "i")),
        boundary("q", "u", duration("P1D")),
        call("c", "Q"),
        parallel("p"),
        end(),
        flows("s>p>u>e p>c>e q>e"),
        handler("X", "x", message("M"), "h"),
    ),
    called(start("qs"), user("qu"), end("qe"), flows("qs>qu>qe")),
)


@pytest.mark.parametrize("element_id", ["s", "q", "X", "h", "qu", "nowhere"])
def test_what_cannot_be_begun_by_hand_is_refused(element_id):
    player = Player(REFUSED)
    player.start()
    with pytest.raises(model.CannotModify):
        player.run(model.Modify(activate=(model.Activation(scope=player.key("P"), element=element_id),)))


def test_what_cannot_be_ended_alone_is_refused_with_every_reason_and_nothing_changes():
    player = Player(REFUSED)
    player.start()
    before = player.snapshot
    rounds = tuple(each.key for each in player.instances() if each.loop_counter)
    with pytest.raises(model.CannotModify) as refused:
        player.run(model.Modify(terminate=(player.key("P"), player.key("Q"), rounds[0], 99)))
    assert len(refused.value.reasons) == 4
    assert player.snapshot == before


def test_nothing_is_begun_in_a_scope_that_is_ended_at_the_same_time():
    inner = sub_process("S", start("s1"), user("u"), end("e1"), flows("s1>u>e1"))
    player = Player(one_process(start(), inner, end(), flows("s>S>e")))
    player.start()
    activation = model.Activation(scope=player.key("S"), element="u")
    with pytest.raises(model.CannotModify):
        player.run(model.Modify(activate=(activation,), terminate=(player.key("S"),)))


def broken(_):
    raise model.HandlerFailed("always")


def stuck(*body, **variables):
    """Begin what is drawn, and let what has canceling listeners be stuck in them by cancelling it."""
    player = Player(one_process(*body), handlers=GivenHandlers(x=broken), round_trips=True)
    player.start(**variables)
    return player


CANCELING = task_listeners("canceling:x")
ALONE = (start(), user("a", CANCELING), end(), flows("s>a>e"))
IN_SCOPES = (
    start(),
    sub_process("S", start("s1"), user("a", CANCELING, loop("=[1, 2]")), end("e1"), flows("s1>a>e1")),
    boundary("b", "S", message("M")),
    user("z"),
    end(),
    flows("s>S>e b>z>e"),
)


@pytest.mark.parametrize("body", [ALONE, IN_SCOPES])
def test_a_case_whose_canceling_listener_has_an_incident_is_cancelled_all_the_same(body):
    player = stuck(*body)
    player.run(model.Cancel())
    assert "!a" in player.open()
    facts = player.run(model.Cancel())
    assert player.is_done
    assert player.told(model.InstanceEnded)[-1].cancelled
    assert {fact.completed for fact in facts if isinstance(fact, model.WorkClosed)} == {False}
    assert any(isinstance(fact, model.IncidentResolved) for fact in facts)


def test_a_task_whose_canceling_listener_has_an_incident_is_ended_by_hand_and_what_waited_for_it_goes_on():
    player = stuck(*IN_SCOPES)
    player.send_message("M")
    assert player.open() == "!a !a"
    [body] = [each.key for each in player.instances() if each.element == "a" and each.body is not None]
    player.run(model.Modify(terminate=(body,)))
    assert player.open() == "z"


def test_a_scope_is_ended_by_hand_with_what_is_stuck_in_it():
    inner = (start("s1"), user("a", CANCELING), boundary("b", "a", message("M")), user("y"), end("e1"))
    scope = sub_process("S", *inner, flows("s1>a>e1 b>y>e1"))
    player = stuck(start(), scope, user("z"), end(), flows("s>S>z>e"))
    player.send_message("M")
    assert player.open() == "!a"
    moved(player, "S", "z")
    assert player.open() == "z"


def test_what_is_being_ended_is_not_ended_by_hand_while_its_listener_is_at_work():
    player = Player(one_process(start(), user("a", task_listeners("canceling:out")), end(), flows("s>a>e")))
    player.start()
    key = player.key("a")
    player.run(model.Cancel())
    with pytest.raises(model.CannotModify):
        player.run(model.Modify(terminate=(key,)))
    player.run(model.Cancel())
    assert player.open() == "a a:out"
