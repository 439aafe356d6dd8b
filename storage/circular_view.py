"""The questions about circulars answered on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy import Engine as Database

from engine.model import Actor
from storage.case_visibility import is_seen_whole
from storage.database import for_reading
from storage.rows import Row, to_value
from storage.supervision_view import is_seen
from storage.tables.casework import case_file
from storage.tables.documents import issued_document
from storage.tables.organisation import account
from storage.tables.spot_checks import circular as table
from storage.tables.spot_checks import spot_check_item
from storage.tables.supervision import supervision_order
from workflows.casework.circulars.model import Circular, CircularCounts
from workflows.casework.circulars.queries import CircularLine
from workflows.casework.days import COUNTY_TIME, local_day, month_after
from workflows.casework.orders.model import OrderState
from workflows.casework.spot_checks.model import Conclusion, Severity


class SqlCircularQueries:
    """Questions, each over a connection of its own."""

    def __init__(self, database: Database, *, now: Callable[[], datetime]) -> None:
        self._database = for_reading(database)
        self._now = now

    def circulars(self) -> Sequence[CircularLine]:
        """Return every circular somebody wrote words for or published."""
        written = (table.c.version > 0) | table.c.document_id.is_not(None)
        with self._database.connect() as connection:
            rows = connection.execute(_lines().where(written).order_by(table.c.month.desc())).mappings()
            return [_line(row) for row in rows]

    def circular(self, month: date, /) -> CircularLine:
        """Return a month's circular."""
        with self._database.connect() as connection:
            row = connection.execute(_lines().where(table.c.month == month)).mappings().first()
        if row is not None:
            return _line(row)
        empty = Circular(month=month, text="", version=0)
        return CircularLine(circular=empty, saver_name=None, number=None, document_version=None)

    def counts(self, month: date, actor: Actor, /) -> CircularCounts:
        """Return what a month counts of orders and spot checks."""
        begin, end = (datetime.combine(day, time(), COUNTY_TIME) for day in (month, month_after(month)))
        with self._database.connect() as connection:
            orders = connection.execute(_orders(begin, end, local_day(self._now()), actor)).mappings().one()
            checks = connection.execute(_reviews(begin, end, actor)).mappings().one()
        return CircularCounts(**orders, **checks)


def _orders(begin: datetime, end: datetime, today: date, actor: Actor) -> Select[*tuple[Any, ...]]:
    columns = supervision_order.c
    unanswered = and_(
        columns.state == OrderState.OPEN, columns.issued_at < end, columns.due_on < min(end.date(), today)
    )
    return select(
        func.count().filter(_within(columns.issued_at, begin, end)).label("orders_issued"),
        func.count().filter(_within(columns.closed_at, begin, end)).label("orders_closed"),
        func.count().filter(unanswered).label("orders_overdue"),
    ).where(is_seen(actor))


def _reviews(begin: datetime, end: datetime, actor: Actor) -> Select[*tuple[Any, ...]]:
    columns = spot_check_item.c
    return (
        select(
            func.count().label("reviewed"),
            func.count().filter(columns.severity.is_not(None)).label("with_findings"),
            func.count().filter(columns.severity == Severity.SEVERE).label("severe"),
            func.count().filter(columns.conclusion != Conclusion.RIGHT).label("wrong"),
        )
        .join(case_file, case_file.c.id == columns.case_id)
        .where(_within(columns.reviewed_at, begin, end), is_seen_whole(actor))
    )


def _within(moment: ColumnElement[Any], begin: datetime, end: datetime) -> ColumnElement[bool]:
    return and_(moment >= begin, moment < end)


def _lines() -> Select[Any]:
    saver = select(account.c.name).where(account.c.login == table.c.saved_by).scalar_subquery()
    return select(
        table,
        saver.label("saver_name"),
        issued_document.c.number,
        issued_document.c.version.label("document_version"),
    ).outerjoin(issued_document, issued_document.c.id == table.c.document_id)


def _line(row: Row) -> CircularLine:
    return CircularLine(
        circular=to_value(Circular, row),
        saver_name=row["saver_name"] or row["saved_by"],
        number=row["number"],
        document_version=row["document_version"],
    )
