"""Taking back a task that its holder did not touch for as many working days as the unit's rule says."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

from engine.commands.task_listeners import locked_open_task
from engine.commands.user_tasks import TakeBackUserTask
from engine.errors import NotFound, TaskNotOpen
from engine.host import Context
from engine.model import UserTask
from engine.operation_errors import InstanceSuspended
from workflows.casework.days import COUNTY_TIME, local_day
from workflows.casework.distribution.model import UNTOUCHED, OpenTask
from workflows.casework.distribution.ports import DistributionUnitOfWork
from workflows.casework.orders.notices import NoticeCause, StaffNotice
from workflows.rules.calendar import WorkingCalendar, YearNotLoaded

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindUntouchedTasks:
    """Return some tasks that go back to their unit, the longest untouched first; those up to `after` are left out."""

    after: OpenTask | None
    limit: int

    def execute(self, context: Context[DistributionUnitOfWork]) -> Sequence[OpenTask]:
        """Look them up."""
        return _due_back(context, limit=self.limit, after=self.after)


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
        if task.assignee is None or task.transition is not None or not _due_back(context, limit=1, task_id=task.id):
            return False
        TakeBackUserTask(user_task_id=task.id, holder=task.assignee, ground=UNTOUCHED).execute(context)
        _tell(context, task)
        return True


def _due_back(
    context: Context[DistributionUnitOfWork],
    *,
    limit: int,
    after: OpenTask | None = None,
    task_id: UUID | None = None,
) -> Sequence[OpenTask]:
    """Return untouched tasks whose time is over; where the calendar cannot tell, none is."""
    distribution, now = context.unit_of_work.distribution, context.now()
    days = {one.release_after for one in distribution.all() if one.release_after is not None}
    if not days:
        return []
    before = _over_since(days, local_day(now), context.unit_of_work.policy.calendar())
    return distribution.untouched(before, now=now, limit=limit, after=after, task_id=task_id) if before else []


def _over_since(days: Collection[int], today: date, calendar: WorkingCalendar) -> dict[int, datetime]:
    """Return the moment before which a task must lie untouched, for that so many working days are over since."""
    found, day, passed = dict[int, datetime](), today, 0
    try:
        while passed < max(days):
            day -= timedelta(days=1)
            if calendar.is_workday(day):
                passed += 1
                found[passed] = datetime.combine(day, time(), COUNTY_TIME)
    except YearNotLoaded:
        log.warning("nobody can tell of all tasks whether they lay untouched", extra={"day": day.isoformat()})
    return {number: moment for number, moment in found.items() if number in days}


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
