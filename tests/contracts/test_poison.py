"""What cannot be handled stops nobody else: damaged rows, runs without end, lines that break, cases that are busy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import make_url, text

from engine.batches import BatchItem, BatchKind, InstanceFilter, Told
from engine.commands import batches
from engine.commands.batches import Asked, CreateBatch
from engine.commands.jobs import ExpiredJobs
from engine.commands.process_instances import CancelProcessInstance, StartProcessInstance
from engine.commands.timers import INCIDENT_AFTER, FireTimer, PostponeDue
from engine.errors import ConcurrentChange
from engine.host import Host
from engine.job_executor import JobExecutor, WorkerSettings
from engine.json_values import JsonObject
from engine.leases import GIVE_UP_AFTER
from engine.model import SYSTEM, Job, ProcessInstance
from storage.database import connect
from storage.turns import ANSWERED_WITHIN
from storage.unit_of_work import ListenSignal
from tests.engines import REGION, EngineUnderTest, engine_on, person
from tests.processes.diagrams import (
    catch,
    document,
    duration,
    end,
    exclusive,
    flows,
    job,
    one_process,
    process,
    script,
    start,
    user,
)

CALL = one_process(start(), job("call"), end(), flows("s>call>e"))
DAMAGES = {
    "its variables": "UPDATE job SET variables = 'rot'::bytea WHERE process_instance_id = :id",
    "its instance": "UPDATE process_instance SET snapshot = 'rot'::bytea WHERE id = :id",
    "its key": "UPDATE process_instance SET wrapped_key = 'rot'::bytea WHERE id = :id",
}


def begin(house: EngineUnderTest, **variables: object) -> ProcessInstance:
    command = StartProcessInstance(process_id="P", variables=variables, region=REGION, business_key="1")
    return house.engine.execute(command, actor=SYSTEM)


def worker(house: EngineUnderTest, **settings: Any) -> JobExecutor[Any]:
    settings = {"name": "w", "jobs_in_a_turn": 2, **settings}
    return JobExecutor(house.engine, signal=lambda: pytest.fail("nobody waits"), settings=WorkerSettings(**settings))


def states(house: EngineUnderTest) -> Counter[str]:
    with house.database.connect() as connection:
        return Counter(connection.execute(text("SELECT state FROM process_instance")).scalars())


def write(house: EngineUnderTest, statement: str, **values: object) -> None:
    with house.database.begin() as connection:
        connection.execute(text(statement), values)


@pytest.mark.parametrize("damage", sorted(DAMAGES))
def test_a_job_that_does_not_open_stops_no_other(database_url: str, damage: str) -> None:
    done: list[str] = []

    def call(one: Job) -> JsonObject:
        done.append(str(one.process_instance_id))
        return {}

    with engine_on(database_url, Host(outside={"call": call}, region="320481")) as house:
        house.deploy(p_bpmn=CALL)
        bad, *good = [begin(house, a=1) for _ in range(4)]
        write(house, DAMAGES[damage], id=bad.id)
        for _ in range(12):
            worker(house).run_until_idle()
            house.clock.move(hours=2)

        assert states(house) == {"completed": 3, "active": 1}
        assert {str(one.id) for one in good} <= set(done)


def test_a_job_whose_variables_do_not_open_becomes_an_incident_that_says_so(database_url: str) -> None:
    with engine_on(database_url, Host(outside={"call": lambda _: pytest.fail("begun")}, region="320481")) as house:
        house.deploy(p_bpmn=CALL)
        bad = begin(house, a=1)
        write(house, DAMAGES["its variables"], id=bad.id)
        for _ in range(4):
            worker(house).run_until_idle()
            house.clock.move(hours=2)

        [incident] = house.queries.instance(bad.id).incidents
        assert incident.kind == "job"
        assert "无法打开" in incident.reason
        assert "check the key file" in incident.reason


HEAVY = one_process(
    start(),
    catch("t", duration("PT5S")),
    script("x", "=(for i in 1..100000 return i)[1]", "r"),
    script("k", "=k + 1", "k"),
    exclusive("g"),
    end(),
    flows("s>t>x>k>g>e[=k >= limit] g>x[=k < limit]"),
)


def test_a_run_that_computes_without_end_is_an_incident_and_lets_the_others_fire(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.host.MOST_SECONDS", 1)
    with engine_on(database_url) as house:
        house.deploy(p_bpmn=HEAVY)
        heavy, *easy = [begin(house, k=0, limit=limit) for limit in (10_000, 1, 1)]
        house.clock.move(seconds=6)
        worker(house).run_until_idle()

        assert states(house) == {"completed": len(easy), "active": 1}
        [incident] = house.queries.instance(heavy.id).incidents
        assert incident.kind == "step-limit"
        assert "computed for more than" in incident.reason


TIMED = one_process(start(), catch("t", duration("PT5S")), end(), flows("s>t>e"))


class Poisoned:
    """A way to fire that does something else at one instance, and says how often each was fired."""

    def __init__(self, bad: UUID, deed: Callable[[], None]) -> None:
        self._bad, self._deed, self._fire = bad, deed, FireTimer.execute
        self.fired: Counter[UUID] = Counter()

    def execute(self, command: FireTimer, context: Any) -> bool:
        self.fired[command.process_instance_id] += 1
        if command.process_instance_id == self._bad:
            self._deed()
        return self._fire(command, context)


@contextmanager
def poisoned(
    database_url: str, monkeypatch: pytest.MonkeyPatch, deed: Callable[[], None]
) -> Iterator[tuple[EngineUnderTest, ProcessInstance, Poisoned]]:
    """Open a house with four timers that are due together, of which the first does something else when it fires."""
    with engine_on(database_url) as house:
        house.deploy(p_bpmn=TIMED)
        bad = begin(house)
        for _ in range(3):
            house.clock.move(seconds=1)
            begin(house)
        poison = Poisoned(bad.id, deed)
        monkeypatch.setattr(FireTimer, "execute", lambda command, context: poison.execute(command, context))
        house.clock.move(minutes=1)
        yield house, bad, poison


def test_a_firing_that_breaks_its_line_each_time_stops_no_other_and_becomes_an_incident(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_line() -> None:
        raise ConnectionError("the transaction stood still")

    with poisoned(database_url, monkeypatch, break_line) as (house, bad, _):
        worker(house).run_until_idle()
        assert states(house) == {"completed": 3, "active": 1}
        for _ in range(INCIDENT_AFTER):
            house.clock.move(hours=2)
            worker(house).run_until_idle()

        [incident] = house.queries.instance(bad.id).incidents
        assert incident.kind == "timer-firing"
        assert "与数据库的连接中断" in incident.reason
        assert "the transaction stood still" in incident.reason


def test_a_firing_that_ends_its_workers_is_tried_alone_and_becomes_an_incident(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die() -> None:
        raise SystemExit("killed")

    with poisoned(database_url, monkeypatch, die) as (house, bad, poison):
        deaths = 0
        while not house.queries.instance(bad.id).incidents:
            try:
                worker(house).run_until_idle()
            except SystemExit:
                deaths += 1
                assert deaths <= GIVE_UP_AFTER
            house.clock.move(minutes=2)

        assert deaths == GIVE_UP_AFTER
        assert states(house) == {"completed": 3, "active": 1}
        [incident] = house.queries.instance(bad.id).incidents
        assert (incident.kind, f"tried {GIVE_UP_AFTER} times" in incident.reason) == ("timer-firing", True)
        assert [many for one, many in poison.fired.items() if one != bad.id] == [1, 1, 1]


def test_a_database_that_is_away_ends_the_turn_and_counts_against_nothing(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise ConnectionError("away")

    with poisoned(database_url, monkeypatch, lambda: away()) as (house, bad, _):
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(PostponeDue, "execute", away)
            with pytest.raises(ConnectionError):
                worker(house).take_turn()
        with house.database.connect() as connection:
            assert set(connection.execute(text("SELECT failures FROM timer")).scalars()) == {0}
        assert house.queries.instance(bad.id).incidents == []


RESTING = one_process(start(), user("u"), end(), flows("s>u>e"))
CHIEF = person("chief", "civil_affairs/supervisor", region="320481")


def batch_of(house: EngineUnderTest, kind: BatchKind, *instances: ProcessInstance) -> UUID:
    house.clock.move(seconds=1)
    asked = Asked(kind=kind, filter=InstanceFilter(ids=tuple(one.id for one in instances)), reason="x")
    return house.engine.execute(CreateBatch(asked=asked), actor=CHIEF).id


def outcomes(house: EngineUnderTest, batch_id: UUID) -> list[tuple[str, str]]:
    with house.database.connect() as connection:
        query = "SELECT state, message_en FROM batch_item WHERE batch_id = :id ORDER BY number"
        return [(one.state, one.message_en) for one in connection.execute(text(query), {"id": batch_id})]


def test_a_batch_that_does_not_open_fails_item_by_item_and_stops_no_other(database_url: str) -> None:
    with engine_on(database_url) as house:
        house.deploy(p_bpmn=RESTING)
        a, b, c, d = [begin(house) for _ in range(4)]
        bad, good = batch_of(house, BatchKind.SUSPEND, a, b), batch_of(house, BatchKind.CANCEL, c, d)
        write(house, "UPDATE batch_operation SET reason = 'rot'::bytea WHERE id = :id", id=bad)
        worker(house).run_until_idle()

        assert [state for state, _ in outcomes(house, good)] == ["done", "done"]
        assert [(state, "does not open" in told) for state, told in outcomes(house, bad)] == [("failed", True)] * 2
        with house.database.connect() as connection:
            ended = connection.execute(text("SELECT count(*) FROM batch_operation WHERE state = 'completed'"))
            assert ended.scalar_one() == 2


@pytest.mark.parametrize("ending", sorted(["ConnectionError", "SystemExit"]))
def test_an_item_that_ends_its_workers_or_their_line_fails_in_the_end_and_stops_no_other(
    database_url: str, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    kind = {"ConnectionError": ConnectionError, "SystemExit": SystemExit}[ending]
    with engine_on(database_url) as house:
        house.deploy(p_bpmn=RESTING)
        first, *others = [begin(house) for _ in range(4)]
        batch = batch_of(house, BatchKind.SUSPEND, first, *others)
        attempt, tried = batches.attempted, Counter[UUID]()

        def attempted(context: Any, of: Any, item: BatchItem) -> Told:
            tried[item.process_instance_id] += 1
            if item.process_instance_id == first.id:
                raise kind("again")
            return attempt(context, of, item)

        monkeypatch.setattr(batches, "attempted", attempted)
        while "waiting" in dict(outcomes(house, batch)):
            with suppress(kind):
                worker(house).run_until_idle()
            house.clock.move(minutes=2)

        told = outcomes(house, batch)
        assert Counter(state for state, _ in told) == {"failed": 1, "done": 3}
        assert f"tried {GIVE_UP_AFTER} times" in dict(told)["failed"]
        assert tried == {first.id: GIVE_UP_AFTER} | {one.id: 1 for one in others}


@contextmanager
def busy(house: EngineUnderTest, instance: ProcessInstance) -> Iterator[None]:
    """Let another transaction hold an instance."""
    with house.database.connect() as other:
        other.execute(text("SELECT 1 FROM process_instance WHERE id = :id FOR UPDATE"), {"id": instance.id})
        yield


def patient_for(milliseconds: int, database_url: str) -> str:
    given = make_url(database_url).update_query_dict({"options": f"-c lock_timeout={milliseconds}"})
    return given.render_as_string(hide_password=False)


def test_a_case_that_is_busy_for_long_is_a_lost_race_and_no_outage(database_url: str) -> None:
    with engine_on(patient_for(100, database_url)) as house:
        house.deploy(p_bpmn=RESTING)
        instance = begin(house)
        command = CancelProcessInstance(process_instance_id=instance.id, reason="x")
        with busy(house, instance), pytest.raises(ConcurrentChange):
            house.engine.execute(command, actor=SYSTEM)
        house.engine.execute(command, actor=SYSTEM)
        assert states(house) == {"cancelled": 1}


def test_everybody_waits_for_a_lock_for_less_time_than_a_silent_server_is_given(database_url: str) -> None:
    database = connect(database_url)
    with database.connect() as connection:
        [patience] = connection.execute(text("SELECT setting::int FROM pg_settings WHERE name = 'lock_timeout'")).one()
    database.dispose()
    assert 0 < patience / 1000 < ANSWERED_WITHIN / 2


def test_a_timer_of_a_busy_case_holds_nobody_up_and_fires_when_it_is_free(database_url: str) -> None:
    with engine_on(patient_for(0, database_url)) as house:
        house.deploy(p_bpmn=TIMED)
        instances = [begin(house) for _ in range(3)]
        house.clock.move(minutes=1)
        with busy(house, instances[0]):
            worker(house).run_until_idle()
            assert states(house) == {"completed": 2, "active": 1}
        house.clock.move(seconds=1)
        worker(house).run_until_idle()
        assert states(house) == {"completed": 3}


def test_whoever_gets_no_connection_in_time_is_told_of_an_outage(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = connect(database_url, pool_size=1)
    monkeypatch.setattr(database.pool, "_timeout", 0.1)
    with database.connect(), database.connect(), pytest.raises(ConnectionError, match="in use"):
        database.connect()
    with database.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1
    database.dispose()


def test_leases_are_renewed_between_the_firings_of_a_long_turn(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, fired, stop = Event(), Event(), Event()
    expired: list[int] = []

    def call(_: Job) -> JsonObject:
        begun.set()
        assert fired.wait(60)
        return {}

    xml = document(process(start(), job("call"), end(), flows("s>call>e"), process_id="Q"))
    with engine_on(database_url, Host(outside={"call": call}, region="320481")) as house:
        house.deploy(p_bpmn=TIMED, q_bpmn=xml)
        fire = FireTimer.execute

        def slowly(command: FireTimer, context: Any) -> bool:
            house.clock.move(seconds=50)
            expired.append(len(house.engine.execute(ExpiredJobs(limit=9), actor=SYSTEM)))
            if len(expired) == 3:
                fired.set()
            return fire(command, context)

        monkeypatch.setattr(FireTimer, "execute", slowly)
        house.engine.execute(
            StartProcessInstance(process_id="Q", variables={}, region=REGION, business_key="1"), actor=SYSTEM
        )
        settings = WorkerSettings(name="w")
        working = JobExecutor(house.engine, signal=lambda: ListenSignal(house.database), settings=settings)
        running = Thread(target=working.run, args=(stop,))
        running.start()
        try:
            assert begun.wait(60)
            for _ in range(3):
                begin(house)
            house.clock.move(seconds=6)
            assert fired.wait(60)
        finally:
            stop.set()
            fired.set()
            running.join(60)

        assert expired == [0, 0, 0]
