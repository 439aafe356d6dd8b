"""An incident that a retry does not mend keeps since when it has been open, and counts how often it failed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from engine.commands.incidents import ResolutionOutcome, ResolveIncident
from engine.commands.jobs import AcquireJobs, FailJob, ThrowJobError
from engine.commands.process_instances import SetVariables, StartProcessInstance
from engine.core.texts import said
from engine.model import SYSTEM, Incident, Job, ProcessInstance
from tests.contracts.test_timer_incidents import CHIEF, stuck_house
from tests.engines import REGION, EngineUnderTest, engine_on
from tests.processes.diagrams import boundary, end, error, flows, job, one_process, script, start

SUM = one_process(start(), script("add", "=1 + n", "sum"), end(), flows("s>add>e"))
CALL = one_process(start(), job("call"), boundary("q", "call", error("KNOWN")), end(), flows("s>call>e q>e"))


@pytest.fixture
def house(database_url: str) -> Iterator[EngineUnderTest]:
    with engine_on(database_url) as house:
        yield house


def begin(house: EngineUnderTest, xml: bytes, **variables: object) -> ProcessInstance:
    house.deploy(case_bpmn=xml)
    command = StartProcessInstance(process_id="P", variables=variables, region=REGION, business_key="1")
    return house.engine.execute(command, actor=SYSTEM)


def only_incident(house: EngineUnderTest, instance: ProcessInstance) -> Incident:
    [incident] = house.queries.instance(instance.id).incidents
    return incident


def told(incident: Incident) -> tuple[datetime, datetime | None, int]:
    return incident.raised_at, incident.last_failed_at, incident.failures


def take(house: EngineUnderTest) -> Job:
    command = AcquireJobs(worker="w", types=["call"], lease=timedelta(minutes=1), limit=1)
    [taken] = house.engine.execute(command, actor=SYSTEM)
    return taken


def test_a_retry_that_fails_at_once_keeps_when_it_was_raised(house: EngineUnderTest) -> None:
    instance = begin(house, SUM, n="one")
    first = only_incident(house, instance)
    assert told(first) == (house.clock(), house.clock(), 1)

    for failures in (2, 3):
        house.clock.move(hours=1)
        again = house.engine.execute(ResolveIncident(incident_id=first.id), actor=SYSTEM)
        assert again.outcome is ResolutionOutcome.FAILED
        assert told(only_incident(house, instance)) == (first.raised_at, house.clock(), failures)


def test_a_job_that_fails_again_later_keeps_it_too(house: EngineUnderTest) -> None:
    instance = begin(house, CALL)
    for _ in range(3):
        house.engine.execute(FailJob(lease=take(house).lease, reason="no", retry_in=timedelta()), actor=SYSTEM)
    first = only_incident(house, instance)

    house.clock.move(hours=1)
    house.engine.execute(ResolveIncident(incident_id=first.id), actor=SYSTEM)
    house.clock.move(hours=1)
    for _ in range(3):
        house.engine.execute(FailJob(lease=take(house).lease, reason="no", retry_in=timedelta()), actor=SYSTEM)

    assert told(only_incident(house, instance)) == (first.raised_at, house.clock(), 2)


def test_another_kind_of_failure_is_a_new_incident(house: EngineUnderTest) -> None:
    instance = begin(house, CALL)
    thrown = ThrowJobError(lease=take(house).lease, error_code="OTHER", message="the registry is closed")
    house.engine.execute(thrown, actor=SYSTEM)
    first = only_incident(house, instance)
    assert first.kind == "error-not-caught"
    assert said(first.reason, "en") == (
        "nothing catches the error OTHER: the registry is closed; errors that are caught here: KNOWN"
    )

    house.clock.move(hours=1)
    assert (
        house.engine.execute(ResolveIncident(incident_id=first.id), actor=SYSTEM).outcome is ResolutionOutcome.STARTED
    )
    for _ in range(3):
        house.engine.execute(FailJob(lease=take(house).lease, reason="no", retry_in=timedelta()), actor=SYSTEM)

    assert told(only_incident(house, instance)) == (house.clock(), house.clock(), 1)


def test_a_mended_step_keeps_its_count(house: EngineUnderTest) -> None:
    instance = begin(house, SUM, n="one")
    first = only_incident(house, instance)
    house.clock.move(hours=1)
    mended = SetVariables(process_instance_id=instance.id, scope_key=1, variables={"n": 1})
    house.engine.execute(mended, actor=SYSTEM)
    house.engine.execute(ResolveIncident(incident_id=first.id), actor=SYSTEM)

    over = only_incident(house, instance)
    assert (over.resolved_at, *told(over)) == (house.clock(), *told(first))


def test_a_timer_that_cannot_fire_counts_every_try(database_url: str) -> None:
    with stuck_house(database_url) as (house, instance, incident):
        assert (incident.failures, incident.raised_at < (incident.last_failed_at or incident.raised_at)) == (2, True)
        house.engine.execute(ResolveIncident(incident_id=incident.id), actor=CHIEF)

        after = only_incident(house, instance)
        assert told(after) == (incident.raised_at, house.clock(), 3)
