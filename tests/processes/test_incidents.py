"""What goes wrong in a process becomes an incident where it happened, and nothing is lost."""

from __future__ import annotations

import pytest

from engine.core import model
from tests.processes.diagrams import (
    NOT_INTERRUPTING,
    boundary,
    call,
    called,
    catch,
    document,
    duration,
    element,
    end,
    exclusive,
    flows,
    inclusive,
    job,
    loop,
    mappings,
    message,
    one_process,
    parallel,
    process,
    script,
    signal,
    start,
    sub_process,
    task,
    user,
    zeebe,
)
from tests.processes.host import GivenHandlers
from tests.processes.patterns import handler
from tests.processes.player import Player


@pytest.mark.parametrize("gateway", [exclusive, inclusive])
@pytest.mark.parametrize("value", [None, "yes", 1])
def test_a_condition_that_is_not_boolean_is_an_incident_and_never_false(gateway, value):
    xml = one_process(start(), gateway("g"), user("a"), user("b"), end(), flows("s>g>a[=ok]>e g>b[*]>e"))
    player = Player(xml)
    player.start(ok=value)
    assert player.open() == "!g"
    assert player.told(model.IncidentRaised)[0].kind == "condition"
    player.retry("g", ok=False)
    assert player.open() == "b"


def test_a_completion_condition_that_is_null_is_an_incident_of_the_round():
    body = user("u", loop("=[1,2,3]", "i", condition="=enough"))
    player = Player(one_process(start(), body, end(), flows("s>u>e")))
    player.start(enough=None)
    player.do("u", 1)
    assert player.open() == "!u u u"
    player.retry("u", enough=True)
    assert player.is_done


def test_a_completed_task_that_cannot_leave_is_not_opened_again_by_a_retry():
    xml = one_process(start(), user("u"), user("a"), user("b"), end(), flows("s>u>a[=x>1]>e u>b[*]>e"))
    player = Player(xml, round_trips=True)
    player.start()
    player.do("u", x="text")
    assert player.open() == "!u"
    facts = player.retry("u", x=5)
    assert not [fact for fact in facts if isinstance(fact, model.UserTaskOpened) and fact.element == "u"]
    assert player.open() == "a"


def test_a_failed_input_mapping_leaves_no_boundary_event_armed():
    xml = one_process(
        start(),
        user("u", mappings({"x": "=1/zero"})),
        boundary("q", "u", duration("PT1H")),
        user("h"),
        end(),
        flows("s>u>e q>h>e"),
    )
    player = Player(xml)
    player.start(zero=0)
    assert player.open() == "!u"
    assert player.subscriptions("timer") == []
    player.retry("u", zero=1)
    assert len(player.subscriptions("timer")) == 1


def test_of_several_boundary_events_none_is_armed_when_one_fails():
    xml = one_process(
        start(),
        user("u"),
        boundary("q", "u", duration("PT1H")),
        boundary("r", "u", message("M", "=key")),
        end(),
        flows("s>u>e q>e r>e"),
    )
    player = Player(xml)
    player.start(key=None)
    assert player.open() == "!u"
    assert not player.told(model.Subscribed)


@pytest.mark.parametrize("text", ['=duration("P1D") - 1', '="soon"', "=5", "=null"])
def test_a_timer_that_cannot_be_read_is_an_incident(text):
    xml = one_process(start(), user("u"), boundary("q", "u", duration(text)), end(), flows("s>u>e q>e"))
    player = Player(xml)
    player.start()
    assert player.open() == "!u"


def test_a_called_process_that_does_not_exist_is_an_incident_and_can_be_retried():
    xml = document(
        process(start(), call("c", "=which"), user("z"), end(), flows("s>c>z>e")),
        called(start("qs"), user("qu"), end("qe"), flows("qs>qu>qe")),
    )
    player = Player(xml, round_trips=True)
    player.start(which="Nowhere")
    assert player.open() == "!c"
    assert player.told(model.IncidentRaised)[0].kind == "call"
    player.retry("c", which="Q")
    assert player.open() == "qu"


