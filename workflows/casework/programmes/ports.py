"""What the records of units are kept in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol
from uuid import UUID

from workflows.casework.programmes.model import (
    AidLine,
    AidList,
    HousingPlace,
    JobOffer,
    ListedAid,
    MedicalBill,
    MedicalStatus,
    MedicalYear,
    ReferralPause,
    SatisfactionCall,
    SharedFacts,
    StatusQuery,
    TermGrant,
)


class Sharing(Protocol):
    """What units were told, and when they asked for more."""

    def add(self, shared: SharedFacts) -> None:
        """Keep the facts of one sending."""
        ...

    def of_case(self, case_id: UUID) -> Sequence[SharedFacts]:
        """Return what was shared in a case, in order of time."""
        ...

    def add_pause(self, pause: ReferralPause) -> None:
        """Keep that a clock stands still."""
        ...

    def open_pause(self, referral_id: UUID) -> ReferralPause | None:
        """Return the pause of a referral that nobody answered yet."""
        ...

    def pauses(self, case_id: UUID) -> Sequence[ReferralPause]:
        """Return the pauses of a case's referrals, in order of time."""
        ...

    def save_pause(self, pause: ReferralPause) -> None:
        """Write the answer."""
        ...


class JobOffers(Protocol):
    """The log of offers."""

    def add(self, offer: JobOffer) -> None:
        """Keep an offer and its answer."""
        ...

    def of_member(self, case_id: UUID, member_number: int) -> Sequence[JobOffer]:
        """Return a member's offers, the oldest first."""
        ...


class MedicalRecords(Protocol):
    """Statuses known to the insurer, and bills."""

    def add_status(self, status: MedicalStatus, *, identity_number: str) -> None:
        """Keep a status; the number is kept as a keyed hash."""
        ...

    def status_on(self, identity_number: str, day: date) -> MedicalStatus | None:
        """Return the newest status of a person in force on a day."""
        ...

    def log_query(self, query: StatusQuery, *, identity_number: str) -> None:
        """Keep that somebody looked up a status."""
        ...

    def is_known(self, case_id: UUID) -> bool:
        """Say whether the insurer was told a status of this case."""
        ...

    def add_bill(self, bill: MedicalBill, *, identity_number: str) -> bool:
        """Keep a bill, unless the hospital's number is on file."""
        ...

    def bill(self, number: str) -> MedicalBill | None:
        """Return a bill by the hospital's number."""
        ...

    def is_of(self, number: str, *, identity_number: str) -> bool:
        """Say whether the bill of a number is this patient's."""
        ...

    def key_of_patient(self, identity_number: str) -> str:
        """Return the business key of what runs about a patient of no case; erasing the person finds it by this."""
        ...

    def lock_person(self, identity_number: str) -> None:
        """Let other settlements of this person wait until this transaction ends."""
        ...

    def year_before(self, identity_number: str, *, day: date) -> MedicalYear:
        """Return what was settled for a person in the calendar year of a day."""
        ...


class HousingQueue(Protocol):
    """The queue for public rental."""

    def join(self, place: HousingPlace) -> HousingPlace:
        """Take the next number, or give the place that the referral has already."""
        ...

    def place(self, place_id: UUID) -> HousingPlace | None:
        """Return a place, locked for a change."""
        ...

    def waiting(self) -> Sequence[HousingPlace]:
        """Return who waits, who is next first."""
        ...

    def place_of(self, referral_id: UUID) -> HousingPlace | None:
        """Return the place of a referral, locked for a change."""
        ...

    def save(self, place: HousingPlace) -> None:
        """Write what became of a place."""
        ...


class TermGrants(Protocol):
    """Grants of school terms."""

    def add(self, grants: Sequence[TermGrant]) -> None:
        """Keep grants; one of a pupil, term and referral that is on file stays as it is."""
        ...

    def of_term(self, term: str) -> Sequence[TermGrant]:
        """Return the grants of a term."""
        ...

    def due_of_term(self, term: str) -> Mapping[UUID, TermGrant]:
        """Return the grants still due in a term, by id and without the school; nobody else changes them meanwhile."""
        ...

    def due_of_referral(self, referral_id: UUID) -> Sequence[TermGrant]:
        """Return the grants of a referral still due, without the school; nobody else changes them meanwhile."""
        ...

    def save(self, grant: TermGrant) -> None:
        """Write what became of a grant."""
        ...


class SatisfactionCalls(Protocol):
    """What households said."""

    def add(self, call: SatisfactionCall) -> None:
        """Keep a call."""
        ...

    def of_case(self, case_id: UUID) -> Sequence[SatisfactionCall]:
        """Return the calls of a case."""
        ...


class HouseholdAid(Protocol):
    """Everything that a household gets, from all units."""

    def of_household(self, case_id: UUID, today: date) -> Sequence[AidLine]:
        """Return the aid of everybody who is a member of the case, over all their cases and all lists handed in."""
        ...


class AidLists(Protocol):
    """Lists of aid that units hand in."""

    def replace(self, kept: AidList, lines: Sequence[ListedAid]) -> None:
        """Keep a list in place of the unit's list of the same month."""
        ...


class Programmes(Protocol):
    """The records of units, a room each."""

    @property
    def sharing(self) -> Sharing:
        """Return what units were told."""
        ...

    @property
    def job_offers(self) -> JobOffers:
        """Return the log of offers."""
        ...

    @property
    def medical(self) -> MedicalRecords:
        """Return statuses and bills."""
        ...

    @property
    def housing_queue(self) -> HousingQueue:
        """Return the queue for public rental."""
        ...

    @property
    def aid_lists(self) -> AidLists:
        """Return the lists that units hand in."""
        ...

    @property
    def household_aid(self) -> HouseholdAid:
        """Return what households get in all."""
        ...

    @property
    def satisfaction(self) -> SatisfactionCalls:
        """Return what households said."""
        ...

    @property
    def term_grants(self) -> TermGrants:
        """Return the grants of school terms."""
        ...
