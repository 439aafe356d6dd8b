"""Service tasks: inside handlers, jobs for workers, decisions, scripts."""

from __future__ import annotations

import pytest

from engine.core import model
from engine.core.texts import said
from tests.processes.diagrams import (
    boundary,
    element,
    end,
    error,
    escalation,
    flows,
    job,
    mappings,
    one_process,
    script,
    start,
    sub_process,
    throw,
    user,
    zeebe,
)
from tests.processes.host import GivenDecisions, GivenHandlers
from tests.processes.player import Player

WITH_BOUNDARY = one_process(start(), job("j"), boundary("q", "j", error("X1")), user("h"), end(), flows("s>j>e q>h>e"))


def test_an_inside_handler_runs_at_once_and_its_result_goes_on():
    calls = []

    def check_means(call):
        calls.append(call)
        return {"eligible": True}

    drawn = zeebe("taskDefinition", type="check_means") + zeebe(
        "taskHeaders", '<zeebe:header key="agency" value="bank"/>'
    )
    xml = one_process(start(), element("serviceTask", "j", drawn, mappings({"who": "=name"})), end(), flows("s>j>e"))
    player = Player(xml, handlers=GivenHandlers(check_means=check_means))
    player.start(name="张三")
    assert player.is_done
    assert player.variables() == {"name": "张三", "eligible": True}
    assert calls[0].variables == {"who": "张三"}
    assert calls[0].headers == {"agency": "bank"}
    assert not player.told(model.JobOpened)
    assert not player.told(model.WorkClosed)


def test_without_input_mappings_a_handler_sees_all_that_is_visible():
    seen = {}
    xml = one_process(
        start(), sub_process("S", mappings({"b": "=2"}), start("s1"), job("j"), flows("s1>j")), flows("s>S")
    )
    player = Player(xml, handlers=GivenHandlers(j=lambda call: seen.update(call.variables) or {}))
    player.start(a=1)
    assert seen == {"a": 1, "b": 2}


def test_a_bpmn_error_of_an_inside_handler_takes_the_boundary_event():
    def refuse(call):
        raise model.BpmnError("X1", "no account", {"bank": "closed"})

    caught = boundary("q", "j", error("X1"), mappings(outputs={"why": "=bank"}))
    drawn = one_process(start(), job("j"), caught, user("h"), end(), flows("s>j>e q>h>e"))
    player = Player(drawn, handlers=GivenHandlers(j=refuse))
    player.start()
    assert player.open() == "h"
    assert player.variables() == {"why": "closed"}
    assert not player.told(model.WorkClosed)


def test_a_bpmn_error_that_nothing_catches_is_an_incident():
    def refuse(call):
        raise model.BpmnError("OTHER")

    player = Player(WITH_BOUNDARY, handlers=GivenHandlers(j=refuse))
    player.start()
    assert player.open() == "!j"
    [incident] = player.told(model.IncidentRaised)
    assert incident.kind == "error-not-caught"
    assert said(incident.reason, "en") == "nothing catches the error OTHER; errors that are caught here: X1"
    assert said(incident.reason, "zh") == "没有事件捕获错误 OTHER；此处能捕获的错误：X1"


def test_an_error_of_a_worker_that_nothing_catches_says_which_would_be_and_a_retry_opens_the_job_anew():
    inner = sub_process("S", start("s1"), job("j"), boundary("q", "j", error("X1")), end("e1"), flows("s1>j>e1 q>e1"))
    outer = boundary("r", "S", error("X2"))
    player = Player(one_process(start(), inner, outer, end(), flows("s>S>e r>e")), round_trips=True)
    player.start()
    player.run(model.ThrowError(key=player.work("j"), code="OTHER", message="the registry is closed"))

    assert "!j" in player.open()
    [incident] = player.told(model.IncidentRaised)
    assert said(incident.reason, "en") == (
        "nothing catches the error OTHER: the registry is closed; errors that are caught here: X1, X2"
    )
    assert [fact.completed for fact in player.told(model.WorkClosed)] == [False]
    player.retry("j")
    player.throw_error("j", "X2")
    assert player.is_done


def test_an_escalation_that_nothing_catches_goes_on_without_an_incident():
    player = Player(one_process(start(), throw("t", escalation("L")), user("u"), end(), flows("s>t>u>e")))
    player.start()
    assert player.open() == "u"
    assert player.told(model.IncidentRaised) == []