ENDLESS = one_process(
    start(),
    parallel("p"),
    user("u"),
    exclusive("m"),
    task("t"),
    exclusive("g"),
    end(),
    flows("s>p>u>e p>m>t>g>e[=stop] g>m[*]"),
)


def test_an_endless_loop_stops_at_the_step_limit_with_an_incident_and_nothing_lost():
    player = Player(ENDLESS, step_limit=50)
    player.start(stop=False)
    assert "u" in player.open().split()
    [incident] = player.told(model.IncidentRaised)
    assert incident.kind == "step-limit"
    stuck = incident.element
    player.retry(stuck, stop=True)
    assert player.open() == "u"
    player.do("u")
    assert player.is_done


def test_a_command_that_computes_too_long_stops_with_an_incident_that_says_so():
    looks = iter([False] * 20)
    player = Player(ENDLESS, is_spent=lambda: next(looks, True))
    player.start(stop=False)
    assert "u" in player.open().split()
    [incident] = player.told(model.IncidentRaised)
    assert incident.kind == "step-limit"
    assert "计算超过 15 秒" in incident.reason
    assert "computed for more than 15 s" in incident.reason
    looks = iter([False] * 1_000)
    player.retry(incident.element, stop=True)
    player.do("u")
    assert player.is_done


@pytest.mark.parametrize("limit", range(1, 14))
def test_wherever_the_step_limit_falls_retries_bring_the_instance_to_its_end(limit):
    xml = one_process(
        start(),
        parallel("p"),
        script("a", "=1", "x"),
        sub_process("S", start("s1"), task("t1"), end("e1"), flows("s1>t1>e1")),
        inclusive("o"),
        task("b"),
        task("c"),
        inclusive("i"),
        parallel("j"),
        task("d", loop("=[1,2]")),
        end(),
        flows("s>p>a>j p>S>j p>o>b[=true]>i>j o>c[=true]>i j>d>e"),
    )
    player = Player(xml, step_limit=limit, round_trips=True)
    player.start()
    for _ in range(60):
        if player.is_done:
            break
        player.run(model.Retry(key=next(each.key for each in player.instances() if each.incident)))
    assert player.is_done
    assert player.completed()["j"] == player.completed()["i"] == 1
    assert player.completed()["d"] == 3


def test_a_process_that_calls_itself_without_end_stops_at_the_step_limit_and_can_be_cancelled():
    xml = one_process(start(), call("c", "P"), end(), flows("s>c>e"))
    player = Player(xml, step_limit=3000)
    player.start()
    assert player.told(model.IncidentRaised)[0].kind == "step-limit"
    player.run(model.Cancel())
    assert player.is_done


def test_an_event_sub_process_revives_a_scope_that_could_not_leave():
    xml = one_process(
        start(),
        sub_process(
            "S",
            mappings({}, {"r": "=1/n"}),
            start("s1"),
            user("u"),
            end("e1"),
            flows("s1>u>e1"),
            handler("X", "x", message("M"), "h"),
        ),
        end(),
        flows("s>S>e"),
    )
    player = Player(xml)
    player.start(n=0)
    player.do("u")
    assert player.open() == "!S"
    player.send_message("M")
    assert player.open() == "h"
    player.do("h", n=1)
    assert player.is_done


def test_a_failing_event_sub_process_keeps_what_came_with_the_message():
    drawn = handler("X", "x", message("M"), "h").replace(">", f">{mappings({'y': '=1/n'})}", 1)
    player = Player(one_process(start(), user("a"), end(), flows("s>a>e"), drawn))
    player.start(n=0)
    player.send_message("M", reason="moved away")
    assert player.open() == "!X"
    player.retry("X", n=4)
    assert player.open() == "h"
    assert any(each.variables.get("reason") == "moved away" for each in player.instances())


def test_a_job_behind_an_incident_cannot_be_completed():
    player = Player(one_process(start(), job("j"), end(), flows("s>j>e")))
    player.start()
    key = player.work("j")
    player.fail("j")
    with pytest.raises(model.NotOpen):
        player.run(model.CompleteWork(key=key, variables={}))


