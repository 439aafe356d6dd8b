"""Messages and signals between process instances: each goes to the right one, once, and circles end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.commands.process_instances import StartProcessInstance
from engine.errors import RunawayRelay
from engine.model import SYSTEM, InstanceState, ProcessInstance
from tests.engines import REGION, EngineUnderTest, engine_on
from tests.processes.diagrams import catch, document, end, exclusive, flows, process, signal, start, throw


@pytest.fixture
def house(database_url: str) -> Iterator[EngineUnderTest]:
    with engine_on(database_url) as house:
        yield house


def begin(house: EngineUnderTest, process_id: str) -> ProcessInstance:
    command = StartProcessInstance(process_id=process_id, variables={}, region=REGION, business_key=process_id)
    return house.engine.execute(command, actor=SYSTEM)


def state(house: EngineUnderTest, instance: ProcessInstance) -> InstanceState:
    return house.queries.instance(instance.id).instance.state


def test_a_signal_sent_back_reaches_the_instance_that_began(house: EngineUnderTest) -> None:
    asking = process(
        start(), throw("ask", signal("one")), catch("hear", signal("two")), end(), flows("s>ask>hear>e"), process_id="A"
    )
    answering = process(
        start(),
        catch("listen", signal("one")),
        throw("answer", signal("two")),
        end(),
        flows("s>listen>answer>e"),
        process_id="B",
    )
    house.deploy(asking_bpmn=document(asking), answering_bpmn=document(answering))
    second = begin(house, "B")

    first = begin(house, "A")

    assert (state(house, first), state(house, second)) == (InstanceState.COMPLETED, InstanceState.COMPLETED)
    assert "not-caught" not in [one.action for one in house.queries.instance(first.id).history]


def test_two_instances_that_answer_each_other_without_end_are_stopped(house: EngineUnderTest) -> None:
    def echo(process_id: str, heard: str, said: str) -> str:
        return process(
            start(),
            exclusive("again"),
            catch("hear", signal(heard)),
            throw("say", signal(said)),
            flows("s>again>hear>say>again"),
            process_id=process_id,
        )

    shouting = process(start(), throw("shout", signal("ping")), end(), flows("s>shout>e"), process_id="C")
    house.deploy(
        one_bpmn=document(echo("A", "ping", "pong")),
        other_bpmn=document(echo("B", "pong", "ping")),
        shout_bpmn=document(shouting),
    )
    waiting = [begin(house, "A"), begin(house, "B")]

    with pytest.raises(RunawayRelay):
        begin(house, "C")

    assert [state(house, one) for one in waiting] == [InstanceState.ACTIVE] * 2
