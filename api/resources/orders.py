"""Supervision orders to units, reminders of tasks, and one's own notices inside the system."""

from __future__ import annotations

from contextlib import nullcontext
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

from flask import url_for

from api.operations import Created, Operation, operation
from api.resources.applications import IDEMPOTENCY_KEY, given_key
from api.resources.blueprint import api
from api.schemas.orders import (
    NoticeListSchema,
    NoticePageSchema,
    NoticesRead,
    NoticesReadAnswerSchema,
    NoticesReadSchema,
    OrderListSchema,
    OrderPageSchema,
    OrderReasonSchema,
    OrderRequestSchema,
    OrderSchema,
    OrderViewSchema,
    ReminderSchema,
    StaffNoticeSchema,
)
from api.services import current
from engine.json_values import JsonObject
from engine.submissions import sender_key
from web.authentication import current_actor
from web.supervision import days_of_orders
from web.task_sight import within_sight
from workflows.casework.orders.commands import (
    IssueSupervisionOrder,
    MarkNoticesRead,
    RemindOfTask,
    WithdrawSupervisionOrder,
)
from workflows.casework.orders.model import SupervisionOrder
from workflows.casework.orders.queries import NoticePage, OrderFilter, OrderPage, OrderView
from workflows.organisation.rights import Right


@api.get("/supervision/orders")
@operation(
    Operation(
        summary="The supervision orders in sight: those one supervises, and those addressed to one's unit",
        right=Right.WORK,
        query=OrderListSchema,
        answer=OrderPageSchema,
    )
)
def list_orders(query: dict[str, Any]) -> OrderPage:
    """List orders."""
    return current().supervision.orders(OrderFilter(actor=current_actor(), days=days_of_orders(), **query))


@api.get("/supervision/orders/<uuid:order_id>")
@operation(Operation(summary="A supervision order with its course", right=Right.WORK, answer=OrderViewSchema))
def get_order(order_id: UUID) -> OrderView:
    """Show an order."""
    return current().supervision.order(order_id, current_actor())


@api.post("/supervision/orders")
@operation(
    Operation(
        summary="Order a unit in writing to put a task or a case right; the same Idempotency-Key gives the same order",
        right=Right.SUPERVISE,
        body=OrderRequestSchema,
        answer=OrderSchema,
        status=HTTPStatus.CREATED,
        headers=(IDEMPOTENCY_KEY,),
    )
)
def issue_order(body: dict[str, Any]) -> Created:
    """Issue an order."""
    actor = current_actor()
    command = IssueSupervisionOrder(**body, submission_key=_own_key())
    with within_sight(current().queries, command.task_id, actor) if command.task_id else nullcontext():
        order = current().engine.execute(command, actor=actor)
    return Created(value=order, location=url_for("api.get_order", order_id=order.id))


@api.post("/supervision/orders/<uuid:order_id>/withdrawal")
@operation(
    Operation(
        summary="Take an order back that was issued by mistake; its number and its course stay in the register",
        right=Right.SUPERVISE,
        body=OrderReasonSchema,
        answer=OrderSchema,
    )
)
def withdraw_order(order_id: UUID, body: JsonObject) -> SupervisionOrder:
    """Withdraw an order."""
    actor = current_actor()
    current().supervision.order(order_id, actor)
    return current().engine.execute(WithdrawSupervisionOrder(order_id=order_id, reason=body["reason"]), actor=actor)


@api.post("/tasks/<uuid:task_id>/reminders")
@operation(
    Operation(
        summary="Remind whoever holds a task, or its unit; the same Idempotency-Key reminds once",
        right=Right.SUPERVISE,
        body=ReminderSchema,
        answer=StaffNoticeSchema,
        status=HTTPStatus.CREATED,
        headers=(IDEMPOTENCY_KEY,),
    )
)
def remind_of_task(task_id: UUID, body: JsonObject) -> Created:
    """Remind of a task."""
    actor = current_actor()
    command = RemindOfTask(task_id=task_id, text=body["text"], submission_key=_own_key())
    with within_sight(current().queries, task_id, actor):
        notice = current().engine.execute(command, actor=actor)
    return Created(value=notice, location=url_for("api.get_task", task_id=task_id))


@api.get("/notices")
@operation(
    Operation(
        summary="One's own notices inside the system, the newest first",
        right=Right.SIGNED_IN,
        query=NoticeListSchema,
        answer=NoticePageSchema,
    )
)
def list_notices(query: dict[str, Any]) -> NoticePage:
    """List notices."""
    return current().supervision.notices(current_actor(), **query)


@api.post("/notices/read")
@operation(
    Operation(
        summary="Keep that one read some of one's notices, or all of them",
        right=Right.SIGNED_IN,
        body=NoticesReadSchema,
        answer=NoticesReadAnswerSchema,
    )
)
def mark_notices_read(body: dict[str, Any]) -> NoticesRead:
    """Mark notices as read."""
    actor = current_actor()
    marked = current().engine.execute(MarkNoticesRead(notice_ids=body["notice_ids"]), actor=actor)
    return NoticesRead(marked=marked, unread=current().supervision.unread_notices(actor), read_at=current().now())


def _own_key() -> str:
    """Nobody gets an order or a reminder of somebody else by guessing a key."""
    return sender_key(current_actor().id, given_key() or uuid4().hex)
