"""Leases of jobs: one try at a time, none that is forgotten, and workers that outlive what goes wrong."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import text

from engine.commands.incidents import ResolveIncident, SetJobRetries
from engine.commands.jobs import AcquireJobs, CompleteJob, EndLease, ExpiredJobs, FailJob
from engine.commands.operations import Activate, ModifyProcessInstance, ResumeProcessInstance, SuspendProcessInstance
from engine.commands.process_instances import StartProcessInstance
from engine.errors import JobLost
from engine.host import Host
from engine.job_executor import JobExecutor, WorkerSettings
from engine.json_values import JsonObject
from engine.leases import GIVE_UP_AFTER, SUSPECT_AFTER
from engine.model import SYSTEM, Incident, InstanceState, Job, ProcessInstance
from storage.unit_of_work import ListenSignal
from tests.engines import REGION, EngineUnderTest, engine_on, person
from tests.processes.diagrams import boundary, duration, end, flows, job, one_process, receive, start, user

CALL = one_process(start(), job("call"), end(), flows("s>call>e"))
CHIEF = person("chief", "civil_affairs/supervisor", region="320481")
LEASE = timedelta(minutes=2)


@contextmanager
def house_with(
    database_url: str, handler: Callable[[Job], JsonObject] = lambda _: {}, xml: bytes = CALL
) -> Iterator[EngineUnderTest]:
    with engine_on(database_url, Host(outside={"call": handler}, region="320481")) as house:
        house.deploy(case_bpmn=xml)
        yield house


def begin(house: EngineUnderTest, **variables: object) -> ProcessInstance:
    command = StartProcessInstance(process_id="P", variables=variables, region=REGION, business_key="2026-1")
    return house.engine.execute(command, actor=SYSTEM)


def acquire(house: EngineUnderTest, worker: str = "w", *, limit: int = 10) -> list[Job]:
    return house.engine.execute(AcquireJobs(worker=worker, types=("call",), lease=LEASE, limit=limit), actor=SYSTEM)


def end_leases(house: EngineUnderTest) -> int:
    expired = house.engine.execute(ExpiredJobs(limit=10), actor=SYSTEM)
    return sum(house.engine.execute(EndLease(lease=one.lease), actor=SYSTEM) for one in expired)


def executor(
    house: EngineUnderTest, signal: Callable[[], ListenSignal] | None = None, *, threads: int = 3
) -> JobExecutor[Any]:
    settings = WorkerSettings(name="worker", threads=threads, lease=LEASE)
    return JobExecutor(house.engine, signal=signal or (lambda: ListenSignal(house.database)), settings=settings)


def incidents(house: EngineUnderTest, instance: ProcessInstance) -> list[Incident]:
    return [one for one in house.queries.instance(instance.id).incidents if one.resolved_at is None]


def test_a_late_word_under_an_earlier_lease_of_the_same_worker_is_refused(database_url: str) -> None:
    with house_with(database_url) as house:
        instance = begin(house)
        [first] = acquire(house)
        house.clock.move(minutes=3)
        assert end_leases(house) == 1
        [second] = acquire(house)
        assert (second.id, second.locked_by) == (first.id, first.locked_by)

        for late in (
            FailJob(lease=first.lease, reason="late", retry_in=timedelta()),
            CompleteJob(lease=first.lease, variables={}),
        ):
            with pytest.raises(JobLost):
                house.engine.execute(late, actor=SYSTEM)
        assert acquire(house, "other") == []
        house.engine.execute(CompleteJob(lease=second.lease, variables={}), actor=SYSTEM)

        assert house.queries.instance(instance.id).instance.state is InstanceState.COMPLETED


def test_a_job_whose_workers_die_becomes_an_incident(database_url: str) -> None:
    with house_with(database_url) as house:
        instance = begin(house)
        for _ in range(GIVE_UP_AFTER):
            [taken] = acquire(house)
            house.clock.move(minutes=3)
            assert (end_leases(house), end_leases(house)) == (1, 0)

        assert acquire(house) == []
        [incident] = incidents(house, instance)
        assert (taken.retries, taken.left_undone) == (3, GIVE_UP_AFTER - 1)
        assert (incident.kind, "no answer within its lease" in incident.reason) == ("job", True)


def test_what_was_left_undone_twice_is_taken_one_at_a_time_beside_the_others(database_url: str) -> None:
    with house_with(database_url) as house:
        suspects = [begin(house) for _ in range(3)]
        for _ in range(SUSPECT_AFTER):
            assert len(acquire(house)) == 3
            house.clock.move(minutes=3)
            end_leases(house)
        fresh = [begin(house) for _ in range(2)]

        taken = acquire(house)
        assert len(taken) == 3
        assert {one.id for one in fresh} < {one.process_instance_id for one in taken}
        [suspect] = [one for one in taken if one.left_undone]
        assert suspect.process_instance_id in {one.id for one in suspects}
        command = AcquireJobs(worker="w", types=("call",), lease=LEASE, limit=10, suspects=0)
        assert house.engine.execute(command, actor=SYSTEM) == []


def test_a_lease_given_before_the_clock_was_put_back_is_over(database_url: str) -> None:
    with house_with(database_url) as house:
        begin(house)
        acquire(house)
        assert end_leases(house) == 0
        house.clock.move(days=-1)

        assert end_leases(house) == 1


def test_a_handler_that_hangs_takes_nobodys_place_and_becomes_an_incident(database_url: str) -> None:
    hung, let_go, stop = Event(), Event(), Event()
    begun: list[object] = []
    reasons: list[str] = []

    def call(one: Job) -> JsonObject:
        begun.append(one.variables["name"])
        if one.variables["name"] == "bad":
            hung.set()
            assert let_go.wait(120)
        return {}

    with house_with(database_url, call) as house:
        bad = begin(house, name="bad")
        good = [begin(house, name="good") for _ in range(5)]
        # one thread, and yet the others are done: what hangs takes nobody's place

        class TimePasses(ListenSignal):
            """Nothing is left to do now: a minute passes. The operator retries the first incident, and is told."""

            turns = 0

            def wait(self, timeout: timedelta) -> bool:
                assert hung.wait(60)
                TimePasses.turns += 1
                found = incidents(house, bad)
                reasons.extend(one.reason for one in found)
                if len(reasons) == 2 or TimePasses.turns > 60:
                    let_go.set()
                    stop.set()
                elif found:
                    house.engine.execute(ResolveIncident(incident_id=found[0].id), actor=CHIEF)
                house.clock.move(minutes=1)
                return False

        executor(house, lambda: TimePasses(house.database), threads=1).run(stop)

        assert sorted(map(str, begun)) == ["bad", *["good"] * 5]
        assert {house.queries.instance(one.id).instance.state for one in good} == {InstanceState.COMPLETED}
        assert "has not come back within its lease" in reasons[0]
        assert "restart that worker" in reasons[1]


def test_a_slow_handler_keeps_its_job_while_it_has_tries_left(database_url: str) -> None:
    slow, stop = Event(), Event()

    def call(_: Job) -> JsonObject:
        assert slow.wait(60)
        return {"found": 3}

    with house_with(database_url, call) as house:
        instance = begin(house)

        class TimePasses(ListenSignal):
            def wait(self, timeout: timedelta) -> bool:
                view = house.queries.instance(instance.id)
                if view.instance.state is InstanceState.COMPLETED:
                    stop.set()
                elif view.jobs[0].failures == 1:
                    slow.set()
                else:
                    house.clock.move(minutes=1)
                return False

        executor(house, lambda: TimePasses(house.database)).run(stop)

        assert house.queries.instance(instance.id).variables == {"found": 3}


def test_setting_retries_lets_a_job_be_tried_at_once_whoever_holds_it(database_url: str) -> None:
    with house_with(database_url) as house:
        begin(house)
        [dead] = acquire(house, "dead")
        house.engine.execute(SetJobRetries(job_id=dead.id, retries=5), actor=CHIEF)
        [taken] = acquire(house, "other")

        assert (taken.retries, taken.failures) == (5, 0)
        with pytest.raises(JobLost):
            house.engine.execute(CompleteJob(lease=dead.lease, variables={}), actor=SYSTEM)


def test_a_job_in_hand_when_its_case_is_suspended_is_done_again_without_losing_a_try(database_url: str) -> None:
    tries: list[int] = []

    with house_with(database_url, lambda _: {}) as house:
        instance = begin(house)

        def call(one: Job) -> JsonObject:
            tries.append(one.retries)
            if len(tries) == 1:
                rest = SuspendProcessInstance(process_instance_id=instance.id, reason="check")
                house.engine.execute(rest, actor=CHIEF)
            return {}

        house.engine.host.outside["call"] = call  # type: ignore[index]  # a dict here
        executor(house).run_until_idle()
        house.clock.move(minutes=5)
        executor(house).run_until_idle()
        assert tries == [3]
        house.engine.execute(ResumeProcessInstance(process_instance_id=instance.id, reason="on"), actor=CHIEF)
        executor(house).run_until_idle()

        assert tries == [3, 3]
        assert house.queries.instance(instance.id).instance.state is InstanceState.COMPLETED


def test_what_begins_in_a_suspended_case_rests_too(database_url: str) -> None:
    xml = one_process(
        start(), user("a"), job("call"), boundary("b", "call", duration("PT1H")), end(), flows("s>a>call>e b>e")
    )
    with house_with(database_url, xml=xml) as house:
        instance = begin(house)
        house.engine.execute(SuspendProcessInstance(process_instance_id=instance.id, reason="check"), actor=CHIEF)
        modify = ModifyProcessInstance(
            process_instance_id=instance.id, activate=(Activate(element_id="call"),), cancel_elements=("a",), reason="x"
        )
        house.engine.execute(modify, actor=CHIEF)
        house.clock.move(hours=2)

        assert executor(house).run_until_idle() == 0
        house.engine.execute(ResumeProcessInstance(process_instance_id=instance.id, reason="on"), actor=CHIEF)
        executor(house).run_until_idle()
        assert house.queries.instance(instance.id).instance.state is InstanceState.COMPLETED


def test_what_an_earlier_release_suspends_and_resumes_is_marked_too(database_url: str) -> None:
    with house_with(database_url) as house:
        begin(house)
        for state, found in (("suspended", 0), ("active", 1)):
            with house.database.begin() as connection:
                connection.execute(text("UPDATE process_instance SET state = :state"), {"state": state})
            assert len(acquire(house)) == found


def test_a_worker_outlives_errors_it_does_not_know(database_url: str) -> None:
    failed, done, stop = Event(), Event(), Event()

    class Listening(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if "UndefinedTable" in record.getMessage() or "ProgrammingError" in record.getMessage():
                failed.set()

    def call(_: Job) -> JsonObject:
        done.set()
        return {}

    with house_with(database_url, call) as house:
        begin(house)
        _execute(house, "ALTER TABLE timer RENAME TO timer_elsewhere")
        heard = Listening()
        logging.getLogger("engine.job_executor").addHandler(heard)
        running = Thread(target=executor(house).run, args=(stop,))
        running.start()
        assert failed.wait(60)
        _execute(house, "ALTER TABLE timer_elsewhere RENAME TO timer")

        assert done.wait(60)
        stop.set()
        running.join(60)
        logging.getLogger("engine.job_executor").removeHandler(heard)
        assert not running.is_alive()


REFUSE = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'no' USING ERRCODE = 'program_limit_exceeded'; END $$;
CREATE TRIGGER refuse BEFORE INSERT ON event_subscription FOR EACH ROW
WHEN (NEW.correlation_key = 'bad') EXECUTE FUNCTION refuse()
"""


