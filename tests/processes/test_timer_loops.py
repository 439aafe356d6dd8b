"""A loop through timers that are due as soon as they are set meets a limit, as a loop that never waits does."""

from __future__ import annotations

import pytest

from engine.core import codec, model, timers
from engine.core.limits import MOST_TIMERS_AT_ONCE
from tests.processes.diagrams import (
    catch,
    date,
    duration,
    end,
    exclusive,
    flows,
    loop,
    one_process,
    start,
    sub_process,
    user,
)
from tests.processes.host import NOW
from tests.processes.player import Player


def circle(timer):
    return one_process(start(), catch("t", timer), exclusive("g"), end(), flows("s>t>g>e[=stop] g>t[*]"))


def fire_all(player):
    """Fire what is due until nothing is, and return how often that was."""
    fired = 0
    while due := [one for one in player.subscriptions("timer") if one.due is not None and one.due <= NOW]:
        player.run(model.Trigger(subscription=due[0].key))
        fired += 1
    return fired


@pytest.mark.parametrize("timer", [duration("PT0S"), duration("-PT1H"), date("2020-01-01")], ids=str)
def test_a_loop_through_a_timer_that_is_always_due_becomes_an_incident(timer):
    player = Player(circle(timer))
    player.start(stop=False)

    assert fire_all(player) == MOST_TIMERS_AT_ONCE
    [incident] = player.told(model.IncidentRaised)
    assert (incident.element, incident.kind) == ("t", "step-limit")
    assert str(MOST_TIMERS_AT_ONCE) in incident.reason


def test_a_retry_of_such_a_loop_goes_on_and_when_it_is_mended_the_process_ends():
    player = Player(circle(duration("PT0S")))
    player.start(stop=False)
    fire_all(player)

    player.retry("t", stop=True)
    assert fire_all(player) == 1
    assert player.is_done


def test_the_count_is_kept_with_the_snapshot():
    player = Player(circle(duration("PT0S")))
    player.start(stop=False)
    for _ in range(3):
        [timer] = player.subscriptions("timer")
        player.run(model.Trigger(subscription=timer.key))

    [timer] = player.subscriptions("timer")
    assert timer.at_once == 4
    assert codec.decode(codec.encode(player.snapshot)) == player.snapshot


def test_whoever_works_between_two_timers_lets_them_be_counted_anew():
    body = (start(), catch("t", duration("PT0S")), user("u"), exclusive("g"), end())
    player = Player(one_process(*body, flows("s>t>u>g>e[=stop] g>t[*]")))
    player.start(stop=False)
    for _ in range(3):
        assert fire_all(player) == 1
        player.do("u")
    assert [one.at_once for one in player.subscriptions("timer")] == [1]


def test_many_timers_at_once_side_by_side_are_no_loop():
    items = f"=for i in 1..{MOST_TIMERS_AT_ONCE + 1} return i"
    inner = sub_process("S", loop(items, "i"), start("s1"), catch("t", duration("PT0S")), end("e1"), flows("s1>t>e1"))
    player = Player(one_process(start(), inner, end(), flows("s>S>e")))
    player.start()
    assert {one.at_once for one in player.subscriptions("timer")} == {1}
    assert player.told(model.IncidentRaised) == []


@pytest.mark.parametrize("timer", [duration("PT0.001S"), duration("PT0.999S")], ids=str)
def test_a_loop_through_timers_that_are_due_within_a_second_is_one_too(timer):
    player = Player(circle(timer))
    player.start(stop=False)

    player.wait(MOST_TIMERS_AT_ONCE)
    [incident] = player.told(model.IncidentRaised)
    assert (incident.element, incident.kind) == ("t", "step-limit")


def test_a_loop_through_timers_of_a_second_goes_on():
    player = Player(circle(duration("PT1S")))
    player.start(stop=False)

    player.wait(MOST_TIMERS_AT_ONCE + 1)
    assert player.told(model.IncidentRaised) == []
    assert [one.at_once for one in player.subscriptions("timer")] == [0]


@pytest.mark.parametrize("text", ["R/PT0S", "R/PT0.5S", "R3/-PT1S"])
def test_a_cycle_lets_a_second_pass_at_least(text):
    with pytest.raises(timers.TimerUnreadable) as refused:
        timers.parse_cycle(text, NOW)
    assert refused.value.code == "interval-not-forward"
