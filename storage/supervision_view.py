"""The questions of supervision answered on PostgreSQL; who sees an order is one rule for lists, counts and one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, func, or_, select, true
from sqlalchemy import Engine as Database

from engine.model import Actor, Membership
from storage.database import for_reading
from storage.kin import numbers_of_kin
from storage.supervision_orders import to_event, to_notice, to_order
from storage.tables.engine import user_task
from storage.tables.organisation import account
from storage.tables.supervision import order_event, staff_notice, staff_notice_recipient, supervision_order
from storage.work_lists import IS_OPEN
from workflows.casework.orders.errors import OrderNotFound
from workflows.casework.orders.model import OVER, EscalationLevel, OrderState
from workflows.casework.orders.queries import (
    EventLine,
    NoticeLine,
    NoticePage,
    OrderCounts,
    OrderDays,
    OrderFilter,
    OrderLine,
    OrderPage,
    OrderSituation,
    OrderView,
)
from workflows.casework.sight import sees_whole_region
from workflows.organisation.model import SUPERVISOR

LEADER = "leader"
MOST_COUNTED = 100  # unread notices; who has more has many
_columns = supervision_order.c


class SqlSupervisionQueries:
    """Questions, each over a connection of its own."""

    def __init__(self, database: Database) -> None:
        self._database = for_reading(database)

    def orders(self, wanted: OrderFilter, /) -> OrderPage:
        """Return a page of the orders an actor sees."""
        condition = and_(is_seen(wanted.actor), *_narrowing(wanted))
        in_order = (_columns.state.in_(OVER), _columns.due_on, _columns.issued_at, _columns.id)
        statement = _lines().where(condition).order_by(*in_order).offset(wanted.offset).limit(wanted.limit)
        with self._database.connect() as connection:
            count = select(func.count()).select_from(supervision_order).where(condition)
            total = int(connection.execute(count).scalar_one())
            return OrderPage(orders=[_line(row) for row in connection.execute(statement).mappings()], total=total)

    def order(self, order_id: UUID, actor: Actor, /) -> OrderView:
        """Return an order with its course."""
        statement = _lines().where(_columns.id == order_id, is_seen(actor))
        with self._database.connect() as connection:
            row = connection.execute(statement).mappings().first()
            if row is None:
                raise OrderNotFound
            return OrderView(line=_line(row), course=_course(connection, order_id))

    def order_counts(self, actor: Actor, days: OrderDays, /) -> OrderCounts:
        """Return how many orders stand how."""
        counted = {
            one.value: func.count().filter(_stands(one, days)).label(one.value)
            for one in OrderSituation
            if one is not OrderSituation.CLOSED
        }
        statement = select(*counted.values()).select_from(supervision_order)
        statement = statement.where(is_seen(actor), _columns.state.not_in(OVER))
        with self._database.connect() as connection:
            found = dict(connection.execute(statement).mappings().one())
        return OrderCounts(**found | ({"due_soon": None} if days.soon_until is None else {}))

    def notices(self, actor: Actor, /, *, unread_only: bool, offset: int, limit: int) -> NoticePage:
        """Return a page of the actor's own notices."""
        mine = _notices_of(actor)
        shown = and_(mine, staff_notice_recipient.c.read_at.is_(None)) if unread_only else mine
        newest = (staff_notice.c.written_at.desc(), staff_notice.c.id)
        columns = (
            *staff_notice.c,
            staff_notice_recipient.c.read_at,
            supervision_order.c.number.label("order_number"),
            _name_of(staff_notice.c.written_by).label("author_name"),
        )
        statement = (
            select(*columns)
            .select_from(_notices().outerjoin(supervision_order, supervision_order.c.id == staff_notice.c.order_id))
            .where(shown)
            .order_by(*newest)
        )
        count = select(func.count()).select_from(_notices())
        with self._database.connect() as connection:
            rows = connection.execute(statement.offset(offset).limit(limit)).mappings()
            return NoticePage(
                notices=[_notice_line(row) for row in rows],
                total=int(connection.execute(count.where(shown)).scalar_one()),
                unread=int(connection.execute(count.where(_unread_of(actor))).scalar_one()),
            )

    def unread_notices(self, actor: Actor, /) -> int:
        """Return how many of the actor's notices are unread, counted up to `MOST_COUNTED`."""
        some = select(staff_notice.c.id).select_from(_notices()).where(_unread_of(actor)).limit(MOST_COUNTED)
        statement = select(func.count()).select_from(some.subquery())
        with self._database.connect() as connection:
            return int(connection.execute(statement).scalar_one())


