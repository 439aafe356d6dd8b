"""What may be asked of supervision: the register of orders, the course of one, and a person's own notices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from engine.model import Actor
from workflows.casework.orders.model import OrderEvent, SupervisionOrder
from workflows.casework.orders.notices import StaffNotice


class OrderSituation(StrEnum):
    """How an order may stand."""

    IN_WORK = "in_work"  # not closed
    DUE_SOON = "due_soon"  # the unit has a few working days left
    OVERDUE = "overdue"  # the unit has not answered, and its day is over
    ANSWERED = "answered"  # the supervisor has to look at the answer
    ESCALATED = "escalated"  # not closed, and somebody above was told
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDays:
    """The days by which orders are counted."""

    today: date
    soon_until: date | None  # the last day that is soon; None: nobody can tell without the calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFilter:
    """Which orders: those the actor sees, narrowed."""

    actor: Actor
    days: OrderDays
    situation: OrderSituation | None = None
    text: str | None = None  # part of the number of an order or of what it is about
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """An order in a list, with the names of people and the open task it waits in."""

    order: SupervisionOrder
    issuer_name: str
    addressee_name: str | None
    open_task: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPage:
    """A page of orders."""

    orders: Sequence[OrderLine]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLine:
    """A step in the course of an order, with the name of who took it."""

    event: OrderEvent
    by_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderView:
    """An order with its course, the first step first."""

    line: OrderLine
    course: Sequence[EventLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCounts:
    """How many orders in sight stand how. None: nobody can tell without the calendar."""

    in_work: int
    due_soon: int | None
    overdue: int
    answered: int
    escalated: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLine:
    """A notice as one of those who got it finds it."""

    notice: StaffNotice
    author_name: str
    order_number: str | None
    read_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePage:
    """A page of somebody's notices, the newest first, and how many of all are unread."""

    notices: Sequence[NoticeLine]
    total: int
    unread: int


class SupervisionQueries(Protocol):
    """Questions about supervision; every method reads one committed state."""

    def orders(self, wanted: OrderFilter, /) -> OrderPage:
        """Return a page of the orders an actor sees, those to be answered first come first."""
        ...

    def order(self, order_id: UUID, actor: Actor, /) -> OrderView:
        """Return an order.

        Raises:
            OrderNotFound: there is none, or the actor does not see it.
        """
        ...

    def order_counts(self, actor: Actor, days: OrderDays, /) -> OrderCounts:
        """Return how many orders stand how."""
        ...

    def notices(self, actor: Actor, /, *, unread_only: bool, offset: int, limit: int) -> NoticePage:
        """Return a page of the actor's own notices."""
        ...

    def unread_notices(self, actor: Actor, /) -> int:
        """Return how many of the actor's notices are unread."""
        ...
