"""What may be asked of procedure without changing anything; who objected stands in no answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, Self
from uuid import UUID

from engine.json_values import JsonObject
from engine.model import Actor
from workflows.casework.procedure.model import (
    Appraisal,
    CalendarChange,
    DocumentReference,
    KinEntry,
    KinPost,
    NoticePosting,
    NoticeState,
    Objection,
    SurveyKind,
    SurveyRecord,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyView:
    """A visit as shown."""

    id: UUID
    round: int
    kind: SurveyKind
    visited_on: date
    first_surveyor: str
    second_surveyor: str
    findings: str
    photos: Sequence[DocumentReference]

    @classmethod
    def of(cls, survey: SurveyRecord) -> Self:
        """Return a visit as shown."""
        return cls(
            id=survey.id,
            round=survey.round,
            kind=survey.kind,
            visited_on=survey.visited_on,
            first_surveyor=survey.first_surveyor,
            second_surveyor=survey.second_surveyor,
            findings=str(survey.record.get("findings") or ""),
            photos=survey.photos,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionView:
    """An objection as shown: what was said and answered, not by whom."""

    number: str
    channel: str
    text: str
    received_at: datetime
    outcome: str | None
    answer: str | None
    answered_at: datetime | None
    delivered_at: datetime | None

    @classmethod
    def of(cls, objection: Objection) -> Self:
        """Return an objection as shown."""
        return cls(
            number=objection.number,
            channel=objection.channel,
            text=objection.text,
            received_at=objection.received_at,
            outcome=objection.outcome,
            answer=objection.answer,
            answered_at=objection.answered_at,
            delivered_at=objection.delivered_at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeView:
    """A public notice with its life on the board and what was objected."""

    number: str
    programme: str
    state: NoticeState
    text: str
    place: str | None
    posted_on: date | None
    ends_on: date | None
    taken_down_on: date | None
    photo_up: DocumentReference | None
    photo_down: DocumentReference | None
    objections: Sequence[ObjectionView]

    @classmethod
    def of(cls, posting: NoticePosting, text: str, objections: Sequence[ObjectionView]) -> Self:
        """Return a notice as shown."""
        return cls(
            number=posting.number,
            programme=posting.programme,
            state=posting.state,
            text=text,
            place=posting.place,
            posted_on=posting.posted_on,
            ends_on=posting.ends_on,
            taken_down_on=posting.taken_down_on,
            photo_up=posting.photo_up,
            photo_down=posting.photo_down,
            objections=objections,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AppraisalView:
    """An appraisal as shown."""

    held_on: date
    place: str
    participants: Sequence[JsonObject]
    votes_for: int
    votes_against: int
    votes_abstained: int
    minutes: str
    documents: Sequence[DocumentReference]

    @classmethod
    def of(cls, appraisal: Appraisal) -> Self:
        """Return an appraisal as shown."""
        return cls(
            held_on=appraisal.held_on,
            place=appraisal.place,
            participants=appraisal.participants,
            votes_for=appraisal.votes_for,
            votes_against=appraisal.votes_against,
            votes_abstained=appraisal.votes_abstained,
            minutes=appraisal.minutes,
            documents=appraisal.documents,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureView:
    """What was done in a case beside its programmes; `full_sample`: the county looks at every such case."""

    kin: Sequence[KinEntry]
    full_sample: bool
    surveys: Sequence[SurveyView]
    notices: Sequence[NoticeView]
    appraisals: Sequence[AppraisalView]


@dataclass(frozen=True, slots=True, kw_only=True)
class KinRegisterFilter:
    """Which lines of the register."""

    since: datetime | None = None
    until: datetime | None = None
    concealed_only: bool = False
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class KinLine:
    """A line of the list for the discipline office; a concealed link counts as a record of integrity."""

    case_number: str
    town: str
    town_en: str
    applicant: str  # masked
    name: str
    relation: str
    post: KinPost
    unit: str
    login: str | None
    registered_at: datetime
    registered_by: str
    concealed: bool
    status: str
    outcome: str | None
    county_visited: bool


class ProcedureQueries(Protocol):
    """The read side of procedure."""

    def procedure(self, case_id: UUID, /) -> ProcedureView:
        """Return what was done in a case the caller may see."""
        ...

    def kin_register(self, wanted: KinRegisterFilter, actor: Actor, /) -> Sequence[KinLine]:
        """Return lines of the register of cases the actor may see, newest first."""
        ...

    def calendar_changes(self, year: int, /) -> Sequence[CalendarChange]:
        """Return what was changed in the calendar of a year, newest first."""
        ...
