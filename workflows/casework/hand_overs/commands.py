"""Handing a task on: to a colleague, or to a unit that has somebody who may do it; the record and both sides know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from engine.commands.hand_overs import HandOverToGroups, HandOverUserTask
from engine.commands.task_listeners import locked_open_task
from engine.commands.task_rights import require_fit
from engine.errors import EngineError, NotFound
from engine.host import Context
from engine.model import Actor, UserTask
from workflows.casework.county import GROUPS, UNIT_KIND_NAMES
from workflows.casework.hand_overs.errors import HandOverToNobody
from workflows.casework.hand_overs.ports import HandOverUnitOfWork
from workflows.casework.orders.notices import NoticeCause, StaffNotice
from workflows.organisation.model import actor_of


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverTask:
    """Hand a task to a colleague it is offered to, and tell this person and who held it.

    Raises:
        NotFound: there is no such task or account.
    As `HandOverUserTask` for everything else.
    """

    task_id: UUID
    assignee: str
    reason: str

    def execute(self, context: Context[HandOverUnitOfWork]) -> UserTask:
        """Hand it over."""
        _, task = locked_open_task(context, self.task_id)
        account = context.unit_of_work.accounts.lock(self.assignee)
        if account is None:
            raise NotFound("account", self.assignee)
        command = HandOverUserTask(user_task_id=task.id, assignee=actor_of(account), reason=self.reason)
        handed = command.execute(context)
        if handed != task and handed.transition is None:
            _tell(context, task, self.reason, [] if handed.assignee is None else [handed.assignee])
        return handed


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverTaskToUnit:
    """Hand a task to the same posts of a kind of unit, where somebody could do it, and tell them and who held it.

    Raises:
        NotFound: there is no such task.
        HandOverToNobody: the unit has nobody who could do it.
    As `HandOverToGroups` for everything else.
    """

    task_id: UUID
    unit_kind: str
    reason: str

    def execute(self, context: Context[HandOverUnitOfWork]) -> UserTask:
        """Hand it over."""
        _, task = locked_open_task(context, self.task_id)
        groups = same_posts(task, self.unit_kind)
        people = [one for one in _people(context, task, groups) if _is_fit(context, task, one)]
        if not people:
            unit, unit_en = UNIT_KIND_NAMES.get(self.unit_kind, (self.unit_kind, self.unit_kind))
            raise HandOverToNobody(task=task.name, unit=unit, unit_en=unit_en)
        command = HandOverToGroups(user_task_id=task.id, groups=groups, reason=self.reason)
        handed = command.execute(context)
        if handed != task and handed.transition is None:
            _tell(context, task, self.reason, people)
        return handed


def same_posts(task: UserTask, unit_kind: str) -> tuple[str, ...]:
    """Return the posts of a kind of unit that match those a task is offered to: clerks to clerks."""
    roles = dict.fromkeys(group.partition("/")[2] for group in task.candidate_groups)
    return tuple(group for role in roles if (group := f"{unit_kind}/{role}") in GROUPS)


def _people(context: Context[HandOverUnitOfWork], task: UserTask, groups: Sequence[str]) -> Sequence[str]:
    notices = context.unit_of_work.procedure.supervision.notices
    return notices.holders(groups, region=task.region, matter=task.business_key) if groups else ()


def _is_fit(context: Context[HandOverUnitOfWork], task: UserTask, login: str) -> bool:
    try:
        require_fit(context, task, Actor(id=login, name=login))
    except EngineError:
        return False
    return True


def _tell(context: Context[HandOverUnitOfWork], task: UserTask, reason: str, new: Sequence[str]) -> None:
    """Write the notice to the new holders, and to the old one where somebody else decided."""
    old = [task.assignee] if task.assignee not in (None, context.actor.id) else []
    notice = StaffNotice(
        id=uuid4(),
        cause=NoticeCause.TASK_HANDED_OVER,
        region=task.region,
        matter=task.business_key,
        step=task.name,
        step_en=task.name_en,
        task_id=task.id,
        order_id=None,
        text=reason.strip(),
        written_at=context.now(),
        written_by=context.actor.id,
    )
    recipients = [one for one in (*new, *old) if one is not None and one != context.actor.id]
    context.unit_of_work.procedure.supervision.notices.add(notice, recipients)
