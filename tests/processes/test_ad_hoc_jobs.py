"""Ad-hoc sub-processes whose worker decides: what opens, what is refused, handlers inside, repair and migration."""

from __future__ import annotations

import pytest

from engine.bpmn.lint import lint
from engine.bpmn.reader import read
from engine.core import model
from engine.core.ad_hoc_results import read_answer, read_result
from engine.core.listener_model import ListenerResult, ResultRefused
from tests.processes.cases_ad_hoc_jobs import AB, decided, with_decided
from tests.processes.diagrams import boundary, element, end, error, flows, mappings, one_process, start, user, zeebe
from tests.processes.host import GivenHandlers
from tests.processes.player import Player


def begun(xml, **lent):
    player = Player(xml, round_trips=True, **lent)
    player.start()
    return player


def jobs(player):
    return [each for each in player.told(model.JobOpened) if each.element == "S"]


def test_the_job_has_a_key_of_its_own_headers_and_what_can_be_begun():
    headers = zeebe("taskHeaders", '<zeebe:header key="model" value="m1"/>')
    player = begun(with_decided(*AB, headers, mappings({"base": "=1"})))
    [job] = jobs(player)
    assert (job.kind, job.type, job.headers, job.retries) == ("adHocSubProcess", "S", {"model": "m1"}, 3)
    assert job.key not in {each.key for each in player.instances()}
    assert [each["elementId"] for each in job.variables["adHocSubProcessElements"]] == ["a", "b"]
    assert job.variables["base"] == 1


def test_a_job_that_is_asked_anew_takes_the_place_of_the_one_before():
    player = begun(with_decided(*AB))
    player.decide("S", "a", "b")
    player.do("a")
    late = player.work("S")
    player.do("b")
    assert player.work("S") != late
    with pytest.raises(model.NotOpen):
        player.run(model.CompleteWork(key=late, variables={}, result=model.AdHocResult(is_fulfilled=True)))
    assert player.open() == "S"


def test_what_is_over_together_asks_once():
    player = begun(with_decided(element("task", "t"), *AB))
    player.decide("S", "t", "t", "t")
    assert len(jobs(player)) == 2


def test_variables_given_to_an_element_are_seen_by_it_alone():
    player = begun(with_decided(*AB))
    player.decide("S", "a", own={"topic": "rent"})
    [activation] = [each for each in player.instances() if each.is_activation]
    assert activation.variables == {"topic": "rent"}
    assert "topic" not in player.variables()


@pytest.mark.parametrize(
    "result",
    [
        model.AdHocResult(elements=(model.AdHocActivity(element="nothing"),)),
        model.AdHocResult(elements=(model.AdHocActivity(element="c"),)),
        model.AdHocResult(elements=(model.AdHocActivity(element="a"),), is_fulfilled=True),
        ListenerResult(is_denied=True),
    ],
    ids=["no such element", "not a beginning", "over and beginning", "of a listener"],
)
def test_a_decision_that_cannot_be_is_refused_and_changes_nothing(result):
    player = begun(with_decided(*AB, user("c"), flows("b>c")))
    before = player.snapshot
    with pytest.raises(ResultRefused):
        player.run(model.CompleteWork(key=player.work("S"), variables={"x": 1}, result=result))
    assert player.snapshot == before


@pytest.mark.parametrize(
    "answer",
    [
        {"denied": True},
        {"activateElements": "a"},
        {"activateElements": ["a"]},
        {"activateElements": [{"elementId": ""}]},
        {"activateElements": [{"elementId": "a", "variables": []}]},
        {"activateElements": [{"elementId": "a", "more": 1}]},
        {"isCompletionConditionFulfilled": "yes"},
        {"isCancelRemainingInstances": 1},
        {"variables": 1},
    ],
)
def test_an_answer_of_another_shape_is_refused(answer):
    with pytest.raises(ResultRefused):
        read_answer(answer)


def test_an_answer_is_read_as_camundas_clients_write_it():
    answer = {
        "type": "adHocSubProcess",
        "activateElements": [{"elementId": "a", "variables": {"x": 1}}, {"elementId": "b", "variables": None}],
        "isCompletionConditionFulfilled": None,
        "isCancelRemainingInstances": True,
    }
    activities = (model.AdHocActivity(element="a", variables={"x": 1}), model.AdHocActivity(element="b"))
    assert read_result(answer) == model.AdHocResult(elements=activities, cancel_remaining=True)


