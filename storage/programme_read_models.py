"""The questions about units' records answered on PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, Select, Table, func, or_, select
from sqlalchemy import Engine as Database

from engine.model import Actor
from storage.aid_lists import lists_of
from storage.case_visibility import is_visible
from storage.database import for_reading
from storage.encryption import CaseSeal, KeyRing
from storage.kin import cases_of_kin
from storage.programmes import SqlMedicalRecords, SqlSatisfactionCalls, to_grant, to_offer, to_place
from storage.rows import to_value
from storage.tables.casework import case_file
from storage.tables.programmes import housing_place, job_offer, medical_bill, status_query, term_grant
from workflows.casework.days import COUNTY_TIME, month_after
from workflows.casework.programmes.counting import refusals_in_row
from workflows.casework.programmes.model import (
    AidList,
    MedicalBill,
    PlaceState,
    QueryPurpose,
    SatisfactionCall,
    StatusQuery,
)
from workflows.casework.programmes.queries import (
    HospitalClaim,
    LoggedQuery,
    MemberRefusals,
    OfferLog,
    QueueEntry,
    StatusAnswer,
    TermEntry,
)

PARTS = ("total", "insurance", "critical_illness", "aid", "patient")


class SqlProgrammeQueries:
    """The read side of the units' records."""

    def __init__(self, database: Database, keys: KeyRing) -> None:
        self._database = for_reading(database)
        self._keys = keys

    def offer_log(self, case_id: UUID, /) -> OfferLog:
        """Return the offers of a case; of an erased one nothing."""
        with self._database.connect() as connection:
            rows, seal = self._of_case(connection, job_offer, case_id, job_offer.c.offered_on)
        offers = [to_offer(row, seal) for row in rows] if seal else []
        members = sorted({one.member_number for one in offers})
        return OfferLog(
            offers=offers,
            refusals_in_row=[
                MemberRefusals(
                    member_number=member,
                    days=refusals_in_row([one for one in offers if one.member_number == member]),
                )
                for member in members
            ],
        )

    def bills(self, case_id: UUID, /) -> Sequence[MedicalBill]:
        """Return the settled bills of a case's members."""
        table = medical_bill
        statement = select(table).where(table.c.case_id == case_id).order_by(table.c.discharged_on, table.c.number)
        with self._database.connect() as connection:
            return [to_value(MedicalBill, row) for row in connection.execute(statement).mappings()]

    def satisfaction(self, case_id: UUID, /) -> Sequence[SatisfactionCall]:
        """Return what the household said; of an erased case nothing."""
        with self._database.connect() as connection:
            if self._seal(connection, case_id) is None:
                return []
            return SqlSatisfactionCalls(connection, self._keys).of_case(case_id)

    def housing_queue(self, actor: Actor, /) -> Sequence[QueueEntry]:
        """Return who waits for public rental; positions count everybody."""
        table = housing_place
        position = func.row_number().over(order_by=(table.c.priority, table.c.number)).label("position")
        statement = (
            select(table, position, case_file.c.number.label("case_number"), is_visible(actor).label("seen"))
            .join(case_file, case_file.c.id == table.c.case_id)
            .where(table.c.state == PlaceState.WAITING)
            .order_by(table.c.priority, table.c.number)
        )
        with self._database.connect() as connection:
            return [
                QueueEntry(position=row["position"], case_number=row["case_number"], place=to_place(row))
                for row in connection.execute(statement).mappings()
                if row["seen"]
            ]

    def term(self, term: str, actor: Actor, /) -> Sequence[TermEntry]:
        """Return the grants of a term."""
        table = term_grant
        statement = (
            select(table, case_file.c.number.label("case_number"), case_file.c.wrapped_key)
            .join(case_file, case_file.c.id == table.c.case_id)
            .where(table.c.term == term, is_visible(actor))
            .order_by(case_file.c.number, table.c.member_number)
        )
        with self._database.connect() as connection:
            rows = connection.execute(statement).mappings().all()
        return [
            TermEntry(
                case_number=row["case_number"],
                grant=to_grant(row, self._keys.seal(row["wrapped_key"]) if row["wrapped_key"] else None),
            )
            for row in rows
        ]

    def claims(self, month: date, /) -> Sequence[HospitalClaim]:
        """Return the sums of a month by hospital, of bills settled on line."""
        first = datetime.combine(month.replace(day=1), datetime.min.time(), tzinfo=COUNTY_TIME)
        after = datetime.combine(month_after(month), datetime.min.time(), tzinfo=COUNTY_TIME)
        columns = medical_bill.c
        statement = (
            select(
                columns.hospital,
                func.count().label("bills"),
                *(func.sum(columns[name]).label(name) for name in PARTS),
            )
            .where(columns.settled_at >= first, columns.settled_at < after, columns.channel == "online")
            .group_by(columns.hospital)
            .order_by(columns.hospital)
        )
        with self._database.connect() as connection:
            return [HospitalClaim(**row) for row in connection.execute(statement).mappings()]

    def aid_lists(self, month: date, /) -> Sequence[AidList]:
        """Return the lists that units handed in for a month."""
        with self._database.connect() as connection:
            return lists_of(connection, month)

    def status_queries(self, since: date, until: date, actor: Actor) -> Sequence[LoggedQuery]:
        """Return the look-ups of some days, the latest first: none of a relative's case, no number of an unseen one."""
        table = status_query
        first = datetime.combine(since, datetime.min.time(), tzinfo=COUNTY_TIME)
        after = datetime.combine(until + timedelta(days=1), datetime.min.time(), tzinfo=COUNTY_TIME)
        statement = (
            select(table, is_visible(actor).label("seen"), case_file.c.number.label("case_number"))
            .outerjoin(case_file, case_file.c.id == table.c.case_id)
            .where(table.c.asked_at >= first, table.c.asked_at < after)
            .where(or_(table.c.case_id.is_(None), table.c.case_id.not_in(cases_of_kin(actor.id))))
            .order_by(table.c.asked_at.desc(), table.c.id)
        )
        with self._database.connect() as connection:
            rows = connection.execute(statement).mappings().all()
        return [
            LoggedQuery(
                case_number=row["case_number"] if row["seen"] else None,
                query=_query(row),
            )
            for row in rows
        ]

    def medical_status(self, identity_number: str, day: date, /) -> StatusAnswer:
        """Return the status of a person on a day."""
        with self._database.connect() as connection:
            found = SqlMedicalRecords(connection, self._keys).status_on(identity_number, day)
        return StatusAnswer(status=found.status if found else None, valid_from=found.valid_from if found else None)

    def _of_case(
        self, connection: Connection, table: Table, case_id: UUID, order: Any
    ) -> tuple[Sequence[RowMapping], CaseSeal | None]:
        statement: Select[Any] = select(table).where(table.c.case_id == case_id).order_by(order)
        return connection.execute(statement).mappings().all(), self._seal(connection, case_id)

    def _seal(self, connection: Connection, case_id: UUID) -> CaseSeal | None:
        wrapped = connection.execute(select(case_file.c.wrapped_key).where(case_file.c.id == case_id)).scalar_one()
        return self._keys.seal(wrapped) if wrapped else None


def _query(row: RowMapping) -> StatusQuery:
    """Return a look-up; the id of a case leads whoever does not see the case nowhere, so it is left out."""
    hidden = {} if row["seen"] else {"case_id": None}
    return to_value(StatusQuery, {**row, "purpose": QueryPurpose(row["purpose"]), **hidden})
