"""What requests about the register may hold, and what they are answered with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from marshmallow import fields, validate

from api.schemas.requests import PageSchema
from web.schemas.base import RequestSchema, answer_schema, calendar_day, text
from workflows.casework.register.imports import ImportResult
from workflows.casework.register.model import (
    Correction,
    CorrectionState,
    Duplicate,
    DuplicateKind,
    OnlineState,
)
from workflows.casework.register.progress import Progress
from workflows.casework.register.queries import (
    CorrectionPage,
    CorrectionView,
    DuplicatePage,
    DuplicateView,
    EntryPage,
    EntryView,
    HouseholdOnDay,
    PersonPage,
    PersonView,
)


class PersonListSchema(PageSchema):
    """Whom to look for."""

    text = text(most=100, load_default=None)


class DaySchema(RequestSchema):
    """As of which day; today unless told."""

    on = calendar_day(load_default=None)


class CorrectionListSchema(PageSchema):
    """Which change requests."""

    state = fields.Enum(CorrectionState, by_value=True, load_default=None)


class DuplicateListSchema(PageSchema):
    """Which suspected duplicates."""

    case = text(most=60, load_default=None)
    kind = fields.Enum(DuplicateKind, by_value=True, load_default=None)
    open_only = fields.Boolean(load_default=False)


class EntryListSchema(PageSchema):
    """Which entries on line."""

    state = fields.Enum(OnlineState, by_value=True, load_default=OnlineState.WAITING)


class EntryRefusalSchema(RequestSchema):
    """Why an entry is not confirmed."""

    reason = text(least=1, required=True)


class ImportSchema(RequestSchema):
    """What becomes of a spreadsheet with errors: nothing at all, or the good rows."""

    mode = fields.String(load_default="all", validate=validate.OneOf(["all", "good"]))


class StatusQuestionSchema(RequestSchema):
    """Number and query code of the slip."""

    number = text(most=60, required=True)
    code = text(most=30, required=True, load_only=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnteredAnswer:
    """What somebody who entered an application on line asks by."""

    number: str
    query_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryCodeAnswer:
    """The query code that stands on a slip."""

    number: str
    query_code: str
    issued_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionAnswer:
    """A change request as kept; what it changes is shown masked by reading it."""

    id: str
    state: CorrectionState
    requested_by: str
    requested_at: datetime
    decided_by: str | None
    decided_at: datetime | None

    @classmethod
    def of(cls, found: Correction) -> CorrectionAnswer:
        """Return the answer about a request."""
        return cls(
            id=str(found.id),
            state=found.state,
            requested_by=found.requested_by,
            requested_at=found.requested_at,
            decided_by=found.decided_by,
            decided_at=found.decided_at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryConfirmed:
    """The case an entry became."""

    entry: str
    case_number: str
    received_on: date


PersonPageSchema = answer_schema(PersonPage)
PersonViewSchema = answer_schema(PersonView)
HouseholdOnDaySchema = answer_schema(HouseholdOnDay)
CorrectionPageSchema = answer_schema(CorrectionPage)
CorrectionViewSchema = answer_schema(CorrectionView)
CorrectionAnswerSchema = answer_schema(CorrectionAnswer)
DuplicatePageSchema = answer_schema(DuplicatePage)
DuplicateViewSchema = answer_schema(DuplicateView)
DuplicateSchema = answer_schema(Duplicate)
EntryPageSchema = answer_schema(EntryPage)
EntryViewSchema = answer_schema(EntryView)
EntryConfirmedSchema = answer_schema(EntryConfirmed)
ImportResultSchema = answer_schema(ImportResult)
ProgressSchema = answer_schema(Progress)
EnteredAnswerSchema = answer_schema(EnteredAnswer)
QueryCodeAnswerSchema = answer_schema(QueryCodeAnswer)
