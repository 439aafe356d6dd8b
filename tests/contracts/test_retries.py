"""What a retry says of a loop that never waits: it went round once more."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest

from engine.commands.incidents import ResolutionOutcome, ResolveIncident
from engine.commands.process_instances import SetVariables, StartProcessInstance
from engine.model import SYSTEM, Incident
from tests.engines import REGION, EngineUnderTest, engine_on
from tests.processes.diagrams import end, exclusive, flows, one_process, script, start

LOOP = one_process(
    start(),
    exclusive("again"),
    script("count", "=1", "counted"),
    exclusive("enough"),
    end(),
    flows("s>again>count>enough enough>again[=not(done)] enough>e[*]"),
)


@pytest.fixture
def house(database_url: str) -> Iterator[EngineUnderTest]:
    with engine_on(database_url) as house:
        house.deploy(loop_bpmn=LOOP)
        yield house


def still_open(house: EngineUnderTest, instance_id: UUID) -> list[Incident]:
    return [one for one in house.queries.instance(instance_id).incidents if one.resolved_at is None]


def test_a_loop_that_reaches_its_limit_again_was_not_fixed_and_one_that_ends_was(house: EngineUnderTest) -> None:
    command = StartProcessInstance(process_id="P", variables={"done": False}, region=REGION, business_key="1")
    instance = house.engine.execute(command, actor=SYSTEM)
    [stuck] = still_open(house, instance.id)

    again = house.engine.execute(ResolveIncident(incident_id=stuck.id), actor=SYSTEM)

    assert (again.outcome, "10000" in (again.reason or "")) == (ResolutionOutcome.FAILED, True)
    [further_on] = still_open(house, instance.id)
    house.engine.execute(
        SetVariables(process_instance_id=instance.id, scope_key=1, variables={"done": True}), actor=SYSTEM
    )
    ended = house.engine.execute(ResolveIncident(incident_id=further_on.id), actor=SYSTEM)
    assert (ended.outcome, ended.reason) == (ResolutionOutcome.FIXED, None)
    assert still_open(house, instance.id) == []
