"""Timers that cannot fire: told once, retried by hand with an answer, and over when the timer is gone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from engine.commands.incidents import ResolutionOutcome, ResolveIncident
from engine.commands.process_instances import StartProcessInstance
from engine.commands.user_tasks import ClaimUserTask, CompleteUserTask
from engine.host import Host
from engine.job_executor import JobExecutor, WorkerSettings
from engine.model import SYSTEM, Incident, InstanceState, ProcessInstance
from tests.engines import REGION, EngineUnderTest, engine_on, person
from tests.processes.diagrams import boundary, duration, end, extension, flows, one_process, receive, start, user

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


def _execute(house: EngineUnderTest, statement: str) -> None:
    with house.database.begin() as connection:
        connection.execute(text(statement))