def test_an_outcome_the_database_refuses_is_a_failed_try(database_url: str) -> None:
    calls: list[int] = []

    def call(one: Job) -> JsonObject:
        calls.append(one.retries)
        return {}

    xml = one_process(start(), job("call"), receive("r", "m", "=key"), end(), flows("s>call>r>e"))
    with house_with(database_url, call, xml) as house:
        _execute(house, REFUSE)
        instance = begin(house, key="bad")
        for _ in range(5):
            executor(house).run_until_idle()
            house.clock.move(hours=2)

        assert calls == [3, 2, 1]
        assert [one.kind for one in incidents(house, instance)] == ["job"]


def test_a_firing_the_database_refuses_stops_no_other_and_becomes_an_incident(database_url: str) -> None:
    xml = one_process(
        start(), user("a"), boundary("b", "a", duration("PT1H")), receive("r", "m", "=key"), end(), flows("s>a>r>e b>r")
    )
    with house_with(database_url, xml=xml) as house:
        _execute(house, REFUSE)
        bad, good = begin(house, key="bad"), begin(house, key="good")
        for _ in range(6):
            house.clock.move(hours=2)
            executor(house).run_until_idle()

        assert house.queries.instance(good.id).timers == []
        [incident] = incidents(house, bad)
        assert incident.kind == "timer-firing"


def _execute(house: EngineUnderTest, statement: str) -> None:
    with house.database.begin() as connection:
        connection.execute(text(statement))
