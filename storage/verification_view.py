"""The questions of the economic check answered on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, and_, case, false, func, or_, select
from sqlalchemy import Engine as Database

from engine.model import Actor
from storage.case_files import to_case
from storage.case_visibility import is_seen_whole, is_visible
from storage.casework import to_agency_request
from storage.check_reports import to_report
from storage.database import for_reading
from storage.encryption import KeyRing
from storage.rows import to_value
from storage.tables.casework import agency_request, case_file, check_report, member, parameter
from storage.tables.verification import agency_rest, bank_file, refused_query, report_objection
from storage.verification import SqlAuthorisations, SqlReportObjections, SqlSupporters
from workflows.casework.agencies import AGENCIES, Agency
from workflows.casework.county import COUNTY_REGION
from workflows.casework.days import COUNTY_TIME, local_day
from workflows.casework.errors import CaseNotFound
from workflows.casework.model import Case
from workflows.casework.sight import is_purpose_limited, sees_whole_region
from workflows.casework.verification.authorising import unauthorised_of
from workflows.casework.verification.model import Authorisation, BankFile, RefusedQuery, Supporter
from workflows.casework.verification.queries import AuthorisationView, CheckView, SourceQuality, SupporterView
from workflows.rules.masks import masked_identity_number

MOST_REFUSALS = 500
MOST_FILES = 200


class SqlCheckQueries:
    """The read side of the economic check."""

    def __init__(self, database: Database, keys: KeyRing, *, now: Callable[[], datetime]) -> None:
        self._database = for_reading(database)
        self._keys = keys
        self._now = now

    def check(self, key: UUID | str, actor: Actor, /) -> CheckView:
        """Return the check of a case."""
        is_meant = case_file.c.id == key if isinstance(key, UUID) else case_file.c.number == key
        with self._database.connect() as connection:
            statement = select(case_file).where(is_meant, is_visible(actor))
            row = connection.execute(statement).mappings().first()
            if row is None or is_purpose_limited(actor, row["region"]):
                raise CaseNotFound(key)
            found = select(member).where(member.c.case_id == row["id"]).order_by(member.c.number)
            members = connection.execute(found).mappings().all()
            return self._view(connection, to_case(row, members, self._keys), row["wrapped_key"])

    def source_quality(self, *, since: date, actor: Actor) -> Sequence[SourceQuality]:
        """Return how well each agency answered questions of the actor's region asked since a day."""
        begin = datetime(since.year, since.month, since.day, tzinfo=COUNTY_TIME)
        with self._database.connect() as connection:
            counts = {row.agency: row for row in connection.execute(self._counts(begin, actor))}
            disputed = {row.agency: row.times for row in connection.execute(_disputed(begin, actor))}
            rests = {row.agency: row for row in connection.execute(select(agency_rest))}
        return [
            _quality(agency, counts.get(agency.key), disputed.get(agency.key, 0), rests.get(agency.key))
            for agency in AGENCIES
        ]

    def refused_queries(self, actor: Actor, /) -> Sequence[RefusedQuery]:
        """Return the newest queries that were not let out: to the county all, to a town those about its cases."""
        statement = select(refused_query).order_by(refused_query.c.at.desc()).limit(MOST_REFUSALS)
        if is_purpose_limited(actor, COUNTY_REGION):
            seen = select(case_file.c.number).where(is_seen_whole(actor))
            statement = statement.where(refused_query.c.case_number.in_(seen))
        with self._database.connect() as connection:
            return [to_value(RefusedQuery, row) for row in connection.execute(statement).mappings()]

    def bank_files(self, actor: Actor, /) -> Sequence[BankFile]:
        """Return the table files of the actor's regions, newest first."""
        statement = select(bank_file).where(_in_region(bank_file.c.region, actor))
        ordered = statement.order_by(bank_file.c.created_at.desc(), bank_file.c.number).limit(MOST_FILES)
        with self._database.connect() as connection:
            return [to_value(BankFile, row) for row in connection.execute(ordered).mappings()]

    def _view(self, connection: Connection, found: Case, wrapped: bytes | None) -> CheckView:
        today = local_day(self._now())
        consents = SqlAuthorisations(connection, self._keys).of_case(found.id)
        standing = {one.person for one in consents if one.holds_on(today)}
        withdrawn = {one.person for one in consents if one.withdrawn_at and not one.replaced_at}
        missing = tuple(unauthorised_of(found, consents, today))
        seal = self._keys.seal(wrapped) if wrapped else None
        return CheckView(
            case_number=found.number,
            blocked="authorisation_withdrawn" if withdrawn & set(missing) else None,
            missing_consents=missing,
            authorisations=[_consent(one, today) for one in consents],
            supporters=[
                _supporter(one, authorised=one.number in standing)
                for one in SqlSupporters(connection, self._keys).of_case(found.id)
            ],
            requests=[to_agency_request(row, seal) for row in _requests(connection, found.id)] if seal else [],
            reports=[to_report(row, seal) for row in _reports(connection, found.id)] if seal else [],
            objections=SqlReportObjections(connection, self._keys).of_case(found.id),
        )

    def _counts(self, begin: datetime, actor: Actor) -> Any:
        columns = agency_request.c
        answered = columns.status.in_(("hit", "no_hit"))
        stale_days = timedelta(days=self._stale_days())
        asked_on = func.timezone("Asia/Shanghai", columns.asked_at)
        return (
            select(
                columns.agency,
                func.count().label("asked"),
                func.count(case((and_(columns.status.is_(None), columns.due_at >= self._now()), 1))).label("waiting"),
                func.count(case((answered, 1))).label("answered"),
                func.count(case((and_(answered, columns.answered_at <= columns.due_at), 1))).label("on_time"),
                func.count(case((and_(answered, columns.as_of < asked_on - stale_days), 1))).label("stale"),
                func.count(columns.entered_by).label("by_hand"),
            )
            .where(columns.asked_at >= begin, _in_region(columns.region, actor))
            .group_by(columns.agency)
        )

    def _stale_days(self) -> int:
        from_parameters = select(parameter.c.value).where(
            parameter.c.key == "agency_data_days", parameter.c.effective_from <= local_day(self._now())
        )
        with self._database.connect() as connection:
            found = connection.execute(from_parameters.order_by(parameter.c.effective_from.desc()).limit(1))
            value = found.scalar_one_or_none()
        return int(value) if value is not None else 92


