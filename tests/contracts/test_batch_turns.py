"""Batches beside each other and beside people's work: they take turns, cost little, and hold up nobody."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import select, text

from engine.batches import BatchKind, BatchOperation, BatchState, InstanceFilter, ItemState
from engine.commands.batches import Asked, CreateBatch, DoBatchItem, ResumeBatch, RetryBatchItems, SuspendBatch
from engine.commands.operations import ResumeProcessInstance
from engine.commands.process_instances import StartProcessInstance
from engine.commands.user_tasks import ClaimUserTask
from engine.errors import EngineError
from engine.host import Host
from engine.model import SYSTEM, Actor, ProcessInstance
from engine.operation_errors import BatchNotNarrowed, NothingSelected
from storage.batches import SqlBatches
from storage.tables.operations import batch_item, batch_operation
from tests.engines import REGION, EngineUnderTest, engine_on, person
from tests.processes.diagrams import end, extension, flows, one_process, start, user

CHIEF = person("chief", "civil_affairs/supervisor", region="320481")
ANN = person("ann", "township/clerk")
TO_CLERKS = extension('<zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="township/clerk"/>')
ELSEWHERE = "320481999"


@pytest.fixture
def house(database_url: str) -> Iterator[EngineUnderTest]:
    with engine_on(database_url, Host(region="320481")) as house:
        house.deploy(p_bpmn=one_process(start(), user("make", TO_CLERKS), end(), flows("s>make>e")))
        yield house


def begin(house: EngineUnderTest) -> ProcessInstance:
    command = StartProcessInstance(process_id="P", variables={}, region=REGION, business_key="1")
    return house.engine.execute(command, actor=SYSTEM)


def suspend_all(house: EngineUnderTest, actor: Actor = CHIEF) -> BatchOperation:
    asked = Asked(kind=BatchKind.SUSPEND, reason="x", everything=True)
    return house.engine.execute(CreateBatch(asked=asked), actor=actor)


def cancel(house: EngineUnderTest, instance: ProcessInstance) -> BatchOperation:
    asked = Asked(kind=BatchKind.CANCEL, filter=InstanceFilter(ids=(instance.id,)), reason="urgent")
    return house.engine.execute(CreateBatch(asked=asked), actor=CHIEF)


def do_one(house: EngineUnderTest, batch_id: UUID | None = None) -> bool:
    house.clock.move(seconds=1)
    return house.engine.execute(DoBatchItem(batch_id=batch_id), actor=SYSTEM)


def states(house: EngineUnderTest, batch: BatchOperation) -> list[str]:
    with house.database.connect() as connection:
        query = select(batch_item.c.state).where(batch_item.c.batch_id == batch.id)
        return list(connection.execute(query.order_by(batch_item.c.number)).scalars())


def state(house: EngineUnderTest, batch: BatchOperation) -> str:
    with house.database.connect() as connection:
        return connection.execute(select(batch_operation.c.state).where(batch_operation.c.id == batch.id)).scalar_one()


def test_a_small_batch_does_not_wait_behind_a_large_one(house: EngineUnderTest) -> None:
    for _ in range(6):
        begin(house)
    large = suspend_all(house)
    do_one(house)
    do_one(house)
    small = cancel(house, begin(house))

    do_one(house)

    assert (states(house, small), state(house, small)) == (["done"], "completed")
    assert states(house, large) == ["done"] * 2 + ["waiting"] * 4


def test_two_large_batches_take_turns(house: EngineUnderTest) -> None:
    for _ in range(4):
        begin(house)
    first, second = suspend_all(house), suspend_all(house)
    for _ in range(4):
        do_one(house)

    assert [states(house, one).count("waiting") for one in (first, second)] == [2, 2]
    while do_one(house):
        pass
    assert [state(house, one) for one in (first, second)] == ["completed", "completed"]


def test_a_named_batch_is_done_alone(house: EngineUnderTest) -> None:
    for _ in range(2):
        begin(house)
    first, second = suspend_all(house), suspend_all(house)

    while do_one(house, second.id):
        pass

    assert (state(house, first), state(house, second)) == ("created", "completed")


def test_taking_an_item_reads_a_few_rows_however_many_wait(house: EngineUnderTest) -> None:
    begin(house)
    batch = suspend_all(house)
    with house.database.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO batch_item (batch_id, number, process_instance_id, state, message_zh, message_en, tries) "
                "SELECT batch_id, n, process_instance_id, 'waiting', '', '', 0 "
                "FROM batch_item, generate_series(2, 20000) n"
            )
        )
        connection.execute(text("ANALYZE batch_item, batch_operation"))
    with house.database.begin() as connection:
        taken = SqlBatches(connection, house.keys).take()
        read = connection.execute(
            text(
                "SELECT coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables "
                "WHERE relname = 'batch_item'"
            )
        ).scalar_one()

    assert taken is not None
    assert (taken.batch_id, taken.number) == (batch.id, 1)
    assert read < 10


def test_making_a_batch_waits_for_nobody_and_lets_nobody_wait(house: EngineUnderTest) -> None:
    instances = [begin(house) for _ in range(3)]
    (task,) = house.queries.instance(instances[0].id).tasks
    unit = house.engine._unit_of_work()
    with ThreadPoolExecutor(1) as pool, unit:
        unit.process_instances.lock(instances[1].id)
        batch = pool.submit(suspend_all, house).result(30)
        assert len(states(house, batch)) == 3

    creating = house.database.connect()
    creating.execute(  # what a batch being made holds of each instance
        text("SELECT 1 FROM process_instance WHERE id = :id FOR KEY SHARE"), {"id": instances[0].id}
    )
    with ThreadPoolExecutor(1) as pool:
        claim = ClaimUserTask(user_task_id=task.id)
        assert pool.submit(house.engine.execute, claim, actor=ANN).result(30).assignee == "ann"
    creating.close()


@pytest.mark.parametrize("kind", [BatchKind.CANCEL, BatchKind.SUSPEND, BatchKind.MODIFY])
def test_everything_is_meant_only_when_it_is_said(house: EngineUnderTest, kind: BatchKind) -> None:
    begin(house)
    parameters = {"cancel_elements": ["make"]} if kind is BatchKind.MODIFY else {}

    def refusal(**asked: object) -> type[EngineError]:
        command = CreateBatch(asked=Asked(kind=kind, parameters=parameters, reason="x", **asked))
        with pytest.raises(EngineError) as refused:
            house.engine.execute(command, actor=CHIEF)
        return refused.type

    assert refusal() is BatchNotNarrowed
    assert refusal(filter=InstanceFilter(ids=())) is NothingSelected
    for asked in (Asked(kind=kind, parameters=parameters, reason="x", everything=True),):
        batch = house.engine.execute(CreateBatch(asked=asked), actor=CHIEF)
        assert states(house, batch) == ["waiting"]


def moved(actor: Actor) -> Actor:
    """Return the same person with the same post in another town."""
    (post,) = {one.group for one in actor.memberships}
    return person(actor.id, post, region=ELSEWHERE)


def test_who_lost_a_region_does_nothing_there_by_trying_again(house: EngineUnderTest) -> None:
    town = person("town", "township/supervisor")
    instance = begin(house)
    batch = suspend_all(house, town)
    do_one(house)
    house.engine.execute(ResumeProcessInstance(process_instance_id=instance.id, reason="x"), actor=CHIEF)
    with house.database.begin() as connection:
        connection.execute(batch_item.update().values(state="failed"))

    house.engine.execute(RetryBatchItems(batch_id=batch.id), actor=moved(town))
    do_one(house)

    assert states(house, batch) == ["not-tried"]
    assert house.queries.instance(instance.id).instance.state == "active"


def test_who_lost_a_region_does_nothing_there_by_letting_a_batch_go_on(house: EngineUnderTest) -> None:
    town = person("town", "township/supervisor")
    instance = begin(house)
    batch = suspend_all(house, town)
    house.engine.execute(SuspendBatch(batch_id=batch.id), actor=town)

    house.engine.execute(ResumeBatch(batch_id=batch.id), actor=moved(town))
    do_one(house)

    assert states(house, batch) == ["not-tried"]
    assert house.queries.instance(instance.id).instance.state == "active"


def test_who_oversees_a_batch_lends_it_no_posts(house: EngineUnderTest) -> None:
    town = person("town", "township/supervisor", region=ELSEWHERE)
    begin(house)
    with house.database.begin() as connection:
        connection.execute(text("UPDATE process_instance SET region = :region"), {"region": ELSEWHERE})
    batch = suspend_all(house, town)
    with house.database.begin() as connection:
        connection.execute(text("UPDATE process_instance SET region = :region"), {"region": REGION})
    house.engine.execute(SuspendBatch(batch_id=batch.id), actor=CHIEF)

    house.engine.execute(ResumeBatch(batch_id=batch.id), actor=CHIEF)
    do_one(house)

    assert states(house, batch) == ["not-tried"]


def failed_but_for_one(house: EngineUnderTest) -> BatchOperation:
    """Return a batch at work, one item of which failed and one waits."""
    for _ in range(2):
        begin(house)
    batch = suspend_all(house)
    do_one(house)
    with house.database.begin() as connection:
        connection.execute(batch_item.update().where(batch_item.c.state == "done").values(state="failed"))
    return batch


def test_a_batch_whose_items_are_tried_again_just_when_its_last_is_done_goes_on(house: EngineUnderTest) -> None:
    batch = failed_but_for_one(house)
    with house.database.begin() as connection, ThreadPoolExecutor(1) as pool:  # the retry, not committed yet
        SqlBatches(connection, house.keys).set_items(batch.id, ItemState.FAILED, to=ItemState.WAITING)
        only_from = (BatchState.CREATED, BatchState.RUNNING, BatchState.COMPLETED)
        SqlBatches(connection, house.keys).set_state(batch.id, BatchState.RUNNING, only_from=only_from)
        assert pool.submit(do_one, house).result(30)

    assert (states(house, batch), state(house, batch)) == (["waiting", "done"], "running")
    while do_one(house):
        pass
    assert state(house, batch) == "completed"


def test_items_that_wait_in_a_batch_that_counts_as_completed_can_be_done_again(house: EngineUnderTest) -> None:
    begin(house)
    batch = suspend_all(house)
    with house.database.begin() as connection:  # as the release before could leave it
        connection.execute(batch_operation.update().values(state="completed", ended_at=house.clock()))
    assert not do_one(house)

    house.engine.execute(RetryBatchItems(batch_id=batch.id), actor=CHIEF)

    assert do_one(house)
    assert (states(house, batch), state(house, batch)) == (["done"], "completed")
