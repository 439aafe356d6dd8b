"""Searches of the engine's lists: by every state in the words of indexes, and by date without sorting all there is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event

from engine.commands.process_instances import StartProcessInstance
from engine.commands.user_tasks import ClaimUserTask, CompleteUserTask
from engine.model import SYSTEM
from engine.queries import TaskTab, UserTaskFilter
from engine.searching import AllOf, Compare, Found, Not, Order, Search, Subject
from storage.searching import SqlSearchQueries
from tests.engines import REGION, EngineUnderTest, engine_on, person
from tests.processes.diagrams import end, extension, flows, one_process, start, user

BOSS = person("boss", "civil_affairs/supervisor", region="320481")
CLERK = person("ann", "township/clerk")
GROUPS = '<zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="township/clerk,township/leader"/>'
ONE_STEP = one_process(start(), user("Task_Make", extension(GROUPS)), end(), flows("s>Task_Make>e"))


@pytest.fixture
def house(database_url: str) -> Iterator[EngineUnderTest]:
    with engine_on(database_url) as house:
        house.deploy(one_step_bpmn=ONE_STEP)
        for number in range(5):
            begin = StartProcessInstance(process_id="P", variables={}, region=REGION, business_key=f"K{number}")
            house.engine.execute(begin, actor=SYSTEM)
        for task in house.queries.user_tasks(UserTaskFilter(actor=CLERK, tab=TaskTab.TO_CLAIM)).tasks[:2]:
            house.engine.execute(ClaimUserTask(user_task_id=task.id), actor=CLERK)
            house.engine.execute(CompleteUserTask(user_task_id=task.id, values={}), actor=CLERK)
        yield house


def searched(house: EngineUnderTest, subject: Subject, *conditions: Any, **more: Any) -> Found:
    wanted = Search(actor=BOSS, subject=subject, where=AllOf(conditions), **more)
    return SqlSearchQueries(house.database, region="320481").search(wanted)


STATES = [
    (Subject.ELEMENT_INSTANCES, {"active": 6, "completed": 11, "terminated": 0}),
    (Subject.INCIDENTS, {"active": 0, "resolved": 0}),
    (Subject.PROCESS_INSTANCES, {"active": 3, "completed": 2}),
    (Subject.USER_TASKS, {"open": 3, "completed": 2, "cancelled": 0, "completing": 0}),
]


@pytest.mark.parametrize(("subject", "counts"), STATES)
def test_what_is_found_by_a_state_is_shown_in_it(
    house: EngineUnderTest, subject: Subject, counts: dict[str, int]
) -> None:
    for state, count in counts.items():
        condition = Compare("state", "equals", state)
        found = searched(house, subject, condition)
        others = searched(house, subject, Not(condition))

        assert [row["state"] for row in found.rows] == [state] * count
        assert {row["state"] for row in others.rows} == {one for one, many in counts.items() if many} - {state}
        assert found.total + others.total == sum(counts.values())


def test_tasks_are_found_by_each_of_their_groups(house: EngineUnderTest) -> None:
    for group, count in (("township/clerk", 5), ("township/leader", 5), ("township/other", 0)):
        assert searched(house, Subject.USER_TASKS, Compare("candidate_groups", "equals", group)).total == count


@pytest.mark.parametrize("descending", [True, False])
def test_pages_by_cursor_meet_every_row_once_whichever_way_they_go(house: EngineUnderTest, *, descending: bool) -> None:
    orders = [
        (Order("created_at", descending),),
        (Order("due_at", descending), Order("created_at", not descending)),
    ]
    for order in orders:
        whole = searched(house, Subject.USER_TASKS, order=order)
        walked: list[Any] = []
        beyond = None
        while page := searched(house, Subject.USER_TASKS, order=order, limit=2, beyond=beyond).rows:
            walked += [row["id"] for row in page]
            beyond = searched(house, Subject.USER_TASKS, order=order, limit=2, beyond=beyond).places[-1]

        assert walked == [row["id"] for row in whole.rows]
        back = searched(house, Subject.USER_TASKS, order=order, limit=2, beyond=whole.places[-1], backwards=True)
        assert [row["id"] for row in back.rows] == walked[-3:-1]


BY_DATE = [
    (Subject.PROCESS_INSTANCES, "started_at", "ix_process_instance_started"),
    (Subject.USER_TASKS, "created_at", "ix_user_task_created"),
    (Subject.INCIDENTS, "raised_at", "ix_incident_raised"),
]


@pytest.mark.parametrize(("subject", "field", "index"), BY_DATE)
def test_the_newest_are_found_without_sorting_all(
    house: EngineUnderTest, subject: Subject, field: str, index: str
) -> None:
    order = (Order(field, descending=True),)

    first = plan_of(house, subject, order=order)
    assert index in first, first
    assert "Sort" not in first, first
    if places := searched(house, subject, order=order).places:
        deep = plan_of(house, subject, order=order, beyond=places[0])
        assert f"{index} " in deep, deep
        assert "Index Cond: (ROW(" in deep, deep


def plan_of(house: EngineUnderTest, subject: Subject, **more: Any) -> str:
    """Return how PostgreSQL answers a search where it takes an index whenever one serves."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_more: object) -> None:
        seen.append((statement, parameters))

    event.listen(house.database, "before_cursor_execute", note)
    searched(house, subject, counted=False, **more)
    event.remove(house.database, "before_cursor_execute", note)
    [(statement, parameters)] = seen
    with house.database.connect() as connection:
        for way in ("seqscan", "bitmapscan", "sort", "hashjoin", "mergejoin"):
            connection.exec_driver_sql(f"SET LOCAL enable_{way} TO off")
        return "\n".join(connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars())
