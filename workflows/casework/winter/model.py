"""The register of winter and spring relief: one a season, filled by the towns, frozen on a day of October."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from workflows.casework.model import ZERO

EMERGENCY = "emergency"
"""The kind of the unit that has relief of disasters."""
WINTER_PROGRAMME = "winter_relief"


class WinterState(StrEnum):
    """How far the register of a season is."""

    SURVEY = "survey"  # towns fill it
    PLANNED = "planned"  # every town is ready; the plan is computed
    APPROVED = "approved"  # the county government approved it; the money goes with the next batch
    PUBLISHED = "published"  # filed above, published in the county
    REFUSED = "refused"
    NO_NEED = "no_need"


class TownState(StrEnum):
    """How far a town is."""

    SURVEY = "survey"
    REPORTED = "reported"  # its reviewer looks at it
    CONFIRMED = "confirmed"
    NO_NEED = "no_need"
    PUBLISHED = "published"  # in its villages


class WinterNeedKind(StrEnum):
    """What a household lacks for winter and spring."""

    FOOD = "food"
    CLOTHING = "clothing"
    BEDDING = "bedding"
    HEATING = "heating"
    DWELLING = "dwelling"  # a dwelling that is not mended yet
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class WinterRegister:
    """A season by the year it begins in; `number` is the business key of its process."""

    id: UUID
    season: int
    number: str
    warns_on: date
    report_on: date
    freezes_on: date  # the last day on which households are entered; no rest day moves it
    opened_by: str
    opened_at: datetime
    state: WinterState = WinterState.SURVEY
    approval_number: str | None = None
    approved_on: date | None = None
    recorded_by: str | None = None  # who entered the approval
    filing_number: str | None = None
    filed_on: date | None = None
    published_on: date | None = None
    published_at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WinterTown:
    """The part of a town; `number` is the business key of its process."""

    register_id: UUID
    region: str
    number: str
    state: TownState = TownState.SURVEY
    reported_at: datetime | None = None
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None
    published_on: date | None = None
    published_at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WinterNeed:
    """What a household lacks, as the town found it, and what the plan grants of it, in yuan."""

    id: UUID
    register_id: UUID
    region: str
    village: str
    case_id: UUID
    case_number: str
    persons: int
    kinds: tuple[str, ...]
    amount: Decimal
    goods: str
    entered_by: str
    entered_at: datetime
    status: str | None = None  # of the household, when the plan was computed
    granted: Decimal = ZERO
    calculation: str | None = None
