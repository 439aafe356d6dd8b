"""Execution listeners: their jobs, their incidents, inside handlers, and what repair by hand may do with them."""

from __future__ import annotations

import zlib

import pytest

from engine.core import codec, model
from engine.core.listener_model import ResultRefused
from engine.json_values import dump_json, load_json
from tests.processes.diagrams import (
    element,
    end,
    flows,
    job,
    listeners,
    mappings,
    one_process,
    start,
    sub_process,
    task,
    user,
    zeebe,
)
from tests.processes.host import GivenHandlers
from tests.processes.player import Player
from tests.processes.views import open_work

WITH_LISTENERS = one_process(start(), task("t", listeners("start:a", "start:b", "end:c")), end(), flows("s>t>e"))


def test_the_job_tells_its_kind_event_retries_headers_and_all_that_is_visible():
    headers = zeebe("taskHeaders", '<zeebe:header key="bank" value="abc"/>')
    drawn = element(
        "serviceTask",
        "j",
        zeebe("taskDefinition", type="pay"),
        headers,
        mappings({"local": "=2"}),
        listeners('start:="check-" + unit:=1+1'),
    )
    player = Player(one_process(start(), drawn, end(), flows("s>j>e")))
    player.start(unit="x")
    [fact] = player.told(model.JobOpened)
    assert (fact.kind, fact.event, fact.type, fact.retries) == ("executionListener", "start", "check-x", 2)
    assert fact.headers == {"bank": "abc"}
    assert fact.variables == {"unit": "x", "local": 2}
    assert fact.element == "j"
    assert fact.key not in {each.key for each in player.instances()}


def test_every_listener_has_a_job_key_of_its_own_and_keeps_it_over_a_retry():
    player = Player(WITH_LISTENERS, round_trips=True)
    player.start()
    first = player.work("t:a")
    player.fail("t:a", "away")
    assert player.open() == "!t"
    assert player.told(model.IncidentRaised)[0].kind == "job"
    player.retry("t")
    assert player.work("t:a") == first
    player.do("t:a")
    assert player.work("t:b") != first


def test_a_retry_after_a_failed_job_does_not_do_again_what_was_done():
    player = Player(WITH_LISTENERS, round_trips=True)
    player.start()
    player.do("t:a")
    player.fail("t:b")
    player.retry("t")
    assert player.open() == "t:b"


def test_a_failed_end_listener_is_tried_again_without_the_output_mappings():
    drawn = user("u", mappings({}, {"runs": "=runs + 1"}), listeners("end:a"))
    player = Player(one_process(start(), drawn, end(), flows("s>u>e")), round_trips=True)
    player.start(runs=0)
    player.do("u")
    player.fail("u:a")
    player.retry("u")
    player.do("u:a")
    assert player.is_done
    assert player.variables() == {"runs": 1}


def test_an_inside_handler_serves_a_listener_in_the_same_run():
    calls = []

    def note(call):
        calls.append((call.type, call.element, dict(call.variables)))
        return {call.type: True}

    player = Player(WITH_LISTENERS, handlers=GivenHandlers(a=note, b=note, c=note))
    player.start(x=1)
    assert player.is_done
    assert calls == [
        ("a", "t", {"x": 1}),
        ("b", "t", {"x": 1, "a": True}),
        ("c", "t", {"x": 1, "a": True, "b": True}),
    ]
    assert player.variables() == {"x": 1, "c": True}
    assert not player.told(model.JobOpened)


@pytest.mark.parametrize("failure", [model.HandlerFailed("no"), model.BpmnError("E")])
def test_an_inside_handler_that_fails_is_an_incident_and_only_it_runs_again(failure):
    calls, answers = [], [failure, None]

    def note(call):
        calls.append(call.type)
        if call.type == "b" and (answer := answers.pop(0)) is not None:
            raise answer
        return {}

    player = Player(WITH_LISTENERS, handlers=GivenHandlers(a=note, b=note, c=note), round_trips=True)
    player.start()
    assert player.open() == "!t"
    assert player.told(model.IncidentRaised)[0].kind == "handler"
    player.retry("t")
    assert player.is_done
    assert calls == ["a", "b", "b", "c"]


