"""Claims to temporary relief in PostgreSQL: the repository of a transaction, and the lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, extract, func, insert, literal, or_, select, update
from sqlalchemy import Engine as Database
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.benefits import cases_of_persons, hold_persons
from storage.case_visibility import is_seen_whole
from storage.database import for_reading
from storage.rows import Row, to_row, to_value
from storage.tables.casework import case_file, member, parameter
from storage.tables.relief import relief_claim, relief_payment
from workflows.casework.county import TOWN_BY_REGION
from workflows.casework.days import COUNTY_TIME, local_day
from workflows.casework.relief.model import ClaimKind, ClaimState, PayMode, ReliefClaim, ReliefPayment
from workflows.casework.relief.queries import ClaimFilter, ClaimPage, ClaimView, OtherClaim

PAID = (ClaimState.PAID, ClaimState.DONE)
SAME_EVENT_DAYS = "temporary_same_event_days"


class SqlReliefClaims:
    """Claims to temporary relief, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, claim: ReliefClaim) -> bool:
        """Keep a new claim, unless its referral has one."""
        statement = upsert(relief_claim).values(to_row(claim)).on_conflict_do_nothing()
        return self._connection.execute(statement.returning(literal(1))).first() is not None

    def get(self, claim_id: UUID) -> ReliefClaim | None:
        """Return a claim."""
        return self._one(relief_claim.c.id == claim_id)

    def of_referral(self, referral_id: UUID) -> ReliefClaim | None:
        """Return the claim of a referral."""
        return self._one(relief_claim.c.referral_id == referral_id)

    def save(self, claim: ReliefClaim) -> None:
        """Write a claim."""
        statement = update(relief_claim).where(relief_claim.c.id == claim.id)
        self._connection.execute(statement.values(to_row(claim, "id", "case_id", "referral_id")))

    def add_payment(self, payment: ReliefPayment) -> None:
        """Keep a payment."""
        self._connection.execute(insert(relief_payment).values(to_row(payment)))

    def of_other_cases(self, case_id: UUID) -> Sequence[ReliefClaim]:
        """Return the claims of these persons in other cases."""
        return _of_other_cases(self._connection, case_id)

    def paid_in_year(self, case_id: UUID, year: int) -> Decimal:
        """Return what these persons were paid in a year, and hold them."""
        hold_persons(self._connection, case_id)
        theirs = relief_claim.c.case_id.in_(cases_of_persons(case_id))
        noted = (
            select(func.coalesce(func.sum(relief_payment.c.amount), 0))
            .join(relief_claim, relief_claim.c.id == relief_payment.c.claim_id)
            .where(theirs, _year(relief_payment.c.paid_at) == year)
        )
        paid = self._connection.execute(select(noted.scalar_subquery() + _paid_by_release_before(theirs, year)))
        return Decimal(paid.scalar_one())

    def _one(self, condition: ColumnElement[bool]) -> ReliefClaim | None:
        row = self._connection.execute(select(relief_claim).where(condition)).mappings().first()
        return None if row is None else to_claim(row)


class SqlReliefQueries:
    """The lists of temporary relief."""

    def __init__(self, database: Database, *, now: Callable[[], datetime]) -> None:
        self._database = for_reading(database)
        self._now = now

    def claims(self, wanted: ClaimFilter) -> ClaimPage:
        """Return a page of claims, the latest first, each with those it seems to repeat."""
        today = local_day(self._now())
        with self._database.connect() as connection:
            days = _same_event_days(connection, today)
            matching = _matching(wanted, today=today, days=days)
            total = connection.execute(select(func.count()).select_from(matching.subquery())).scalar_one()
            page = matching.order_by(relief_claim.c.claimed_at.desc(), relief_claim.c.id)
            rows = connection.execute(page.offset(wanted.offset).limit(wanted.limit)).mappings().all()
            views = [_view(connection, row, today=today, days=days) for row in rows]
        return ClaimPage(claims=views, total=total)


def to_claim(row: Row) -> ReliefClaim:
    """Return the claim of a row."""
    kinds = {
        "kind": ClaimKind(row["kind"]),
        "state": ClaimState(row["state"]),
        "mode": PayMode(row["mode"]) if row["mode"] else None,
    }
    return to_value(ReliefClaim, {**row, **kinds})