@pytest.mark.parametrize("written", [[1], "text", None, {"a": 1}])
def test_what_writes_over_the_outputs_of_a_multi_instance_becomes_an_incident_and_can_be_set_right(written):
    body = user("u", loop("=[1,2,3]", "i", "outs", "=i"))
    player = Player(one_process(start(), body, end(), flows("s>u>e")), round_trips=True)
    player.start()
    player.do("u", 2, outs=written)
    assert player.open() == "!u u u"
    [told] = player.told(model.IncidentRaised)
    assert "outs:结果无法汇集" in told.reason
    assert "outs: the outputs cannot be collected" in told.reason
    assert "Words" not in told.reason
    player.retry("u", outs=[None, None, None])
    player.do("u", 1)
    player.do("u", 3)
    assert player.variables()["outs"] == [1, 2, 3]


def test_nested_multi_instances_that_collect_under_one_name_are_an_incident_and_no_crash():
    inner = user("u", loop("=[]", "j", "outs", "=j"))
    rounds = sub_process("S", loop("=[1,2]", "i", "outs", "=i"), start("s1"), inner, end("e1"), flows("s1>u>e1"))
    player = Player(one_process(start(), rounds, end(), flows("s>S>e")))
    player.start()
    assert player.open() == "!S !S"
    player.run(model.Cancel())
    assert player.is_done


def test_a_retry_on_the_way_out_applies_the_output_mappings_once():
    counted = user("u", mappings({}, {"n": "=n+1"}))
    xml = one_process(start(), counted, user("a"), user("b"), end(), flows("s>u>a[=ok]>e u>b[*]>e"))
    player = Player(xml, round_trips=True)
    player.start(n=1)
    player.do("u")
    assert (player.open(), player.variables()) == ("!u", {"n": 2})
    player.retry("u", ok=True)
    assert (player.open(), player.variables()) == ("a", {"n": 2, "ok": True})


def test_a_retry_of_a_round_applies_its_output_mappings_once():
    body = user("u", loop("=[1]", "i", "outs", "=missing+0"), mappings({}, {"n": "=n+1"}))
    player = Player(one_process(start(), body, end(), flows("s>u>e")), round_trips=True)
    player.start(n=1)
    player.do("u")
    assert player.open() == "!u"
    player.retry("u", missing=1)
    assert player.variables() == {"n": 2, "missing": 1, "outs": [1]}


def test_a_scope_that_lives_again_by_an_event_hands_over_what_it_has_then():
    failing = mappings({}, {"r": "=found", "once": "=1/x"})
    repair = handler("X", "x", message("M"), "h", **NOT_INTERRUPTING)
    inner = sub_process("S", failing, start("s1"), user("u"), end("e1"), flows("s1>u>e1"), repair)
    player = Player(one_process(start(), inner, user("z"), end(), flows("s>S>z>e")), round_trips=True)
    player.start(x=0, found=None)
    player.do("u")
    assert player.open() == "!S"
    player.send_message("M")
    player.do("h", x=1, found="yes")
    assert (player.open(), player.variables()["r"]) == ("z", "yes")


def assigned(*drawn):
    return user("u", *drawn, zeebe("assignmentDefinition", assignee="=who"))


def local(player):
    return next(each.variables for each in player.instances() if each.element == "u" and not each.body)


def test_a_retry_on_the_way_in_applies_the_input_mappings_once():
    body = assigned(mappings({"n": "=n+1", "m": "=n+1", "deep.x": "=n"}))
    player = Player(one_process(start(), body, end(), flows("s>u>e")), round_trips=True)
    player.start(n=1, who=None)
    assert player.open() == "!u"
    player.retry("u", who="li")
    assert (player.open(), local(player)) == ("u", {"n": 2, "m": 3, "deep": {"x": 2}})


def test_a_round_that_is_entered_again_sees_its_item_and_number_as_before():
    body = assigned(loop("=[5]", "i"), mappings({"i": "=i+1", "loopCounter": "=loopCounter+10"}))
    player = Player(one_process(start(), body, end(), flows("s>u>e")), round_trips=True)
    player.start(who=None)
    player.retry("u", who="li")
    assert (player.open(), local(player)) == ("u", {"loopCounter": 11, "i": 6})


