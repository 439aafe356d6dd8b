"""Telling units inside the system of the joint conference."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from engine.host import Context
from workflows.casework.conference.model import OFFICE_GROUP, ORDERING_GROUP, owner_group
from workflows.casework.county import COUNTY_REGION, TOWNSHIP, UNIT_KIND_NAMES
from workflows.casework.orders.notices import NoticeCause, StaffNotice
from workflows.casework.ports import CaseworkUnitOfWork


def liaison_groups() -> tuple[str, ...]:
    """Return the groups whose members file issues: those of every county unit."""
    return tuple(owner_group(kind) for kind in UNIT_KIND_NAMES if kind != TOWNSHIP)


def office_groups() -> tuple[str, ...]:
    """Return the groups of the office of the conference."""
    return (OFFICE_GROUP, ORDERING_GROUP)


def tell(
    context: Context[CaseworkUnitOfWork], number: str, cause: NoticeCause, groups: Sequence[str], text: str
) -> None:
    """Write a notice about a record of the conference to whoever holds a post of these groups."""
    notices = context.unit_of_work.procedure.supervision.notices
    recipients = notices.holders(groups, region=COUNTY_REGION, matter=number)
    if not recipients:
        return
    notice = StaffNotice(
        id=uuid4(),
        cause=cause,
        region=COUNTY_REGION,
        matter=number,
        step="联席会议",
        step_en="Joint conference",
        task_id=None,
        order_id=None,
        text=text,
        written_at=context.now(),
        written_by=context.actor.id,
    )
    notices.add(notice, recipients)
