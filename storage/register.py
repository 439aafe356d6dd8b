"""The register of persons and households in PostgreSQL; every person and household is sealed under a key of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, Table, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.duplicates import SqlDuplicates
from storage.encryption import ERASED, CaseSeal, KeyRing
from storage.online_entries import SqlOnlineEntries, SqlQueryCodes
from storage.rows import to_row
from storage.sealing import open_json, seal_json
from storage.tables import register as tables
from storage.tables.casework import case_file
from workflows.casework.register.model import (
    Address,
    Correction,
    CorrectionState,
    Membership,
    PaymentAccount,
    RegisteredHousehold,
    RegisteredPerson,
    RegisterEntry,
)

CORRECTION_CONTENT = ("changes", "reason", "evidence", "note")
"""What is sealed of every change request; of one about a case also `before`, which the release before cannot read."""
_LOCK_SPACE = 320482  # of advisory locks on identity numbers


class SqlPeople:
    """Persons, in one transaction."""

    def __init__(self, connection: Connection, keys: KeyRing) -> None:
        self._connection = connection
        self._keys = keys

    def by_identity(self, identity_number: str) -> RegisteredPerson | None:
        """Return the person with an identity number, and let nobody else enter it meanwhile."""
        found = self._keys.search_hash(identity_number, kind="identity")
        self._connection.execute(select(func.pg_advisory_xact_lock(_LOCK_SPACE, func.hashtext(found))))
        person = self._one(select(tables.person).where(tables.person.c.identity_hash == found))
        while person is not None and person.merged_into is not None:
            person = self.get(person.merged_into)
        return person

    def get(self, person_id: UUID) -> RegisteredPerson | None:
        """Return a person."""
        return self._one(select(tables.person).where(tables.person.c.id == person_id))

    def lock(self, person_id: UUID) -> RegisteredPerson | None:
        """Return a person and keep others away."""
        return self._one(select(tables.person).where(tables.person.c.id == person_id).with_for_update())

    def add(self, person: RegisteredPerson) -> None:
        """Keep a new person."""
        seal, wrapped = self._keys.new_seal()
        self._connection.execute(
            insert(tables.person).values(id=person.id, wrapped_key=wrapped, **self._row(person, seal))
        )

    def save(self, person: RegisteredPerson) -> None:
        """Write a person."""
        seal = subject_seal(self._connection, self._keys, tables.person, person.id)
        statement = update(tables.person).where(tables.person.c.id == person.id)
        self._connection.execute(statement.values(self._row(person, seal)))

    def _row(self, person: RegisteredPerson, seal: CaseSeal) -> dict[str, Any]:
        phone = person.phone
        return {
            **to_row(person, "id", "identity_number", "phone", "forgotten"),
            "identity_hash": self._keys.search_hash(person.identity_number, kind="identity"),
            "identity_sealed": seal.encrypt(person.identity_number, where=f"identity:{person.id}"),
            "phone_sealed": seal.encrypt(phone, where=f"phone:{person.id}") if phone else None,
            "phone_hash": self._keys.search_hash(phone, kind="phone") if phone else None,
        }

    def _one(self, statement: Any) -> RegisteredPerson | None:
        row = self._connection.execute(statement).mappings().first()
        return None if row is None else to_person(row, self._keys)


class SqlHouseholds:
    """Households with everything they were, in one transaction."""

    def __init__(self, connection: Connection, keys: KeyRing) -> None:
        self._connection = connection
        self._keys = keys

    def get(self, household_id: UUID) -> RegisteredHousehold | None:
        """Return a household."""
        return self._one(select(tables.household).where(tables.household.c.id == household_id))

    def lock(self, household_id: UUID) -> RegisteredHousehold | None:
        """Return a household and keep others away."""
        return self._one(select(tables.household).where(tables.household.c.id == household_id).with_for_update())

    def of_person(self, person_id: UUID) -> Sequence[RegisteredHousehold]:
        """Return the households a person is a member of now, held until the transaction ends."""
        member = tables.membership.c
        of_person = select(member.household_id).where(member.person_id == person_id, member.until_on.is_(None))
        statement = select(tables.household).where(tables.household.c.id.in_(of_person)).with_for_update()
        rows = self._connection.execute(statement).mappings().all()
        found = [to_household(self._connection, row, self._keys) for row in rows]
        return sorted(found, key=lambda one: min(span.from_on for span in one.memberships))

    def of_case(self, case_id: UUID) -> RegisteredHousehold | None:
        """Return the household of a case."""
        fed = select(tables.fed_case.c.household_id).where(tables.fed_case.c.case_id == case_id)
        return self._one(select(tables.household).where(tables.household.c.id.in_(fed)))

    def cases_of(self, household_id: UUID) -> Sequence[UUID]:
        """Return the cases of a household, the newest first."""
        column = tables.fed_case.c
        statement = select(column.case_id).where(column.household_id == household_id)
        return list(self._connection.execute(statement.order_by(column.fed_at.desc())).scalars())

    def add(self, household: RegisteredHousehold) -> None:
        """Keep a new household."""
        seal, wrapped = self._keys.new_seal()
        row = {**_household_row(household), "id": household.id, "wrapped_key": wrapped}
        self._connection.execute(insert(tables.household).values(row))
        self._write_spans(household, seal)

    def save(self, household: RegisteredHousehold) -> None:
        """Write a household and its spans."""
        seal = subject_seal(self._connection, self._keys, tables.household, household.id)
        statement = update(tables.household).where(tables.household.c.id == household.id)
        self._connection.execute(statement.values(_household_row(household)))
        self._write_spans(household, seal)

    def enter_case(self, case_id: UUID, household_id: UUID, at: datetime) -> None:
        """Keep for which household a case was entered."""
        statement = upsert(tables.fed_case).values(case_id=case_id, household_id=household_id, fed_at=at)
        self._connection.execute(statement.on_conflict_do_nothing())

    def _write_spans(self, household: RegisteredHousehold, seal: CaseSeal) -> None:
        self._put(tables.membership, [{**to_row(one), "household_id": household.id} for one in household.memberships])
        self._put(tables.address, [_address_row(one, household.id, seal) for one in household.addresses])
        self._put(tables.account, [_account_row(one, household.id, seal, self._keys) for one in household.accounts])

    def _put(self, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        if not rows:
            return
        statement = upsert(table)
        changed = {name: statement.excluded[name] for name in rows[0] if name not in ("id", "household_id")}
        self._connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed), rows)

    def _one(self, statement: Any) -> RegisteredHousehold | None:
        row = self._connection.execute(statement).mappings().first()
        return None if row is None else to_household(self._connection, row, self._keys)


class SqlRegisterHistory:
    """What entries were before."""

    def __init__(self, connection: Connection, keys: KeyRing) -> None:
        self._connection = connection
        self._keys = keys

    def add(self, entry: RegisterEntry, *, of_person: bool) -> None:
        """Keep a line."""
        subject = tables.person if of_person else tables.household
        seal = subject_seal(self._connection, self._keys, subject, entry.subject_id)
        sealed = seal_json(seal, entry.content, where=f"entry:{entry.id}")
        self._connection.execute(insert(tables.entry).values(**to_row(entry, "content"), content_sealed=sealed))


class SqlCorrections:
    """Change requests, sealed under the key of whom they are about."""

    def __init__(self, connection: Connection, keys: KeyRing) -> None:
        self._connection = connection
        self._keys = keys

    def add(self, correction: Correction) -> None:
        """Keep a request."""
        self._connection.execute(insert(tables.correction).values(self._row(correction)))

    def lock(self, correction_id: UUID) -> Correction | None:
        """Return a request and keep others away."""
        return self._one(select(tables.correction).where(tables.correction.c.id == correction_id).with_for_update())

    def get(self, correction_id: UUID) -> Correction | None:
        """Return a request."""
        return self._one(select(tables.correction).where(tables.correction.c.id == correction_id))

    def requested_of_case(self, case_id: UUID) -> Sequence[Correction]:
        """Return the requests about a case that nobody decided."""
        columns = tables.correction.c
        undecided = (columns.case_id == case_id) & (columns.state == CorrectionState.REQUESTED)
        statement = select(tables.correction).where(undecided).order_by(columns.requested_at, columns.id)
        rows = self._connection.execute(statement).mappings().all()
        return [to_correction(self._connection, row, self._keys) for row in rows]

    def save(self, correction: Correction) -> None:
        """Write what was decided."""
        statement = update(tables.correction).where(tables.correction.c.id == correction.id)
        self._connection.execute(statement.values(self._row(correction)))

    def _row(self, correction: Correction) -> dict[str, Any]:
        table, subject = _subject_of(correction.person_id, correction.household_id, correction.case_id)
        seal = subject_seal(self._connection, self._keys, table, subject)
        written = CORRECTION_CONTENT if correction.case_id is None else (*CORRECTION_CONTENT, "before")
        content = {name: getattr(correction, name) for name in written}
        return {
            **to_row(correction, *CORRECTION_CONTENT, "before"),
            "content_sealed": seal_json(seal, content, where=f"correction:{correction.id}"),
        }

    def _one(self, statement: Any) -> Correction | None:
        row = self._connection.execute(statement).mappings().first()
        return None if row is None else to_correction(self._connection, row, self._keys)


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlRegister:
    """Everything of the register on one connection."""

    people: SqlPeople
    households: SqlHouseholds
    history: SqlRegisterHistory
    corrections: SqlCorrections
    duplicates: SqlDuplicates
    entries: SqlOnlineEntries
    codes: SqlQueryCodes

    @classmethod
    def over(cls, connection: Connection, keys: KeyRing) -> SqlRegister:
        """Return the register of one transaction."""
        return cls(
            people=SqlPeople(connection, keys),
            households=SqlHouseholds(connection, keys),
            history=SqlRegisterHistory(connection, keys),
            corrections=SqlCorrections(connection, keys),
            duplicates=SqlDuplicates(connection, keys),
            entries=SqlOnlineEntries(connection, keys),
            codes=SqlQueryCodes(connection, keys),
        )


def subject_seal(connection: Connection, keys: KeyRing, table: Table, subject_id: UUID) -> CaseSeal:
    """Return the seal of a person or household that is not forgotten."""
    return keys.seal(connection.execute(select(table.c.wrapped_key).where(table.c.id == subject_id)).scalar_one())


def to_person(row: RowMapping, keys: KeyRing) -> RegisteredPerson:
    """Return the person of a row; of a forgotten one only that there was somebody."""
    seal = keys.seal(row["wrapped_key"]) if row["wrapped_key"] else None
    phone = row["phone_sealed"]
    return RegisteredPerson(
        id=row["id"],
        identity_number=_opened(seal, row["identity_sealed"], f"identity:{row['id']}"),
        name=row["name"],
        birth_date=row["birth_date"],
        sex=row["sex"],
        phone=_opened(seal, phone, f"phone:{row['id']}") if phone else "",
        confirmed_at=row["confirmed_at"],
        source_case_id=row["source_case_id"],
        version=row["version"],
        merged_into=row["merged_into"],
        forgotten=seal is None,
    )


def to_household(connection: Connection, row: RowMapping, keys: KeyRing) -> RegisteredHousehold:
    """Return the household of a row with its spans; of a forgotten one only when who was a member."""
    seal = keys.seal(row["wrapped_key"]) if row["wrapped_key"] else None
    return RegisteredHousehold(
        id=row["id"],
        region=row["region"],
        head_id=row["head_id"],
        confirmed_at=row["confirmed_at"],
        source_case_id=row["source_case_id"],
        version=row["version"],
        memberships=tuple(
            Membership(**{name: one[name] for name in one if name != "household_id"})
            for one in _spans(connection, tables.membership, row["id"])
        ),
        addresses=tuple(_address(one, seal) for one in _spans(connection, tables.address, row["id"])),
        accounts=tuple(_account(one, seal) for one in _spans(connection, tables.account, row["id"])),
        forgotten=seal is None,
    )


def to_correction(connection: Connection, row: RowMapping, keys: KeyRing) -> Correction:
    """Return the request of a row; of a forgotten subject only who decided what when."""
    table, subject = _subject_of(row["person_id"], row["household_id"], row["case_id"])
    wrapped = connection.execute(select(table.c.wrapped_key).where(table.c.id == subject)).scalar_one()
    content: dict[str, Any] = {"changes": {}, "reason": ERASED, "evidence": ERASED, "note": ERASED}
    if wrapped is not None:
        content = open_json(keys.seal(wrapped), row["content_sealed"], where=f"correction:{row['id']}")
    plain = {name: row[name] for name in row if name not in ("content_sealed", "state")}
    return Correction(**plain, **content, state=CorrectionState(row["state"]))


def _subject_of(person_id: UUID | None, household_id: UUID | None, case_id: UUID | None) -> tuple[Table, UUID]:
    """Return under whose key a change request is sealed."""
    if person_id is not None:
        return tables.person, person_id
    if household_id is not None:
        return tables.household, household_id
    if case_id is None:
        raise ValueError("a change request is about a person, a household or a case")
    return case_file, case_id


def _household_row(household: RegisteredHousehold) -> dict[str, Any]:
    names = ("region", "head_id", "version", "confirmed_at", "source_case_id")
    return {name: getattr(household, name) for name in names}


def _spans(connection: Connection, table: Table, household_id: UUID) -> Iterable[RowMapping]:
    statement = (
        select(table)
        .where(table.c.household_id == household_id)
        .order_by(table.c.from_on, table.c.until_on, table.c.id)
    )
    return connection.execute(statement).mappings().all()


def _span(row: RowMapping) -> dict[str, Any]:
    return {name: row[name] for name in ("id", "from_on", "until_on", "source_case_id")}


def _address_row(one: Address, household_id: UUID, seal: CaseSeal) -> dict[str, Any]:
    sealed = seal.encrypt(one.text, where=f"address:{one.id}")
    return {**to_row(one, "text"), "household_id": household_id, "address_sealed": sealed}


def _address(row: RowMapping, seal: CaseSeal | None) -> Address:
    text = _opened(seal, row["address_sealed"], f"address:{row['id']}")
    return Address(**_span(row), text=text, division=row["division"])


def _account_row(one: PaymentAccount, household_id: UUID, seal: CaseSeal, keys: KeyRing) -> dict[str, Any]:
    return {
        **to_row(one, "holder", "number"),
        "household_id": household_id,
        "holder_sealed": seal.encrypt(one.holder, where=f"holder:{one.id}"),
        "number_sealed": seal.encrypt(one.number, where=f"number:{one.id}"),
        "number_hash": keys.search_hash(one.number, kind="account"),
    }


def _account(row: RowMapping, seal: CaseSeal | None) -> PaymentAccount:
    return PaymentAccount(
        **_span(row),
        bank=row["bank"],
        holder=_opened(seal, row["holder_sealed"], f"holder:{row['id']}"),
        number=_opened(seal, row["number_sealed"], f"number:{row['id']}"),
        is_card_number=row["is_card_number"],
    )


def _opened(seal: CaseSeal | None, sealed: bytes, where: str) -> str:
    return ERASED if seal is None else seal.decrypt(sealed, where=where)
