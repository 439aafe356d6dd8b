"""What may be asked of the units' records without changing anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from engine.model import Actor
from workflows.casework.programmes.model import (
    AidList,
    HousingPlace,
    JobOffer,
    MedicalBill,
    SatisfactionCall,
    StatusQuery,
    TermGrant,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferLog:
    """The offers of a case, the oldest first, and the days of each member's unjustified refusals in a row."""

    offers: Sequence[JobOffer]
    refusals_in_row: Sequence[MemberRefusals]


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRefusals:
    """The unjustified refusals of a member since the count last began."""

    member_number: int
    days: Sequence[date]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueEntry:
    """A place in the queue for public rental with who is before it."""

    position: int
    case_number: str
    place: HousingPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class TermEntry:
    """A grant of a term with its case."""

    case_number: str
    grant: TermGrant


@dataclass(frozen=True, slots=True, kw_only=True)
class HospitalClaim:
    """What a hospital paid ahead in a month, to be paid back; the parts add up to the total."""

    hospital: str
    bills: int
    total: Decimal
    insurance: Decimal
    critical_illness: Decimal
    aid: Decimal
    patient: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusAnswer:
    """What a hospital is told: the status of a person on a day, or none."""

    status: str | None
    valid_from: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedQuery:
    """A look-up of a medical status, with the case it hit; a case that who asks does not see has no number."""

    case_number: str | None
    query: StatusQuery


class ProgrammeQueries(Protocol):
    """The read side of the units' records; each method reads one committed state."""

    def offer_log(self, case_id: UUID, /) -> OfferLog:
        """Return the offers of a case; whoever asks was shown the case before."""
        ...

    def bills(self, case_id: UUID, /) -> Sequence[MedicalBill]:
        """Return the settled bills of a case's members."""
        ...

    def satisfaction(self, case_id: UUID, /) -> Sequence[SatisfactionCall]:
        """Return what the household said when it was called."""
        ...

    def housing_queue(self, actor: Actor, /) -> Sequence[QueueEntry]:
        """Return who waits for public rental, of the cases the actor may see; positions count everybody."""
        ...

    def term(self, term: str, actor: Actor, /) -> Sequence[TermEntry]:
        """Return the grants of a term, of the cases the actor may see."""
        ...

    def claims(self, month: date, /) -> Sequence[HospitalClaim]:
        """Return the sums of a month by hospital, of bills settled on line."""
        ...

    def aid_lists(self, month: date, /) -> Sequence[AidList]:
        """Return the lists that units handed in for a month."""
        ...

    def status_queries(self, since: date, until: date, actor: Actor) -> Sequence[LoggedQuery]:
        """Return who looked up a medical status on the days from one to the other, the latest first.

        Look-ups that hit the case of the actor's kin are left out.
        """
        ...

    def medical_status(self, identity_number: str, day: date, /) -> StatusAnswer:
        """Return the status of a person on a day."""
        ...
