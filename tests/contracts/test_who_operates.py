"""Who has no business in a region is told that alone, whatever the instance there is doing, and holds nobody up."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import select

from engine.commands.incidents import ResolveIncident, SetJobRetries
from engine.commands.migrations import MigrateProcessInstance, MigrationPlan, RevertMigration
from engine.commands.operations import (
    ModifyProcessInstance,
    PreviewModification,
    ResumeProcessInstance,
    SuspendProcessInstance,
)
from engine.commands.process_instances import CancelProcessInstance, SetVariables, StartProcessInstance
from engine.commands.repairs import PreviewRepair, RepairProcessInstance
from engine.errors import EngineError, NotFound, NotPermitted
from engine.host import Host
from engine.model import SYSTEM, Actor
from engine.operation_errors import IncidentResolved, InstanceEnded
from storage.tables.engine import incident, job
from tests.engines import REGION, EngineUnderTest, engine_on, person
from tests.offices import office_on
from tests.processes.diagrams import end, exclusive, flows, one_process, parallel, start, user
from tests.processes.diagrams import job as service
from workflows.casework.procedure.kin_commands import Kin, RegisterKin
from workflows.casework.procedure.model import KinPost

STRANGER = person("far", "township/supervisor", "township/administrator", region="320481999")
CHIEF = person("chief", "civil_affairs/administrator", region="320481")
OTHER_CHIEF = person("other-chief", "civil_affairs/administrator", region="320481")
STUCK = one_process(
    start(), parallel("p"), exclusive("g"), service("call"), user("u"), end(), flows("s>p>g>u[=x]>e p>call>e")
)


@pytest.fixture
def house(database_url: str) -> Iterator[EngineUnderTest]:
    with engine_on(database_url, Host(region="320481")) as house:
        house.deploy(p_bpmn=STUCK)
        yield house


def operations(house: EngineUnderTest) -> tuple[UUID, dict[str, object]]:
    """Start an instance and return it with everything operators may ask about it."""
    command = StartProcessInstance(process_id="P", variables={}, region=REGION, business_key="1")
    started = house.engine.execute(command, actor=SYSTEM)
    with house.database.connect() as connection:
        stuck = connection.execute(select(incident.c.id)).scalar_one()
        waiting = connection.execute(select(job.c.id)).scalar_one()
    plan = MigrationPlan(source=started.definition_id, target=started.definition_id)
    modification = ModifyProcessInstance(process_instance_id=started.id, reason="x", cancel_elements=("call",))
    return started.id, {
        "resolve": ResolveIncident(incident_id=stuck),
        "retries": SetJobRetries(job_id=waiting, retries=3),
        "suspend": SuspendProcessInstance(process_instance_id=started.id, reason="x"),
        "resume": ResumeProcessInstance(process_instance_id=started.id, reason="x"),
        "modify": modification,
        "preview": PreviewModification(modification=modification),
        "cancel": CancelProcessInstance(process_instance_id=started.id, reason="x"),
        "variables": SetVariables(process_instance_id=started.id, scope_key=1, variables={}),
        "migrate": MigrateProcessInstance(process_instance_id=started.id, plan=plan, reason="x"),
        "revert": RevertMigration(process_instance_id=started.id, reason="x"),
    }


def answers(house: EngineUnderTest, asked: dict[str, object], actor: Actor) -> dict[str, type[EngineError]]:
    """Return what each of them is refused with."""
    found = {}
    for name, command in asked.items():
        with pytest.raises(EngineError) as refused:
            house.engine.execute(command, actor=actor)  # type: ignore[arg-type]  # each is a command
        found[name] = refused.type
    return found


def test_a_stranger_always_gets_the_same_answer_and_waits_for_nobody(house: EngineUnderTest) -> None:
    instance_id, asked = operations(house)
    always = dict.fromkeys(asked, NotPermitted)
    with house.engine._unit_of_work() as busy:
        busy.process_instances.lock(instance_id)
        assert answers(house, asked, STRANGER) == always

    house.engine.execute(asked["suspend"], actor=CHIEF)  # type: ignore[arg-type]
    assert answers(house, asked, STRANGER) == always

    house.engine.execute(asked["cancel"], actor=CHIEF)  # type: ignore[arg-type]
    del asked["retries"], always["retries"]  # the job is gone with its instance
    assert answers(house, asked, STRANGER) == always
    assert answers(house, asked, CHIEF) == {**dict.fromkeys(asked, InstanceEnded), "resolve": IncidentResolved}


def test_who_is_kin_of_a_case_operates_nothing_of_it(database_url: str) -> None:
    with office_on(database_url) as office:
        office.at("2026-06-03 09:00")
        case = office.submit()
        [task] = office.open().values()
        known = {"process_instance_id": task.process_instance_id, "reason": "核查"}
        suspension = SuspendProcessInstance(**known)
        repair = RepairProcessInstance(
            process_instance_id=task.process_instance_id, expected_version=0, step=suspension
        )
        preview, variables = (
            PreviewRepair(repair=repair),
            SetVariables(process_instance_id=task.process_instance_id, scope_key=1, variables={}),
        )
        commands = (suspension, CancelProcessInstance(**known), variables, repair, preview)
        kin = Kin(name="陈官", relation="兄弟", post=KinPost.STAFF, login=CHIEF.id)
        office.run(RegisterKin(case_id=case.id, kin=kin), actor=SYSTEM)

        for command in commands:
            with pytest.raises(NotFound):
                office.run(command, actor=CHIEF)
        office.run(suspension, actor=OTHER_CHIEF)
