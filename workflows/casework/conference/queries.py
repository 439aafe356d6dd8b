"""What may be asked of the joint conference: its year, its seats, meetings, decided items and problems."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, Protocol
from uuid import UUID

from workflows.casework.conference.model import (
    DecidedItem,
    Issue,
    Material,
    Meeting,
    RecordEvent,
    Seat,
    UnitProblem,
)


class RecordKind(StrEnum):
    """What of the conference has a number."""

    MEETING = "meeting"
    ITEM = "item"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """A step in a course, with the name of who took it."""

    event: RecordEvent
    by_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingLine:
    """A meeting in a list, with how many issues and decided items it has, and the open task it waits in."""

    meeting: Meeting
    issues: int
    items: int
    open_items: int
    overdue_items: int
    document_number: str | None
    open_task: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueLine:
    """An issue with its files."""

    issue: Issue
    filer_name: str
    materials: Sequence[Material]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedItemLine:
    """A decided item in a list, with its meeting, its order, how late it is, and the open task it waits in."""

    item: DecidedItem
    meeting_number: str
    is_overdue: bool
    order_number: str | None
    open_task: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """A decided item with its course and its files."""

    line: DecidedItemLine
    course: Sequence[EventRow]
    materials: Sequence[Material]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingView:
    """A meeting with its issues, what it decided, and its course."""

    line: MeetingLine
    issues: Sequence[IssueLine]
    items: Sequence[DecidedItemLine]
    course: Sequence[EventRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemLine:
    """A problem in a list, with the open task it waits in."""

    problem: UnitProblem
    filer_name: str
    is_overdue: bool
    open_task: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemView:
    """A problem with its course and its files."""

    line: ProblemLine
    course: Sequence[EventRow]
    materials: Sequence[Material]


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedMeeting:
    """A day of the year by which a meeting should have been held and none was."""

    by: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ConferenceYear:
    """A year of the conference: meetings held, decided items and when they were closed, problems."""

    year: int
    meetings_held: int
    missed: Sequence[MissedMeeting]
    decided: int
    closed_on_time: int
    closed_late: int
    in_work: int
    overdue: int
    problems_filed: int
    problems_closed: int
    SHOWN: ClassVar = ("on_time_share",)

    @property
    def on_time_share(self) -> float | None:
        """Return the share of closed items that were closed on time; None while none is closed."""
        closed = self.closed_on_time + self.closed_late
        return self.closed_on_time / closed if closed else None


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedRecord:
    """A meeting, a decided item or a problem that is called by its number."""

    kind: RecordKind
    id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFilter:
    """Which decided items."""

    unit_kind: str | None = None  # that owns them, alone or with others
    open_only: bool = True
    overdue_only: bool = False


class ConferenceQueries(Protocol):
    """Questions about the conference; every method reads one committed state."""

    def year(self, year: int, /, *, expected_by: Sequence[str]) -> ConferenceYear:
        """Return a year; `expected_by` are its days (MM-DD) by which one more meeting should have been held."""
        ...

    def named(self, number: str, /) -> NamedRecord | None:
        """Return the record of a number, which tasks and orders are about; None: it is none of the conference."""
        ...

    def seats(self, day: date | None, /) -> Sequence[Seat]:
        """Return who sits in the conference on a day, or every seat that was ever held."""
        ...

    def meetings(self, year: int | None, /) -> Sequence[MeetingLine]:
        """Return the meetings of a year, or all, the newest first."""
        ...

    def meeting(self, meeting_id: UUID, /) -> MeetingView:
        """Return a meeting.

        Raises:
            ConferenceRecordNotFound: there is none.
        """
        ...

    def waiting_issues(self) -> Sequence[IssueLine]:
        """Return the issues that wait for the next meeting."""
        ...

    def items(self, wanted: ItemFilter, /) -> Sequence[DecidedItemLine]:
        """Return decided items, those due first first."""
        ...

    def overdue_on(self, day: date, /) -> Sequence[DecidedItemLine]:
        """Return the decided items that were past their day at the end of a day, and not closed."""
        ...

    def item(self, item_id: UUID, /) -> ItemView:
        """Return a decided item.

        Raises:
            ConferenceRecordNotFound: there is none.
        """
        ...

    def problems(self, *, open_only: bool) -> Sequence[ProblemLine]:
        """Return problems, the newest first."""
        ...

    def problem(self, problem_id: UUID, /) -> ProblemView:
        """Return a problem.

        Raises:
            ConferenceRecordNotFound: there is none.
        """
        ...
