"""Whom a task is offered to, after whatever happened to it: lists and counts say what the task itself says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import select

from engine.commands.migrations import MigrateProcessInstance, MigrationPlan
from engine.commands.operations import Activate, ModifyProcessInstance
from engine.commands.process_instances import StartProcessInstance
from engine.commands.task_listeners import UpdateUserTask
from engine.commands.user_tasks import (
    AssignUserTask,
    ClaimUserTask,
    CompleteUserTask,
    PutOffUserTask,
    ReleaseUserTask,
)
from engine.errors import EngineError
from engine.model import SYSTEM, Actor, TaskState, UserTask
from engine.queries import TaskTab, UserTaskFilter
from storage.tables.engine import definition
from storage.tables.engine import user_task as tasks
from storage.work_lists import is_offered_to
from tests.contracts.test_substitution import PEOPLE, Office, office
from tests.engines import REGION
from tests.processes.diagrams import end, extension, flows, one_process, parallel, start, user
from workflows.casework.absences.commands import EndAbsence
from workflows.casework.absences.model import Absence

__all__ = ["office"]

ACTS = 45
MOST_KINDS = 7  # of eleven kinds of acts, more than these did something
GROUPS = ("township/clerk", "township/reviewer", "education/clerk")
CHIEF = "gao"


def offered(groups: str, *, users: str = "", apart: str = "") -> str:
    named = f' candidateUsers="{users}"' if users else ""
    distinct = f'<zeebe:properties><zeebe:property name="distinctFrom" value="{apart}"/></zeebe:properties>'
    assigned = f'<zeebe:assignmentDefinition candidateGroups="{groups}"{named}/>'
    return extension(f"<zeebe:userTask/>{assigned}{distinct if apart else ''}")


# A task of one group, of two, of named people, of a group by expression, and a second pair of eyes.
OTHERS = (
    user("two", offered("township/clerk,education/clerk")),
    user("named", offered("education/supervisor", users="zhao")),
    user("told", offered("=group")),
    user("eyes", offered("township/clerk", apart="one")),
    parallel("j"),
    end(),
    flows("s>p>one>eyes>j>e p>two>j p>named>j p>told>j"),
)
OLD = one_process(start(), parallel("p"), user("one", offered("township/clerk")), *OTHERS)
NEW = one_process(start(), parallel("p"), user("one", offered("education/clerk")), *OTHERS)


@dataclass(slots=True, kw_only=True)
class Run:
    """Random acts in an office, and who did what, kept beside it."""

    office: Office
    luck: Random
    done: dict[tuple[UUID, str], set[str]] = field(default_factory=dict)  # by instance and element
    versions: list[UUID] = field(default_factory=list)
    absences: list[Absence] = field(default_factory=list)
    acts: list[str] = field(default_factory=list)

    def all_open(self) -> list[UserTask]:
        page = self.office.house.queries.user_tasks(UserTaskFilter(actor=SYSTEM, tab=TaskTab.UNIT, limit=200))
        return [self.office.house.queries.user_task(one.id, SYSTEM) for one in page.tasks]

    def act(self) -> None:
        """Do something at random; what is refused changes nothing and is fine too."""
        kinds = (self.begin, self.claim, self.release, self.hand_over, self.put_off, self.offer_to_others)
        act = self.luck.choice((*kinds, self.complete, self.go_back, self.migrate, self.leave, self.come_back))
        try:
            act()
            self.acts.append(act.__name__)
        except EngineError as refused:
            self.acts.append(f"{act.__name__}: {refused.code}")

    def some(self, *, held: bool | None = None) -> UserTask:
        fitting = [one for one in self.all_open() if held is None or (one.assignee is not None) == held]
        if not fitting:
            self.begin()
            fitting = self.all_open()
        return self.luck.choice(fitting)

    def somebody(self) -> str:
        return self.luck.choice(sorted(PEOPLE))

    def candidate(self, task: UserTask) -> str:
        """Return somebody the task is offered to, or anybody where that is nobody."""
        fitting = [one for one in sorted(PEOPLE) if task.is_offered_to(self.office.who(one))]
        return self.luck.choice(fitting or sorted(PEOPLE))

    def begin(self) -> None:
        region = self.luck.choice((REGION, "320481002", "320481"))
        start = StartProcessInstance(
            process_id="P", variables={"group": self.luck.choice(GROUPS)}, region=region, business_key="2026-1"
        )
        self.office.house.engine.execute(start, actor=SYSTEM)

    def claim(self) -> None:
        task = self.some(held=False)
        self.office.run(ClaimUserTask(user_task_id=task.id), self.candidate(task))

    def release(self) -> None:
        self.office.run(ReleaseUserTask(user_task_id=self.some(held=True).id, reason="退回"), CHIEF)

    def hand_over(self) -> None:
        task = self.some()
        assign = AssignUserTask(user_task_id=task.id, assignee=self.office.who(self.candidate(task)))
        self.office.run(assign, CHIEF)

    def put_off(self) -> None:
        task = self.some(held=True)
        until = None if task.follow_up_at else self.office.house.clock() + timedelta(days=self.luck.randint(1, 9))
        self.office.run(PutOffUserTask(user_task_id=task.id, until=until, reason="等材料"), CHIEF)

    def offer_to_others(self) -> None:
        groups = self.luck.sample(GROUPS, self.luck.randint(0, 2))
        users = self.luck.sample(sorted(PEOPLE), self.luck.randint(0, 1))
        changes = {"candidateGroups": groups, "candidateUsers": users}
        self.office.run(UpdateUserTask(user_task_id=self.some().id, changes=changes, reason="改派"), CHIEF)

    def complete(self) -> None:
        task = self.some(held=True)
        by = task.assignee or CHIEF
        self.office.run(CompleteUserTask(user_task_id=task.id, values={}), by)
        self.done.setdefault((task.process_instance_id, task.element_id), set()).add(by)

    def go_back(self) -> None:
        task = self.some()
        modify = ModifyProcessInstance(
            process_instance_id=task.process_instance_id,
            activate=(Activate(element_id=self.luck.choice(("one", "two", "named", "told", "eyes"))),),
            cancel_keys=(),
            reason="重办",
        )
        self.office.run(modify, CHIEF)

    def migrate(self) -> None:
        task = self.some()
        target = self.luck.choice(self.versions)
        plan = MigrationPlan(source=task.definition_id, target=target)
        migrate = MigrateProcessInstance(process_instance_id=task.process_instance_id, plan=plan, reason="换版")
        self.office.run(migrate, CHIEF)

    def leave(self) -> None:
        absent, substitute = self.luck.sample(("wang", "li", "zhao"), 2)
        self.absences.append(self.office.away(absent, substitute, by=CHIEF))

    def come_back(self) -> None:
        if self.absences:
            self.office.run(EndAbsence(absence_id=self.absences.pop().id), CHIEF)

    def may_claim(self, task: UserTask, actor: Actor) -> bool:
        """Say from the task alone whether somebody may claim it, for themselves or for whom they stand in."""
        people = (actor, *(one.person for one in actor.stands_in_for))
        did = set().union(*(self.done.get((task.process_instance_id, one), set()) for one in task.distinct_from))
        return task.assignee is None and any(task.is_offered_to(one) and not {actor.id, one.id} & did for one in people)


@pytest.mark.parametrize("seed", range(2))
def test_lists_offer_what_the_tasks_say_after_random_acts(office: Office, seed: int) -> None:
    run = Run(office=office, luck=Random(seed))
    for version in (OLD, NEW):
        office.house.deploy(two_steps_bpmn=version)
    versions = select(definition.c.id).where(definition.c.key == "P").order_by(definition.c.version)
    with office.house.database.connect() as connection:
        run.versions = list(connection.execute(versions).scalars())[-2:]
    for _ in range(ACTS):
        run.act()
        open_tasks = run.all_open()
        for login in sorted(PEOPLE):
            wanted = {one.id for one in open_tasks if run.may_claim(one, office.who(login))}
            listed = {one.id for one in office.listed(TaskTab.TO_CLAIM, login)}
            assert listed == wanted, (login, run.acts)
            assert office.house.queries.user_task_counts(office.who(login))[TaskTab.TO_CLAIM] == len(wanted), run.acts
        for group in GROUPS:
            wanted = {one.id for one in open_tasks if group in one.candidate_groups}
            assert set(_offered_to(office, group)) == wanted, (group, run.acts)
    assert len({one for one in run.acts if ":" not in one}) > MOST_KINDS, run.acts


def _offered_to(office: Office, group: str) -> Iterator[UUID]:
    statement = select(tasks.c.id).where(tasks.c.state == TaskState.OPEN, is_offered_to([group]))
    with office.house.database.connect() as connection:
        yield from connection.execute(statement).scalars()
