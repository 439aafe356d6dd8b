"""Taking back a task that its holder did not touch for as many working days as the unit's rule says."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID, uuid4

from engine.commands.task_listeners import locked_open_task
from engine.commands.user_tasks import TakeBackUserTask
from engine.errors import NotFound, TaskNotOpen
from engine.host import Context
from engine.model import UserTask
from engine.operation_errors import InstanceSuspended
from workflows.casework.days import COUNTY_TIME, local_day
from workflows.casework.distribution.giving_out import step_of
from workflows.casework.distribution.model import UNTOUCHED, DistributionRule, OpenTask, rule_for
from workflows.casework.distribution.ports import DistributionUnitOfWork
from workflows.casework.orders.notices import NoticeCause, StaffNotice
from workflows.casework.supervision import OfficeKey, Offices
from workflows.rules.calendar import WorkingCalendar, YearNotLoaded

LOOKED_AT_ONCE = 500  # tasks of one look at a unit

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FindUntouchedTasks:
    """Return the tasks that go back to their unit, the longest untouched first."""

    def execute(self, context: Context[DistributionUnitOfWork]) -> list[UUID]:
        """Look them up."""
        return [task.id for task in _due_back(context, None)]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBackUntouchedTask:
    """Take a task back, if it still is untouched, and tell who held it and who may claim it now; its draft stays."""

    task_id: UUID

    def execute(self, context: Context[DistributionUnitOfWork]) -> bool:
        """Say whether it was taken back."""
        try:
            _, task = locked_open_task(context, self.task_id)
        except (NotFound, TaskNotOpen, InstanceSuspended):
            return False
        if task.assignee is None or task.transition is not None or not _due_back(context, task.id):
            return False
        TakeBackUserTask(user_task_id=task.id, holder=task.assignee, ground=UNTOUCHED).execute(context)
        _tell(context, task)
        return True


def _due_back(context: Context[DistributionUnitOfWork], task_id: UUID | None) -> list[OpenTask]:
    """Return the untouched tasks whose time is over; where the calendar cannot tell, none is."""
    distribution, now = context.unit_of_work.distribution, context.now()
    rules, found = distribution.all(), list[OpenTask]()
    fewest: dict[OfficeKey, int] = {}  # days, by the unit
    for rule in rules:
        if rule.release_after is not None:
            unit = rule.place.unit
            fewest[unit] = min(rule.release_after, fewest.get(unit, rule.release_after))
    for unit, days in fewest.items():
        before = datetime.combine(local_day(now) - timedelta(days=days), time(), COUNTY_TIME)
        found += distribution.untouched(unit, before=before, now=now, limit=LOOKED_AT_ONCE, task_id=task_id)
    if not found:
        return []
    offices, calendar = distribution.offices(), context.unit_of_work.policy.calendar()
    return [one for one in found if _is_over(one, rules, offices, calendar, now)]


def _is_over(
    task: OpenTask, rules: Sequence[DistributionRule], offices: Offices, calendar: WorkingCalendar, now: datetime
) -> bool:
    step = step_of(offices, task.candidate_groups, task.region, task.process_id, task.element_id)
    rule = rule_for(rules, step)
    if rule is None or rule.release_after is None or task.touched_at is None:
        return False
    yesterday = local_day(now) - timedelta(days=1)
    try:
        return calendar.working_days_between(local_day(task.touched_at), yesterday) >= rule.release_after
    except YearNotLoaded:
        log.warning("nobody can tell whether a task lay untouched", extra={"task": str(task.id)})
        return False


def _tell(context: Context[DistributionUnitOfWork], task: UserTask) -> None:
    notices = context.unit_of_work.procedure.supervision.notices
    others = notices.holders(task.candidate_groups, region=task.region, matter=task.business_key)
    notice = StaffNotice(
        id=uuid4(),
        cause=NoticeCause.TASK_TAKEN_BACK,
        region=task.region,
        matter=task.business_key,
        step=task.name,
        step_en=task.name_en,
        task_id=task.id,
        order_id=None,
        text="",
        written_at=context.now(),
        written_by=context.actor.id,
    )
    notices.add(notice, [one for one in (task.assignee, *others) if one is not None])
