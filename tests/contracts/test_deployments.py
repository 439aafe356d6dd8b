"""Deploying: by whom, all or nothing, and what belongs together stays together."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.commands.deployments import DeployResources
from engine.commands.process_instances import CancelProcessInstance, SetVariables, StartProcessInstance
from engine.errors import DeploymentRefused, NotPermitted
from engine.model import SYSTEM, InstanceState, ProcessInstance, Resource
from tests.engines import REGION, EngineUnderTest, engine_on, person
from tests.processes.diagrams import call, document, end, flows, one_process, process, start, task, user

COUNTY = person("root", "civil_affairs/administrator", region="320481")
TOWN = person("kim", "township/administrator", region=REGION)


@pytest.fixture
def house(database_url: str) -> Iterator[EngineUnderTest]:
    with engine_on(database_url) as house:
        yield house


def files(**contents: bytes) -> tuple[Resource, ...]:
    return tuple(Resource(name=f"{name}.bpmn", kind="process", content=one) for name, one in contents.items())


def begin(house: EngineUnderTest, process_id: str) -> ProcessInstance:
    command = StartProcessInstance(process_id=process_id, variables={}, region=REGION, business_key="1")
    return house.engine.execute(command, actor=SYSTEM)


SIMPLE = one_process(start(), task("t"), end(), flows("s>t>e"))


def calling(name: str) -> bytes:
    """A caller bound to what was deployed with it; the name makes its file differ."""
    step = call("call", "Q", bindingType="deployment")
    return document(process(start(), step, task(name), end(), flows(f"s>call>{name}>e"), process_id="Caller"))


CALLED = document(process(start(), end(), flows("s>e"), process_id="Q"))


def test_only_who_administers_the_whole_county_deploys(house: EngineUnderTest) -> None:
    with pytest.raises(NotPermitted):
        house.engine.execute(DeployResources(resources=files(x=SIMPLE)), actor=TOWN)

    assert house.engine.execute(DeployResources(resources=files(x=SIMPLE)), actor=COUNTY).definitions[0].version == 1


def test_two_files_with_the_same_process_are_refused(house: EngineUnderTest) -> None:
    with pytest.raises(DeploymentRefused) as refused:
        house.engine.execute(DeployResources(resources=files(x=SIMPLE, y=SIMPLE)), actor=SYSTEM)

    assert [one.code for one in refused.value.findings if one.severity == "error"] == ["duplicate-key"]
    assert list(house.queries.definitions()) == []


def test_an_unchanged_file_keeps_its_version(house: EngineUnderTest) -> None:
    again = [house.engine.execute(DeployResources(resources=files(x=SIMPLE)), actor=SYSTEM) for _ in range(2)]

    assert [one.definitions[0].version for one in again] == [1, 1]


def test_what_is_bound_to_its_deployment_is_found_after_the_caller_changed(house: EngineUnderTest) -> None:
    for name in ("first", "second"):
        house.engine.execute(DeployResources(resources=files(caller=calling(name), q=CALLED)), actor=SYSTEM)

    view = house.queries.instance(begin(house, "Caller").id)

    assert (view.instance.state, view.incidents) == (InstanceState.COMPLETED, [])


def test_strangers_neither_cancel_nor_change_an_instance(house: EngineUnderTest) -> None:
    waiting = one_process(start(), user("u"), end(), flows("s>u>e"))
    house.engine.execute(DeployResources(resources=files(x=waiting)), actor=SYSTEM)
    instance = begin(house, "P")
    eve = person("eve", "township/clerk")

    with pytest.raises(NotPermitted):
        house.engine.execute(CancelProcessInstance(process_instance_id=instance.id, reason="x"), actor=eve)
    with pytest.raises(NotPermitted):
        house.engine.execute(SetVariables(process_instance_id=instance.id, scope_key=1, variables={"x": 1}), actor=eve)
    assert house.queries.instance(instance.id).instance.state is InstanceState.ACTIVE


def test_a_reference_that_leads_nowhere_is_refused_with_its_element(house: EngineUnderTest) -> None:
    with pytest.raises(DeploymentRefused) as refused:
        house.engine.execute(DeployResources(resources=files(caller=calling("x"))), actor=SYSTEM)

    (finding,) = [one for one in refused.value.findings if one.severity == "error"]
    assert (finding.code, finding.element_id) == ("process-not-deployed", "call")
    house.engine.execute(DeployResources(resources=files(q=CALLED)), actor=SYSTEM)
    with pytest.raises(DeploymentRefused):  # it is bound to what is deployed together with it
        house.engine.execute(DeployResources(resources=files(caller=calling("x"))), actor=SYSTEM)
    assert house.engine.execute(DeployResources(resources=files(caller=calling("x"), q=CALLED)), actor=SYSTEM)
