"""Repositories of casework in PostgreSQL beside the case files: each works inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, func, literal, literal_column, select, text, update
from sqlalchemy.dialects.postgresql import Insert, distinct_on
from sqlalchemy.dialects.postgresql import insert as upsert

from engine.json_values import JsonValue, dump_json, load_json
from storage.case_files import case_seal
from storage.encryption import CaseSeal, KeyRing
from storage.rows import to_row, to_value
from storage.tables import casework as tables
from workflows.casework.parameter_changes.model import ParameterChange
from workflows.casework.records import (
    AgencyRequest,
    AnswerStatus,
    CorrectionNotice,
    DeliveryWay,
    Notice,
    NoticeKind,
    Parameter,
    PublicNotice,
    Referral,
)
from workflows.rules.calendar import CalendarDay, WorkingCalendar

Record = TypeVar("Record")

MOST_DAYS = 64  # whose figures of policy a process keeps
_ROW_VERSION: ColumnElement[str] = literal_column("ctid::text || ':' || xmin::text")
_FINGERPRINT = select(func.coalesce(func.sum(func.hashtextextended(_ROW_VERSION, 0)), 0)).select_from(tables.parameter)
"""Says which versions of rows the table of parameters has: any change of it gives another number."""


@dataclass(slots=True, kw_only=True)
class CaseworkStorage:
    """What all transactions of a process share: the county's keys, calendar and figures as last read."""

    keys: KeyRing
    calendars: dict[UUID, WorkingCalendar] = field(default_factory=dict)
    figures: dict[tuple[int, date], Mapping[str, JsonValue]] = field(default_factory=dict)  # by fingerprint and day


class SqlReferrals:
    """Referrals."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._revision = 0

    def add(self, referral: Referral) -> bool:
        """Keep a new referral, unless its number is taken."""
        self._revision += 1
        return _added(self._connection, tables.referral, to_row(referral, "acknowledged_at"))

    @property
    def revision(self) -> int:
        """Return how often referrals were written in this transaction."""
        return self._revision

    def get(self, referral_id: UUID) -> Referral | None:
        """Return a referral."""
        row = _row(self._connection, tables.referral, referral_id)
        return to_value(Referral, row) if row else None

    def by_number(self, number: str) -> Referral | None:
        """Return a referral by its number."""
        statement = select(tables.referral).where(tables.referral.c.number == number)
        row = self._connection.execute(statement).mappings().first()
        return to_value(Referral, row) if row else None

    def of_case(self, case_id: UUID) -> Sequence[Referral]:
        """Return the referrals of a case by number."""
        statement = select(tables.referral).where(tables.referral.c.case_id == case_id)
        rows = self._connection.execute(statement.order_by(tables.referral.c.number)).mappings()
        return [to_value(Referral, row) for row in rows]

    def save(self, referral: Referral) -> None:
        """Write state, clocks and answer."""
        self._revision += 1
        values = to_row(referral, "acknowledged_at")
        self._connection.execute(update(tables.referral).where(tables.referral.c.id == referral.id).values(values))


class SqlAgencyRequests:
    """The ledger of questions; answers are sealed under the case's key."""

    def __init__(self, connection: Connection, keys: KeyRing) -> None:
        self._connection = connection
        self._keys = keys

    def add(self, request: AgencyRequest) -> bool:
        """Keep a new question, unless its number is taken."""
        return _added(self._connection, tables.agency_request, self._columns(request))

    def get(self, request_id: UUID) -> AgencyRequest | None:
        """Return a question."""
        row = _row(self._connection, tables.agency_request, request_id)
        if row is None:
            return None
        return to_agency_request(row, case_seal(self._connection, self._keys, row["case_id"]))

    def of_case(self, case_id: UUID) -> Sequence[AgencyRequest]:
        """Return every question of a case, in the order of their numbers."""
        columns = tables.agency_request.c
        statement = select(tables.agency_request).where(columns.case_id == case_id)
        order = (columns.round, columns.number, columns.agency)
        rows = self._connection.execute(statement.order_by(*order)).mappings().all()
        if not rows:
            return []
        seal = case_seal(self._connection, self._keys, case_id)
        return [to_agency_request(row, seal) for row in rows]

    def by_number(self, number: str) -> AgencyRequest | None:
        """Return a question by its number."""
        statement = select(tables.agency_request).where(tables.agency_request.c.number == number)
        row = self._connection.execute(statement).mappings().first()
        return to_agency_request(row, case_seal(self._connection, self._keys, row["case_id"])) if row else None

    def unanswered_by(self, agencies: Sequence[str], *, region: str) -> Sequence[AgencyRequest]:
        """Return the questions of a region to these agencies that nobody answered, oldest first."""
        columns = tables.agency_request.c
        statement = (
            select(tables.agency_request)
            .join(tables.case_file, tables.case_file.c.id == columns.case_id)
            .where(columns.agency.in_(agencies), columns.region.startswith(region, autoescape=True))
            .where(columns.status.is_(None), columns.number.is_not(None), tables.case_file.c.wrapped_key.is_not(None))
            .order_by(columns.asked_at, columns.number)
        )
        rows = self._connection.execute(statement).mappings().all()
        return [to_agency_request(row, case_seal(self._connection, self._keys, row["case_id"])) for row in rows]

    def save(self, request: AgencyRequest) -> None:
        """Write the answer."""
        statement = update(tables.agency_request).where(tables.agency_request.c.id == request.id)
        self._connection.execute(statement.values(self._columns(request)))

    def _columns(self, request: AgencyRequest) -> dict[str, Any]:
        values = to_row(request, "answer")
        if request.answer is not None:
            seal = case_seal(self._connection, self._keys, request.case_id)
            values["answer_sealed"] = seal.encrypt(dump_json(request.answer), where=f"answer:{request.id}")
        return values


