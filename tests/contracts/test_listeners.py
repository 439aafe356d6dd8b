"""Listeners on PostgreSQL: their jobs are rows like any other, and a user task that waits for them loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from engine.commands.hand_overs import HandOverUserTask
from engine.commands.incidents import ResolveIncident
from engine.commands.jobs import AcquireJobs, CompleteJob, FailJob, ThrowJobError
from engine.commands.process_instances import CancelProcessInstance, SetVariables, StartProcessInstance
from engine.commands.task_listeners import UpdateUserTask
from engine.commands.user_tasks import AssignUserTask, ClaimUserTask, CompleteUserTask, ReleaseUserTask, SaveDraft
from engine.core import codec
from engine.core.listener_model import ListenerResult
from engine.core.model import BpmnError
from engine.definitions import DefinitionCache, InstanceDefinitions
from engine.errors import (
    InvalidTaskChange,
    JobLost,
    JobResultRefused,
    ListenerCannotThrow,
    NotPermitted,
    TaskActionDenied,
    TaskInTransition,
    TaskNotOpen,
)
from engine.host import Host
from engine.job_executor import JobExecutor, WorkerSettings
from engine.json_values import JsonObject
from engine.model import SYSTEM, Actor, Denial, InstanceState, Job, ProcessInstance, TaskState, UserTask
from engine.queries import InstanceView
from storage.definitions import SqlDefinitions
from storage.sealing import InstanceSeals
from storage.tables import engine as tables
from storage.task_steps import read_denial
from storage.unit_of_work import ListenSignal
from tests.engines import REGION, EngineUnderTest, engine_on, person
from tests.processes.diagrams import (
    boundary,
    duration,
    end,
    error,
    flows,
    job,
    listeners,
    one_process,
    start,
    task_listeners,
    user,
    zeebe,
)
from tests.processes.views import open_work

ANN = person("ann", "township/clerk")
BEN = person("ben", "township/clerk")
CHIEF = person("chief", "civil_affairs/supervisor", region="320481")

Answer = Callable[[Job], JsonObject]


def with_task(*drawn: str, **assignment: str) -> bytes:
    """Return a process of one user task with these task listeners."""
    who = zeebe("assignmentDefinition", **(assignment or {"candidateGroups": "township/clerk"}))
    return one_process(start(), user("u", who, task_listeners(*drawn), name="受理"), end(), flows("s>u>e"))


@contextmanager
def house_with(database_url: str, xml: bytes, *, inside: Any = None, **outside: Answer) -> Iterator[EngineUnderTest]:
    with engine_on(database_url, Host(inside=inside or {}, outside=outside, region="320481")) as house:
        house.deploy(case_bpmn=xml)
        yield house


def begin(house: EngineUnderTest, **variables: object) -> ProcessInstance:
    command = StartProcessInstance(process_id="P", variables=variables, region=REGION, business_key="2026-1")
    return house.engine.execute(command, actor=SYSTEM)


def work(house: EngineUnderTest) -> None:
    """Let a worker do everything that is due."""
    signal = lambda: ListenSignal(house.database)  # noqa: E731  a maker of signals
    JobExecutor(house.engine, signal=signal, settings=WorkerSettings(name="worker", threads=1)).run_until_idle()


def acquired(house: EngineUnderTest, *types: str, worker: str = "w") -> list[Job]:
    command = AcquireJobs(worker=worker, types=types, lease=timedelta(minutes=2), limit=10)
    return house.engine.execute(command, actor=SYSTEM)


def complete(house: EngineUnderTest, one: Job, result: ListenerResult | None = None, **variables: object) -> None:
    command = CompleteJob(lease=one.lease, variables=variables, result=result)
    house.engine.execute(command, actor=SYSTEM)


def view(house: EngineUnderTest, instance: ProcessInstance) -> InstanceView:
    """Read an instance, and hold its rows against its snapshot."""
    found = house.queries.instance(instance.id)
    snapshot = None if found.instance.snapshot is None else codec.decode(found.instance.snapshot)
    with house.database.connect() as connection:
        held = open_work(snapshot, InstanceDefinitions(DefinitionCache(), SqlDefinitions(connection)))
    tasks = {one.key for one in found.tasks if one.state is TaskState.OPEN}
    assert tasks | {one.key for one in found.jobs} == set(held.work)
    assert {one.key for one in found.incidents if one.resolved_at is None} == set(held.incidents)
    return found


def the_task(house: EngineUnderTest, instance: ProcessInstance) -> UserTask:
    (task,) = view(house, instance).tasks
    return task


def denial_of(house: EngineUnderTest, task: UserTask) -> Denial | None:
    with house.database.connect() as connection:
        return read_denial(connection, InstanceSeals(connection, house.keys), task.id)


def claim(house: EngineUnderTest, instance: ProcessInstance, actor: Actor = ANN) -> UserTask:
    return house.engine.execute(ClaimUserTask(user_task_id=the_task(house, instance).id), actor=actor)


def actions(house: EngineUnderTest, instance: ProcessInstance) -> list[tuple[str, str]]:
    return [(one.actor, one.action) for one in view(house, instance).history]


def test_a_claim_waits_for_its_listener_and_a_denial_leaves_the_task_free(database_url: str) -> None:
    def check(one: Job) -> JsonObject:
        assert one.headers["io.camunda.zeebe:assignee"] == "ann"
        return {"denied": True, "deniedReason": "安正在休假"}

    with house_with(database_url, with_task("assigning:check"), check=check) as house:
        instance = begin(house)
        task = claim(house, instance)
        assert (task.state, task.transition, task.assignee) == (TaskState.OPEN, "assigning", None)
        for refused in (
            ClaimUserTask(user_task_id=task.id),
            CompleteUserTask(user_task_id=task.id, values={}),
            ReleaseUserTask(user_task_id=task.id),
            AssignUserTask(user_task_id=task.id, assignee=BEN),
            UpdateUserTask(user_task_id=task.id, changes={"priority": 1}),
        ):
            with pytest.raises(TaskInTransition) as told:
                house.engine.execute(refused, actor=CHIEF)
            assert "分派" in told.value.text("zh")
            assert "assigning" in told.value.text("en")

        work(house)

        task = the_task(house, instance)
        assert (task.transition, task.assignee, task.version) == (None, None, 1)
        denial = denial_of(house, task)
        assert denial is not None
        assert (denial.event, denial.action, denial.reason) == ("assigning", "claim", "安正在休假")
        assert actions(house, instance)[1:] == [("system", "job-completed"), ("ann", "task-denied")]
        with house.database.connect() as connection:
            (sealed,) = connection.execute(select(tables.user_task_denial.c.reason)).scalars()
        assert "休假".encode() not in sealed

        with house.database.begin() as connection:  # as erasure destroys the key of an instance
            wrapped = select(tables.process_instance.c.wrapped_key)
            key = connection.execute(wrapped).scalar_one()
            connection.execute(update(tables.process_instance).values(wrapped_key=None))
        erased = denial_of(house, task)
        assert erased is not None
        assert erased.reason == ""
        with house.database.begin() as connection:
            connection.execute(update(tables.process_instance).values(wrapped_key=key))

        assert claim(house, instance, BEN).transition == "assigning"
        assert denial_of(house, task) is None


def test_an_accepted_claim_is_the_persons_own_and_may_be_corrected(database_url: str) -> None:
    def check(_: Job) -> JsonObject:
        return {"corrections": {"priority": 80, "candidateUsers": ["li"], "dueDate": "2026-07-01T00:00:00Z"}}

    with house_with(database_url, with_task("assigning:check"), check=check) as house:
        instance = begin(house)
        claim(house, instance)
        work(house)

        task = the_task(house, instance)
        assert (task.assignee, task.assignee_name, task.priority, task.candidate_users) == ("ann", "Ann", 80, ("li",))
        assert task.due_at == datetime(2026, 7, 1, tzinfo=UTC)
        assert ("ann", "claimed") in actions(house, instance)


def test_a_completion_is_finished_by_the_worker_in_the_persons_name(database_url: str) -> None:
    def check(one: Job) -> JsonObject:
        assert one.variables["income"] == 640
        return {"corrections": {"priority": 7}}

    with house_with(database_url, with_task("completing:check"), check=check) as house:
        instance = begin(house, income=0)
        task = claim(house, instance)
        assert (task.assignee, task.transition) == ("ann", None)
        house.engine.execute(SaveDraft(user_task_id=task.id, values={"income": 6}), actor=ANN)
        waiting = house.engine.execute(CompleteUserTask(user_task_id=task.id, values={"income": 640}), actor=ANN)
        assert (waiting.state, waiting.transition) == (TaskState.OPEN, "completing")
        assert view(house, instance).variables == {"income": 0}

        work(house)

        done = the_task(house, instance)
        assert (done.state, done.completed_by, done.completed_by_name) == (TaskState.COMPLETED, "ann", "Ann")
        assert (done.priority, done.transition) == (7, None)
        assert view(house, instance).variables == {"income": 640}
        assert view(house, instance).instance.state is InstanceState.COMPLETED
        assert ("ann", "completed") in actions(house, instance)
        with pytest.raises(TaskNotOpen):
            house.engine.execute(CompleteUserTask(user_task_id=task.id, values={}), actor=ANN)


def test_a_denied_completion_keeps_the_task_the_draft_and_the_variables(database_url: str) -> None:
    with house_with(database_url, with_task("completing:check"), check=lambda _: {"denied": True}) as house:
        instance = begin(house, income=0)
        task = claim(house, instance)
        house.engine.execute(SaveDraft(user_task_id=task.id, values={"income": 6}), actor=ANN)
        house.engine.execute(CompleteUserTask(user_task_id=task.id, values={"income": 640}), actor=ANN)
        work(house)

        task = the_task(house, instance)
        assert (task.state, task.assignee, task.transition) == (TaskState.OPEN, "ann", None)
        assert view(house, instance).variables == {"income": 0}
        draft = house.queries.draft(task.id, ANN)
        assert draft is not None
        assert draft.values == {"income": 6}


def test_what_an_inside_listener_denies_is_refused_at_once_and_nothing_is_kept(database_url: str) -> None:
    def check(_context: object, _instance: object, call: Any) -> JsonObject:
        return {} if call.variables.get("income") else {"denied": True, "deniedReason": "缺少收入"}

    with house_with(database_url, with_task("completing:check"), inside={"check": check}) as house:
        instance = begin(house)
        task = claim(house, instance)
        with pytest.raises(TaskActionDenied) as refused:
            house.engine.execute(CompleteUserTask(user_task_id=task.id, values={"note": "x"}), actor=ANN)
        assert "缺少收入" in refused.value.text("zh")
        assert the_task(house, instance) == task
        assert actions(house, instance)[-1] == ("ann", "claimed")

        done = house.engine.execute(CompleteUserTask(user_task_id=task.id, values={"income": 5}), actor=ANN)
        assert (done.state, done.completed_by) == (TaskState.COMPLETED, "ann")


def test_people_see_a_task_after_its_creating_listener(database_url: str) -> None:
    drawn = with_task("creating:check")
    with house_with(database_url, drawn, check=lambda _: {"corrections": {"assignee": "ann"}}) as house:
        instance = begin(house)
        assert not view(house, instance).tasks
        work(house)
        assert the_task(house, instance).assignee == "ann"


def test_a_drawn_assignee_is_asked_about_after_creation(database_url: str) -> None:
    drawn = with_task("assigning:check", assignee="ann")
    with house_with(database_url, drawn, check=lambda _: {}) as house:
        instance = begin(house)
        assert (the_task(house, instance).assignee, the_task(house, instance).transition) == (None, "assigning")
        work(house)
        assert (the_task(house, instance).assignee, the_task(house, instance).transition) == ("ann", None)


def test_a_case_whose_canceling_listener_failed_for_good_is_cancelled_by_asking_again(database_url: str) -> None:
    with house_with(database_url, with_task("canceling:outside")) as house:
        instance = begin(house)
        cancel = CancelProcessInstance(process_instance_id=instance.id, reason="double")
        house.engine.execute(cancel, actor=SYSTEM)
        [one] = acquired(house, "outside")
        failed = FailJob(lease=one.lease, reason="no line", retry_in=timedelta(), retries=0)
        house.engine.execute(failed, actor=SYSTEM)
        assert view(house, instance).instance.state is InstanceState.ACTIVE
        house.engine.execute(cancel, actor=SYSTEM)

        shown = view(house, instance)
        assert shown.instance.state is InstanceState.CANCELLED
        assert [one.state for one in shown.tasks] == [TaskState.CANCELLED]
        assert not shown.jobs


def test_a_cancelled_case_ends_after_its_canceling_listener(database_url: str) -> None:
    with house_with(database_url, with_task("canceling:check"), check=lambda _: {}) as house:
        instance = begin(house)
        cancel = CancelProcessInstance(process_instance_id=instance.id, reason="double")
        house.engine.execute(cancel, actor=CHIEF)
        assert the_task(house, instance).transition == "canceling"
        assert view(house, instance).instance.state is InstanceState.ACTIVE
        with pytest.raises(TaskInTransition):
            claim(house, instance)
        work(house)
        assert view(house, instance).instance.state is InstanceState.CANCELLED
        assert (the_task(house, instance).state, the_task(house, instance).transition) == (TaskState.CANCELLED, None)


EXECUTION = one_process(
    start(),
    job("call", listeners("start:before", "end:after")),
    boundary("q", "call", error("E")),
    end(),
    flows("s>call>e q>e"),
)


def test_execution_listeners_are_jobs_of_their_own_before_and_after_the_work(database_url: str) -> None:
    seen: list[tuple[str, str, str | None]] = []

    def note(one: Job) -> JsonObject:
        seen.append((one.type, one.kind, one.event))
        return {one.type: len(seen)}

    with house_with(database_url, EXECUTION, before=note, call=note, after=note) as house:
        instance = begin(house)
        work(house)

        assert seen == [
            ("before", "executionListener", "start"),
            ("call", "service", None),
            ("after", "executionListener", "end"),
        ]
        assert view(house, instance).instance.state is InstanceState.COMPLETED
        assert view(house, instance).variables == {"call": 2, "after": 3}


def test_a_listener_that_fails_for_good_is_an_incident_and_only_it_runs_again(database_url: str) -> None:
    tries: list[str] = []

    def note(one: Job) -> JsonObject:
        tries.append(one.type)
        if one.type == "after" and tries.count("after") <= 3:
            raise TimeoutError
        return {}

    with house_with(database_url, EXECUTION, before=note, call=note, after=note) as house:
        instance = begin(house)
        for _ in range(3):
            work(house)
            house.clock.move(hours=2)
        (incident,) = view(house, instance).incidents
        assert (incident.kind, incident.element_id) == ("job", "call")
        assert not view(house, instance).jobs
        house.engine.execute(ResolveIncident(incident_id=incident.id), actor=CHIEF)
        work(house)

        assert tries == ["before", "call", "after", "after", "after", "after"]
        assert view(house, instance).instance.state is InstanceState.COMPLETED


def test_a_failed_completing_listener_keeps_what_was_handed_in_until_it_is_repaired(database_url: str) -> None:
    answers: list[Exception | None] = [TimeoutError(), TimeoutError(), TimeoutError(), None]

    def check(_: Job) -> JsonObject:
        if (failure := answers.pop(0)) is not None:
            raise failure
        return {}

    with house_with(database_url, with_task("completing:check"), check=check) as house:
        instance = begin(house)
        task = claim(house, instance)
        house.engine.execute(CompleteUserTask(user_task_id=task.id, values={"income": 640}), actor=ANN)
        for _ in range(3):
            work(house)
            house.clock.move(hours=2)
        assert the_task(house, instance).transition == "completing"
        (incident,) = view(house, instance).incidents
        house.engine.execute(ResolveIncident(incident_id=incident.id), actor=CHIEF)
        work(house)
        assert the_task(house, instance).completed_by == "ann"
        assert view(house, instance).variables == {"income": 640}


def test_a_worker_killed_with_a_listeners_job_in_hand_loses_nothing(database_url: str) -> None:
    with house_with(database_url, with_task("completing:check"), check=lambda _: {}) as house:
        instance = begin(house)
        task = claim(house, instance)
        house.engine.execute(CompleteUserTask(user_task_id=task.id, values={"income": 640}), actor=ANN)
        (lost,) = acquired(house, "check", worker="killed")
        work(house)
        assert the_task(house, instance).transition == "completing"
        house.clock.move(minutes=3)

        work(house)

        assert view(house, instance).variables == {"income": 640}
        assert the_task(house, instance).completed_by == "ann"
        with pytest.raises(JobLost):
            complete(house, lost)


def test_an_interrupted_task_takes_its_listeners_job_with_it(database_url: str) -> None:
    who = zeebe("assignmentDefinition", candidateGroups="township/clerk")
    node = user("u", who, task_listeners("assigning:check"))
    xml = one_process(start(), node, boundary("q", "u", duration("PT1H")), end(), flows("s>u>e q>e"))
    with house_with(database_url, xml) as house:
        instance = begin(house)
        claim(house, instance)
        (held,) = acquired(house, "check")
        house.clock.move(hours=2)
        work(house)
        assert view(house, instance).instance.state is InstanceState.COMPLETED
        assert (the_task(house, instance).state, the_task(house, instance).transition) == (TaskState.CANCELLED, None)
        with pytest.raises(JobLost):
            complete(house, held)


@pytest.mark.parametrize(
    ("event", "result", "variables", "said"),
    [
        ("creating", ListenerResult(is_denied=True), {}, "denied"),
        ("creating", ListenerResult(corrections={"name": "x"}), {}, "corrected"),
        ("creating", ListenerResult(corrections={"priority": "high"}), {}, "kind"),
        ("creating", None, {"x": 1}, "variables"),
    ],
)
def test_a_wrong_result_is_refused_with_a_reason_and_the_job_stays(
    database_url: str, event: str, result: ListenerResult | None, variables: JsonObject, said: str
) -> None:
    with house_with(database_url, with_task(f"{event}:check")) as house:
        begin(house)
        (held,) = acquired(house, "check")
        with pytest.raises(JobResultRefused) as refused:
            complete(house, held, result, **variables)
        assert said in refused.value.text("en")
        assert "监听器" in refused.value.text("zh")
        complete(house, held)


def test_only_task_listeners_give_results_and_no_listener_throws(database_url: str) -> None:
    with house_with(database_url, EXECUTION) as house:
        begin(house)
        (before,) = acquired(house, "before")
        with pytest.raises(JobResultRefused):
            complete(house, before, ListenerResult(is_denied=True))
        throw = ThrowJobError(lease=before.lease, error_code="E", message="")
        with pytest.raises(ListenerCannotThrow) as refused:
            house.engine.execute(throw, actor=SYSTEM)
        assert "BPMN" in refused.value.text("zh")
        complete(house, before)
        (service,) = acquired(house, "call")
        with pytest.raises(JobResultRefused):
            complete(house, service, ListenerResult())


def test_an_answer_that_means_nothing_is_a_failed_try_of_the_worker(database_url: str) -> None:
    def check(_: Job) -> JsonObject:
        return {"income": 5}

    def throw(_: Job) -> JsonObject:
        raise BpmnError("E")

    for handler in (check, throw):
        with house_with(database_url, with_task("creating:check"), check=handler) as house:
            instance = begin(house)
            work(house)
            (waiting,) = view(house, instance).jobs
            assert (waiting.retries, waiting.failures) == (2, 1)
            house.clock.move(hours=1)
            (held,) = acquired(house, "check")
            complete(house, held)


# ---- updates


def test_a_supervisor_changes_a_task_without_listeners_and_the_process_instance_is_not_written(
    database_url: str,
) -> None:
    with house_with(database_url, with_task()) as house:
        instance = begin(house)
        before = view(house, instance).instance.version
        task = claim(house, instance)
        update = UpdateUserTask(
            user_task_id=task.id,
            changes={
                "dueDate": "2026-07-01T00:00:00Z",
                "priority": 90,
                "candidateUsers": ["li"],
                "candidateGroups": [],
            },
        )
        with pytest.raises(NotPermitted):
            house.engine.execute(update, actor=ANN)
        changed = house.engine.execute(update, actor=CHIEF)
        assert changed == the_task(house, instance)
        assert (changed.priority, changed.candidate_users, changed.candidate_groups) == (90, ("li",), ())
        assert changed.due_at == datetime(2026, 7, 1, tzinfo=UTC)
        assert changed.assignee == "ann"
        assert view(house, instance).instance.version == before
        assert actions(house, instance)[-1] == ("chief", "task-updated")


@pytest.mark.parametrize("changes", [{"assignee": "li"}, {"priority": 200}, {"name": "x"}, {"dueDate": "soon"}])
def test_a_change_that_means_nothing_is_refused(database_url: str, changes: JsonObject) -> None:
    with house_with(database_url, with_task()) as house:
        instance = begin(house)
        task = the_task(house, instance)
        with pytest.raises(InvalidTaskChange) as refused:
            house.engine.execute(UpdateUserTask(user_task_id=task.id, changes=changes), actor=CHIEF)
        assert next(iter(changes)) in refused.value.text("zh")
        assert the_task(house, instance) == task


def test_an_update_waits_for_its_listeners_and_so_do_variables_set_at_the_task(database_url: str) -> None:
    with house_with(database_url, with_task("updating:check"), check=lambda _: {}) as house:
        instance = begin(house)
        task = the_task(house, instance)
        update = UpdateUserTask(user_task_id=task.id, changes={"priority": 90})
        assert house.engine.execute(update, actor=CHIEF).priority == 50
        work(house)
        assert the_task(house, instance).priority == 90
        assert ("chief", "task-updated") in actions(house, instance)

        command = SetVariables(process_instance_id=instance.id, scope_key=task.key, variables={"x": 1})
        house.engine.execute(command, actor=CHIEF)
        assert (the_task(house, instance).transition, view(house, instance).variables) == ("updating", {})
        with pytest.raises(TaskInTransition):
            house.engine.execute(command, actor=CHIEF)
        work(house)
        assert view(house, instance).variables == {"x": 1}


@pytest.mark.parametrize("is_denied", [False, True], ids=["accepted", "denied"])
def test_a_hand_over_that_a_listener_decides_keeps_its_reason(database_url: str, *, is_denied: bool) -> None:
    with house_with(database_url, with_task("assigning:check")) as house:
        instance = begin(house)
        [task] = view(house, instance).tasks
        claim = ClaimUserTask(user_task_id=task.id)
        house.engine.execute(claim, actor=ANN)
        [first] = acquired(house, "check")
        complete(house, first)

        house.engine.execute(HandOverUserTask(user_task_id=task.id, assignee=BEN, reason="出差"), actor=ANN)
        [second] = acquired(house, "check")
        complete(house, second, ListenerResult(is_denied=is_denied, reason="不行" if is_denied else ""))

        last = view(house, instance).history[-1]
        assert (last.actor, last.action) == ("ann", "task-denied" if is_denied else "assigned")
        assert last.details["reason"] == "出差"
        [task] = view(house, instance).tasks
        assert task.assignee == ("ann" if is_denied else "ben")
