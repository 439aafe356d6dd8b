"""All aid of a household: referrals of all cases of its members, bills, winter registers, the lists of other units."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, or_, select

from storage.benefits import benefits_of
from storage.referral_clocks import OPEN_STATES
from storage.tables.casework import benefit, case_file, member, referral
from storage.tables.programmes import aid_line, aid_list, medical_bill
from storage.tables.winter import winter_need, winter_register
from workflows.casework.benefits.model import Benefit
from workflows.casework.county import MEDICAL, PROGRAMME_NAMES
from workflows.casework.days import local_day, month_after
from workflows.casework.programmes.model import AidLine
from workflows.casework.records import Outcome
from workflows.casework.winter.model import EMERGENCY, WINTER_PROGRAMME

UNIT_PROGRAMMES = {
    "trade_union": "union_aid",
    "youth_league": "dream_action",
    "womens_federation": "womens_aid",
    "education": "education_aid",
    "housing": "housing_aid",
    "disabled_federation": "rehabilitation",
    "red_cross": "red_cross_aid",
    "charity": "charity_aid",
}
"""Under which programme the lists that a unit hands in count."""


class SqlHouseholdAid:
    """Everything that households get."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_household(self, case_id: UUID, today: date) -> Sequence[AidLine]:
        """Return the aid of everybody who is a member of the case as it stands today, the oldest first."""
        hashes = select(member.c.identity_hash).where(member.c.case_id == case_id, member.c.identity_hash != "")
        found = [*self._referred(hashes, today), *self._bills(hashes), *self._winters(hashes), *self._listed(hashes)]
        return sorted(found, key=lambda line: (line.since, line.programme, line.is_open))

    def _referred(self, hashes: Select[Any], today: date) -> Iterator[AidLine]:
        theirs = select(member.c.case_id).where(member.c.identity_hash.in_(hashes))
        statement = (
            select(referral, case_file.c.number.label("case_number"))
            .join(case_file, case_file.c.id == referral.c.case_id)
            .where(
                referral.c.case_id.in_(theirs),
                referral.c.sent_at.is_not(None),
                or_(referral.c.outcome == Outcome.GRANTED, referral.c.state.in_(OPEN_STATES)),
            )
        )
        rows = self._connection.execute(statement).mappings().all()
        drawn = self._drawn([row["id"] for row in rows])
        for row in rows:
            is_open = row["state"] in OPEN_STATES
            line = AidLine(
                source="referral",
                unit_kind=row["unit_kind"],
                programme=row["programme"],
                scheme=_name(row["programme"]),
                case_number=row["case_number"],
                member_number=None,
                amount=None if is_open else row["amount"],
                amount_period=None if is_open else row["amount_period"],
                since=local_day(row["sent_at"] if is_open else row["result_at"]),
                is_open=is_open,
                until=row["aid_until"],
            )
            benefit = None if is_open else drawn.get(row["id"])
            yield line if benefit is None else _as_drawn(line, benefit, today)

    def _drawn(self, referral_ids: Sequence[UUID]) -> dict[UUID, Benefit]:
        """Return the benefits that referrals granted, with their history."""
        rows = self._connection.execute(select(benefit).where(benefit.c.referral_id.in_(referral_ids))).mappings().all()
        return {one.referral_id: one for one in benefits_of(self._connection, rows)}

    def _bills(self, hashes: Select[Any]) -> Iterator[AidLine]:
        columns = medical_bill.c
        statement = (
            select(medical_bill, case_file.c.number.label("case_number"))
            .outerjoin(case_file, case_file.c.id == columns.case_id)
            .where(columns.identity_hash.in_(hashes), columns.aid > Decimal(0))
        )
        for row in self._connection.execute(statement).mappings():
            yield AidLine(
                source="bill",
                unit_kind=MEDICAL,
                programme="medical_aid",
                scheme=_name("medical_aid"),
                case_number=row["case_number"],
                member_number=row["member_number"],
                amount=row["aid"],
                amount_period="once",
                since=row["discharged_on"],
                is_open=False,
            )

    def _winters(self, hashes: Select[Any]) -> Iterator[AidLine]:
        need = winter_need.c
        statement = (
            select(need.case_number, need.granted, winter_register.c.approved_on)
            .join(winter_register, winter_register.c.id == need.register_id)
            .where(need.case_id.in_(select(member.c.case_id).where(member.c.identity_hash.in_(hashes))))
            .where(need.granted > 0, winter_register.c.approved_on.is_not(None))
        )
        for row in self._connection.execute(statement).mappings():
            yield AidLine(
                source="register",
                unit_kind=EMERGENCY,
                programme=WINTER_PROGRAMME,
                scheme=_name(WINTER_PROGRAMME),
                case_number=row["case_number"],
                member_number=None,
                amount=row["granted"],
                amount_period="once",
                since=row["approved_on"],
                is_open=False,
            )

    def _listed(self, hashes: Select[Any]) -> Iterator[AidLine]:
        statement = (
            select(aid_line, aid_list.c.unit_kind)
            .join(aid_list, aid_list.c.id == aid_line.c.list_id)
            .where(aid_line.c.identity_hash.in_(hashes))
        )
        for row in self._connection.execute(statement).mappings():
            yield AidLine(
                source="list",
                unit_kind=row["unit_kind"],
                programme=UNIT_PROGRAMMES.get(row["unit_kind"], row["unit_kind"]),
                scheme=row["scheme"],
                case_number=None,
                member_number=None,
                amount=row["amount"],
                amount_period="once",
                since=row["aided_on"],
                is_open=False,
            )


def _as_drawn(line: AidLine, drawn: Benefit, today: date) -> AidLine:
    """Return the line with what the benefit pays this month, or from when it begins, and until when it lasts."""
    month = max(today.replace(day=1), drawn.start_month)
    last = drawn.last_month
    until = None if last is None else month_after(last) - timedelta(days=1)
    if not drawn.current:
        until = drawn.start_month - timedelta(days=1)
    return replace(line, amount=drawn.amount_in(month), until=until)


def _name(programme: str) -> str:
    return PROGRAMME_NAMES.get(programme, (programme, programme))[0]
