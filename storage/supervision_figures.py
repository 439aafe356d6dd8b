"""The supervisors' figures on PostgreSQL, all of one committed state: cases, limits, ages, desks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, Connection, Subquery, and_, case, func, literal_column, not_, or_, select
from sqlalchemy import Engine as Database

from storage.books import Books
from storage.case_visibility import is_visible
from storage.casework import read_calendar
from storage.database import for_reading
from storage.referral_clocks import OPEN_STATES, acknowledged_at, is_late, stands_still
from storage.supervision_counts import (
    Span,
    benefits_of,
    is_supervised,
    procedure_of,
    rechecks_done,
    rechecks_of,
    sources_of,
    urgent_of,
)
from storage.tables.casework import case_file, parameter, referral
from storage.tables.engine import incident, process_instance, user_task
from storage.work_lists import IS_OPEN
from workflows.casework.benefits.transfer import RULE as TRANSFER
from workflows.casework.county import TOWNS
from workflows.casework.days import COUNTY_TIME, local_day
from workflows.casework.figures.books import Finding
from workflows.casework.figures.model import (
    Age,
    OnTime,
    ProgrammeFigures,
    SupervisorFigures,
    TownCases,
    UnitFigures,
    UnitOnTime,
    WaitingStep,
)
from workflows.casework.figures.ports import FigureFilter
from workflows.casework.model import CaseStatus
from workflows.casework.records import Outcome
from workflows.rules.calendar import WorkingCalendar

ENDED = (CaseStatus.CLOSED, CaseStatus.DECLINED)
WITHDRAWN = "withdrawn"
AGES = ((0, 10), (11, 20), (21, 30), (31, 45), (46, None))
POPULATION = "hukou_population"
DAY = 86_400.0
_TOWN_DIGITS: ColumnElement[int] = literal_column("9")
_SLASH: ColumnElement[str] = literal_column("'/'")
_FIRST: ColumnElement[int] = literal_column("1")


@dataclass(frozen=True, slots=True)
class SqlFigureQueries:
    """Figures and books."""

    database: Database
    now: Callable[[], datetime]

    def figures(self, wanted: FigureFilter, /) -> SupervisorFigures:
        """Return the figures of a period."""
        span = _span(wanted, self.now())
        with for_reading(self.database).connect() as connection:
            cases = _Cases(connection, span, _seen(wanted))
            found = SupervisorFigures(
                since=wanted.since,
                until=wanted.until,
                region=wanted.region,
                counted_at=span.now,
                population=_population(connection, wanted.until),
                towns=cases.towns(),
                programmes=cases.programmes(),
                on_time=(cases.whole_limits(), *cases.referral_limits()),
                on_time_of_units=cases.result_limits_of_units(),
                ages=cases.ages(read_calendar(connection)),
                median_days_to_close=cases.median_days_to_close(),
                waiting=_waiting(connection, span, wanted),
                sources=sources_of(connection, span, _seen(wanted)),
                units=cases.units(),
                procedure=procedure_of(connection, span, _seen(wanted)),
                urgent=urgent_of(connection, span, _seen(wanted)),
                benefits=benefits_of(connection, span, _seen(wanted)),
                rechecks=rechecks_of(connection, span, _seen(wanted)),
                rechecks_done=rechecks_done(connection, span, wanted),
                incidents=_incidents(connection, wanted),
            )
        return found.of_unit_kind(wanted.unit_kind) if wanted.unit_kind else found

    def books(self) -> Sequence[Finding]:
        """Return where the books do not hold."""
        with for_reading(self.database).connect() as connection:
            return Books(connection, self.now()).findings()


@dataclass(frozen=True, slots=True)
class _Cases:
    connection: Connection
    span: Span
    seen: ColumnElement[bool]

    def towns(self) -> list[TownCases]:
        """Count the cases of each town."""
        span, columns = self.span, case_file.c
        ended, applied = span.has(columns.closed_at), columns.process_instance_id.is_not(None)
        statement = (
            select(
                _town(columns.region).label("town"),
                func.count().filter(span.has(columns.received_at), applied).label("received"),
                func.count()
                .filter(ended, columns.status == CaseStatus.CLOSED, _not_withdrawn(), applied)
                .label("closed"),
                func.count().filter(ended, columns.status == CaseStatus.DECLINED).label("declined"),
                func.count().filter(ended, columns.outcome == WITHDRAWN).label("withdrawn"),
                func.count().filter(columns.status.not_in(ENDED)).label("in_work"),
            )
            .where(self.seen)
            .group_by(_town(columns.region))
        )
        found = {row["town"]: row for row in self.connection.execute(statement).mappings()}
        names = ("received", "closed", "declined", "withdrawn", "in_work")
        return [
            TownCases(
                region=town.region,
                town=town.name,
                town_en=town.name_en,
                **{name: found[town.region][name] for name in names},
            )
            for town in TOWNS
            if town.region in found
        ]

    def programmes(self) -> list[ProgrammeFigures]:
        """Count the referrals of each programme and town."""
        columns, town = referral.c, _town(referral.c.region)
        answered = self.span.has(columns.result_at)
        refused = columns.outcome.in_((Outcome.REFUSED, Outcome.NOT_ELIGIBLE))
        statement = (
            select(
                columns.programme,
                town.label("region"),
                func.count().filter(self.span.has(columns.sent_at)).label("sent"),
                func.count().filter(answered, columns.outcome == Outcome.GRANTED).label("granted"),
                func.count().filter(answered, refused).label("refused"),
                func.count().filter(answered, columns.outcome == Outcome.RETURNED).label("returned"),
                func.count().filter(answered, columns.outcome == Outcome.CANCELLED).label("cancelled"),
                func.count().filter(columns.state.in_(OPEN_STATES)).label("in_work"),
            )
            .join(case_file, case_file.c.id == columns.case_id)
            .where(self.seen, columns.rule != TRANSFER)
            .group_by(columns.programme, town)
            .order_by(columns.programme, town)
        )
        return [ProgrammeFigures(**row) for row in self.connection.execute(statement).mappings()]

    def whole_limits(self) -> OnTime:
        """Count the whole limits of cases that ended in the period."""
        columns, today = case_file.c, local_day(self.span.now)
        ended = _local(columns.closed_at)
        over = and_(columns.closed_at.is_(None), columns.due_on < today)
        resting = stands_still(columns.id)
        statement = select(
            func.count().filter(or_(columns.closed_at.is_not(None), columns.due_on < today)).label("due"),
            func.count().filter(ended <= columns.due_on).label("kept"),
            func.count().filter(ended > columns.due_on).label("late"),
            func.count().filter(over, not_(resting)).label("still_open"),
            func.count().filter(over, resting).label("resting"),
        ).where(self.seen, columns.due_on.between(self.span.since, self.span.until))
        return OnTime(kind="case", **self.connection.execute(statement).mappings().one())

    def referral_limits(self) -> tuple[OnTime, OnTime]:
        """Count acknowledgements and results that were owed in the period."""
        taken_on, columns = acknowledged_at(), referral.c
        done = func.coalesce(taken_on, columns.result_at)
        return (
            self._referral_limit("acknowledgement", columns.acknowledge_due_at, done),
            self._referral_limit("result", columns.result_due_at, columns.result_at),
        )

    def result_limits_of_units(self) -> list[UnitOnTime]:
        """Count the results that each kind of unit owed in the period."""
        rows = self._owed(referral.c.result_due_at, referral.c.result_at)
        statement = select(rows.c.unit_kind, *self._kept_and_missed(rows)).group_by(rows.c.unit_kind)
        found = self.connection.execute(statement.order_by(rows.c.unit_kind)).mappings()
        return [limits for limits in (UnitOnTime(**row) for row in found) if limits.due]

    def _referral_limit(self, kind: str, due: ColumnElement[Any], done: ColumnElement[Any]) -> OnTime:
        statement = select(*self._kept_and_missed(self._owed(due, done)))
        return OnTime(kind=kind, **self.connection.execute(statement).mappings().one())

    def _owed(self, due: ColumnElement[Any], done: ColumnElement[Any]) -> Subquery:
        owed = is_late(self.span.now).label("owed")
        return (
            select(referral.c.unit_kind, due.label("due"), done.label("done"), owed)
            .select_from(referral)
            .join(case_file, case_file.c.id == referral.c.case_id)
            .where(self.seen, self.span.has(due))
            .subquery()
        )

    def _kept_and_missed(self, rows: Subquery) -> list[ColumnElement[int]]:
        now, columns = self.span.now, rows.c
        over = and_(columns.done.is_(None), columns.due < now)
        return [
            func.count().filter(or_(columns.done.is_not(None), columns.due < now)).label("due"),
            func.count().filter(columns.done <= columns.due).label("kept"),
            func.count().filter(columns.done > columns.due).label("late"),
            func.count().filter(over, columns.owed).label("still_open"),
            func.count().filter(over, not_(columns.owed)).label("resting"),
        ]

    def ages(self, calendar: WorkingCalendar) -> list[Age]:
        """Count the accepted cases in work by their working days since acceptance."""
        columns, today = case_file.c, local_day(self.span.now)
        statement = (
            select(columns.accepted_on, func.count())
            .where(self.seen, columns.status.not_in(ENDED), columns.accepted_on.is_not(None))
            .group_by(columns.accepted_on)
        )
        days: Counter[int] = Counter()
        for accepted_on, count in self.connection.execute(statement):
            days[calendar.working_days_between(accepted_on, today)] += count
        return [Age(from_days=low, to_days=high, cases=_within(days, low, high)) for low, high in AGES]

    def median_days_to_close(self) -> Decimal | None:
        """Return the calendar days from acceptance to the end, of the cases that ended in the period."""
        columns = case_file.c
        days = _local(columns.closed_at) - columns.accepted_on
        statement = select(days).where(
            self.seen, self.span.has(columns.closed_at), columns.accepted_on.is_not(None), columns.due_on.is_not(None)
        )
        found = [int(value) for value in self.connection.execute(statement).scalars()]
        return Decimal(str(median(found))) if found else None

    def units(self) -> list[UnitFigures]:
        """Count the referrals of each kind of unit."""
        columns = referral.c
        sent = self.span.has(columns.sent_at)
        taken_on = case((sent, func.coalesce(acknowledged_at(), columns.result_at)))  # dear: not asked of those before
        rows = (
            select(
                columns.unit_kind,
                sent.label("sent"),
                case((sent, func.coalesce(taken_on, columns.result_at))).label(
                    "taken_on"
                ),  # dear, and not asked of others
                columns.result_at,
                columns.sent_at,
                columns.state.in_(OPEN_STATES).label("open"),
                is_late(self.span.now).label("overdue"),
            )
            .join(case_file, case_file.c.id == columns.case_id)
            .where(self.seen, columns.rule != TRANSFER)
            .subquery()
        )
        days = func.extract("epoch", rows.c.result_at - rows.c.sent_at) / DAY
        statement = (
            select(
                rows.c.unit_kind,
                func.count().filter(rows.c.sent).label("sent"),
                func.count().filter(rows.c.sent, rows.c.taken_on.is_not(None)).label("acknowledged"),
                func.count().filter(rows.c.sent, rows.c.result_at.is_not(None)).label("finished"),
                func.count().filter(rows.c.open).label("open"),
                func.count().filter(rows.c.overdue).label("overdue"),
                func.percentile_cont(0.5).within_group(days).filter(rows.c.sent).label("median"),
            )
            .group_by(rows.c.unit_kind)
            .order_by(rows.c.unit_kind)
        )
        found = []
        for row in self.connection.execute(statement).mappings():
            values = {name: value for name, value in row.items() if name != "median"}
            found.append(UnitFigures(**values, median_days_to_result=_places(row["median"], 2)))
        return found


def _waiting(connection: Connection, span: Span, wanted: FigureFilter) -> list[WaitingStep]:
    """Count the open user tasks of cases that are seen, by step and desk, the most overdue first."""
    columns = user_task.c
    group = func.coalesce(columns.desk, columns.candidate_groups[1])
    unit_kind = func.split_part(group, _SLASH, _FIRST)
    days = func.extract("epoch", span.now - columns.created_at) / DAY
    seen = select(case_file.c.number).where(_seen(wanted))
    in_region = columns.region.startswith(wanted.region, autoescape=True)
    of_everybody = in_region if wanted.actor.system else and_(in_region, columns.business_key.in_(seen))
    statement = (
        select(
            columns.element_id,
            func.max(columns.name).label("name"),
            func.max(columns.name_en).label("name_en"),
            unit_kind.label("unit_kind"),
            func.count().label("open"),
            func.count().filter(columns.due_at < span.now).label("overdue"),
            func.percentile_cont(0.5).within_group(days).label("median"),
        )
        .where(IS_OPEN, of_everybody)
        .group_by(columns.element_id, unit_kind)
        .order_by(func.count().filter(columns.due_at < span.now).desc(), columns.element_id)
    )
    found = []
    for row in connection.execute(statement).mappings():
        values = {name: value for name, value in row.items() if name != "median"}
        found.append(WaitingStep(**values, median_days=_places(row["median"], 2) or Decimal(0)))
    return found


def _incidents(connection: Connection, wanted: FigureFilter) -> int:
    statement = (
        select(func.count())
        .select_from(incident)
        .join(process_instance, process_instance.c.id == incident.c.process_instance_id)
        .where(incident.c.resolved_at.is_(None), is_supervised(process_instance.c.region, wanted))
    )
    return int(connection.execute(statement).scalar_one())


def _population(connection: Connection, day: date) -> int | None:
    statement = (
        select(parameter.c.value)
        .where(parameter.c.key == POPULATION, parameter.c.effective_from <= day)
        .order_by(parameter.c.effective_from.desc())
        .limit(1)
    )
    value = connection.execute(statement).scalar_one_or_none()
    return int(value) if isinstance(value, int | Decimal) else None


def _seen(wanted: FigureFilter) -> ColumnElement[bool]:
    return and_(is_visible(wanted.actor), case_file.c.region.startswith(wanted.region, autoescape=True))


def _span(wanted: FigureFilter, now: datetime) -> Span:
    begin = datetime.combine(wanted.since, time(), COUNTY_TIME)
    end = datetime.combine(wanted.until + timedelta(days=1), time(), COUNTY_TIME)
    return Span(since=wanted.since, until=wanted.until, begin=begin, end=end, now=now)


def _town(region: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.left(region, _TOWN_DIGITS)


def _local(moment: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.date(func.timezone(str(COUNTY_TIME), moment))


def _not_withdrawn() -> ColumnElement[bool]:
    return case_file.c.outcome.is_distinct_from(WITHDRAWN)


def _within(days: Counter[int], low: int, high: int | None) -> int:
    return sum(count for day, count in days.items() if day >= low and (high is None or day <= high))


def _places(value: object, places: int) -> Decimal | None:
    return None if value is None else round(Decimal(str(value)), places)
