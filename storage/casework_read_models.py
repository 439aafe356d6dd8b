"""The questions of casework answered on PostgreSQL: lists, counts and loads; the single case is put together beside."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, and_, case, exists, func, not_, or_, select
from sqlalchemy import Engine as Database
from sqlalchemy.dialects.postgresql import distinct_on

from engine.model import Actor
from storage.case_search import is_named, match_of, paper_number, searched_tokens
from storage.case_view import case_view
from storage.case_visibility import is_visible, seen_as
from storage.casework import read_days
from storage.database import for_reading
from storage.encryption import KeyRing
from storage.referral_clocks import OPEN_STATES, is_late, stands_still
from storage.rows import to_value
from storage.tables.casework import calendar_day, calendar_override, case_file, parameter, parameter_change, referral
from storage.tables.engine import definition, deployment_resource
from workflows.casework.county import TOWN_BY_REGION
from workflows.casework.days import local_day
from workflows.casework.errors import CaseNotFound
from workflows.casework.model import CaseStatus
from workflows.casework.parameter_changes.errors import ParameterChangeNotFound
from workflows.casework.parameter_changes.model import ParameterChange, ParameterChangeState, ParameterUse
from workflows.casework.queries import CaseFilter, CaseMatch, CaseOrder, CasePage, CaseSummary, CaseView, UnitLoad
from workflows.casework.records import Parameter, ReferralState
from workflows.rules.calendar import CalendarDay

ENDED = (CaseStatus.CLOSED, CaseStatus.DECLINED)
_ORDERS: dict[CaseOrder, ColumnElement[Any]] = {
    CaseOrder.RECEIVED: case_file.c.received_at,
    CaseOrder.DUE: case_file.c.due_on,
    CaseOrder.NUMBER: case_file.c.number,
    CaseOrder.APPLICANT: case_file.c.applicant_sort,
}
_SHOWN = (
    "id",
    "number",
    "region",
    "channel",
    "applicant",
    "household_size",
    "recognised_status",
    "received_on",
    "accepted_on",
    "due_on",
    "closed_at",
    "process_instance_id",
)


class SqlCaseworkQueries:
    """The read side of casework."""

    def __init__(self, database: Database, keys: KeyRing, *, now: Callable[[], datetime]) -> None:
        self._database = for_reading(database)
        self._keys = keys
        self._now = now

    def cases(self, wanted: CaseFilter, /) -> CasePage:
        """Return a page of cases the actor may see."""
        condition = self._condition(wanted)
        order = _ORDERS[wanted.order]
        key = order.desc() if wanted.descending else order.asc()
        page = self._summary_columns().where(condition).order_by(key.nulls_last(), case_file.c.id)
        with self._database.connect() as connection:
            total = connection.execute(select(func.count()).select_from(case_file).where(condition)).scalar_one()
            rows = connection.execute(page.offset(wanted.offset).limit(wanted.limit)).mappings()
            return CasePage(cases=[to_summary(row) for row in rows], total=total)

    def summaries(self, numbers: Sequence[str], actor: Actor, /) -> Mapping[str, CaseSummary]:
        """Return those of these cases the actor may see, by number."""
        statement = self._summary_columns().where(case_file.c.number.in_(set(numbers)), is_visible(actor))
        with self._database.connect() as connection:
            return {row["number"]: to_summary(row) for row in connection.execute(statement).mappings()}

    def matches(self, text: str, numbers: Sequence[str], actor: Actor, /) -> Mapping[str, CaseMatch]:
        """Return those of these cases in the actor's sight that a text names, by number, and by what it names each."""
        tokens = searched_tokens(text, self._keys)
        statement = select(case_file.c.number, case_file.c.applicant, case_file.c.search).where(
            case_file.c.number.in_(set(numbers)), is_named(tokens, paper_number(text)), is_visible(actor)
        )
        with self._database.connect() as connection:
            found = connection.execute(statement).all()
        return {
            row.number: match_of(tokens, number=row.number, applicant=row.applicant, found=row.search) for row in found
        }

    def case_counts(self, actor: Actor, /) -> Mapping[CaseStatus, int]:
        """Return how many cases stand where; every status is named."""
        statement = select(case_file.c.status, func.count()).where(is_visible(actor)).group_by(case_file.c.status)
        with self._database.connect() as connection:
            found = {CaseStatus(status): count for status, count in connection.execute(statement)}
        return {status: found.get(status, 0) for status in CaseStatus}

    def case(self, key: UUID | str, actor: Actor, /) -> CaseView:
        """Return a case by its id or its number, as far as the actor may see it."""
        is_meant = case_file.c.id == key if isinstance(key, UUID) else case_file.c.number == key
        with self._database.connect() as connection:
            row = connection.execute(self._summary_columns().where(is_meant, is_visible(actor))).mappings().first()
            if row is None:
                raise CaseNotFound(key)
            summary = to_summary(row)
            reader = seen_as(connection, summary.number, actor)
            return case_view(connection, self._keys, summary, actor=reader, now=self._now())

    def unit_loads(self, actor: Actor, /) -> Sequence[UnitLoad]:
        """Return how each unit stands with its referrals."""
        is_open = referral.c.state.in_(OPEN_STATES)
        today = local_day(self._now())
        goes_on = or_(referral.c.aid_until.is_(None), referral.c.aid_until >= today)
        monthly = and_(referral.c.outcome == "granted", referral.c.amount_period == "month", goes_on)
        statement = (
            select(
                referral.c.unit_kind,
                func.count().filter(is_open).label("open"),
                func.count().filter(is_late(self._now())).label("overdue"),
                func.count().filter(referral.c.state == ReferralState.DONE).label("done"),
                func.coalesce(func.sum(case((monthly, referral.c.amount))), 0).label("granted_amount_monthly"),
            )
            .join(case_file, case_file.c.id == referral.c.case_id)
            .where(is_visible(actor))
            .group_by(referral.c.unit_kind)
            .order_by(referral.c.unit_kind)
        )
        with self._database.connect() as connection:
            return [_unit_load(row) for row in connection.execute(statement).mappings()]

    def parameters(self) -> Sequence[Parameter]:
        """Return every parameter with every effective day."""
        statement = select(parameter).order_by(parameter.c.key, parameter.c.effective_from)
        with self._database.connect() as connection:
            return [to_value(Parameter, row) for row in connection.execute(statement).mappings()]

    def parameter_changes(self, key: str | None, /) -> Sequence[ParameterChange]:
        """Return the changes of a parameter, or those of all that wait, the newest first."""
        columns = parameter_change.c
        is_meant = columns.state == ParameterChangeState.ASKED if key is None else columns.key == key
        statement = select(parameter_change).where(is_meant).order_by(columns.asked_at.desc(), columns.id)
        with self._database.connect() as connection:
            return [to_value(ParameterChange, row) for row in connection.execute(statement).mappings()]

    def parameter_change(self, change_id: UUID, /) -> ParameterChange:
        """Return a change."""
        statement = select(parameter_change).where(parameter_change.c.id == change_id)
        with self._database.connect() as connection:
            row = connection.execute(statement).mappings().first()
        if row is None:
            raise ParameterChangeNotFound
        return to_value(ParameterChange, row)

    def uses_of_parameter(self, key: str, /) -> Sequence[ParameterUse]:
        """Return the newest diagrams and decision tables that read a parameter."""
        source = deployment_resource.c
        newest = (
            select(definition)
            .ext(distinct_on(definition.c.kind, definition.c.key))
            .where(definition.c.kind.in_(("process", "decision")))
            .order_by(definition.c.kind, definition.c.key, definition.c.version.desc())
            .subquery()
        )
        drawn = and_(source.deployment_id == newest.c.deployment_id, source.name == newest.c.resource_name)
        named = f"standard.{key}".encode()  # looked for as bytes: diagrams come in many encodings
        statement = (
            select(newest.c.kind, newest.c.resource_name, newest.c.name, newest.c.name_en, source.content)
            .join(deployment_resource, drawn)
            .where(func.pg_catalog.position(source.content, named) > 0)
            .order_by(newest.c.kind.desc(), newest.c.resource_name, newest.c.name)
        )
        is_read = re.compile(rb"\b" + re.escape(named) + rb"\b")
        uses: dict[tuple[str, str], ParameterUse] = {}
        with self._database.connect() as connection:
            for row in connection.execute(statement):
                if is_read.search(row.content):
                    use = ParameterUse(
                        kind=row.kind, resource_name=row.resource_name, name=row.name, name_en=row.name_en
                    )
                    uses.setdefault((row.kind, row.resource_name), use)
        return list(uses.values())

    def calendar_days(self, year: int, /) -> Sequence[CalendarDay]:
        """Return the days of a year with local exceptions laid over; empty when the year is not loaded."""
        with self._database.connect() as connection:
            loaded = [day for day in read_days(connection, calendar_day) if day.day.year == year]
            overrides = {day.day: day for day in read_days(connection, calendar_override)}
        return [overrides.get(day.day, day) for day in loaded]

    def _condition(self, wanted: CaseFilter) -> ColumnElement[bool]:
        conditions = [is_visible(wanted.actor)]
        if wanted.text:
            conditions.append(is_named(searched_tokens(wanted.text, self._keys), paper_number(wanted.text)))
        if wanted.status:
            conditions.append(case_file.c.status == wanted.status)
        if wanted.region:
            conditions.append(case_file.c.region.startswith(wanted.region, autoescape=True))
        if wanted.overdue_only:
            conditions.append(self._is_overdue())
        return and_(*conditions)

    def _is_overdue(self) -> ColumnElement[bool]:
        now = self._now()
        late = exists().where(referral.c.case_id == case_file.c.id, is_late(now)).correlate(case_file)
        past = func.coalesce(case_file.c.due_on < local_day(now), False)
        return and_(case_file.c.status.not_in(ENDED), not_(stands_still(case_file.c.id)), or_(past, late))

    def _summary_columns(self) -> Select[Any]:
        open_referrals = (
            select(func.count())
            .where(referral.c.case_id == case_file.c.id, referral.c.state.in_(OPEN_STATES))
            .correlate(case_file)
            .scalar_subquery()
        )
        return select(
            *(case_file.c[name] for name in _SHOWN),
            case_file.c.status,
            case_file.c.needs,
            open_referrals.label("open_referrals"),
            self._is_overdue().label("overdue"),
        )


def to_summary(row: RowMapping) -> CaseSummary:
    """Return the line of a row."""
    town = TOWN_BY_REGION.get(row["region"])
    return CaseSummary(
        **{name: row[name] for name in _SHOWN},
        town=town.name if town else row["region"],
        town_en=town.name_en if town else row["region"],
        status=CaseStatus(row["status"]),
        needs=tuple(row["needs"]),
        open_referrals=row["open_referrals"],
        overdue=row["overdue"],
    )


def _unit_load(row: RowMapping) -> UnitLoad:
    return UnitLoad(
        unit_kind=row["unit_kind"],
        open=row["open"],
        overdue=row["overdue"],
        done=row["done"],
        granted_amount_monthly=Decimal(row["granted_amount_monthly"]),
    )
