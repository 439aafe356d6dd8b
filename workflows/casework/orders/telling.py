"""Telling people inside the system of an order: who gets a notice of which step."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from engine.host import Context
from engine.model import SYSTEM
from workflows.casework.county import CIVIL_AFFAIRS, COUNTY_REGION, UNITS
from workflows.casework.orders.model import EscalationLevel, SupervisionOrder
from workflows.casework.orders.notices import NoticeCause, StaffNotice
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.organisation.model import SUPERVISOR

HEADS = ("leader", SUPERVISOR)


def staff_groups(unit_kind: str) -> tuple[str, ...]:
    """Return the groups of everybody who works in a kind of unit, those who lead it included."""
    roles = {role for unit in UNITS if unit.kind == unit_kind for role in unit.roles}
    return tuple(f"{unit_kind}/{role}" for role in sorted(roles | {SUPERVISOR}))


def answering_group(unit_kind: str) -> str:
    """Return the group whose members answer orders for a kind of unit."""
    return f"{unit_kind}/clerk"


def tell(
    context: Context[CaseworkUnitOfWork],
    order: SupervisionOrder,
    cause: NoticeCause,
    recipients: Sequence[str],
    text: str,
) -> None:
    """Write a notice of a step of an order."""
    notice = StaffNotice(
        id=uuid4(),
        cause=cause,
        region=order.region,
        matter=order.matter,
        step=order.step,
        step_en=order.step_en,
        task_id=order.task_id,
        order_id=order.id,
        text=text,
        written_at=context.now(),
        written_by=context.actor.id,
    )
    context.unit_of_work.procedure.supervision.notices.add(notice, recipients)


def unit_of(context: Context[CaseworkUnitOfWork], order: SupervisionOrder) -> Sequence[str]:
    """Return whom an order concerns in its unit: the person it is addressed to, or everybody who may answer it."""
    if order.addressee is not None:
        return (order.addressee,)
    return holders(context, order, (answering_group(order.unit_kind),))


def issuer_of(context: Context[CaseworkUnitOfWork], order: SupervisionOrder) -> Sequence[str]:
    """Return who issued an order and who supervises beside them; the system, which issues some, reads no notices."""
    issuers = () if order.issued_by == SYSTEM.id else (order.issued_by,)
    return tuple(dict.fromkeys((*issuers, *holders(context, order, (order.issuing_group,)))))


def leaders_at(context: Context[CaseworkUnitOfWork], order: SupervisionOrder, level: EscalationLevel) -> Sequence[str]:
    """Return who is told at a level of escalation."""
    match level:
        case EscalationLevel.UNIT_HEAD:
            return holders(context, order, tuple(f"{order.unit_kind}/{role}" for role in HEADS))
        case EscalationLevel.COUNTY_SUPERVISOR:
            return holders(context, order, (f"{CIVIL_AFFAIRS}/{SUPERVISOR}",), region=COUNTY_REGION)
        case EscalationLevel.COUNTY_LEADER:
            return holders(context, order, (f"{CIVIL_AFFAIRS}/leader",), region=COUNTY_REGION)


def holders(
    context: Context[CaseworkUnitOfWork],
    order: SupervisionOrder,
    groups: Sequence[str],
    *,
    region: str | None = None,
) -> Sequence[str]:
    """Return who holds a post of these groups for the region of an order, or for another one."""
    notices = context.unit_of_work.procedure.supervision.notices
    return notices.holders(groups, region=region or order.region, matter=order.matter)
