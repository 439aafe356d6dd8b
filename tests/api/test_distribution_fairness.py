"""Rules of units pass over what they can do nothing with, and give a task to nobody who just gave it away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from api.bootstrap import Surroundings
from api.services import Services
from engine.commands.deployments import DeployResources
from engine.commands.jobs import AcquireJobs, CompleteJob
from engine.commands.task_listeners import UpdateUserTask
from engine.core.listener_model import ListenerResult
from engine.errors import NotFound
from engine.host import Duty, Share
from engine.model import SYSTEM, Resource
from tests.api.conftest import TOWN, Client
from tests.api.test_distribution import STEPS, Line, put
from tests.api.test_heat_map import CHINA, Hand
from workflows.casework.distribution.duties import AT_A_TURN, GiveOutTasks
from workflows.casework.distribution.errors import GivingDenied
from workflows.casework.distribution.giving_out import FindTasksToGiveOut, Given
from workflows.casework.distribution.model import OpenTask, RulePlace
from workflows.casework.distribution.taking_back import TakeBackUntouchedTask
from workflows.casework.supervision import OfficeKey

LISTENED = (
    '<zeebe:userTask/><zeebe:taskListeners><zeebe:taskListener eventType="assigning" type="check"/>'
    "</zeebe:taskListeners>"
)
CHECKS = AcquireJobs(worker="w", types=("check",), lease=timedelta(minutes=1), limit=1)
SignIn = Callable[[str], Client]


@pytest.fixture
def hand() -> Hand:
    return Hand(moment=datetime(2026, 6, 1, 9, 0, tzinfo=CHINA))  # a Monday


@pytest.fixture
def surroundings(hand: Hand) -> Surroundings:
    return Surroundings(now=hand.now, transport=httpx.MockTransport(lambda _: httpx.Response(503)))


@pytest.fixture
def line(services: Services) -> Line:
    return Line(services)


def deploy(services: Services, process_id: str, **changes: str) -> None:
    xml = STEPS.decode().replace('"P"', f'"{process_id}"')
    for old, new in changes.items():
        xml = xml.replace({"group": "township/clerk", "task": "<zeebe:userTask/>"}[old], new)
    resource = Resource(name=f"{process_id}.bpmn", content=xml.encode(), kind="process")
    services.engine.execute(DeployResources(resources=(resource,)), actor=SYSTEM)


def give_out(services: Services) -> Duty:
    return services.engine.host.duties[0]


def test_tasks_nobody_is_fit_for_keep_no_other_from_its_holder(
    sign_in: SignIn, services: Services, line: Line, hand: Hand
) -> None:
    clerk = sign_in("clerk")
    firsts = line.begin(AT_A_TURN + 1)
    checks = []
    for first in firsts:
        assert clerk.post(f"/api/v1/tasks/{first}/claim").status_code == 200
        assert clerk.post(f"/api/v1/tasks/{first}/complete", {"variables": {}}).status_code == 200
        instance = services.queries.user_task(UUID(first), SYSTEM).process_instance_id
        checks += [str(one.id) for one in services.queries.instance(instance).tasks if one.element_id == "Task_Check"]
    supervisor = sign_in("supervisor")
    for other in ("newcomer", "other-clerk"):
        away = {"login": other, "substitute": "clerk", "reason": "年假"}
        days = {"first_on": "2026-06-01", "last_on": "2026-06-02"}
        assert supervisor.post("/api/v1/absences", away | days).status_code == 201
    hand.turn_to(2)
    later = line.begin(1)
    put(sign_in("supervisor"))

    first_turn = give_out(services).some()
    assert (first_turn.done, first_turn.has_more) == (0, True)
    line.work()
    assert line.holders(checks) == [None] * len(checks)
    assert line.holders(later) == ["clerk"]


def test_tasks_of_places_without_a_rule_are_not_looked_at(sign_in: SignIn, services: Services, line: Line) -> None:
    deploy(services, "Q")
    line.begin(AT_A_TURN + 1, process_id="Q")
    [ruled] = line.begin(1)
    put(sign_in("supervisor"), process_id="P")
    share = give_out(services).some()
    assert (share.done, share.has_more) == (1, False)
    assert line.holders([ruled]) != [None]


def test_a_task_is_not_given_back_to_who_gave_it_away(sign_in: SignIn, line: Line, hand: Hand) -> None:
    [task] = line.begin(1)
    clerk, supervisor = sign_in("clerk"), sign_in("supervisor")
    assert clerk.post(f"/api/v1/tasks/{task}/claim").status_code == 200
    assert clerk.post(f"/api/v1/tasks/{task}/release").status_code == 200
    assert line.record(task, "released")[0]["from"] == "clerk"
    put(supervisor, method="least-load")
    line.work()
    [second] = line.holders([task])
    assert second in {"newcomer", "other-clerk"}

    assert supervisor.post(f"/api/v1/tasks/{task}/release").status_code == 200  # taken from this person
    line.work()
    assert line.holders([task]) == [({"newcomer", "other-clerk"} - {second}).pop()]
    assert supervisor.post(f"/api/v1/tasks/{task}/release").status_code == 200
    line.work()
    assert line.holders([task]) == [None]

    for groups in (["township/clerk", "education/clerk"], ["township/clerk"]):
        offer = UpdateUserTask(user_task_id=UUID(task), changes={"candidateGroups": groups})
        line.services.engine.execute(offer, actor=SYSTEM)
    hand.turn_to(2)
    line.work()
    assert line.holders([task]) != [None]  # it was offered anew


def test_who_is_denied_a_task_by_its_listener_is_passed_over(
    sign_in: SignIn, services: Services, line: Line, hand: Hand
) -> None:
    deploy(services, "L", task=LISTENED)
    [task] = line.begin(1, process_id="L")
    put(sign_in("supervisor"))
    for day in range(1, 5):
        hand.turn_to(day)
        line.work()
        for job in services.engine.execute(CHECKS, actor=SYSTEM):
            denied = ListenerResult(is_denied=True, reason="培训")
            services.engine.execute(CompleteJob(lease=job.lease, variables={}, result=denied), actor=SYSTEM)
        line.work()
    assert [one["to"] for one in line.record(task, "task-denied")] == ["clerk", "newcomer", "other-clerk"]
    assert line.holders([task]) == [None]


def test_what_a_listener_decides_is_not_counted_as_given(sign_in: SignIn, services: Services, line: Line) -> None:
    deploy(services, "L", task=LISTENED)
    line.begin(1, process_id="L")
    put(sign_in("supervisor"))
    assert give_out(services).some() == Share(done=0, has_more=True)
    assert give_out(services).some() == Share(done=0, has_more=False)


def test_a_task_that_cannot_be_taken_back_keeps_no_other_from_going_back(
    sign_in: SignIn, services: Services, line: Line, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = line.begin(AT_A_TURN + 2)
    clerk = sign_in("clerk")
    for one in tasks:
        assert clerk.post(f"/api/v1/tasks/{one}/claim").status_code == 200
    put(sign_in("supervisor"), method="none", release_after=1)
    hand.turn_to(5)
    bad, take_back = min(UUID(one) for one in tasks), TakeBackUntouchedTask.execute

    def execute(command: TakeBackUntouchedTask, context: Any) -> bool:
        if command.task_id == bad:
            raise NotFound("form", "x")
        return take_back(command, context)

    monkeypatch.setattr(TakeBackUntouchedTask, "execute", execute)
    take_back_duty = services.engine.host.duties[1].some
    assert take_back_duty() == Share(done=AT_A_TURN - 1, has_more=True)
    assert take_back_duty() == Share(done=2, has_more=False)
    assert line.holders([str(bad)]) == ["clerk"]
    assert line.holders(tasks).count(None) == AT_A_TURN + 1


def test_tasks_of_units_that_take_nothing_back_keep_no_other_from_going_back(
    sign_in: SignIn, services: Services, line: Line, hand: Hand
) -> None:
    deploy(services, "Q")
    tasks = line.begin(AT_A_TURN, process_id="Q") + line.begin(1)
    clerk = sign_in("clerk")
    for one in tasks:
        assert clerk.post(f"/api/v1/tasks/{one}/claim").status_code == 200
    put(sign_in("supervisor"), method="none", release_after=1)
    assert put(sign_in("supervisor"), process_id="Q", method="none").status_code == 200
    hand.turn_to(5)
    assert services.engine.host.duties[1].some() == Share(done=1, has_more=False)
    assert line.holders(tasks) == [*["clerk"] * AT_A_TURN, None]


def test_one_person_after_the_other_is_asked_where_a_listener_denies_at_once() -> None:
    place = RulePlace(unit=OfficeKey(kind="township", region=TOWN))
    task = OpenTask(
        id=uuid4(), candidate_groups=("township/clerk",), place=place, due_at=None, created_at=datetime.now(tz=CHINA)
    )
    asked: list[frozenset[str]] = []

    def execute(command: Any) -> Any:
        if isinstance(command, FindTasksToGiveOut):
            return task.created_at, [] if task.id in command.resting else [task]
        asked.append(command.passing_over)
        if len(command.passing_over) < 2:
            raise GivingDenied(f"clerk-{len(command.passing_over)}")
        return Given.NOBODY_FIT

    give = GiveOutTasks(execute=execute)
    assert [give(), give()] == [Share(done=0, has_more=False)] * 2
    assert asked == [frozenset(), frozenset({"clerk-0"}), frozenset({"clerk-0", "clerk-1"})]  # it rests then
