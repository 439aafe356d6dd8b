"""What requests about units' own work may hold, and what they are answered with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from engine.permissions import MAX_REASON
from web.schemas.base import ExactDecimal, RequestSchema, WholeNumber, answer_schema, calendar_day, text
from workflows.casework.programmes.aid_lists import REPORTING_UNITS, ListStanding
from workflows.casework.programmes.model import (
    AidList,
    HousingPlace,
    MedicalBill,
    OfferAnswer,
    QueryPurpose,
    SatisfactionCall,
)
from workflows.casework.programmes.queries import (
    HospitalClaim,
    LoggedQuery,
    OfferLog,
    QueueEntry,
    StatusAnswer,
    TermEntry,
)
from workflows.casework.programmes.referring import ProgrammeOffer
from workflows.casework.programmes.total_aid import TotalAid
from workflows.casework.records import Referral

GROUNDS = ("none", "doctor_note", "care_duty", "too_far", "unfit")
IDENTITY = validate.Regexp(r"\d{17}[\dXx]")
TERM = validate.Regexp(r"20\d\d-(spring|autumn)")
LONGEST_LOG = 366  # days
MOST_MONEY = 100_000_000


def money(*, required: bool) -> ExactDecimal:
    """Return a field for yuan to the fen."""
    checks: list[Callable[[Any], Any]] = [validate.Range(min=0, max=MOST_MONEY), _to_the_fen]
    if required:
        return ExactDecimal(required=True, validate=checks)
    return ExactDecimal(load_default=None, allow_none=True, validate=checks)


def _to_the_fen(value: Decimal) -> None:
    if value != value.quantize(Decimal("0.01")):
        raise ValidationError("At most two digits after the point.")


class InformationRequestSchema(RequestSchema):
    """What the unit needs to know."""

    question = text(most=1000, least=1, required=True)


class CancellationSchema(RequestSchema):
    """Why a referral is taken back."""

    reason = text(most=1000, least=1, required=True)


class ReferNeedSchema(RequestSchema):
    """What was found, by the need of one of the programmes offered, and why it is referred."""

    need = text(most=60, least=1, required=True)
    reason = text(most=MAX_REASON, least=1, required=True)


class JobOfferSchema(RequestSchema):
    """A suitable offer and what came of it."""

    member_number = WholeNumber(required=True, validate=validate.Range(min=1, max=99))
    offered_on = calendar_day(load_default=None, allow_none=True)
    title = text(most=100, least=1, required=True)
    monthly_wage = money(required=False)
    distance_km = money(required=False)
    answer = fields.Enum(OfferAnswer, by_value=True, required=True)
    ground = fields.String(load_default="none", validate=validate.OneOf(GROUNDS))
    reason = text(most=1000, load_default=None, allow_none=True)


class HospitalBillSchema(RequestSchema):
    """A hospital's bill."""

    number = text(most=64, least=1, required=True)
    identity_number = fields.String(required=True, validate=IDENTITY)
    hospital = text(most=100, least=1, required=True)
    discharged_on = calendar_day(required=True)
    channel = fields.String(load_default="online", validate=validate.OneOf(("online", "paper")))
    total = money(required=True)
    in_scope = money(required=True)


class StatusQuerySchema(RequestSchema):
    """Whose status on which day a hospital asks for; the number stands in the body, never in an address."""

    identity_number = fields.String(required=True, validate=IDENTITY)
    day = calendar_day(required=True)
    purpose = fields.Enum(QueryPurpose, by_value=True, load_default=QueryPurpose.DISCHARGE)


class QueryLogSchema(RequestSchema):
    """From which day to which the record of look-ups is asked for."""

    since = calendar_day(required=True)
    until = calendar_day(required=True)

    @validates_schema
    def require_order(self, values: dict[str, Any], **_options: object) -> None:
        """Refuse days that end before they begin, or reach over more than a year."""
        since, until = values.get("since"), values.get("until")
        if since is not None and until is not None and not 0 <= (until - since).days <= LONGEST_LOG:
            raise ValidationError(f"From {LONGEST_LOG} days before to the last day.", "until")


class MonthSchema(RequestSchema):
    """A month, by any of its days."""

    month = calendar_day(required=True)


class AidListSchema(MonthSchema):
    """Whose list, of which month."""

    unit_kind = fields.String(required=True, validate=validate.OneOf(REPORTING_UNITS))


class TermSchema(RequestSchema):
    """A school term."""

    term = fields.String(required=True, validate=TERM)


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingsAnswer:
    """Who handed in for a month and who is late."""

    units: Sequence[ListStanding]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueAnswer:
    """The queue for public rental."""

    places: Sequence[QueueEntry]


@dataclass(frozen=True, slots=True, kw_only=True)
class TermAnswer:
    """The grants of a term."""

    grants: Sequence[TermEntry]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryLogAnswer:
    """The look-ups of some days."""

    queries: Sequence[LoggedQuery]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsAnswer:
    """The claims of a month."""

    hospitals: Sequence[HospitalClaim]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledAnswer:
    """The bill as it was split; null while a paper claim is examined."""

    bill: MedicalBill | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BillsAnswer:
    """The bills of a case's members."""

    bills: Sequence[MedicalBill]


@dataclass(frozen=True, slots=True, kw_only=True)
class SatisfactionAnswer:
    """What the household said."""

    calls: Sequence[SatisfactionCall]


@dataclass(frozen=True, slots=True, kw_only=True)
class OffersAnswer:
    """The programmes a need found on the way can be referred to."""

    programmes: Sequence[ProgrammeOffer]


ReferralAnswerSchema = answer_schema(Referral)
OffersAnswerSchema = answer_schema(OffersAnswer)
OfferLogSchema = answer_schema(OfferLog)
QueueAnswerSchema = answer_schema(QueueAnswer)
PlaceAnswerSchema = answer_schema(HousingPlace)
TermAnswerSchema = answer_schema(TermAnswer)
QueryLogAnswerSchema = answer_schema(QueryLogAnswer)
ClaimsAnswerSchema = answer_schema(ClaimsAnswer)
SettledAnswerSchema = answer_schema(SettledAnswer)
BillsAnswerSchema = answer_schema(BillsAnswer)
StatusAnswerSchema = answer_schema(StatusAnswer)
SatisfactionAnswerSchema = answer_schema(SatisfactionAnswer)
TotalAidSchema = answer_schema(TotalAid)
AidListAnswerSchema = answer_schema(AidList)
StandingsAnswerSchema = answer_schema(StandingsAnswer)
