"""What units keep while they answer referrals, in PostgreSQL; what tells of a person is sealed under the case's key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, RowMapping, exists, func, insert, literal, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from engine.json_values import dump_json, load_json
from storage.aid_lists import SqlAidLists
from storage.benefits import SqlBenefits, SqlRecognitions
from storage.case_files import case_seal
from storage.encryption import CaseSeal, KeyRing, patient_key
from storage.household_aid import SqlHouseholdAid
from storage.rows import to_row, to_value
from storage.tables import programmes as tables
from workflows.casework.benefits.model import BenefitState
from workflows.casework.programmes.model import (
    GrantState,
    HousingPlace,
    JobOffer,
    MedicalBill,
    MedicalStatus,
    MedicalYear,
    OfferAnswer,
    PlaceState,
    ReferralPause,
    SatisfactionCall,
    SharedFacts,
    StatusQuery,
    TermGrant,
)

NO_STATUS = "none"
ZERO = Decimal(0)


class SqlSharing:
    """What units were told, and when they asked for more."""

    def __init__(self, connection: Connection, keys: KeyRing) -> None:
        self._connection = connection
        self._keys = keys

    def add(self, shared: SharedFacts) -> None:
        """Keep the facts of one sending."""
        seal = case_seal(self._connection, self._keys, shared.case_id)
        values = to_row(shared, "facts")
        values["facts_sealed"] = seal.encrypt(dump_json(list(shared.facts)), where=f"shared:{shared.id}")
        self._connection.execute(insert(tables.referral_share).values(values))

    def of_case(self, case_id: UUID) -> Sequence[SharedFacts]:
        """Return what was shared in a case, in order of time."""
        table = tables.referral_share
        rows = self._connection.execute(select(table).where(table.c.case_id == case_id).order_by(table.c.sent_at))
        found = rows.mappings().all()
        return read_shares(found, case_seal(self._connection, self._keys, case_id)) if found else []

    def add_pause(self, pause: ReferralPause) -> None:
        """Keep that a clock stands still."""
        self._connection.execute(insert(tables.referral_pause).values(self._pause_row(pause)))

    def open_pause(self, referral_id: UUID) -> ReferralPause | None:
        """Return the pause of a referral that nobody answered yet."""
        table = tables.referral_pause
        waiting = select(table).where(table.c.referral_id == referral_id, table.c.answered_at.is_(None))
        row = self._connection.execute(waiting).mappings().first()
        return to_pause(row, case_seal(self._connection, self._keys, row["case_id"])) if row else None

    def pauses(self, case_id: UUID) -> Sequence[ReferralPause]:
        """Return the pauses of a case's referrals, in order of time."""
        table = tables.referral_pause
        rows = self._connection.execute(select(table).where(table.c.case_id == case_id).order_by(table.c.asked_at))
        found = rows.mappings().all()
        if not found:
            return []
        seal = case_seal(self._connection, self._keys, case_id)
        return [to_pause(row, seal) for row in found]

    def save_pause(self, pause: ReferralPause) -> None:
        """Write the answer."""
        table = tables.referral_pause
        self._connection.execute(update(table).where(table.c.id == pause.id).values(self._pause_row(pause)))

    def _pause_row(self, pause: ReferralPause) -> dict[str, Any]:
        seal = case_seal(self._connection, self._keys, pause.case_id)
        values = to_row(pause, "question", "information")
        values["question_sealed"] = seal.encrypt(pause.question, where=f"question:{pause.id}")
        if pause.information is not None:
            values["information_sealed"] = seal.encrypt(pause.information, where=f"information:{pause.id}")
        return values


class SqlJobOffers:
    """The log of offers; reasons of jobseekers are sealed."""

    def __init__(self, connection: Connection, keys: KeyRing) -> None:
        self._connection = connection
        self._keys = keys

    def add(self, offer: JobOffer) -> None:
        """Keep an offer and its answer."""
        values = to_row(offer, "reason")
        if offer.reason is not None:
            seal = case_seal(self._connection, self._keys, offer.case_id)
            values["reason_sealed"] = seal.encrypt(offer.reason, where=f"offer:{offer.id}")
        self._connection.execute(insert(tables.job_offer).values(values))

    def of_member(self, case_id: UUID, member_number: int) -> Sequence[JobOffer]:
        """Return a member's offers, the oldest first."""
        table = tables.job_offer
        statement = select(table).where(table.c.case_id == case_id, table.c.member_number == member_number)
        rows = self._connection.execute(statement.order_by(table.c.offered_on, table.c.recorded_at)).mappings().all()
        if not rows:
            return []
        seal = case_seal(self._connection, self._keys, case_id)
        return [to_offer(row, seal) for row in rows]


