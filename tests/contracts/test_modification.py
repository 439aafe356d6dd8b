"""Repairing and resting instances on PostgreSQL: preview, record, and that what rests really rests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from engine.commands.messages import CorrelateMessage
from engine.commands.operations import (
    Activate,
    ModifyProcessInstance,
    PreviewModification,
    ResumeProcessInstance,
    ScopeVariables,
    SuspendProcessInstance,
)
from engine.commands.process_instances import CancelProcessInstance, SetVariables, StartProcessInstance
from engine.commands.timers import FireTimer
from engine.commands.user_tasks import ClaimUserTask, CompleteUserTask, SaveDraft
from engine.errors import NotCorrelated, NotPermitted, StaleVersion
from engine.host import Host
from engine.job_executor import JobExecutor, WorkerSettings
from engine.json_values import JsonObject
from engine.model import SYSTEM, InstanceState, Job, ProcessInstance, UserTask
from engine.operation_errors import (
    InstanceEnded,
    InstanceNotSuspended,
    InstanceSuspended,
    ModificationRefused,
    ReasonMissing,
)
from engine.queries import InstanceView
from storage.tables import engine as tables
from storage.unit_of_work import ListenSignal
from tests.engines import REGION, EngineUnderTest, engine_on, person
from tests.processes.diagrams import (
    ad_hoc,
    catch,
    duration,
    end,
    flows,
    job,
    loop,
    message,
    one_process,
    parallel,
    start,
    user,
    zeebe,
)

ANN = person("ann", "township/clerk")
CHIEF = person("chief", "civil_affairs/supervisor", region="320481")
STRANGER = person("far", "civil_affairs/supervisor", region="110101")
TO_CLERKS = zeebe("assignmentDefinition", candidateGroups="township/clerk")
STEPS = one_process(
    start(),
    user("make", TO_CLERKS, name="经办"),
    user("check", TO_CLERKS, name="复核"),
    end(),
    flows("s>make>check>e"),
)
CHOSEN = one_process(
    start(),
    ad_hoc("F", '=["visit"]', user("visit", TO_CLERKS), user("write", TO_CLERKS)),
    user("close", TO_CLERKS),
    end(),
    flows("s>F>close>e"),
)
BROAD = one_process(
    start(),
    parallel("p"),
    user("task", TO_CLERKS),
    job("call"),
    catch("first", duration("P1D")),
    catch("second", duration("P2D")),
    catch("answer", message("answer", "=number")),
    parallel("j"),
    end(),
    flows("s>p>task>j>e p>call>j p>first>j p>second>j p>answer>j"),
)


@pytest.fixture
def house(database_url: str) -> Iterator[EngineUnderTest]:
    done: list[Job] = []

    def call(one: Job) -> JsonObject:
        done.append(one)
        return {}

    with engine_on(database_url, Host(outside={"call": call}, region="320481")) as house:
        house.deploy(steps_bpmn=STEPS)
        yield house


def begin(house: EngineUnderTest, **variables: object) -> ProcessInstance:
    command = StartProcessInstance(process_id="P", variables=variables, region=REGION, business_key="2026-1")
    return house.engine.execute(command, actor=SYSTEM)


def view(house: EngineUnderTest, instance: ProcessInstance) -> InstanceView:
    return house.queries.instance(instance.id)


def open_tasks(house: EngineUnderTest, instance: ProcessInstance) -> list[UserTask]:
    return [task for task in view(house, instance).tasks if task.state == "open"]


def worker(house: EngineUnderTest) -> JobExecutor[object]:
    return JobExecutor(
        house.engine, signal=lambda: ListenSignal(house.database), settings=WorkerSettings(name="worker", threads=1)
    )


def held_draft(house: EngineUnderTest, instance: ProcessInstance) -> UserTask:
    (task,) = open_tasks(house, instance)
    house.engine.execute(ClaimUserTask(user_task_id=task.id), actor=ANN)
    house.engine.execute(SaveDraft(user_task_id=task.id, values={"note": "half"}), actor=ANN)
    return task


def on(instance: ProcessInstance, **asked: object) -> ModifyProcessInstance:
    return ModifyProcessInstance(process_instance_id=instance.id, **{"reason": "纸面已办", **asked})


def suspend(house: EngineUnderTest, instance: ProcessInstance) -> None:
    house.engine.execute(SuspendProcessInstance(process_instance_id=instance.id, reason="核查中"), actor=CHIEF)


def resume(house: EngineUnderTest, instance: ProcessInstance) -> None:
    house.engine.execute(ResumeProcessInstance(process_instance_id=instance.id, reason="查清"), actor=CHIEF)


def test_a_preview_tells_what_would_be_lost_and_keeps_nothing(house: EngineUnderTest) -> None:
    instance = begin(house)
    task = held_draft(house, instance)
    before = view(house, instance)
    modification = on(instance, activate=(Activate(element_id="check"),), cancel_elements=("make",))
    effect = house.engine.execute(PreviewModification(modification=modification), actor=CHIEF)

    assert [one.element_id for one in effect.ended] == ["make"]
    assert [one.element_id for one in effect.begun] == ["check"]
    (lost,) = effect.lost_tasks
    assert (lost.name, lost.assignee_name, lost.has_draft) == ("经办", "Ann", True)
    assert "失去任务“经办”(办理人：Ann)及其草稿" in effect.text_zh
    assert "the task '经办' of Ann with its draft is lost" in effect.text_en
    after = view(house, instance)
    assert (after.instance.version, after.history, after.tasks) == (
        before.instance.version,
        before.history,
        before.tasks,
    )
    assert house.queries.draft(task.id, ANN) is not None


def test_a_modification_is_done_and_stays_in_the_history_with_its_reason(house: EngineUnderTest) -> None:
    instance = begin(house)
    held_draft(house, instance)
    modification = on(
        instance,
        activate=(Activate(element_id="check"),),
        cancel_elements=("make",),
        variables=(ScopeVariables(variables={"size": 3}),),
        expected_version=view(house, instance).instance.version,
    )
    house.engine.execute(modification, actor=CHIEF)

    assert [task.element_id for task in open_tasks(house, instance)] == ["check"]
    assert view(house, instance).variables == {"size": 3}
    entry = view(house, instance).history[-1]
    assert (entry.action, entry.actor, entry.details["reason"]) == ("modified", "chief", "纸面已办")
    assert [one["element"] for one in entry.details["before"]] == ["make"]
    assert [one["element"] for one in entry.details["after"]] == ["check"]
    assert (entry.details["variables"], entry.details["drafts_lost"]) == (["size"], 1)


def test_what_is_not_open_or_not_drawn_is_refused_with_every_reason_in_both_languages(house: EngineUnderTest) -> None:
    instance = begin(house)
    modification = on(
        instance, activate=(Activate(element_id="nowhere"),), cancel_elements=("check",), cancel_keys=(99,)
    )
    with pytest.raises(ModificationRefused) as refused:
        house.engine.execute(modification, actor=CHIEF)

    assert "no living scope draws nowhere" in refused.value.text("en")
    assert "check is not open" in refused.value.text("en")
    assert "check 在该流程中不在进行" in refused.value.text("zh")
    for wrong in (
        on(instance),
        on(instance, cancel_keys=(99,)),
        on(instance, cancel_keys=(1,)),
        on(instance, activate=(Activate(element_id="s"),)),
        on(instance, variables=(ScopeVariables(scope_key=77, variables={"a": 1}),)),
    ):
        with pytest.raises(ModificationRefused):
            house.engine.execute(wrong, actor=CHIEF)
    assert [task.element_id for task in open_tasks(house, instance)] == ["make"]


def test_a_round_of_a_loop_is_not_ended_alone(house: EngineUnderTest) -> None:
    rounds = loop("=[1, 2]")
    house.deploy(steps_bpmn=one_process(start(), user("make", rounds), end(), flows("s>make>e")))
    instance = begin(house)
    child = open_tasks(house, instance)[0].key
    with pytest.raises(ModificationRefused) as refused:
        house.engine.execute(on(instance, cancel_keys=(child,)), actor=CHIEF)
    assert "多实例" in refused.value.text("zh")

    house.engine.execute(on(instance, cancel_elements=("make",)), actor=CHIEF)
    assert view(house, instance).instance.state is InstanceState.COMPLETED


def test_an_element_of_an_ad_hoc_sub_process_begins_by_its_id_beside_what_was_begun_in_it(
    house: EngineUnderTest,
) -> None:
    house.deploy(steps_bpmn=CHOSEN)
    instance = begin(house)
    house.engine.execute(on(instance, activate=(Activate(element_id="write"),)), actor=CHIEF)
    assert sorted(one.element_id for one in open_tasks(house, instance)) == ["visit", "write"]
    moved = on(instance, cancel_elements=("F",), activate=(Activate(element_id="close"),))
    house.engine.execute(moved, actor=CHIEF)
    assert [one.element_id for one in open_tasks(house, instance)] == ["close"]


def test_a_modification_needs_a_reason_a_post_and_the_version_that_was_seen(house: EngineUnderTest) -> None:
    instance = begin(house)
    asked = {"cancel_elements": ("make",)}
    with pytest.raises(ReasonMissing):
        house.engine.execute(on(instance, reason="  ", **asked), actor=CHIEF)
    for nobody in (ANN, STRANGER):
        with pytest.raises(NotPermitted):
            house.engine.execute(on(instance, **asked), actor=nobody)
    with pytest.raises(StaleVersion):
        house.engine.execute(on(instance, expected_version=1, **asked), actor=CHIEF)
    assert len(open_tasks(house, instance)) == 1


def test_nothing_of_a_suspended_instance_goes_on_until_it_is_resumed(house: EngineUnderTest) -> None:
    house.deploy(steps_bpmn=BROAD)
    instance = begin(house, number="7")
    (task,) = open_tasks(house, instance)
    suspend(house, instance)
    house.clock.move(days=5)
    worker(house).run_until_idle()

    for refused in (ClaimUserTask(user_task_id=task.id), CompleteUserTask(user_task_id=task.id, values={})):
        with pytest.raises(InstanceSuspended):
            house.engine.execute(refused, actor=ANN)
    with pytest.raises(NotCorrelated):
        house.engine.execute(CorrelateMessage(name="answer", correlation_key="7", variables={}), actor=SYSTEM)
    resting = view(house, instance)
    assert resting.instance.state is InstanceState.SUSPENDED
    assert (len(resting.jobs), len(resting.timers), len(resting.subscriptions)) == (1, 2, 1)
    fire = FireTimer(process_instance_id=instance.id, subscription_key=resting.timers[0].subscription_key)
    assert house.engine.execute(fire, actor=SYSTEM) is False

    resume(house, instance)
    worker(house).run_until_idle()
    awake = view(house, instance)
    assert (awake.jobs, awake.timers) == ([], [])
    fired = [entry.element_id for entry in awake.history if entry.action == "timer"]
    assert fired == ["first", "second"]
    house.engine.execute(CorrelateMessage(name="answer", correlation_key="7", variables={}), actor=SYSTEM)
    house.engine.execute(ClaimUserTask(user_task_id=task.id), actor=ANN)
    house.engine.execute(CompleteUserTask(user_task_id=task.id, values={}), actor=ANN)
    assert view(house, instance).instance.state is InstanceState.COMPLETED


def test_a_draft_is_still_kept_while_the_instance_rests(house: EngineUnderTest) -> None:
    instance = begin(house)
    task = held_draft(house, instance)
    suspend(house, instance)
    house.engine.execute(SaveDraft(user_task_id=task.id, values={"note": "whole"}), actor=ANN)
    draft = house.queries.draft(task.id, ANN)
    assert draft is not None
    assert draft.values == {"note": "whole"}


def test_a_suspended_instance_may_still_be_operated_and_cancelled(house: EngineUnderTest) -> None:
    instance = begin(house)
    suspend(house, instance)
    house.engine.execute(SetVariables(process_instance_id=instance.id, scope_key=1, variables={"a": 1}), actor=CHIEF)
    modification = on(instance, activate=(Activate(element_id="check"),), cancel_elements=("make",))
    house.engine.execute(modification, actor=CHIEF)
    assert view(house, instance).instance.state is InstanceState.SUSPENDED
    with pytest.raises(InstanceSuspended):
        suspend(house, instance)

    with pytest.raises(ReasonMissing):
        house.engine.execute(CancelProcessInstance(process_instance_id=instance.id, reason=""), actor=CHIEF)
    house.engine.execute(CancelProcessInstance(process_instance_id=instance.id, reason="重复"), actor=CHIEF)
    assert view(house, instance).instance.state is InstanceState.CANCELLED
    with pytest.raises(InstanceEnded):
        resume(house, instance)


def test_only_what_is_suspended_is_resumed_and_both_are_kept_with_their_reasons(house: EngineUnderTest) -> None:
    instance = begin(house)
    with pytest.raises(InstanceNotSuspended):
        resume(house, instance)
    suspend(house, instance)
    with pytest.raises(NotPermitted):
        house.engine.execute(ResumeProcessInstance(process_instance_id=instance.id, reason="x"), actor=STRANGER)
    resume(house, instance)
    kept = [(entry.action, entry.details["reason"]) for entry in view(house, instance).history[-2:]]
    assert kept == [("suspended", "核查中"), ("resumed", "查清")]


def test_a_job_in_a_workers_hands_is_done_again_after_the_instance_is_resumed(database_url: str) -> None:
    hands: list[Job] = []

    def call(one: Job) -> JsonObject:
        hands.append(one)
        if len(hands) == 1:
            suspend(house, instance)
        return {}

    with engine_on(database_url, Host(outside={"call": call}, region="320481")) as house:
        house.deploy(steps_bpmn=one_process(start(), job("call"), end(), flows("s>call>e")))
        instance = begin(house)
        worker(house).run_until_idle()
        assert len(view(house, instance).jobs) == 1
        resume(house, instance)
        house.clock.move(minutes=3)
        worker(house).run_until_idle()

        assert len({one.id for one in hands}) == 1
        assert view(house, instance).instance.state is InstanceState.COMPLETED


def test_a_preview_leaves_no_row_behind(house: EngineUnderTest) -> None:
    house.deploy(steps_bpmn=BROAD)
    instance = begin(house, number="7")

    def rows() -> list[int]:
        with house.database.connect() as connection:
            every = list(tables.metadata.sorted_tables)
            return [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in every]

    before = rows()
    modification = on(instance, activate=(Activate(element_id="call"),), cancel_elements=("task", "first"))
    house.engine.execute(PreviewModification(modification=modification), actor=CHIEF)
    assert rows() == before


def test_a_modification_is_refused_with_everything_that_stands_against_it(house: EngineUnderTest) -> None:
    house.deploy(P_bpmn=STEPS)
    instance = begin(house)
    modification = ModifyProcessInstance(
        process_instance_id=instance.id,
        reason="x",
        activate=(Activate(element_id="nowhere"),),
        cancel_elements=("check",),
        cancel_keys=(99,),
    )
    with pytest.raises(ModificationRefused) as refused:
        house.engine.execute(modification, actor=SYSTEM)
    assert len(refused.value.reasons) == 3
    told = refused.value.text("zh")
    assert all(name in told for name in ("nowhere", "check", "99"))
    assert [one.element_id for one in house.queries.instance(instance.id).tasks] == ["make"]


def test_a_stale_version_of_an_instance_speaks_of_no_draft(house: EngineUnderTest) -> None:
    house.deploy(P_bpmn=STEPS)
    instance = begin(house)
    modification = ModifyProcessInstance(
        process_instance_id=instance.id, reason="x", cancel_elements=("make",), expected_version=99
    )
    with pytest.raises(StaleVersion) as refused:
        house.engine.execute(modification, actor=SYSTEM)
    assert "草稿" not in refused.value.text("zh")
    assert "草稿" in StaleVersion("user task", 1, 2).text("zh")
