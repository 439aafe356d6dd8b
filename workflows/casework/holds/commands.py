"""Putting a task off until a day, or until something happens in its case before that day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from engine.commands.task_listeners import locked_open_task
from engine.commands.user_tasks import PutOffUserTask
from engine.errors import NotFound
from engine.host import Context
from engine.model import UserTask
from workflows.casework.evidence.trail import case_held
from workflows.casework.holds.errors import HoldForNothing, HoldWithoutCase
from workflows.casework.holds.model import Hold, HoldEvent
from workflows.casework.model import Case
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.guard import is_kin


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldTask:
    """Put a task one holds off until a time, or until an event that comes before; None takes it up again.

    Raises:
        HoldWithoutCase: it is to wait for an event, but belongs to no case.
        HoldForNothing: it is to wait for an answer, but no question of it is open.
        NotFound: there is no such task, or the register of relatives bars the actor.
    As `PutOffUserTask` for everything else.
    """

    task_id: UUID
    until: datetime | None
    reason: str | None = None
    event: HoldEvent | None = None

    def execute(self, context: Context[CaseworkUnitOfWork]) -> UserTask:
        """Put it off, and keep what it waits for."""
        locked_open_task(context, self.task_id)  # the instance, then the questions, then the row of the task
        is_asking = self.event is HoldEvent.ADVICE and context.unit_of_work.advice.keep_open(self.task_id)
        put_off = PutOffUserTask(user_task_id=self.task_id, until=self.until, reason=self.reason).execute(context)
        holds = context.unit_of_work.holds
        if self.until is None or self.event is None:
            holds.drop(self.task_id)
            return put_off
        case = self._case_of(context, put_off)
        if self.event is HoldEvent.ADVICE and not is_asking:
            raise HoldForNothing
        holds.keep(Hold(task_id=self.task_id, case_id=case.id, event=self.event, until=self.until))
        return put_off

    def _case_of(self, context: Context[CaseworkUnitOfWork], task: UserTask) -> Case:
        case = context.unit_of_work.cases.by_number(task.business_key) if task.business_key else None
        if case is None:
            raise HoldWithoutCase
        if is_kin(context, case):
            raise NotFound("user task", task.id)
        return case_held(context, case.id, action="暂缓任务")
