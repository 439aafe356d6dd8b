"""Telling units inside the system of the joint conference."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from engine.core.texts import Words
from engine.host import Context
from workflows.casework.conference.model import OFFICE_GROUP, ORDERING_GROUP, owner_group
from workflows.casework.county import COUNTY_REGION, TOWNSHIP, UNIT_KIND_NAMES
from workflows.casework.days import local_day
from workflows.casework.orders.notices import NoticeCause, StaffNotice
from workflows.casework.ports import CaseworkUnitOfWork


def liaisons(context: Context[CaseworkUnitOfWork], number: str) -> tuple[str, ...]:
    """Return who files issues for the county units: their liaison officers with an account, else their clerks."""
    conference, notices = context.unit_of_work.procedure.conference, context.unit_of_work.procedure.supervision.notices
    seated = conference.liaisons_on(local_day(context.now()))
    clerks = tuple(owner_group(kind) for kind in UNIT_KIND_NAMES if kind != TOWNSHIP and kind not in seated)
    return tuple(dict.fromkeys((*seated.values(), *notices.holders(clerks, region=COUNTY_REGION, matter=number))))


def office_groups() -> tuple[str, ...]:
    """Return the groups of the office of the conference."""
    return (OFFICE_GROUP, ORDERING_GROUP)


def tell(
    context: Context[CaseworkUnitOfWork],
    number: str,
    cause: NoticeCause,
    groups: Sequence[str],
    what: Words,
    text: str,
) -> None:
    """Write a notice about a record of the conference to whoever holds a post of these groups.

    `what` happened is read in the reader's language; `text` is what somebody wrote.
    """
    notices = context.unit_of_work.procedure.supervision.notices
    tell_people(context, number, cause, notices.holders(groups, region=COUNTY_REGION, matter=number), what, text)


def tell_people(
    context: Context[CaseworkUnitOfWork],
    number: str,
    cause: NoticeCause,
    recipients: Sequence[str],
    what: Words,
    text: str,
) -> None:
    """Write a notice about a record of the conference to somebody by name."""
    if not recipients:
        return
    notice = StaffNotice(
        id=uuid4(),
        cause=cause,
        region=COUNTY_REGION,
        matter=number,
        step=what.zh,
        step_en=what.en,
        task_id=None,
        order_id=None,
        text=text,
        written_at=context.now(),
        written_by=context.actor.id,
    )
    context.unit_of_work.procedure.supervision.notices.add(notice, recipients)