class SqlNotices:
    """What was written to the household and posted in public."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_correction(self, notice: CorrectionNotice) -> bool:
        """Keep a correction notice, unless the case has one of this round."""
        values = to_row(notice)
        return _added(self._connection, tables.correction_notice, values)

    def correction(self, case_id: UUID) -> CorrectionNotice | None:
        """Return the newest correction notice of a case."""
        statement = select(tables.correction_notice).where(tables.correction_notice.c.case_id == case_id)
        newest = statement.order_by(tables.correction_notice.c.round.desc())
        row = self._connection.execute(newest).mappings().first()
        return to_value(CorrectionNotice, row) if row else None

    def save_correction(self, notice: CorrectionNotice) -> None:
        """Write when the corrections came."""
        statement = update(tables.correction_notice).where(tables.correction_notice.c.id == notice.id)
        self._connection.execute(statement.values(received_at=notice.received_at))

    def add(self, notice: Notice) -> Notice:
        """Keep a message; return the one on file when this result was written of already."""
        if _added(self._connection, tables.notice, to_row(notice)):
            return notice
        statement = select(tables.notice).where(
            tables.notice.c.case_id == notice.case_id,
            tables.notice.c.kind == NoticeKind.RESULT,
            tables.notice.c.referral_id.is_not_distinct_from(notice.referral_id),
        )
        return to_value(Notice, self._connection.execute(statement).mappings().one())

    def get(self, notice_id: UUID) -> Notice | None:
        """Return a message."""
        row = _row(self._connection, tables.notice, notice_id)
        return to_value(Notice, row) if row else None

    def findings_since(self, case_id: UUID, at: datetime) -> Notice | None:
        """Return the first message about a check since a moment."""
        columns = tables.notice.c
        of_check = (columns.case_id == case_id, columns.kind == NoticeKind.FINDINGS, columns.written_at >= at)
        statement = select(tables.notice).where(*of_check).order_by(columns.written_at).limit(1)
        row = self._connection.execute(statement).mappings().first()
        return to_value(Notice, row) if row else None

    def record_delivery(self, notice_id: UUID, *, sent_at: datetime, gateway_reference: str) -> None:
        """Write that the gateway took a message, the first time."""
        statement = update(tables.notice).where(tables.notice.c.id == notice_id, tables.notice.c.sent_at.is_(None))
        self._connection.execute(statement.values(sent_at=sent_at, gateway_reference=gateway_reference))

    def record_delivery_on_paper(self, notice_id: UUID, *, sent_at: datetime, way: DeliveryWay) -> None:
        """Write when and how a letter reached the household, the first time."""
        statement = update(tables.notice).where(tables.notice.c.id == notice_id, tables.notice.c.sent_at.is_(None))
        self._connection.execute(statement.values(sent_at=sent_at, delivered_how=way))

    def add_public(self, notice: PublicNotice) -> None:
        """Keep a public notice."""
        _added(self._connection, tables.public_notice, to_row(notice))


class SqlPolicy:
    """Dated figures of policy and the working calendar."""

    def __init__(self, connection: Connection, storage: CaseworkStorage) -> None:
        self._connection = connection
        self._calendars = storage.calendars
        self._figures = storage.figures
        self._read: dict[date, Mapping[str, JsonValue]] = {}  # in this transaction

    def parameters_on(self, day: date) -> Mapping[str, JsonValue]:
        """Return the value of every parameter in force on a day.

        They are hundreds and hardly ever change: they are read again only when the rows of the table are other ones.
        """
        if day not in self._read:
            key = (int(self._connection.execute(_FINGERPRINT).scalar_one()), day)
            found = self._figures.get(key)
            if found is None:
                found = MappingProxyType(self._in_force(day))
                if len(self._figures) >= MOST_DAYS:
                    self._figures.clear()
                self._figures[key] = found
            self._read[day] = found
        return self._read[day]

    def _in_force(self, day: date) -> dict[str, JsonValue]:
        columns = tables.parameter.c
        statement = (
            select(columns.key, columns.value)
            .ext(distinct_on(columns.key))
            .where(columns.effective_from <= day)
            .order_by(columns.key, columns.effective_from.desc())
        )
        return {row.key: row.value for row in self._connection.execute(statement)}

    def set_parameters(self, parameters: Sequence[Parameter]) -> None:
        """Keep parameters; the same key and day are replaced."""
        statement = upsert(tables.parameter)
        changed = {name: statement.excluded[name] for name in ("value", "source")}
        rows = [asdict(parameter) for parameter in parameters]
        if rows:
            self._connection.execute(statement.on_conflict_do_update(constraint="pk_parameter", set_=changed), rows)
            self._read.clear()

    def values_of(self, key: str) -> Sequence[Parameter]:
        """Return every value of a parameter, the earliest first."""
        columns = tables.parameter.c
        statement = select(tables.parameter).where(columns.key == key).order_by(columns.effective_from)
        return [to_value(Parameter, row) for row in self._connection.execute(statement).mappings()]

    def hold_figures(self) -> None:
        """Keep every other writer of figures waiting until the end of this transaction; readers go on."""
        self._connection.execute(text("LOCK TABLE parameter IN SHARE ROW EXCLUSIVE MODE"))

    def add_change(self, change: ParameterChange) -> bool:
        """Keep a change that is asked for, unless its id is known or another one of its key waits."""
        statement = upsert(tables.parameter_change).values(to_row(change)).on_conflict_do_nothing()
        return self._connection.execute(statement.returning(tables.parameter_change.c.id)).first() is not None

    def lock_change(self, change_id: UUID) -> ParameterChange | None:
        """Return a change and keep others from deciding it."""
        statement = select(tables.parameter_change).where(tables.parameter_change.c.id == change_id)
        row = self._connection.execute(statement.with_for_update()).mappings().first()
        return None if row is None else to_value(ParameterChange, row)

    def save_change(self, change: ParameterChange) -> None:
        """Write what became of a change."""
        columns = {name: getattr(change, name) for name in ("state", "decided_by", "decided_at", "note")}
        statement = update(tables.parameter_change).where(tables.parameter_change.c.id == change.id)
        self._connection.execute(statement.values(columns))

    def calendar(self) -> WorkingCalendar:
        """Return the calendar; it is read once and again after a change."""
        version = self._connection.execute(select(tables.calendar_version.c.version)).scalar_one_or_none()
        if version is None:
            return WorkingCalendar(days=())
        if version not in self._calendars:
            calendar = WorkingCalendar(
                days=read_days(self._connection, tables.calendar_day),
                closures=read_days(self._connection, tables.calendar_override),
            )
            self._calendars.clear()
            self._calendars[version] = calendar
            return calendar
        return self._calendars[version]

    def load_calendar(self, days: Sequence[CalendarDay], *, source: str) -> None:
        """Keep days of whole years."""
        statement = upsert(tables.calendar_day)
        changed = {name: statement.excluded[name] for name in ("is_workday", "name", "source")}
        rows = [{**asdict(day), "source": source} for day in days]
        if rows:
            self._connection.execute(statement.on_conflict_do_update(constraint="pk_calendar_day", set_=changed), rows)
            self._calendar_changed()

    def override_day(self, day: CalendarDay) -> None:
        """Keep a local exception."""
        statement = upsert(tables.calendar_override).values(asdict(day))
        changed = {"is_workday": day.is_workday, "name": day.name}
        self._connection.execute(statement.on_conflict_do_update(constraint="pk_calendar_override", set_=changed))
        self._calendar_changed()

    def _calendar_changed(self) -> None:
        version = uuid4()
        statement = upsert(tables.calendar_version).values(only=True, version=version)
        self._connection.execute(
            statement.on_conflict_do_update(constraint="pk_calendar_version", set_={"version": version})
        )


def to_agency_request(row: RowMapping, seal: CaseSeal) -> AgencyRequest:
    """Return the question of a row with its opened answer."""
    sealed = row["answer_sealed"]
    answer = load_json(seal.decrypt(sealed, where=f"answer:{row['id']}")) if sealed else None
    status = AnswerStatus(row["status"]) if row["status"] else None
    return to_value(AgencyRequest, {**row, "status": status, "answer": answer})


def read_calendar(connection: Connection) -> WorkingCalendar:
    """Return the county's calendar with its local closures."""
    return WorkingCalendar(
        days=read_days(connection, tables.calendar_day), closures=read_days(connection, tables.calendar_override)
    )


def read_days(connection: Connection, table: Table) -> tuple[CalendarDay, ...]:
    """Return the calendar's days of a table."""
    rows = connection.execute(select(table.c.day, table.c.is_workday, table.c.name).order_by(table.c.day))
    return tuple(CalendarDay(day=row.day, is_workday=row.is_workday, name=row.name) for row in rows)


def _added(connection: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    statement: Insert = upsert(table).values(values).on_conflict_do_nothing()
    return connection.execute(statement.returning(literal(1))).first() is not None


def _row(connection: Connection, table: Table, key: UUID) -> RowMapping | None:
    return connection.execute(select(table).where(table.c.id == key)).mappings().first()