def test_an_execution_listener_gives_no_result():
    player = Player(WITH_LISTENERS)
    player.start()
    with pytest.raises(ResultRefused, match="execution"):
        player.answer("t:a", denied=True)
    assert player.open() == "t:a"


def test_the_job_of_a_listener_throws_no_bpmn_error():
    player = Player(WITH_LISTENERS)
    player.start()
    with pytest.raises(model.NotOpen):
        player.throw_error("t:a", "E")


def test_the_work_behind_a_listener_cannot_be_completed_before_it():
    player = Player(one_process(start(), job("j", listeners("start:a")), end(), flows("s>j>e")))
    player.start()
    with pytest.raises(model.NotOpen):
        player.run(model.CompleteWork(key=player.key("j"), variables={}))


def test_cancelling_the_instance_closes_the_job_of_a_listener():
    player = Player(WITH_LISTENERS)
    player.start()
    key = player.work("t:a")
    player.run(model.Cancel())
    assert player.is_done
    assert [(fact.key, fact.completed) for fact in player.told(model.WorkClosed)] == [(key, False)]


def test_the_process_waits_for_its_start_listener_with_the_named_start_event_in_mind():
    xml = one_process(
        listeners("start:a"),
        start(),
        start("m", '<bpmn:messageEventDefinition messageRef="m_M"/>'),
        user("u"),
        user("v"),
        end(),
        flows("s>u>e m>v>e"),
    )
    player = Player(xml, round_trips=True)
    player.start(start_event="m")
    assert player.open() == "P:a"
    player.do("P:a")
    assert player.open() == "v"


SUB = one_process(
    start(),
    sub_process("S", listeners("start:a", "end:b"), start("s1"), user("u"), end("e1"), flows("s1>u>e1")),
    end(),
    flows("s>S>e"),
)


@pytest.mark.parametrize("stage", ["S:a", "S:b"])
def test_nothing_is_begun_by_hand_in_a_scope_that_waits_for_listeners(stage):
    player = Player(SUB)
    player.start()
    if stage == "S:b":
        player.do("S:a")
        player.do("u")
    assert player.open() == stage
    activation = model.Activation(scope=player.key("S"), element="u")
    with pytest.raises(model.CannotModify, match="waits for listeners"):
        player.run(model.Modify(activate=(activation,)))


def test_an_element_that_waits_for_a_listener_can_be_ended_by_hand():
    player = Player(SUB, round_trips=True)
    player.start()
    player.run(model.Modify(terminate=(player.key("S"),)))
    assert player.is_done


def migrated(before, after, **mapping):
    """Return a player that stands at the first listener of one version and is moved to another."""
    player = Player(before)
    player.start()
    target = Player(after).definitions.get("P")
    player.definitions.processes = {"P": player.definitions.get("P"), "P2": target}
    player.run(model.Migrate(source="P", target="P2", mapping=mapping))
    return player


def test_an_element_migrates_with_the_listener_it_waits_for():
    after = one_process(
        start(), task("t2", listeners("start:a", "start:new", "end:c")), user("v"), end(), flows("s>t2>v>e")
    )
    player = migrated(WITH_LISTENERS, after, t="t2")
    assert player.open() == "t2:a"
    player.do("t2:a")
    assert player.open() == "t2:new"
    player.do("t2:new")
    player.do("t2:c")
    assert player.open() == "v"


def test_an_element_does_not_migrate_when_its_listener_is_not_there():
    after = one_process(start(), task("t", listeners("start:other", "end:c")), end(), flows("s>t>e"))
    with pytest.raises(model.CannotModify, match="start listener"):
        migrated(WITH_LISTENERS, after)


def test_a_snapshot_of_the_release_before_is_read_and_one_without_listeners_is_written_as_before():
    xml = one_process(start(), user("u"), end(), flows("s>u>e"))
    before = [1, 4, [[1, "P", "P", 0, {"x": 1}, {}], [3, "P", "u", 1, {}, {}]]]
    player = Player(xml)
    player.snapshot = codec.decode(zlib.compress(dump_json(before).encode()))
    player.replayed = open_work(player.snapshot, player.definitions)
    assert load_json(zlib.decompress(codec.encode(player.snapshot))) == before
    player.do("u")
    assert player.is_done
