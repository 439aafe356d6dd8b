"""The nouns of procedure. Names, findings and texts of persons are plain values here; storage seals them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal
from uuid import UUID

from engine.json_values import JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockPause:
    """A line of the ledger: from when to when the clock of a case, or of one referral, stood still, and why.

    `held` keeps the due times that were taken away for the pause, by user task and by timer, to give them back.
    """

    id: UUID
    case_id: UUID
    reason: str
    paused_on: date
    paused_at: datetime
    paused_by: str
    held: JsonObject
    referral_id: UUID | None = None  # None: the clock of the whole case
    resumed_on: date | None = None
    resumed_at: datetime | None = None
    resumed_by: str | None = None


class ExtensionState(StrEnum):
    """What became of a wish for more time."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    LAPSED = "lapsed"  # the limit passed before a leader decided


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """More time for a case, asked for with a reason and decided by a leader before the limit is over."""

    id: UUID
    case_id: UUID
    reason: str
    asked_on: date
    asked_at: datetime
    asked_by: str
    days: int  # the whole limit in working days, as it would be
    due_before: date
    due_after: date
    state: ExtensionState = ExtensionState.ASKED
    decided_at: datetime | None = None
    decided_by: str | None = None
    decision_note: str | None = None


DueKind = Literal["task", "timer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDue:
    """A due time that waits in a process of a case: of a user task, or of a timer that keeps a statutory limit."""

    kind: DueKind
    key: str  # id of the user task; instance and subscription of the timer
    element_id: str
    due_at: datetime | None
    opened_on: date | None  # None: a timer, which is as old as its limit
    subject: str | None = None  # the number of the referral a task is about
    groups: tuple[str, ...] = ()  # of a task: who may take it
    processes: tuple[str, ...] = ()  # of a task: the processes it lies in, one called by the other


class KinPost(StrEnum):
    """What the relative is, so that the case is handled apart."""

    STAFF = "staff"  # works on relief cases
    VILLAGE = "village"  # sits on a village or community committee


@dataclass(frozen=True, slots=True, kw_only=True)
class KinEntry:
    """A line of the register of relatives (近亲属备案): somebody of office or village is kin of the household."""

    id: UUID
    case_id: UUID
    name: str
    relation: str
    post: KinPost
    unit: str  # where that person serves, in words
    login: str | None  # the account that must keep away; None: has none
    registered_at: datetime
    registered_by: str
    concealed: bool = False  # found out later: the household had not said so
    note: str | None = None


class SurveyKind(StrEnum):
    """Why a household was visited."""

    FIRST = "first"
    AGAIN = "again"  # after an objection
    RECHECK = "recheck"  # because a running benefit is looked at again
    COUNTY = "county"  # by two of the county, where kin of staff or a complaint is in the case


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentReference:
    """A document kept elsewhere, by its name and the hash of its content."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyRecord:
    """A visit: by whom, when, what was seen, with the confirmation of the second person."""

    id: UUID
    case_id: UUID
    round: int  # counted through the visits of the case, from 1
    kind: SurveyKind
    visited_on: date
    first_surveyor: str
    second_surveyor: str
    record: JsonObject  # as the first surveyor wrote it
    confirmation: JsonObject  # what the second said to it
    photos: tuple[DocumentReference, ...]
    recorded_at: datetime


class NoticeState(StrEnum):
    """Where a public notice stands."""

    PREPARED = "prepared"
    POSTED = "posted"
    LOCKED = "locked"  # somebody objected: nothing is sent up before the matter is answered
    OVER = "over"
    WITHDRAWN = "withdrawn"  # an objection held: another opinion is needed


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePosting:
    """The life of a public notice on its board; its text is that of the public notice with the same id."""

    notice_id: UUID
    case_id: UUID
    referral_id: UUID
    number: str  # what an objector names
    programme: str
    state: NoticeState
    place: str | None = None
    posted_on: date | None = None
    posted_by: str | None = None
    ends_on: date | None = None  # the last of its full days
    photo_up: DocumentReference | None = None
    taken_down_on: date | None = None
    photo_down: DocumentReference | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """An objection to a public notice, by anyone. Who it was is sealed and shown in no list."""

    id: UUID
    number: str
    case_id: UUID
    notice_id: UUID
    channel: str
    text: str
    received_at: datetime
    received_by: str
    objector: str | None = None
    contact: str | None = None
    answer: str | None = None
    outcome: str | None = None  # dismissed, upheld
    answered_at: datetime | None = None
    answered_by: str | None = None
    delivered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Appraisal:
    """A democratic appraisal (民主评议): who sat, how they voted, what was said."""

    id: UUID
    case_id: UUID
    referral_id: UUID
    held_on: date
    place: str
    participants: tuple[JsonObject, ...]  # {name, role}
    votes_for: int
    votes_against: int
    votes_abstained: int
    minutes: str
    documents: tuple[DocumentReference, ...]
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarChange:
    """A line of the record of what was changed in the working calendar."""

    id: UUID
    at: datetime
    by: str
    day: date  # the day, or the first day of the year that was loaded
    what: str  # day, year
    is_workday: bool | None
    name: str
    source: str
    cases_moved: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFacts:
    """What a public notice says beside the household: what is proposed, and how much."""

    programme: str
    opinion: str
    amount: Decimal | None
    amount_period: str | None
