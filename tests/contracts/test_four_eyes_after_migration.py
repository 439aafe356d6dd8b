"""Who may not do a task is the same before and after an instance goes on by another version of its diagram."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import select

from engine.commands.migrations import MigrateProcessInstance, MigrationPlan, RevertMigration
from engine.commands.process_instances import StartProcessInstance
from engine.commands.user_tasks import AssignUserTask, ClaimUserTask, CompleteUserTask
from engine.errors import FourEyesViolation
from engine.host import Host
from engine.model import SYSTEM, ProcessInstance, UserTask
from engine.queries import TaskTab
from storage.tables.engine import user_task
from tests.engines import REGION, EngineUnderTest, engine_on, person
from tests.processes.diagrams import call, document, end, extension, flows, one_process, process, start, user

LI = person("li", "township/clerk")
WANG = person("wang", "township/clerk")
ROOT = person("root", "civil_affairs/administrator", region="320481")
CHIEF = person("chief", "township/supervisor")


def to_clerks(distinct_from: str | None = None) -> str:
    apart = f'<zeebe:property name="distinctFrom" value="{distinct_from}"/>' if distinct_from else ""
    return extension(
        '<zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="township/clerk"/>'
        f"<zeebe:properties>{apart}</zeebe:properties>"
    )


def making(first: str, *check: str) -> bytes | str:
    """Draw a process whose first task has this id and, unless its check is given, is apart from it."""
    checked = check or (to_clerks(first),)
    return one_process(start(), user(first, to_clerks()), user("check", *checked), end(), flows(f"s>{first}>check>e"))


@pytest.fixture
def house(database_url: str) -> Iterator[EngineUnderTest]:
    with engine_on(database_url, Host(region="320481")) as house:
        yield house


def deploy(house: EngineUnderTest, xml: bytes | str) -> UUID:
    return house.deploy(p_bpmn=xml).definitions[0].id


def made_by_li(house: EngineUnderTest) -> ProcessInstance:
    command = StartProcessInstance(process_id="P", variables={}, region=REGION, business_key="1")
    instance = house.engine.execute(command, actor=SYSTEM)
    done(house, instance)
    return instance


def done(house: EngineUnderTest, instance: ProcessInstance) -> None:
    task = open_task(house, instance)
    house.engine.execute(ClaimUserTask(user_task_id=task.id), actor=LI)
    house.engine.execute(CompleteUserTask(user_task_id=task.id, values={}), actor=LI)


def migrate(house: EngineUnderTest, instance: ProcessInstance, source: UUID, target: UUID, **mapping: str) -> None:
    plan = MigrationPlan(source=source, target=target, mapping=mapping)
    house.engine.execute(
        MigrateProcessInstance(process_instance_id=instance.id, plan=plan, reason="new diagram"), actor=ROOT
    )


def revert(house: EngineUnderTest, instance: ProcessInstance) -> None:
    house.engine.execute(RevertMigration(process_instance_id=instance.id, reason="back"), actor=ROOT)


def open_task(house: EngineUnderTest, instance: ProcessInstance) -> UserTask:
    (task,) = [one for one in house.queries.instance(instance.id).tasks if one.state == "open"]
    return task


def assert_li_may_not(house: EngineUnderTest, task: UserTask) -> None:
    assert house.queries.user_task_counts(LI)[TaskTab.TO_CLAIM] == 0
    assert house.queries.user_task_counts(WANG)[TaskTab.TO_CLAIM] == 1
    for command, actor in (
        (ClaimUserTask(user_task_id=task.id), LI),
        (AssignUserTask(user_task_id=task.id, assignee=LI), CHIEF),
    ):
        with pytest.raises(FourEyesViolation):
            house.engine.execute(command, actor=actor)


def counted(house: EngineUnderTest, instance: ProcessInstance) -> list[tuple[str, str | None]]:
    with house.database.connect() as connection:
        query = select(user_task.c.element_id, user_task.c.counts_as).where(
            user_task.c.process_instance_id == instance.id, user_task.c.state == "completed"
        )
        return [tuple(row) for row in connection.execute(query.order_by(user_task.c.key))]


def test_who_did_what_has_another_id_now_may_not_check_it(house: EngineUnderTest) -> None:
    old = deploy(house, making("make"))
    instance = made_by_li(house)
    assert_li_may_not(house, open_task(house, instance))
    new = deploy(house, making("record"))

    migrate(house, instance, old, new, make="record")

    assert_li_may_not(house, open_task(house, instance))
    assert counted(house, instance) == [("make", "record")]  # what it was stays true
    newest = deploy(house, making("enter"))
    migrate(house, instance, new, newest, record="enter")
    assert_li_may_not(house, open_task(house, instance))


def test_going_back_counts_as_before(house: EngineUnderTest) -> None:
    old = deploy(house, making("make"))
    instance = made_by_li(house)
    new = deploy(house, making("record"))
    newest = deploy(house, making("enter"))
    migrate(house, instance, old, new, make="record")
    migrate(house, instance, new, newest, record="enter")

    revert(house, instance)

    assert counted(house, instance) == [("make", "record")]
    assert_li_may_not(house, open_task(house, instance))


def test_going_back_from_the_first_migration_leaves_no_trace(house: EngineUnderTest) -> None:
    old = deploy(house, making("make"))
    instance = made_by_li(house)
    new = deploy(house, making("record"))
    migrate(house, instance, old, new, make="record")

    revert(house, instance)

    assert counted(house, instance) == [("make", None)]
    assert_li_may_not(house, open_task(house, instance))


def test_who_held_a_task_when_it_moved_may_not_complete_it(house: EngineUnderTest) -> None:
    old = deploy(house, making("make", to_clerks()))
    instance = made_by_li(house)
    task = open_task(house, instance)
    house.engine.execute(ClaimUserTask(user_task_id=task.id), actor=LI)
    new = deploy(house, making("record"))

    migrate(house, instance, old, new, make="record")

    with pytest.raises(FourEyesViolation):
        house.engine.execute(CompleteUserTask(user_task_id=task.id, values={}), actor=LI)


def test_a_mapping_counts_only_for_tasks_of_its_own_source(house: EngineUnderTest) -> None:
    inner = process(start(), user("make", to_clerks()), end(), flows("s>make>e"), process_id="Inner")
    house.deploy(inner_bpmn=document(inner))
    old, new = (
        deploy(
            house,
            one_process(start(), call("inner", "Inner"), user(first, to_clerks()), end(), flows(f"s>inner>{first}>e")),
        )
        for first in ("make", "record")
    )
    command = StartProcessInstance(process_id="P", variables={}, region=REGION, business_key="1", version=1)
    instance = house.engine.execute(command, actor=SYSTEM)
    done(house, instance)

    migrate(house, instance, old, new, make="record")

    assert counted(house, instance) == [("make", None)]
    assert open_task(house, instance).element_id == "record"
