"""Messages, signals and timers on their way in and out."""

from __future__ import annotations

from datetime import timedelta

from engine.core import model
from tests.processes.diagrams import (
    NOT_INTERRUPTING,
    boundary,
    catch,
    cycle,
    date,
    duration,
    element,
    end,
    event_gateway,
    flows,
    loop,
    mappings,
    message,
    one_process,
    parallel,
    receive,
    signal,
    start,
    task_listeners,
    terminate,
    throw,
    user,
)
from tests.processes.host import NOW
from tests.processes.patterns import handler
from tests.processes.player import Player


def test_a_number_as_correlation_key_is_written_in_digits():
    player = Player(one_process(start(), receive("r", "M", "=case"), end(), flows("s>r>e")))
    player.start(case=20260001)
    assert [each.correlation_key for each in player.subscriptions("message")] == ["20260001"]


def test_a_thrown_message_takes_its_key_and_only_its_input_mappings_along():
    xml = one_process(start(), throw("t", message("M", "=case"), mappings({"result": "=x"})), end(), flows("s>t>e"))
    player = Player(xml)
    player.start(case="A-1", x=5, secret="no")
    [fact] = player.told(model.MessageSent)
    assert (fact.name, fact.correlation_key, fact.variables) == ("M", "A-1", {"result": 5})


def test_a_send_task_publishes_its_message():
    xml = one_process(start(), element("sendTask", "t", messageRef="m_M"), end(), flows("s>t>e"))
    player = Player(xml)
    player.start(secret="no")
    [fact] = player.told(model.MessageSent)
    assert (fact.name, fact.variables) == ("M", {})


def test_a_signal_reaches_waiting_branches_with_what_it_carries():
    xml = one_process(
        start(),
        parallel("p"),
        catch("c", signal("S")),
        user("a"),
        throw("t", signal("S"), mappings({"level": "=2"})),
        user("z"),
        end(),
        flows("s>p>c>z>e p>a>t>e"),
    )
    player = Player(xml)
    player.start()
    player.do("a")
    assert player.open() == "z"
    assert player.variables() == {"level": 2}
    assert [fact.variables for fact in player.told(model.SignalSent)] == [{"level": 2}]


def test_the_outputs_of_a_catch_event_are_mapped():
    xml = one_process(
        start(), receive("r", "M").replace("></", f">{mappings({}, {'answer': '=raw.text'})}</"), end(), flows("s>r>e")
    )
    player = Player(xml)
    player.start()
    player.send_message("M", raw={"text": "yes", "more": 1})
    assert player.variables() == {"answer": "yes"}


def test_the_outputs_of_a_boundary_event_are_mapped():
    xml = one_process(
        start(),
        user("u"),
        boundary("q", "u", message("M"), mappings({}, {"why": "=reason"})),
        end(),
        flows("s>u>e q>e"),
    )
    player = Player(xml)
    player.start()
    player.send_message("M", reason="withdrawn")
    assert player.variables() == {"why": "withdrawn"}


def test_a_timer_at_a_date_without_time_is_due_at_the_beginning_of_that_day():
    player = Player(one_process(start(), catch("c", date("=day")), end(), flows("s>c>e")))
    player.start(day="2026-02-10")
    assert [each.due.isoformat() for each in player.subscriptions("timer")] == ["2026-02-10T00:00:00+00:00"]


def test_feel_durations_and_dates_set_timers():
    xml = one_process(
        start(),
        event_gateway("g"),
        catch("a", duration('=duration("P1D")')),
        catch("b", date('=date and time("2026-02-01T00:00:00Z")')),
        end(),
        flows("s>g>a>e g>b>e"),
    )
    player = Player(xml)
    player.start()
    due = {each.element: each.due for each in player.subscriptions("timer")}
    assert due == {"a": NOW + timedelta(days=1), "b": NOW + timedelta(hours=15)}


def test_a_cycle_missed_in_an_outage_fires_once_and_then_on_time_again():
    xml = one_process(
        start(), user("u"), boundary("q", "u", cycle("R/PT1H"), interrupting=False), user("h"), flows("s>u q>h")
    )
    player = Player(xml)
    player.start()
    [timer] = player.subscriptions("timer")
    player.now = NOW + timedelta(days=200, minutes=30)
    player.run(model.Trigger(subscription=timer.key))
    assert player.open() == "h u"
    [again] = player.subscriptions("timer")
    assert again.due == NOW + timedelta(days=200, hours=1)
    assert again.key != timer.key


def test_the_flow_out_of_an_event_gateway_is_told():
    xml = one_process(
        start(), event_gateway("g"), receive("r", "M"), catch("c", duration("PT1H")), end(), flows("s>g>r>e g>c>e")
    )
    player = Player(xml)
    player.start()
    player.send_message("M")
    assert [fact.element for fact in player.told(model.FlowTaken)] == ["f_s_g_1", "f_g_r_2", "f_r_e_3"]
    assert player.completed()["g"] == 1


def test_completion_figures_are_known_to_the_completion_condition():
    body = user("u", loop("=[1,2,3,4,5]", "i", condition="=numberOfCompletedInstances / numberOfInstances >= 0.6"))
    player = Player(one_process(start(), body, end(), flows("s>u>e")))
    player.start()
    player.do("u")
    player.do("u")
    assert player.open() == "u u u"
    player.do("u")
    assert player.is_done


def test_a_signal_does_not_reach_an_event_that_begins_to_wait_after_it():
    xml = one_process(start(), throw("t", signal("S")), catch("c", signal("S")), user("z"), end(), flows("s>t>c>z>e"))
    player = Player(xml, round_trips=True)
    player.start()
    assert player.open() == "c"
    player.send_signal("S")
    assert player.open() == "z"


def test_a_signal_reaches_what_waited_before_it_in_the_same_run_only():
    xml = one_process(
        start(),
        parallel("p"),
        catch("c", signal("S")),
        user("a"),
        throw("t", signal("S")),
        user("b"),
        boundary("q", "b", signal("S")),
        end(),
        flows("s>p>c>a>e p>t>b>e q>e"),
    )
    player = Player(xml, round_trips=True)
    player.start()
    assert player.open() == "a b"


def test_a_terminated_scope_that_waits_for_canceling_listeners_begins_no_event_sub_process():
    xml = one_process(
        start(),
        parallel("p"),
        user("a", task_listeners("canceling:L")),
        user("b"),
        end("e1"),
        end("e2", terminate()),
        flows("s>p>a>e1 p>b>e2"),
        handler("X", "x", message("M"), "h"),
        handler("Y", "y", message("N"), "i", **NOT_INTERRUPTING),
    )
    player = Player(xml, round_trips=True)
    player.start()
    player.do("b")
    assert player.subscriptions("message") == []
    player.answer("a:L")
    assert player.is_done
