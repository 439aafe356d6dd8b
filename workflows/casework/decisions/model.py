"""A decision as it goes to the household and can be explained and recomputed years later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from engine.json_values import JsonObject
from engine.model import DecisionEvaluation


class DecisionKind(StrEnum):
    """What a decision does."""

    GRANT = "grant"
    REFUSE = "refuse"
    RECOGNISE = "recognise"  # a status without monthly money
    CHANGE = "change"  # other sums of a running benefit
    SUSPEND = "suspend"
    RESUME = "resume"
    STOP = "stop"
    RECOVER = "recover"  # money is to be paid back


class RemedyKind(StrEnum):
    """What a household can do against a decision."""

    REVIEW = "review"  # administrative review (行政复议)
    SUIT = "suit"  # administrative suit (行政诉讼)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """A way to object, with its last day; without one while the working days of its year are not loaded."""

    kind: RemedyKind
    authority: str
    until: date | None
    year_not_loaded: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided in a case.

    `trace` holds what was counted: for every decision table the inputs, the rules that fired with their ids, and the
    version of the table, so that it can be recomputed. Sums are yuan per `amount_period`.
    """

    id: UUID
    number: str
    case_id: UUID
    region: str
    programme: str
    kind: DecisionKind
    decided_at: datetime
    signer: str  # the account of who decided
    reasons: str
    referral_id: UUID | None = None
    benefit_id: UUID | None = None
    amount: Decimal | None = None
    amount_period: str | None = None
    start_month: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    calculation: str = ""
    articles: tuple[str, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    trace: tuple[JsonObject, ...] = ()
    served_on: date | None = None
    served_how: str | None = None
    signed_for: str | None = None  # the account in whose name a substitute decided

    @property
    def is_adverse(self) -> bool:
        """Say whether it takes or refuses something."""
        return self.kind in (DecisionKind.REFUSE, DecisionKind.STOP, DecisionKind.SUSPEND, DecisionKind.RECOVER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Minutes:
    """The minutes of a collective decision (一事一议): who sat, how they voted, what was decided and why."""

    id: UUID
    case_id: UUID
    matter: str
    held_on: date
    place: str
    participants: tuple[JsonObject, ...]  # {name, role}
    votes_for: int
    votes_against: int
    abstained: int
    discussion: str
    decision: str  # approve or refuse
    recorded_at: datetime
    recorded_by: str
    referral_id: UUID | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedEvaluation:
    """How a decision table came out once, and the number of the case that asked it; of an erased case nothing else."""

    evaluation: DecisionEvaluation
    case_number: str
