"""Four eyes where steps are done again: who did a step last may not do the other; who did it before, may."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.commands.process_instances import StartProcessInstance
from engine.commands.user_tasks import ClaimUserTask, CompleteUserTask
from engine.errors import FourEyesViolation
from engine.host import Host
from engine.model import SYSTEM, Actor, UserTask
from engine.queries import TaskTab, UserTaskFilter
from tests.engines import REGION, EngineUnderTest, engine_on, person
from tests.processes.diagrams import end, exclusive, extension, flows, loop, one_process, start, user

LI = person("li", "township/surveyor")
WANG = person("wang", "township/surveyor")
ZHAO = person("zhao", "township/surveyor")


def to_surveyors(distinct_from: str | None = None) -> str:
    apart = f'<zeebe:property name="distinctFrom" value="{distinct_from}"/>' if distinct_from else ""
    return extension(
        '<zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="township/surveyor"/>'
        f"<zeebe:properties>{apart}</zeebe:properties>"
    )


VISITED_AGAIN = one_process(
    start(),
    user("visit", to_surveyors()),
    user("check", to_surveyors("visit")),
    exclusive("agree"),
    end(),
    flows("s>visit>check>agree>e[=agrees] agree>visit[*]"),
)


def visited_by_several(*, sequential: bool) -> bytes | str:
    """Draw a visit that each of two people makes, and its check."""
    several = loop("=[1, 2]", "number", sequential=sequential)
    return one_process(
        start(),
        user("visit", to_surveyors(), several),
        user("check", to_surveyors("visit")),
        end(),
        flows("s>visit>check>e"),
    )


@pytest.fixture
def house(database_url: str) -> Iterator[EngineUnderTest]:
    with engine_on(database_url, Host(region="320481")) as house:
        yield house


def begin(house: EngineUnderTest, diagram: bytes | str) -> None:
    house.deploy(p_bpmn=diagram)
    house.engine.execute(
        StartProcessInstance(process_id="P", variables={}, region=REGION, business_key="1"), actor=SYSTEM
    )


def open_tasks(house: EngineUnderTest) -> list[UserTask]:
    page = house.queries.user_tasks(UserTaskFilter(actor=SYSTEM, tab=TaskTab.UNIT))
    return sorted(page.tasks, key=lambda one: one.created_at)


def done(house: EngineUnderTest, who: Actor, **values: bool) -> None:
    """Let somebody do the first task that is open, a minute later than what was before."""
    house.clock.move(minutes=1)
    task = open_tasks(house)[0]
    house.engine.execute(ClaimUserTask(user_task_id=task.id), actor=who)
    house.engine.execute(CompleteUserTask(user_task_id=task.id, values=dict(values)), actor=who)


def is_barred(house: EngineUnderTest, who: Actor) -> bool:
    """Say whether somebody may not take the one open task; their list must say the same."""
    (task,) = open_tasks(house)
    listed = house.queries.user_tasks(UserTaskFilter(actor=who, tab=TaskTab.TO_CLAIM)).total
    try:
        house.engine.execute(ClaimUserTask(user_task_id=task.id), actor=who)
    except FourEyesViolation:
        assert listed == 0
        return True
    assert listed == 1
    return False


def test_two_surveyors_may_change_places_when_a_visit_is_repeated(house: EngineUnderTest) -> None:
    begin(house, VISITED_AGAIN)
    done(house, LI)
    done(house, WANG, agrees=False)
    done(house, WANG)
    assert is_barred(house, WANG)
    assert not is_barred(house, LI)


def test_who_repeats_a_visit_stays_barred(house: EngineUnderTest) -> None:
    begin(house, VISITED_AGAIN)
    done(house, LI)
    done(house, WANG, agrees=False)
    done(house, LI)
    assert is_barred(house, LI)
    assert not is_barred(house, WANG)


@pytest.mark.parametrize("sequential", [False, True])
def test_everybody_who_did_one_of_several_instances_is_barred(house: EngineUnderTest, *, sequential: bool) -> None:
    begin(house, visited_by_several(sequential=sequential))
    done(house, LI)
    done(house, WANG)
    assert is_barred(house, LI)
    assert is_barred(house, WANG)
    assert not is_barred(house, ZHAO)