class SqlMedicalRecords:
    """Statuses known to the insurer, and bills; persons are found by a keyed hash of their number."""

    def __init__(self, connection: Connection, keys: KeyRing) -> None:
        self._connection = connection
        self._keys = keys

    def add_status(self, status: MedicalStatus, *, identity_number: str) -> None:
        """Keep a status."""
        values = {**to_row(status), "identity_hash": self._hash(identity_number)}
        self._connection.execute(insert(tables.medical_status).values(values))

    def status_on(self, identity_number: str, day: date) -> MedicalStatus | None:
        """Return the newest status of a person in force on a day: one whose recognition has ended is not."""
        table = tables.medical_status
        known = select(table).where(table.c.identity_hash == self._hash(identity_number), table.c.valid_from <= day)
        newest = known.order_by(table.c.valid_from.desc(), table.c.confirmed_at.desc())
        for row in self._connection.execute(newest).mappings().all():
            if row["status"] == NO_STATUS:
                return None
            if not self._has_ended(row["case_id"], row["status"], day):
                return to_value(MedicalStatus, row)
        return None

    def log_query(self, query: StatusQuery, *, identity_number: str) -> None:
        """Keep a look-up."""
        values = {**to_row(query), "identity_hash": self._hash(identity_number)}
        self._connection.execute(insert(tables.status_query).values(values))

    def is_known(self, case_id: UUID) -> bool:
        """Say whether the insurer was told a status of this case."""
        table = tables.medical_status
        return bool(self._connection.execute(select(exists().where(table.c.case_id == case_id))).scalar_one())

    def _has_ended(self, case_id: UUID, status: str, day: date) -> bool:
        """Say whether persons of a case were recognised so or drew the benefit, and all that ended before this day."""
        known = SqlRecognitions(self._connection).of_status(case_id, status)
        drawn = SqlBenefits(self._connection, self._keys).of_programme(case_id, status)
        if any(one.valid_until is None or one.valid_until >= day for one in known):
            return False
        if any(one.state_in(day.replace(day=1)) != BenefitState.ENDED for one in drawn):
            return False
        return bool(known or drawn)

    def add_bill(self, bill: MedicalBill, *, identity_number: str) -> bool:
        """Keep a bill, unless the hospital's number is on file."""
        values = {**to_row(bill), "identity_hash": self._hash(identity_number)}
        statement = upsert(tables.medical_bill).values(values).on_conflict_do_nothing(index_elements=["number"])
        return self._connection.execute(statement.returning(literal(1))).first() is not None

    def bill(self, number: str) -> MedicalBill | None:
        """Return a bill by the hospital's number."""
        table = tables.medical_bill
        row = self._connection.execute(select(table).where(table.c.number == number)).mappings().first()
        return to_value(MedicalBill, row) if row else None

    def is_of(self, number: str, *, identity_number: str) -> bool:
        """Say whether the bill of a number is this patient's."""
        table = tables.medical_bill
        theirs = (table.c.number == number, table.c.identity_hash == self._hash(identity_number))
        return bool(self._connection.execute(select(exists().where(*theirs))).scalar_one())

    def lock_person(self, identity_number: str) -> None:
        """Let other settlements of this person wait until this transaction ends."""
        key = int(self._hash(identity_number)[:15], 16)
        self._connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})

    def year_before(self, identity_number: str, *, day: date) -> MedicalYear:
        """Return what was settled for a person in the calendar year of a day."""
        table = tables.medical_bill
        names = ("in_scope", "insurance", "critical_illness", "aid")
        sums = select(*(func.coalesce(func.sum(table.c[name]), ZERO).label(name) for name in names)).where(
            table.c.identity_hash == self._hash(identity_number),
            table.c.discharged_on.between(date(day.year, 1, 1), date(day.year, 12, 31)),
        )
        row = self._connection.execute(sums).mappings().one()
        return MedicalYear(**{name: Decimal(row[name]) for name in names})

    def key_of_patient(self, identity_number: str) -> str:
        """Return the business key of what runs about a patient of no case."""
        return patient_key(self._hash(identity_number))

    def _hash(self, identity_number: str) -> str:
        return self._keys.search_hash(identity_number, kind="identity")


