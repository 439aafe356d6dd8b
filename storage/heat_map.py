"""The heat of processes on PostgreSQL: one grouped statement over what was entered and left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from psycopg.errors import QueryCanceled
from sqlalchemy import (
    CTE,
    Boolean,
    ColumnElement,
    CompoundSelect,
    Date,
    Integer,
    RowMapping,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    type_coerce,
)
from sqlalchemy import Engine as Database
from sqlalchemy.exc import DBAPIError

from engine.batches import OPERATORS
from engine.errors import NotFound
from engine.model import Definition
from storage.database import for_reading
from storage.definitions import SqlDefinitions
from storage.instance_filter import in_regions_of, tokens_waiting
from storage.rows import to_value
from storage.tables.casework import calendar_day, calendar_override
from storage.tables.engine import activity_instance as activities
from storage.tables.engine import definition as definitions
from storage.tables.engine import process_instance as instances
from storage.tables.engine import user_task as tasks
from workflows.casework.days import COUNTY_TIME
from workflows.casework.flow.errors import HeatTakesTooLong
from workflows.casework.flow.heat import ElementFigures, HeatFilter, percentile

STATEMENT_MILLISECONDS = 4_000
SCOPES = ("process", "multiInstanceBody", "adHocActivation")  # what lives around rounds and elements, not drawn itself


@dataclass(frozen=True, slots=True)
class SqlHeatQueries:
    """Questions about the heat of processes."""

    database: Database
    now: Callable[[], datetime]

    def drawing(self, definition_id: UUID, /) -> tuple[Definition, bytes]:
        """Return a version of a process and its diagram.

        Raises:
            NotFound: no such version is deployed.
        """
        with for_reading(self.database).connect() as connection:
            repository = SqlDefinitions(connection)
            found = repository.get(definition_id)
            if found is None or found.kind != "process":
                raise NotFound("process definition", definition_id)
            return found, repository.content(definition_id)

    def processes(self) -> Sequence[Definition]:
        """Return every version of every process."""
        query = (
            select(definitions)
            .where(definitions.c.kind == "process")
            .order_by(definitions.c.key, definitions.c.version.desc())
        )
        with for_reading(self.database).connect() as connection:
            return [to_value(Definition, row) for row in connection.execute(query).mappings()]

    def figures(self, wanted: HeatFilter, norms: Mapping[str, int], /) -> Sequence[ElementFigures]:
        """Return the figures of each element.

        Raises:
            HeatTakesTooLong: so much was to be counted that the server gave up.
        """
        with for_reading(self.database).connect() as connection:
            connection.execute(select(func.set_config("statement_timeout", str(STATEMENT_MILLISECONDS), True)))
            try:
                rows = list(connection.execute(_counts(wanted, norms, self.now())).mappings())
            except DBAPIError as given_up:
                if isinstance(given_up.orig, QueryCanceled):
                    raise HeatTakesTooLong(STATEMENT_MILLISECONDS // 1_000) from given_up
                raise
        by_element: dict[str, list[RowMapping]] = {}
        for row in rows:
            by_element.setdefault(row["element_id"], []).append(row)
        return [_of_element(element_id, found) for element_id, found in by_element.items()]


def _of_element(element_id: str, rows: Sequence[RowMapping]) -> ElementFigures:
    passed = [row for row in rows if row["passed"]]
    days: Counter[int] = Counter()
    for row in passed:
        if row["working_days"] is not None:
            days[row["working_days"]] += row["passed"]
    return ElementFigures(
        element_id=element_id,
        passed=sum(row["passed"] for row in passed),
        untimed=sum(row["passed"] for row in passed if row["working_days"] is None),
        median=percentile(days, 50),
        ninetieth=percentile(days, 90),
        limited=sum(row["passed"] for row in passed if row["is_over"] is not None),
        over=sum(row["passed"] for row in passed if row["is_over"]),
        waiting=sum(row["waiting"] for row in rows),
        waiting_over=sum(row["waiting_over"] for row in rows),
    )


def _counts(wanted: HeatFilter, norms: Mapping[str, int], now: datetime) -> CompoundSelect[Any]:
    """Count what was left in the period by element, days and whether it was late, and the cases that stand there.

    Counting by days, where a percentile of the server would sort every passage, keeps the statement short.
    """
    passages = _passages(wanted, norms, now).cte("passage")
    columns = passages.c
    nothing = literal(0)
    passed = (
        select(
            columns.element_id,
            columns.working_days,
            columns.is_over,
            func.count().label("passed"),
            nothing.label("waiting"),
            nothing.label("waiting_over"),
        )
        .where(columns.passed)
        .group_by(columns.element_id, columns.working_days, columns.is_over)
    )
    cases = func.count(columns.process_instance_id.distinct())
    waiting = (
        select(
            columns.element_id,
            cast(null(), Integer),
            cast(null(), Boolean),
            nothing,
            cases,
            cases.filter(columns.is_over),
        )
        .where(columns.waits)
        .group_by(columns.element_id)
    )
    at_joins = [] if wanted.unit_kind else [_waiting_at_joins(wanted)]
    return passed.union_all(waiting, *at_joins)


def _waiting_at_joins(wanted: HeatFilter) -> Select[Any]:
    """Count the cases whose tokens wait at each join; no unit's, and no limit is drawn for them."""
    tokens = tokens_waiting(wanted.definition_id, None).subquery("tokens")
    nothing = literal(0)
    cases = func.count(tokens.c.id.distinct())
    return (
        select(tokens.c.element_id, cast(null(), Integer), cast(null(), Boolean), nothing, cases, nothing)
        .select_from(tokens.join(instances, instances.c.id == tokens.c.id))
        .where(
            instances.c.region.startswith(wanted.region, autoescape=True),
            in_regions_of(wanted.actor, OPERATORS),
        )
        .group_by(tokens.c.element_id)
    )


