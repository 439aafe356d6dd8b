"""Running instances go on by another version of their diagram."""

from __future__ import annotations

import pytest

from engine.bpmn.reader import read
from engine.core import model
from tests.processes.diagrams import (
    boundary,
    compensable,
    compensate,
    document,
    duration,
    end,
    event_gateway,
    exclusive,
    flows,
    job,
    loop,
    message,
    one_process,
    parallel,
    process,
    receive,
    signal,
    start,
    sub_process,
    throw,
    user,
)
from tests.processes.patterns import handler
from tests.processes.player import Player


def versions(old, new):
    """Return a player of the old version; the new one has the definition id `new`."""
    player = Player(old, round_trips=True)
    [compiled] = read(new).processes.values()
    player.definitions.processes = {**player.definitions.processes, "new": compiled}
    return player


def migrate(player, **mapping):
    return player.run(model.Migrate(source="P", target="new", mapping=mapping))


OLD = one_process(start(), user("a"), user("b"), end(), flows("s>a>b>e"))
NEW = one_process(
    start(), user("a"), exclusive("g"), user("more"), user("c"), end(), flows("s>a>g>more[=x]>c>e g>c[*]")
)


def test_a_case_goes_on_by_the_new_version():
    player = versions(OLD, NEW)
    player.start()
    key = player.work("a")
    facts = migrate(player)
    assert [(type(fact), fact.element, fact.definition) for fact in facts] == [
        (model.Moved, "P", "new"),
        (model.Moved, "a", "new"),
    ]
    assert player.work("a") == key
    player.do("a", x=True)
    assert player.open() == "more"


def test_an_element_with_another_id_is_mapped():
    player = versions(OLD, NEW)
    player.start()
    player.do("a")
    migrate(player, b="c")
    assert player.open() == "c"
    player.do("c")
    assert player.is_done


def test_without_a_counterpart_nothing_is_changed_and_the_reason_is_told():
    player = versions(OLD, NEW)
    player.start()
    player.do("a")
    before = player.snapshot
    with pytest.raises(model.CannotModify, match="b has no counterpart"):
        migrate(player)
    assert player.snapshot == before


def test_another_kind_of_element_is_no_counterpart():
    player = versions(OLD, one_process(start(), job("a"), end(), flows("s>a>e")))
    player.start()
    with pytest.raises(model.CannotModify, match="another kind"):
        migrate(player)


def test_an_element_in_another_scope_is_no_counterpart():
    inner = sub_process("S", start("s1"), user("a"), end("e1"), flows("s1>a>e1"))
    player = versions(OLD, one_process(start(), inner, end(), flows("s>S>e")))
    player.start()
    with pytest.raises(model.CannotModify, match="another scope"):
        migrate(player)


def guarded(*events, path):
    return one_process(start(), user("a"), *events, user("h"), end(), flows(f"s>a>e {path}"))


def test_a_running_timer_keeps_its_time_a_dropped_one_ends_a_new_one_is_armed():
    old = guarded(boundary("q", "a", duration("P10D")), boundary("r", "a", message("M", "=1")), path="q>h>e r>h")
    new = guarded(boundary("q2", "a", duration("P1D")), boundary("t", "a", signal("S")), path="q2>h>e t>h")
    player = versions(old, new)
    player.start()
    [timer] = player.subscriptions("timer")
    migrate(player, q="q2")
    [kept] = player.subscriptions("timer")
    assert (kept.element, kept.due) == ("q2", timer.due)
    assert player.subscriptions("message") == []
    assert [each.element for each in player.subscriptions("signal")] == ["t"]
    player.wait(10 * 86400)
    assert player.open() == "h"


def test_a_subscription_that_stays_as_drawn_keeps_its_key():
    xml = guarded(boundary("q", "a", message("M", "=1")), path="q>h>e")
    player = versions(xml, xml)
    player.start()
    [before] = player.subscriptions("message")
    assert [type(fact) for fact in migrate(player)] == [model.Moved, model.Moved]
    assert player.subscriptions("message") == [before]


