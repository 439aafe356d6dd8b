"""Messages on PostgreSQL: kept, correlated once, in order, expired, never lost between two transactions."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import text

from engine.commands.messages import CorrelateMessage, ForgetExpiredMessages, PublishMessage
from engine.commands.operations import ResumeProcessInstance, SuspendProcessInstance
from engine.commands.process_instances import CancelProcessInstance, StartProcessInstance
from engine.core import model as core
from engine.errors import ConcurrentChange, DuplicateMessage, InvalidMessage, NotCorrelated, NotPermitted
from engine.execution import operable_instance
from engine.host import Host
from engine.job_executor import JobExecutor, WorkerSettings
from engine.model import SYSTEM, InstanceState, ProcessInstance
from engine.relay import advance
from storage.unit_of_work import ListenSignal
from tests.engines import REGION, EngineUnderTest, engine_on, person
from tests.processes.diagrams import (
    catch,
    document,
    end,
    flows,
    mappings,
    message,
    process,
    receive,
    start,
    throw,
    user,
    zeebe,
)

DAY = timedelta(days=1)
MOST_TRIES = 20
WAITING = process(start(), catch("hear", message("paid", "=number")), user("u"), end(), flows("s>hear>u>e"))
OTHER = process(
    start(), catch("hear", message("paid", "=number")), user("u"), end(), flows("s>hear>u>e"), process_id="Other"
)
STARTED = process(start("begin", message("paid")), user("u"), end(), flows("begin>u>e"), process_id="Started")


@pytest.fixture
def house(database_url: str) -> Iterator[EngineUnderTest]:
    with engine_on(database_url, Host(region="320481")) as house:
        yield house


def begin(house: EngineUnderTest, process_id: str = "P", **variables: object) -> ProcessInstance:
    command = StartProcessInstance(process_id=process_id, variables=variables, region=REGION, business_key="1")
    return house.engine.execute(command, actor=SYSTEM)


def publish(
    house: EngineUnderTest,
    key: str | None = "7",
    *,
    keep: timedelta = DAY,
    identifier: str | None = None,
    **more: object,
) -> list[ProcessInstance]:
    command = PublishMessage(
        name="paid", correlation_key=key, time_to_live=keep, message_id=identifier, variables=dict(more)
    )
    return house.engine.execute(command, actor=SYSTEM)


def work(house: EngineUnderTest, name: str = "worker") -> int:
    executor = JobExecutor(
        house.engine, signal=lambda: ListenSignal(house.database), settings=WorkerSettings(name=name, threads=1)
    )
    return executor.run_until_idle()


def variables(house: EngineUnderTest, instance: ProcessInstance) -> dict[str, object]:
    return dict(house.queries.instance(instance.id).variables)


def instances(house: EngineUnderTest, process_id: str) -> list[tuple[str, str, str]]:
    with house.database.connect() as connection:
        query = text(
            "SELECT state, region, business_key FROM process_instance WHERE process_id = :id ORDER BY started_at"
        )
        return [tuple(row) for row in connection.execute(query, {"id": process_id})]


def count(house: EngineUnderTest, table: str) -> int:
    with house.database.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def test_a_message_waits_for_who_begins_to_wait_later(house: EngineUnderTest) -> None:
    house.deploy(p_bpmn=document(WAITING))
    assert publish(house, amount=5) == []

    late = begin(house, number="7")

    assert variables(house, late) == {"number": "7", "amount": 5}
    assert "message" in [one.action for one in house.queries.instance(late.id).history]


def test_a_suspended_instance_gets_what_was_kept_for_it_once_it_is_resumed(house: EngineUnderTest) -> None:
    house.deploy(p_bpmn=document(WAITING))
    resting = begin(house, number="7")
    house.engine.execute(SuspendProcessInstance(process_instance_id=resting.id, reason="x"), actor=SYSTEM)

    assert publish(house, amount=5) == []
    work(house)
    assert variables(house, resting) == {"number": "7"}

    house.engine.execute(ResumeProcessInstance(process_instance_id=resting.id, reason="x"), actor=SYSTEM)
    work(house)

    assert variables(house, resting) == {"number": "7", "amount": 5}
    assert [task.element_id for task in house.queries.instance(resting.id).tasks] == ["u"]


def test_messages_are_handed_over_in_the_order_of_publication(house: EngineUnderTest) -> None:
    twice = process(
        start(), receive("one", "paid", "=number"),
        catch("two", message("paid", "=number"), mappings(None, {"b": "=turn"})),
        user("u"), end(), flows("s>one>two>u>e"),
    )  # fmt: skip
    house.deploy(p_bpmn=document(twice))
    publish(house, turn=1)
    publish(house, turn=2)

    first, second, third = (begin(house, number="7") for _ in range(3))

    assert [one.element_id for one in house.queries.instance(first.id).subscriptions] == []
    assert variables(house, first)["turn"] == 1
    assert variables(house, first)["b"] == 2
    assert variables(house, second) == variables(house, third) == {"number": "7"}


def test_a_message_without_time_to_live_is_only_for_who_waits_now(house: EngineUnderTest) -> None:
    house.deploy(p_bpmn=document(WAITING))
    publish(house, keep=timedelta(), amount=1)
    instance = begin(house, number="7")
    assert "amount" not in variables(house, instance)

    (reached,) = publish(house, keep=timedelta(), amount=2)

    assert (reached.id, variables(house, instance)["amount"]) == (instance.id, 2)
    assert count(house, "message") == 0


def test_a_message_expires_and_is_forgotten(house: EngineUnderTest) -> None:
    house.deploy(p_bpmn=document(WAITING))
    publish(house, amount=1)
    house.clock.move(days=1)

    instance = begin(house, number="7")
    work(house)

    assert "amount" not in variables(house, instance)
    assert count(house, "message") == 0
    assert house.engine.execute(ForgetExpiredMessages(limit=10), actor=SYSTEM) == 0


def test_an_equal_message_is_refused_while_it_is_kept(house: EngineUnderTest) -> None:
    house.deploy(p_bpmn=document(WAITING))
    publish(house, identifier="m-1")
    for keep in (DAY, timedelta()):
        with pytest.raises(DuplicateMessage):
            publish(house, identifier="m-1", keep=keep)
    publish(house, "8", identifier="m-1")
    publish(house, identifier="m-2")
    house.clock.move(days=1)

    publish(house, identifier="m-1")  # the first one is over

    assert count(house, "message") == 3


def test_a_message_goes_once_to_each_process_and_to_several_processes(house: EngineUnderTest) -> None:
    house.deploy(p_bpmn=document(WAITING), other_bpmn=document(OTHER), started_bpmn=document(STARTED))
    first, other = begin(house, number="7"), begin(house, "Other", number="7")
    house.clock.move(seconds=1)
    second = begin(house, number="7")

    reached = publish(house, amount=1)

    assert {one.id for one in reached} >= {first.id, other.id}
    assert (len(reached), [one[0] for one in instances(house, "Started")]) == (3, ["active"])
    assert "amount" not in variables(house, second)
    third = begin(house, "Other", number="7")
    assert "amount" not in variables(house, third)


def test_correlating_fails_when_nobody_waits_and_keeps_nothing(house: EngineUnderTest) -> None:
    house.deploy(p_bpmn=document(WAITING))
    command = CorrelateMessage(name="paid", correlation_key="7", variables={})
    with pytest.raises(NotCorrelated):
        house.engine.execute(command, actor=SYSTEM)
    instance = begin(house, number="7")

    assert house.engine.execute(command, actor=SYSTEM).id == instance.id
    assert count(house, "message") == 0


def test_only_administrators_publish_and_correlate(house: EngineUnderTest) -> None:
    house.deploy(p_bpmn=document(WAITING))
    begin(house, number="7")
    town = person("kim", "township/administrator")
    stranger = person("eve", "township/clerk")
    correlate = CorrelateMessage(name="paid", correlation_key="7", variables={})
    for actor, command in (
        (town, PublishMessage(name="paid", correlation_key="7", variables={})),
        (stranger, correlate),
    ):
        with pytest.raises(NotPermitted):
            house.engine.execute(command, actor=actor)
    assert house.engine.execute(correlate, actor=town).state is InstanceState.ACTIVE  # its own region


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 257},
        {"correlation_key": "x" * 257},
        {"message_id": "x" * 257},
        {"time_to_live": timedelta(days=400)},
        {"time_to_live": timedelta(seconds=-1)},
    ],
)
def test_a_message_out_of_reach_is_refused(house: EngineUnderTest, wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidMessage):
        house.engine.execute(PublishMessage(**{"name": "paid", "variables": {}, **wrong}), actor=SYSTEM)


def test_what_a_kept_message_says_stands_sealed_in_the_database(house: EngineUnderTest) -> None:
    publish(house, applicant="王秀英")
    with house.database.connect() as connection:
        (sealed,) = connection.execute(text("SELECT variables FROM message")).scalars()
    assert "王秀英".encode() not in bytes(sealed)


def test_a_thrown_message_waits_as_long_as_drawn(house: EngineUnderTest) -> None:
    thrown = zeebe("publishMessage", correlationKey="=number", messageId='="m-" + sent', timeToLive="PT2H")
    sending = process(start(), throw("tell", message("paid"), thrown), end(), flows("s>tell>e"), process_id="Sender")
    house.deploy(p_bpmn=document(WAITING), sender_bpmn=document(sending))
    begin(house, "Sender", number="7", sent="1")
    again = begin(
        house, "Sender", number="7", sent="1"
    )  # an equal message: the sender goes on, nothing is published twice
    assert count(house, "message") == 1
    (told,) = [one for one in house.queries.instance(again.id).history if one.action == "not-caught"]
    assert told.details["duplicate"] is True

    house.clock.move(hours=1)
    instance = begin(house, number="7")

    assert [one.element_id for one in house.queries.instance(instance.id).tasks] == ["u"]


def test_a_message_starts_an_instance_with_its_case_and_region(house: EngineUnderTest) -> None:
    house.deploy(started_bpmn=document(STARTED))
    command = PublishMessage(name="paid", variables={"amount": 3}, region="320481002", business_key="JZ-9")

    (started,) = house.engine.execute(command, actor=SYSTEM)

    view = house.queries.instance(started.id)
    assert (view.instance.region, view.instance.business_key) == ("320481002", "JZ-9")
    assert (view.variables, [one.element_id for one in view.tasks]) == ({"amount": 3}, ["u"])
    (plain,) = publish(house, None)
    assert (plain.region, plain.business_key) == ("320481", "")


def test_the_variables_of_a_start_message_pass_through_its_output_mappings(house: EngineUnderTest) -> None:
    mapped = process(
        start("begin", message("paid"), mappings(None, {"total": "=amount + 1"})), user("u"), end(), flows("begin>u>e")
    )
    house.deploy(p_bpmn=document(mapped))

    (started,) = publish(house, amount=3)

    assert variables(house, started) == {"total": 4}


def test_one_instance_a_key_is_active_and_the_next_message_waits_for_its_end(house: EngineUnderTest) -> None:
    house.deploy(started_bpmn=document(STARTED))
    (first,) = publish(house, turn=1)
    assert publish(house, turn=2) == []
    assert publish(house, keep=timedelta(), turn=3) == []  # nobody keeps it
    assert len(publish(house, "8", turn=4)) == 1
    assert len(publish(house, None)) == len(publish(house, None)) == 1  # without a key always

    house.engine.execute(CancelProcessInstance(process_instance_id=first.id, reason="x"), actor=SYSTEM)

    with house.database.connect() as connection:
        query = text("SELECT id FROM process_instance WHERE correlation_key = '7' AND state = 'active'")
        (following,) = connection.execute(query).scalars()
    assert variables(house, house.queries.instance(following).instance) == {"turn": 2}


def test_a_new_version_takes_the_start_message_over(house: EngineUnderTest) -> None:
    house.deploy(started_bpmn=document(STARTED))
    (first,) = publish(house, turn=1)
    publish(house, turn=2)
    newer = STARTED.replace('id="u"', 'id="v"').replace('"u"', '"v"')
    house.deploy(started_bpmn=document(newer))

    house.engine.execute(CancelProcessInstance(process_instance_id=first.id, reason="x"), actor=SYSTEM)

    assert [one[0] for one in instances(house, "Started")] == ["cancelled", "active"]
    plain = process(start(), user("w"), end(), flows("s>w>e"), process_id="Started")
    house.deploy(started_bpmn=document(plain))
    assert publish(house, None) == []


def test_a_message_from_before_the_first_version_starts_nothing(house: EngineUnderTest) -> None:
    publish(house, None)
    publish(house)
    house.clock.move(minutes=1)
    house.deploy(started_bpmn=document(STARTED), p_bpmn=document(WAITING))

    begin(house, number="7")
    work(house)

    assert instances(house, "Started") == []


def test_publishing_and_beginning_to_wait_at_once_always_meet(house: EngineUnderTest) -> None:
    """Both orders of two transactions, many times: with the locks taken out this fails within a few rounds."""
    house.deploy(p_bpmn=document(WAITING))
    rounds = 25
    with ThreadPoolExecutor(2) as pool:
        for number in range(rounds):
            gate = Barrier(2)

            def waits(key: str = str(number), gate: Barrier = gate) -> ProcessInstance:
                gate.wait(30)
                return begin(house, number=key)

            def publishes(key: str = str(number), gate: Barrier = gate) -> object:
                gate.wait(30)
                return publish(house, key, amount=1)

            both = [pool.submit(waits), pool.submit(publishes)]
            for one in both:
                one.result(60)
    work(house)

    with house.database.connect() as connection:
        left = connection.execute(text("SELECT count(*) FROM event_subscription")).scalar_one()
    assert (left, count(house, "delivery")) == (0, 0)


def test_many_publishers_and_workers_give_each_message_to_one_instance_once(house: EngineUnderTest) -> None:
    house.deploy(p_bpmn=document(WAITING), started_bpmn=document(STARTED))
    waiting = [begin(house, number=str(number % 3)) for number in range(12)]
    with ThreadPoolExecutor(4) as pool:

        def send(number: int) -> None:
            while True:
                try:
                    publish(house, str(number % 3), turn=number, identifier=str(number))
                except ConcurrentChange:
                    continue
                return

        list(pool.map(send, range(12)))
        list(pool.map(lambda number: work(house, f"worker-{number}"), range(3)))
    for _ in range(MOST_TRIES):  # whoever was busy is tried again later, and may be busy then too
        if count(house, "delivery") == 0:
            break
        house.clock.move(seconds=5)
        work(house)

    assert count(house, "delivery") == 0
    got = sorted(variables(house, one)["turn"] for one in waiting)
    assert got == list(range(12))
    assert [one[0] for one in instances(house, "Started")] == ["active"] * 3


def test_a_message_for_somebody_busy_is_delivered_later(house: EngineUnderTest) -> None:
    sending = process(
        start(), user("first"), throw("tell", message("paid"), zeebe("publishMessage", correlationKey="=number")),
        end(),
        flows("s>first>tell>e"), process_id="Sender",
    )  # fmt: skip
    house.deploy(p_bpmn=document(WAITING), sender_bpmn=document(sending))
    target, sender = begin(house, number="7"), begin(house, "Sender", number="7")
    (task,) = house.queries.instance(sender.id).tasks
    with house.database.connect() as connection:  # somebody works on the target
        connection.execute(text("SELECT 1 FROM process_instance WHERE id = :id FOR UPDATE"), {"id": target.id})
        complete(house, sender, task.key)
        assert house.queries.instance(sender.id).instance.state is InstanceState.COMPLETED
        connection.rollback()
    assert house.queries.instance(target.id).tasks == []

    work(house)

    assert [one.element_id for one in house.queries.instance(target.id).tasks] == ["u"]


def complete(house: EngineUnderTest, instance: ProcessInstance, key: int) -> None:
    class Complete:
        def execute(self, context):
            locked = operable_instance(context, instance.id)
            return advance(context, locked, core.CompleteWork(key=key, variables={}))

    house.engine.execute(Complete(), actor=SYSTEM)


def test_a_message_to_a_suspended_case_is_refused_with_the_hint_that_it_rests(house: EngineUnderTest) -> None:
    house.deploy(p_bpmn=document(WAITING))
    resting = begin(house, number="7")
    house.engine.execute(SuspendProcessInstance(process_instance_id=resting.id, reason="x"), actor=SYSTEM)
    command = CorrelateMessage(name="paid", correlation_key="7", variables={})
    with pytest.raises(NotCorrelated) as refused:
        house.engine.execute(command, actor=SYSTEM)
    assert "1 个等待它的流程已挂起" in refused.value.text("zh")
    assert "suspended" in refused.value.text("en")
    stranger = person("far", "civil_affairs/administrator", region="320481009")
    with pytest.raises(NotCorrelated) as unseen:
        house.engine.execute(command, actor=stranger)
    assert "挂起" not in unseen.value.text("zh")
