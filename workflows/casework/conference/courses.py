"""What follows signed minutes: each decided item goes its own way, and one long overdue brings a supervision order."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from engine.commands.process_instances import StartProcessInstance
from engine.core.texts import Words
from engine.host import Context
from engine.model import SYSTEM
from workflows.casework.conference.model import (
    ORDERING_GROUP,
    DecidedItem,
    ItemState,
    Meeting,
    RecordEvent,
    RecordStep,
    owner_group,
)
from workflows.casework.conference.telling import office_groups, tell
from workflows.casework.county import COUNTY_REGION, UNIT_KIND_NAMES
from workflows.casework.days import local_day
from workflows.casework.orders.commands import begin_course, order_number, require_levels
from workflows.casework.orders.errors import NobodyToNotify
from workflows.casework.orders.model import BasisKind, EscalationLevel, OrderEvent, OrderStep, SupervisionOrder
from workflows.casework.orders.notices import NoticeCause
from workflows.casework.orders.telling import answering_group, leaders_at
from workflows.casework.orders.telling import tell as tell_of_order
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.standards import standards_on

ITEM_PROCESS = "decided_item"


def begin_item(context: Context[CaseworkUnitOfWork], meeting: Meeting, item: DecidedItem) -> DecidedItem:
    """Give a decided item to its owner, and tell whoever works on it."""
    course = StartProcessInstance(
        process_id=ITEM_PROCESS,
        variables={
            "item_id": str(item.id),
            "item_number": item.number,
            "meeting_number": meeting.number,
            "item_text": item.text,
            "owner_group": owner_group(item.owner),
            "co_owners": "、".join(UNIT_KIND_NAMES[one][0] for one in item.co_owners) or None,
            "due_on": item.due_on.isoformat(),
            "return_reason": None,
            "progress": None,
            "evidence": None,
        },
        region=COUNTY_REGION,
        business_key=item.number,
    ).execute(replace(context, actor=SYSTEM))
    begun = replace(item, state=ItemState.OPEN, process_instance_id=course.id)
    conference = context.unit_of_work.procedure.conference
    conference.save_item(begun)
    conference.record(RecordEvent(record_id=item.id, at=context.now(), by=context.actor.id, step=RecordStep.DECIDED))
    groups = tuple(owner_group(one) for one in (item.owner, *item.co_owners))
    owner, owner_en = UNIT_KIND_NAMES[item.owner]
    what = Words(f"责任单位{owner}，{item.due_on} 前办结", f"Owner: {owner_en}; due on {item.due_on}")
    tell(context, item.number, NoticeCause.CONFERENCE_ITEM, groups, what, item.text)
    return begun


def order_item(context: Context[CaseworkUnitOfWork], item: DecidedItem, meeting: Meeting) -> SupervisionOrder:
    """Order the owner of a decided item in writing to answer: at level 2, as the bureau, so that the county knows.

    Raises:
        NobodyToNotify: the unit has nobody who could answer.
        YearNotLoaded: the day to answer, or one of the escalation after it, lies in a year without calendar data.
    """
    today, orders = local_day(context.now()), context.unit_of_work.procedure.supervision.orders
    days = standards_on(context.unit_of_work, today).days("conference_reply_days")
    due_on = context.unit_of_work.policy.calendar().add_working_days(today, days)
    require_levels(context, due_on)
    group = answering_group(item.owner)
    notices = context.unit_of_work.procedure.supervision.notices
    if not notices.holders((group,), region=COUNTY_REGION, matter=item.number):
        raise NobodyToNotify(item.number)
    count = orders.next_in_series(region=COUNTY_REGION, year=today.year)
    order = SupervisionOrder(
        id=uuid4(),
        number=order_number(COUNTY_REGION, today.year, count),
        region=COUNTY_REGION,
        matter=item.number,
        task_id=None,
        step="办理议定事项",
        step_en="Carry out a decided item",
        unit_kind=item.owner,
        addressee=None,
        demand=f"议定事项“{item.text}”应于 {item.due_on} 前办结，现已逾期。请说明原因和办结日期，并报送证据。",
        basis_kind=BasisKind.INTERNAL,
        demand_en=f"The decided item {item.text!r} was to be done by {item.due_on} and is overdue. Say why and by "
        "which day it will be done, and hand in what proves it.",
        basis=f"{meeting.number}会议纪要",
        basis_en=f"Minutes of {meeting.number}",
        due_on=due_on,
        issued_at=context.now(),
        issued_by=context.actor.id,
        issuing_group=ORDERING_GROUP,
        level=EscalationLevel.COUNTY_SUPERVISOR,
    )
    orders.add(order, submission_key=f"conference-item:{item.id}")
    begun = begin_course(context, order)
    _tell_level(context, begun)
    what = Words(f"已发督办单 {order.number}", f"Supervision order {order.number} issued")
    tell(context, item.number, NoticeCause.CONFERENCE_ITEM, office_groups(), what, item.text)
    return begun


def _tell_level(context: Context[CaseworkUnitOfWork], order: SupervisionOrder) -> None:
    """Keep that the order begins at its level, and tell who stands there; its clock does not do it again."""
    event = OrderEvent(
        order_id=order.id, at=context.now(), by=context.actor.id, step=OrderStep.ESCALATED, level=order.level
    )
    context.unit_of_work.procedure.supervision.orders.record(event)
    level = EscalationLevel(order.level)
    tell_of_order(context, order, NoticeCause.ORDER_ESCALATED, leaders_at(context, order, level), "")