def test_tokens_at_a_join_move_along_with_their_flows():
    old = one_process(
        start(), parallel("p"), user("a"), user("b"), parallel("j"), user("z"), end(), flows("s>p>a>j>z>e p>b>j")
    )
    new = one_process(
        start(), parallel("p"), user("b"), user("a"), parallel("k"), user("z"), end(), flows("p>b>k>z>e s>p>a>k")
    )
    player = versions(old, new)
    player.start()
    player.do("a")
    migrate(player, j="k")
    player.do("b")
    assert player.open() == "z"


def test_a_token_on_a_flow_that_is_gone_is_an_obstacle():
    old = one_process(start(), parallel("p"), user("a"), user("b"), parallel("j"), end(), flows("s>p>a>j>e p>b>j"))
    new = one_process(start(), parallel("p"), user("x"), user("b"), parallel("j"), end(), flows("s>p>x>j>e p>b>j"))
    player = versions(old, new)
    player.start()
    player.do("a")
    with pytest.raises(model.CannotModify, match="a token came to j"):
        migrate(player)


def test_waiting_events_and_event_gateways_move():
    def waiting(first, second):
        return one_process(
            start(),
            event_gateway("g"),
            receive(first, "M", "=1"),
            receive(second, "N", "=1"),
            user("z"),
            end(),
            flows(f"s>g>{first}>z>e g>{second}>z"),
        )

    player = versions(waiting("r", "t"), waiting("r2", "t"))
    player.start()
    migrate(player, r="r2")
    assert player.open() == "r2 t"
    player.send_message("M", "1")
    assert player.open() == "z"


def test_multi_instance_rounds_move_together():
    old = one_process(start(), user("u", loop("=[1,2,3]", "i", "outs", "=i")), end(), flows("s>u>e"))
    new = one_process(start(), user("w", loop("=[1,2,3]", "i", "outs", "=i")), end(), flows("s>w>e"))
    player = versions(old, new)
    player.start()
    player.do("u", 2)
    migrate(player, u="w")
    player.do("w", 3)
    player.do("w", 1)
    assert player.variables() == {"outs": [1, 2, 3]}


def test_what_can_be_undone_still_can():
    def undoable(*more):
        path = "s>a>b>t[=true]>e b>more[=false]>e" if more else "s>a>b>t>e"
        return one_process(start(), compensable("a"), *more, user("b"), throw("t", compensate()), end(), flows(path))

    player = versions(undoable(), undoable(compensable("more")))
    player.start()
    player.do("a")
    migrate(player)
    player.do("b")
    assert player.open() == "ca"


def test_what_can_be_undone_within_a_sub_process_goes_along_under_its_new_name():
    def undoable(name):
        inner = sub_process(name, start("s1"), compensable(f"{name}a"), end("e1"), flows(f"s1>{name}a>e1"))
        body = (start(), inner, user("b"), throw("t", compensate(name)), end(), flows(f"s>{name}>b>t>e"))
        return one_process(*body)

    player = versions(undoable("S"), undoable("T"))
    player.start()
    player.do("Sa")
    with pytest.raises(model.CannotModify, match="Sa can be undone by cSa, which is not there"):
        migrate(player, S="T")
    migrate(player, S="T", Sa="Ta", cSa="cTa")
    player.do("b")
    assert player.open() == "cTa"


def test_a_new_event_sub_process_is_armed_unless_its_scope_is_interrupted_already():
    old = one_process(start(), user("a"), end(), flows("s>a>e"), handler("X", "x", message("M"), "h"))
    new = one_process(
        start(),
        user("a"),
        end(),
        flows("s>a>e"),
        handler("X", "x", message("M"), "h"),
        handler("Y", "y", message("N"), "i"),
    )
    running, interrupted = versions(old, new), versions(old, new)
    running.start()
    migrate(running)
    assert sorted(each.name for each in running.subscriptions("message")) == ["M", "N"]
    interrupted.start()
    interrupted.send_message("M")
    migrate(interrupted)
    assert interrupted.subscriptions("message") == []


def test_a_definition_that_does_not_run_here_cannot_be_migrated():
    player = versions(document(process(start(), user("a"), end(), flows("s>a>e"))), NEW)
    player.start()
    with pytest.raises(model.CannotModify):
        player.run(model.Migrate(source="other", target="new"))
