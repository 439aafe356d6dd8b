"""Timers that cannot fire: told once, retried by hand with an answer, and over when the timer is gone."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from engine.commands.incidents import ResolutionOutcome, ResolveIncident
from engine.commands.process_instances import CancelProcessInstance, StartProcessInstance
from engine.commands.timers import INCIDENT_AFTER, ClaimDue, FireTimer, PostponeDue
from engine.commands.user_tasks import ClaimUserTask, CompleteUserTask
from engine.host import Host
from engine.job_executor import JobExecutor, WorkerSettings
from engine.model import SYSTEM, Incident, InstanceState, ProcessInstance, Timer
from tests.engines import REGION, EngineUnderTest, engine_on, person
from tests.processes.diagrams import (
    boundary,
    catch,
    cycle,
    duration,
    end,
    exclusive,
    extension,
    flows,
    one_process,
    receive,
    start,
    user,
)
from tests.races import until_it_waits

CHIEF = person("chief", "civil_affairs/supervisor", region="320481")
LI = person("li", "township/clerk")
FOR_CLERKS = extension('<zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="township/clerk"/>')
REFUSE = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'no' USING ERRCODE = 'program_limit_exceeded'; END $$;
CREATE TRIGGER refuse BEFORE INSERT ON event_subscription FOR EACH ROW EXECUTE FUNCTION refuse()
"""


@contextmanager
def stuck_house(database_url: str) -> Iterator[tuple[EngineUnderTest, ProcessInstance, Incident]]:
    """Open a house with a task whose boundary timer cannot fire, because the database refuses what comes of it."""
    xml = one_process(
        start(),
        user("a", FOR_CLERKS),
        boundary("b", "a", duration("PT1H")),
        receive("r", "m", "=1"),
        end(),
        flows("s>a>e b>r>e"),
    )
    with engine_on(database_url, Host(region="320481")) as house:
        house.deploy(case_bpmn=xml)
        command = StartProcessInstance(process_id="P", variables={}, region=REGION, business_key="1")
        instance = house.engine.execute(command, actor=SYSTEM)
        _execute(house, REFUSE)
        for _ in range(6):
            house.clock.move(hours=2)
            JobExecutor(
                house.engine, signal=lambda: pytest.fail("nobody waits"), settings=WorkerSettings(name="w")
            ).run_until_idle()
        [incident] = house.queries.instance(instance.id).incidents
        yield house, instance, incident


def test_a_retry_that_fails_again_says_why_and_is_kept(database_url: str) -> None:
    with stuck_house(database_url) as (house, instance, incident):
        result = house.engine.execute(ResolveIncident(incident_id=incident.id), actor=CHIEF)

        assert (result.outcome, result.instance.version) == (ResolutionOutcome.FAILED, instance.version)
        assert "OperationalError" in (result.reason or "")
        view = house.queries.instance(instance.id)
        assert [one.resolved_at for one in view.incidents] == [None]
        assert "retried" in [one.action for one in view.history]
        with house.database.connect() as connection:
            tried = connection.execute(text("SELECT kind, by, reason FROM attempt")).all()
        assert [(one.kind, one.by, one.reason) for one in tried] == [("timer-firing", "chief", result.reason)]


def test_a_retry_after_the_repair_fires_the_timer_and_closes_the_incident(database_url: str) -> None:
    with stuck_house(database_url) as (house, instance, incident):
        _execute(house, "DROP TRIGGER refuse ON event_subscription")
        result = house.engine.execute(ResolveIncident(incident_id=incident.id), actor=CHIEF)

        assert (result.outcome, result.reason) == (ResolutionOutcome.FIXED, None)
        view = house.queries.instance(instance.id)
        assert [one.resolved_at for one in view.incidents] == [house.clock()]
        assert (len(view.timers), len(view.subscriptions)) == (0, 1)


def test_the_incident_of_a_timer_is_over_when_the_timer_is_gone(database_url: str) -> None:
    with stuck_house(database_url) as (house, instance, _incident):
        [task] = house.queries.instance(instance.id).tasks
        house.engine.execute(ClaimUserTask(user_task_id=task.id), actor=LI)
        house.engine.execute(CompleteUserTask(user_task_id=task.id, values={}), actor=LI)

        view = house.queries.instance(instance.id)
        assert view.instance.state is InstanceState.COMPLETED
        assert [one.resolved_at for one in view.incidents] == [house.clock()]


def test_a_retry_before_the_timer_is_due_again_says_so(database_url: str) -> None:
    with stuck_house(database_url) as (house, _instance, incident):
        _execute(house, "UPDATE timer SET due_at = due_at + interval '1 year'")
        result = house.engine.execute(ResolveIncident(incident_id=incident.id), actor=CHIEF)

        assert result.outcome is ResolutionOutcome.FAILED
        assert "not due yet" in (result.reason or "")


