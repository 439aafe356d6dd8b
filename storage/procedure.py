"""Repositories of procedure in PostgreSQL: clocks, kin of staff, visits, appraisals, the record of the calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Connection, RowMapping, Table, exists, insert, or_, select, update

from engine.json_values import JsonObject
from storage.case_files import case_seal
from storage.conference import SqlConference
from storage.encryption import ERASED, CaseSeal, KeyRing
from storage.kin import BarredLogins, numbers_of_kin
from storage.notice_board import SqlNoticeBoard
from storage.resting import processes_around
from storage.rows import to_row, to_value
from storage.sealing import open_json, seal_json
from storage.supervision_orders import SqlSupervision
from storage.tables import procedure as tables
from storage.tables.casework import case_file
from storage.tables.engine import process_instance, timer, user_task
from storage.tables.organisation import account
from workflows.casework.days import local_day
from workflows.casework.elements import CLOCK, DEADLINE_PREFIX, OWN_CLOCK, elements_meant
from workflows.casework.model import CaseStatus
from workflows.casework.procedure.model import (
    Appraisal,
    CalendarChange,
    ClockPause,
    DocumentReference,
    Extension,
    ExtensionState,
    KinEntry,
    KinPost,
    OpenDue,
    SurveyKind,
    SurveyRecord,
)

LOT_DIGITS = 12
RUNNING = (CaseStatus.ACCEPTED, CaseStatus.CHECKING, CaseStatus.REFERRED)


class SqlClockLedger:
    """Pauses, extensions, and the due times they move."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_pause(self, pause: ClockPause) -> None:
        """Keep a pause."""
        self._connection.execute(insert(tables.clock_pause).values(to_row(pause)))

    def save_pause(self, pause: ClockPause) -> None:
        """Write when a pause ended."""
        statement = update(tables.clock_pause).where(tables.clock_pause.c.id == pause.id)
        self._connection.execute(statement.values(to_row(pause)))

    def pauses(self, case_id: UUID) -> Sequence[ClockPause]:
        """Return the pauses of a case, oldest first."""
        return [
            to_value(ClockPause, row) for row in _of_case(self._connection, tables.clock_pause, case_id, "paused_at")
        ]

    def add_extension(self, extension: Extension) -> None:
        """Keep a wish for more time."""
        self._connection.execute(insert(tables.clock_extension).values(to_row(extension)))

    def save_extension(self, extension: Extension) -> None:
        """Write what was decided."""
        statement = update(tables.clock_extension).where(tables.clock_extension.c.id == extension.id)
        self._connection.execute(statement.values(to_row(extension)))

    def extensions(self, case_id: UUID) -> Sequence[Extension]:
        """Return the extensions of a case, oldest first."""
        return [to_extension(row) for row in _of_case(self._connection, tables.clock_extension, case_id, "asked_at")]

    def open_dues(self, number: str) -> Sequence[OpenDue]:
        """Return the due times of the open tasks of a case and of the timers that keep its limits."""
        shown = ("id", "element_id", "due_at", "created_at", "subject", "candidate_groups")
        tasks = select(*(user_task.c[name] for name in shown)).where(
            user_task.c.business_key == number,
            user_task.c.state == "open",
            user_task.c.properties[CLOCK].astext.is_distinct_from(OWN_CLOCK),
        )
        timers = (
            select(timer.c.process_instance_id, timer.c.subscription_key, timer.c.element_id, timer.c.due_at)
            .join(process_instance, process_instance.c.id == timer.c.process_instance_id)
            .where(
                process_instance.c.business_key == number,
                timer.c.element_id.startswith(DEADLINE_PREFIX, autoescape=True),
            )
        )
        around = self._processes_around(number)
        return [
            *(_task_due(row, around.get(row["id"], ())) for row in self._connection.execute(tasks).mappings()),
            *(_timer_due(row) for row in self._connection.execute(timers).mappings()),
        ]

    def _processes_around(self, number: str) -> dict[UUID, tuple[str, ...]]:
        """Return of each open task of a case the processes it lies in: its own, and those that called it."""
        of_case = (user_task.c.business_key == number) & (user_task.c.state == "open")
        keys = processes_around(user_task, of_case)
        found: dict[UUID, set[str]] = {}
        for row in self._connection.execute(keys):
            found.setdefault(row.id, set()).add(row.key)
        return {task: tuple(sorted(processes)) for task, processes in found.items()}

    def set_due(self, due: OpenDue, due_at: datetime | None) -> None:
        """Give a task another due time or none; a timer without one is put off for good."""
        if due.kind == "task":
            statement = update(user_task).where(user_task.c.id == UUID(due.key), user_task.c.state == "open")
            self._connection.execute(statement.values(due_at=due_at, version=user_task.c.version + 1))
            return
        instance_id, _, key = due.key.partition(":")
        moved = update(timer).where(
            timer.c.process_instance_id == UUID(instance_id), timer.c.subscription_key == int(key)
        )
        self._connection.execute(moved.values(due_at=due_at or NEVER))

    def running_cases(self) -> Sequence[UUID]:
        """Return the accepted cases that are not finished, always in the same order."""
        statement = select(case_file.c.id).where(case_file.c.status.in_(RUNNING), case_file.c.accepted_on.is_not(None))
        return self._connection.execute(statement.order_by(case_file.c.id)).scalars().all()


