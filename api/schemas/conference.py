"""What the API takes and answers of the joint conference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from marshmallow import fields, validate

from web.schemas.base import RequestSchema, answer_schema, calendar_day, text
from workflows.casework.conference.model import Issue, Material, Meeting, MeetingKind, Seat, SeatRole, UnitProblem
from workflows.casework.conference.queries import (
    ConferenceYear,
    DecidedItemLine,
    IssueLine,
    ItemView,
    MeetingLine,
    MeetingView,
    ProblemLine,
    ProblemView,
)
from workflows.casework.conference.texts import MOST
from workflows.casework.county import TOWNSHIP, UNIT_KIND_NAMES

EARLIEST_YEAR, LATEST_YEAR = 2014, 2199
COUNTY_KINDS = [kind for kind in UNIT_KIND_NAMES if kind != TOWNSHIP]


class YearSchema(RequestSchema):
    """Which year; this one where none is named."""

    year = fields.Integer(load_default=None, validate=validate.Range(min=EARLIEST_YEAR, max=LATEST_YEAR))


class SeatListSchema(RequestSchema):
    """Who sits in the conference on a day; every seat that was ever held where none is named."""

    day = calendar_day(load_default=None)


class TakeSeatSchema(RequestSchema):
    """Who holds a seat from a day on."""

    role = fields.Enum(SeatRole, by_value=True, required=True)
    unit_kind = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(COUNTY_KINDS))
    post = text(most=MOST, least=1, required=True)
    name = text(most=MOST, least=1, required=True)
    login = text(most=64, load_default=None, allow_none=True)
    since = calendar_day(required=True)


class LeaveSeatSchema(RequestSchema):
    """The last day of somebody on a seat."""

    until = calendar_day(required=True)


class ConveneSchema(RequestSchema):
    """A meeting that is called."""

    kind = fields.Enum(MeetingKind, by_value=True, load_default=MeetingKind.ORDINARY)
    title = text(most=MOST, least=1, required=True)
    place = text(most=MOST, least=1, required=True)
    meets_on = calendar_day(required=True)


class FileIssueSchema(RequestSchema):
    """An issue in the name of a unit; without a meeting it waits for the next one."""

    unit_kind = fields.String(required=True, validate=validate.OneOf(COUNTY_KINDS))
    title = text(most=MOST, least=1, required=True)
    text = text(most=MOST, least=1, required=True)
    meeting_id = fields.UUID(load_default=None, allow_none=True)


class WithdrawIssueSchema(RequestSchema):
    """Why an issue is taken back."""

    reason = text(most=MOST, least=1, required=True)


class FileProblemSchema(RequestSchema):
    """A problem between units, in the name of the one that has it."""

    unit_kind = fields.String(required=True, validate=validate.OneOf(COUNTY_KINDS))
    title = text(most=MOST, least=1, required=True)
    text = text(most=MOST, least=1, required=True)


class ItemListSchema(RequestSchema):
    """Which decided items."""

    unit_kind = fields.String(load_default=None, validate=validate.OneOf(COUNTY_KINDS))
    open_only = fields.Boolean(load_default=True)
    overdue_only = fields.Boolean(load_default=False)


class ProblemListSchema(RequestSchema):
    """Which problems."""

    open_only = fields.Boolean(load_default=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seats:
    """Seats, by role."""

    seats: Sequence[Seat]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meetings:
    """Meetings, the newest first."""

    meetings: Sequence[MeetingLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issues:
    """Issues that wait for the next meeting."""

    issues: Sequence[IssueLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """Decided items, those due first first."""

    items: Sequence[DecidedItemLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problems:
    """Problems, the newest first."""

    problems: Sequence[ProblemLine]


ConferenceYearSchema = answer_schema(ConferenceYear)
SeatSchema = answer_schema(Seat)
SeatsSchema = answer_schema(Seats)
MeetingSchema = answer_schema(Meeting)
MeetingsSchema = answer_schema(Meetings)
MeetingViewSchema = answer_schema(MeetingView)
IssueSchema = answer_schema(Issue)
IssuesSchema = answer_schema(Issues)
ItemsSchema = answer_schema(Items)
ItemViewSchema = answer_schema(ItemView)
ProblemSchema = answer_schema(UnitProblem)
ProblemsSchema = answer_schema(Problems)
ProblemViewSchema = answer_schema(ProblemView)
MaterialSchema = answer_schema(Material)
