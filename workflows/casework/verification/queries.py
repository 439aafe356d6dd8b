"""What may be asked of the economic check without changing anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from engine.model import Actor
from workflows.casework.records import AgencyRequest, CheckReport
from workflows.casework.verification.model import BankFile, RefusedQuery, ReportObjection


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorisationView:
    """A consent as shown: who signed, for which classes of agencies, until when, and whether it holds today."""

    id: UUID
    person: int
    signed_on: date
    signed_by: str
    method: str
    agency_classes: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    copies: tuple[str, ...]
    recorded_at: datetime
    recorded_by: str
    withdrawn_at: datetime | None
    replaced_at: datetime | None
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SupporterView:
    """A supporter outside the home as shown: the number masked."""

    number: int
    name: str
    identity_number: str
    relation: str
    supports: int
    authorised: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckView:
    """The economic check of a case: consents, questions, every version of the report, objections."""

    case_number: str
    blocked: str | None  # "authorisation_withdrawn": the case rests until the consent is signed anew
    missing_consents: tuple[int, ...]
    authorisations: Sequence[AuthorisationView]
    supporters: Sequence[SupporterView]
    requests: Sequence[AgencyRequest]
    reports: Sequence[CheckReport]  # newest first
    objections: Sequence[ReportObjection]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceQuality:
    """How well an agency answers, over questions that were answered or are past their day; None: none is."""

    agency: str
    title: str
    title_en: str
    channel: str
    asked: int
    waiting: int  # still within their day
    answered_percent: Decimal | None
    on_time_percent: Decimal | None  # of the answered ones
    stale_percent: Decimal | None  # of the answered ones
    disputed_percent: Decimal | None  # of the answered ones
    by_hand: int
    failures_in_a_row: int
    rests_until: datetime | None


class CheckQueries(Protocol):
    """The read side of the economic check."""

    def check(self, key: UUID | str, actor: Actor, /) -> CheckView:
        """Return the check of a case.

        Raises:
            CaseNotFound: unknown, or the actor sees such cases only as far as its unit's purpose goes.
        """
        ...

    def source_quality(self, *, since: date, actor: Actor) -> Sequence[SourceQuality]:
        """Return how well each agency answered questions of the actor's region asked since a day."""
        ...

    def refused_queries(self, actor: Actor, /) -> Sequence[RefusedQuery]:
        """Return the newest queries that were not let out, to supervisors and administrators of the county."""
        ...

    def bank_files(self, actor: Actor, /) -> Sequence[BankFile]:
        """Return the table files of the regions in which the actor works for the whole region, newest first."""
        ...