def is_seen(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `supervision_order` that this actor may see the order.

    Supervisors see those of the units they supervise, everybody those addressed to their unit, leaders of windows and
    of civil affairs what was escalated up to them. Kin of a case see none of it.
    """
    if actor.system:
        return true()
    through = [_through(one) for one in actor.memberships]
    return and_(or_(_columns.addressee == actor.id, *through), _columns.matter.not_in(numbers_of_kin(actor.id)))


def _through(post: Membership) -> ColumnElement[bool]:
    of_region = _columns.region.startswith(post.region, autoescape=True)
    if sees_whole_region(post) and post.role == SUPERVISOR:
        return of_region
    of_unit = and_(of_region, _columns.unit_kind == post.unit_kind)
    if sees_whole_region(post) and post.role == LEADER:
        return or_(of_unit, and_(of_region, _columns.level >= EscalationLevel.COUNTY_LEADER))
    return of_unit


def _narrowing(wanted: OrderFilter) -> list[ColumnElement[bool]]:
    conditions = []
    if wanted.situation is not None:
        conditions.append(_stands(wanted.situation, wanted.days))
    if wanted.text:
        found = (one.contains(wanted.text, autoescape=True) for one in (_columns.number, _columns.matter))
        conditions.append(or_(*found))
    return conditions


def _stands(situation: OrderSituation, days: OrderDays) -> ColumnElement[bool]:
    with_unit = _columns.state == OrderState.OPEN
    not_closed = _columns.state.not_in(OVER)
    match situation:
        case OrderSituation.IN_WORK:
            return not_closed
        case OrderSituation.DUE_SOON:
            return and_(with_unit, _columns.due_on.between(days.today, days.soon_until or days.today))
        case OrderSituation.OVERDUE:
            return and_(with_unit, _columns.due_on < days.today)
        case OrderSituation.ANSWERED:
            return _columns.state == OrderState.ANSWERED
        case OrderSituation.ESCALATED:
            return and_(not_closed, _columns.level > 0)
        case OrderSituation.CLOSED:
            return _columns.state.in_(OVER)


def _lines() -> Select[Any]:
    open_task = (
        select(user_task.c.id)
        .where(
            IS_OPEN,
            user_task.c.process_instance_id == _columns.process_instance_id,
        )
        .limit(1)
        .scalar_subquery()
    )
    return select(
        supervision_order,
        _name_of(_columns.issued_by).label("issuer_name"),
        _name_of(_columns.addressee).label("addressee_name"),
        open_task.label("open_task"),
    )


def _name_of(login: ColumnElement[Any]) -> ColumnElement[Any]:
    named = account.alias()
    return select(named.c.name).where(named.c.login == login).scalar_subquery()


def _line(row: RowMapping) -> OrderLine:
    return OrderLine(
        order=to_order(row),
        issuer_name=row["issuer_name"] or row["issued_by"],
        addressee_name=row["addressee_name"] or row["addressee"],
        open_task=row["open_task"],
    )


def _course(connection: Connection, order_id: UUID) -> list[EventLine]:
    statement = (
        select(order_event, _name_of(order_event.c.by).label("by_name"))
        .where(order_event.c.order_id == order_id)
        .order_by(order_event.c.id)
    )
    rows = connection.execute(statement).mappings()
    return [EventLine(event=to_event(row), by_name=row["by_name"] or row["by"]) for row in rows]


def _notices() -> Any:
    return staff_notice_recipient.join(staff_notice, staff_notice.c.id == staff_notice_recipient.c.notice_id)


def _notices_of(actor: Actor) -> ColumnElement[bool]:
    return and_(staff_notice_recipient.c.login == actor.id, staff_notice.c.matter.not_in(numbers_of_kin(actor.id)))


def _unread_of(actor: Actor) -> ColumnElement[bool]:
    return and_(_notices_of(actor), staff_notice_recipient.c.read_at.is_(None))


def _notice_line(row: RowMapping) -> NoticeLine:
    return NoticeLine(
        notice=to_notice(row),
        author_name=row["author_name"] or row["written_by"],
        order_number=row["order_number"],
        read_at=row["read_at"],
    )