def _passages(wanted: HeatFilter, norms: Mapping[str, int], now: datetime) -> Select[Any]:
    """Return what is counted, each passage with the working days it took so far and whether that is over."""
    columns = activities.c
    begin = datetime.combine(wanted.since, time(), COUNTY_TIME)
    end = datetime.combine(wanted.until + timedelta(days=1), time(), COUNTY_TIME)
    waits = columns.left_at.is_(None)
    passed = and_(columns.outcome == "completed", columns.left_at >= begin, columns.left_at < end)
    calendar, entered, left = _numbered_days(), _local(columns.entered_at), func.coalesce(columns.left_at, now)
    first, last = calendar.alias("first"), calendar.alias("last")
    took = (last.c.number - first.c.number).label("working_days")
    norm = _norm(columns.element_id, norms)
    of_task = and_(tasks.c.process_instance_id == columns.process_instance_id, tasks.c.key == columns.key)
    return (
        select(
            columns.element_id,
            columns.process_instance_id,
            waits.label("waits"),
            func.coalesce(passed, False).label("passed"),
            took,
            case((norm.is_not(None), took.element > norm), else_=left > tasks.c.due_at).label("is_over"),
        )
        .select_from(
            activities.join(instances, instances.c.id == columns.process_instance_id)
            .outerjoin(tasks, and_(columns.tag == "userTask", of_task))
            .outerjoin(first, first.c.day == entered)
            .outerjoin(last, last.c.day == _local(left))
        )
        .where(
            columns.definition_id == wanted.definition_id,
            columns.tag.not_in(SCOPES),
            or_(waits, passed),
            instances.c.region.startswith(wanted.region, autoescape=True),
            in_regions_of(wanted.actor, OPERATORS),
            *_of_unit(wanted.unit_kind),
        )
    )


def _of_unit(kind: str) -> list[ColumnElement[bool]]:
    """Return the condition that a passage is a task whose first group is of a kind of unit."""
    if not kind:
        return []
    group = func.coalesce(tasks.c.desk, tasks.c.candidate_groups[1])
    return [func.split_part(group, "/", 1) == kind]


def _numbered_days() -> CTE:
    """Return the days of the calendar, each with how many working days there were up to it."""
    worked = func.coalesce(calendar_override.c.is_workday, calendar_day.c.is_workday)
    number = func.sum(case((worked, 1), else_=0)).over(order_by=calendar_day.c.day)
    return (
        select(calendar_day.c.day, number.label("number"))
        .select_from(calendar_day.outerjoin(calendar_override, calendar_override.c.day == calendar_day.c.day))
        .cte("calendar")
    )


def _norm(element_id: ColumnElement[str], norms: Mapping[str, int]) -> ColumnElement[Any]:
    return case(norms, value=element_id, else_=null()) if norms else cast(null(), Integer)


def _local(moment: ColumnElement[datetime]) -> ColumnElement[Any]:
    return type_coerce(func.date(func.timezone(str(COUNTY_TIME), moment)), Date)
