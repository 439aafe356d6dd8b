"""Running instances on PostgreSQL go on by another version, with tasks, drafts, timers and incidents, and back."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from engine.batches import BatchKind, BatchState, InstanceFilter, ItemState
from engine.commands.batches import Asked, CreateBatch, DoBatchItem, PreviewBatch
from engine.commands.incidents import ResolveIncident
from engine.commands.migrations import MigrateProcessInstance, MigrationPlan, RevertMigration, SuggestMapping
from engine.commands.operations import SuspendProcessInstance
from engine.commands.process_instances import StartProcessInstance
from engine.commands.user_tasks import ClaimUserTask, CompleteUserTask, SaveDraft
from engine.core import codec
from engine.definitions import DefinitionCache, InstanceDefinitions
from engine.errors import NotFound, NotPermitted, StaleVersion
from engine.host import Host
from engine.job_executor import JobExecutor, WorkerSettings
from engine.json_values import JsonObject
from engine.model import SYSTEM, InstanceState, Job, ProcessInstance, UserTask
from engine.operation_errors import MigrationRefused, RevertRefused
from engine.queries import InstanceView
from storage.definitions import SqlDefinitions
from storage.sealing import InstanceSeals
from storage.tables import engine as tables
from storage.tables.operations import batch_item, batch_operation, instance_snapshot
from storage.unit_of_work import ListenSignal
from tests.engines import REGION, EngineUnderTest, engine_on, person
from tests.processes.diagrams import (
    boundary,
    call,
    catch,
    document,
    duration,
    end,
    extension,
    flows,
    job,
    message,
    one_process,
    parallel,
    process,
    signal,
    start,
    user,
)
from tests.processes.views import open_work

ANN = person("ann", "township/clerk")
ROOT = person("root", "civil_affairs/administrator", region="320481")
CHIEF = person("chief", "civil_affairs/supervisor", region="320481")


def to_clerks(form: str | None = None, **properties: str) -> str:
    drawn = "".join(f'<zeebe:property name="{name}" value="{value}"/>' for name, value in properties.items())
    return extension(
        '<zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="township/clerk"/>'
        + (f'<zeebe:formDefinition formId="{form}"/>' if form else "")
        + (f"<zeebe:properties>{drawn}</zeebe:properties>" if drawn else "")
        + (f'<zeebe:taskHeaders><zeebe:header key="form" value="{form}"/></zeebe:taskHeaders>' if form else "")
    )


OLD = one_process(
    start(),
    parallel("p"),
    user("make", to_clerks(), name="经办"),
    boundary("late", "make", duration("P10D"), interrupting=False),
    boundary("stop", "make", message("stop", "=number")),
    job("call"),
    catch("pause", duration("P3D")),
    parallel("j"),
    user("check", to_clerks(), name="复核"),
    end(),
    end("e2"),
    flows("s>p>make>j>check>e p>call>j p>pause>j late>e2 stop>e2"),
)
NEW = one_process(
    start(),
    parallel("p"),
    user("handle", to_clerks("form_b", **{"name.en": "Handle", "distinctFrom": "check"}), name="受理"),
    boundary("late", "handle", duration("P1D"), interrupting=False),
    boundary("halt", "handle", message("stop", "=number")),
    boundary("hurry", "handle", signal("hurry"), interrupting=False),
    job("call"),
    catch("pause", duration("P9D")),
    parallel("j"),
    user("check", to_clerks(), name="复核"),
    end(),
    end("e2"),
    flows("s>p>handle>j>check>e p>call>j p>pause>j late>e2 halt>e2 hurry>e2"),
)
CASES = 60  # each is a transaction of its own: more of them prove nothing more
MAPPING = {"make": "handle", "stop": "halt"}
FORM = '{"type": "default", "id": "form_b", "schemaVersion": 18, "components": []}'


@pytest.fixture
def house(database_url: str) -> Iterator[EngineUnderTest]:
    def call(_: Job) -> JsonObject:
        raise TimeoutError

    with engine_on(database_url, Host(outside={"call": call}, region="320481")) as house:
        house.deploy(case_bpmn=OLD)
        yield house


def begin(house: EngineUnderTest, number: str = "7", region: str = REGION) -> ProcessInstance:
    command = StartProcessInstance(
        process_id="P", variables={"number": number}, region=region, business_key=f"2026-{number}"
    )
    return house.engine.execute(command, actor=SYSTEM)


def next_version(house: EngineUnderTest, instance: ProcessInstance, xml: bytes = NEW, **mapping: str) -> MigrationPlan:
    deployment = house.deploy(case_bpmn=xml, form_b_form=FORM)
    [target] = [one.id for one in deployment.definitions if one.kind == "process"]
    return MigrationPlan(source=instance.definition_id, target=target, mapping=mapping or MAPPING)


def migrate(house: EngineUnderTest, instance: ProcessInstance, plan: MigrationPlan) -> None:
    command = MigrateProcessInstance(process_instance_id=instance.id, plan=plan, reason="新规定")
    house.engine.execute(command, actor=ROOT)


def view(house: EngineUnderTest, instance: ProcessInstance) -> InstanceView:
    return house.queries.instance(instance.id)


def task_of(house: EngineUnderTest, instance: ProcessInstance) -> UserTask:
    [task] = [one for one in view(house, instance).tasks if one.state == "open"]
    return task


def worker(house: EngineUnderTest) -> JobExecutor[object]:
    return JobExecutor(
        house.engine, signal=lambda: ListenSignal(house.database), settings=WorkerSettings(name="worker", threads=1)
    )


def claim_with_draft(house: EngineUnderTest, instance: ProcessInstance) -> UserTask:
    task = task_of(house, instance)
    house.engine.execute(ClaimUserTask(user_task_id=task.id), actor=ANN)
    house.engine.execute(SaveDraft(user_task_id=task.id, values={"note": instance.business_key}), actor=ANN)
    return task


def everything(house: EngineUnderTest, instance: ProcessInstance) -> dict[str, object]:
    """What is open of an instance by its rows, without the counters that say how often it was written."""
    seen = view(house, instance)
    return {
        "definition": (seen.instance.definition_id, seen.instance.process_id),
        "activities": [one for one in seen.activities if one.left_at is None],
        "tasks": [what_is_drawn(one) for one in seen.tasks if one.state == "open"],
        "jobs": [(one.id, one.element_id, one.definition_id, one.type, one.retries) for one in seen.jobs],
        "timers": seen.timers,
        "subscriptions": [(one.subscription_key, one.element_id, one.name) for one in seen.subscriptions],
        "incidents": [one for one in seen.incidents if one.resolved_at is None],
        "variables": seen.variables,
    }


def what_is_drawn(task: UserTask) -> tuple[object, ...]:
    drawn = (task.element_id, task.name, task.name_en, task.form_id, task.distinct_from, task.definition_id)
    return (task.key, *drawn, dict(task.properties), dict(task.headers), task.assignee)


def assert_rows_equal_the_snapshot(house: EngineUnderTest, instance_id: UUID) -> None:
    with house.database.connect() as connection:
        definitions = InstanceDefinitions(DefinitionCache(), SqlDefinitions(connection))
        table = tables.process_instance
        row = connection.execute(select(table).where(table.c.id == instance_id)).mappings().one()
        instance = InstanceSeals(connection, house.keys).instance(row)
        assert instance.snapshot is not None
        snapshot = codec.decode(instance.snapshot)
        held = open_work(snapshot, definitions)
        places = {one.key: (one.element, one.definition) for one in snapshot.instances}

        def rows(name: str, *conditions: object) -> dict[int, tuple[str, str]]:
            source = tables.metadata.tables[name]
            found = connection.execute(select(source).where(source.c.process_instance_id == instance_id, *conditions))
            return {one.key: (one.element_id, str(one.definition_id)) for one in found}

        assert rows("activity_instance", tables.activity_instance.c.left_at.is_(None)) == places
        work = rows("user_task", tables.user_task.c.state == "open") | rows("job")
        assert work == {key: places[key] for key in held.work}
        stuck = rows("incident", tables.incident.c.resolved_at.is_(None))
        assert stuck == {key: places[key] for key in held.incidents}
        waiting = {}
        for name in ("timer", "event_subscription"):
            source = tables.metadata.tables[name]
            for one in connection.execute(select(source).where(source.c.process_instance_id == instance_id)):
                waiting[one.subscription_key] = (one.element_id, getattr(one, "due_at", None))
        assert waiting == {key: (one.element, one.due) for key, one in held.subscriptions.items()}
        assert str(instance.definition_id) == snapshot.instances[0].definition


def test_everything_open_comes_along_and_the_rows_say_so(house: EngineUnderTest) -> None:
    instance = begin(house)
    task = claim_with_draft(house, instance)
    for _ in range(3):
        worker(house).run_until_idle()
        house.clock.move(hours=2)
    before = view(house, instance)
    due = {one.element_id: one.due_at for one in before.timers}
    plan = next_version(house, instance)
    migrate(house, instance, plan)

    assert_rows_equal_the_snapshot(house, instance.id)
    after = view(house, instance)
    moved = task_of(house, instance)
    assert (moved.id, moved.element_id, moved.name, moved.name_en) == (task.id, "handle", "受理", "Handle")
    assert (moved.form_id, moved.distinct_from, moved.assignee) == ("form_b", ("check",), "ann")
    assert moved.candidate_groups == task.candidate_groups
    assert (task.headers, moved.headers) == ({}, {"form": "form_b"})
    draft = house.queries.draft(task.id, ANN)
    assert draft is not None
    assert draft.values == {"note": "2026-7"}
    assert {one.element_id: one.due_at for one in after.timers} == due
    assert sorted(one.element_id for one in after.subscriptions) == ["halt", "hurry"]
    [incident] = [one for one in after.incidents if one.resolved_at is None]
    assert (incident.element_id, incident.definition_id) == ("call", plan.target)
    assert (after.instance.definition_id, after.history[-1].action) == (plan.target, "migrated")
    with pytest.raises(StaleVersion):
        house.engine.execute(CompleteUserTask(user_task_id=task.id, values={}, version=task.version + 1), actor=ANN)
    house.engine.execute(ResolveIncident(incident_id=incident.id), actor=CHIEF)
    assert [one.definition_id for one in view(house, instance).jobs] == [plan.target]


def test_what_does_not_fit_stays_and_says_why_in_both_languages(house: EngineUnderTest) -> None:
    instance = begin(house)
    plan = next_version(house, instance, nothing="nowhere")
    before = everything(house, instance)
    with pytest.raises(MigrationRefused) as refused:
        migrate(house, instance, plan)
    assert "nothing is not drawn in the source" in refused.value.text("en")
    assert "目标版本中没有 nowhere" in refused.value.text("zh")

    with pytest.raises(MigrationRefused) as refused:
        migrate(house, instance, MigrationPlan(source=plan.source, target=plan.target))
    assert "make has no counterpart" in refused.value.text("en")
    assert "make 在新版本中没有对应环节" in refused.value.text("zh")
    with pytest.raises(NotFound):
        migrate(house, instance, MigrationPlan(source=plan.source, target=uuid4()))
    assert everything(house, instance) == before


def test_only_administrators_migrate(house: EngineUnderTest) -> None:
    instance = begin(house)
    command = MigrateProcessInstance(
        process_instance_id=instance.id, plan=next_version(house, instance), reason="新规定"
    )
    for nobody in (ANN, CHIEF, person("far", "civil_affairs/administrator", region="110101")):
        with pytest.raises(NotPermitted):
            house.engine.execute(command, actor=nobody)


def test_a_mapping_is_suggested_by_id_and_else_by_name(house: EngineUnderTest) -> None:
    instance = begin(house)
    xml = one_process(start(), user("handle", to_clerks(), name="经办"), job("call"), end(), flows("s>handle>call>e"))
    plan = next_version(house, instance, xml)
    suggestion = SuggestMapping(source=plan.source, target=plan.target)
    lines = {one.element_id: one for one in house.engine.execute(suggestion, actor=ROOT)}

    assert (lines["make"].target_id, lines["make"].by) == ("handle", "name")
    assert (lines["call"].target_id, lines["call"].by) == ("call", "id")
    assert (lines["stop"].target_id, lines["stop"].by) == (None, "nothing")


def test_a_migration_is_undone_only_as_long_as_nothing_happened(house: EngineUnderTest) -> None:
    instance = begin(house)
    task = claim_with_draft(house, instance)
    before = everything(house, instance)
    plan = next_version(house, instance)
    migrate(house, instance, plan)
    assert everything(house, instance) != before
    back = RevertMigration(process_instance_id=instance.id, reason="看错")
    house.engine.execute(back, actor=ROOT)

    assert everything(house, instance) == before
    assert_rows_equal_the_snapshot(house, instance.id)
    assert house.queries.draft(task.id, ANN) is not None
    with pytest.raises(RevertRefused):
        house.engine.execute(back, actor=ROOT)

    migrate(house, instance, plan)
    house.engine.execute(CompleteUserTask(user_task_id=task.id, values={}), actor=ANN)
    with pytest.raises(RevertRefused) as refused:
        house.engine.execute(back, actor=ROOT)
    assert "went on since" in refused.value.text("en")


def test_many_cases_move_with_all_they_have_and_move_back(house: EngineUnderTest) -> None:
    instances = [begin(house, str(number)) for number in range(CASES)]
    drafts = {one.id: claim_with_draft(house, one) for one in instances[::4]}
    gone_on = instances[1]
    plan = next_version(house, instances[0])
    parameters: JsonObject = {"source": str(plan.source), "target": str(plan.target), "mapping": dict(MAPPING)}
    before = {one.id: everything(house, one) for one in instances}
    asked = Asked(kind=BatchKind.MIGRATE, parameters=parameters, reason="新规定", everything=True)

    tried = house.engine.execute(PreviewBatch(asked=asked, tried=CASES), actor=ROOT)
    assert (tried.total, tried.counts) == (CASES, {"done": CASES})
    assert list(tried.groups) == [(("call", "make", "pause"), ItemState.DONE)]
    assert {one.id: everything(house, one) for one in instances[:3]} == {
        one.id: before[one.id] for one in instances[:3]
    }

    batch = house.engine.execute(CreateBatch(asked=asked), actor=ROOT)
    work_off(house)
    assert states(house, batch.id) == (BatchState.COMPLETED, {"done": CASES})
    for one in instances:
        assert_rows_equal_the_snapshot(house, one.id)
        was, now = before[one.id], everything(house, one)
        assert [timer.due_at for timer in now["timers"]] == [timer.due_at for timer in was["timers"]]  # type: ignore[attr-defined]
        assert task_of(house, one).element_id == "handle"
    for instance_id, task in drafts.items():
        draft = house.queries.draft(task.id, ANN)
        assert draft is not None
        assert draft.values == {"note": house.queries.instance(instance_id).instance.business_key}

    moved_on = task_of(house, gone_on)
    house.engine.execute(ClaimUserTask(user_task_id=moved_on.id), actor=ANN)
    house.engine.execute(CompleteUserTask(user_task_id=moved_on.id, values={}), actor=ANN)
    undo = Asked(kind=BatchKind.REVERT_MIGRATION, parameters={"batch_id": str(batch.id)}, reason="看错")
    undone = house.engine.execute(CreateBatch(asked=undo), actor=ROOT)
    work_off(house)
    assert states(house, undone.id) == (BatchState.COMPLETED, {"done": CASES - 1, "not-tried": 1})
    for one in instances:
        if one != gone_on:
            assert everything(house, one) == before[one.id]
            assert_rows_equal_the_snapshot(house, one.id)


def test_a_dry_run_groups_what_stays_with_the_reason(house: EngineUnderTest) -> None:
    here, there = begin(house, "1"), begin(house, "2")
    task = claim_with_draft(house, there)
    house.engine.execute(CompleteUserTask(user_task_id=task.id, values={}), actor=ANN)
    plan = next_version(house, here)
    parameters: JsonObject = {"source": str(plan.source), "target": str(plan.target)}
    asked = Asked(kind=BatchKind.MIGRATE, parameters=parameters, reason="新规定", filter=InstanceFilter())
    tried = house.engine.execute(PreviewBatch(asked=asked), actor=ROOT)

    assert {key[0]: key[1].value for key in tried.groups} == {
        ("call", "make", "pause"): "not-tried",
        ("call", "pause"): "not-tried",
    }
    told = {one.business_key: one.told for one in tried.forecasts}
    assert "make has no counterpart" in told["2026-1"].en
    assert "a token came to j" in told["2026-2"].en
    assert "make 在新版本中没有对应环节" in told["2026-1"].zh


def test_a_snapshot_from_before_is_kept_sealed(house: EngineUnderTest) -> None:
    instance = begin(house, "geheim")
    migrate(house, instance, next_version(house, instance))
    with house.database.connect() as connection:
        [kept] = connection.execute(select(instance_snapshot.c.snapshot)).scalars()
    with pytest.raises(codec.SnapshotUnreadable):
        codec.decode(kept)


def test_a_called_process_migrates_inside_its_caller_which_stays(house: EngineUnderTest) -> None:
    outer = one_process(start(), call("go", "Inner"), end(), flows("s>go>e"))
    deployment = house.deploy(outer_bpmn=outer, inner_bpmn=inner_process("make"))
    source = next(one.id for one in deployment.definitions if one.key == "Inner")
    instance = begin(house)
    [target] = [one.id for one in house.deploy(inner_bpmn=inner_process("take")).definitions]
    plan = MigrationPlan(source=source, target=target, mapping={"make": "take"})
    parameters: JsonObject = {"source": str(source), "target": str(target), "mapping": {"make": "take"}}
    tried = house.engine.execute(
        PreviewBatch(asked=Asked(kind=BatchKind.MIGRATE, parameters=parameters, reason="x")), actor=ROOT
    )
    assert (tried.total, tried.counts) == (1, {"done": 1})
    migrate(house, instance, plan)

    assert task_of(house, instance).element_id == "take"
    assert view(house, instance).instance.definition_id == instance.definition_id
    assert_rows_equal_the_snapshot(house, instance.id)


def inner_process(task: str) -> bytes | str:
    body = (start(), user(task, to_clerks()), end(), flows(f"s>{task}>e"))
    return document(process(*body, process_id="Inner"))


def test_a_suspended_case_migrates_and_stays_suspended(house: EngineUnderTest) -> None:
    instance = begin(house)
    house.engine.execute(SuspendProcessInstance(process_instance_id=instance.id, reason="核查"), actor=CHIEF)
    migrate(house, instance, next_version(house, instance))
    assert view(house, instance).instance.state is InstanceState.SUSPENDED
    assert_rows_equal_the_snapshot(house, instance.id)


def work_off(house: EngineUnderTest) -> None:
    """Do the batches, and not the jobs that never work here."""
    while house.engine.execute(DoBatchItem(), actor=SYSTEM):
        pass


def states(house: EngineUnderTest, batch_id: UUID) -> tuple[str, dict[str, int]]:
    with house.database.connect() as connection:
        state = connection.execute(select(batch_operation.c.state).where(batch_operation.c.id == batch_id)).scalar_one()
        found = list(connection.execute(select(batch_item.c.state).where(batch_item.c.batch_id == batch_id)).scalars())
    return state, {one: found.count(one) for one in sorted(set(found))}
