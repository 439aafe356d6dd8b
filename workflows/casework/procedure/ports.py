"""What procedure needs from whoever keeps its data; each repository works inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from workflows.casework.conference.ports import Conference
from workflows.casework.model import Case
from workflows.casework.orders.ports import Supervision
from workflows.casework.procedure.model import (
    Appraisal,
    CalendarChange,
    ClockPause,
    Extension,
    KinEntry,
    NoticePosting,
    Objection,
    OpenDue,
    SurveyRecord,
)


class ClockLedger(Protocol):
    """Pauses and extensions, and the due times they move."""

    def add_pause(self, pause: ClockPause) -> None:
        """Keep a pause."""
        ...

    def save_pause(self, pause: ClockPause) -> None:
        """Write when a pause ended."""
        ...

    def pauses(self, case_id: UUID) -> Sequence[ClockPause]:
        """Return the pauses of a case and its referrals, oldest first."""
        ...

    def add_extension(self, extension: Extension) -> None:
        """Keep a wish for more time."""
        ...

    def save_extension(self, extension: Extension) -> None:
        """Write what was decided."""
        ...

    def extensions(self, case_id: UUID) -> Sequence[Extension]:
        """Return the extensions of a case, oldest first."""
        ...

    def open_dues(self, number: str) -> Sequence[OpenDue]:
        """Return the due times that wait in the processes of a case: of its open tasks and of its limits' timers."""
        ...

    def set_due(self, due: OpenDue, due_at: datetime | None) -> None:
        """Give a task another due time, or none; a timer without one waits until it gets one."""
        ...

    def running_cases(self) -> Sequence[UUID]:
        """Return the accepted cases that are not finished, always in the same order."""
        ...


class KinRegister(Protocol):
    """The register of relatives."""

    def add(self, entry: KinEntry) -> bool:
        """Keep an entry; say False and keep nothing when this person stands there for the case already."""
        ...

    def of_case(self, case_id: UUID) -> Sequence[KinEntry]:
        """Return the entries of a case, oldest first."""
        ...

    def holds(self, *, number: str, login: str) -> bool:
        """Say whether somebody is registered as kin in the case of a number."""
        ...

    def numbers_of(self, login: str) -> frozenset[str]:
        """Return the numbers of the cases whose register names somebody; for lists over many cases."""
        ...

    def is_account(self, login: str) -> bool:
        """Say whether somebody signs in by this name."""
        ...

    def tasks_held(self, *, number: str, login: str) -> Sequence[UUID]:
        """Return the open tasks of a case that somebody holds."""
        ...


class Surveys(Protocol):
    """Visits to households."""

    def add(self, survey: SurveyRecord) -> None:
        """Keep a visit."""
        ...

    def of_case(self, case_id: UUID) -> Sequence[SurveyRecord]:
        """Return the visits of a case, oldest first."""
        ...

    def lot(self, number: str) -> Decimal:
        """Return the lot of a case, from 0 up to but not 1: always the same, and unknown to who lacks the key."""
        ...

    def who_did(self, process_instance_id: UUID, name: str, value: str) -> str | None:
        """Return who completed the newest task with a property of this value, or an id that meant it before."""
        ...


class NoticeBoard(Protocol):
    """Public notices on their boards, and what was objected to them."""

    def next_number(self, case: Case) -> str:
        """Return the number of the next notice of a case."""
        ...

    def add(self, posting: NoticePosting) -> None:
        """Keep a notice that is to be posted."""
        ...

    def save(self, posting: NoticePosting) -> None:
        """Write where it hangs and since when."""
        ...

    def get(self, notice_id: UUID) -> NoticePosting | None:
        """Return a notice."""
        ...

    def by_number(self, number: str) -> NoticePosting | None:
        """Return a notice by what an objector names."""
        ...

    def of_case(self, case_id: UUID) -> Sequence[NoticePosting]:
        """Return the notices of a case, oldest first."""
        ...

    def add_objection(self, objection: Objection) -> None:
        """Keep an objection."""
        ...

    def save_objection(self, objection: Objection) -> None:
        """Write its answer."""
        ...

    def objection(self, objection_id: UUID) -> Objection | None:
        """Return an objection with who made it."""
        ...

    def objections(self, notice_id: UUID) -> Sequence[Objection]:
        """Return the objections to a notice, oldest first."""
        ...

    def objection_count(self, notice_id: UUID) -> int:
        """Return how many objections to a notice there are."""
        ...

    def unanswered_count(self, notice_id: UUID, *, received_by: str) -> int:
        """Return how many objections taken in by somebody wait for their answer."""
        ...


class Appraisals(Protocol):
    """Minutes of democratic appraisals."""

    def add(self, appraisal: Appraisal) -> None:
        """Keep the minutes."""
        ...

    def of_case(self, case_id: UUID) -> Sequence[Appraisal]:
        """Return the appraisals of a case, oldest first."""
        ...


class CalendarRecord(Protocol):
    """Who changed the working calendar."""

    def add(self, change: CalendarChange) -> None:
        """Append a line."""
        ...

    def save(self, change: CalendarChange) -> None:
        """Write how many limits a change moved."""
        ...


class Procedure(Protocol):
    """Everything procedure keeps, in one transaction."""

    @property
    def clock(self) -> ClockLedger:
        """Return the ledger of the clocks."""
        ...

    @property
    def kin(self) -> KinRegister:
        """Return the register of relatives."""
        ...

    @property
    def surveys(self) -> Surveys:
        """Return the visits."""
        ...

    @property
    def notice_board(self) -> NoticeBoard:
        """Return the public notices."""
        ...

    @property
    def appraisals(self) -> Appraisals:
        """Return the appraisals."""
        ...

    @property
    def calendar_record(self) -> CalendarRecord:
        """Return who changed the calendar."""
        ...

    @property
    def conference(self) -> Conference:
        """Return the joint conference."""
        ...

    @property
    def supervision(self) -> Supervision:
        """Return the supervision orders, and the notices inside the system."""
        ...
