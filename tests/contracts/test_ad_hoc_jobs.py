"""Ad-hoc sub-processes by a job worker on PostgreSQL: each decision is a job of its own, a late one changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.commands.incidents import ResolutionOutcome, ResolveIncident
from engine.commands.jobs import CompleteJob, FailJob, ThrowJobError
from engine.commands.user_tasks import ClaimUserTask, CompleteUserTask
from engine.core.model import AdHocActivity, AdHocResult
from engine.errors import JobLost, JobResultRefused
from engine.json_values import JsonObject
from engine.model import SYSTEM, InstanceState, Job, ProcessInstance, TaskState, UserTask
from tests.contracts.test_listeners import ANN, CHIEF, acquired, begin, house_with, view, work
from tests.engines import EngineUnderTest
from tests.processes.cases_ad_hoc_jobs import decided
from tests.processes.diagrams import boundary, end, error, flows, one_process, start, user, zeebe

GROUP = zeebe("assignmentDefinition", candidateGroups="township/clerk")
SCOPE = decided("S", user("a", GROUP, name="走访"), user("b", GROUP, name="电话"))
XML = one_process(start(), SCOPE, end(), flows("s>S>e"))
OVER = AdHocResult(is_fulfilled=True)


def beginning(*elements: str) -> AdHocResult:
    return AdHocResult(elements=tuple(AdHocActivity(element=one) for one in elements))


def decide(house: EngineUnderTest, held: Job, result: AdHocResult) -> None:
    command = CompleteJob(lease=held.lease, variables={}, result=result)
    house.engine.execute(command, actor=SYSTEM)


def open_tasks(house: EngineUnderTest, instance: ProcessInstance) -> dict[str, UserTask]:
    return {one.element_id: one for one in view(house, instance).tasks if one.state is TaskState.OPEN}


def finish(house: EngineUnderTest, task: UserTask) -> None:
    house.engine.execute(ClaimUserTask(user_task_id=task.id), actor=ANN)
    house.engine.execute(CompleteUserTask(user_task_id=task.id, values={}), actor=ANN)


def test_a_worker_decides_again_whenever_something_is_over(database_url: str) -> None:
    seen: list[object] = []

    def handler(one: Job) -> JsonObject:
        seen.append(one.variables.get("round"))
        if len(seen) == 3:
            return {"isCompletionConditionFulfilled": True, "isCancelRemainingInstances": True}
        return {"activateElements": [{"elementId": "a"}, {"elementId": "b"}], "variables": {"round": len(seen)}}

    with house_with(database_url, XML, S=handler) as house:
        instance = begin(house)
        work(house)
        finish(house, open_tasks(house, instance)["a"])
        work(house)
        assert len([one for one in view(house, instance).tasks if one.state is TaskState.OPEN]) == 3
        finish(house, open_tasks(house, instance)["b"])
        work(house)
        found = view(house, instance)
        assert found.instance.state is InstanceState.COMPLETED
        assert seen == [None, 1, 2]
        assert {one.state for one in found.tasks} == {TaskState.COMPLETED, TaskState.CANCELLED}


def test_who_works_on_a_job_that_was_asked_anew_comes_too_late(database_url: str) -> None:
    with house_with(database_url, XML) as house:
        instance = begin(house)
        decide(house, acquired(house, "S")[0], beginning("a", "b"))
        tasks = open_tasks(house, instance)
        finish(house, tasks["a"])
        (late,) = acquired(house, "S")
        finish(house, tasks["b"])
        with pytest.raises(JobLost):
            decide(house, late, OVER)
        (held,) = acquired(house, "S")
        assert held.id != late.id
        decide(house, held, OVER)
        assert view(house, instance).instance.state is InstanceState.COMPLETED


def test_a_refused_decision_says_why_and_leaves_the_job(database_url: str) -> None:
    with house_with(database_url, XML) as house:
        instance = begin(house)
        (held,) = acquired(house, "S")
        with pytest.raises(JobResultRefused) as refused:
            decide(house, held, beginning("c"))
        assert "c (S: a, b)" in refused.value.text("zh")
        assert "begun" in refused.value.text("en")
        decide(house, held, beginning("a"))
        assert set(open_tasks(house, instance)) == {"a"}


def test_an_error_of_the_job_is_caught_and_a_failed_job_is_asked_anew(database_url: str) -> None:
    caught = one_process(start(), SCOPE, boundary("q", "S", error("X")), user("h", GROUP), end(), flows("s>S>e q>h>e"))
    with house_with(database_url, caught) as house:
        instance = begin(house)
        (held,) = acquired(house, "S")
        for left in (2, 1, 0):
            fail = FailJob(lease=held.lease, reason="网络中断", retry_in=timedelta())
            house.engine.execute(fail, actor=SYSTEM)
            again = acquired(house, "S")
            held = again[0] if again else held
            assert [one.retries for one in again] == [left] * bool(left)
        (incident,) = view(house, instance).incidents
        resolution = house.engine.execute(ResolveIncident(incident_id=incident.id), actor=CHIEF)
        assert resolution.outcome is ResolutionOutcome.STARTED
        (anew,) = acquired(house, "S")
        house.engine.execute(ThrowJobError(lease=anew.lease, error_code="X", message=""), actor=SYSTEM)
        assert set(open_tasks(house, instance)) == {"h"}
