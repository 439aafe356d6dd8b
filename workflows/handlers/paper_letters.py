"""Letters that could be sent to no telephone: the window delivers them on paper, and is reminded where it does not."""

from __future__ import annotations

from datetime import datetime, time
from uuid import uuid4

from engine.core.model import HandlerCall
from engine.host import Context
from engine.json_values import JsonObject
from engine.model import ProcessInstance
from workflows.casework.days import COUNTY_TIME
from workflows.casework.orders.notices import NoticeCause, StaffNotice
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.records import DeliveryWay
from workflows.handlers.inputs import Inputs, case_of

NOON = time(12, tzinfo=COUNTY_TIME)
WINDOW = ("township/clerk", "township/reviewer")


def record_letter_delivery(
    context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall
) -> JsonObject:
    """Keep on which day and how a letter was delivered: terms that begin with it run from that day."""
    inputs = Inputs(step=call.type, variables=call.variables)
    at = min(datetime.combine(inputs.day("delivered_on"), NOON), context.now())
    way = DeliveryWay(inputs.choice("delivered_how", *DeliveryWay))
    context.unit_of_work.notices.record_delivery_on_paper(inputs.id("notice_id"), sent_at=at, way=way)
    return {"recorded": True}


def remind_of_letter(context: Context[CaseworkUnitOfWork], _instance: ProcessInstance, call: HandlerCall) -> JsonObject:
    """Tell the window of the household that a letter was not delivered in time."""
    case = case_of(context, Inputs(step=call.type, variables=call.variables))
    notices = context.unit_of_work.procedure.supervision.notices
    told = notices.holders(WINDOW, region=case.region, matter=case.number)
    if told:
        notice = StaffNotice(
            id=uuid4(),
            cause=NoticeCause.LETTER_UNDELIVERED,
            region=case.region,
            matter=case.number,
            step="送达纸面告知",
            step_en="Deliver a letter",
            task_id=None,
            order_id=None,
            text="",
            written_at=context.now(),
            written_by=context.actor.id,
        )
        notices.add(notice, told)
    return {"reminded": bool(told)}
