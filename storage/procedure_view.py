"""What may be asked of procedure: the register of relatives, notices and objections, visits, calendar changes.

Who objected is never read here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, Select, exists, select
from sqlalchemy import Engine as Database

from engine.model import Actor
from storage.case_visibility import is_seen_whole
from storage.database import for_reading
from storage.encryption import KeyRing
from storage.notice_board import to_objection, to_posting
from storage.procedure import to_appraisal, to_kin_entry, to_survey
from storage.rows import to_value
from storage.tables import procedure as tables
from storage.tables.casework import case_file, public_notice
from workflows.casework.county import TOWN_BY_REGION
from workflows.casework.procedure.model import CalendarChange
from workflows.casework.procedure.queries import (
    AppraisalView,
    KinLine,
    KinRegisterFilter,
    NoticeView,
    ObjectionView,
    ProcedureView,
    SurveyView,
)
from workflows.rules.masks import masked_name


class SqlProcedureQueries:
    """Questions, each over a connection of its own."""

    def __init__(self, database: Database, keys: KeyRing) -> None:
        self._database = for_reading(database)
        self._keys = keys

    def procedure(self, case_id: UUID, /) -> ProcedureView:
        """Return what was done in a case the caller may see: kin, visits, notices with objections, appraisals."""
        with self._database.connect() as connection:
            wrapped = connection.execute(
                select(case_file.c.wrapped_key).where(case_file.c.id == case_id)
            ).scalar_one_or_none()
            seal = self._keys.seal(wrapped) if wrapped else None
            kin = [to_kin_entry(row, seal) for row in _rows(connection, tables.kin_entry, case_id, "registered_at")]
            surveys = [to_survey(row, seal) for row in _rows(connection, tables.survey, case_id, "round")]
            held = [to_appraisal(row, seal) for row in _rows(connection, tables.appraisal, case_id, "recorded_at")]
            objections = [to_objection(row, seal) for row in _rows(connection, tables.objection, case_id, "number")]
            notices = [(to_posting(row), row["text"]) for row in connection.execute(_notices(case_id)).mappings().all()]
        return ProcedureView(
            kin=kin,
            full_sample=bool(kin),
            surveys=[SurveyView.of(one) for one in surveys],
            notices=[
                NoticeView.of(
                    posting, text, [ObjectionView.of(o) for o in objections if o.notice_id == posting.notice_id]
                )
                for posting, text in notices
            ],
            appraisals=[AppraisalView.of(one) for one in held],
        )

    def kin_register(self, wanted: KinRegisterFilter, actor: Actor, /) -> Sequence[KinLine]:
        """Return the lines of the register for the discipline office, of cases the actor may see, newest first."""
        visited = exists().where(tables.survey.c.case_id == case_file.c.id, tables.survey.c.kind == "county")
        statement = (
            select(
                tables.kin_entry,
                case_file.c.number,
                case_file.c.region,
                case_file.c.status,
                case_file.c.outcome,
                case_file.c.wrapped_key,
                case_file.c.applicant,
                visited.label("county_visited"),
            )
            .join(case_file, case_file.c.id == tables.kin_entry.c.case_id)
            .where(is_seen_whole(actor))
            .order_by(tables.kin_entry.c.registered_at.desc(), tables.kin_entry.c.id)
        )
        if wanted.since:
            statement = statement.where(tables.kin_entry.c.registered_at >= wanted.since)
        if wanted.until:
            statement = statement.where(tables.kin_entry.c.registered_at <= wanted.until)
        if wanted.concealed_only:
            statement = statement.where(tables.kin_entry.c.concealed)
        page = statement.offset(wanted.offset).limit(wanted.limit)
        with self._database.connect() as connection:
            return [self._kin_line(row) for row in connection.execute(page).mappings()]

    def calendar_changes(self, year: int, /) -> Sequence[CalendarChange]:
        """Return what was changed in the calendar of a year, newest first."""
        columns = tables.calendar_change.c
        statement = select(tables.calendar_change).where(
            columns.day >= date(year, 1, 1), columns.day <= date(year, 12, 31)
        )
        with self._database.connect() as connection:
            rows = connection.execute(statement.order_by(columns.at.desc(), columns.id)).mappings()
            return [to_value(CalendarChange, row) for row in rows]

    def _kin_line(self, row: RowMapping) -> KinLine:
        entry = to_kin_entry(row, self._keys.seal(row["wrapped_key"]) if row["wrapped_key"] else None)
        town = TOWN_BY_REGION.get(row["region"])
        return KinLine(
            case_number=row["number"],
            town=town.name if town else row["region"],
            town_en=town.name_en if town else row["region"],
            applicant=masked_name(row["applicant"]),
            name=entry.name,
            relation=entry.relation,
            post=entry.post,
            unit=entry.unit,
            login=entry.login,
            registered_at=entry.registered_at,
            registered_by=entry.registered_by,
            concealed=entry.concealed,
            status=row["status"],
            outcome=row["outcome"],
            county_visited=row["county_visited"],
        )


def _rows(connection: Connection, table: Any, case_id: UUID, order: str) -> Sequence[RowMapping]:
    return connection.execute(select(table).where(table.c.case_id == case_id).order_by(table.c[order])).mappings().all()


def _notices(case_id: UUID) -> Select[Any]:
    return (
        select(tables.notice_posting, public_notice.c.text)
        .join(public_notice, public_notice.c.id == tables.notice_posting.c.notice_id)
        .where(tables.notice_posting.c.case_id == case_id)
        .order_by(tables.notice_posting.c.number)
    )