def test_what_was_set_at_a_stuck_element_is_seen_when_it_is_entered_again():
    player = Player(one_process(start(), assigned(mappings({"n": "=n+x"})), end(), flows("s>u>e")), round_trips=True)
    player.start(n=1, who="li")
    assert player.open() == "!u"
    player.set_variables("u", local=True, x=2)
    player.retry("u")
    assert (player.open(), local(player)) == ("u", {"x": 2, "n": 3})


def test_a_multi_instance_that_cannot_leave_keeps_what_it_collected():
    body = user("u", loop("=[1,2]", "i", "outs", "=i"))
    xml = one_process(start(), body, user("a"), user("b"), end(), flows("s>u>a[=x>1]>e u>b[*]>e"))
    player = Player(xml, round_trips=True)
    player.start()
    player.do("u")
    player.do("u")
    assert (player.open(), player.variables()) == ("!u", {"outs": [1, 2]})
    player.retry("u", x=2)
    assert player.open() == "a"


def test_what_a_job_was_told_does_not_change_afterwards():
    kind = zeebe("taskDefinition", type='=if i = 2 then "outside" else "inside"')
    body = element("serviceTask", "u", kind, loop("=[1,2,3,4]", "i", "outs", "=i"))
    player = Player(one_process(start(), body, end(), flows("s>u>e")), handlers=GivenHandlers(inside=lambda call: {}))
    player.start()
    [told] = player.told(model.JobOpened)
    assert told.variables["outs"] == [1, None, None, None]
    player.do("u")
    assert player.variables() == {"outs": [1, 2, 3, 4]}


_LONG = "长" * 257


def _task_of(assignment: str) -> str:
    return f"<bpmn:extensionElements><zeebe:userTask/>{assignment}</bpmn:extensionElements>"


@pytest.mark.parametrize("value", ["a\0b", _LONG], ids=["NUL", "long"])
@pytest.mark.parametrize(
    "body",
    [
        catch("b", message("m", "=x")),
        catch("b", message("=x", "key")),
        catch("b", signal("=x")),
        user("b", _task_of('<zeebe:assignmentDefinition assignee="=x"/>')),
        user("b", _task_of('<zeebe:assignmentDefinition candidateGroups="=x"/>')),
        user("b", _task_of('<zeebe:assignmentDefinition candidateUsers="=[x]"/>')),
    ],
    ids=["correlation key", "message", "signal", "assignee", "group", "user"],
)
def test_a_text_that_cannot_be_kept_where_it_is_looked_for_is_an_incident(body, value):
    player = Player(one_process(start(), body, end(), flows("s>b>e")), round_trips=True)
    player.start(x=value)
    [incident] = player.told(model.IncidentRaised)
    assert incident.kind == "expression"
    assert "256" in incident.reason or "无法保存" in incident.reason
    player.retry("b", x="short")
    assert player.open() == "b"


@pytest.mark.parametrize("value", [-1, 2**31, 10**12, 10**5_000, "9" * 5_000], ids=range(5))
def test_retries_no_column_can_hold_are_an_incident(value):
    body = element("serviceTask", "b", zeebe("taskDefinition", type="call", retries="=x"))
    player = Player(one_process(start(), body, end(), flows("s>b>e")))
    player.start(x=value)
    [incident] = player.told(model.IncidentRaised)
    assert (incident.kind, "=x" in incident.reason) == ("expression", True)


def test_a_reason_holds_no_character_that_cannot_be_stored_and_is_not_longer_than_is_kept():
    player = Player(one_process(start(), job("b"), end(), flows("s>b>e")))
    player.start()
    player.fail("b", "a\0b" + "x" * 5_000)
    [incident] = player.told(model.IncidentRaised)
    assert "a\N{REPLACEMENT CHARACTER}b" in incident.reason
    assert len(incident.reason) == 2_000
