"""What is sent twice under one key is made once, also when both come at the same moment, and leaves with its case."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import func, insert, select

from engine.batches import BatchKind
from engine.commands.batches import Asked, CancelBatch, CreateBatch
from engine.commands.process_instances import StartByHand, StartProcessInstance
from engine.commands.retention import PruneHistory
from engine.errors import NotFound
from engine.host import Host
from engine.model import SYSTEM
from engine.operation_errors import IdempotencyConflict
from storage.erasure import _erase_instance
from storage.tables.engine import process_instance
from storage.tables.operations import batch_operation, submission
from tests.engines import REGION, EngineUnderTest, engine_on
from tests.processes.diagrams import end, flows, one_process, start, user
from tests.races import after_the_first

START = StartProcessInstance(process_id="P", variables={"a": "1"}, region=REGION, business_key="2026-1")
SUSPEND = Asked(kind=BatchKind.SUSPEND, reason="核查", everything=True)


@pytest.fixture
def house(database_url: str) -> Iterator[EngineUnderTest]:
    with engine_on(database_url, Host(region="320481")) as house:
        house.deploy(p_bpmn=one_process(start(), user("u"), end(), flows("s>u>e")))
        yield house


def number_of_instances(house: EngineUnderTest) -> int:
    with house.database.connect() as connection:
        return connection.execute(select(func.count()).select_from(process_instance)).scalar_one()


def test_of_many_at_once_one_starts_the_process(house: EngineUnderTest) -> None:
    def begin(_: int) -> object:
        return house.engine.execute(StartByHand(start=START, submission_key="me:k"), actor=SYSTEM).id

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(begin, range(8)))) == 1
    assert number_of_instances(house) == 1


def test_whoever_comes_second_waits_and_learns_what_the_first_asked(house: EngineUnderTest) -> None:
    first = house.engine.execute(StartByHand(start=START, submission_key="me:first"), actor=SYSTEM)
    other = {"key": "me:second", "digest": "of another request", "made_id": first.id, "submitted_at": house.clock()}

    def second() -> object:
        with pytest.raises(IdempotencyConflict) as refused:
            house.engine.execute(StartByHand(start=START, submission_key="me:second"), actor=SYSTEM)
        return refused.value.fields["key"]

    assert after_the_first(house.database, lambda one: one.execute(insert(submission), other), second) == "second"
    assert number_of_instances(house) == 1


def test_a_start_that_fails_leaves_its_key_to_the_next(house: EngineUnderTest) -> None:
    wrong = replace(START, version=9)
    with pytest.raises(NotFound):
        house.engine.execute(StartByHand(start=wrong, submission_key="me:k"), actor=SYSTEM)
    house.engine.execute(StartByHand(start=START, submission_key="me:k"), actor=SYSTEM)
    with pytest.raises(IdempotencyConflict):
        house.engine.execute(StartByHand(start=wrong, submission_key="me:k"), actor=SYSTEM)


def test_erasing_takes_the_keys_and_why_its_batches_were_cancelled(house: EngineUnderTest) -> None:
    instance = house.engine.execute(StartByHand(start=START, submission_key="me:k"), actor=SYSTEM)
    batch = house.engine.execute(CreateBatch(asked=SUSPEND, submission_key="me:b"), actor=SYSTEM)
    house.engine.execute(CancelBatch(batch_id=batch.id, reason="张三的案件选错"), actor=SYSTEM)
    with house.database.begin() as connection:
        kept = connection.execute(select(batch_operation)).mappings().one()
        assert (kept["ended_by"], kept["ended_reason"] is None) == ("system", False)
        assert "张三".encode() not in bytes(kept["ended_reason"])
        _erase_instance(connection, instance.id)
        assert connection.execute(select(submission)).all() == []
        assert connection.execute(select(batch_operation.c.ended_reason)).scalar_one() is None
    shown = house.engine.execute(CreateBatch(asked=SUSPEND, submission_key="me:c"), actor=SYSTEM)
    assert shown.id != batch.id


def test_keys_are_forgotten_after_thirty_days(house: EngineUnderTest) -> None:
    def begin() -> object:
        return house.engine.execute(StartByHand(start=START, submission_key="me:k"), actor=SYSTEM).id

    first = begin()
    house.clock.move(days=29)
    house.engine.execute(PruneHistory(limit=1), actor=SYSTEM)
    assert begin() == first

    house.clock.move(days=2)
    house.engine.execute(PruneHistory(limit=1), actor=SYSTEM)
    assert begin() != first
