"""User tasks on PostgreSQL: who may hold one, who may finish it, and that exactly one does."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from engine.commands.process_instances import CancelProcessInstance, StartProcessInstance
from engine.commands.user_tasks import (
    AssignUserTask,
    ClaimUserTask,
    CompleteUserTask,
    ReleaseUserTask,
    SaveDraft,
)
from engine.errors import (
    AlreadyClaimed,
    EngineError,
    FourEyesViolation,
    NotAssignee,
    NotFound,
    NotPermitted,
    StaleVersion,
    TaskNotOpen,
)
from engine.model import SYSTEM, Actor, ProcessInstance, TaskState, UserTask
from engine.queries import TaskTab, UserTaskFilter
from tests.engines import REGION, EngineUnderTest, engine_on, person
from tests.processes.diagrams import end, flows, one_process, start

CLERK = "township/clerk"
ANN = person("ann", CLERK)
BEN = person("ben", CLERK)
CARL = person("carl", CLERK, region="320481002")
CHIEF = person("chief", "civil_affairs/supervisor", region="320481")

TWO_STEPS = one_process(
    start(),
    """<bpmn:userTask id="Task_Make" name="经办"><bpmn:extensionElements><zeebe:userTask/>
         <zeebe:assignmentDefinition candidateGroups="township/clerk"/>
         <zeebe:taskSchedule dueDate="=now() + duration(&quot;P2D&quot;)"/>
         <zeebe:properties><zeebe:property name="name.en" value="Make"/></zeebe:properties>
       </bpmn:extensionElements></bpmn:userTask>""",
    """<bpmn:userTask id="Task_Check" name="复核"><bpmn:extensionElements><zeebe:userTask/>
         <zeebe:assignmentDefinition candidateGroups="township/clerk"/>
         <zeebe:properties><zeebe:property name="distinctFrom" value="Task_Make"/></zeebe:properties>
       </bpmn:extensionElements></bpmn:userTask>""",
    end(),
    flows("s>Task_Make>Task_Check>e"),
)


@pytest.fixture
def house(database_url: str) -> Iterator[EngineUnderTest]:
    with engine_on(database_url) as house:
        house.deploy(two_steps_bpmn=TWO_STEPS)
        yield house


def begin(house: EngineUnderTest) -> ProcessInstance:
    command = StartProcessInstance(process_id="P", variables={}, region=REGION, business_key="2026-1")
    return house.engine.execute(command, actor=SYSTEM)


def open_task(house: EngineUnderTest, actor: Actor = ANN) -> UserTask:
    page = house.queries.user_tasks(UserTaskFilter(actor=actor, tab=TaskTab.UNIT))
    assert page.total == 1
    return page.tasks[0]


def claimed(house: EngineUnderTest, actor: Actor = ANN) -> UserTask:
    begin(house)
    return house.engine.execute(ClaimUserTask(user_task_id=open_task(house).id), actor=actor)


def test_a_new_task_is_offered_to_its_group_in_its_region_only(house: EngineUnderTest) -> None:
    begin(house)

    assert house.queries.user_task_counts(ANN)[TaskTab.TO_CLAIM] == 1
    assert house.queries.user_task_counts(CARL)[TaskTab.TO_CLAIM] == 0
    assert open_task(house).due_at is not None
    with pytest.raises(NotFound):
        house.queries.user_task(open_task(house).id, CARL)


def test_a_claimed_task_cannot_be_claimed_by_another(house: EngineUnderTest) -> None:
    task = claimed(house, ANN)

    with pytest.raises(AlreadyClaimed) as refused:
        house.engine.execute(ClaimUserTask(user_task_id=task.id), actor=BEN)

    assert "Ann" in refused.value.text("zh")
    assert house.engine.execute(ClaimUserTask(user_task_id=task.id), actor=ANN).version == task.version


def test_nobody_outside_the_region_claims(house: EngineUnderTest) -> None:
    begin(house)

    with pytest.raises(NotPermitted):
        house.engine.execute(ClaimUserTask(user_task_id=open_task(house).id), actor=CARL)


def test_only_the_assignee_completes(house: EngineUnderTest) -> None:
    task = claimed(house, ANN)

    with pytest.raises(NotAssignee) as refused:
        house.engine.execute(CompleteUserTask(user_task_id=task.id, values={}), actor=BEN)

    assert "Ann" in refused.value.text("en")


def test_a_stale_page_is_refused_and_its_draft_stays(house: EngineUnderTest) -> None:
    task = claimed(house, ANN)
    house.engine.execute(SaveDraft(user_task_id=task.id, values={"note": "半截"}), actor=ANN)

    with pytest.raises(StaleVersion):
        house.engine.execute(CompleteUserTask(user_task_id=task.id, values={}, version=task.version - 1), actor=ANN)

    draft = house.queries.draft(task.id, ANN)
    assert draft is not None
    assert draft.values == {"note": "半截"}


def test_a_draft_survives_release_and_shows_to_the_next_claimant(house: EngineUnderTest) -> None:
    task = claimed(house, ANN)
    house.engine.execute(SaveDraft(user_task_id=task.id, values={"note": "x"}), actor=ANN)

    house.engine.execute(ReleaseUserTask(user_task_id=task.id), actor=ANN)
    house.engine.execute(ClaimUserTask(user_task_id=task.id), actor=BEN)

    draft = house.queries.draft(task.id, BEN)
    assert draft is not None
    assert draft.saved_by == "ann"


def test_a_draft_ends_with_its_task(house: EngineUnderTest) -> None:
    task = claimed(house, ANN)
    house.engine.execute(SaveDraft(user_task_id=task.id, values={"note": "x"}), actor=ANN)

    house.engine.execute(
        CancelProcessInstance(process_instance_id=task.process_instance_id, reason="double"), actor=SYSTEM
    )

    assert house.queries.draft(task.id, CHIEF) is None
    with pytest.raises(TaskNotOpen):
        house.engine.execute(SaveDraft(user_task_id=task.id, values={"note": "late"}), actor=ANN)


def test_who_made_cannot_check(house: EngineUnderTest) -> None:
    task = claimed(house, ANN)
    house.engine.execute(CompleteUserTask(user_task_id=task.id, values={}), actor=ANN)
    check = open_task(house)
    assert check.element_id == "Task_Check"

    assert house.queries.user_task_counts(ANN)[TaskTab.TO_CLAIM] == 0
    assert house.queries.user_task_counts(BEN)[TaskTab.TO_CLAIM] == 1
    assert house.queries.next_task(ANN, after=task) is None
    with pytest.raises(FourEyesViolation):
        house.engine.execute(ClaimUserTask(user_task_id=check.id), actor=ANN)
    with pytest.raises(FourEyesViolation):
        house.engine.execute(AssignUserTask(user_task_id=check.id, assignee=ANN), actor=CHIEF)
    assert house.engine.execute(ClaimUserTask(user_task_id=check.id), actor=BEN).assignee == "ben"


def test_only_a_supervisor_assigns(house: EngineUnderTest) -> None:
    begin(house)
    task = open_task(house)

    with pytest.raises(NotPermitted):
        house.engine.execute(AssignUserTask(user_task_id=task.id, assignee=BEN), actor=ANN)
    assert house.engine.execute(AssignUserTask(user_task_id=task.id, assignee=BEN), actor=CHIEF).assignee == "ben"


def test_the_history_names_who_did_what(house: EngineUnderTest) -> None:
    task = claimed(house, ANN)
    house.engine.execute(CompleteUserTask(user_task_id=task.id, values={}), actor=ANN)

    view = house.queries.instance(task.process_instance_id)

    assert [(one.actor, one.action) for one in view.history] == [
        ("system", "started"),
        ("ann", "claimed"),
        ("ann", "completed"),
    ]
    done = next(one for one in view.tasks if one.id == task.id)
    assert (done.state, done.completed_by, done.completed_by_name) == (TaskState.COMPLETED, "ann", "Ann")
    assert view.diagrams[0].active == {"Task_Check": 1}


def test_of_two_completions_at_once_exactly_one_wins_200_times(house: EngineUnderTest) -> None:
    outcomes: list[tuple[str, str]] = []
    with ThreadPoolExecutor(2) as pool:
        for _ in range(200):
            begin(house)
            task = open_task(house)
            house.engine.execute(ClaimUserTask(user_task_id=task.id), actor=ANN)
            ready = Barrier(2)

            def complete(task: UserTask = task, ready: Barrier = ready) -> str:
                ready.wait()
                try:
                    house.engine.execute(CompleteUserTask(user_task_id=task.id, values={}), actor=ANN)
                except EngineError as refused:
                    return type(refused).__name__
                return "won"

            first, second = (one.result() for one in [pool.submit(complete), pool.submit(complete)])
            outcomes.append((first, second))
            check = open_task(house, BEN)
            house.engine.execute(ClaimUserTask(user_task_id=check.id), actor=BEN)
            house.engine.execute(CompleteUserTask(user_task_id=check.id, values={}), actor=BEN)

    assert [sorted(pair) for pair in outcomes] == [[TaskNotOpen.__name__, "won"]] * 200


def test_of_two_claims_at_once_exactly_one_wins(house: EngineUnderTest) -> None:
    begin(house)
    task = open_task(house)
    ready = Barrier(2)

    def claim(actor: Actor) -> str:
        ready.wait()
        try:
            return str(house.engine.execute(ClaimUserTask(user_task_id=task.id), actor=actor).assignee)
        except AlreadyClaimed:
            return "refused"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(claim, [ANN, BEN]))[1] == "refused"


def test_a_page_tells_the_whole_number_also_when_it_lies_beyond_the_end(house: EngineUnderTest) -> None:
    for _ in range(3):
        begin(house)
    pages = [
        house.queries.user_tasks(UserTaskFilter(actor=ANN, tab=TaskTab.TO_CLAIM, offset=offset, limit=2))
        for offset in (0, 2, 4)
    ]
    assert [(len(page.tasks), page.total) for page in pages] == [(2, 3), (1, 3), (0, 3)]
    none = house.queries.user_tasks(UserTaskFilter(actor=ANN, tab=TaskTab.TO_CLAIM, text="nothing is called so"))
    assert (none.tasks, none.total) == ([], 0)
