"""Suspected duplicates in PostgreSQL: looked for by keyed hashes and names, kept without personal facts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Connection, Select, exists, literal, or_, select, union_all, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.encryption import KeyRing
from storage.rows import Row, to_row
from storage.tables.benefits import case_link
from storage.tables.casework import case_file, member
from storage.tables.register import duplicate
from workflows.casework.model import Case, CaseStatus
from workflows.casework.register.model import Duplicate, DuplicateDecision, DuplicateKind

FINISHED = (CaseStatus.CLOSED, CaseStatus.DECLINED)
_MINE, _THEIRS = member.alias("mine"), member.alias("theirs")


class SqlDuplicates:
    """Findings, in one transaction."""

    def __init__(self, connection: Connection, keys: KeyRing) -> None:
        self._connection = connection
        self._keys = keys

    def look_for(self, case: Case, at: datetime) -> Sequence[Duplicate]:
        """Return what the members of a case look like in other cases, in one statement."""
        account = case.account.number if case.account else None
        hashed = self._keys.search_hash(account, kind="account") if account else None
        parts = [_same_person(case.id), _look_alike(case.id), _same_phone(case.id)]
        if hashed is not None:
            parts.append(_same_account(case, hashed))
        rows = self._connection.execute(union_all(*parts)).mappings()
        return [
            Duplicate(
                id=uuid4(),
                kind=DuplicateKind(row["kind"]),
                case_id=case.id,
                member=row["member"],
                other_case_id=row["other_case_id"],
                other_member=row["other_member"],
                found_at=at,
            )
            for row in rows
        ]

    def add(self, found: Sequence[Duplicate]) -> None:
        """Keep findings; those on file stay as they are."""
        if found:
            statement = upsert(duplicate).on_conflict_do_nothing()
            self._connection.execute(statement, [to_row(one) for one in found])

    def lock(self, duplicate_id: UUID) -> Duplicate | None:
        """Return a finding and keep others away."""
        statement = select(duplicate).where(duplicate.c.id == duplicate_id).with_for_update()
        row = self._connection.execute(statement).mappings().first()
        return None if row is None else to_duplicate(row)

    def save(self, one: Duplicate) -> None:
        """Write what was decided."""
        self._connection.execute(update(duplicate).where(duplicate.c.id == one.id).values(to_row(one, "id")))


def to_duplicate(row: Row) -> Duplicate:
    """Return the finding of a row."""
    plain = {one.name: row[one.name] for one in duplicate.columns if one.name not in ("kind", "decision")}
    decision = DuplicateDecision(row["decision"]) if row["decision"] else None
    return Duplicate(**plain, kind=DuplicateKind(row["kind"]), decision=decision)


def _pairs(kind: DuplicateKind, case_id: UUID, *conditions: ColumnElement[bool]) -> Select[Any]:
    """Select pairs of a member of the case and one of another case, linked and erased cases left out."""
    return (
        select(
            literal(kind.value).label("kind"),
            _MINE.c.number.label("member"),
            _THEIRS.c.case_id.label("other_case_id"),
            _THEIRS.c.number.label("other_member"),
        )
        .select_from(_MINE.join(_THEIRS, _MINE.c.case_id != _THEIRS.c.case_id))
        .join(case_file, case_file.c.id == _THEIRS.c.case_id)
        .where(
            _MINE.c.case_id == case_id,
            case_file.c.wrapped_key.is_not(None),
            ~_are_linked(case_id),
            *conditions,
        )
    )


def _are_linked(case_id: UUID) -> ColumnElement[bool]:
    to, fro = case_link.c.case_id, case_link.c.linked_case_id
    other = _THEIRS.c.case_id
    return exists().where(or_((to == case_id) & (fro == other), (fro == case_id) & (to == other)))


def _same_person(case_id: UUID) -> Select[Any]:
    """The same identity number in another case that is still at work."""
    return _pairs(
        DuplicateKind.SAME_PERSON,
        case_id,
        _MINE.c.identity_hash == _THEIRS.c.identity_hash,
        case_file.c.status.not_in(FINISHED),
    )


def _look_alike(case_id: UUID) -> Select[Any]:
    """The same name and day of birth with another identity number."""
    return _pairs(
        DuplicateKind.NAME_AND_BIRTH,
        case_id,
        _MINE.c.name == _THEIRS.c.name,
        _MINE.c.birth_date == _THEIRS.c.birth_date,
        _MINE.c.identity_hash != _THEIRS.c.identity_hash,
    )


def _same_phone(case_id: UUID) -> Select[Any]:
    """The same phone with another identity number, where the two cases share nobody."""
    return _pairs(
        DuplicateKind.PHONE,
        case_id,
        _MINE.c.phone_hash == _THEIRS.c.phone_hash,
        _MINE.c.identity_hash != _THEIRS.c.identity_hash,
        ~_shares_somebody(case_id, _THEIRS.c.case_id),
    )


def _same_account(case: Case, hashed: str) -> Select[Any]:
    """The same account in a case that shares nobody; told at both applicants."""
    return _pairs(
        DuplicateKind.ACCOUNT,
        case.id,
        case_file.c.account_hash == hashed,
        _MINE.c.number == case.applicant.number,
        _THEIRS.c.relation == "self",
        ~_shares_somebody(case.id, _THEIRS.c.case_id),
    )


def _shares_somebody(case_id: UUID, other: ColumnElement[Any]) -> ColumnElement[bool]:
    one, two = member.alias("one"), member.alias("two")
    return exists().where(one.c.case_id == case_id, two.c.case_id == other, one.c.identity_hash == two.c.identity_hash)
