"""Jobs and timers on PostgreSQL: retries, incidents, leases, and that everything happens once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

import pytest
from sqlalchemy import text

from engine.commands.incidents import ResolveIncident
from engine.commands.jobs import AcquireJobs, CompleteJob, EndLease, ExpiredJobs
from engine.commands.messages import CorrelateMessage
from engine.commands.process_instances import CancelProcessInstance, StartProcessInstance
from engine.commands.timers import FireTimer
from engine.core.model import BpmnError
from engine.core.texts import said
from engine.errors import JobLost, NotCorrelated, NotPermitted
from engine.host import Host
from engine.job_executor import JobExecutor, WorkerSettings
from engine.json_values import JsonObject
from engine.model import SYSTEM, InstanceState, Job, ProcessInstance
from engine.operation_errors import IncidentResolved
from engine.queries import InstanceView
from storage.unit_of_work import ListenSignal
from tests.engines import REGION, EngineUnderTest, engine_on, person
from tests.processes.diagrams import (
    boundary,
    catch,
    duration,
    end,
    error,
    flows,
    job,
    message,
    one_process,
    start,
    user,
)

JOB = one_process(
    start(),
    job("call"),
    boundary("refused", "call", error("NO")),
    user("repair", '<bpmn:extensionElements><zeebe:assignmentDefinition assignee="ann"/></bpmn:extensionElements>'),
    end(),
    flows("s>call>e refused>repair>e"),
)
TIMER = one_process(start(), catch("pause", duration("P3D")), end(), flows("s>pause>e"))
MESSAGE = one_process(start(), catch("answer", message("answer", "=number")), end(), flows("s>answer>e"))
CHIEF = person("chief", "civil_affairs/supervisor", region="320481")

Outside = Callable[[Job], JsonObject]


@contextmanager
def house_with(database_url: str, handler: Outside, xml: bytes = JOB) -> Iterator[EngineUnderTest]:
    with engine_on(database_url, Host(outside={"call": handler}, region="320481")) as house:
        house.deploy(case_bpmn=xml)
        yield house


def begin(house: EngineUnderTest, **variables: object) -> ProcessInstance:
    command = StartProcessInstance(process_id="P", variables=variables, region=REGION, business_key="2026-1")
    return house.engine.execute(command, actor=SYSTEM)


def worker(house: EngineUnderTest) -> JobExecutor[object]:
    return JobExecutor(
        house.engine, signal=lambda: ListenSignal(house.database), settings=WorkerSettings(name="worker", threads=2)
    )


def end_leases(house: EngineUnderTest) -> None:
    for one in house.engine.execute(ExpiredJobs(limit=10), actor=SYSTEM):
        house.engine.execute(EndLease(lease=one.lease), actor=SYSTEM)


def view(house: EngineUnderTest, instance: ProcessInstance) -> InstanceView:
    return house.queries.instance(instance.id)


def test_a_job_is_done_once_and_its_result_moves_the_case_on(database_url: str) -> None:
    seen: list[Job] = []

    def call(one: Job) -> JsonObject:
        seen.append(one)
        return {"found": 3}

    with house_with(database_url, call) as house:
        instance = begin(house)
        worker(house).run_until_idle()

        assert [one.id for one in seen] == [instance.row_id(seen[0].key)]
        assert view(house, instance).instance.state is InstanceState.COMPLETED
        assert view(house, instance).variables == {"found": 3}


def test_a_failing_job_is_tried_again_later_and_becomes_an_incident(database_url: str) -> None:
    tries: list[int] = []

    def call(one: Job) -> JsonObject:
        tries.append(one.retries)
        raise TimeoutError("王秀英 did not answer")

    with house_with(database_url, call) as house:
        instance = begin(house)
        for _ in range(5):
            worker(house).run_until_idle()
            house.clock.move(hours=2)

        assert tries == [3, 2, 1]
        (incident,) = view(house, instance).incidents
        assert (incident.kind, incident.resolved_at) == ("job", None)
        assert "TimeoutError" in incident.reason
        assert "王秀英" not in incident.reason  # messages of foreign exceptions may hold persons


def test_a_repaired_job_runs_again_with_the_same_key(database_url: str) -> None:
    ids = []

    def call(one: Job) -> JsonObject:
        ids.append(one.id)
        if len(ids) < 4:
            raise TimeoutError
        return {}

    with house_with(database_url, call) as house:
        instance = begin(house)
        for _ in range(3):
            worker(house).run_until_idle()
            house.clock.move(hours=2)
        (incident,) = view(house, instance).incidents

        with pytest.raises(NotPermitted):
            house.engine.execute(ResolveIncident(incident_id=incident.id), actor=person("ann", "township/clerk"))
        house.engine.execute(ResolveIncident(incident_id=incident.id), actor=CHIEF)
        worker(house).run_until_idle()

        assert len(set(ids)) == 1
        assert view(house, instance).instance.state is InstanceState.COMPLETED
        assert view(house, instance).incidents[0].resolved_at is not None
        with pytest.raises(IncidentResolved):
            house.engine.execute(ResolveIncident(incident_id=incident.id), actor=CHIEF)


def test_a_bpmn_error_of_a_job_takes_the_drawn_way(database_url: str) -> None:
    def call(_: Job) -> JsonObject:
        raise BpmnError("NO", "not ours")

    with house_with(database_url, call) as house:
        instance = begin(house)
        worker(house).run_until_idle()

        assert [one.element_id for one in view(house, instance).tasks] == ["repair"]
        assert view(house, instance).jobs == []


def test_a_lease_keeps_others_away_until_it_ends(database_url: str) -> None:
    with house_with(database_url, lambda _: {}) as house:
        begin(house)

        def acquire(name: str) -> list[Job]:
            command = AcquireJobs(worker=name, types=("call",), lease=timedelta(minutes=2), limit=10)
            return house.engine.execute(command, actor=SYSTEM)

        (mine,) = acquire("first")
        assert acquire("second") == []
        assert not house.engine.execute(EndLease(lease=mine.lease), actor=SYSTEM)
        house.clock.move(minutes=3)
        assert acquire("second") == []  # the lease that was let run out is counted first
        end_leases(house)
        (taken_over,) = acquire("second")

        assert (taken_over.id, taken_over.retries, taken_over.left_undone) == (mine.id, mine.retries, 1)
        with pytest.raises(JobLost):
            house.engine.execute(CompleteJob(lease=mine.lease, variables={}), actor=SYSTEM)
        house.engine.execute(CompleteJob(lease=taken_over.lease, variables={}), actor=SYSTEM)
        with pytest.raises(JobLost):
            house.engine.execute(CompleteJob(lease=taken_over.lease, variables={}), actor=SYSTEM)


def test_a_timer_fires_once_and_not_before_its_time(database_url: str) -> None:
    with house_with(database_url, lambda _: {}, TIMER) as house:
        instance = begin(house)
        worker(house).run_until_idle()
        (timer,) = view(house, instance).timers
        assert timer.due_at == house.clock() + timedelta(days=3)

        house.clock.move(days=3)
        fire = FireTimer(process_instance_id=instance.id, subscription_key=timer.subscription_key)
        assert [house.engine.execute(fire, actor=SYSTEM) for _ in range(2)] == [True, False]
        assert view(house, instance).instance.state is InstanceState.COMPLETED


def test_a_message_reaches_the_instance_with_its_key_only(database_url: str) -> None:
    with house_with(database_url, lambda _: {}, MESSAGE) as house:
        first, second = begin(house, number="A1"), begin(house, number="A2")

        house.engine.execute(CorrelateMessage(name="answer", correlation_key="A2", variables={"x": 1}), actor=SYSTEM)

        assert view(house, first).instance.state is InstanceState.ACTIVE
        assert view(house, second).instance.state is InstanceState.COMPLETED
        with pytest.raises(NotCorrelated):
            house.engine.execute(CorrelateMessage(name="answer", correlation_key="A2", variables={}), actor=SYSTEM)


def test_cancelling_an_instance_closes_everything_it_waits_for(database_url: str) -> None:
    with house_with(database_url, lambda _: {}) as house:
        instance = begin(house)
        house.engine.execute(CancelProcessInstance(process_instance_id=instance.id, reason="double"), actor=SYSTEM)

        after = view(house, instance)
        assert after.instance.state is InstanceState.CANCELLED
        assert (after.jobs, after.timers, after.subscriptions) == ([], [], [])


def test_a_running_worker_hears_of_new_work(database_url: str) -> None:
    done = Event()

    def call(_: Job) -> JsonObject:
        done.set()
        return {}

    with house_with(database_url, call) as house:
        stop = Event()
        running = Thread(target=worker(house).run, args=(stop,))
        running.start()
        begin(house)

        assert done.wait(30)
        stop.set()
        running.join(30)
        assert not running.is_alive()


def test_a_timer_that_cannot_fire_stops_neither_the_worker_nor_the_others(database_url: str) -> None:
    with house_with(database_url, lambda _: {}, TIMER) as house:
        broken, sound = begin(house), begin(house)
        with house.database.begin() as connection:
            connection.execute(
                text("UPDATE process_instance SET snapshot = 'rubbish' WHERE id = :id"), {"id": broken.id}
            )
        house.clock.move(days=4)

        worker(house).run_until_idle()

        assert view(house, sound).instance.state is InstanceState.COMPLETED
        with house.database.connect() as connection:
            (waiting,) = connection.execute(text("SELECT claimed_until, failures FROM timer")).all()
        assert (waiting.claimed_until > house.clock(), waiting.failures) == (True, 1)


def test_jobs_of_types_nobody_here_serves_leave_the_worker_asleep(database_url: str) -> None:
    turns = 0
    with engine_on(database_url, Host(outside={"other": lambda _: {}}, region="320481")) as house:
        house.deploy(case_bpmn=JOB)
        begin(house)
        stop = Event()

        class Counting(ListenSignal):
            def wait(self, timeout: timedelta) -> bool:
                nonlocal turns
                turns += 1
                stop.set()
                assert timeout >= WorkerSettings(name="x").longest_wait
                return False

        JobExecutor(house.engine, signal=lambda: Counting(house.database), settings=WorkerSettings(name="worker")).run(
            stop
        )

    assert turns == 1


@pytest.mark.parametrize("ending", ["result", "error"])
def test_an_outcome_that_cannot_be_kept_is_a_failed_try(database_url: str, ending: str) -> None:
    too_much = {"text": "x" * 3_000_000}

    def call(_: Job) -> JsonObject:
        if ending == "error":
            raise BpmnError("NO", variables=too_much)
        return too_much

    with house_with(database_url, call) as house:
        instance = begin(house)
        for _ in range(3):
            worker(house).run_until_idle()
            house.clock.move(hours=2)

        (incident,) = view(house, instance).incidents
        assert "变量无效" in said(incident.reason, "zh")
        assert "variables are not acceptable" in said(incident.reason, "en")
