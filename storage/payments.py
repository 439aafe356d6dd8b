"""Payments, their batches, holds and deaths in PostgreSQL, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, func, insert, literal, not_, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.case_files import case_seal
from storage.encryption import CaseSeal, KeyRing
from storage.rows import Row, to_row, to_value
from storage.sealing import open_json, seal_json
from storage.tables.casework import case_file, member
from storage.tables.money import death_record, payment, payment_attempt, payment_batch, payment_hold
from workflows.casework.model import ZERO, Account
from workflows.casework.payments.model import (
    Batch,
    BatchState,
    BatchSums,
    Death,
    Hold,
    Payment,
    PaymentAttempt,
    PaymentKind,
    PaymentState,
    PersonOnFile,
)

_RUN_LOCK = 320482  # of the one advisory lock under which batches begin
_FIXED = ("id", "basis_id", "month", "kind", "cause_id", "case_id", "created_at", "account")


class SqlPayments:
    """Payments and the batches they go to the bank in."""

    def __init__(self, connection: Connection, keys: KeyRing) -> None:
        self._connection = connection
        self._keys = keys

    def add(self, one: Payment) -> bool:
        """Keep a new payment, unless there is one for the same basis, month, kind and cause."""
        values = {**to_row(one, "account"), "account_sealed": self._sealed(one)}
        statement = upsert(payment).values(values).on_conflict_do_nothing()
        return self._connection.execute(statement.returning(literal(1))).first() is not None

    def save(self, payments: Sequence[Payment]) -> None:
        """Write what changes of payments."""
        for one in payments:
            values = {**to_row(one, *_FIXED), "account_sealed": self._sealed(one)}
            self._connection.execute(update(payment).where(payment.c.id == one.id).values(values))

    def of_basis(self, basis_id: UUID) -> Sequence[Payment]:
        """Return the payments of a benefit or status."""
        return self._all(payment.c.basis_id == basis_id)

    def of_batch(self, batch_id: UUID) -> Sequence[Payment]:
        """Return the lines of a batch."""
        return sorted(self._all(payment.c.batch_id == batch_id), key=lambda one: one.line or 0)

    def of_month(self, month: date) -> Sequence[Payment]:
        """Return all payments for a month."""
        return self._all(payment.c.month == month)

    def of_case(self, case_id: UUID) -> Sequence[Payment]:
        """Return the payments of a case."""
        return self._all(payment.c.case_id == case_id)

    def waiting(self, until: date) -> Sequence[Payment]:
        """Return what goes into the next roster."""
        corrected = and_(payment.c.state == PaymentState.FAILED, payment.c.corrected_at.is_not(None))
        open_ones = payment.c.state.in_((PaymentState.DUE, PaymentState.LISTED))
        return self._all(and_(payment.c.month <= until, or_(open_ones, corrected)))

    def add_batch(self, batch: Batch) -> None:
        """Keep a new batch."""
        self._connection.execute(insert(payment_batch).values(to_row(batch)))

    def save_batch(self, batch: Batch) -> None:
        """Write a batch."""
        statement = update(payment_batch).where(payment_batch.c.id == batch.id)
        self._connection.execute(statement.values(to_row(batch, "id", "number")))

    def batch(self, batch_id: UUID) -> Batch | None:
        """Return a batch."""
        row = self._connection.execute(select(payment_batch).where(payment_batch.c.id == batch_id)).mappings().first()
        return None if row is None else _batch(row)

    def batch_numbered(self, number: str) -> Batch | None:
        """Return a batch by its number."""
        statement = select(payment_batch).where(payment_batch.c.number == number)
        row = self._connection.execute(statement).mappings().first()
        return None if row is None else _batch(row)

    def lock_batch(self, number: str) -> Batch | None:
        """Return a batch by its number and hold it."""
        statement = select(payment_batch).where(payment_batch.c.number == number).with_for_update()
        row = self._connection.execute(statement).mappings().first()
        return None if row is None else _batch(row)

    def batches(self, month: date | None = None) -> Sequence[Batch]:
        """Return the batches; asking for a month's keeps others from opening one until the transaction ends."""
        statement = select(payment_batch).order_by(payment_batch.c.created_at.desc(), payment_batch.c.number.desc())
        if month is not None:
            self._connection.execute(select(func.pg_advisory_xact_lock(_RUN_LOCK)))
            statement = statement.where(payment_batch.c.month == month)
        return [_batch(row) for row in self._connection.execute(statement).mappings()]

    def batch_sums(self, batch_ids: Collection[UUID]) -> Sequence[BatchSums]:
        """Return what each of these batches that has a line comes to."""
        column = payment.c
        amount = column.base + column.add_ons + column.price_subsidy
        is_failed = column.state == PaymentState.FAILED
        held_back, failed = and_(is_failed, column.line.is_(None)), and_(is_failed, column.line.is_not(None))

        def counted(condition: ColumnElement[bool]) -> ColumnElement[int]:
            return func.count().filter(condition)

        def summed(condition: ColumnElement[bool]) -> ColumnElement[Decimal]:
            return func.coalesce(func.sum(amount).filter(condition), ZERO)

        statement = (
            select(
                payment_batch.c.number,
                counted(not_(held_back)).label("lines"),
                summed(not_(held_back)).label("total"),
                counted(held_back).label("held_back_lines"),
                summed(held_back).label("held_back"),
                summed(column.state == PaymentState.PAID).label("paid"),
                counted(failed).label("failed_lines"),
                summed(failed).label("failed"),
            )
            .join(payment, column.batch_id == payment_batch.c.id)
            .where(payment_batch.c.id.in_(batch_ids))
            .group_by(payment_batch.c.number)
        )
        return [to_value(BatchSums, row) for row in self._connection.execute(statement).mappings()]

    def add_attempts(self, attempts: Sequence[PaymentAttempt]) -> None:
        """Keep attempts, known ones as they are."""
        rows = [to_row(one) for one in attempts]
        if rows:
            self._connection.execute(upsert(payment_attempt).on_conflict_do_nothing(), rows)

    def answer_attempts(self, attempts: Sequence[PaymentAttempt]) -> None:
        """Write answers."""
        table = payment_attempt.c
        for one in attempts:
            this = and_(table.payment_id == one.payment_id, table.batch_id == one.batch_id)
            values = {"failure_code": one.failure_code, "answered_at": one.answered_at}
            self._connection.execute(update(payment_attempt).where(this).values(values))

    def attempts_of(self, payment_id: UUID) -> Sequence[PaymentAttempt]:
        """Return the attempts of a payment in order of their batches."""
        statement = (
            select(payment_attempt)
            .join(payment_batch, payment_batch.c.id == payment_attempt.c.batch_id)
            .where(payment_attempt.c.payment_id == payment_id)
            .order_by(payment_batch.c.created_at)
        )
        return [to_value(PaymentAttempt, row) for row in self._connection.execute(statement).mappings()]

    def arrivals(self, case_id: UUID) -> Mapping[UUID, datetime]:
        """Return when each payment of a case arrived."""
        attempt = payment_attempt.c
        statement = (
            select(attempt.payment_id, func.min(attempt.answered_at))
            .join(payment, payment.c.id == attempt.payment_id)
            .where(payment.c.case_id == case_id, attempt.answered_at.is_not(None), attempt.failure_code.is_(None))
            .group_by(attempt.payment_id)
        )
        return {row[0]: row[1] for row in self._connection.execute(statement)}

    def hold(self, hold: Hold) -> None:
        """Keep a hold."""
        self._connection.execute(insert(payment_hold).values(to_row(hold)))

    def save_hold(self, hold: Hold) -> None:
        """Write when it was lifted."""
        statement = update(payment_hold).where(payment_hold.c.id == hold.id)
        self._connection.execute(statement.values(lifted_at=hold.lifted_at))

    def holds_of(self, benefit_ids: Sequence[UUID]) -> Sequence[Hold]:
        """Return the holds of benefits."""
        statement = select(payment_hold).where(payment_hold.c.benefit_id.in_(set(benefit_ids)))
        return [to_value(Hold, row) for row in self._connection.execute(statement).mappings()]

    def add_death(self, death: Death) -> None:
        """Keep a record of a death."""
        self._connection.execute(insert(death_record).values(to_row(death)))

    def persons(self, identity_number: str) -> Sequence[PersonOnFile]:
        """Return the members with an identity number."""
        hashed = self._keys.search_hash(identity_number, kind="identity")
        statement = select(member.c.case_id, member.c.number, member.c.name).where(member.c.identity_hash == hashed)
        return [to_value(PersonOnFile, row) for row in self._connection.execute(statement).mappings()]

    def count_of_name(self, name: str) -> int:
        """Return how many persons have a name."""
        statement = select(func.count(member.c.identity_hash.distinct())).where(member.c.name == name)
        return int(self._connection.execute(statement).scalar_one())

    def identities(self, case_id: UUID) -> dict[int, str]:
        """Return a stable key of each member."""
        statement = select(member.c.number, member.c.identity_hash).where(member.c.case_id == case_id)
        return {row.number: row.identity_hash for row in self._connection.execute(statement)}

    def _all(self, condition: ColumnElement[bool]) -> list[Payment]:
        statement = (
            select(payment, case_file.c.wrapped_key)
            .join(case_file, case_file.c.id == payment.c.case_id)
            .where(condition)
            .order_by(payment.c.month, payment.c.case_number, payment.c.kind, payment.c.id)
        )
        rows = self._connection.execute(statement).mappings().all()
        seals: dict[UUID, CaseSeal | None] = {}
        return [_payment(row, self._seal(row, seals)) for row in rows]

    def _seal(self, row: Row, seals: dict[UUID, CaseSeal | None]) -> CaseSeal | None:
        if row["case_id"] not in seals:
            seals[row["case_id"]] = self._keys.seal(row["wrapped_key"]) if row["wrapped_key"] else None
        return seals[row["case_id"]]

    def _sealed(self, one: Payment) -> bytes | None:
        if one.account is None:
            return None
        seal = case_seal(self._connection, self._keys, one.case_id)
        return seal_json(seal, asdict(one.account), where=f"payment:{one.id}")


def _payment(row: Row, seal: CaseSeal | None) -> Payment:
    values: Mapping[str, Any] = {**row, "kind": PaymentKind(row["kind"]), "state": PaymentState(row["state"])}
    account = None
    if seal is not None and row["account_sealed"] is not None:
        account = Account(**open_json(seal, row["account_sealed"], where=f"payment:{row['id']}"))
    return to_value(Payment, {**values, "account": account})


def _batch(row: Row) -> Batch:
    return to_value(Batch, {**row, "state": BatchState(row["state"])})