NEVER = datetime.fromisoformat("9000-01-01T00:00:00+00:00")
"""When a timer is due whose clock stands still."""


class SqlKinRegister:
    """The register of relatives; who they are is sealed under the case's key."""

    def __init__(self, connection: Connection, keys: KeyRing, barred: BarredLogins) -> None:
        self._connection = connection
        self._keys = keys
        self._barred = barred

    def add(self, entry: KinEntry) -> bool:
        """Keep an entry, unless this person stands there for the case already."""
        if any(known.name == entry.name and known.login == entry.login for known in self.of_case(entry.case_id)):
            return False
        seal = case_seal(self._connection, self._keys, entry.case_id)
        content = {"name": entry.name, "unit": entry.unit, "note": entry.note}
        values = to_row(entry, "name", "unit", "note")
        values["content_sealed"] = seal_json(seal, content, where=f"kin:{entry.id}")
        self._connection.execute(insert(tables.kin_entry).values(values))
        self._barred.forget()
        return True

    def of_case(self, case_id: UUID) -> Sequence[KinEntry]:
        """Return the entries of a case, oldest first."""
        rows = _of_case(self._connection, tables.kin_entry, case_id, "registered_at")
        seal = case_seal(self._connection, self._keys, case_id) if rows else None
        return [to_kin_entry(row, seal) for row in rows]

    def holds(self, *, number: str, login: str) -> bool:
        """Say whether somebody is registered as kin in the case of a number."""
        return self._barred.hold(number, login)

    def numbers_of(self, login: str) -> frozenset[str]:
        """Return the numbers of the cases whose register names somebody."""
        return frozenset(str(row[0]) for row in self._connection.execute(numbers_of_kin(login)))

    def is_account(self, login: str) -> bool:
        """Say whether an account has this login."""
        return bool(self._connection.execute(select(exists().where(account.c.login == login))).scalar_one())

    def tasks_held(self, *, number: str, login: str) -> Sequence[UUID]:
        """Return the open tasks of all processes of the case that somebody holds, always in the same order."""
        held = (user_task.c.business_key == number, user_task.c.state == "open", user_task.c.assignee == login)
        statement = select(user_task.c.id).where(*held).order_by(user_task.c.process_instance_id, user_task.c.key)
        return self._connection.execute(statement).scalars().all()


class SqlSurveys:
    """Visits; what was seen is sealed under the case's key."""

    def __init__(self, connection: Connection, keys: KeyRing) -> None:
        self._connection = connection
        self._keys = keys

    def add(self, survey: SurveyRecord) -> None:
        """Keep a visit."""
        seal = case_seal(self._connection, self._keys, survey.case_id)
        content = {
            "record": survey.record,
            "confirmation": survey.confirmation,
            "photos": [asdict(photo) for photo in survey.photos],
        }
        values = to_row(survey, "record", "confirmation", "photos")
        values["content_sealed"] = seal_json(seal, content, where=f"survey:{survey.id}")
        self._connection.execute(insert(tables.survey).values(values))

    def of_case(self, case_id: UUID) -> Sequence[SurveyRecord]:
        """Return the visits of a case, oldest first."""
        rows = _of_case(self._connection, tables.survey, case_id, "round")
        seal = case_seal(self._connection, self._keys, case_id) if rows else None
        return [to_survey(row, seal) for row in rows]

    def lot(self, number: str) -> Decimal:
        """Return the lot of a case, from 0 up to but not 1: always the same, and unknown to who lacks the key."""
        drawn = int(self._keys.search_hash(number, kind="county sample")[:LOT_DIGITS], 16)
        return Decimal(drawn) / Decimal(16**LOT_DIGITS)

    def who_did(self, process_instance_id: UUID, name: str, value: str) -> str | None:
        """Return who completed the newest task with a property of this value, or an id that meant it before."""
        meant = user_task.c.element_id.in_(elements_meant(name, value))
        statement = (
            select(user_task.c.completed_by)
            .where(
                user_task.c.process_instance_id == process_instance_id,
                or_(user_task.c.properties[name].astext == value, meant),
                user_task.c.state == "completed",
            )
            .order_by(user_task.c.completed_at.desc(), user_task.c.key.desc())
            .limit(1)
        )
        found: str | None = self._connection.execute(statement).scalar_one_or_none()
        return found


