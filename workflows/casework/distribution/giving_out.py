"""Giving a task to somebody by the rule that counts for it: in a transaction of its own, a moment after it came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto
from uuid import UUID

from engine.commands.task_listeners import locked_open_task
from engine.commands.task_rights import require_fit
from engine.commands.user_tasks import AssignUserTask
from engine.errors import EngineError, NotFound, TaskActionDenied, TaskNotOpen
from engine.host import Context
from engine.model import Actor, UserTask
from engine.operation_errors import InstanceSuspended
from workflows.casework.days import local_day
from workflows.casework.distribution.errors import GivingDenied
from workflows.casework.distribution.model import (
    Candidate,
    Desk,
    DistributionRule,
    Method,
    OpenTask,
    RulePlace,
    in_turn,
    rule_for,
)
from workflows.casework.distribution.ports import DistributionUnitOfWork
from workflows.casework.supervision import Offices


class Given(Enum):
    """What became of a task that was to be given to somebody."""

    DONE = auto()
    ASKED = auto()  # a listener decides
    GONE = auto()  # somebody took it, it is over or rests, or its rule was changed
    NOBODY_FREE = auto()  # everybody is absent, or holds as many tasks as they may
    NOBODY_FIT = auto()  # those who are free are barred from this task, or a listener took it from them


@dataclass(frozen=True, slots=True, kw_only=True)
class FindTasksToGiveOut:
    """Return the moment, and some tasks that a rule gives to somebody, the most urgent first.

    Those up to `after` are left out, as those of desks where nobody is free, and those that rest until later.
    """

    after: OpenTask | None
    full: frozenset[Desk]
    resting: Mapping[UUID, datetime]
    limit: int

    def execute(self, context: Context[DistributionUnitOfWork]) -> tuple[datetime, Sequence[OpenTask]]:
        """Look them up."""
        now = context.now()
        without = [task_id for task_id, until in self.resting.items() if now < until]
        unheld = context.unit_of_work.distribution.unheld
        return now, unheld(now=now, limit=self.limit, after=self.after, full=self.full, without=without)


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveOutTask:
    """Give a task that nobody holds to somebody of its unit, by the rule that counts for it.

    Absent people are passed over, as are those who hold as many open tasks as the rule allows, whom four eyes or the
    office bar, who let the task lie, gave it away or were denied it before, and whom the caller names. Rules are
    locked after the task: who gives out two tasks by one rule at the same moment does it one after the other.

    Raises:
        GivingDenied: a listener denied it at once.
    """

    task_id: UUID
    passing_over: frozenset[str] = frozenset()

    def execute(self, context: Context[DistributionUnitOfWork]) -> Given:
        """Give it to somebody."""
        try:
            _, task = locked_open_task(context, self.task_id)
        except (NotFound, TaskNotOpen, InstanceSuspended):
            return Given.GONE
        rule = None if task.assignee or task.transition else _locked_rule(context, task)
        if rule is None or rule.method is Method.NONE:
            return Given.GONE
        people = in_turn(rule, _people(context, task, rule))
        if not people:
            return Given.NOBODY_FREE
        barred = context.unit_of_work.distribution.barred(task) | self.passing_over
        chosen = next((one for one in people if one.login not in barred and _is_fit(context, task, one)), None)
        if chosen is None:
            return Given.NOBODY_FIT
        posts = context.unit_of_work.posts.held_by(chosen.login) or ()
        person = Actor(id=chosen.login, name=chosen.name, memberships=posts)
        try:
            given = AssignUserTask(user_task_id=task.id, assignee=person, ground=rule.method.value).execute(context)
        except TaskActionDenied as denied:
            raise GivingDenied(chosen.login) from denied
        context.unit_of_work.distribution.save(replace(rule, last_login=chosen.login))
        if given.transition is not None:
            return Given.ASKED
        return Given.NOBODY_FIT if given.assignee is None else Given.DONE


def step_of(
    offices: Offices, candidate_groups: tuple[str, ...], region: str, process_id: str, element_id: str
) -> RulePlace:
    """Return the place of a task: it is counted for the unit of its first group, as on the pages of supervisors."""
    kind = next(iter(candidate_groups), "").partition("/")[0]
    return RulePlace(unit=offices.of_task(kind, region), process_id=process_id, element_id=element_id)


def place_of(context: Context[DistributionUnitOfWork], task: UserTask) -> RulePlace:
    """Return the place of a task that was read."""
    definition = context.unit_of_work.definitions.get(task.definition_id)
    process_id = "" if definition is None else definition.key
    offices = context.unit_of_work.distribution.offices()
    return step_of(offices, task.candidate_groups, task.region, process_id, task.element_id)


def _locked_rule(context: Context[DistributionUnitOfWork], task: UserTask) -> DistributionRule | None:
    distribution = context.unit_of_work.distribution
    rule = rule_for(distribution.all(), place_of(context, task))
    return None if rule is None else distribution.lock(rule.place)


def _people(context: Context[DistributionUnitOfWork], task: UserTask, rule: DistributionRule) -> list[Candidate]:
    process_id = place_of(context, task).process_id
    today = local_day(context.now())
    groups = [one for one in task.candidate_groups if one.partition("/")[0] == rule.place.unit.kind]
    distribution = context.unit_of_work.distribution
    return list(distribution.people(rule.place.unit, groups, process_id=process_id, today=today))


def _is_fit(context: Context[DistributionUnitOfWork], task: UserTask, person: Candidate) -> bool:
    try:
        require_fit(context, task, Actor(id=person.login, name=person.name))
    except EngineError:
        return False
    return True
