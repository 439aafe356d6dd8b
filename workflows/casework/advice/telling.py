"""Telling people inside the system of questions to units: by the number of the case, without what is asked."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid4

from engine.host import Context
from workflows.casework.advice.model import Advice
from workflows.casework.orders.notices import NoticeCause, StaffNotice
from workflows.casework.orders.telling import answering_group
from workflows.casework.ports import CaseworkUnitOfWork


def tell(
    context: Context[CaseworkUnitOfWork],
    advice: Advice,
    cause: NoticeCause,
    recipients: Sequence[str],
    *,
    task_id: UUID | None,
) -> None:
    """Write a notice; `task_id` is the task it leads to, None where it leads to the case alone."""
    notice = StaffNotice(
        id=uuid4(),
        cause=cause,
        region=advice.region,
        matter=advice.matter,
        step=advice.step,
        step_en=advice.step_en,
        task_id=task_id,
        order_id=None,
        text="",
        written_at=context.now(),
        written_by=context.actor.id,
    )
    context.unit_of_work.procedure.supervision.notices.add(notice, recipients)


def asked(context: Context[CaseworkUnitOfWork], advice: Advice) -> Sequence[str]:
    """Return who may answer a question."""
    notices = context.unit_of_work.procedure.supervision.notices
    groups = (answering_group(advice.unit_kind),)
    return notices.holders(groups, region=advice.region, matter=advice.matter)


def asking(context: Context[CaseworkUnitOfWork], advice: Advice) -> Sequence[str]:
    """Return who waits for an answer: who asked, and who holds the task now, but for kin of the case."""
    task = context.unit_of_work.user_tasks.get(advice.task_id)
    people = dict.fromkeys(one for one in (advice.asked_by, task.assignee if task else None) if one)
    kin = context.unit_of_work.procedure.kin
    return [one for one in people if not kin.holds(number=advice.matter, login=one)]
