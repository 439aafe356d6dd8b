"""The questions about the joint conference answered on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, extract, func, literal, or_, select, union_all
from sqlalchemy import Engine as Database

from storage.conference import (
    MATERIAL_COLUMNS,
    WAITING,
    to_issue,
    to_item,
    to_material,
    to_meeting,
    to_problem,
    to_seat,
    to_step,
)
from storage.database import for_reading
from storage.rows import Row
from storage.tables import conference as tables
from storage.tables.documents import issued_document
from storage.tables.engine import user_task
from storage.tables.organisation import account
from storage.tables.supervision import supervision_order
from storage.work_lists import IS_OPEN
from workflows.casework.conference.errors import ConferenceRecordNotFound
from workflows.casework.conference.model import (
    DecidedItem,
    ItemState,
    Material,
    MeetingState,
    ProblemState,
    Seat,
)
from workflows.casework.conference.queries import (
    ConferenceYear,
    DecidedItemLine,
    EventRow,
    IssueLine,
    ItemFilter,
    ItemView,
    MeetingLine,
    MeetingView,
    MissedMeeting,
    NamedRecord,
    ProblemLine,
    ProblemView,
    RecordKind,
)
from workflows.casework.days import local_day

IN_WORK = (ItemState.OPEN, ItemState.REPORTED)
HELD = (MeetingState.HELD, MeetingState.ISSUED)
OPEN_PROBLEMS = (ProblemState.FILED, ProblemState.ASSIGNED, ProblemState.ANSWERED)
NUMBERED = {
    RecordKind.MEETING: tables.meeting,
    RecordKind.ITEM: tables.item,
    RecordKind.PROBLEM: tables.problem,
}
_meeting, _issue, _item, _problem = tables.meeting.c, tables.issue.c, tables.item.c, tables.problem.c


class SqlConferenceQueries:
    """Questions, each over a connection of its own."""

    def __init__(self, database: Database, *, now: Callable[[], datetime]) -> None:
        self._database = for_reading(database)
        self._now = now

    @property
    def _today(self) -> date:
        return local_day(self._now())

    def year(self, year: int, /, *, expected_by: Sequence[str]) -> ConferenceYear:
        """Return a year; a day by which a meeting is missing counts once it is over."""
        with self._database.connect() as connection:
            days = connection.execute(
                select(_meeting.held_on)
                .where(_meeting.state.in_(HELD), extract("year", _meeting.held_on) == year)
                .order_by(_meeting.held_on)
            )
            held = days.scalars().all()
            rows = connection.execute(_decided().where(extract("year", _meeting.held_on) == year)).mappings()
            items = [to_item(row) for row in rows]
            filed = connection.execute(
                select(_problem.state).where(extract("year", _problem.filed_at) == year)
            ).scalars()
            problems = list(filed)
        return ConferenceYear(
            year=year,
            meetings_held=len(held),
            missed=_missed(year, held, expected_by, self._today),
            decided=len(items),
            closed_on_time=sum(one.closed_on is not None and one.closed_on <= one.due_on for one in items),
            closed_late=sum(one.closed_on is not None and one.closed_on > one.due_on for one in items),
            in_work=sum(one.state in IN_WORK for one in items),
            overdue=sum(one.is_overdue(self._today) for one in items),
            problems_filed=len(problems),
            problems_closed=sum(one not in OPEN_PROBLEMS for one in problems),
        )

    def named(self, number: str, /) -> NamedRecord | None:
        """Return the record of a number."""
        found = union_all(
            *(
                select(literal(kind.value).label("kind"), table.c.id).where(table.c.number == number)
                for kind, table in NUMBERED.items()
            )
        )
        with self._database.connect() as connection:
            row = connection.execute(found).first()
        return NamedRecord(kind=RecordKind(row.kind), id=row.id) if row else None

    def seats(self, day: date | None, /) -> Sequence[Seat]:
        """Return who sits in the conference on a day, or every seat that was ever held, by role and unit."""
        columns = tables.seat.c
        statement = select(tables.seat).order_by(columns.role, columns.unit_kind, columns.post, columns.since.desc())
        if day is not None:
            statement = statement.where(columns.since <= day, or_(columns.until.is_(None), columns.until >= day))
        with self._database.connect() as connection:
            return [to_seat(row) for row in connection.execute(statement).mappings()]

    def meetings(self, year: int | None, /) -> Sequence[MeetingLine]:
        """Return the meetings of a year, or all, the newest first."""
        statement = _meetings(self._today).order_by(_meeting.meets_on.desc(), _meeting.convened_at.desc())
        if year is not None:
            statement = statement.where(extract("year", _meeting.meets_on) == year)
        with self._database.connect() as connection:
            return [_meeting_line(row) for row in connection.execute(statement).mappings()]

    def meeting(self, meeting_id: UUID, /) -> MeetingView:
        """Return a meeting with its issues, what it decided, and its course."""
        with self._database.connect() as connection:
            statement = _meetings(self._today).where(_meeting.id == meeting_id)
            row = connection.execute(statement).mappings().first()
            if row is None:
                raise ConferenceRecordNotFound
            items = connection.execute(_items().where(_item.meeting_id == meeting_id).order_by(_item.position))
            return MeetingView(
                line=_meeting_line(row),
                issues=_issue_lines(connection, _issue.meeting_id == meeting_id),
                items=[self._item_line(one) for one in items.mappings()],
                course=_course(connection, meeting_id),
            )

    def waiting_issues(self) -> Sequence[IssueLine]:
        """Return the issues that wait for the next meeting."""
        with self._database.connect() as connection:
            return _issue_lines(connection, and_(_issue.meeting_id.is_(None), _issue.state.in_(WAITING)))

    def items(self, wanted: ItemFilter, /) -> Sequence[DecidedItemLine]:
        """Return decided items, those due first first."""
        statement = _items().where(_item.state != ItemState.DRAFTED).order_by(_item.due_on, _item.number)
        if wanted.unit_kind is not None:
            statement = statement.where(
                or_(_item.owner == wanted.unit_kind, _item.co_owners.contains([wanted.unit_kind]))
            )
        if wanted.open_only or wanted.overdue_only:
            statement = statement.where(_item.state.in_(IN_WORK))
        if wanted.overdue_only:
            statement = statement.where(_item.due_on < self._today)
        with self._database.connect() as connection:
            return [self._item_line(row) for row in connection.execute(statement).mappings()]

    def overdue_on(self, day: date, /) -> Sequence[DecidedItemLine]:
        """Return the decided items that were past their day at the end of a day, those due first first."""
        was_open = or_(_item.closed_on.is_(None), _item.closed_on > day)
        statement = _items().where(_item.state != ItemState.DRAFTED, _item.due_on < day, was_open)
        with self._database.connect() as connection:
            rows = connection.execute(statement.order_by(_item.due_on, _item.number)).mappings()
            return [self._item_line(row) for row in rows]

    def item(self, item_id: UUID, /) -> ItemView:
        """Return a decided item with its course and its files."""
        with self._database.connect() as connection:
            row = connection.execute(_items().where(_item.id == item_id)).mappings().first()
            if row is None:
                raise ConferenceRecordNotFound
            return ItemView(
                line=self._item_line(row),
                course=_course(connection, item_id),
                materials=_materials(connection, [item_id]).get(item_id, ()),
            )

    def problems(self, *, open_only: bool) -> Sequence[ProblemLine]:
        """Return problems, the newest first."""
        statement = _problems().order_by(_problem.filed_at.desc(), _problem.id)
        if open_only:
            statement = statement.where(_problem.state.in_(OPEN_PROBLEMS))
        with self._database.connect() as connection:
            return [self._problem_line(row) for row in connection.execute(statement).mappings()]

    def problem(self, problem_id: UUID, /) -> ProblemView:
        """Return a problem with its course and its files."""
        with self._database.connect() as connection:
            row = connection.execute(_problems().where(_problem.id == problem_id)).mappings().first()
            if row is None:
                raise ConferenceRecordNotFound
            return ProblemView(
                line=self._problem_line(row),
                course=_course(connection, problem_id),
                materials=_materials(connection, [problem_id]).get(problem_id, ()),
            )

    def _item_line(self, row: Row) -> DecidedItemLine:
        item: DecidedItem = to_item(row)
        return DecidedItemLine(
            item=item,
            meeting_number=row["meeting_number"],
            is_overdue=item.is_overdue(self._today),
            order_number=row["order_number"],
            open_task=row["open_task"],
        )

    def _problem_line(self, row: Row) -> ProblemLine:
        problem = to_problem(row)
        is_late = problem.state is ProblemState.ASSIGNED and (problem.due_on or self._today) < self._today
        return ProblemLine(
            problem=problem, filer_name=row["filer_name"], is_overdue=is_late, open_task=row["open_task"]
        )


def _missed(year: int, held: Sequence[date], expected_by: Sequence[str], today: date) -> list[MissedMeeting]:
    """Return the days by which one more meeting should have been held in their part of the year, and none was."""
    missed, since = [], date(year, 1, 1)
    for text in expected_by:
        by = date.fromisoformat(f"{year}-{text}")
        if today > by and not any(since <= day <= by for day in held):
            missed.append(MissedMeeting(by=by))
        since = by
    return missed


def _open_task(instance_id: ColumnElement[Any]) -> Any:  # a scalar subquery
    return (
        select(user_task.c.id)
        .where(user_task.c.process_instance_id == instance_id, IS_OPEN)
        .order_by(user_task.c.created_at)
        .limit(1)
        .scalar_subquery()
    )


def _name_of(login: ColumnElement[Any]) -> Any:  # a scalar subquery
    found = select(account.c.name).where(account.c.login == login).scalar_subquery()
    return func.coalesce(found, login)


def _decided() -> Select[Any]:
    joined = select(tables.item).join(tables.meeting, _meeting.id == _item.meeting_id)
    return joined.where(_item.state != ItemState.DRAFTED)


def _meetings(today: date) -> Select[Any]:
    of_it = _item.meeting_id == _meeting.id
    items = select(func.count()).where(of_it, _item.state != ItemState.DRAFTED).scalar_subquery()
    open_ones = select(func.count()).where(of_it, _item.state.in_(IN_WORK)).scalar_subquery()
    late = select(func.count()).where(of_it, _item.state.in_(IN_WORK), _item.due_on < today).scalar_subquery()
    return select(
        tables.meeting,
        select(func.count()).where(_issue.meeting_id == _meeting.id).scalar_subquery().label("issues"),
        items.label("items"),
        open_ones.label("open_items"),
        late.label("overdue_items"),
        issued_document.c.number.label("document_number"),
        _open_task(_meeting.process_instance_id).label("open_task"),
    ).outerjoin(issued_document, issued_document.c.id == _meeting.document_id)


def _meeting_line(row: Row) -> MeetingLine:
    return MeetingLine(
        meeting=to_meeting(row),
        issues=int(row["issues"]),
        items=int(row["items"]),
        open_items=int(row["open_items"]),
        overdue_items=int(row["overdue_items"]),
        document_number=row["document_number"],
        open_task=row["open_task"],
    )


def _items() -> Select[Any]:
    return (
        select(
            tables.item,
            _meeting.number.label("meeting_number"),
            supervision_order.c.number.label("order_number"),
            _open_task(_item.process_instance_id).label("open_task"),
        )
        .join(tables.meeting, _meeting.id == _item.meeting_id)
        .outerjoin(supervision_order, supervision_order.c.id == _item.order_id)
    )


def _problems() -> Select[Any]:
    return select(
        tables.problem,
        _name_of(_problem.filed_by).label("filer_name"),
        _open_task(_problem.process_instance_id).label("open_task"),
    )


def _issue_lines(connection: Connection, condition: ColumnElement[bool]) -> list[IssueLine]:
    statement = select(tables.issue, _name_of(_issue.filed_by).label("filer_name")).where(condition)
    rows = connection.execute(statement.order_by(_issue.position, _issue.filed_at)).mappings().all()
    files = _materials(connection, [row["id"] for row in rows])
    return [
        IssueLine(issue=to_issue(row), filer_name=row["filer_name"], materials=files.get(row["id"], ())) for row in rows
    ]


def _course(connection: Connection, record_id: UUID) -> list[EventRow]:
    columns = tables.event.c
    statement = select(tables.event, _name_of(columns.by).label("by_name")).where(columns.record_id == record_id)
    rows = connection.execute(statement.order_by(columns.id)).mappings()
    return [EventRow(event=to_step(row), by_name=row["by_name"]) for row in rows]


def _materials(connection: Connection, record_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[Material]]:
    columns = tables.material.c
    statement = select(*MATERIAL_COLUMNS).where(columns.record_id.in_(record_ids)).order_by(columns.added_at)
    found: dict[UUID, list[Material]] = {}
    for row in connection.execute(statement).mappings():
        found.setdefault(row["record_id"], []).append(to_material(row))
    return found
