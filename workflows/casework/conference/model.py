"""What the joint conference keeps: seats, meetings, issues, decided items, problems between units, and files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from engine.model import Actor
from workflows.casework.county import CIVIL_AFFAIRS, COUNTY_REGION, TOWNSHIP
from workflows.casework.evidence.file_kinds import FileKind
from workflows.organisation.model import ADMINISTRATOR, SUPERVISOR

OFFICE_UNIT = CIVIL_AFFAIRS
"""The unit at which the office of the conference sits."""
OFFICE_ROLES = frozenset({"clerk", "reviewer", "leader", SUPERVISOR})
OFFICE_GROUP = f"{OFFICE_UNIT}/clerk"
ORDERING_GROUP = f"{OFFICE_UNIT}/{SUPERVISOR}"
LEADING_ROLES = frozenset({"leader", SUPERVISOR})


class SeatRole(StrEnum):
    """What somebody is in the conference."""

    CHIEF_CONVENER = "chief_convener"
    CONVENER = "convener"
    MEMBER = "member"
    OFFICE_HEAD = "office_head"
    LIAISON = "liaison"  # one of each unit


OF_A_UNIT = (SeatRole.MEMBER, SeatRole.LIAISON)
"""Roles of which every unit has one; of the others one is held by every public post."""


class MeetingKind(StrEnum):
    """Why a meeting is held."""

    ORDINARY = "ordinary"
    AD_HOC = "ad_hoc"  # on orders of the city government


class MeetingState(StrEnum):
    """How far a meeting is."""

    COLLECTING = "collecting"  # units file issues
    CLOSED = "closed"  # no more issues; the liaison officers fix the agenda
    LOCKED = "locked"  # the agenda is fixed
    HELD = "held"  # decided; the minutes are being written
    ISSUED = "issued"  # the minutes are signed and sent out
    CALLED_OFF = "called_off"


class IssueState(StrEnum):
    """How an issue stands."""

    FILED = "filed"  # for a meeting, or for the next one where none is named
    ON_AGENDA = "on_agenda"
    SETTLED = "settled"  # the liaison officers settled it, or the meeting took note of it
    DECIDED = "decided"
    DEFERRED = "deferred"  # for the next meeting
    WITHDRAWN = "withdrawn"


class ItemState(StrEnum):
    """How a decided item stands."""

    DRAFTED = "drafted"  # the minutes are not signed yet
    OPEN = "open"
    REPORTED = "reported"  # its owner says that it is done; the office looks at the evidence
    CLOSED = "closed"


class ProblemState(StrEnum):
    """How a problem between units stands."""

    FILED = "filed"  # the office gives it to a unit
    ASSIGNED = "assigned"
    ANSWERED = "answered"  # who filed it says whether that settles it
    CLOSED = "closed"
    ON_AGENDA = "on_agenda"  # it became an issue of the conference
    DECLINED = "declined"


class RecordStep(StrEnum):
    """What happened to a meeting, a decided item or a problem."""

    CONVENED = "convened"
    CLOSED_FOR_ISSUES = "closed_for_issues"
    AGENDA_LOCKED = "agenda_locked"
    CALLED_OFF = "called_off"
    HELD = "held"
    MINUTES_RETURNED = "minutes_returned"
    MINUTES_ISSUED = "minutes_issued"
    REPORTED_UP = "reported_up"
    DECIDED = "decided"
    PROGRESS = "progress"
    REPORTED = "reported"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    DUE_SOON = "due_soon"
    ORDERED = "ordered"
    FILED = "filed"
    ASSIGNED = "assigned"
    ANSWERED = "answered"
    OVERDUE = "overdue"
    UNSETTLED = "unsettled"
    SETTLED = "settled"
    PUT_ON_AGENDA = "put_on_agenda"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A person in the conference for a time. Who takes over the post takes over the seat."""

    id: UUID
    role: SeatRole
    unit_kind: str | None  # of members and liaison officers
    post: str  # the public post by which it is held
    name: str
    login: str | None
    since: date
    until: date | None  # its last day

    @property
    def key(self) -> tuple[str, str]:
        """Return what one person at a time holds."""
        return (self.role.value, (self.unit_kind or "") if self.role in OF_A_UNIT else self.post)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A meeting of the conference, from its call to its minutes."""

    id: UUID
    number: str
    kind: MeetingKind
    title: str
    place: str
    meets_on: date
    issues_until: date  # the last day on which units file issues
    liaison_on: date
    convened_at: datetime
    convened_by: str
    state: MeetingState = MeetingState.COLLECTING
    held_on: date | None = None
    chair: str = ""
    participants: str = ""
    minutes_due_on: date | None = None
    minutes: str = ""
    document_id: UUID | None = None
    issued_on: date | None = None
    reported_up_on: date | None = None
    process_instance_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """A matter a unit wants the conference to decide."""

    id: UUID
    meeting_id: UUID | None  # None: it waits for the next meeting
    unit_kind: str
    title: str
    text: str
    filed_at: datetime
    filed_by: str
    state: IssueState = IssueState.FILED
    note: str = ""  # why it stands as it does
    position: int | None = None  # among the issues of its meeting
    problem_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedItem:
    """What a meeting decided, who owes it, with whom, and by when."""

    id: UUID
    meeting_id: UUID
    number: str
    position: int
    issue_title: str
    text: str
    owner: str  # a kind of unit
    co_owners: tuple[str, ...]
    due_on: date
    is_major: bool  # told to the city government
    state: ItemState = ItemState.DRAFTED
    closed_on: date | None = None
    order_id: UUID | None = None
    process_instance_id: UUID | None = None

    def is_overdue(self, today: date) -> bool:
        """Say whether it is past its day and not closed."""
        return self.state in (ItemState.OPEN, ItemState.REPORTED) and self.due_on < today


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitProblem:
    """A problem between units that needs somebody to bring them together."""

    id: UUID
    number: str
    unit_kind: str  # of who filed it
    title: str
    text: str
    filed_at: datetime
    filed_by: str
    state: ProblemState = ProblemState.FILED
    assigned_to: str | None = None
    due_on: date | None = None
    answer: str = ""
    is_overdue_told: bool = False
    closed_on: date | None = None
    process_instance_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordEvent:
    """A step in the course of a meeting, an item or a problem."""

    record_id: UUID
    at: datetime
    by: str
    step: RecordStep
    text: str = ""
    evidence: str = ""  # what proves that an item is done


class MaterialOf(StrEnum):
    """What a file lies beside."""

    ISSUE = "issue"
    ITEM = "item"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A file beside an issue, a decided item or a problem; its content is sealed."""

    id: UUID
    beside: MaterialOf
    record_id: UUID
    name: str
    kind: FileKind
    size_bytes: int
    sha256: str
    unit_kind: str
    added_at: datetime
    added_by: str


def is_office(actor: Actor) -> bool:
    """Say whether somebody works for the office of the conference."""
    return any(
        one.unit_kind == OFFICE_UNIT and one.role in OFFICE_ROLES and COUNTY_REGION.startswith(one.region)
        for one in actor.memberships
    )


def takes_part(actor: Actor) -> bool:
    """Say whether somebody sees the conference: every county unit, and those who lead a town."""
    return actor.system or any(
        one.unit_kind != TOWNSHIP or one.role in LEADING_ROLES or one.role == ADMINISTRATOR for one in actor.memberships
    )


def speaks_for(actor: Actor) -> tuple[str, ...]:
    """Return the kinds of county units for which somebody files issues and problems."""
    return tuple(sorted({one.unit_kind for one in actor.memberships if one.unit_kind != TOWNSHIP}))


def owner_group(unit_kind: str) -> str:
    """Return the group whose members work for a unit on what the conference decided."""
    return f"{unit_kind}/clerk"