class SqlAppraisals:
    """Minutes of appraisals, sealed under the case's key."""

    def __init__(self, connection: Connection, keys: KeyRing) -> None:
        self._connection = connection
        self._keys = keys

    def add(self, appraisal: Appraisal) -> None:
        """Keep the minutes."""
        seal = case_seal(self._connection, self._keys, appraisal.case_id)
        content = {
            "place": appraisal.place,
            "participants": list(appraisal.participants),
            "minutes": appraisal.minutes,
            "documents": [asdict(document) for document in appraisal.documents],
        }
        values = to_row(appraisal, *content)
        values["content_sealed"] = seal_json(seal, content, where=f"appraisal:{appraisal.id}")
        self._connection.execute(insert(tables.appraisal).values(values))

    def of_case(self, case_id: UUID) -> Sequence[Appraisal]:
        """Return the appraisals of a case, oldest first."""
        rows = _of_case(self._connection, tables.appraisal, case_id, "recorded_at")
        seal = case_seal(self._connection, self._keys, case_id) if rows else None
        return [to_appraisal(row, seal) for row in rows]


class SqlCalendarRecord:
    """Who changed the working calendar."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, change: CalendarChange) -> None:
        """Append a line."""
        self._connection.execute(insert(tables.calendar_change).values(to_row(change)))

    def save(self, change: CalendarChange) -> None:
        """Write how many limits a change moved."""
        statement = update(tables.calendar_change).where(tables.calendar_change.c.id == change.id)
        self._connection.execute(statement.values(cases_moved=change.cases_moved))


class SqlProcedure:
    """Everything procedure keeps, on one connection."""

    def __init__(self, connection: Connection, keys: KeyRing, barred: BarredLogins) -> None:
        self.clock = SqlClockLedger(connection)
        self.kin = SqlKinRegister(connection, keys, barred)
        self.surveys = SqlSurveys(connection, keys)
        self.notice_board = SqlNoticeBoard(connection, keys)
        self.appraisals = SqlAppraisals(connection, keys)
        self.calendar_record = SqlCalendarRecord(connection)
        self.conference = SqlConference(connection, keys)
        self.supervision = SqlSupervision.over(connection, keys)


def to_extension(row: RowMapping) -> Extension:
    """Return the extension of a row."""
    return to_value(Extension, {**row, "state": ExtensionState(row["state"])})


def to_kin_entry(row: RowMapping, seal: CaseSeal | None) -> KinEntry:
    """Return the entry of a row; of an erased case nobody is named."""
    content = _content(row, seal, f"kin:{row['id']}", {"name": ERASED, "unit": ERASED, "note": None})
    return to_value(KinEntry, {**row, **content, "post": KinPost(row["post"])})


def to_survey(row: RowMapping, seal: CaseSeal | None) -> SurveyRecord:
    """Return the visit of a row; of an erased case nothing is known of it but when it was."""
    content = _content(row, seal, f"survey:{row['id']}", {"record": {}, "confirmation": {}, "photos": []})
    photos = tuple(DocumentReference(**photo) for photo in content["photos"])
    return to_value(SurveyRecord, {**row, **content, "photos": photos, "kind": SurveyKind(row["kind"])})


def to_appraisal(row: RowMapping, seal: CaseSeal | None) -> Appraisal:
    """Return the appraisal of a row; of an erased case only its votes."""
    gone = {"place": ERASED, "participants": [], "minutes": ERASED, "documents": []}
    content = _content(row, seal, f"appraisal:{row['id']}", gone)
    documents = tuple(DocumentReference(**document) for document in content["documents"])
    return to_value(
        Appraisal, {**row, **content, "participants": tuple(content["participants"]), "documents": documents}
    )


def _content(row: RowMapping, seal: CaseSeal | None, place: str, gone: JsonObject) -> JsonObject:
    if seal is None:
        return gone
    found: JsonObject = open_json(seal, row["content_sealed"], where=place)
    return found


def _of_case(connection: Connection, table: Table, case_id: UUID, order: str) -> Sequence[RowMapping]:
    statement = select(table).where(table.c.case_id == case_id).order_by(table.c[order])
    return connection.execute(statement).mappings().all()


def _task_due(row: RowMapping, processes: tuple[str, ...]) -> OpenDue:
    opened_on: date = local_day(row["created_at"])
    return OpenDue(
        kind="task",
        key=str(row["id"]),
        element_id=row["element_id"],
        due_at=row["due_at"],
        opened_on=opened_on,
        subject=row["subject"],
        groups=tuple(row["candidate_groups"]),
        processes=processes,
    )


def _timer_due(row: RowMapping) -> OpenDue:
    return OpenDue(
        kind="timer",
        key=f"{row['process_instance_id']}:{row['subscription_key']}",
        element_id=row["element_id"],
        due_at=None if row["due_at"] == NEVER else row["due_at"],
        opened_on=None,
    )
