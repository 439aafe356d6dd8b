"""Giving a task to somebody by the rule that counts for it: in a transaction of its own, a moment after it came."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto
from uuid import UUID

from engine.commands.task_listeners import locked_open_task
from engine.commands.task_rights import require_fit
from engine.commands.user_tasks import AssignUserTask
from engine.errors import EngineError, NotFound, TaskNotOpen
from engine.host import Context
from engine.model import Actor, UserTask
from engine.operation_errors import InstanceSuspended
from workflows.casework.days import local_day
from workflows.casework.distribution.model import Candidate, DistributionRule, Method, RulePlace, in_turn, rule_for
from workflows.casework.distribution.ports import DistributionUnitOfWork
from workflows.casework.supervision import Offices

MOST_OF_A_DESK = 100  # tasks of one look, of each group and region: a desk that is full keeps no other from its tasks


class Given(Enum):
    """What became of a task that was to be given to somebody."""

    DONE = auto()
    GONE = auto()  # somebody took it, it is over or rests, or its rule was changed
    NOBODY_FREE = auto()  # everybody is absent, or holds as many tasks as they may
    NOBODY_FIT = auto()  # those who are free are barred from this task


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A task that waits to be given out, whom it is offered to, and the place of the rule that counts for it."""

    task_id: UUID
    candidate_groups: tuple[str, ...]
    place: RulePlace


@dataclass(frozen=True, slots=True)
class FindTasksToGiveOut:
    """Return the tasks that a rule gives to somebody, the most urgent first."""

    def execute(self, context: Context[DistributionUnitOfWork]) -> list[Waiting]:
        """Look them up."""
        distribution = context.unit_of_work.distribution
        rules = distribution.all()
        giving = [one for one in rules if one.method is not Method.NONE]
        if not giving:
            return []
        units = sorted({one.place.unit for one in giving})
        offices, found = distribution.offices(), []
        for task in distribution.unheld(units, now=context.now(), most=MOST_OF_A_DESK):
            step = step_of(offices, task.candidate_groups, task.region, task.process_id, task.element_id)
            rule = rule_for(rules, step)
            if rule is not None and rule.method is not Method.NONE:
                found.append(Waiting(task_id=task.id, candidate_groups=task.candidate_groups, place=rule.place))
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveOutTask:
    """Give a task that nobody holds to somebody of its unit, by the rule that counts for it.

    Absent people are passed over, as are those who hold as many open tasks as the rule allows, whom four eyes or the
    office bar, and who let the task lie before. Rules are locked after the task: who gives out two tasks by one rule
    at the same moment does it one after the other.
    """

    task_id: UUID

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
        barred = context.unit_of_work.distribution.left_untouched_by(task)
        chosen = next((one for one in people if one.login not in barred and _is_fit(context, task, one)), None)
        if chosen is None:
            return Given.NOBODY_FIT
        posts = context.unit_of_work.posts.held_by(chosen.login) or ()
        person = Actor(id=chosen.login, name=chosen.name, memberships=posts)
        AssignUserTask(user_task_id=task.id, assignee=person, ground=rule.method.value).execute(context)
        context.unit_of_work.distribution.save(replace(rule, last_login=chosen.login))
        return Given.DONE


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
