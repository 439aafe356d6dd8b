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
from tests.processes.diagrams import (
    call,
    called,
    document,
    end,
    exclusive,
    extension,
    flows,
    loop,
    one_process,
    process,
    start,
    user,
)

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


def visited_by_call(*course: str, several: str = "") -> bytes | str:
    """Draw a process that calls the visit and its check, once or for each of two households."""
    visit = called(
        start("s2"),
        user("prepare", to_surveyors()),
        user("visit", to_surveyors()),
        user("check", to_surveyors("visit")),
        end("e2"),
        flows("s2>prepare>visit>check>e2"),
    )
    return document(process(start(), call("visits", "Q", several), *course, end()), visit)


CALLED_AGAIN = visited_by_call(
    user("review", to_surveyors()), exclusive("over"), flows("s>visits>review>over>e[=over] over>visits[*]")
)
CALLED_FOR_SEVERAL = visited_by_call(flows("s>visits>e"), several=loop("=[1, 2]", "number"))


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


def done(house: EngineUnderTest, who: Actor, element: str | None = None, **values: bool) -> None:
    """Let somebody do the first task that is open, of an element where one is named, a minute after the last."""
    house.clock.move(minutes=1)
    task = next(one for one in open_tasks(house) if element in (None, one.element_id))
    house.engine.execute(ClaimUserTask(user_task_id=task.id), actor=who)
    house.engine.execute(CompleteUserTask(user_task_id=task.id, values=dict(values)), actor=who)


def is_barred(house: EngineUnderTest, who: Actor) -> bool:
    """Say whether somebody may take none of the open tasks, not all; their list must say the same."""
    tasks = open_tasks(house)
    listed = house.queries.user_tasks(UserTaskFilter(actor=who, tab=TaskTab.TO_CLAIM)).total
    try:
        for task in tasks:
            house.engine.execute(ClaimUserTask(user_task_id=task.id), actor=who)
    except FourEyesViolation:
        assert listed == 0
        return True
    assert listed == len(tasks)
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


def test_who_did_a_step_in_an_earlier_call_may_check_the_next(house: EngineUnderTest) -> None:
    begin(house, CALLED_AGAIN)
    for who in (ZHAO, LI, WANG):
        done(house, who)
    done(house, ZHAO, over=False)
    for who in (ZHAO, WANG):
        done(house, who)
    assert is_barred(house, WANG)
    assert not is_barred(house, LI)


def test_a_call_beside_it_is_no_repetition(house: EngineUnderTest) -> None:
    begin(house, CALLED_FOR_SEVERAL)
    done(house, ZHAO, "prepare")
    done(house, LI, "visit")
    done(house, ZHAO, "prepare")
    done(house, WANG, "visit")
    assert [one.element_id for one in open_tasks(house)] == ["check", "check"]
    assert is_barred(house, LI)
    assert is_barred(house, WANG)
    assert not is_barred(house, ZHAO)