class SqlHousingQueue:
    """The queue for public rental."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def join(self, place: HousingPlace) -> HousingPlace:
        """Take the next number, or give the place that the referral has already."""
        table = tables.housing_place
        known = self._one(table.c.referral_id == place.referral_id)
        if known is not None:
            return known
        self._connection.execute(text("LOCK TABLE housing_place IN SHARE ROW EXCLUSIVE MODE"))
        last = self._connection.execute(select(func.coalesce(func.max(table.c.number), 0))).scalar_one()
        joined = replace(place, number=last + 1)
        self._connection.execute(insert(table).values(to_row(joined)))
        return joined

    def place(self, place_id: UUID) -> HousingPlace | None:
        """Return a place, locked for a change."""
        return self._one(tables.housing_place.c.id == place_id, locked=True)

    def place_of(self, referral_id: UUID) -> HousingPlace | None:
        """Return the place of a referral, locked for a change."""
        return self._one(tables.housing_place.c.referral_id == referral_id, locked=True)

    def waiting(self) -> Sequence[HousingPlace]:
        """Return who waits, who is next first."""
        table = tables.housing_place
        statement = select(table).where(table.c.state == PlaceState.WAITING).order_by(table.c.priority, table.c.number)
        return [to_place(row) for row in self._connection.execute(statement).mappings()]

    def save(self, place: HousingPlace) -> None:
        """Write what became of a place."""
        table = tables.housing_place
        self._connection.execute(update(table).where(table.c.id == place.id).values(to_row(place)))

    def _one(self, condition: Any, *, locked: bool = False) -> HousingPlace | None:
        statement = select(tables.housing_place).where(condition)
        row = self._connection.execute(statement.with_for_update() if locked else statement).mappings().first()
        return to_place(row) if row else None


class SqlTermGrants:
    """Grants of school terms; the school is sealed."""

    def __init__(self, connection: Connection, keys: KeyRing) -> None:
        self._connection = connection
        self._keys = keys

    def add(self, grants: Sequence[TermGrant]) -> None:
        """Keep grants; one of a pupil, term and referral that is on file stays as it is."""
        for grant in grants:
            statement = upsert(tables.term_grant).values(self._row(grant))
            self._connection.execute(statement.on_conflict_do_nothing())

    def of_term(self, term: str) -> Sequence[TermGrant]:
        """Return the grants of a term; of an erased case the school is unknown."""
        table, file = tables.term_grant, tables.term_grant.metadata.tables["case_file"]
        statement = (
            select(table, file.c.wrapped_key)
            .join(file, file.c.id == table.c.case_id)
            .where(table.c.term == term)
            .order_by(file.c.number, table.c.member_number)
        )
        rows = self._connection.execute(statement).mappings().all()
        return [to_grant(row, self._keys.seal(row["wrapped_key"]) if row["wrapped_key"] else None) for row in rows]

    def due_of_term(self, term: str) -> Mapping[UUID, TermGrant]:
        """Return the grants still due in a term, by id, held until this transaction ends."""
        return {grant.id: grant for grant in self._due(tables.term_grant.c.term == term)}

    def due_of_referral(self, referral_id: UUID) -> Sequence[TermGrant]:
        """Return the grants of a referral still due, held until this transaction ends."""
        return self._due(tables.term_grant.c.referral_id == referral_id)

    def _due(self, condition: ColumnElement[bool]) -> Sequence[TermGrant]:
        table = tables.term_grant
        due = select(table).where(condition, table.c.state == GrantState.DUE).order_by(table.c.id)
        return [to_grant(row, None) for row in self._connection.execute(due.with_for_update()).mappings()]

    def save(self, grant: TermGrant) -> None:
        """Write what became of a grant."""
        table = tables.term_grant
        changed = {"state": grant.state, "paid_on": grant.paid_on}
        self._connection.execute(update(table).where(table.c.id == grant.id).values(changed))

    def _row(self, grant: TermGrant) -> dict[str, Any]:
        values = to_row(grant, "school")
        if grant.school is not None:
            seal = case_seal(self._connection, self._keys, grant.case_id)
            values["school_sealed"] = seal.encrypt(grant.school, where=f"school:{grant.id}")
        return values


class SqlSatisfactionCalls:
    """What households said; remarks are sealed."""

    def __init__(self, connection: Connection, keys: KeyRing) -> None:
        self._connection = connection
        self._keys = keys

    def add(self, call: SatisfactionCall) -> None:
        """Keep a call."""
        values = to_row(call, "remark")
        if call.remark is not None:
            seal = case_seal(self._connection, self._keys, call.case_id)
            values["remark_sealed"] = seal.encrypt(call.remark, where=f"satisfaction:{call.id}")
        self._connection.execute(insert(tables.satisfaction_call).values(values))

    def of_case(self, case_id: UUID) -> Sequence[SatisfactionCall]:
        """Return the calls of a case."""
        table = tables.satisfaction_call
        rows = self._connection.execute(select(table).where(table.c.case_id == case_id)).mappings().all()
        if not rows:
            return []
        seal = case_seal(self._connection, self._keys, case_id)
        return [
            to_value(
                SatisfactionCall,
                {
                    **row,
                    "remark": seal.decrypt(row["remark_sealed"], where=f"satisfaction:{row['id']}")
                    if row["remark_sealed"]
                    else None,
                },
            )
            for row in rows
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeRepositories:
    """The records of units on one connection."""

    sharing: SqlSharing
    job_offers: SqlJobOffers
    medical: SqlMedicalRecords
    housing_queue: SqlHousingQueue
    term_grants: SqlTermGrants
    satisfaction: SqlSatisfactionCalls
    household_aid: SqlHouseholdAid
    aid_lists: SqlAidLists

    @classmethod
    def over(cls, connection: Connection, keys: KeyRing) -> ProgrammeRepositories:
        """Return the repositories of one transaction."""
        return cls(
            sharing=SqlSharing(connection, keys),
            job_offers=SqlJobOffers(connection, keys),
            medical=SqlMedicalRecords(connection, keys),
            housing_queue=SqlHousingQueue(connection),
            term_grants=SqlTermGrants(connection, keys),
            satisfaction=SqlSatisfactionCalls(connection, keys),
            household_aid=SqlHouseholdAid(connection),
            aid_lists=SqlAidLists(connection, keys),
        )


def read_shares(rows: Sequence[RowMapping], seal: CaseSeal) -> list[SharedFacts]:
    """Return what rows say was shared."""
    return [
        to_value(
            SharedFacts,
            {**row, "facts": tuple(load_json(seal.decrypt(row["facts_sealed"], where=f"shared:{row['id']}")))},
        )
        for row in rows
    ]


def to_pause(row: RowMapping, seal: CaseSeal) -> ReferralPause:
    """Return the pause of a row."""
    information = row["information_sealed"]
    opened = {
        "question": seal.decrypt(row["question_sealed"], where=f"question:{row['id']}"),
        "information": seal.decrypt(information, where=f"information:{row['id']}") if information else None,
    }
    return to_value(ReferralPause, {**row, **opened})


def to_offer(row: RowMapping, seal: CaseSeal) -> JobOffer:
    """Return the offer of a row."""
    sealed = row["reason_sealed"]
    reason = seal.decrypt(sealed, where=f"offer:{row['id']}") if sealed else None
    return to_value(JobOffer, {**row, "answer": OfferAnswer(row["answer"]), "reason": reason})


def to_place(row: RowMapping) -> HousingPlace:
    """Return the place of a row."""
    return to_value(HousingPlace, {**row, "state": PlaceState(row["state"])})


def to_grant(row: RowMapping, seal: CaseSeal | None) -> TermGrant:
    """Return the grant of a row."""
    sealed = row["school_sealed"]
    school = seal.decrypt(sealed, where=f"school:{row['id']}") if sealed and seal else None
    return to_value(TermGrant, {**row, "state": GrantState(row["state"]), "school": school})
