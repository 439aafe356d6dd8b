"""The joint conference in PostgreSQL, in one transaction; files are sealed, each under a key of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, Table, delete, insert, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.encryption import KeyRing
from storage.rows import Row, to_row, to_value
from storage.tables import conference as tables
from workflows.casework.conference.model import (
    OF_A_UNIT,
    DecidedItem,
    Issue,
    IssueState,
    ItemState,
    Material,
    MaterialOf,
    Meeting,
    MeetingKind,
    MeetingState,
    ProblemState,
    RecordEvent,
    RecordStep,
    Seat,
    SeatRole,
    UnitProblem,
)
from workflows.casework.evidence.file_kinds import FileKind

WAITING = (IssueState.FILED, IssueState.DEFERRED)


class SqlConference:
    """Everything the conference keeps."""

    def __init__(self, connection: Connection, keys: KeyRing) -> None:
        self._connection = connection
        self._keys = keys

    def next_number(self, *, series: str, year: int) -> int:
        """Return the next number of a series: a number is given once, and none is left out."""
        counted = tables.series
        statement = upsert(counted).values(series=series, year=year, last=1)
        grown = statement.on_conflict_do_update(constraint="pk_conference_series", set_={"last": counted.c.last + 1})
        return int(self._connection.execute(grown.returning(counted.c.last)).scalar_one())

    def seats(self, key: tuple[str, str]) -> Sequence[Seat]:
        """Return who held a seat, the newest first."""
        role, held_by = key
        columns = tables.seat.c
        holder = columns.unit_kind if SeatRole(role) in OF_A_UNIT else columns.post
        statement = select(tables.seat).where(columns.role == role, holder == held_by).with_for_update()
        rows = self._connection.execute(statement.order_by(columns.since.desc())).mappings()
        return [to_seat(row) for row in rows]

    def seat(self, seat_id: UUID) -> Seat | None:
        """Return a seat while other changes of it wait."""
        row = self._one(tables.seat, seat_id)
        return to_seat(row) if row else None

    def save_seat(self, seat: Seat) -> None:
        """Keep a seat, new or changed."""
        statement = upsert(tables.seat).values(to_row(seat))
        self._connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_={"until": seat.until}))

    def add_meeting(self, meeting: Meeting, *, submission_key: str) -> bool:
        """Keep a new meeting, unless its submission key is known."""
        return self._added(tables.meeting, meeting, submission_key)

    def meeting_by_key(self, submission_key: str) -> Meeting | None:
        """Return the meeting that came of a submission."""
        row = self._by_key(tables.meeting, submission_key)
        return to_meeting(row) if row else None

    def meeting(self, meeting_id: UUID) -> Meeting | None:
        """Return a meeting while other changes of it wait."""
        row = self._one(tables.meeting, meeting_id)
        return to_meeting(row) if row else None

    def save_meeting(self, meeting: Meeting) -> None:
        """Write how far it is."""
        self._save(tables.meeting, meeting)

    def add_issue(self, issue: Issue, *, submission_key: str) -> bool:
        """Keep a new issue, unless its submission key is known."""
        return self._added(tables.issue, issue, submission_key)

    def issue_by_key(self, submission_key: str) -> Issue | None:
        """Return the issue that came of a submission."""
        row = self._by_key(tables.issue, submission_key)
        return to_issue(row) if row else None

    def issue(self, issue_id: UUID) -> Issue | None:
        """Return an issue while other changes of it wait."""
        row = self._one(tables.issue, issue_id)
        return to_issue(row) if row else None

    def issues_for(self, meeting_id: UUID) -> Sequence[Issue]:
        """Return the open issues of a meeting, and those that wait for the next one."""
        columns = tables.issue.c
        wanted = or_(columns.meeting_id == meeting_id, columns.meeting_id.is_(None))
        return self._issues(select(tables.issue).where(wanted, columns.state.in_(WAITING)))

    def issues_of(self, meeting_id: UUID) -> Sequence[Issue]:
        """Return every issue of a meeting."""
        return self._issues(select(tables.issue).where(tables.issue.c.meeting_id == meeting_id))

    def save_issue(self, issue: Issue) -> None:
        """Write how it stands."""
        self._save(tables.issue, issue)

    def items_of(self, meeting_id: UUID) -> Sequence[DecidedItem]:
        """Return what a meeting decided, in order."""
        columns = tables.item.c
        statement = select(tables.item).where(columns.meeting_id == meeting_id).order_by(columns.position)
        return [to_item(row) for row in self._connection.execute(statement.with_for_update()).mappings()]

    def put_items(self, meeting_id: UUID, items: Sequence[DecidedItem]) -> None:
        """Keep what a meeting decided, in place of what was kept before."""
        self._connection.execute(delete(tables.item).where(tables.item.c.meeting_id == meeting_id))
        if items:
            self._connection.execute(insert(tables.item), [to_row(one) for one in items])

    def item(self, item_id: UUID) -> DecidedItem | None:
        """Return a decided item while other changes of it wait."""
        row = self._one(tables.item, item_id)
        return to_item(row) if row else None

    def save_item(self, item: DecidedItem) -> None:
        """Write how it stands."""
        self._save(tables.item, item)

    def add_problem(self, problem: UnitProblem, *, submission_key: str) -> bool:
        """Keep a new problem, unless its submission key is known."""
        return self._added(tables.problem, problem, submission_key)

    def problem_by_key(self, submission_key: str) -> UnitProblem | None:
        """Return the problem that came of a submission."""
        row = self._by_key(tables.problem, submission_key)
        return to_problem(row) if row else None

    def problem(self, problem_id: UUID) -> UnitProblem | None:
        """Return a problem while other changes of it wait."""
        row = self._one(tables.problem, problem_id)
        return to_problem(row) if row else None

    def save_problem(self, problem: UnitProblem) -> None:
        """Write how it stands."""
        self._save(tables.problem, problem)

    def record(self, event: RecordEvent) -> None:
        """Append to the course of a record."""
        self._connection.execute(insert(tables.event).values(to_row(event)))

    def materials(self, record_id: UUID) -> Sequence[Material]:
        """Return the files beside a record, the oldest first."""
        columns = tables.material.c
        statement = select(*MATERIAL_COLUMNS).where(columns.record_id == record_id).order_by(columns.added_at)
        return [to_material(row) for row in self._connection.execute(statement).mappings()]

    def add_material(self, material: Material, content: bytes) -> None:
        """Keep a file, sealed under a key of its own."""
        seal, wrapped = self._keys.new_seal()
        sealed = seal.encrypt_bytes(content, where=material_place(material.id))
        values = {**to_row(material), "wrapped_key": wrapped, "content_sealed": sealed}
        self._connection.execute(insert(tables.material).values(values))

    def material(self, material_id: UUID) -> tuple[Material, bytes] | None:
        """Return a file with its content."""
        statement = select(tables.material).where(tables.material.c.id == material_id)
        row = self._connection.execute(statement).mappings().first()
        if row is None:
            return None
        seal = self._keys.seal(row["wrapped_key"])
        return to_material(row), seal.decrypt_bytes(row["content_sealed"], where=material_place(material_id))

    def _issues(self, statement: Select[Any]) -> Sequence[Issue]:
        columns = tables.issue.c
        ordered = statement.order_by(columns.filed_at, columns.id).with_for_update()
        return [to_issue(row) for row in self._connection.execute(ordered).mappings()]

    def _one(self, table: Table, record_id: UUID) -> Row | None:
        statement = select(table).where(table.c.id == record_id).with_for_update()
        return self._connection.execute(statement).mappings().first()

    def _by_key(self, table: Table, submission_key: str) -> Row | None:
        statement = select(table).where(table.c.submission_key == submission_key)
        return self._connection.execute(statement).mappings().first()

    def _added(self, table: Table, value: Any, submission_key: str) -> bool:  # any record of the conference
        statement = upsert(table).values(submission_key=submission_key, **to_row(value))
        once = statement.on_conflict_do_nothing(index_elements=["submission_key"])
        return self._connection.execute(once.returning(literal(1))).first() is not None

    def _save(self, table: Table, value: Any) -> None:  # any record of the conference
        self._connection.execute(update(table).where(table.c.id == value.id).values(to_row(value, "id")))


MATERIAL_COLUMNS = [one for one in tables.material.c if one.name not in ("wrapped_key", "content_sealed")]


def to_seat(row: Row) -> Seat:
    """Return the seat of a row."""
    return to_value(Seat, {**row, "role": SeatRole(row["role"])})


def to_meeting(row: Row) -> Meeting:
    """Return the meeting of a row."""
    return to_value(Meeting, {**row, "kind": MeetingKind(row["kind"]), "state": MeetingState(row["state"])})


def to_issue(row: Row) -> Issue:
    """Return the issue of a row."""
    return to_value(Issue, {**row, "state": IssueState(row["state"])})


def to_item(row: Row) -> DecidedItem:
    """Return the decided item of a row."""
    kinds = {"state": ItemState(row["state"]), "co_owners": tuple(row["co_owners"])}
    return to_value(DecidedItem, {**row, **kinds})


def to_problem(row: Row) -> UnitProblem:
    """Return the problem of a row."""
    return to_value(UnitProblem, {**row, "state": ProblemState(row["state"])})


def to_step(row: Row) -> RecordEvent:
    """Return the step of a row."""
    return to_value(RecordEvent, {**row, "step": RecordStep(row["step"])})


def to_material(row: Row) -> Material:
    """Return the file of a row, without its content."""
    kinds = {"beside": MaterialOf(row["beside"]), "kind": FileKind(row["kind"])}
    return to_value(Material, {**row, **kinds})


def material_place(material_id: UUID) -> str:
    """Return the place of a file's content."""
    return f"conference_material:{material_id}"
