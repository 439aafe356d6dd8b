"""Supervision orders and the notices inside the system in PostgreSQL, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, insert, literal, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.circular_words import SqlCirculars
from storage.encryption import KeyRing
from storage.kin import logins_of_kin
from storage.mail import SqlMailRoom
from storage.rows import Row, to_row, to_value
from storage.spot_checks import SqlSpotChecks
from storage.tables import organisation
from storage.tables import supervision as tables
from workflows.casework.orders.model import OVER, BasisKind, OrderEvent, OrderState, OrderStep, SupervisionOrder
from workflows.casework.orders.notices import NoticeCause, StaffNotice


class SqlSupervisionOrders:
    """The register of orders, and their course."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def next_in_series(self, *, region: str, year: int) -> int:
        """Return the next number of a series: a number is given once, and none is left out."""
        series = tables.order_series
        statement = upsert(series).values(region=region, year=year, last=1)
        grown = statement.on_conflict_do_update(
            constraint="pk_supervision_order_series", set_={"last": series.c.last + 1}
        )
        return int(self._connection.execute(grown.returning(series.c.last)).scalar_one())

    def add(self, order: SupervisionOrder, *, submission_key: str) -> bool:
        """Keep a new order, unless its submission key is known."""
        statement = upsert(tables.supervision_order).values(submission_key=submission_key, **to_row(order))
        once = statement.on_conflict_do_nothing(index_elements=["submission_key"])
        return self._connection.execute(once.returning(literal(1))).first() is not None

    def by_submission_key(self, submission_key: str) -> SupervisionOrder | None:
        """Return the order that came of a submission."""
        columns = tables.supervision_order.c
        statement = select(tables.supervision_order).where(columns.submission_key == submission_key)
        row = self._connection.execute(statement).mappings().first()
        return to_order(row) if row else None

    def lock(self, order_id: UUID) -> SupervisionOrder | None:
        """Return an order while other changes of it wait."""
        statement = select(tables.supervision_order).where(tables.supervision_order.c.id == order_id)
        row = self._connection.execute(statement.with_for_update()).mappings().first()
        return to_order(row) if row else None

    def save(self, order: SupervisionOrder) -> None:
        """Write its course, its due day and how it stands."""
        statement = update(tables.supervision_order).where(tables.supervision_order.c.id == order.id)
        self._connection.execute(
            statement.values(
                due_on=order.due_on,
                state=order.state,
                level=order.level,
                returns=order.returns,
                closed_at=order.closed_at,
                process_instance_id=order.process_instance_id,
            )
        )

    def are_open(self, matter: str) -> bool:
        """Say whether an order about this is not closed."""
        columns = tables.supervision_order.c
        statement = select(literal(1)).where(columns.matter == matter, columns.state.not_in(OVER)).limit(1)
        return self._connection.execute(statement).first() is not None

    def record(self, event: OrderEvent) -> bool:
        """Append a step, unless it escalates to a level that was reached already in this round."""
        statement = upsert(tables.order_event).values(to_row(event)).on_conflict_do_nothing()
        return self._connection.execute(statement.returning(literal(1))).first() is not None


class SqlStaffNotices:
    """Notices with those they go to."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, notice: StaffNotice, recipients: Sequence[str], *, submission_key: str | None = None) -> bool:
        """Keep a notice, unless its submission key is known."""
        statement = upsert(tables.staff_notice).values(submission_key=submission_key, **to_row(notice))
        once = statement.on_conflict_do_nothing(index_elements=["submission_key"])
        if self._connection.execute(once.returning(literal(1))).first() is None:
            return False
        rows = [{"notice_id": notice.id, "login": login} for login in dict.fromkeys(recipients)]
        if rows:
            self._connection.execute(insert(tables.staff_notice_recipient), rows)
        return True

    def by_submission_key(self, submission_key: str) -> StaffNotice | None:
        """Return the notice that came of a submission."""
        statement = select(tables.staff_notice).where(tables.staff_notice.c.submission_key == submission_key)
        row = self._connection.execute(statement).mappings().first()
        return to_notice(row) if row else None

    def holders(self, groups: Sequence[str], *, region: str, matter: str) -> Sequence[str]:
        """Return who holds a post of these groups for a region, but for kin of the case."""
        post, unit = organisation.post, organisation.unit
        group = unit.c.kind + "/" + post.c.role
        statement = (
            select(post.c.login)
            .join(unit, unit.c.id == post.c.unit_id)
            .where(
                group.in_(list(groups)),
                literal(region).startswith(unit.c.region),
                post.c.login.not_in(logins_of_kin(matter)),
            )
            .distinct()
            .order_by(post.c.login)
        )
        return self._connection.execute(statement).scalars().all()

    def mark_read(self, login: str, notice_ids: Sequence[UUID] | None, *, at: datetime) -> int:
        """Write that somebody read notices of theirs; those read before keep their time."""
        columns = tables.staff_notice_recipient.c
        statement = update(tables.staff_notice_recipient).where(columns.login == login, columns.read_at.is_(None))
        if notice_ids is not None:
            statement = statement.where(columns.notice_id.in_(list(notice_ids)))
        return self._connection.execute(statement.values(read_at=at)).rowcount


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlSupervision:
    """Everything supervision keeps, on one connection."""

    orders: SqlSupervisionOrders
    notices: SqlStaffNotices
    spot_checks: SqlSpotChecks
    circulars: SqlCirculars
    mail: SqlMailRoom

    @classmethod
    def over(cls, connection: Connection, keys: KeyRing) -> SqlSupervision:
        """Return the repositories of one transaction."""
        return cls(
            orders=SqlSupervisionOrders(connection),
            notices=SqlStaffNotices(connection),
            spot_checks=SqlSpotChecks(connection, keys),
            circulars=SqlCirculars(connection),
            mail=SqlMailRoom(connection),
        )


def to_order(row: Row) -> SupervisionOrder:
    """Return the order of a row."""
    kinds = {"state": OrderState(row["state"]), "basis_kind": BasisKind(row["basis_kind"])}
    return to_value(SupervisionOrder, {**row, **kinds})


def to_event(row: Row) -> OrderEvent:
    """Return the step of a row."""
    return to_value(OrderEvent, {**row, "step": OrderStep(row["step"])})


def to_notice(row: Row) -> StaffNotice:
    """Return the notice of a row."""
    return to_value(StaffNotice, {**row, "cause": NoticeCause(row["cause"])})
