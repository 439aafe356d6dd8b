"""History whose time is over is removed, recorded, in small steps; what runs and what the office keeps stays whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from engine.batches import BatchKind, InstanceFilter
from engine.commands.batches import Asked, CreateBatch, DoBatchItem
from engine.commands.incidents import ResolveIncident
from engine.commands.operations import SuspendProcessInstance
from engine.commands.process_instances import CancelProcessInstance, SetVariables, StartProcessInstance
from engine.commands.retention import KeepHistory, PreviewPruning, PruneHistory, ReadRetention
from engine.commands.user_tasks import ClaimUserTask, CompleteUserTask, SaveDraft
from engine.errors import NotFound, NotPermitted
from engine.host import Context, Host
from engine.job_executor import JobExecutor, WorkerSettings
from engine.model import SYSTEM, HistoryEntry, ProcessInstance
from engine.operation_errors import ReasonMissing, RetentionInvalid
from engine.retention import RetentionDecision, RetentionPolicy, is_shorter
from storage.retention import REMOVED_WHOLE
from storage.tables import engine as tables
from storage.tables.base import metadata
from storage.unit_of_work import ListenSignal, SqlUnitOfWork
from tests.engines import REGION, EngineUnderTest, engine_on, person
from tests.processes.diagrams import document, end, exclusive, flows, process, start, user, zeebe

ANN = person("ann", "township/clerk")
HEAD = person("head", "civil_affairs/administrator", region="320481")
CHIEF = person("chief", "civil_affairs/supervisor", region="320481")
TO_CLERKS = zeebe("assignmentDefinition", candidateGroups="township/clerk")
FIRST = process(start(), user("make", TO_CLERKS), end(), flows("s>make>e"), process_id="First")
SECOND = process(start(), user("make", TO_CLERKS), end(), flows("s>make>e"), process_id="Second")
STUCK = process(start(), exclusive("g"), user("make", TO_CLERKS), end(), flows("s>g>make[=ok]>e"), process_id="Stuck")
STAYS = {"process_instance", "user_task", "history_entry", "batch_item"}
"""Tables of which something stays; every other table that points to an instance is emptied of it."""


@pytest.fixture
def house(database_url: str) -> Iterator[EngineUnderTest]:
    with engine_on(database_url, Host(region="320481")) as house:
        house.deploy(first_bpmn=document(FIRST), second_bpmn=document(SECOND), stuck_bpmn=document(STUCK))
        yield house


def begin(house: EngineUnderTest, process_id: str = "First", **variables: object) -> ProcessInstance:
    command = StartProcessInstance(process_id=process_id, variables=variables, region=REGION, business_key="SR-1")
    return house.engine.execute(command, actor=SYSTEM)


def finish(house: EngineUnderTest, instance: ProcessInstance) -> None:
    [task] = [one for one in house.queries.instance(instance.id).tasks if one.state == "open"]
    house.engine.execute(ClaimUserTask(user_task_id=task.id), actor=ANN)
    house.engine.execute(SaveDraft(user_task_id=task.id, values={"half": 1}), actor=ANN)
    house.engine.execute(CompleteUserTask(user_task_id=task.id, values={"done": True}), actor=ANN)


def ended(house: EngineUnderTest, process_id: str = "First") -> ProcessInstance:
    instance = begin(house, process_id, name="张三")
    finish(house, instance)
    return instance


def keep(house: EngineUnderTest, days: int | None, process_id: str | None = None) -> RetentionDecision:
    return house.engine.execute(KeepHistory(process_id=process_id, kept_days=days, reason="档案办法"), actor=HEAD)


def prune(house: EngineUnderTest, limit: int = 100) -> int:
    return house.engine.execute(PruneHistory(limit=limit), actor=SYSTEM)


def rows_of(house: EngineUnderTest, instance: ProcessInstance) -> dict[str, int]:
    """Count what points to an instance, by table."""
    counts = {}
    with house.database.connect() as connection:
        for table in metadata.sorted_tables:
            if "process_instance_id" in table.c and table.name != "case_file":
                query = select(func.count()).select_from(table).where(table.c.process_instance_id == instance.id)
                counts[table.name] = connection.execute(query).scalar_one()
    return {name: count for name, count in counts.items() if count}


def test_without_a_decision_history_is_kept_for_ever(house: EngineUnderTest) -> None:
    instance = ended(house)
    before = rows_of(house, instance)
    house.clock.move(days=40_000)

    assert prune(house) == 0
    assert rows_of(house, instance) == before
    assert house.engine.execute(PreviewPruning(), actor=SYSTEM) == []


def test_history_goes_when_its_days_are_over_and_what_was_removed_is_recorded(house: EngineUnderTest) -> None:
    instance = ended(house)
    ended_at = house.clock()
    keep(house, 30)
    house.clock.move(days=30, seconds=-1)
    assert prune(house) == 0

    house.clock.move(seconds=1)
    [due] = house.engine.execute(PreviewPruning(), actor=SYSTEM)
    before = rows_of(house, instance)
    assert (due.process_id, due.kept_days, due.instances, due.ended_before) == ("First", 30, 1, ended_at)
    assert prune(house) == 1
    assert prune(house) == 0

    assert rows_of(house, instance) == {"user_task": 1}
    [removal] = house.engine.execute(ReadRetention(), actor=HEAD).removals
    assert (removal.process_id, removal.instances, removal.day) == ("First", 1, house.clock().date())
    assert (removal.ended_until, removal.last_removed_at) == (ended_at, house.clock())
    assert removal.rows == {name: count for name, count in before.items() if name != "user_task"}
    view = house.queries.instance(instance.id)
    assert (view.instance.state, view.instance.history_removed_at) == ("completed", house.clock())
    assert (view.variables, view.activities, view.history) == ({}, [], [])
    [task] = view.tasks  # who did it and when stays, what it was about does not
    assert (task.completed_by, task.completed_at, task.variables) == ("ann", ended_at, {})


def test_what_runs_or_rests_is_never_touched_however_old_it_is(house: EngineUnderTest) -> None:
    keep(house, 1)
    running, resting, stuck = begin(house, a=1), begin(house), begin(house, "Stuck", ok=False)
    house.engine.execute(SuspendProcessInstance(process_instance_id=resting.id, reason="x"), actor=SYSTEM)
    before = [rows_of(house, one) for one in (running, resting, stuck)]
    house.clock.move(days=4_000)
    gone = ended(house)
    house.clock.move(days=2)

    assert prune(house) == 1
    assert [rows_of(house, one) for one in (running, resting, stuck)] == before
    assert rows_of(house, gone) == {"user_task": 1}
    finish(house, running)
    house.engine.execute(SetVariables(process_instance_id=stuck.id, scope_key=1, variables={"ok": True}), actor=SYSTEM)
    [incident] = house.queries.instance(stuck.id).incidents
    house.engine.execute(ResolveIncident(incident_id=incident.id), actor=SYSTEM)
    finish(house, stuck)


def test_every_table_that_points_to_an_instance_is_emptied_or_said_to_stay() -> None:
    pointing = {
        table.name
        for table in metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table is tables.process_instance
    }
    assert pointing | {"process_instance"} == {table.name for table in REMOVED_WHOLE} | STAYS


def test_tasks_nobody_completed_drafts_and_incidents_go_too(house: EngineUnderTest) -> None:
    stuck, cancelled = begin(house, "Stuck", ok=False), begin(house)
    for one in (stuck, cancelled):
        house.engine.execute(CancelProcessInstance(process_instance_id=one.id, reason="重复"), actor=SYSTEM)
    keep(house, 5)
    house.clock.move(days=5)

    assert prune(house) == 2
    assert rows_of(house, stuck) == rows_of(house, cancelled) == {}


def test_what_the_office_wrote_into_the_history_and_what_batches_did_stay(house: EngineUnderTest) -> None:
    instance = begin(house)

    class WriteDown:
        def execute(self, context: Context[SqlUnitOfWork]) -> None:
            entry = HistoryEntry(process_instance_id=instance.id, at=context.now(), actor="ann", action="revealed")
            context.unit_of_work.history.add(entry)

    house.engine.execute(WriteDown(), actor=ANN)
    asked = Asked(kind=BatchKind.CANCEL, filter=InstanceFilter(ids=(instance.id,)), reason="重复")
    house.engine.execute(CreateBatch(asked=asked), actor=SYSTEM)
    while house.engine.execute(DoBatchItem(), actor=SYSTEM):
        pass
    keep(house, 1)
    house.clock.move(days=2)

    assert prune(house) == 1
    assert [one.action for one in house.queries.instance(instance.id).history] == ["revealed"]
    assert rows_of(house, instance) == {"history_entry": 1, "batch_item": 1}


def test_a_process_may_have_days_of_its_own(house: EngineUnderTest) -> None:
    first, second = ended(house), ended(house, "Second")
    keep(house, 10)
    keep(house, None, "Second")
    keep(house, 20, "First")
    house.clock.move(days=15)
    assert prune(house) == 0

    house.clock.move(days=5)
    assert prune(house) == 1
    assert "journal" not in rows_of(house, first)
    assert "journal" in rows_of(house, second)

    keep(house, 10, "Second")
    house.clock.move(days=1)
    assert prune(house) == 1
    assert "journal" not in rows_of(house, second)


def test_a_shorter_time_counts_after_a_day_and_may_be_taken_back_meanwhile(house: EngineUnderTest) -> None:
    instance = ended(house)
    house.clock.move(days=100)
    slip = keep(house, 3)
    assert slip.effective_at == house.clock() + timedelta(days=1)
    house.clock.move(hours=23)
    assert prune(house) == 0
    assert keep(house, 300).effective_at == house.clock() + timedelta(days=1)  # nothing holds yet: it is shorter too
    back = keep(house, None)
    assert back.effective_at == house.clock()
    house.clock.move(days=2)

    assert prune(house) == 0
    assert "journal" in rows_of(house, instance)


def test_workers_remove_history_a_few_instances_a_transaction_and_all_of_it(house: EngineUnderTest) -> None:
    keep(house, 1)
    for _ in range(5):
        ended(house)
    house.clock.move(days=2)
    settings = WorkerSettings(name="w", threads=1, pruned_at_once=2)
    executor = JobExecutor(house.engine, signal=lambda: ListenSignal(house.database), settings=settings)

    assert executor.run_until_idle() == 5
    retention = house.engine.execute(ReadRetention(), actor=HEAD)
    assert [(one.instances, one.rows["journal"]) for one in retention.removals] == [(5, 10)]  # added up over a day
    with house.database.connect() as connection:
        left = connection.execute(select(func.count()).select_from(tables.journal)).scalar_one()
    assert left == 0


def test_two_workers_never_remove_the_same_history(house: EngineUnderTest) -> None:
    keep(house, 1)
    for _ in range(3):
        ended(house)
    house.clock.move(days=2)
    with house.database.connect() as busy:
        [locked] = busy.execute(
            select(tables.process_instance.c.id).order_by(tables.process_instance.c.id).limit(1).with_for_update()
        ).scalars()
        assert prune(house) == 2  # what somebody holds is left out, not waited for
    assert prune(house) == 1
    assert house.queries.instance(locked).instance.history_removed_at == house.clock()
    assert [one.instances for one in house.engine.execute(ReadRetention(), actor=HEAD).removals] == [3]


def test_wrong_decisions_are_refused(house: EngineUnderTest) -> None:
    for days in (0, -1, 36_501):
        with pytest.raises(RetentionInvalid):
            keep(house, days)
    with pytest.raises(NotFound):
        keep(house, 30, "Nothing")
    with pytest.raises(ReasonMissing):
        house.engine.execute(KeepHistory(process_id=None, kept_days=30, reason=" "), actor=HEAD)
    for stranger in (CHIEF, ANN, person("town", "township/administrator")):
        with pytest.raises(NotPermitted):
            house.engine.execute(KeepHistory(process_id=None, kept_days=30, reason="x"), actor=stranger)
        with pytest.raises(NotPermitted):
            house.engine.execute(ReadRetention(), actor=stranger)
    assert house.engine.execute(ReadRetention(), actor=HEAD).decisions == []


def test_of_the_decisions_in_effect_the_last_one_holds() -> None:
    day = datetime(2026, 1, 1, tzinfo=UTC)

    def decided(days: int | None, effective: int, process_id: str | None = None) -> RetentionDecision:
        return RetentionDecision(
            process_id=process_id,
            kept_days=days,
            effective_at=day + timedelta(days=effective),
            decided_at=day,
            decided_by="head",
            reason="x",
        )

    decisions = [decided(9, 1), decided(None, 0), decided(5, 0, "P"), decided(3, 2)]
    policies = [RetentionPolicy.at(day + timedelta(days=number), decisions) for number in range(3)]

    assert [one.kept_days(None) for one in policies] == [None, None, 3]
    assert [one.kept_days("P") for one in policies] == [5, 5, 5]
    assert policies[2].ended_before(day, ["P", "Q"]) == {
        "P": datetime(2025, 12, 27, tzinfo=UTC),
        "Q": datetime(2025, 12, 29, tzinfo=UTC),
    }
    assert [is_shorter(*pair) for pair in ((None, None), (5, None), (None, 5), (5, 5), (4, 5))] == [
        False, True, False, False, True,
    ]  # fmt: skip