def _matching(wanted: ClaimFilter, *, today: date, days: int) -> Select[Any]:
    statement = (
        select(relief_claim, case_file.c.number.label("case_number"))
        .join(case_file, case_file.c.id == relief_claim.c.case_id)
        .where(is_seen_whole(wanted.actor))
    )
    if wanted.case is not None:
        statement = statement.where(case_file.c.number == wanted.case)
    if wanted.overdue_only:
        statement = statement.where(relief_claim.c.state == ClaimState.PAID, relief_claim.c.make_up_due_on < today)
    if wanted.duplicates_only:
        statement = statement.where(_has_duplicate(days))
    return statement


def _has_duplicate(days: int) -> ColumnElement[bool]:
    """A claim of the same person in another case for the same event, as `ReliefClaim.is_same_event` says."""
    other, own, theirs = relief_claim.alias("other"), member.alias("own"), member.alias("theirs")
    apart = func.abs(relief_claim.c.happened_on - other.c.happened_on)
    same_person = (
        select(literal(1))
        .select_from(own.join(theirs, own.c.identity_hash == theirs.c.identity_hash))
        .where(
            own.c.case_id == relief_claim.c.case_id,
            theirs.c.case_id == other.c.case_id,
            own.c.identity_hash != "",
        )
        .correlate(relief_claim, other)
        .exists()
    )
    return (
        select(literal(1))
        .select_from(other)
        .where(
            other.c.case_id != relief_claim.c.case_id,
            other.c.state != ClaimState.DROPPED,
            or_(other.c.event_reference == relief_claim.c.event_reference, apart <= days),
            same_person,
        )
        .correlate(relief_claim)
        .exists()
    )


def _year(paid_at: ColumnElement[datetime]) -> ColumnElement[Any]:
    return extract("year", func.timezone(str(COUNTY_TIME), paid_at))


def _paid_by_release_before(theirs: ColumnElement[bool], year: int) -> ColumnElement[Any]:
    """What a node of the release before paid while nodes are upgraded: in the claim's sum, without a payment."""
    rows = select(func.coalesce(func.sum(relief_payment.c.amount), 0)).where(
        relief_payment.c.claim_id == relief_claim.c.id
    )
    rest = relief_claim.c.amount - rows.correlate(relief_claim).scalar_subquery()
    paid = select(func.coalesce(func.sum(rest), 0)).where(
        theirs, relief_claim.c.state.in_(PAID), _year(relief_claim.c.paid_at) == year
    )
    return paid.scalar_subquery()


def _payments(connection: Connection, claim_id: UUID) -> list[ReliefPayment]:
    statement = select(relief_payment).where(relief_payment.c.claim_id == claim_id)
    rows = connection.execute(statement.order_by(relief_payment.c.paid_at, relief_payment.c.id)).mappings()
    return [to_value(ReliefPayment, {**row, "mode": PayMode(row["mode"])}) for row in rows]


def _view(connection: Connection, row: Row, *, today: date, days: int) -> ClaimView:
    claim = to_claim(row)
    others = [one for one in _of_other_cases(connection, claim.case_id) if claim.is_same_event(one, days=days)]
    town = TOWN_BY_REGION.get(claim.region)
    return ClaimView(
        claim=claim,
        case_id=claim.case_id,
        case_number=row["case_number"],
        town=town.name if town else claim.region,
        town_en=town.name_en if town else claim.region,
        overdue=claim.is_overdue(today),
        payments=_payments(connection, claim.id),
        duplicates=[_other(connection, one) for one in others],
    )


def _other(connection: Connection, claim: ReliefClaim) -> OtherClaim:
    number = connection.execute(select(case_file.c.number).where(case_file.c.id == claim.case_id)).scalar_one()
    town = TOWN_BY_REGION.get(claim.region)
    return OtherClaim(
        case_number=number,
        region=claim.region,
        town=town.name if town else claim.region,
        town_en=town.name_en if town else claim.region,
    )


def _of_other_cases(connection: Connection, case_id: UUID) -> list[ReliefClaim]:
    statement = (
        select(relief_claim)
        .where(relief_claim.c.case_id.in_(cases_of_persons(case_id)), relief_claim.c.case_id != case_id)
        .where(relief_claim.c.state != ClaimState.DROPPED)
        .order_by(relief_claim.c.claimed_at, relief_claim.c.id)
    )
    return [to_claim(row) for row in connection.execute(statement).mappings()]


def _same_event_days(connection: Connection, today: date) -> int:
    statement = (
        select(parameter.c.value)
        .where(parameter.c.key == SAME_EVENT_DAYS, parameter.c.effective_from <= today)
        .order_by(parameter.c.effective_from.desc())
        .limit(1)
    )
    value = connection.execute(statement).scalar_one_or_none()
    return int(value) if isinstance(value, int | float | Decimal) else 0
