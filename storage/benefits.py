"""Benefits with their history and recognised statuses in PostgreSQL, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, exists, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.case_files import account_of
from storage.encryption import KeyRing
from storage.rows import to_row, to_value
from storage.tables.benefits import benefit_version, case_link, recognition
from storage.tables.casework import benefit, case_file, member
from workflows.casework.benefits.model import Act, Benefit, BenefitState, BenefitVersion, Entitlement
from workflows.casework.benefits.recognition import CaseLink, Recognition
from workflows.casework.days import month_after

_LOCK_SPACE = 320481  # of advisory locks on persons


class SqlBenefits:
    """What households were granted, with history."""

    def __init__(self, connection: Connection, keys: KeyRing) -> None:
        self._connection = connection
        self._keys = keys

    def add(self, granted: Benefit) -> bool:
        """Keep a benefit with its versions, unless its referral granted one."""
        statement = upsert(benefit).values(to_row(granted, "versions")).on_conflict_do_nothing()
        if self._connection.execute(statement.returning(literal(1))).first() is None:
            return False
        self._write(granted)
        return True

    def lock(self, benefit_id: UUID) -> Benefit | None:
        """Return a benefit and keep others from changing it."""
        row = self._connection.execute(_by_id(benefit_id).with_for_update()).mappings().first()
        return benefits_of(self._connection, [row])[0] if row else None

    def get(self, benefit_id: UUID) -> Benefit | None:
        """Return a benefit."""
        row = self._connection.execute(_by_id(benefit_id)).mappings().first()
        return benefits_of(self._connection, [row])[0] if row else None

    def save(self, changed: Benefit) -> None:
        """Write the history and the next re-check."""
        statement = update(benefit).where(benefit.c.id == changed.id)
        self._connection.execute(
            statement.values(recheck_class=changed.recheck_class, recheck_due_on=changed.recheck_due_on)
        )
        self._write(changed)

    def of_referral(self, referral_id: UUID) -> Benefit | None:
        """Return the benefit a referral granted."""
        found = self._all(benefit.c.referral_id == referral_id)
        return found[0] if found else None

    def of_case(self, case_id: UUID) -> Sequence[Benefit]:
        """Return what was granted in a case."""
        return self._all(benefit.c.case_id == case_id)

    def of_household(self, case_id: UUID) -> Sequence[Benefit]:
        """Return what any member of a case was granted in whatever case, and hold these persons."""
        hold_persons(self._connection, case_id)
        return self._all(benefit.c.case_id.in_(cases_of_persons(case_id)))

    def of_programme(self, case_id: UUID, programme: str) -> Sequence[Benefit]:
        """Return what any member of a case was granted of a programme, in whatever case; holds nobody."""
        return self._all(and_(benefit.c.case_id.in_(cases_of_persons(case_id)), benefit.c.programme == programme))

    def active_on(self, month: date) -> Sequence[Benefit]:
        """Return the benefits that have begun and not ended in a month."""
        return self._all(or_(_standing_in(month), and_(~_has_versions(), benefit.c.start_month <= month)))

    def payable_in(self, month: date) -> Sequence[Entitlement]:
        """Return the month's roster."""
        owed = [one for one in self.active_on(month) if one.amount_period == "month" and one.amount_in(month)]
        statement = select(case_file).where(case_file.c.id.in_({one.case_id for one in owed}))
        cases = {row["id"]: row for row in self._connection.execute(statement).mappings()}
        versions = ((one, one.version_in(month)) for one in owed)
        lines = [self._line(one, version, month, cases[one.case_id]) for one, version in versions if version]
        return sorted(lines, key=lambda one: (one.region, one.case_number, one.programme))

    def due_for_recheck(self, day: date, *, region: str) -> Sequence[UUID]:
        """Return the ids of the benefits in payment that are to be re-checked by a day, the longest due first."""
        of_region = select(case_file.c.id).where(case_file.c.region.startswith(region, autoescape=True))
        due = self._all(and_(benefit.c.recheck_due_on <= day, benefit.c.case_id.in_(of_region)))
        month = month_after(day)
        found = [one for one in due if one.state_in(month) == BenefitState.IN_PAYMENT]
        return [one.id for one in sorted(found, key=lambda one: (one.recheck_due_on or day, str(one.id)))]

    def _line(self, owed: Benefit, version: BenefitVersion, month: date, case: RowMapping) -> Entitlement:
        return Entitlement(
            benefit_id=owed.id,
            case_id=owed.case_id,
            case_number=case["number"],
            region=case["region"],
            programme=owed.programme,
            month=month,
            version=version.number,
            persons=version.persons,
            base=version.base,
            add_ons=version.add_ons,
            payee=account_of(case, self._keys),
        )

    def _all(self, condition: ColumnElement[bool]) -> list[Benefit]:
        in_order = (benefit.c.granted_at, benefit.c.start_month, benefit.c.id)
        statement = select(benefit).where(condition).order_by(*in_order)
        return benefits_of(self._connection, self._connection.execute(statement).mappings().all())

    def _write(self, changed: Benefit) -> None:
        """Write all versions: what others replaced keeps its row and is marked so."""
        for version in changed.versions:
            row = {**to_row(version), "benefit_id": changed.id}
            statement = upsert(benefit_version).values(row)
            same = [benefit_version.c.benefit_id, benefit_version.c.number]
            self._connection.execute(
                statement.on_conflict_do_update(
                    index_elements=same, set_={"superseded_at": statement.excluded.superseded_at}
                )
            )


