"""What a unit sees of the process of a case that was referred to it, beside what others do there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from unittest.mock import Mock
from uuid import UUID, uuid5

from engine.model import (
    ActivityInstance,
    Actor,
    Definition,
    HistoryEntry,
    Incident,
    InstanceState,
    Membership,
    ProcessInstance,
    TaskState,
    UserTask,
)
from engine.queries import DiagramState, InstanceView
from workflows.casework.purpose import within_purpose
from workflows.casework.queries import CaseView

NOW = datetime(2026, 6, 17, 2, 0, tzinfo=UTC)
CASE = UUID(int=1)
REGION = "320481001"
TEACHER = Actor(
    id="teacher", name="何芳", memberships=(Membership(unit_kind="education", role="clerk", region="320481"),)
)
PROCESSES = {"relief_case": "township", "education_aid": "education", "medical_aid": "medical"}


def definition_id(process: str) -> UUID:
    return uuid5(CASE, process)


def task(process: str, **changes: Any) -> UserTask:
    made = UserTask(
        id=uuid5(CASE, f"task of {process}"),
        process_instance_id=CASE,
        key=1,
        definition_id=definition_id(process),
        element_id="Task",
        name="审核",
        name_en="Review",
        form_id=None,
        business_key="2026-1",
        region=REGION,
        candidate_groups=(f"{PROCESSES[process]}/clerk",),
        candidate_users=(),
        assignee=None,
        assignee_name=None,
        due_at=None,
        follow_up_at=None,
        priority=50,
        distinct_from=(),
        properties={},
        variables={},
        state=TaskState.OPEN,
        version=1,
        created_at=NOW,
    )
    return replace(made, **changes)


def diagram(process: str) -> DiagramState:
    definition = Definition(
        id=definition_id(process),
        kind="process",
        key=process,
        name=process,
        version=1,
        deployment_id=CASE,
        resource_name=f"{process}.bpmn",
        checksum="-",
    )
    return DiagramState(
        definition=definition,
        xml=b"<xml/>",
        active={"Task": 2},
        completed={"Start": 3},
        flows={"Flow": 3},
        incidents={"Task": "张三的收入无法读取"},
    )


def activity(process: str) -> ActivityInstance:
    return ActivityInstance(
        process_instance_id=CASE,
        key=1,
        definition_id=definition_id(process),
        element_id="Task",
        scope_key=0,
        tag="userTask",
        name="审核",
        entered_at=NOW,
    )


def incident(process: str) -> Incident:
    return Incident(
        id=uuid5(CASE, f"incident of {process}"),
        process_instance_id=CASE,
        key=1,
        definition_id=definition_id(process),
        element_id="Task",
        kind="expression",
        reason="张三的收入无法读取",
        raised_at=NOW,
    )


def instance_view() -> InstanceView:
    return InstanceView(
        instance=ProcessInstance(
            id=CASE,
            definition_id=definition_id("relief_case"),
            process_id="relief_case",
            region=REGION,
            business_key="2026-1",
            state=InstanceState.ACTIVE,
            snapshot=None,
            version=1,
            started_at=NOW,
        ),
        diagrams=[diagram(process) for process in PROCESSES],
        activities=[activity(process) for process in PROCESSES],
        waiting=(),
        tasks=[task(process) for process in PROCESSES],
        jobs=(),
        timers=(),
        subscriptions=(),
        incidents=[incident(process) for process in PROCESSES],
        decisions=(),
        history=[
            HistoryEntry(process_instance_id=CASE, at=NOW, actor=actor, action="completed")
            for actor in ("teacher", "doctor")
        ],
        variables={"income": 2000},
    )


def case_view(*, purpose_limited: bool = True, referrals: tuple[Any, ...] = ()) -> CaseView:
    summary = Mock(region=REGION)
    return Mock(spec=CaseView, summary=summary, purpose_limited=purpose_limited, referrals=referrals)


def test_who_sees_the_whole_case_sees_its_whole_process() -> None:
    view = instance_view()

    assert within_purpose(view, case_view(purpose_limited=False), TEACHER) is view


def test_a_unit_sees_its_own_tasks_and_diagrams_and_the_one_of_the_case() -> None:
    seen = within_purpose(instance_view(), case_view(), TEACHER)

    assert [one.candidate_groups for one in seen.tasks] == [("education/clerk",)]
    assert [one.definition.key for one in seen.diagrams] == ["relief_case", "education_aid"]
    assert [one.definition_id for one in seen.activities] == [definition_id("education_aid")]
    assert [one.actor for one in seen.history] == ["teacher"]
    assert seen.variables == {}


def test_the_diagram_of_the_case_does_not_tell_how_many_units_were_asked() -> None:
    whole, own = within_purpose(instance_view(), case_view(), TEACHER).diagrams

    assert (whole.active, whole.completed, whole.flows) == ({"Task": 1}, {"Start": 1}, {"Flow": 1})
    assert (own.active, own.completed, own.flows) == ({"Task": 2}, {"Start": 3}, {"Flow": 3})


def test_a_unit_sees_that_a_case_is_stuck_but_never_why() -> None:
    seen = within_purpose(instance_view(), case_view(), TEACHER)

    assert len(seen.incidents) == 2
    assert "张三" not in str((seen.incidents, [one.incidents for one in seen.diagrams]))
    assert all(one.incidents.keys() == {"Task"} for one in seen.diagrams)


def test_the_diagram_of_a_referral_is_seen_before_its_first_task_is_there() -> None:
    view = replace(instance_view(), tasks=())
    own = Mock(referral=Mock(unit_kind="education", process_id="education_aid"))
    seen = within_purpose(view, case_view(referrals=(own,)), TEACHER)

    assert [one.definition.key for one in seen.diagrams] == ["relief_case", "education_aid"]


def test_a_task_once_done_stays_in_sight_of_who_did_it() -> None:
    view = instance_view()
    done = task("medical_aid", completed_by="teacher", state=TaskState.COMPLETED)
    seen = within_purpose(replace(view, tasks=[done]), case_view(), TEACHER)

    assert seen.tasks == [done]