def test_a_failed_inside_handler_is_an_incident_and_a_retry_runs_it_again():
    answers = [model.HandlerFailed("the registry has no such person"), None]

    def verify(call):
        if (answer := answers.pop(0)) is not None:
            raise answer
        return {"verified": True}

    player = Player(WITH_BOUNDARY, handlers=GivenHandlers(j=verify), round_trips=True)
    player.start()
    assert player.open() == "!j"
    assert player.told(model.IncidentRaised)[0].kind == "handler"
    player.retry("j")
    assert player.is_done
    assert player.variables() == {"verified": True}


def test_a_job_is_opened_with_its_type_retries_and_headers():
    drawn = zeebe("taskDefinition", type='="pay-" + bank', retries="=1+4")
    xml = one_process(start(), element("serviceTask", "j", drawn), end(), flows("s>j>e"))
    player = Player(xml)
    player.start(bank="abc")
    [fact] = player.told(model.JobOpened)
    assert (fact.type, fact.retries, fact.variables) == ("pay-abc", 5, {"bank": "abc"})


def test_a_job_that_failed_for_good_is_an_incident_and_opens_again_on_retry():
    player = Player(WITH_BOUNDARY, round_trips=True)
    player.start()
    key = player.work("j")
    player.fail("j", "the bank does not answer")
    assert player.open() == "!j"
    assert not [fact for fact in player.told(model.WorkClosed) if fact.completed]
    facts = player.retry("j")
    assert [type(fact) for fact in facts] == [model.IncidentResolved, model.JobOpened]
    assert player.work("j") == key
    player.throw_error("j", "X1")
    assert player.open() == "h"


def test_the_timer_at_a_failed_job_keeps_its_time_over_a_retry():
    xml = one_process(
        start(),
        job("j"),
        boundary(
            "q",
            "j",
            "<bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>",
        ),
        user("h"),
        end(),
        flows("s>j>e q>h>e"),
    )
    player = Player(xml)
    player.start()
    player.wait(3000)
    player.fail("j")
    player.retry("j")
    player.wait(600)
    assert player.open() == "h"


@pytest.mark.parametrize("tag", ["sendTask", "businessRuleTask", "scriptTask"])
def test_other_tasks_with_a_job_type_open_jobs_too(tag):
    xml = one_process(start(), element(tag, "j", zeebe("taskDefinition", type="t")), end(), flows("s>j>e"))
    player = Player(xml)
    player.start()
    assert player.told(model.JobOpened)[0].type == "t"
    player.do("j", done=True)
    assert player.variables() == {"done": True}


def test_a_message_throw_event_with_a_job_type_opens_a_job():
    thrown = throw("t", zeebe("taskDefinition", type="notify"), '<bpmn:messageEventDefinition messageRef="m_M"/>')
    player = Player(one_process(start(), thrown, end(), flows("s>t>e")))
    player.start()
    assert player.open() == "t"
    player.do("t")
    assert player.is_done


RULE = one_process(
    start(),
    element("businessRuleTask", "r", zeebe("calledDecision", decisionId="level", resultVariable="grade")),
    end(),
    flows("s>r>e"),
)


def test_a_decision_gives_its_value_and_its_record():
    player = Player(RULE, evaluator=GivenDecisions(level={"amount": 640}))
    player.start(income=100)
    assert player.variables() == {"income": 100, "grade": {"amount": 640}}
    [fact] = player.told(model.DecisionMade)
    assert (fact.decision_id, fact.record) == ("level", {"inputs": ["income"]})


def test_a_decision_that_fails_is_an_incident():
    player = Player(RULE, evaluator=GivenDecisions())
    player.start()
    assert player.open() == "!r"
    assert player.told(model.IncidentRaised)[0].kind == "decision"
    assert not player.told(model.DecisionMade)


def test_a_script_that_fails_is_an_incident_and_is_evaluated_again_on_retry():
    player = Player(one_process(start(), script("c", "=10/divisor", "r"), end(), flows("s>c>e")), round_trips=True)
    player.start(divisor=0)
    assert player.open() == "!c"
    player.retry("c", divisor=5)
    assert player.variables() == {"divisor": 5, "r": 2}
