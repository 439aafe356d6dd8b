"""What the joint conference needs from whoever keeps it, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
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


class Conference(Protocol):
    """Everything the conference keeps, in one transaction."""

    def next_number(self, *, series: str, year: int) -> int:
        """Return the next number of a series of a year; others of the series wait for this transaction."""
        ...

    def seats(self, key: tuple[str, str]) -> Sequence[Seat]:
        """Return who held a seat, the newest first, locked."""
        ...

    def seat(self, seat_id: UUID) -> Seat | None:
        """Return a seat, locked."""
        ...

    def save_seat(self, seat: Seat) -> None:
        """Keep a seat, new or changed."""
        ...

    def add_meeting(self, meeting: Meeting, *, submission_key: str) -> bool:
        """Keep a new meeting; say False and keep nothing when its submission key is known already."""
        ...

    def meeting_by_key(self, submission_key: str) -> Meeting | None:
        """Return the meeting that came of a submission."""
        ...

    def meeting(self, meeting_id: UUID) -> Meeting | None:
        """Return a meeting, locked."""
        ...

    def save_meeting(self, meeting: Meeting) -> None:
        """Write how far a meeting is."""
        ...

    def add_issue(self, issue: Issue, *, submission_key: str) -> bool:
        """Keep a new issue; say False and keep nothing when its submission key is known already."""
        ...

    def issue_by_key(self, submission_key: str) -> Issue | None:
        """Return the issue that came of a submission."""
        ...

    def issue(self, issue_id: UUID) -> Issue | None:
        """Return an issue, locked."""
        ...

    def issues_for(self, meeting_id: UUID) -> Sequence[Issue]:
        """Return the open issues of a meeting and those that wait for the next one, in the order of filing, locked."""
        ...

    def issues_of(self, meeting_id: UUID) -> Sequence[Issue]:
        """Return every issue of a meeting in the order of filing, locked."""
        ...

    def save_issue(self, issue: Issue) -> None:
        """Write how an issue stands."""
        ...

    def items_of(self, meeting_id: UUID) -> Sequence[DecidedItem]:
        """Return what a meeting decided, in order, locked."""
        ...

    def put_items(self, meeting_id: UUID, items: Sequence[DecidedItem]) -> None:
        """Keep what a meeting decided, in place of what was kept before."""
        ...

    def item(self, item_id: UUID) -> DecidedItem | None:
        """Return a decided item, locked."""
        ...

    def save_item(self, item: DecidedItem) -> None:
        """Write how a decided item stands."""
        ...

    def add_problem(self, problem: UnitProblem, *, submission_key: str) -> bool:
        """Keep a new problem; say False and keep nothing when its submission key is known already."""
        ...

    def problem_by_key(self, submission_key: str) -> UnitProblem | None:
        """Return the problem that came of a submission."""
        ...

    def problem(self, problem_id: UUID) -> UnitProblem | None:
        """Return a problem, locked."""
        ...

    def save_problem(self, problem: UnitProblem) -> None:
        """Write how a problem stands."""
        ...

    def record(self, event: RecordEvent) -> None:
        """Append to the course of a record."""
        ...

    def materials(self, record_id: UUID) -> Sequence[Material]:
        """Return the files beside a record."""
        ...

    def add_material(self, material: Material, content: bytes) -> None:
        """Keep a file, sealed."""
        ...

    def material(self, material_id: UUID) -> tuple[Material, bytes] | None:
        """Return a file with its content."""
        ...
