"""A supervision order: what a supervisor asks of a unit in writing, by when, and how it went on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum, StrEnum
from uuid import UUID

from engine.model import Actor
from workflows.casework.sight import sees_whole_region
from workflows.organisation.model import SUPERVISOR


class OrderState(StrEnum):
    """Who has to act."""

    OPEN = "open"  # the unit answers
    ANSWERED = "answered"  # the supervisor accepts the answer, or returns it
    CLOSED = "closed"  # the answer was accepted
    WITHDRAWN = "withdrawn"  # who supervises the unit took it back


OVER = (OrderState.CLOSED, OrderState.WITHDRAWN)


class BasisKind(StrEnum):
    """What an order rests on."""

    LEGAL = "legal"  # a law, a regulation or a normative document
    INTERNAL = "internal"  # a rule of the office or a decision of a meeting


class EscalationLevel(IntEnum):
    """Who is told that an order is not answered in time."""

    UNIT_HEAD = 1
    COUNTY_SUPERVISOR = 2
    COUNTY_LEADER = 3


class OrderStep(StrEnum):
    """What happened to an order."""

    ISSUED = "issued"
    DUE_SOON = "due_soon"
    ANSWERED = "answered"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    ESCALATED = "escalated"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionOrder:
    """An order about one case, or about one task.

    `matter` is the business key it is about: the number of the case, or the key of a process that has no case.
    """

    id: UUID
    number: str
    region: str
    matter: str
    task_id: UUID | None
    step: str  # the name of the task; empty where the order is about the whole case
    step_en: str
    unit_kind: str
    addressee: str | None  # a login
    demand: str
    basis_kind: BasisKind
    basis: str
    due_on: date
    issued_at: datetime
    issued_by: str
    issuing_group: str
    state: OrderState = OrderState.OPEN
    level: int = 0  # the highest escalation since it was with the unit last
    returns: int = 0
    closed_at: datetime | None = None
    process_instance_id: UUID | None = None
    demand_en: str | None = None  # None: somebody wrote it, in the language they wrote it in
    basis_en: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderEvent:
    """A step in the course of an order; a level is escalated to once in a round: until an answer is returned."""

    order_id: UUID
    at: datetime
    by: str
    step: OrderStep
    text: str = ""
    level: int | None = None
    round: int = 0


def supervising_post(actor: Actor, region: str, unit_kind: str) -> tuple[str, str] | None:
    """Return group and region of the post by which an actor supervises a kind of unit in a region; None without one.

    Supervisors of windows and of civil affairs supervise every unit there, those of another unit their own. Of several
    posts the one with the widest region counts.
    """
    posts = (one for one in actor.memberships if one.role == SUPERVISOR and region.startswith(one.region))
    fit = [one for one in posts if sees_whole_region(one) or one.unit_kind == unit_kind]
    widest = min(fit, key=lambda one: (len(one.region), one.unit_kind), default=None)
    return (widest.group, widest.region) if widest else None
