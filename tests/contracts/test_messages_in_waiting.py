"""Messages that cannot be handed over yet: to suspended instances, to busy ones, many of one key at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from engine import exchange
from engine.commands.messages import Deliver, PublishMessage
from engine.commands.operations import ResumeProcessInstance, SuspendProcessInstance
from engine.commands.process_instances import StartProcessInstance
from engine.host import Host
from engine.job_executor import JobExecutor, WorkerSettings
from engine.model import SYSTEM, ProcessInstance
from storage.unit_of_work import ListenSignal
from tests.engines import REGION, EngineUnderTest, engine_on
from tests.processes.diagrams import catch, document, end, flows, mappings, message, process, start, throw, user, zeebe

MESSAGES = 6
HEARD = [f"hear{number}" for number in range(MESSAGES)]
LISTENER = document(
    process(
        start(),
        *(catch(one, message("paid", "=number"), mappings(None, {"heard": "=append(heard, turn)"})) for one in HEARD),
        user("u"),
        end(),
        flows("s>" + ">".join(HEARD) + ">u>e"),
    )
)

SENDER = document(
    process(
        start(),
        throw(
            "tell",
            message("paid"),
            zeebe("publishMessage", correlationKey="=number", timeToLive="PT2H"),
            mappings({"turn": "=turn"}),
        ),
        end(),
        flows("s>tell>e"),
        process_id="Sender",
    )
)


@pytest.fixture
def house(database_url: str) -> Iterator[EngineUnderTest]:
    with engine_on(database_url, Host(region="320481")) as house:
        house.deploy(p_bpmn=LISTENER, sender_bpmn=SENDER)
        yield house


def begin(house: EngineUnderTest, process_id: str = "P", **more: object) -> ProcessInstance:
    variables = {"number": "7", "heard": [], **more}
    command = StartProcessInstance(process_id=process_id, variables=variables, region=REGION, business_key="1")
    return house.engine.execute(command, actor=SYSTEM)


def suspend(house: EngineUnderTest, instance: ProcessInstance) -> None:
    house.engine.execute(SuspendProcessInstance(process_instance_id=instance.id, reason="x"), actor=SYSTEM)


def resume(house: EngineUnderTest, instance: ProcessInstance) -> None:
    house.engine.execute(ResumeProcessInstance(process_instance_id=instance.id, reason="x"), actor=SYSTEM)


def publish(house: EngineUnderTest, turn: int) -> None:
    command = PublishMessage(name="paid", correlation_key="7", time_to_live=timedelta(days=1), variables={"turn": turn})
    house.engine.execute(command, actor=SYSTEM)


def publish_all(house: EngineUnderTest) -> None:
    for turn in range(MESSAGES):
        publish(house, turn)


def deliveries(house: EngineUnderTest) -> list[tuple[int, int]]:
    """Return delivery and message of everything on its way, oldest message first."""
    with house.database.connect() as connection:
        rows = connection.execute(text("SELECT id, message_id FROM delivery ORDER BY message_id"))
        return [(row.id, row.message_id) for row in rows]


def heard(house: EngineUnderTest, instance: ProcessInstance) -> object:
    return house.queries.instance(instance.id).variables["heard"]


def work(house: EngineUnderTest) -> None:
    settings = WorkerSettings(name="worker", threads=1)
    JobExecutor(house.engine, signal=lambda: ListenSignal(house.database), settings=settings).run_until_idle()


def deliver(house: EngineUnderTest, delivery: tuple[int, int]) -> bool:
    return house.engine.execute(Deliver(delivery_id=delivery[0]), actor=SYSTEM)


def test_what_only_a_suspended_instance_waits_for_makes_no_work(house: EngineUnderTest) -> None:
    resting = begin(house)
    suspend(house, resting)

    publish_all(house)

    assert deliveries(house) == []
    resume(house, resting)
    assert heard(house, resting) == list(range(MESSAGES))
    assert deliveries(house) == []


def test_a_suspended_instance_does_not_keep_a_message_from_another_that_waits(house: EngineUnderTest) -> None:
    resting, awake = begin(house), begin(house)
    suspend(house, resting)

    publish_all(house)

    assert (heard(house, resting), heard(house, awake)) == ([], list(range(MESSAGES)))


def test_more_than_one_command_may_pass_on_goes_to_workers_once_each_and_in_order(
    house: EngineUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "RELAY_LIMIT", 2)
    resting = begin(house)
    suspend(house, resting)
    publish_all(house)

    resume(house, resting)
    assert heard(house, resting) == [0, 1]
    assert len(deliveries(house)) == MESSAGES - 2
    work(house)

    assert heard(house, resting) == list(range(MESSAGES))
    assert deliveries(house) == []


def test_each_message_for_somebody_busy_is_on_its_way_once(house: EngineUnderTest) -> None:
    target = begin(house)
    with house.database.connect() as connection:  # somebody works on the target
        connection.execute(text("SELECT 1 FROM process_instance WHERE id = :id FOR UPDATE"), {"id": target.id})
        for turn in (0, 1):
            begin(house, "Sender", turn=turn)
        connection.rollback()
    on_their_way = deliveries(house)
    assert len(on_their_way) == len({message_id for _, message_id in on_their_way}) == 2

    work(house)

    assert heard(house, target) == [0, 1]


def test_a_delivery_waits_for_one_of_an_older_message(house: EngineUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "RELAY_LIMIT", 0)
    resting = begin(house)
    suspend(house, resting)
    publish(house, 0)
    publish(house, 1)
    resume(house, resting)
    first, second = deliveries(house)
    monkeypatch.undo()

    assert not deliver(house, second)
    assert heard(house, resting) == []
    assert deliver(house, first)
    assert deliver(house, second)

    assert heard(house, resting) == [0, 1]


def test_a_delivery_that_failed_does_not_hold_up_newer_messages(
    house: EngineUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "RELAY_LIMIT", 0)
    resting = begin(house)
    suspend(house, resting)
    publish(house, 0)
    publish(house, 1)
    resume(house, resting)
    monkeypatch.undo()
    _, second = deliveries(house)
    with house.database.begin() as connection:
        connection.execute(text("UPDATE delivery SET failures = 1 WHERE id <> :id"), {"id": second[0]})

    assert deliver(house, second)

    assert heard(house, resting) == [1, 0]  # and by this one the first came along
