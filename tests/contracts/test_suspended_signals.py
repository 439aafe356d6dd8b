"""Signals sent while an instance is suspended: kept, handed over when it is resumed, in order, once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from engine import exchange
from engine.commands.messages import BroadcastSignal
from engine.commands.operations import ResumeProcessInstance, SuspendProcessInstance
from engine.commands.process_instances import CancelProcessInstance, StartProcessInstance
from engine.commands.timers import NextDue
from engine.host import Context
from engine.job_executor import JobExecutor, WorkerSettings
from engine.model import SYSTEM, InstanceState, ProcessInstance
from storage.journal import journal_of
from storage.sealing import InstanceSeals
from storage.unit_of_work import ListenSignal, SqlUnitOfWork
from tests.engines import REGION, EngineUnderTest, engine_on
from tests.processes.diagrams import (
    boundary,
    catch,
    document,
    end,
    flows,
    process,
    signal,
    start,
    throw,
    user,
)

ONCE = process(start(), catch("hear", signal("news")), user("u"), end(), flows("s>hear>u>e"))
TWICE = process(
    start(), catch("first", signal("news")), catch("second", signal("news")), user("u"), end(),
    flows("s>first>second>u>e"),
)  # fmt: skip
EVERY = process(
    start(),
    user("u"),
    boundary("b", "u", signal("news"), interrupting=False),
    user("told"),
    end(),
    end("e2"),
    flows("s>u>e b>told>e2"),
)
THROWS = process(start(), throw("say", signal("news")), end(), flows("s>say>e"), process_id="Throws")


@pytest.fixture
def house(database_url: str) -> Iterator[EngineUnderTest]:
    with engine_on(database_url) as house:
        yield house


def begin(house: EngineUnderTest, process_id: str = "P") -> ProcessInstance:
    command = StartProcessInstance(process_id=process_id, variables={}, region=REGION, business_key=process_id)
    return house.engine.execute(command, actor=SYSTEM)


def suspend(house: EngineUnderTest, instance: ProcessInstance) -> None:
    house.engine.execute(SuspendProcessInstance(process_instance_id=instance.id, reason="核查"), actor=SYSTEM)


def resume(house: EngineUnderTest, instance: ProcessInstance) -> None:
    house.engine.execute(ResumeProcessInstance(process_instance_id=instance.id, reason="查清"), actor=SYSTEM)


def send(house: EngineUnderTest, **variables: object) -> int:
    return house.engine.execute(BroadcastSignal(name="news", variables=variables), actor=SYSTEM)


def worker(house: EngineUnderTest) -> JobExecutor[SqlUnitOfWork]:
    settings = WorkerSettings(name="w", threads=1)
    return JobExecutor(house.engine, signal=lambda: ListenSignal(house.database), settings=settings)


def standing(house: EngineUnderTest, instance: ProcessInstance) -> list[str]:
    found = house.queries.instance(instance.id)
    return sorted(one.element_id for one in found.activities if one.left_at is None and one.tag != "process")


def heard(house: EngineUnderTest, instance: ProcessInstance) -> list[object]:
    """Return the number each run was told, in order."""
    with house.database.connect() as connection:
        journal = journal_of(connection, InstanceSeals(connection, house.keys), instance.id)
    return [
        line.more["value"]
        for entry in journal
        for line in entry.lines
        if line.kind == "variable-set" and line.more["name"] == "n"
    ]


def kept(house: EngineUnderTest, table: str = "delivery") -> int:
    with house.database.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def test_a_signal_waits_for_a_suspended_instance_and_goes_at_once_to_the_others(house: EngineUnderTest) -> None:
    house.deploy(p_bpmn=document(ONCE))
    resting, running = begin(house), begin(house)
    suspend(house, resting)

    assert send(house, n=1) == 2
    assert (standing(house, running), standing(house, resting)) == (["u"], ["hear"])
    assert worker(house).run_until_idle() == 0  # it is not tried again and again
    assert house.engine.execute(NextDue(job_types=[]), actor=SYSTEM) is None
    house.clock.move(days=30)
    assert worker(house).run_until_idle() == 0

    resume(house, resting)
    assert standing(house, resting) == ["u"]
    assert house.queries.instance(resting.id).variables == {"n": 1}
    assert kept(house) == 0
    worker(house).run_until_idle()
    assert kept(house, "message") == 0


def test_signals_are_handed_over_in_the_order_they_were_sent(house: EngineUnderTest) -> None:
    house.deploy(p_bpmn=document(EVERY))
    resting = begin(house)
    suspend(house, resting)
    for number in range(5):
        send(house, n=number)

    resume(house, resting)

    assert heard(house, resting) == [0, 1, 2, 3, 4]
    assert standing(house, resting) == ["told"] * 5 + ["u"]
    resting_again = house.queries.instance(resting.id).instance
    suspend(house, resting_again)
    resume(house, resting_again)
    assert heard(house, resting) == [0, 1, 2, 3, 4]  # once


def test_a_signal_is_for_what_waited_when_it_was_sent(house: EngineUnderTest) -> None:
    house.deploy(p_bpmn=document(TWICE))
    resting = begin(house)
    suspend(house, resting)
    send(house, n=1)
    send(house, n=2)

    resume(house, resting)

    assert standing(house, resting) == ["second"]  # both were sent to the first
    assert heard(house, resting) == [1]
    assert kept(house) == 0


def test_more_signals_than_one_transaction_takes_are_handed_over_in_order_by_workers(
    house: EngineUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.deploy(p_bpmn=document(EVERY))
    resting = begin(house)
    suspend(house, resting)
    for number in range(7):
        send(house, n=number)
    monkeypatch.setattr(exchange, "SIGNAL_LIMIT", 3)

    resume(house, resting)
    assert heard(house, resting) == [0, 1, 2]
    assert worker(house).run_until_idle() == 4
    assert heard(house, resting) == list(range(7))


def test_a_signal_thrown_by_another_process_waits_too(house: EngineUnderTest) -> None:
    house.deploy(p_bpmn=document(ONCE), throws_bpmn=document(THROWS))
    resting = begin(house)
    suspend(house, resting)

    thrower = begin(house, "Throws")
    assert "not-caught" not in [one.action for one in house.queries.instance(thrower.id).history]
    resume(house, resting)

    assert standing(house, resting) == ["u"]


def test_a_signal_for_an_instance_cancelled_meanwhile_is_forgotten(house: EngineUnderTest) -> None:
    house.deploy(p_bpmn=document(ONCE))
    resting = begin(house)
    suspend(house, resting)
    send(house)
    house.engine.execute(CancelProcessInstance(process_instance_id=resting.id, reason="重复"), actor=SYSTEM)

    worker(house).run_until_idle()

    assert (kept(house), house.queries.instance(resting.id).instance.state) == (0, InstanceState.CANCELLED)
    house.clock.move(minutes=2)
    worker(house).run_until_idle()
    assert kept(house, "message") == 0


def test_a_signal_sent_while_the_instance_is_being_suspended_is_not_lost(house: EngineUnderTest) -> None:
    """The sender finds the instance busy and leaves a delivery; by its turn the instance rests."""
    house.deploy(p_bpmn=document(ONCE))
    other = begin(house)  # a sender waits for the first one alone, in the order of ids, which grow with time
    house.clock.move(seconds=1)
    resting = begin(house)
    sent: list[int] = []

    class SuspendMeanwhile:
        def execute(self, context: Context[SqlUnitOfWork]) -> None:
            SuspendProcessInstance(process_instance_id=resting.id, reason="x").execute(context)
            with ThreadPoolExecutor(1) as pool:
                sent.append(pool.submit(send, house, n=1).result())

    house.engine.execute(SuspendMeanwhile(), actor=SYSTEM)
    assert (sent, standing(house, other), standing(house, resting)) == ([2], ["u"], ["hear"])
    house.clock.move(minutes=5)
    assert worker(house).run_until_idle() == 0

    resume(house, resting)
    assert (standing(house, resting), heard(house, resting)) == (["u"], [1])
