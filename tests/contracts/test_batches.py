"""Batches on PostgreSQL: every item exactly once, whatever dies; nothing outside the actor's region; told in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import select

from engine.batches import BatchKind, BatchOperation, BatchState, InstanceFilter
from engine.commands import batches as batch_commands
from engine.commands.batches import (
    Asked,
    CancelBatch,
    CreateBatch,
    DoBatchItem,
    PreviewBatch,
    ResumeBatch,
    RetryBatchItems,
    SuspendBatch,
)
from engine.commands.operations import ResumeProcessInstance, SuspendProcessInstance
from engine.commands.process_instances import SetVariables, StartProcessInstance
from engine.errors import NotFound
from engine.host import Host
from engine.job_executor import JobExecutor, WorkerSettings
from engine.json_values import JsonObject
from engine.model import SYSTEM, Actor, InstanceState, Job, ProcessInstance
from engine.operation_errors import (
    BatchParametersInvalid,
    BatchStateWrong,
    NothingSelected,
    ReasonMissing,
)
from storage.batches import SqlBatches
from storage.casework import CaseworkStorage
from storage.erasure import _erase_instance
from storage.tables.engine import history_entry
from storage.tables.operations import attempt, batch_item, batch_operation
from storage.unit_of_work import ListenSignal, SqlUnitOfWork
from tests.engines import REGION, EngineUnderTest, engine_on, person
from tests.processes.diagrams import end, exclusive, flows, job, one_process, start, user

CHIEF = person("chief", "civil_affairs/supervisor", region="320481")
TOWN = person("town", "township/supervisor", region=REGION)
STEPS = one_process(start(), user("make", name="经办"), user("check", name="复核"), end(), flows("s>make>check>e"))
STUCK = one_process(start(), exclusive("g"), user("make"), user("b"), end(), flows("s>g>make[=x]>e g>b[=y]>e"))


@pytest.fixture
def house(database_url: str) -> Iterator[EngineUnderTest]:
    def call(_: Job) -> JsonObject:
        return {}

    with engine_on(database_url, Host(outside={"call": call}, region="320481")) as house:
        house.deploy(steps_bpmn=STEPS)
        yield house


def begin(house: EngineUnderTest, number: int = 1, region: str = REGION, **variables: object) -> ProcessInstance:
    command = StartProcessInstance(process_id="P", variables=variables, region=region, business_key=f"2026-{number}")
    return house.engine.execute(command, actor=SYSTEM)


def state(house: EngineUnderTest, instance: ProcessInstance) -> InstanceState:
    return house.queries.instance(instance.id).instance.state


def create(house: EngineUnderTest, kind: BatchKind, actor: Actor = CHIEF, **asked: object) -> BatchOperation:
    given = {"everything": True, **asked}
    return house.engine.execute(CreateBatch(asked=Asked(kind=kind, reason="集中处理", **given)), actor=actor)


def work_off(house: EngineUnderTest) -> int:
    done = 0
    while house.engine.execute(DoBatchItem(), actor=SYSTEM):
        done += 1
    return done


def worker(house: EngineUnderTest) -> JobExecutor[object]:
    return JobExecutor(
        house.engine, signal=lambda: ListenSignal(house.database), settings=WorkerSettings(name="worker", threads=1)
    )


def result(house: EngineUnderTest, batch: BatchOperation) -> tuple[str, dict[str, int]]:
    with house.database.connect() as connection:
        found = connection.execute(select(batch_operation.c.state).where(batch_operation.c.id == batch.id)).scalar_one()
        items = connection.execute(select(batch_item.c.state).where(batch_item.c.batch_id == batch.id)).scalars()
        return found, dict(Counter(items))


def messages(house: EngineUnderTest, batch: BatchOperation) -> dict[UUID, str]:
    with house.database.connect() as connection:
        query = select(batch_item.c.process_instance_id, batch_item.c.message_en)
        rows = connection.execute(query.where(batch_item.c.batch_id == batch.id))
        return {row.process_instance_id: row.message_en for row in rows}


def suspensions(house: EngineUnderTest) -> Counter[UUID]:
    """How often each instance was suspended, by what was written."""
    with house.database.connect() as connection:
        query = select(history_entry.c.process_instance_id).where(history_entry.c.action == "suspended")
        return Counter(connection.execute(query).scalars())


def test_a_worker_does_a_batch_and_says_when_it_is_complete(house: EngineUnderTest) -> None:
    instances = [begin(house, number) for number in range(5)]
    batch = create(house, BatchKind.SUSPEND, filter=InstanceFilter(process_id="P"))
    assert result(house, batch) == (BatchState.CREATED, {"waiting": 5})
    worker(house).run_until_idle()

    assert result(house, batch) == (BatchState.COMPLETED, {"done": 5})
    assert {state(house, one) for one in instances} == {InstanceState.SUSPENDED}
    history = house.queries.instance(instances[0].id).history[-1]
    assert (history.actor, history.details["reason"]) == ("chief", "集中处理")


@pytest.mark.parametrize("point", ["take", "get", "save_item", "set_state", "commit"])
def test_a_worker_that_dies_at_any_point_does_an_item_neither_twice_nor_never(
    house: EngineUnderTest, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    instances = [begin(house, number) for number in range(4)]
    batch = create(house, BatchKind.SUSPEND)
    deaths = {"left": 3}

    def dying(work: Callable[..., object]) -> Callable[..., object]:
        def die(*arguments: object, **named: object) -> object:
            found = work(*arguments, **named)
            if deaths["left"]:
                deaths["left"] -= 1
                raise SystemExit("killed")
            return found

        return die

    if point == "commit":
        monkeypatch.setattr(batch_commands, "attempted", dying(batch_commands.attempted))
    else:
        monkeypatch.setattr(SqlBatches, point, dying(getattr(SqlBatches, point)))
    killed = 0
    while True:
        try:
            if not house.engine.execute(DoBatchItem(), actor=SYSTEM):
                break
        except SystemExit:
            killed += 1

    assert killed == 3
    assert result(house, batch) == (BatchState.COMPLETED, {"done": 4})
    assert suspensions(house) == Counter({one.id: 1 for one in instances})


def test_several_workers_share_a_batch(house: EngineUnderTest) -> None:
    instances = [begin(house, number) for number in range(30)]
    batch = create(house, BatchKind.SUSPEND)
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda _: work_off(house), range(3)))
    work_off(house)

    assert sum(done) == 30
    assert result(house, batch) == (BatchState.COMPLETED, {"done": 30})
    assert suspensions(house) == Counter({one.id: 1 for one in instances})


def test_what_lies_outside_the_region_is_not_even_counted(house: EngineUnderTest) -> None:
    ours, _ = begin(house, 1), begin(house, 2, region="320481002")
    asked = Asked(kind=BatchKind.SUSPEND, reason="x")
    tried = house.engine.execute(PreviewBatch(asked=asked), actor=TOWN)
    assert (tried.total, [one.process_instance_id for one in tried.forecasts]) == (1, [ours.id])
    batch = create(house, BatchKind.SUSPEND, actor=TOWN)
    assert result(house, batch)[1] == {"waiting": 1}
    with pytest.raises(NothingSelected):
        create(house, BatchKind.SUSPEND, actor=person("far", "township/supervisor", region="110101"))
    with pytest.raises(NothingSelected):
        create(house, BatchKind.SUSPEND, actor=person("ann", "township/clerk"))


def test_a_dry_run_keeps_nothing_and_says_what_would_happen(house: EngineUnderTest) -> None:
    resting, running = begin(house, 1), begin(house, 2)
    house.engine.execute(SuspendProcessInstance(process_instance_id=resting.id, reason="x"), actor=CHIEF)
    parameters: JsonObject = {"activate": [{"element_id": "check"}], "cancel_elements": ["make"]}
    asked = Asked(kind=BatchKind.MODIFY, parameters=parameters, reason="x")
    tried = house.engine.execute(PreviewBatch(asked=asked, tried=1), actor=CHIEF)

    assert (tried.total, len(tried.forecasts)) == (2, 1)
    assert tried.forecasts[0].stands_at == ("make",)
    assert tried.forecasts[0].told.zh.startswith("结束：“经办”；开始：“复核”")
    assert [task.element_id for one in (resting, running) for task in house.queries.instance(one.id).tasks] == [
        "make",
        "make",
    ]
    with house.database.connect() as connection:
        assert connection.execute(select(batch_operation)).all() == []

    batch = create(house, BatchKind.MODIFY, parameters=parameters)
    work_off(house)
    assert result(house, batch) == (BatchState.COMPLETED, {"done": 2})
    assert state(house, resting) is InstanceState.SUSPENDED


def test_what_cannot_be_done_says_why_and_can_be_tried_again(house: EngineUnderTest) -> None:
    first, second = begin(house, 1), begin(house, 2)
    batch = create(house, BatchKind.SUSPEND)
    house.engine.execute(SuspendProcessInstance(process_instance_id=first.id, reason="x"), actor=CHIEF)
    work_off(house)
    assert result(house, batch) == (BatchState.COMPLETED, {"not-tried": 1, "done": 1})
    assert "is suspended" in messages(house, batch)[first.id]

    house.engine.execute(ResumeProcessInstance(process_instance_id=first.id, reason="x"), actor=CHIEF)
    house.engine.execute(RetryBatchItems(batch_id=batch.id), actor=CHIEF)
    work_off(house)
    assert result(house, batch) == (BatchState.COMPLETED, {"done": 2})
    assert {state(house, one) for one in (first, second)} == {InstanceState.SUSPENDED}
    with pytest.raises(NothingSelected):
        house.engine.execute(RetryBatchItems(batch_id=batch.id), actor=CHIEF)


def test_an_unforeseen_failure_of_one_item_leaves_the_others_and_its_own_writes_undone(
    house: EngineUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    instances = [begin(house, number) for number in range(3)]
    batch = create(house, BatchKind.SUSPEND)
    whole = SuspendProcessInstance.execute

    def breaks(self: SuspendProcessInstance, context: object) -> object:
        found = whole(self, context)  # type: ignore[arg-type]
        if self.process_instance_id == instances[1].id:
            raise RuntimeError("王秀英")
        return found

    monkeypatch.setattr(SuspendProcessInstance, "execute", breaks)
    work_off(house)
    assert result(house, batch) == (BatchState.COMPLETED, {"done": 2, "failed": 1})
    assert state(house, instances[1]) is InstanceState.ACTIVE
    assert "RuntimeError" in messages(house, batch)[instances[1].id]
    assert "王秀英" not in messages(house, batch)[instances[1].id]


def test_a_batch_rests_goes_on_and_is_cancelled(house: EngineUnderTest) -> None:
    for number in range(4):
        begin(house, number)
    batch = create(house, BatchKind.SUSPEND)
    house.engine.execute(DoBatchItem(), actor=SYSTEM)
    assert house.engine.execute(SuspendBatch(batch_id=batch.id), actor=CHIEF).state is BatchState.SUSPENDED
    assert work_off(house) == 0
    assert result(house, batch) == (BatchState.SUSPENDED, {"done": 1, "waiting": 3})
    with pytest.raises(BatchStateWrong):
        house.engine.execute(SuspendBatch(batch_id=batch.id), actor=CHIEF)

    house.engine.execute(ResumeBatch(batch_id=batch.id), actor=CHIEF)
    house.engine.execute(DoBatchItem(), actor=SYSTEM)
    assert house.engine.execute(CancelBatch(batch_id=batch.id), actor=CHIEF).state is BatchState.CANCELLED
    assert work_off(house) == 0
    assert result(house, batch) == (BatchState.CANCELLED, {"done": 2, "cancelled": 2})
    for command in (CancelBatch(batch_id=batch.id), ResumeBatch(batch_id=batch.id)):
        with pytest.raises(BatchStateWrong):
            house.engine.execute(command, actor=CHIEF)


def test_a_batch_is_nobody_elses(house: EngineUnderTest) -> None:
    begin(house)
    batch = create(house, BatchKind.SUSPEND, actor=TOWN)
    other = person("other", "township/supervisor", region="320481002")
    with pytest.raises(NotFound):
        house.engine.execute(CancelBatch(batch_id=batch.id), actor=other)
    assert house.engine.execute(CancelBatch(batch_id=batch.id), actor=CHIEF).state is BatchState.CANCELLED


def test_incidents_are_retried_in_bulk_and_each_says_what_came_of_it(house: EngineUnderTest) -> None:
    house.deploy(steps_bpmn=STUCK)
    repaired, still, resting = (
        begin(house, 1, x=False, y=False),
        begin(house, 2, x=False, y=False),
        begin(house, 3, x=False, y=False),
    )
    set_x = SetVariables(process_instance_id=repaired.id, scope_key=1, variables={"x": True})
    house.engine.execute(set_x, actor=CHIEF)
    house.engine.execute(SuspendProcessInstance(process_instance_id=resting.id, reason="x"), actor=CHIEF)
    batch = create(house, BatchKind.RETRY_INCIDENTS, filter=InstanceFilter(incident_kind="condition"))
    work_off(house)

    assert result(house, batch) == (BatchState.COMPLETED, {"done": 1, "failed": 1, "not-tried": 1})
    told = messages(house, batch)
    assert told[repaired.id] == "fixed"
    assert told[still.id].startswith("failed again: ")
    assert "is suspended" in told[resting.id]
    with house.database.connect() as connection:
        tries = connection.execute(select(attempt.c.process_instance_id)).scalars().all()
    assert Counter(tries) == {repaired.id: 1, still.id: 2, resting.id: 1}


def test_retries_of_open_jobs_are_set(house: EngineUnderTest) -> None:
    house.deploy(steps_bpmn=one_process(start(), job("elsewhere"), end(), flows("s>elsewhere>e")))
    instance = begin(house)
    batch = create(house, BatchKind.SET_RETRIES, parameters={"retries": 7})
    work_off(house)
    assert result(house, batch) == (BatchState.COMPLETED, {"done": 1})
    assert [one.retries for one in house.queries.instance(instance.id).jobs] == [7]


def test_wrong_parameters_and_a_missing_reason_are_refused(house: EngineUnderTest) -> None:
    begin(house)
    for kind, parameters in (
        (BatchKind.SET_RETRIES, {}),
        (BatchKind.SET_RETRIES, {"retries": True}),
        (BatchKind.SET_RETRIES, {"retries": 0}),
        (BatchKind.SUSPEND, {"retries": 1}),
        (BatchKind.MODIFY, {}),
        (BatchKind.MODIFY, {"activate": "make"}),
        (BatchKind.MODIFY, {"activate": [{}]}),
        (BatchKind.MIGRATE, {"source": "x", "target": "y"}),
        (BatchKind.MIGRATE, {}),
        (BatchKind.REVERT_MIGRATION, {"batch_id": 3}),
    ):
        with pytest.raises(BatchParametersInvalid) as refused:
            create(house, kind, parameters=parameters)
        told = refused.value.text("zh") + refused.value.text("en")
        assert not any(leak in told for leak in ("Error", "None", "hexadecimal", "str", "dict")), told
    with pytest.raises(ReasonMissing):
        house.engine.execute(CreateBatch(asked=Asked(kind=BatchKind.SUSPEND, reason=" ")), actor=CHIEF)


def test_erasing_a_case_takes_what_was_typed_and_told_about_it(house: EngineUnderTest) -> None:
    house.deploy(steps_bpmn=STUCK)
    instance = begin(house, 1, x=False, y=False)
    parameters: JsonObject = {"variables": {"name": "王秀英"}}
    batch = create(house, BatchKind.MODIFY, parameters=parameters)
    work_off(house)
    with house.database.connect() as connection:
        row = connection.execute(select(batch_operation)).mappings().one()
    assert "王秀英".encode() not in row["parameters"]
    with SqlUnitOfWork(house.database, CaseworkStorage(keys=house.keys)) as unit_of_work:
        kept = unit_of_work.batches.get(batch.id)
        assert kept is not None
        assert (kept.parameters, kept.reason) == (parameters, "集中处理")

    with house.database.begin() as connection:
        _erase_instance(connection, instance.id)
        assert connection.execute(select(attempt.c.reason)).scalars().all() == ["（已销毁）"]
        assert connection.execute(select(batch_item.c.message_en)).scalars().all() == ["（已销毁）"]
        row = connection.execute(select(batch_operation)).mappings().one()
    assert (row["parameters"], row["reason"]) == (None, None)
