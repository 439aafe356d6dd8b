"""A process begun by an event: what the event brought is never lost, also when the process gets stuck at once."""

from __future__ import annotations

import pytest

from engine.core import model
from engine.core.interpreter import run
from tests.processes.diagrams import (
    conditional,
    duration,
    end,
    event_sub_process,
    flows,
    listeners,
    mappings,
    message,
    one_process,
    start,
    user,
)
from tests.processes.host import OneDocument, environment
from tests.processes.player import Player


def begun_by(xml, **variables):
    surroundings = environment(OneDocument(xml))
    command = model.Start(definition="P", variables={}, start_event="b", event=variables)
    return run(None, command, surroundings), surroundings


def played(xml, **variables):
    player = Player(xml, round_trips=True)
    player.run(model.Start(definition="P", variables={}, start_event="b", event=variables))
    return player


def test_what_the_event_brought_passes_through_the_output_mappings():
    mapped = start("b", message("M"), mappings(None, {"total": "=amount + 1"}))
    outcome, _ = begun_by(one_process(mapped, user("u"), end(), flows("b>u>e")), amount=2)

    assert outcome.snapshot.instances[0].variables == {"total": 3}
    assert [each.element for each in outcome.snapshot.instances] == ["P", "u"]
    assert [each.element for each in outcome.facts if isinstance(each, model.FlowTaken)] == ["f_b_u_1"]


BESIDE = one_process(
    start("b", message("M"), mappings(None, {"total": "=amount + 1"})),
    start(),
    user("u"),
    user("v"),
    end(),
    event_sub_process("X", start("x", message("N", "=key")), end("y"), flows("x>y")),
    flows("b>u>e s>v>e"),
)


def test_a_process_stuck_at_once_hands_over_what_is_mapped_once_and_goes_on_when_it_is_repaired():
    player = played(BESIDE, amount=2, secret="no")
    assert (player.open(), player.variables()) == ("!b", {"total": 3})

    player.retry("b", key="k")

    assert (player.open(), player.variables()) == ("u", {"total": 3, "key": "k"})
    assert [each.correlation_key for each in player.subscriptions("message")] == ["k"]


def test_a_failed_output_mapping_is_tried_again_with_what_the_event_brought():
    player = played(BESIDE, amount="two", key="k")
    assert (player.open(), player.variables()) == ("!b", {})
    player.set_variables("b", local=True, amount=2, key="k")
    player.set_variables("P", key="k")
    player.retry("b")
    assert (player.open(), player.variables()) == ("u", {"key": "k", "total": 3})


def test_an_event_sub_process_waits_for_a_key_that_the_start_event_brought():
    late = event_sub_process("X", start("x", message("N", "=key")), user("h"), end("y"), flows("x>h>y"))
    player = played(one_process(start("b", message("M")), user("u"), end(), late, flows("b>u>e")), key="k")
    assert player.open() == "u"
    player.send_message("N", "k")
    assert player.open() == "h"


def test_a_time_and_a_condition_read_what_the_start_event_brought():
    for wanted in (duration("=wait"), conditional('=wait = "PT1H"')):
        late = event_sub_process("X", start("x", wanted), user("h"), end("y"), flows("x>h>y"))
        player = played(one_process(start("b", message("M")), user("u"), end(), late, flows("b>u>e")), wait="PT1H")
        player.wait(3600)
        assert player.open() == "h"


def test_an_event_sub_process_in_an_event_sub_process_waits_for_a_key_that_the_outer_one_brought():
    inner = event_sub_process("Y", start("y", message("O", "=case")), user("i"), end("ye"), flows("y>i>ye"))
    outer = event_sub_process("X", start("x", message("N")), user("h"), end("xe"), flows("x>h>xe"), inner)
    player = played(one_process(start("b", message("M")), user("u"), end(), outer, flows("b>u>e")))
    player.send_message("N", case="k")
    assert player.open() == "h"
    player.send_message("O", "k")
    assert player.open() == "i"


def test_a_start_listener_of_the_process_is_waited_for_before_the_event_begins_it():
    body = (listeners("start:L"), start("b", message("M")), start(), user("u"), user("v"), end())
    player = played(one_process(*body, flows("b>u>e s>v>e")), x=1)
    assert (player.open(), player.variables()) == ("P:L", {})
    player.do("P:L", prepared=True)
    assert (player.open(), player.variables()) == ("u", {"prepared": True, "x": 1})


def test_a_start_event_that_waits_for_its_end_listener_lets_the_process_wait_for_its_events():
    late = event_sub_process("X", start("x", message("N", "=key")), user("h"), end("y"), flows("x>h>y"))
    body = (start("b", message("M"), listeners("end:L")), user("u"), end(), late, flows("b>u>e"))
    player = played(one_process(*body), key="k")
    assert [each.correlation_key for each in player.subscriptions("message")] == ["k"]
    player.do("b:L")
    assert player.open() == "u"


def test_a_repair_by_hand_begins_a_process_whose_start_event_is_stuck():
    player = played(BESIDE, amount=2)
    beginning = model.Activation(scope=player.key("P"), element="v", variables={"key": "k"})
    with pytest.raises(model.CannotModify, match="key"):
        player.run(model.Modify(activate=(beginning,)))
    player.set_variables("P", key="k")
    player.run(model.Modify(activate=(beginning,), terminate=(player.key("b"),)))
    assert player.open() == "v"
    assert [each.correlation_key for each in player.subscriptions("message")] == ["k"]


def test_an_event_sub_process_stuck_on_its_way_in_keeps_what_the_event_brought_to_itself():
    handler = event_sub_process(
        "X",
        mappings({"k": "=1/zero"}),
        start("x", message("N"), mappings(None, {"v": "=n"})),
        user("h"),
        end("xe"),
        flows("x>h>xe"),
    )
    player = played(one_process(start("b", message("M")), user("u"), end(), handler, flows("b>u>e")), zero=0)
    player.send_message("N", n=1, secret="no")
    assert (player.open(), player.variables()) == ("!X", {"zero": 0})
    player.retry("X", zero=1)
    assert (player.open(), player.variables()) == ("h", {"zero": 1, "v": 1})


def test_a_process_that_a_version_before_left_stuck_at_its_start_begins_there():
    player = played(BESIDE, amount=2, key="k")
    stuck = model.ElementInstance(
        key=1,
        definition="P",
        element="P",
        scope=0,
        variables={"amount": 2, "key": "k"},
        tokens={"b": {"": 1}},
        incident="expression: it failed",
        stage=model.Stage.ENTERING,
    )
    outcome = run(model.Snapshot(next_key=2, instances=(stuck,)), model.Retry(key=1), environment(player.definitions))
    assert [each.element for each in outcome.snapshot.instances] == ["P", "u"]
    assert [each.correlation_key for each in outcome.snapshot.instances[0].subscriptions] == ["k"]
