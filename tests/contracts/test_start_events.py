"""What fires by itself on PostgreSQL: timer and signal starts, many signals, timers shared by workers, poison."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from engine import exchange
from engine.commands.incidents import ResolveIncident
from engine.commands.messages import BroadcastSignal, PublishMessage
from engine.commands.process_instances import StartProcessInstance
from engine.commands.timers import INCIDENT_AFTER, ClaimDue, NextDue
from engine.errors import CannotStart, DeploymentRefused, InvalidMessage, NotFound, NotPermitted
from engine.job_executor import JobExecutor, WorkerSettings
from engine.model import SYSTEM, InstanceState, ProcessInstance
from storage.unit_of_work import ListenSignal
from tests.engines import REGION, EngineUnderTest, engine_on, person
from tests.processes.diagrams import (
    catch,
    cycle,
    date,
    document,
    duration,
    end,
    flows,
    message,
    one_process,
    process,
    signal,
    start,
    throw,
    user,
)

TIMER = one_process(start(), catch("pause", duration("P3D")), end(), flows("s>pause>e"))
HEARING = one_process(start(), catch("hear", signal("flood")), end(), flows("s>hear>e"))


@pytest.fixture
def house(database_url: str) -> Iterator[EngineUnderTest]:
    with engine_on(database_url) as house:
        yield house


def started_by(event: str, process_id: str = "S", element_id: str = "u") -> bytes:
    drawn = process(
        start("begin", event), user(element_id), end(), flows(f"begin>{element_id}>e"), process_id=process_id
    )
    return document(drawn)


def begin(house: EngineUnderTest, process_id: str = "P", **options: object) -> ProcessInstance:
    command = StartProcessInstance(process_id=process_id, variables={}, region=REGION, business_key="1", **options)
    return house.engine.execute(command, actor=SYSTEM)


def executor(house: EngineUnderTest, name: str = "worker") -> JobExecutor[object]:
    settings = WorkerSettings(name=name, threads=1)
    return JobExecutor(house.engine, signal=lambda: ListenSignal(house.database), settings=settings)


def starts(house: EngineUnderTest, process_id: str = "S") -> list[datetime]:
    with house.database.connect() as connection:
        query = text("SELECT started_at FROM process_instance WHERE process_id = :id ORDER BY started_at")
        return list(connection.execute(query, {"id": process_id}).scalars())


def states(house: EngineUnderTest) -> Counter[str]:
    with house.database.connect() as connection:
        return Counter(connection.execute(text("SELECT state FROM process_instance")).scalars())


def test_a_date_starts_an_instance_once(house: EngineUnderTest) -> None:
    house.deploy(s_bpmn=started_by(date("2026-06-16T09:00:00+08:00")))
    executor(house).run_until_idle()
    assert starts(house) == []
    assert house.engine.execute(NextDue(job_types=()), actor=SYSTEM) == datetime(2026, 6, 16, 1, 0, tzinfo=UTC)

    house.clock.move(days=2)
    executor(house).run_until_idle()
    executor(house).run_until_idle()

    assert len(starts(house)) == 1
    assert house.engine.execute(NextDue(job_types=()), actor=SYSTEM) is None


def test_a_cycle_starts_instances_until_it_is_exhausted_and_makes_up_for_nothing(house: EngineUnderTest) -> None:
    house.deploy(s_bpmn=started_by(cycle("R3/PT1H")))
    for hours in (1, 10, 1, 1):
        house.clock.move(hours=hours)
        executor(house).run_until_idle()

    assert len(starts(house)) == 3


def test_a_cron_start_fires_in_the_zone_of_the_office(house: EngineUnderTest) -> None:
    house.deploy(s_bpmn=started_by(cycle("0 0 9-17 * * MON-FRI")))  # now: Monday, 9 o'clock in Shanghai
    house.clock.move(minutes=59)
    executor(house).run_until_idle()
    assert starts(house) == []

    house.clock.move(minutes=1)
    executor(house).run_until_idle()
    house.clock.move(days=1, hours=12)  # an outage over the evening and the next day
    executor(house).run_until_idle()

    assert len(starts(house)) == 2
    following = house.engine.execute(NextDue(job_types=()), actor=SYSTEM)
    assert following == datetime(2026, 6, 17, 1, 0, tzinfo=UTC)


def test_a_new_version_takes_the_place_of_the_old_timers(house: EngineUnderTest) -> None:
    house.deploy(s_bpmn=started_by(cycle("R/PT1H")))
    house.deploy(s_bpmn=started_by(cycle("R/PT1H")))  # unchanged: left alone
    house.deploy(s_bpmn=started_by(date("2026-06-20T00:00:00Z"), element_id="v"))
    house.clock.move(hours=5)
    executor(house).run_until_idle()
    assert starts(house) == []

    house.deploy(s_bpmn=document(process(start(), end(), flows("s>e"), process_id="S")))
    house.clock.move(days=9)
    executor(house).run_until_idle()

    assert starts(house) == []


@pytest.mark.parametrize(
    ("events", "code"),
    [
        ([cycle("=interval")], "start-event-not-evaluated"),
        ([date('="some day"')], "start-event-not-evaluated"),
        ([message("paid"), message("paid")], "duplicate-catch-event"),
        ([duration("P1D")], "duration-not-allowed"),
    ],
)
def test_a_start_event_that_cannot_fire_is_refused(house: EngineUnderTest, events: list[str], code: str) -> None:
    drawn = "".join(start(f"b{number}", event) for number, event in enumerate(events))
    chains = " ".join(f"b{number}>u" for number in range(len(events)))
    with pytest.raises(DeploymentRefused) as refused:
        house.deploy(p_bpmn=one_process(drawn, user("u"), end(), flows(f"{chains} u>e")))

    assert code in [one.code for one in refused.value.findings if one.severity == "error"]


def test_a_signal_starts_and_triggers_everything_of_its_name(house: EngineUnderTest) -> None:
    house.deploy(p_bpmn=HEARING, s_bpmn=started_by(signal("flood")), t_bpmn=started_by(signal("flood"), "T"))
    waiting = [begin(house), begin(house)]

    count = house.engine.execute(
        BroadcastSignal(name="flood", variables={"level": 3}, region="320481002"), actor=SYSTEM
    )

    assert count == 4
    assert {house.queries.instance(one.id).instance.state for one in waiting} == {InstanceState.COMPLETED}
    assert (len(starts(house, "S")), len(starts(house, "T"))) == (1, 1)
    with pytest.raises(NotPermitted):
        house.engine.execute(BroadcastSignal(name="flood", variables={}), actor=person("kim", "x/administrator"))
    with pytest.raises(InvalidMessage):
        house.engine.execute(BroadcastSignal(name="", variables={}), actor=SYSTEM)


def test_a_thrown_signal_starts_instances_of_the_same_case(house: EngineUnderTest) -> None:
    throwing = process(start(), throw("tell", signal("flood")), end(), flows("s>tell>e"), process_id="Q")
    house.deploy(q_bpmn=document(throwing), s_bpmn=started_by(signal("flood")))

    begin(house, "Q")

    with house.database.connect() as connection:
        query = text("SELECT region, business_key FROM process_instance WHERE process_id = 'S'")
        assert [tuple(one) for one in connection.execute(query)] == [(REGION, "1")]


def test_a_signal_for_very_many_is_handed_over_one_by_one(
    house: EngineUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "SIGNAL_LIMIT", 3)
    house.deploy(p_bpmn=HEARING)
    waiting = [begin(house) for _ in range(8)]

    assert house.engine.execute(BroadcastSignal(name="flood", variables={}), actor=SYSTEM) == 8
    assert states(house) == {"active": 8}
    late = begin(house)  # it waits for the next one
    with house.database.begin() as connection:  # one of them is broken and must not stop the others
        connection.execute(text("UPDATE process_instance SET snapshot = 'x' WHERE id = :id"), {"id": waiting[4].id})
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda number: executor(house, str(number)).run_until_idle(), range(2)))

    assert states(house) == {"completed": 7, "active": 2}
    with house.database.connect() as connection:
        (left,) = connection.execute(text("SELECT process_instance_id, failures FROM delivery")).all()
        state = connection.execute(text("SELECT state FROM process_instance WHERE id = :id"), {"id": late.id}).scalar()
    assert (left.process_instance_id, left.failures, state) == (waiting[4].id, 1, "active")


def test_workers_share_due_timers_and_each_fires_once(house: EngineUnderTest) -> None:
    house.deploy(p_bpmn=TIMER)
    for _ in range(30):
        begin(house)
    house.clock.move(days=4)
    claims = [house.engine.execute(ClaimDue(limit=10, lease=timedelta(minutes=1)), actor=SYSTEM) for _ in range(4)]
    taken = [(one.process_instance_id, one.subscription_key) for claim in claims for one in claim]  # type: ignore[union-attr]
    assert ([len(one) for one in claims], len(set(taken))) == ([10, 10, 10, 0], 30)

    house.clock.move(minutes=2)  # those workers died
    with ThreadPoolExecutor(3) as pool:
        fired = list(pool.map(lambda number: executor(house, str(number)).run_until_idle(), range(3)))

    assert (sum(fired), states(house)) == (30, {"completed": 30})


def test_a_timer_that_never_fires_becomes_an_incident_and_is_not_lost(house: EngineUnderTest) -> None:
    house.deploy(p_bpmn=TIMER)
    instance = begin(house)
    with house.database.begin() as connection:
        connection.execute(text("CREATE TABLE kept AS SELECT snapshot FROM process_instance"))
        connection.execute(text("UPDATE process_instance SET snapshot = 'rubbish'"))
    house.clock.move(days=4)
    pauses = []
    for _ in range(INCIDENT_AFTER):
        executor(house).run_until_idle()
        due = house.engine.execute(NextDue(job_types=()), actor=SYSTEM)
        assert due is not None
        pauses.append(due - house.clock())
        house.clock.time = due
    assert pauses == sorted(set(pauses))
    with house.database.begin() as connection:
        (incident,) = connection.execute(text("SELECT id, kind, resolved_at FROM incident")).all()
        connection.execute(text("UPDATE process_instance SET snapshot = (SELECT snapshot FROM kept)"))
    assert (incident.kind, incident.resolved_at) == ("timer-firing", None)

    house.engine.execute(ResolveIncident(incident_id=incident.id), actor=SYSTEM)

    view = house.queries.instance(instance.id)
    assert (view.instance.state, view.timers) == (InstanceState.COMPLETED, [])
    assert [one.resolved_at for one in view.incidents] == [house.clock()]


def test_a_start_names_its_version_and_its_start_event(house: EngineUnderTest) -> None:
    two = process(start("none"), start("begin", message("paid")), user("u"), user("v"), end(),
                  flows("none>u>e begin>v>e"), process_id="S")  # fmt: skip
    old = house.deploy(s_bpmn=started_by(signal("flood"))).definitions[0]
    house.deploy(s_bpmn=document(two))

    def at(instance: ProcessInstance) -> list[str]:
        return [one.element_id for one in house.queries.instance(instance.id).tasks]

    assert at(begin(house, "S")) == ["u"]
    assert at(begin(house, "S", start_event="begin")) == ["v"]
    assert begin(house, "S", version=1, start_event="begin").definition_id == old.id
    assert begin(house, "S", definition_id=old.id, start_event="begin").definition_id == old.id
    for options, error in (
        ({"version": 1}, CannotStart),
        ({"start_event": "gone"}, CannotStart),
        ({"version": 9}, NotFound),
        ({"definition_id": old.id, "version": 2}, NotFound),
    ):
        with pytest.raises(error):
            begin(house, "S", **options)
    with pytest.raises(NotFound):
        begin(house, "T", definition_id=old.id)


def test_start_events_of_a_version_from_before_they_were_kept_are_opened_by_deploying_again(
    house: EngineUnderTest,
) -> None:
    house.deploy(s_bpmn=started_by(message("paid")))
    with house.database.begin() as connection:
        connection.execute(text("DELETE FROM start_subscription"))
        connection.execute(text("UPDATE definition SET is_described = false"))
    publish = PublishMessage(name="paid", variables={})
    assert house.engine.execute(publish, actor=SYSTEM) == []

    (definition,) = house.deploy(s_bpmn=started_by(message("paid"))).definitions

    assert definition.version == 1
    assert len(house.engine.execute(publish, actor=SYSTEM)) == 1
