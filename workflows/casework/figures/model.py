"""The supervisors' figures of a period, each as it is counted from the tables; shares are None where nothing counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar


def share_of(part: int, whole: int) -> Decimal | None:
    """Return a share to four places; None of nothing."""
    return round(Decimal(part) / Decimal(whole), 4) if whole else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TownCases:
    """The cases of a town: those received, ended and withdrawn in the period, and those in work now."""

    region: str
    town: str
    town_en: str
    received: int
    closed: int
    declined: int
    withdrawn: int
    in_work: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeFigures:
    """The referrals of a programme in a town: sent and answered in the period, open now."""

    programme: str
    region: str
    sent: int
    granted: int
    refused: int  # also not eligible
    returned: int
    cancelled: int
    in_work: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits that ended in the period: kept, missed and answered late, missed and still open."""

    SHOWN: ClassVar = ("rate",)

    due: int
    kept: int
    late: int
    still_open: int
    resting: int  # past their day while their clock is paused

    @property
    def counted(self) -> int:
        """Return how many the share is of: those whose clock rests may still be kept."""
        return self.due - self.resting

    @property
    def rate(self) -> Decimal | None:
        """Return the share that was kept."""
        return share_of(self.kept, self.counted)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnTime(Limits):
    """The limits of one kind."""

    kind: str  # case: the whole limit; acknowledgement and result: a referral's


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitOnTime(Limits):
    """The limits for the results of the referrals of a kind of unit."""

    unit_kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Age:
    """How many accepted cases are so many working days old; the last bucket has no end."""

    from_days: int
    to_days: int | None
    cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingStep:
    """Open user tasks of one step at one kind of desk."""

    element_id: str
    name: str
    name_en: str
    unit_kind: str
    open: int
    overdue: int
    median_days: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFigures:
    """How an agency answered what it was asked in the period."""

    SHOWN: ClassVar = ("missing_share",)

    agency: str
    title: str
    asked: int
    answered: int
    missing: int  # nobody could get an answer, or none came by now and the day is over
    late: int
    median_hours: Decimal | None

    @property
    def missing_share(self) -> Decimal | None:
        """Return the share without an answer."""
        return share_of(self.missing, self.asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFigures:
    """The referrals a kind of unit was sent in the period, and what it owes now."""

    unit_kind: str
    sent: int
    acknowledged: int
    finished: int
    open: int
    overdue: int
    median_days_to_result: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureFigures:
    """Corrections, returns, notices and objections of the period."""

    SHOWN: ClassVar = ("correction_share", "objection_share", "reversal_share")

    received: int
    corrected: int
    referrals: int
    returned: int
    notices: int
    objections: int
    upheld: int
    report_objections: int
    reports_changed: int
    kin_cases: int

    @property
    def correction_share(self) -> Decimal | None:
        """Return how many of the cases received lacked a paper."""
        return share_of(self.corrected, self.received)

    @property
    def objection_share(self) -> Decimal | None:
        """Return the objections per notice."""
        return share_of(self.objections, self.notices)

    @property
    def reversal_share(self) -> Decimal | None:
        """Return how many objections changed the opinion."""
        return share_of(self.upheld, self.objections)


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgentFigures:
    """Urgent relief claimed in the period: paid within its hours, and files made up by their day."""

    SHOWN: ClassVar = ("paid_in_time_share", "files_in_time_share")

    claims: int
    paid: int
    paid_in_time: int
    files_due: int
    files_made_up: int
    files_in_time: int
    amount: Decimal

    @property
    def paid_in_time_share(self) -> Decimal | None:
        """Return the share of what was paid that was paid in time."""
        return share_of(self.paid_in_time, self.paid)

    @property
    def files_in_time_share(self) -> Decimal | None:
        """Return the share of the files due that were made up in time."""
        return share_of(self.files_in_time, self.files_due)


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitFigures:
    """What a programme pays in the last month of the period, in yuan."""

    SHOWN: ClassVar = ("amount", "average_base", "add_on_share")

    programme: str
    month: date
    households: int
    persons: int
    base: Decimal
    add_ons: Decimal
    with_add_ons: int
    suspended: int
    begun: int  # in the period
    ended: int  # in the period

    @property
    def amount(self) -> Decimal:
        """Return the sum of the month."""
        return self.base + self.add_ons

    @property
    def average_base(self) -> Decimal | None:
        """Return the base a person and month, to the fen."""
        return round(self.base / self.persons, 2) if self.persons else None

    @property
    def add_on_share(self) -> Decimal | None:
        """Return the share of households with an add-on."""
        return share_of(self.with_add_ons, self.households)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecheckFigures:
    """Re-checks of a class: finished in the period, planned, and owed past their day."""

    recheck_class: str
    planned: int
    overdue: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisorFigures:
    """All figures of a period as they stand at a moment; of the region the asker supervises."""

    SHOWN: ClassVar = ("coverage",)

    since: date
    until: date
    region: str
    counted_at: datetime
    population: int | None
    towns: Sequence[TownCases]
    programmes: Sequence[ProgrammeFigures]
    on_time: Sequence[OnTime]
    on_time_of_units: Sequence[UnitOnTime]
    ages: Sequence[Age]
    median_days_to_close: Decimal | None
    waiting: Sequence[WaitingStep]
    sources: Sequence[SourceFigures]
    units: Sequence[UnitFigures]
    procedure: ProcedureFigures
    urgent: UrgentFigures
    benefits: Sequence[BenefitFigures]
    rechecks: Sequence[RecheckFigures]
    rechecks_done: int
    incidents: int

    @property
    def covered(self) -> int:
        """Return the persons who draw the subsistence allowance."""
        return sum(one.persons for one in self.benefits if one.programme == "dibao")

    @property
    def coverage(self) -> Decimal | None:
        """Return who draws the subsistence allowance as a share of the registered population."""
        return round(Decimal(self.covered) / self.population, 6) if self.population else None

    @property
    def is_empty(self) -> bool:
        """Say whether nothing happened in the period; what stands open now and is paid anyhow does not count."""
        happened = (
            *(one.received + one.closed + one.declined + one.withdrawn for one in self.towns),
            *(one.sent + one.granted + one.refused + one.returned + one.cancelled for one in self.programmes),
            *(one.due for one in self.on_time),
            *(one.asked for one in self.sources),
            *(one.begun + one.ended for one in self.benefits),
            self.procedure.notices + self.procedure.objections + self.procedure.report_objections,
            self.procedure.kin_cases + self.urgent.claims + self.urgent.files_due + self.rechecks_done,
        )
        return not any(happened)

    def of_unit_kind(self, unit_kind: str) -> SupervisorFigures:
        """Return the same figures with the lines of one kind of unit where they are told by units."""
        return replace(
            self,
            on_time_of_units=[one for one in self.on_time_of_units if one.unit_kind == unit_kind],
            waiting=[one for one in self.waiting if one.unit_kind == unit_kind],
            units=[one for one in self.units if one.unit_kind == unit_kind],
        )