LATE = one_process(start(), user("a"), boundary("t", "a", duration("PT1H")), end(), end("e2"), flows("s>a>e t>e2"))
CYCLE = one_process(
    start(), user("a"), boundary("t", "a", cycle("R/PT1H"), interrupting=False), end(), end("e2"), flows("s>a>e t>e2")
)


def claimed(house: EngineUnderTest) -> tuple[ProcessInstance, Timer]:
    """Begin an instance and claim its timer, which could not fire so often that supervisors are told next."""
    command = StartProcessInstance(process_id="P", variables={}, region=REGION, business_key="1")
    instance = house.engine.execute(command, actor=SYSTEM)
    house.clock.move(hours=1)
    [due] = house.engine.execute(ClaimDue(limit=9, lease=timedelta(minutes=1)), actor=SYSTEM)
    assert isinstance(due, Timer)
    return instance, replace(due, failures=INCIDENT_AFTER - 1)


def postpone(house: EngineUnderTest, due: Timer, *, is_failure: bool = True) -> None:
    until = house.clock() + timedelta(hours=9)
    house.engine.execute(PostponeDue(due=due, until=until, is_failure=is_failure, reason="x"), actor=SYSTEM)


def test_an_ended_instance_gets_no_incident_of_a_timer(database_url: str) -> None:
    with engine_on(database_url, Host(region="320481")) as house:
        house.deploy(case_bpmn=LATE)
        instance, due = claimed(house)
        house.engine.execute(CancelProcessInstance(process_instance_id=instance.id, reason="x"), actor=CHIEF)

        postpone(house, due)

        assert house.queries.instance(instance.id).incidents == []


def test_a_timer_gets_no_incident_while_its_instance_is_ended_by_another(database_url: str) -> None:
    with engine_on(database_url, Host(region="320481")) as house:
        house.deploy(case_bpmn=LATE)
        instance, due = claimed(house)
        cancel = CancelProcessInstance(process_instance_id=instance.id, reason="x")
        with house.database.begin() as connection, ThreadPoolExecutor(2) as pool:
            connection.execute(text("SELECT 1 FROM process_instance FOR UPDATE"))
            cancelling = pool.submit(house.engine.execute, cancel, actor=CHIEF)
            until_it_waits(house.database, cancelling)
            postponing = pool.submit(postpone, house, due)
            until_it_waits(house.database, postponing, waiting=2)
            connection.rollback()
            cancelling.result(), postponing.result()

        assert [one for one in house.queries.instance(instance.id).incidents if one.resolved_at is None] == []


@pytest.mark.parametrize("is_failure", [False, True])
def test_the_next_time_of_a_cycle_is_not_put_off_by_a_failure_of_the_last(
    database_url: str, *, is_failure: bool
) -> None:
    with engine_on(database_url, Host(region="320481")) as house:
        house.deploy(case_bpmn=CYCLE)
        instance, due = claimed(house)
        fire = FireTimer(process_instance_id=instance.id, subscription_key=due.subscription_key)
        assert house.engine.execute(fire, actor=SYSTEM)

        postpone(house, due, is_failure=is_failure)

        view = house.queries.instance(instance.id)
        [timer] = view.timers
        assert (timer.due_at, timer.failures) == (due.due_at + timedelta(hours=1), 0)
        assert view.incidents == []
        house.clock.move(hours=1)
        assert len(house.engine.execute(ClaimDue(limit=9, lease=timedelta(minutes=1)), actor=SYSTEM)) == 1


def test_a_retry_at_a_timer_that_is_set_again_says_that_nothing_was_tried_yet(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.core.subscriptions.MOST_TIMERS_AT_ONCE", 5)
    circle = one_process(
        start(), exclusive("m"), catch("t", duration("PT0S")), exclusive("g"), end(), flows("s>m>t>g>e[=stop] g>m[*]")
    )
    with engine_on(database_url, Host(region="320481")) as house:
        house.deploy(case_bpmn=circle)
        command = StartProcessInstance(process_id="P", variables={"stop": False}, region=REGION, business_key="1")
        instance = house.engine.execute(command, actor=SYSTEM)
        while due := house.queries.instance(instance.id).timers:
            key = due[0].subscription_key
            house.engine.execute(FireTimer(process_instance_id=instance.id, subscription_key=key), actor=SYSTEM)
        [incident] = house.queries.instance(instance.id).incidents

        result = house.engine.execute(ResolveIncident(incident_id=incident.id), actor=CHIEF)

        assert result.outcome is ResolutionOutcome.NOT_TRIED
        assert len(house.queries.instance(instance.id).timers) == 1


def _execute(house: EngineUnderTest, statement: str) -> None:
    with house.database.begin() as connection:
        connection.execute(text(statement))
