"""What may be asked of the register in PostgreSQL; numbers come out masked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, exists, func, not_, or_, select
from sqlalchemy import Engine as Database

from engine.model import Actor
from storage.case_visibility import in_whole_region, is_visible
from storage.correction_sight import is_correction_visible
from storage.database import for_reading
from storage.duplicate_view import duplicate_page, one_duplicate
from storage.encryption import KeyRing
from storage.kin import households_of_kin, persons_of_kin
from storage.online_entries import code_of_case, to_entry
from storage.register import subject_seal, to_correction, to_household, to_person
from storage.sealing import open_json
from storage.tables import register as tables
from storage.tables.casework import case_file, member
from workflows.casework.county import TOWN_BY_REGION
from workflows.casework.register.divisions import DivisionRefused, DivisionState, division_state
from workflows.casework.register.errors import EntryNotFound, PersonNotRegistered
from workflows.casework.register.model import (
    Address,
    Correction,
    EntryAction,
    OnlineEntry,
    PaymentAccount,
    QueryCode,
    RegisteredHousehold,
    RegisteredPerson,
)
from workflows.casework.register.queries import (
    AccountOn,
    AddressView,
    CaseOfPerson,
    CorrectionFilter,
    CorrectionPage,
    CorrectionView,
    DuplicateFilter,
    DuplicatePage,
    DuplicateView,
    EntryFilter,
    EntryLine,
    EntryPage,
    EntryView,
    HistoryLine,
    HouseholdOnDay,
    MemberOn,
    MembershipView,
    PersonFilter,
    PersonLine,
    PersonPage,
    PersonView,
)
from workflows.rules.errors import RuleError
from workflows.rules.identity import identity_number
from workflows.rules.masks import masked_account, masked_identity_number, masked_phone

_MASKS = {"identity_number": masked_identity_number, "phone": masked_phone, "number": masked_account}


class SqlRegisterQueries:
    """Questions, each over a connection of its own."""

    def __init__(self, database: Database, keys: KeyRing) -> None:
        self._database = for_reading(database)
        self._keys = keys

    def persons(self, wanted: PersonFilter, /) -> PersonPage:
        """Return a page of persons by name."""
        person = tables.person
        found = select(person).where(person.c.merged_into.is_(None), person.c.wrapped_key.is_not(None))
        found = found.where(_is_seen(wanted.actor), *self._matches(wanted.text))
        page = found.order_by(person.c.name, person.c.id).offset(wanted.offset).limit(wanted.limit)
        with self._database.connect() as connection:
            total = connection.execute(select(func.count()).select_from(found.subquery())).scalar_one()
            rows = connection.execute(page).mappings().all()
            return PersonPage(persons=[_line(to_person(row, self._keys)) for row in rows], total=total)

    def person(self, person_id: UUID, actor: Actor, /) -> PersonView:
        """Return a person."""
        person = tables.person
        with self._database.connect() as connection:
            statement = select(person).where(person.c.id == person_id, person.c.wrapped_key.is_not(None))
            row = connection.execute(statement.where(_is_seen(actor))).mappings().first()
            if row is None:
                raise PersonNotRegistered(person_id)
            found = to_person(row, self._keys)
            return PersonView(
                person=_line(found),
                version=found.version,
                merged_into=found.merged_into,
                households=_memberships(connection, person_id),
                cases=_cases(connection, member.c.identity_hash == row["identity_hash"], actor),
                corrections=self._corrections_of(connection, tables.correction.c.person_id == person_id, actor),
                history=self._history(connection, person_id, of_person=True),
            )

    def household(self, household_id: UUID, day: date, actor: Actor, /) -> HouseholdOnDay:
        """Return a household as of a day."""
        household = tables.household
        fed = select(tables.fed_case.c.case_id).where(tables.fed_case.c.household_id == household_id)
        with self._database.connect() as connection:
            seen = exists().where(
                case_file.c.id.in_(fed), is_visible(actor), in_whole_region(case_file.c.region, actor)
            )
            statement = select(household).where(household.c.id == household_id, household.c.wrapped_key.is_not(None))
            of_kin = household.c.id.in_(households_of_kin(actor.id))
            row = connection.execute(statement.where(seen, not_(of_kin))).mappings().first()
            if row is None:
                raise PersonNotRegistered(household_id)
            found = to_household(connection, row, self._keys)
            return HouseholdOnDay(
                id=found.id,
                day=day,
                region=found.region,
                head_id=found.head_id,
                version=found.version,
                members=self._members(connection, found, day),
                address=_address(found.address_on(day)),
                account=_account(found.account_on(day)),
                cases=_cases(connection, and_(case_file.c.id.in_(fed), member.c.relation == "self"), actor),
                corrections=self._corrections_of(connection, tables.correction.c.household_id == household_id, actor),
                history=self._history(connection, household_id, of_person=False),
            )

    def corrections(self, wanted: CorrectionFilter, /) -> CorrectionPage:
        """Return a page of change requests, the newest first."""
        correction = tables.correction
        found = select(correction).where(is_correction_visible(wanted.actor))
        if wanted.state is not None:
            found = found.where(correction.c.state == wanted.state)
        if wanted.case_id is not None:
            found = found.where(correction.c.case_id == wanted.case_id)
        page = found.order_by(correction.c.requested_at.desc(), correction.c.id)
        with self._database.connect() as connection:
            total = connection.execute(select(func.count()).select_from(found.subquery())).scalar_one()
            rows = connection.execute(page.offset(wanted.offset).limit(wanted.limit)).mappings().all()
            views = [_correction(to_correction(connection, row, self._keys)) for row in rows]
        return CorrectionPage(corrections=views, total=total)

    def correction(self, correction_id: UUID, actor: Actor, /) -> CorrectionView:
        """Return a change request."""
        statement = select(tables.correction).where(tables.correction.c.id == correction_id)
        with self._database.connect() as connection:
            row = connection.execute(statement.where(is_correction_visible(actor))).mappings().first()
            if row is None:
                raise PersonNotRegistered(correction_id)
            return _correction(to_correction(connection, row, self._keys))

    def duplicates(self, wanted: DuplicateFilter, /) -> DuplicatePage:
        """Return a page of suspected duplicates, the newest first."""
        with self._database.connect() as connection:
            return duplicate_page(connection, self._keys, wanted)

    def duplicate(self, duplicate_id: UUID, actor: Actor, /) -> DuplicateView:
        """Return two who may be one."""
        with self._database.connect() as connection:
            return one_duplicate(connection, self._keys, duplicate_id, actor)

    def entries(self, wanted: EntryFilter, /) -> EntryPage:
        """Return a page of entries on line, the oldest first."""
        entry = tables.online_entry
        found = select(entry).where(in_whole_region(entry.c.region, wanted.actor))
        if wanted.state is not None:
            found = found.where(entry.c.state == wanted.state)
        page = found.order_by(entry.c.received_at, entry.c.id).offset(wanted.offset).limit(wanted.limit)
        with self._database.connect() as connection:
            total = connection.execute(select(func.count()).select_from(found.subquery())).scalar_one()
            rows = connection.execute(page).mappings().all()
            lines = [_entry(connection, to_entry(row, self._keys)) for row in rows]
        return EntryPage(entries=lines, total=total)

    def entry(self, number: str, actor: Actor, /) -> EntryView:
        """Return an entry on line."""
        entry = tables.online_entry
        statement = select(entry).where(entry.c.number == number, in_whole_region(entry.c.region, actor))
        with self._database.connect() as connection:
            row = connection.execute(statement).mappings().first()
            if row is None:
                raise EntryNotFound(number)
            found = to_entry(row, self._keys)
            return EntryView(entry=_entry(connection, found), application=found.application)

    def query_code(self, case_id: UUID, /) -> QueryCode | None:
        """Return the query code of a case."""
        with self._database.connect() as connection:
            return code_of_case(connection, self._keys, case_id)

    def _matches(self, text: str | None) -> list[ColumnElement[bool]]:
        if not text or not text.strip():
            return []
        wanted = text.strip()
        person = tables.person.c
        try:
            hashed = self._keys.search_hash(identity_number(wanted).text, kind="identity")
        except RuleError:
            phone = self._keys.search_hash(wanted, kind="phone")
            return [or_(person.name.contains(wanted, autoescape=True), person.phone_hash == phone)]
        return [person.identity_hash == hashed]

    def _members(self, connection: Connection, found: RegisteredHousehold, day: date) -> Sequence[MemberOn]:
        on_day = found.members_on(day)
        statement = select(tables.person).where(tables.person.c.id.in_([one.person_id for one in on_day]))
        people = {row["id"]: to_person(row, self._keys) for row in connection.execute(statement).mappings()}
        return [
            MemberOn(
                person=_line(people[one.person_id]),
                relation=one.relation,
                from_on=one.from_on,
                until_on=one.until_on,
            )
            for one in on_day
        ]

    def _corrections_of(
        self, connection: Connection, condition: ColumnElement[bool], actor: Actor
    ) -> list[CorrectionView]:
        statement = select(tables.correction).where(condition, is_correction_visible(actor))
        rows = connection.execute(statement.order_by(tables.correction.c.requested_at.desc())).mappings().all()
        return [_correction(to_correction(connection, row, self._keys)) for row in rows]

    def _history(self, connection: Connection, subject_id: UUID, *, of_person: bool) -> list[HistoryLine]:
        seal = subject_seal(connection, self._keys, tables.person if of_person else tables.household, subject_id)
        statement = select(tables.entry).where(tables.entry.c.subject_id == subject_id)
        rows = connection.execute(statement.order_by(tables.entry.c.at, tables.entry.c.id)).mappings().all()
        return [
            HistoryLine(
                at=row["at"],
                actor=row["actor"],
                action=EntryAction(row["action"]),
                before=masked(open_json(seal, row["content_sealed"], where=f"entry:{row['id']}")),
            )
            for row in rows
        ]


def masked(value: Any) -> Any:  # JSON
    """Return JSON with the numbers in it masked."""
    if isinstance(value, dict):
        return {
            name: _MASKS[name](one) if name in _MASKS and isinstance(one, str) else masked(one)
            for name, one in value.items()
        }
    if isinstance(value, list):
        return [masked(one) for one in value]
    return value


def _is_seen(actor: Actor) -> ColumnElement[bool]:
    """A person is seen by whoever sees a case of theirs, and by nobody whom another case of theirs bars as kin."""
    of_a_case = (
        exists()
        .where(
            member.c.identity_hash == tables.person.c.identity_hash,
            case_file.c.id == member.c.case_id,
            member.c.identity_hash != "",
            is_visible(actor),
            in_whole_region(case_file.c.region, actor),
        )
        .correlate(tables.person)
    )
    return and_(of_a_case, tables.person.c.id.not_in(persons_of_kin(actor.id)))


def _cases(connection: Connection, condition: ColumnElement[bool], actor: Actor) -> list[CaseOfPerson]:
    statement: Select[Any] = (
        select(case_file, member.c.number.label("member"))
        .join(member, member.c.case_id == case_file.c.id)
        .where(
            condition,
            is_visible(actor),
            in_whole_region(case_file.c.region, actor),
            case_file.c.wrapped_key.is_not(None),
        )
        .order_by(case_file.c.received_at.desc(), case_file.c.id)
    )
    return [_case(row) for row in connection.execute(statement).mappings()]


def _case(row: RowMapping) -> CaseOfPerson:
    town = TOWN_BY_REGION.get(row["region"])
    return CaseOfPerson(
        number=row["number"],
        member=row["member"],
        town=town.name if town else row["region"],
        town_en=town.name_en if town else row["region"],
        status=row["status"],
        received_on=row["received_on"],
    )


def _memberships(connection: Connection, person_id: UUID) -> list[MembershipView]:
    membership, household = tables.membership, tables.household
    statement = (
        select(membership, household.c.region)
        .join(household, household.c.id == membership.c.household_id)
        .where(membership.c.person_id == person_id)
        .order_by(membership.c.from_on, membership.c.id)
    )
    names = ("household_id", "region", "relation", "from_on", "until_on")
    rows: Iterable[RowMapping] = connection.execute(statement).mappings()
    return [MembershipView(**{name: row[name] for name in names}) for row in rows]


def _line(person: RegisteredPerson) -> PersonLine:
    return PersonLine(
        id=person.id,
        name=person.name,
        identity_number=masked_identity_number(person.identity_number),
        phone=masked_phone(person.phone),
        birth_date=person.birth_date,
        sex=person.sex,
        confirmed_at=person.confirmed_at,
    )


def _address(address: Address | None) -> AddressView | None:
    if address is None:
        return None
    try:
        state = division_state(address.division)
    except DivisionRefused:  # the table of divisions was another one when it was entered
        state = DivisionState.ABOLISHED
    return AddressView(
        text=address.text,
        division=address.division,
        division_state=state,
        from_on=address.from_on,
        until_on=address.until_on,
    )


def _account(account: PaymentAccount | None) -> AccountOn | None:
    if account is None:
        return None
    return AccountOn(
        bank=account.bank,
        holder=account.holder,
        number=masked_account(account.number),
        is_card_number=account.is_card_number,
        from_on=account.from_on,
        until_on=account.until_on,
    )


def _correction(found: Correction) -> CorrectionView:
    return CorrectionView(
        id=found.id,
        person_id=found.person_id,
        household_id=found.household_id,
        case_id=found.case_id,
        region=found.region,
        state=found.state,
        changes=masked(found.changes),
        reason=found.reason,
        evidence=found.evidence,
        requested_by=found.requested_by,
        requested_at=found.requested_at,
        decided_by=found.decided_by,
        decided_at=found.decided_at,
        note=found.note,
        before=masked(found.before),
    )


def _entry(connection: Connection, entry: OnlineEntry) -> EntryLine:
    town, application = TOWN_BY_REGION.get(entry.region), entry.application
    number = None
    if entry.case_id is not None:
        number = connection.execute(select(case_file.c.number).where(case_file.c.id == entry.case_id)).scalar()
    received: datetime = entry.received_at
    return EntryLine(
        number=entry.number,
        region=entry.region,
        town=town.name if town else entry.region,
        town_en=town.name_en if town else entry.region,
        state=entry.state,
        received_at=received,
        applicant=application.applicant.name if application else None,
        phone=application.applicant.phone if application else None,
        household_size=len(application.members) if application else 0,
        needs=application.needs if application else (),
        case_number=number,
        reason=entry.reason,
    )