def _disputed(begin: datetime, actor: Actor) -> Any:
    agency = func.unnest(report_objection.c.agencies).label("agency")
    named = (
        select(agency)
        .where(report_objection.c.filed_at >= begin, _in_region(report_objection.c.region, actor))
        .subquery()
    )
    return select(named.c.agency, func.count().label("times")).group_by(named.c.agency)


def _in_region(column: ColumnElement[str], actor: Actor) -> ColumnElement[bool]:
    if actor.system:
        return column.is_not(None)
    regions = {one.region for one in actor.memberships if sees_whole_region(one)}
    return or_(false(), *(column.startswith(region, autoescape=True) for region in sorted(regions)))


def _requests(connection: Connection, case_id: UUID) -> Sequence[Any]:
    columns = agency_request.c
    statement = select(agency_request).where(columns.case_id == case_id)
    return connection.execute(statement.order_by(columns.round, columns.number, columns.agency)).mappings().all()


def _reports(connection: Connection, case_id: UUID) -> Sequence[Any]:
    statement = select(check_report).where(check_report.c.case_id == case_id)
    return connection.execute(statement.order_by(check_report.c.version.desc())).mappings().all()


def _consent(one: Authorisation, today: date) -> AuthorisationView:
    return AuthorisationView(
        id=one.id,
        person=one.person,
        signed_on=one.signed_on,
        signed_by=one.signed_by,
        method=one.method,
        agency_classes=one.agency_classes,
        valid_from=one.valid_from,
        valid_to=one.valid_to,
        copies=one.copies,
        recorded_at=one.recorded_at,
        recorded_by=one.recorded_by,
        withdrawn_at=one.withdrawn_at,
        replaced_at=one.replaced_at,
        holds=one.holds_on(today),
    )


def _supporter(one: Supporter, *, authorised: bool) -> SupporterView:
    return SupporterView(
        number=one.number,
        name=one.name,
        identity_number=masked_identity_number(one.identity_number),
        relation=one.relation,
        supports=one.supports,
        authorised=authorised,
    )


def _quality(agency: Agency, counts: Row[Any] | None, disputed: int, rest: Row[Any] | None) -> SourceQuality:
    asked, waiting = (counts.asked, counts.waiting) if counts else (0, 0)
    answered = counts.answered if counts else 0
    return SourceQuality(
        agency=agency.key,
        title=agency.name,
        title_en=agency.name_en,
        channel=agency.channel.value,
        asked=asked,
        waiting=waiting,
        answered_percent=_percent(answered, asked - waiting),
        on_time_percent=_percent(counts.on_time if counts else 0, answered),
        stale_percent=_percent(counts.stale if counts else 0, answered),
        disputed_percent=_percent(disputed, answered),
        by_hand=counts.by_hand if counts else 0,
        failures_in_a_row=rest.failures if rest else 0,
        rests_until=rest.rests_until if rest else None,
    )


def _percent(part: int, whole: int) -> Decimal | None:
    return (Decimal(100 * part) / whole).quantize(Decimal("0.1")) if whole else None
