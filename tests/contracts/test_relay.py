"""Messages and signals between process instances: each goes to the right one, once, and circles end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine import exchange, sending
from engine.commands.failed_firings import RetryFiring
from engine.commands.incidents import ResolutionOutcome
from engine.commands.messages import BroadcastSignal
from engine.commands.process_instances import CancelProcessInstance, StartProcessInstance
from engine.job_executor import JobExecutor, WorkerSettings
from engine.model import SYSTEM, InstanceState, ProcessInstance
from engine.operation_queries import FailedFiring
from storage.operation_read_models import SqlOperationQueries
from storage.unit_of_work import ListenSignal
from tests.engines import REGION, EngineUnderTest, engine_on
from tests.processes.diagrams import (
    catch,
    document,
    element,
    end,
    exclusive,
    flows,
    loop,
    message,
    process,
    signal,
    start,
    throw,
    user,
    zeebe,
)  # fmt: skip


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


def echo(process_id: str, heard: str, said: str) -> str:
    return process(
        start(),
        exclusive("again"),
        catch("hear", signal(heard)),
        throw("say", signal(said)),
        flows("s>again>hear>say>again"),
        process_id=process_id,
    )


def work(house: EngineUnderTest) -> None:
    settings = WorkerSettings(name="worker", threads=1)
    JobExecutor(house.engine, signal=lambda: ListenSignal(house.database), settings=settings).run_until_idle()


def failed(house: EngineUnderTest) -> list[FailedFiring]:
    queries = SqlOperationQueries(house.database, house.keys, region=REGION[:6])
    return list(queries.failed_firings(SYSTEM, offset=0, limit=10))


def count(house: EngineUnderTest, query: str) -> int:
    with house.database.connect() as connection:
        return int(connection.exec_driver_sql(f"SELECT count(*) FROM {query}").scalar_one())


def test_two_instances_that_answer_each_other_without_end_stop_no_other_and_are_an_incident(
    house: EngineUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "RELAY_DEPTH", 250)
    shouting = process(start(), throw("shout", signal("ping")), end(), flows("s>shout>e"), process_id="C")
    house.deploy(
        one_bpmn=document(echo("A", "ping", "pong")),
        other_bpmn=document(echo("B", "pong", "ping")),
        shout_bpmn=document(shouting),
    )
    waiting = [begin(house, "A"), begin(house, "B")]

    assert state(house, begin(house, "C")) is InstanceState.COMPLETED
    assert failed(house) == []  # a hundred hands are a long way, and the rest is left to workers

    work(house)

    [held_back] = failed(house)
    assert "250" in held_back.reason
    assert [state(house, one) for one in waiting] == [InstanceState.ACTIVE] * 2
    assert count(house, "activity_instance WHERE element_id = 'say'") == 251


def test_a_circle_that_is_tried_again_goes_on_where_it_was_held_back_once_it_is_mended(
    house: EngineUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "RELAY_DEPTH", 10)
    house.deploy(
        one_bpmn=document(echo("A", "ping", "pong")),
        other_bpmn=document(echo("B", "pong", "ping")),
    )
    waiting = [begin(house, "A"), begin(house, "B")]
    house.engine.execute(BroadcastSignal(name="ping", variables={}), actor=SYSTEM)
    [held_back] = failed(house)

    other = waiting[0] if held_back.process_instance_id == waiting[0].id else waiting[1]
    house.engine.execute(CancelProcessInstance(process_instance_id=other.id, reason="a circle"), actor=SYSTEM)
    result = house.engine.execute(RetryFiring(firing_id=held_back.id), actor=SYSTEM)

    assert result.outcome is ResolutionOutcome.FIXED
    assert failed(house) == []


def test_a_process_that_a_signal_starts_and_that_sends_it_again_is_an_incident(
    house: EngineUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "RELAY_DEPTH", 120)
    house.deploy(
        again_bpmn=document(
            process(start("s", signal("go")), throw("again", signal("go")), end(), flows("s>again>e"), process_id="A")
        )
    )
    house.engine.execute(BroadcastSignal(name="go", variables={}), actor=SYSTEM)
    work(house)

    assert len(failed(house)) == 1


@pytest.mark.parametrize("many", [100, 101, 350])
def test_a_task_that_sends_a_message_for_each_of_many_reaches_them_all_once(house: EngineUnderTest, many: int) -> None:
    key = zeebe("publishMessage", correlationKey="=string(i)")
    sending = process(
        start(),
        element("sendTask", "send", key, loop(f"=for i in 1..{many} return i", "i"), messageRef="m_told"),
        end(),
        flows("s>send>e"),
        process_id="A",
    )
    hearing = process(start("s", message("told")), user("look"), end(), flows("s>look>e"), process_id="B")
    house.deploy(sending_bpmn=document(sending), told_bpmn=document(hearing))

    assert state(house, begin(house, "A")) is InstanceState.COMPLETED
    work(house)

    assert count(house, "process_instance WHERE process_id = 'B'") == many
    assert failed(house) == []


def test_equal_messages_beyond_what_one_command_passes_on_are_sent_once(
    house: EngineUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "RELAY_LIMIT", 1)
    same = zeebe("publishMessage", correlationKey='="k"', messageId='="same"')
    sending = process(
        start(),
        element("sendTask", "send", same, loop("=for i in 1..4 return i", "i"), messageRef="m_told"),
        end(),
        flows("s>send>e"),
        process_id="A",
    )
    hearing = process(start("s", message("told")), user("look"), end(), flows("s>look>e"), process_id="B")
    house.deploy(sending_bpmn=document(sending), hearing_bpmn=document(hearing))

    assert state(house, begin(house, "A")) is InstanceState.COMPLETED
    work(house)

    assert failed(house) == []
    assert count(house, "delivery") == 0
