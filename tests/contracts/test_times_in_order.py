"""History never runs backwards: the moment of a command is taken late, and nothing ends before it began."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from engine.commands.messages import CorrelateMessage
from engine.commands.process_instances import CancelProcessInstance, StartProcessInstance
from engine.commands.user_tasks import ClaimUserTask, CompleteUserTask
from engine.host import Host
from engine.model import SYSTEM, ProcessInstance
from tests.engines import REGION, EngineUnderTest, engine_on, person
from tests.processes.diagrams import end, exclusive, flows, one_process, receive, start, user, zeebe
from tests.races import until_it_waits

ANN = person("ann", "township/clerk")
CHIEF = person("chief", "civil_affairs/supervisor", region="320481")
STEPS = one_process(
    start(),
    user("a", zeebe("assignmentDefinition", candidateGroups="township/clerk")),
    exclusive("g"),
    user("b"),
    end(),
    flows("s>a>g>b[=missing] g>e[=missing] b>e"),
)


@pytest.fixture
def house(database_url: str) -> Iterator[EngineUnderTest]:
    with engine_on(database_url, Host(region="320481")) as house:
        house.deploy(p_bpmn=STEPS)
        yield house


def begin(house: EngineUnderTest) -> ProcessInstance:
    command = StartProcessInstance(process_id="P", variables={}, region=REGION, business_key="1")
    return house.engine.execute(command, actor=SYSTEM)


def test_who_waited_for_a_lock_acts_at_the_moment_the_lock_is_given(house: EngineUnderTest) -> None:
    instance = begin(house)
    with house.database.begin() as connection, ThreadPoolExecutor(1) as pool:
        connection.execute(text("SELECT 1 FROM process_instance FOR UPDATE"))
        cancel = CancelProcessInstance(process_instance_id=instance.id, reason="x")
        cancelling = pool.submit(house.engine.execute, cancel, actor=CHIEF)
        until_it_waits(house.database, cancelling)
        house.clock.move(seconds=30)
        connection.rollback()
        cancelling.result()

    view = house.queries.instance(instance.id)
    assert view.instance.ended_at == instance.started_at + timedelta(seconds=30)
    assert view.history[-1].at == view.instance.ended_at


def test_nothing_ends_before_it_began_when_a_clock_is_put_back(house: EngineUnderTest) -> None:
    instance = begin(house)
    [task] = house.queries.instance(instance.id).tasks
    house.engine.execute(ClaimUserTask(user_task_id=task.id), actor=ANN)
    house.clock.move(minutes=1)
    house.engine.execute(CompleteUserTask(user_task_id=task.id, values={}), actor=ANN)  # the gateway is stuck
    house.clock.move(seconds=-90)
    cancel = CancelProcessInstance(process_instance_id=instance.id, reason="x")

    house.engine.execute(cancel, actor=CHIEF)

    with house.database.connect() as connection:
        backwards = connection.execute(
            text(
                "SELECT element_id FROM activity_instance WHERE left_at < entered_at UNION ALL "
                "SELECT element_id FROM user_task WHERE completed_at < created_at UNION ALL "
                "SELECT element_id FROM incident WHERE resolved_at < raised_at"
            )
        ).all()
        open_still = connection.execute(text("SELECT 1 FROM activity_instance WHERE left_at IS NULL")).all()
    assert (backwards, open_still) == ([], [])


def test_a_message_reaches_who_waits_when_it_is_sent_though_by_a_clock_that_is_ahead(house: EngineUnderTest) -> None:
    house.deploy(m_bpmn=one_process(start(), receive("r", "GO", "=k"), end(), flows("s>r>e")))
    command = StartProcessInstance(process_id="P", variables={"k": "1"}, region=REGION, business_key="1")
    instance = house.engine.execute(command, actor=SYSTEM)
    house.clock.move(seconds=-5)

    house.engine.execute(CorrelateMessage(name="GO", correlation_key="1", variables={}), actor=SYSTEM)

    assert house.queries.instance(instance.id).instance.state == "completed"