def test_a_handler_inside_decides_at_once_until_something_waits():
    told = []

    def decide(call):
        told.append(call.variables.get("outs"))
        if len(told) == 3:
            return {"isCompletionConditionFulfilled": True}
        chosen = "t" if len(told) == 1 else "a"
        return {"activateElements": [{"elementId": chosen, "variables": {"round": len(told)}}]}

    xml = with_decided(element("task", "t"), user("a"), outputCollection="outs", outputElement="=round")
    player = begun(xml, handlers=GivenHandlers(S=decide))
    assert (player.open(), told) == ("a", [[], [1]])
    player.do("a")
    assert (player.open(), told) == ("z", [[], [1], [1, 2]])
    assert jobs(player) == []


def test_a_handler_inside_that_never_comes_to_an_end_meets_the_step_limit():
    handlers = GivenHandlers(S=lambda _: {"activateElements": [{"elementId": "t"}]})
    player = begun(with_decided(element("task", "t")), handlers=handlers, step_limit=50)
    [incident] = player.told(model.IncidentRaised)
    assert incident.kind == "step-limit"


@pytest.mark.parametrize(
    "answer", [{"denied": True}, {"activateElements": [{"elementId": "q"}]}], ids=["shape", "element"]
)
def test_a_handler_inside_that_answers_wrongly_is_an_incident_and_asked_again(answer):
    answers = [answer, {"isCompletionConditionFulfilled": True}]
    player = begun(with_decided(*AB), handlers=GivenHandlers(S=lambda _: answers.pop(0)))
    assert player.open() == "!S"
    player.retry("S")
    assert player.open() == "z"


def test_a_handler_inside_may_throw_an_error_the_diagram_catches():
    def throw(_):
        raise model.BpmnError("X", "")

    nodes = (start(), decided("S", *AB), boundary("q", "S", error("X")), user("h"), end(), flows("s>S>e q>h>e"))
    assert begun(one_process(*nodes), handlers=GivenHandlers(S=throw)).open() == "h"
    assert begun(with_decided(*AB), handlers=GivenHandlers(S=throw)).open() == "!S"


def test_a_job_type_that_cannot_be_evaluated_is_an_incident_where_it_stands():
    xml = with_decided(*AB).replace(b'type="S"', b'type="=kind"')
    player = begun(xml)
    assert player.open() == "!S"
    player.retry("S", kind="S")
    assert player.open() == "S"


def test_the_collected_list_that_somebody_spoilt_is_an_incident_of_what_would_add_to_it():
    player = begun(with_decided(user("a"), outputCollection="outs", outputElement="=1"))
    player.decide("S", "a", outs=5)
    player.do("a")
    assert player.open() == "!S"
    [scope] = [each.key for each in player.instances() if each.element == "S" and not each.is_activation]
    player.run(model.SetVariables(scope=scope, variables={"outs": []}, local=True))
    player.retry("S")
    assert player.open() == "S"


def test_it_migrates_with_its_open_job():
    player = begun(with_decided(*AB))
    [compiled] = read(with_decided(*AB, user("c")).replace(b'"S"', b'"T"')).processes.values()
    player.definitions.processes = {**player.definitions.processes, "new": compiled}
    key = player.work("S")
    player.run(model.Migrate(source="P", target="new", mapping={"S": "T"}))
    assert [each.job for each in player.told(model.Moved) if each.element == "T"] == [key]
    player.decide("T", "c")
    assert player.open() == "c"


def test_it_does_not_migrate_to_one_that_decides_by_itself():
    player = begun(with_decided(*AB))
    plain = one_process(start(), element("adHocSubProcess", "S", *AB), user("z"), end(), flows("s>S>z>e"))
    [compiled] = read(plain).processes.values()
    player.definitions.processes = {**player.definitions.processes, "new": compiled}
    with pytest.raises(model.CannotModify):
        player.run(model.Migrate(source="P", target="new"))


@pytest.mark.parametrize(
    "drawn",
    [
        '<zeebe:adHoc activeElementsCollection="=[]"/>',
        "</bpmn:extensionElements><bpmn:completionCondition>=true</bpmn:completionCondition><bpmn:extensionElements>",
    ],
)
def test_what_the_diagram_would_decide_beside_the_worker_is_refused(drawn):
    xml = with_decided(*AB).replace(
        b'<zeebe:taskDefinition type="S"/>', f'<zeebe:taskDefinition type="S"/>{drawn}'.encode()
    )
    assert "two-implementations" in {each.code for each in lint(xml)}


def test_waiting_for_the_rest_is_decided_by_the_worker_alone():
    xml = with_decided(*AB).replace(b'id="S"', b'id="S" cancelRemainingInstances="false"')
    assert "two-implementations" in {each.code for each in lint(xml)}
