"""The pulse of work: whatever happens to a process instance is felt in its region, once, whenever its row appears."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest

import storage.pulse
from engine.commands.hand_overs import HandOverToGroups
from engine.commands.process_instances import StartProcessInstance
from engine.commands.user_tasks import AssignUserTask, ClaimUserTask, CompleteUserTask, ReleaseUserTask
from engine.host import Context
from engine.model import SYSTEM, Actor, ProcessInstance
from engine.pulse import Earshot
from engine.queries import TaskTab, UserTaskFilter
from storage.pulse import OVERLAP, SqlWorkPulse
from tests.engines import REGION, EngineUnderTest, engine_on, person
from tests.processes.diagrams import end, flows, one_process, start, user, zeebe
from workflows.casework.sight import earshot_of

CLERK = person("clerk", "township/clerk")
OTHER = person("other", "township/clerk")
TEACHER = person("teacher", "education/reviewer")
SUPERVISOR = person("supervisor", "township/supervisor")
OTHER_TOWN = "320481002"
START = StartProcessInstance(process_id="P", variables={}, region=REGION, business_key="1")


@pytest.fixture
def house(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[EngineUnderTest]:
    monkeypatch.setattr(storage.pulse, "LOOKED_AT_EVERY", 0.0)
    with engine_on(database_url) as house:
        house.deploy(
            p_bpmn=one_process(
                start(),
                user("a", zeebe("assignmentDefinition", candidateGroups="township/clerk")),
                user("b"),
                end(),
                flows("s>a>b>e"),
            )
        )
        yield house


@pytest.fixture
def pulse(house: EngineUnderTest) -> SqlWorkPulse:
    return SqlWorkPulse(house.database, house.clock)


@dataclass(frozen=True, slots=True)
class Slow:
    """A command in whose transaction something else is done before it ends."""

    command: StartProcessInstance
    meanwhile: Callable[[], None]

    def execute(self, context: Context[Any]) -> ProcessInstance:
        done = self.command.execute(context)
        self.meanwhile()
        return done


def felt_in(pulse: SqlWorkPulse, regions: list[str]) -> int:
    return number_of(pulse.felt_in(Earshot(regions=tuple(regions))))


def felt_by(pulse: SqlWorkPulse, *people: Actor) -> list[int]:
    return [number_of(pulse.felt_in(earshot_of(one))) for one in people]


def number_of(mark: str) -> int:
    who, _, number = mark.partition(".")
    assert who
    return int(number)


def task_of(house: EngineUnderTest, actor: Actor) -> UUID:
    [task] = house.queries.user_tasks(UserTaskFilter(actor=actor, tab=TaskTab.UNIT)).tasks
    return task.id


def begin(house: EngineUnderTest, region: str = REGION) -> ProcessInstance:
    return house.engine.execute(replace(START, region=region), actor=SYSTEM)


def test_every_act_is_felt_and_nothing_else(house: EngineUnderTest, pulse: SqlWorkPulse) -> None:
    felt = [felt_in(pulse, [REGION])]
    begin(house)
    felt.append(felt_in(pulse, [REGION]))
    [task] = house.queries.user_tasks(UserTaskFilter(actor=CLERK, tab=TaskTab.TO_CLAIM)).tasks
    for act in (ClaimUserTask(user_task_id=task.id), CompleteUserTask(user_task_id=task.id, values={})):
        house.engine.execute(act, actor=CLERK)
        felt.append(felt_in(pulse, [REGION]))

    assert len(set(felt)) == len(felt)
    assert felt_in(pulse, [REGION]) == felt_in(pulse, [REGION]) == felt[-1]
    assert felt == sorted(felt)


def test_it_is_felt_above_a_region_and_not_beside_it(house: EngineUnderTest, pulse: SqlWorkPulse) -> None:
    begin(house)
    near, county = felt_in(pulse, [REGION]), felt_in(pulse, [REGION[:6]])
    assert near == county > 0
    assert felt_in(pulse, [OTHER_TOWN]) == felt_in(pulse, []) == 0
    begin(house, OTHER_TOWN)
    assert felt_in(pulse, [REGION]) == near
    assert felt_in(pulse, [REGION, OTHER_TOWN]) == felt_in(pulse, [OTHER_TOWN]) > 0


def test_what_is_kept_late_is_felt_late_though_its_time_is_past(house: EngineUnderTest, pulse: SqlWorkPulse) -> None:
    felt = []

    def meanwhile() -> None:
        house.clock.move(seconds=OVERLAP.total_seconds() / 2)
        begin(house)
        felt.append(felt_in(pulse, [REGION]))

    house.engine.execute(Slow(START, meanwhile), actor=SYSTEM)
    assert felt_in(pulse, [REGION]) > felt[0] > 0


def test_what_is_long_past_is_forgotten_and_not_felt_again(house: EngineUnderTest, pulse: SqlWorkPulse) -> None:
    begin(house)
    felt = felt_in(pulse, [REGION])
    house.clock.move(seconds=OVERLAP.total_seconds() * 3)
    assert [felt_in(pulse, [REGION]) for _ in range(3)] == [felt] * 3
    begin(house)
    assert felt_in(pulse, [REGION]) > felt


def test_a_screen_feels_what_stands_in_its_lists_and_not_what_else_happens_in_its_region(
    house: EngineUnderTest, pulse: SqlWorkPulse
) -> None:
    begin(house)
    before = felt_by(pulse, CLERK, SUPERVISOR)
    assert felt_by(pulse, TEACHER) == [0]
    task = task_of(house, CLERK)

    house.engine.execute(ClaimUserTask(user_task_id=task), actor=CLERK)

    assert all(now > then for now, then in zip(felt_by(pulse, CLERK, SUPERVISOR), before, strict=True))
    house.engine.execute(CompleteUserTask(user_task_id=task, values={}), actor=CLERK)
    after = felt_by(pulse, CLERK, SUPERVISOR)
    assert after[0] == after[1] > before[1]
    assert felt_by(pulse, TEACHER) == [0]


def test_who_loses_a_task_feels_it_though_the_task_does_not_name_them_any_more(
    house: EngineUnderTest, pulse: SqlWorkPulse
) -> None:
    begin(house)
    task = task_of(house, CLERK)
    house.engine.execute(ClaimUserTask(user_task_id=task), actor=CLERK)
    alone = Earshot(people=(CLERK.id,))
    felt = [number_of(pulse.felt_in(alone))]
    for act in (
        AssignUserTask(user_task_id=task, assignee=OTHER),
        AssignUserTask(user_task_id=task, assignee=CLERK),
        ReleaseUserTask(user_task_id=task),
    ):
        house.engine.execute(act, actor=SUPERVISOR)
        felt.append(number_of(pulse.felt_in(alone)))
    assert len(set(felt)) == len(felt)
    before = felt_by(pulse, CLERK, TEACHER)

    hand_over = HandOverToGroups(user_task_id=task, groups=("education/reviewer",), reason="归教育局办理")
    house.engine.execute(hand_over, actor=SUPERVISOR)

    assert all(now > then for now, then in zip(felt_by(pulse, CLERK, TEACHER), before, strict=True))
    before = felt_by(pulse, CLERK, TEACHER)
    house.engine.execute(ClaimUserTask(user_task_id=task), actor=TEACHER)
    after = felt_by(pulse, CLERK, TEACHER)
    assert (after[0], after[1] > before[1]) == (before[0], True)


def test_when_very_much_happens_at_once_everybody_there_feels_it(
    house: EngineUnderTest, pulse: SqlWorkPulse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.pulse, "MANY", 1)
    felt_by(pulse, TEACHER)
    for _ in range(2):
        begin(house)
    assert felt_by(pulse, TEACHER) == felt_by(pulse, CLERK) != [0]
