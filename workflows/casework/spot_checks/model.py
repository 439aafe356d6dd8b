"""A spot check: which finished cases or running benefits were drawn, how and why; what the reviewers found in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from engine.model import Actor
from workflows.casework.sight import sees_whole_region
from workflows.casework.spot_checks.sampling import Way
from workflows.organisation.model import SUPERVISOR

SPOT_CHECK_PROCESS = "spot_check"


class Basis(StrEnum):
    """What a sample is drawn from."""

    FINISHED = "finished"  # what was decided in the period, in cases that are over
    RUNNING = "running"  # benefits paid now that were granted in the period


class ItemState(StrEnum):
    """Where the review of one sampled case stands."""

    OPEN = "open"  # a reviewer has to look
    FOUND = "found"  # reviewed; a supervisor decides what follows from a severe finding
    DONE = "done"
    WITHDRAWN = "withdrawn"


OPEN_STATES = (ItemState.OPEN, ItemState.FOUND)


class Severity(StrEnum):
    """How grave a finding is."""

    MINOR = "minor"
    SERIOUS = "serious"
    SEVERE = "severe"


GRAVEST_FIRST = (Severity.SEVERE, Severity.SERIOUS, Severity.MINOR)


class Conclusion(StrEnum):
    """What a review says of the decision it looked at."""

    RIGHT = "right"
    WRONGLY_IN = "wrongly_in"  # aid that should not have been granted
    WRONGLY_OUT = "wrongly_out"  # aid that should have been granted
    WRONG_AMOUNT = "wrong_amount"


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """What a sample is drawn from: decided or granted from `since` to `until`, both days in it."""

    basis: Basis
    since: date
    until: date
    region: str  # a town, or a prefix of one
    programme: str = ""  # empty: every programme
    unit_kind: str = ""  # empty: every unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One of a population with the facts that risk rules look at; nothing of persons."""

    key: str  # a keyed hash
    case_id: UUID
    case_number: str
    region: str
    referral_id: UUID | None  # None: the application was not accepted, so nothing was referred
    programme: str  # empty without a referral
    unit_kind: str
    outcome: str
    amount: Decimal | None
    amount_period: str | None
    days_to_decide: int | None
    is_repaired: bool
    objections: int
    is_same_person: bool  # somebody visited the household and gave the opinion on it
    is_kin_declared: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskReason:
    """A rule of the table of risks that fits a case, with its points."""

    code: str
    points: int
    text: str
    text_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpotCheck:
    """One draw: what from, how, by whom and why; its seed and population stay, so that it can be drawn again."""

    id: UUID
    number: str
    population: Population
    way: Way
    size: int  # how many were asked for
    seed: str
    reason: str
    drawn_at: datetime
    drawn_by: str
    deciding_group: str
    lots: Sequence[str]  # the population: keyed hashes with their points
    withdrawn_at: datetime | None = None
    withdrawal_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledCase:
    """A case of a sample, under review by a process of its own."""

    id: UUID
    spot_check_id: UUID
    case_id: UUID
    referral_id: UUID | None
    key: str
    programme: str
    unit_kind: str
    region: str
    points: int
    reasons: Sequence[RiskReason]
    state: ItemState = ItemState.OPEN
    process_instance_id: UUID | None = None
    conclusion: Conclusion | None = None
    severity: Severity | None = None  # the gravest of its findings
    reviewed_by: str | None = None
    reviewed_at: datetime | None = None
    order_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a reviewer found under one item of the checklist."""

    item: str
    title: str
    title_en: str
    severity: Severity
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What was written of a sampled case; it is sealed under the key of the case."""

    findings: Sequence[Finding] = ()
    note: str = ""
    decision_note: str = ""  # why no order followed a severe finding


def checking_post(actor: Actor, region: str) -> tuple[str, str] | None:
    """Return unit kind and group of the post by which an actor draws samples in a region; None without one.

    Who supervises a window or civil affairs there does; of several posts the one with the widest region counts.
    """
    posts = [one for one in actor.memberships if one.role == SUPERVISOR and region.startswith(one.region)]
    fit = [one for one in posts if sees_whole_region(one)]
    widest = min(fit, key=lambda one: (len(one.region), one.unit_kind), default=None)
    return (widest.unit_kind, widest.group) if widest else None


def gravest(findings: Sequence[Finding]) -> Severity | None:
    """Return the gravest severity among findings; None without any."""
    found = {one.severity for one in findings}
    return next((one for one in GRAVEST_FIRST if one in found), None)
