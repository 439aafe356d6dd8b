"""Price figures, new standards and recoveries in PostgreSQL; all that is kept of money, for one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, delete, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.encryption import KeyRing
from storage.payments import SqlPayments
from storage.rows import Row, to_row, to_value
from storage.tables.money import price_link, recovery, standard_change, standard_change_line
from workflows.casework.payments.recovery import Instalment, Receipt, Recovery, RecoveryCause, RecoveryState
from workflows.casework.payments.standards import ChangeLine, ChangeState, PriceLink, StandardChange

_LOCK_SPACE = 320483  # of advisory locks on cases whose recoveries are counted


class SqlPriceLinks:
    """Price figures."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, link: PriceLink) -> bool:
        """Keep the figure of a month, unless it has one."""
        statement = upsert(price_link).values(to_row(link)).on_conflict_do_nothing(index_elements=["month"])
        return self._connection.execute(statement.returning(literal(1))).first() is not None

    def get(self, link_id: UUID) -> PriceLink | None:
        """Return a figure."""
        return self._one(select(price_link).where(price_link.c.id == link_id))

    def of_month(self, month: date) -> PriceLink | None:
        """Return the figure of a month."""
        return self._one(select(price_link).where(price_link.c.month == month))

    def save(self, link: PriceLink) -> None:
        """Write a figure."""
        statement = update(price_link).where(price_link.c.id == link.id)
        self._connection.execute(statement.values(to_row(link, "id", "month")))

    def all(self) -> Sequence[PriceLink]:
        """Return the figures."""
        rows = self._connection.execute(select(price_link).order_by(price_link.c.month.desc())).mappings()
        return [to_value(PriceLink, row) for row in rows]

    def _one(self, statement: Select[Any]) -> PriceLink | None:
        row = self._connection.execute(statement).mappings().first()
        return None if row is None else to_value(PriceLink, row)


class SqlStandardChanges:
    """New standards with their previews."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, change: StandardChange) -> None:
        """Keep a proposal."""
        self._connection.execute(insert(standard_change).values(to_row(change)))

    def get(self, change_id: UUID) -> StandardChange | None:
        """Return a proposal."""
        statement = select(standard_change).where(standard_change.c.id == change_id)
        row = self._connection.execute(statement).mappings().first()
        return None if row is None else _change(row)

    def save(self, change: StandardChange) -> None:
        """Write a proposal."""
        statement = update(standard_change).where(standard_change.c.id == change.id)
        self._connection.execute(statement.values(to_row(change, "id")))

    def all(self) -> Sequence[StandardChange]:
        """Return the proposals."""
        statement = select(standard_change).order_by(standard_change.c.proposed_at.desc(), standard_change.c.id)
        return [_change(row) for row in self._connection.execute(statement).mappings()]

    def put_lines(self, change_id: UUID, lines: Sequence[ChangeLine]) -> None:
        """Write lines."""
        for one in lines:
            row = {**to_row(one), "change_id": change_id}
            statement = upsert(standard_change_line).values(row)
            same = [standard_change_line.c.change_id, standard_change_line.c.number]
            self._connection.execute(statement.on_conflict_do_update(index_elements=same, set_=row))

    def clear(self, change_id: UUID) -> None:
        """Forget the lines."""
        self._connection.execute(delete(standard_change_line).where(standard_change_line.c.change_id == change_id))

    def lines(self, change_id: UUID, *, after: int = 0, limit: int | None = None) -> Sequence[ChangeLine]:
        """Return lines."""
        table = standard_change_line.c
        statement = (
            select(standard_change_line)
            .where(table.change_id == change_id, table.number > after)
            .order_by(table.number)
            .limit(limit)
        )
        return [to_value(ChangeLine, row) for row in self._connection.execute(statement).mappings()]


class SqlRecoveries:
    """Money to be paid back."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, one: Recovery) -> None:
        """Keep a recovery."""
        self._connection.execute(insert(recovery).values(_row(one)))

    def get(self, recovery_id: UUID) -> Recovery | None:
        """Return a recovery."""
        return self._one(select(recovery).where(recovery.c.id == recovery_id))

    def lock(self, recovery_id: UUID) -> Recovery | None:
        """Return a recovery and hold it."""
        return self._one(select(recovery).where(recovery.c.id == recovery_id).with_for_update())

    def save(self, one: Recovery) -> None:
        """Write a recovery."""
        self._connection.execute(update(recovery).where(recovery.c.id == one.id).values(_row(one)))

    def of_case(self, case_id: UUID) -> Sequence[Recovery]:
        """Return the recoveries of a case."""
        statement = select(recovery).where(recovery.c.case_id == case_id).order_by(recovery.c.opened_at)
        return [_recovery(row) for row in self._connection.execute(statement).mappings()]

    def claiming(self, case_id: UUID) -> Sequence[Recovery]:
        """Return what was not dropped; asking keeps others from opening one of the case until the transaction ends."""
        key = func.hashtext(str(case_id))
        self._connection.execute(select(func.pg_advisory_xact_lock(_LOCK_SPACE, key)))
        return [one for one in self.of_case(case_id) if one.state != RecoveryState.DROPPED]

    def _one(self, statement: Select[Any]) -> Recovery | None:
        row = self._connection.execute(statement).mappings().first()
        return None if row is None else _recovery(row)


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlMoney:
    """Everything that is kept of money."""

    payments: SqlPayments
    price_links: SqlPriceLinks
    standard_changes: SqlStandardChanges
    recoveries: SqlRecoveries

    @classmethod
    def over(cls, connection: Connection, keys: KeyRing) -> SqlMoney:
        """Return the repositories of one transaction."""
        return cls(
            payments=SqlPayments(connection, keys),
            price_links=SqlPriceLinks(connection),
            standard_changes=SqlStandardChanges(connection),
            recoveries=SqlRecoveries(connection),
        )


def _change(row: Row) -> StandardChange:
    return to_value(StandardChange, {**row, "state": ChangeState(row["state"])})


def _row(one: Recovery) -> dict[str, Any]:
    return {
        **to_row(one, "instalments", "receipts"),
        "instalments": [
            {"number": part.number, "due_on": part.due_on.isoformat(), "amount": str(part.amount)}
            for part in one.instalments
        ],
        "receipts": [
            {
                "reference": part.reference,
                "amount": str(part.amount),
                "received_on": part.received_on.isoformat(),
                "recorded_by": part.recorded_by,
            }
            for part in one.receipts
        ],
    }


def _recovery(row: Row) -> Recovery:
    instalments = tuple(
        Instalment(number=int(one["number"]), due_on=date.fromisoformat(one["due_on"]), amount=Decimal(one["amount"]))
        for one in row["instalments"]
    )
    receipts = tuple(
        Receipt(
            reference=one["reference"],
            amount=Decimal(one["amount"]),
            received_on=date.fromisoformat(one["received_on"]),
            recorded_by=one["recorded_by"],
        )
        for one in row["receipts"]
    )
    kinds = {"cause": RecoveryCause(row["cause"]), "state": RecoveryState(row["state"])}
    return to_value(Recovery, {**row, **kinds, "instalments": instalments, "receipts": receipts})