class SqlRecognitions:
    """The statuses households are recognised as."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, recognised: Recognition) -> None:
        """Keep a status."""
        self._connection.execute(upsert(recognition).values(to_row(recognised)))

    def get(self, recognition_id: UUID) -> Recognition | None:
        """Return a status."""
        found = self._all(recognition.c.id == recognition_id)
        return found[0] if found else None

    def save(self, recognised: Recognition) -> None:
        """Write validity and end."""
        values = {"valid_until": recognised.valid_until, "end_reason": recognised.end_reason}
        self._connection.execute(update(recognition).where(recognition.c.id == recognised.id).values(values))

    def of_case(self, case_id: UUID) -> Sequence[Recognition]:
        """Return the statuses recognised in a case."""
        return self._all(recognition.c.case_id == case_id)

    def of_status(self, case_id: UUID, status: str) -> Sequence[Recognition]:
        """Return when any member of a case was recognised so, in whatever case."""
        return self._all(and_(recognition.c.case_id.in_(cases_of_persons(case_id)), recognition.c.status == status))

    def valid_on(self, day: date) -> Sequence[Recognition]:
        """Return every status that holds on a day."""
        going_on = or_(recognition.c.valid_until.is_(None), recognition.c.valid_until >= day)
        return self._all(and_(recognition.c.valid_from <= day, going_on))

    def of_household(self, case_id: UUID, day: date) -> Sequence[Recognition]:
        """Return the statuses that hold on a day for any member of a case."""
        begun = recognition.c.valid_from <= day
        going_on = or_(recognition.c.valid_until.is_(None), recognition.c.valid_until >= day)
        return self._all(and_(recognition.c.case_id.in_(cases_of_persons(case_id)), begun, going_on))

    def _all(self, condition: ColumnElement[bool]) -> list[Recognition]:
        statement = select(recognition).where(condition).order_by(recognition.c.recorded_at, recognition.c.id)
        return [to_value(Recognition, row) for row in self._connection.execute(statement).mappings()]


class SqlCaseLinks:
    """Which cases came of which."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, link: CaseLink) -> None:
        """Keep a link."""
        self._connection.execute(upsert(case_link).values(to_row(link)))

    def of_case(self, case_id: UUID) -> Sequence[CaseLink]:
        """Return the links from and to a case."""
        either = or_(case_link.c.case_id == case_id, case_link.c.linked_case_id == case_id)
        statement = select(case_link).where(either).order_by(case_link.c.linked_at)
        return [to_value(CaseLink, row) for row in self._connection.execute(statement).mappings()]


def benefits_of(connection: Connection, rows: Sequence[RowMapping]) -> list[Benefit]:
    """Return the benefits of rows with their versions."""
    ids = [row["id"] for row in rows]
    if not ids:
        return []
    statement = select(benefit_version).where(benefit_version.c.benefit_id.in_(ids)).order_by(benefit_version.c.number)
    versions: dict[UUID, list[BenefitVersion]] = {}
    for row in connection.execute(statement).mappings():
        versions.setdefault(row["benefit_id"], []).append(to_value(BenefitVersion, row))
    bare = {row["case_id"] for row in rows if row["id"] not in versions}
    members = _members(connection, bare)
    return [_with_versions(to_value(Benefit, row), versions, members) for row in rows]


def cases_of_persons(case_id: UUID) -> Any:
    """Return the subquery of all cases that any member of a case is a member of."""
    own, others = member.alias("own"), member.alias("others")
    hashes = select(own.c.identity_hash).where(own.c.case_id == case_id, own.c.identity_hash != "")
    return select(others.c.case_id).where(or_(others.c.identity_hash.in_(hashes), others.c.case_id == case_id))


def hold_persons(connection: Connection, case_id: UUID) -> None:
    """Keep others from asking about the persons of a case until the transaction ends; always in the same order."""
    statement = select(member.c.identity_hash).where(member.c.case_id == case_id).order_by(member.c.identity_hash)
    for row in connection.execute(statement).all():
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK_SPACE, func.hashtext(row.identity_hash))))


def _with_versions(
    granted: Benefit, versions: dict[UUID, list[BenefitVersion]], members: dict[UUID, tuple[int, ...]]
) -> Benefit:
    found = versions.get(granted.id)
    if found:
        return replace(granted, versions=tuple(found))
    return granted.opened(members.get(granted.case_id, ()), Act(reason="", at=granted.granted_at))


def _members(connection: Connection, case_ids: Iterable[UUID]) -> dict[UUID, tuple[int, ...]]:
    numbers = func.array_agg(member.c.number).label("numbers")
    statement = select(member.c.case_id, numbers).where(member.c.case_id.in_(list(case_ids))).group_by(member.c.case_id)
    return {row.case_id: tuple(sorted(row.numbers)) for row in connection.execute(statement)}


def _by_id(benefit_id: UUID) -> Any:
    return select(benefit).where(benefit.c.id == benefit_id)


def _has_versions() -> ColumnElement[bool]:
    return exists().where(benefit_version.c.benefit_id == benefit.c.id)


def _standing_in(month: date) -> ColumnElement[bool]:
    version = benefit_version.c
    return exists().where(
        version.benefit_id == benefit.c.id,
        version.superseded_at.is_(None),
        version.from_month <= month,
        or_(version.until_month.is_(None), version.until_month >= month),
    )
