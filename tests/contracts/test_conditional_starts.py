"""Conditional start events on PostgreSQL: looked at when somebody asks, of the newest version of each process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from engine.commands.conditions import EvaluateConditions
from engine.errors import DeploymentRefused, NotFound, NotPermitted
from engine.host import Host
from engine.json_values import JsonValue
from engine.model import SYSTEM, ProcessInstance
from tests.engines import REGION, EngineUnderTest, engine_on, person
from tests.processes.diagrams import catch, conditional, document, end, flows, mappings, message, process, start, user


def knows(_: object, instance: ProcessInstance) -> Mapping[str, JsonValue]:
    """Lend what the office knows of a case by its number."""
    return {"case": {"members": 5 if instance.business_key == "2026-5" else 1}}


@pytest.fixture
def house(database_url: str) -> Iterator[EngineUnderTest]:
    with engine_on(database_url, Host(roots=knows, region="320481")) as house:
        yield house


def started_by(*conditions: str, process_id: str = "S", drawn: str = "", **filters: str) -> bytes:
    nodes = [
        start(f"s{number}", drawn, conditional(condition, **filters)) for number, condition in enumerate(conditions)
    ]
    paths = " ".join(f"s{number}>u" for number in range(len(conditions)))
    return document(process(*nodes, user("u"), end(), flows(f"{paths} u>e"), process_id=process_id))


def evaluate(house: EngineUnderTest, process_id: str | None = None, **variables: JsonValue) -> list[tuple[str, str]]:
    """Ask, and return which processes began at which start events."""
    started = house.engine.execute(EvaluateConditions(variables=variables, process_id=process_id), actor=SYSTEM)
    return [(one.process_id, place(house, one)) for one in started]


def place(house: EngineUnderTest, instance: ProcessInstance) -> str:
    [line] = [one for one in house.queries.instance(instance.id).history if one.action == "started"]
    return str(line.details["startEvent"])


def test_every_process_whose_condition_is_true_starts_and_gets_the_variables(house: EngineUnderTest) -> None:
    house.deploy(low_bpmn=started_by("=income < 1000", process_id="L"))
    house.deploy(high_bpmn=started_by("=income > 9000", process_id="H"))
    house.deploy(any_bpmn=started_by("=income > 0", process_id="A", drawn=mappings({}, {"seen": "=income + 1"})))
    started = house.engine.execute(EvaluateConditions(variables={"income": 500}), actor=SYSTEM)
    assert [one.process_id for one in started] == ["A", "L"]
    assert [house.queries.instance(one.id).variables for one in started] == [{"seen": 501}, {"income": 500}]
    assert {one.region for one in started} == {"320481"}


def test_each_true_condition_of_a_process_starts_an_instance_and_one_process_can_be_named(
    house: EngineUnderTest,
) -> None:
    house.deploy(s_bpmn=started_by("=x > 1", "=x > 2", "=x > 3"))
    house.deploy(t_bpmn=started_by("=x > 1", process_id="T"))
    assert evaluate(house, x=3) == [("S", "s0"), ("S", "s1"), ("T", "s0")]
    assert evaluate(house, process_id="T", x=3) == [("T", "s0")]
    assert evaluate(house, x=1) == []
    with pytest.raises(NotFound):
        evaluate(house, process_id="U")


def test_a_condition_that_fails_or_is_null_or_no_boolean_starts_nothing(house: EngineUnderTest) -> None:
    house.deploy(s_bpmn=started_by("=missing > 1", '=x + "a"', "=x"))
    assert evaluate(house, x=3) == []


def test_only_the_newest_version_is_looked_at(house: EngineUnderTest) -> None:
    house.deploy(s_bpmn=started_by("=x > 1"))
    house.deploy(s_bpmn=started_by("=x > 5"))
    assert evaluate(house, x=3) == []
    assert evaluate(house, x=6) == [("S", "s0")]
    house.deploy(s_bpmn=document(process(start(), user("u"), end(), flows("s>u>e"), process_id="S")))
    assert evaluate(house, x=6) == []


def test_a_filter_asks_for_one_of_its_variables(house: EngineUnderTest) -> None:
    house.deploy(s_bpmn=started_by("=case.members > 0", variableNames="paid, owed"))
    assert evaluate(house, x=3) == []
    assert evaluate(house, owed=0) == [("S", "s0")]


def test_a_condition_sees_the_case_of_the_business_key_and_the_instance_belongs_there(house: EngineUnderTest) -> None:
    house.deploy(s_bpmn=started_by("=case.members > count(present)"))
    for number, expected in (("2026-1", 0), ("2026-5", 1)):
        asked = EvaluateConditions(variables={"present": [1, 2]}, region=REGION, business_key=number)
        started = house.engine.execute(asked, actor=SYSTEM)
        assert len(started) == expected
    assert (started[0].region, started[0].business_key) == (REGION, "2026-5")


def test_what_is_started_goes_on_with_what_waits_for_it(house: EngineUnderTest) -> None:
    nodes = (start("s", conditional("=x > 1")), catch("c", message("M", "=x")), end(), flows("s>c>e"))
    house.deploy(s_bpmn=document(process(*nodes, process_id="S")))
    [instance] = house.engine.execute(EvaluateConditions(variables={"x": 2}), actor=SYSTEM)
    assert [one.correlation_key for one in house.queries.instance(instance.id).subscriptions] == ["2"]


def test_the_same_condition_twice_in_a_process_is_refused(house: EngineUnderTest) -> None:
    with pytest.raises(DeploymentRefused) as refused:
        house.deploy(s_bpmn=started_by("=x > 1", "=x > 1"))
    assert [one.code for one in refused.value.findings if one.severity == "error"] == ["start-event-twice"]


def test_only_administrators_of_the_whole_installation_ask(house: EngineUnderTest) -> None:
    with pytest.raises(NotPermitted):
        house.engine.execute(EvaluateConditions(variables={}), actor=person("ann", "township/clerk"))
