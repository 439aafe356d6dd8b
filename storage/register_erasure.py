"""Forgetting persons of the register: who is in no other case and draws nothing any more goes with the case."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Date, and_, cast, delete, exists, func, or_, select, update

from storage.encryption import ERASED
from storage.tables import casework
from storage.tables import register as tables
from storage.tables.benefits import benefit_version


def forget_register(connection: Connection, case_id: UUID) -> None:
    """Erase what the register holds because of this case alone, before the case's own facts are erased.

    A person who draws a benefit stays until an erasure that finds it ended: every erasure looks at all of them again.
    """
    _forget_public(connection, case_id)
    person = tables.person
    unneeded = select(person.c.id).where(
        person.c.wrapped_key.is_not(None), ~_has_case(case_id), ~_draws(case_id), _was_of(case_id)
    )
    gone = list(connection.execute(unneeded).scalars())
    if gone:
        _forget_people(connection, gone)
    _forget_households(connection, case_id)
    reasons = update(tables.duplicate).where(
        or_(tables.duplicate.c.case_id == case_id, tables.duplicate.c.other_case_id == case_id),
        tables.duplicate.c.reason.is_not(None),
    )
    connection.execute(reasons.values(reason=ERASED))


def _forget_public(connection: Connection, case_id: UUID) -> None:
    entry = tables.online_entry
    of_case = select(entry.c.id).where(entry.c.case_id == case_id)
    code = tables.query_code
    connection.execute(delete(code).where(or_(code.c.case_id == case_id, code.c.entry_id.in_(of_case))))
    connection.execute(update(entry).where(entry.c.case_id == case_id).values(wrapped_key=None))


def _was_of(case_id: UUID) -> ColumnElement[bool]:
    """A person of this case, or one no case is left of."""
    person, member = tables.person, casework.member
    mine = exists().where(member.c.case_id == case_id, member.c.identity_hash == person.c.identity_hash)
    merged = tables.person.alias("merged")
    through = (
        exists()
        .where(
            merged.c.merged_into == person.c.id,
            member.c.identity_hash == merged.c.identity_hash,
            member.c.case_id == case_id,
        )
        .correlate(person)
    )
    any_case = exists().where(member.c.identity_hash == person.c.identity_hash, member.c.identity_hash != "")
    return or_(mine, through, ~any_case)


def _has_case(case_id: UUID) -> ColumnElement[bool]:
    """Another case that is not erased has this person, under this number or one that was merged into it."""
    person, member, merged = tables.person, casework.member, tables.person.alias("merged")
    elsewhere = and_(member.c.case_id != case_id, member.c.identity_hash != "")
    own = exists().where(elsewhere, member.c.identity_hash == person.c.identity_hash)
    through = (
        exists()
        .where(elsewhere, merged.c.merged_into == person.c.id, member.c.identity_hash == merged.c.identity_hash)
        .correlate(person)
    )
    return or_(own, through)


def _draws(case_id: UUID) -> ColumnElement[bool]:
    """The case of the person pays a benefit that has not ended: its register entry is needed to pay it."""
    granted, version = casework.benefit, benefit_version
    open_ended = and_(
        version.c.benefit_id == granted.c.id,
        version.c.superseded_at.is_(None),
        or_(version.c.until_month.is_(None), version.c.until_month >= func.date_trunc("month", func.now())),
    )
    source = tables.person.c.source_case_id
    return (
        exists()
        .where(or_(granted.c.case_id == source, granted.c.case_id == case_id), open_ended)
        .correlate(tables.person)
    )


def _forget_people(connection: Connection, gone: list[UUID]) -> None:
    person = tables.person
    year = cast(func.date_trunc("year", person.c.birth_date), Date)
    forgotten = update(person).where(or_(person.c.id.in_(gone), person.c.merged_into.in_(gone)))
    connection.execute(
        forgotten.values(wrapped_key=None, name=ERASED, birth_date=year, identity_hash="", phone_hash=None)
    )


def _forget_households(connection: Connection, case_id: UUID) -> None:
    """Forget the households of whose members nobody is left."""
    household, membership, person = tables.household, tables.membership, tables.person
    fed = select(tables.fed_case.c.household_id).where(tables.fed_case.c.case_id == case_id)
    somebody = exists().where(
        membership.c.household_id == household.c.id,
        person.c.id == membership.c.person_id,
        person.c.wrapped_key.is_not(None),
    )
    statement = select(household.c.id).where(household.c.wrapped_key.is_not(None), household.c.id.in_(fed), ~somebody)
    gone = list(connection.execute(statement).scalars())
    if not gone:
        return
    connection.execute(update(household).where(household.c.id.in_(gone)).values(wrapped_key=None))
    account = update(tables.account).where(tables.account.c.household_id.in_(gone))
    connection.execute(account.values(bank=ERASED, number_hash=""))
    address = update(tables.address).where(tables.address.c.household_id.in_(gone))
    connection.execute(address.values(division=""))
