"""What the API takes and answers of supervision orders, reminders and notices inside the system."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from api.schemas.requests import PageSchema
from engine.core.limits import LONGEST_TEXT
from engine.permissions import MAX_REASON
from web.schemas.base import MAX_LIST, RequestSchema, WholeNumber, answer_schema, text
from workflows.casework.county import UNIT_KIND_NAMES
from workflows.casework.orders.model import BasisKind, SupervisionOrder
from workflows.casework.orders.notices import StaffNotice
from workflows.casework.orders.queries import NoticePage, OrderPage, OrderSituation, OrderView

ONE_OF_BOTH = "Name a task or a case, not both."


class OrderListSchema(PageSchema):
    """Which supervision orders."""

    situation = fields.Enum(OrderSituation, by_value=True, load_default=None)
    text = text(most=100, load_default=None)


class OrderRequestSchema(RequestSchema):
    """A supervision order: about an open task, or about a whole case and a unit in charge of some of it."""

    task_id = fields.UUID(load_default=None, allow_none=True)
    case_number = text(most=LONGEST_TEXT, load_default=None, allow_none=True)
    unit_kind = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(list(UNIT_KIND_NAMES)))
    addressee = text(most=64, least=1, load_default=None, allow_none=True)
    demand = text(most=MAX_REASON, least=1, required=True)
    basis_kind = fields.Enum(BasisKind, by_value=True, required=True)
    basis = text(most=MAX_REASON, least=1, required=True)
    working_days = WholeNumber(required=True)

    @validates_schema
    def _is_about_one_thing(self, given: dict[str, Any], **_: object) -> None:
        if (given["task_id"] is None) == (given["case_number"] is None):
            raise ValidationError(ONE_OF_BOTH, "task_id")


class ReminderSchema(RequestSchema):
    """The words of a reminder."""

    text = text(most=MAX_REASON, least=1, required=True)


class OrderReasonSchema(RequestSchema):
    """Why an order is taken back."""

    reason = text(most=MAX_REASON, least=1, required=True)


class NoticeListSchema(PageSchema):
    """Which of one's own notices."""

    unread_only = fields.Boolean(load_default=False)


class NoticesReadSchema(RequestSchema):
    """Which notices were read; null means all."""

    notice_ids = fields.List(fields.UUID(), load_default=None, allow_none=True, validate=validate.Length(max=MAX_LIST))


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticesRead:
    """How many notices were unread until now, and how many are left."""

    marked: int
    unread: int
    read_at: datetime


OrderSchema = answer_schema(SupervisionOrder)
OrderPageSchema = answer_schema(OrderPage)
OrderViewSchema = answer_schema(OrderView)
StaffNoticeSchema = answer_schema(StaffNotice)
NoticePageSchema = answer_schema(NoticePage)
NoticesReadAnswerSchema = answer_schema(NoticesRead)
