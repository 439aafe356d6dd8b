"""Jobs that workers leave undone, jobs that hang, and leases that a clock put back would make endless."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread, current_thread

import pytest
from sqlalchemy import text

from engine.commands.incidents import ResolveIncident
from engine.commands.jobs import GIVE_UP_AFTER, AcquireJobs, CompleteJob
from engine.commands.process_instances import StartProcessInstance
from engine.commands.timers import ClaimDue
from engine.host import Host
from engine.job_executor import JobExecutor, WorkerSettings
from engine.json_values import JsonObject
from engine.leases import LONGEST_LEASE
from engine.model import SYSTEM, InstanceState, Job, ProcessInstance, Timer
from storage.unit_of_work import ListenSignal
from tests.engines import REGION, EngineUnderTest, engine_on, person
from tests.processes.diagrams import catch, duration, end, flows, job, one_process, start

JOB = one_process(start(), job("call"), end(), flows("s>call>e"))
TIMER = one_process(start(), catch("pause", duration("PT1M")), end(), flows("s>pause>e"))
LEASE = timedelta(minutes=2)
CHIEF = person("chief", "civil_affairs/supervisor", region="320481")


@contextmanager
def house_with(database_url: str, xml: bytes = JOB, handler: object = lambda _: {}) -> Iterator[EngineUnderTest]:
    with engine_on(database_url, Host(outside={"call": handler}, region="320481")) as house:
        house.deploy(case_bpmn=xml)
        yield house


def begin(house: EngineUnderTest, count: int = 1) -> list[ProcessInstance]:
    command = StartProcessInstance(process_id="P", variables={}, region=REGION, business_key="2026-1")
    return [house.engine.execute(command, actor=SYSTEM) for _ in range(count)]


def taken(house: EngineUnderTest, worker: str = "w", *, limit: int = 10, suspects: int = 1) -> list[Job]:
    command = AcquireJobs(worker=worker, types=("call",), lease=LEASE, limit=limit, suspects=suspects)
    return house.engine.execute(command, actor=SYSTEM)


def executor(house: EngineUnderTest, **settings: object) -> JobExecutor[object]:
    return JobExecutor(
        house.engine, signal=lambda: ListenSignal(house.database), settings=WorkerSettings(name="worker", **settings)
    )


def test_a_job_that_five_workers_left_undone_becomes_an_incident_without_being_tried_again(database_url: str) -> None:
    tried: list[Job] = []

    def call(one: Job) -> JsonObject:
        tried.append(one)
        return {}

    with house_with(database_url, handler=call) as house:
        [instance] = begin(house)
        for number in range(GIVE_UP_AFTER):
            [one] = taken(house, f"worker {number}")
            assert one.retries == 3
            house.clock.move(minutes=3)
        executor(house).run_until_idle()

        assert tried == []
        [incident] = house.queries.instance(instance.id).incidents
        assert (incident.kind, incident.resolved_at) == ("job", None)
        assert f"worker {GIVE_UP_AFTER - 1}" in incident.reason
        house.engine.execute(ResolveIncident(incident_id=incident.id), actor=CHIEF)
        taken(house, "another")
        house.clock.move(minutes=3)
        executor(house).run_until_idle()
        assert house.queries.instance(instance.id).instance.state is InstanceState.COMPLETED


def test_what_was_left_undone_twice_is_taken_one_at_a_time_and_behind_what_waits(database_url: str) -> None:
    with house_with(database_url) as house:
        begin(house, 3)
        for _ in range(2):
            assert len(taken(house)) == 3
            house.clock.move(minutes=3)
        begin(house, 2)
        house.clock.move(seconds=1)

        assert sorted(one.failures for one in taken(house, limit=2)) == [0, 0, 2]
        assert taken(house, suspects=0) == []
        assert [one.failures for one in taken(house)] == [2]


def test_a_worker_that_was_put_to_sleep_loses_the_job_it_comes_back_with(database_url: str) -> None:
    with house_with(database_url) as house:
        [instance] = begin(house)
        [late] = taken(house, "late")
        house.clock.move(minutes=3)
        [again] = taken(house, "other")
        house.engine.execute(CompleteJob(job_id=again.id, worker="other", variables={}), actor=SYSTEM)

        assert late.id == again.id
        assert house.queries.instance(instance.id).instance.state is InstanceState.COMPLETED


@pytest.mark.parametrize("ahead", [LONGEST_LEASE, timedelta(days=1)])
def test_a_lease_given_by_a_clock_that_was_put_back_holds_nobody_up(database_url: str, ahead: timedelta) -> None:
    with house_with(database_url) as house:
        begin(house)
        house.clock.time += ahead
        assert len(taken(house, "dead")) == 1
        house.clock.time -= ahead

        assert len(taken(house, "living")) == 1


def test_a_claim_given_by_a_clock_that_was_put_back_holds_no_timer(database_url: str) -> None:
    claim = ClaimDue(limit=10, lease=timedelta(minutes=1))
    with house_with(database_url, TIMER) as house:
        [instance] = begin(house)
        house.clock.move(days=1)
        assert [type(one) for one in house.engine.execute(claim, actor=SYSTEM)] == [Timer]
        house.clock.move(days=-1, minutes=2)
        executor(house).run_until_idle()

        assert house.queries.instance(instance.id).instance.state is InstanceState.COMPLETED


def test_messages_are_still_swept_after_the_clock_was_put_back(database_url: str) -> None:
    with house_with(database_url) as house:
        worker = executor(house)
        house.clock.move(days=1)
        worker.run_until_idle()
        house.clock.move(days=-1)
        with house.database.begin() as connection:
            connection.execute(
                text(
                    "INSERT INTO message (kind, name, variables, wrapped_key, region, business_key, published_at, "
                    "expires_at) VALUES ('message', 'm', '', '', '', '', :then, :then)"
                ),
                {"then": house.clock() - timedelta(minutes=1)},
            )
        worker.run_until_idle()

        with house.database.connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM message")).scalar_one() == 0


def test_jobs_that_hang_take_nobodys_place_and_keep_no_worker_from_ending(database_url: str) -> None:
    goes_on, done = Event(), Event()
    hanging: list[Thread] = []

    def call(one: Job) -> JsonObject:
        if one.business_key == "hangs":
            hanging.append(current_thread())
            goes_on.wait()
        else:
            done.set()
        return {}

    with house_with(database_url, handler=call) as house:
        for key in ("hangs", "works"):
            command = StartProcessInstance(process_id="P", variables={}, region=REGION, business_key=key)
            house.engine.execute(command, actor=SYSTEM)
            house.clock.move(seconds=1)
        stop = Event()
        worker = executor(house, threads=1, lease=timedelta(milliseconds=200))
        running = Thread(target=worker.run, args=(stop,))
        running.start()
        assert done.wait(30)
        stop.set()
        running.join(30)
        assert not running.is_alive()
        goes_on.set()
        for one in hanging:
            one.join()


def test_no_lease_is_longer_than_others_respect() -> None:
    with pytest.raises(ValueError, match="longer"):
        WorkerSettings(name="w", lease=LONGEST_LEASE + timedelta(seconds=1))
