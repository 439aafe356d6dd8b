"""Repairs on PostgreSQL: previewed without a trace, made once on what was seen, kept with their reasons."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest

from engine.commands.incidents import ResolveIncident
from engine.commands.operations import ModifyProcessInstance, ScopeVariables
from engine.commands.process_instances import StartProcessInstance
from engine.commands.repairs import PreviewRepair, RepairKind, RepairProcessInstance, step_on_the_whole
from engine.errors import NotFound, NotPermitted, StaleVersion
from engine.host import Host
from engine.model import SYSTEM, InstanceState, ProcessInstance
from engine.operation_errors import ReasonMissing
from tests.engines import REGION, EngineUnderTest, engine_on, person
from tests.processes.diagrams import end, exclusive, flows, one_process, start, user, zeebe

CHIEF = person("chief", "civil_affairs/supervisor", region="320481")
STRANGER = person("far", "civil_affairs/supervisor", region="110101")
TO_CLERKS = zeebe("assignmentDefinition", candidateGroups="township/clerk")
STUCK = one_process(start(), exclusive("g"), user("make", TO_CLERKS, name="经办"), end(), flows("s>g>make[=x]>e"))


@pytest.fixture
def house(database_url: str) -> Iterator[EngineUnderTest]:
    with engine_on(database_url, Host(region="320481")) as under_test:
        under_test.deploy(stuck_bpmn=STUCK)
        yield under_test


def begin(house: EngineUnderTest, **variables: object) -> ProcessInstance:
    command = StartProcessInstance(process_id="P", variables=variables, region=REGION, business_key="2026-7")
    return house.engine.execute(command, actor=SYSTEM)


def retry(instance: ProcessInstance, incident_id: UUID, version: int, reason: str = "再试") -> RepairProcessInstance:
    return RepairProcessInstance(
        process_instance_id=instance.id,
        expected_version=version,
        step=ResolveIncident(incident_id=incident_id, reason=reason),
    )


def suspension(instance: ProcessInstance, reason: str = "核查") -> RepairProcessInstance:
    return RepairProcessInstance(
        process_instance_id=instance.id,
        expected_version=instance.version,
        step=step_on_the_whole(RepairKind.SUSPEND, process_instance_id=instance.id, reason=reason),
    )


def test_a_retry_says_beforehand_whether_it_will_work(house: EngineUnderTest) -> None:
    instance = begin(house)
    [incident] = house.queries.instance(instance.id).incidents
    would_fail = house.engine.execute(PreviewRepair(repair=retry(instance, incident.id, instance.version)), actor=CHIEF)
    setting = ScopeVariables(variables={"x": True})
    set_x = ModifyProcessInstance(process_instance_id=instance.id, reason="补录", variables=(setting,))
    repair = RepairProcessInstance(process_instance_id=instance.id, expected_version=instance.version, step=set_x)
    repaired = house.engine.execute(repair, actor=CHIEF)
    version = repaired.effect.instance.version
    would_work = house.engine.execute(PreviewRepair(repair=retry(instance, incident.id, version)), actor=CHIEF)

    assert would_fail.text_en.startswith("the retry fails again: ")
    assert repaired.text_zh == "设置变量：x"
    assert would_work.text_zh.startswith("重试成功，故障消除；")
    view = house.queries.instance(instance.id)
    assert view.instance.version == version
    assert [one.resolved_at for one in view.incidents] == [None]
    house.engine.execute(retry(instance, incident.id, version), actor=CHIEF)
    history = house.queries.instance(instance.id).history
    assert [(one.action, one.details["reason"]) for one in history[-2:]] == [("modified", "补录"), ("retried", "再试")]


def test_a_repair_is_made_once_on_what_was_seen(house: EngineUnderTest) -> None:
    instance = begin(house, x=True)
    done = house.engine.execute(suspension(instance), actor=CHIEF)

    assert done.effect.instance.state is InstanceState.SUSPENDED
    for again in (suspension(instance), PreviewRepair(repair=suspension(instance))):
        with pytest.raises(StaleVersion):
            house.engine.execute(again, actor=CHIEF)


def test_repairs_want_a_reason_a_post_and_an_incident_of_their_own(house: EngineUnderTest) -> None:
    instance, other = begin(house), begin(house)
    [incident] = house.queries.instance(other.id).incidents

    with pytest.raises(ReasonMissing):
        house.engine.execute(suspension(instance, reason="  "), actor=CHIEF)
    with pytest.raises(NotPermitted):
        house.engine.execute(suspension(instance), actor=STRANGER)
    with pytest.raises(NotFound):
        house.engine.execute(retry(instance, incident.id, instance.version), actor=CHIEF)
    with pytest.raises(ReasonMissing):
        house.engine.execute(retry(other, incident.id, other.version, reason=""), actor=CHIEF)
