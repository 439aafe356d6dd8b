"""Rules of units in PostgreSQL, and the tasks and people they are for: in a transaction, and as pages ask for them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Select,
    Text,
    Uuid,
    all_,
    and_,
    any_,
    bindparam,
    cast,
    delete,
    false,
    func,
    insert,
    literal,
    literal_column,
    not_,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy import Engine as Database
from sqlalchemy import Row as AnyRow
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.sql.selectable import LateralFromClause

from engine.json_values import JsonObject
from engine.model import HistoryAction, UserTask
from storage.absences import is_running
from storage.advice import ADVICE_BESIDE_TASK
from storage.database import for_reading
from storage.resting import rests
from storage.rows import Row
from storage.tables.base import Instant
from storage.tables.distribution import distribution_rule as table
from storage.tables.distribution import distribution_rule_event as events
from storage.tables.engine import definition, deployment_resource, history_entry, user_task, user_task_draft
from storage.tables.organisation import absence, account, post, unit
from storage.work_lists import IS_OPEN, LAST_SIGN, is_in_span
from workflows.casework.distribution.model import (
    UNTOUCHED,
    Candidate,
    Desk,
    DistributionRule,
    Method,
    OpenTask,
    RuleEvent,
    RulePlace,
)
from workflows.casework.distribution.steps import Step, steps_of
from workflows.casework.supervision import OfficeKey, Offices
from workflows.organisation.model import Unit

_PLACE = ("unit_kind", "region", "process_id", "element_id")
_NEVER: ColumnElement[datetime] = literal_column("'infinity'::timestamptz", Instant)
_GIVEN_AWAY = (HistoryAction.RELEASED, HistoryAction.HANDED_OVER, HistoryAction.TASK_DENIED)
_DETAIL_TASK = history_entry.c.details["task"].astext


class SqlDistribution:
    """Rules with the tasks they are for, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def offices(self) -> Offices:
        """Return the units."""
        rows = self._connection.execute(select(unit)).mappings()
        return Offices(Unit(**row) for row in rows)

    def all(self) -> Sequence[DistributionRule]:
        """Return every rule."""
        return [to_rule(row) for row in self._connection.execute(select(table)).mappings()]

    def lock(self, place: RulePlace) -> DistributionRule | None:
        """Return a rule and let others who give out by it, or change it, wait."""
        query = select(table).where(*_at(place)).with_for_update()
        row = self._connection.execute(query).mappings().first()
        return None if row is None else to_rule(row)

    def save(self, rule: DistributionRule) -> None:
        """Write a rule, new or not."""
        changing = {
            "method": rule.method.value,
            "most_open": rule.most_open,
            "release_after": rule.release_after,
            "last_login": rule.last_login,
            "changed_at": rule.changed_at,
            "changed_by": rule.changed_by,
        }
        statement = upsert(table).values(**_place_row(rule.place), **changing)
        self._connection.execute(statement.on_conflict_do_update(index_elements=list(_PLACE), set_=changing))

    def remove(self, place: RulePlace) -> None:
        """Forget a rule."""
        self._connection.execute(delete(table).where(*_at(place)))

    def record(self, event: RuleEvent) -> None:
        """Append to the record of changes."""
        row = {"at": event.at, "actor": event.actor, "before": event.before, "after": event.after}
        self._connection.execute(insert(events).values(**_place_row(event.place), **row))

    def people(self, unit_: OfficeKey, groups: Sequence[str], *, process_id: str, today: date) -> Sequence[Candidate]:
        """Return who holds a post of these groups in a unit and is not absent today, by login."""
        is_away = select(absence.c.login).where(
            is_running(today),
            or_(func.cardinality(absence.c.process_ids) == 0, literal(process_id) == any_(absence.c.process_ids)),
        )
        holders = (
            select(post.c.login)
            .join(unit, unit.c.id == post.c.unit_id)
            .where(
                unit.c.kind == unit_.kind,
                unit.c.region == unit_.region,
                (unit.c.kind + "/" + post.c.role).in_(list(groups)),
            )
        )
        held = select(func.count()).where(user_task.c.assignee == account.c.login, IS_OPEN).scalar_subquery()
        query = (
            select(account.c.login, account.c.name, held.label("open"))
            .where(account.c.login.in_(holders), account.c.login.not_in(is_away))
            .order_by(account.c.login)
        )
        return [Candidate(login=row.login, name=row.name, open=row.open) for row in self._connection.execute(query)]

    def unheld(
        self,
        *,
        now: datetime,
        limit: int,
        after: OpenTask | None,
        full: Collection[Desk],
        without: Collection[UUID],
    ) -> Sequence[OpenTask]:
        """Return tasks that a rule gives to somebody and nobody holds or put off, the most urgent first."""
        regions = {one.place.unit.region for one in self.all() if one.method is not Method.NONE}
        if not regions:
            return []
        in_order = (func.coalesce(user_task.c.due_at, _NEVER), user_task.c.created_at, user_task.c.id)
        rule = _rule_that_counts()
        conditions = [
            or_(*(_lies_in(region) for region in sorted(regions))),
            rule.c.method != Method.NONE.value,
            user_task.c.assignee.is_(None),
            or_(user_task.c.follow_up_at.is_(None), user_task.c.follow_up_at <= now),
            user_task.c.id != all_(literal(list(without), ARRAY(Uuid))),
            *(not_(_is_of_desk(rule, desk)) for desk in full),
        ]
        if after is not None:
            due = _NEVER if after.due_at is None else literal(after.due_at, Instant)
            last = tuple_(due, literal(after.created_at, Instant), literal(after.id, Uuid))
            conditions.append(tuple_(*in_order) > last)
        query = _tasks(rule).where(*conditions).order_by(*in_order).limit(limit)
        return [_task(row) for row in self._connection.execute(query).mappings()]

    def untouched(
        self,
        before: Mapping[int, datetime],
        *,
        now: datetime,
        limit: int,
        after: OpenTask | None = None,
        task_id: UUID | None = None,
    ) -> Sequence[OpenTask]:
        """Return tasks that somebody holds and nobody touched since the time for the days of their rule."""
        rule = _rule_that_counts()
        conditions = [
            user_task.c.assignee.is_not(None),
            _is_over(rule.c.release_after, user_task.c.created_at, before),
            rests(bindparam("moment", now)).is_not(true()),  # nothing is known of what nobody put off
            ~ADVICE_BESIDE_TASK,
        ]
        if task_id is not None:
            conditions.append(user_task.c.id == task_id)
        touched = _touched_at().label("touched_at")
        held = _tasks(rule).add_columns(rule.c.release_after, touched).where(*conditions).subquery()
        query = select(held).where(_is_over(held.c.release_after, held.c.touched_at, before))
        if after is not None:
            last = tuple_(literal(after.touched_at, Instant), literal(after.id, Uuid))
            query = query.where(tuple_(held.c.touched_at, held.c.id) > last)
        query = query.order_by(held.c.touched_at, held.c.id).limit(limit)
        return [_task(row) for row in self._connection.execute(query).mappings()]

    def barred(self, task: UserTask) -> set[str]:
        """Return whom no rule gives a task."""
        details, action = history_entry.c.details, history_entry.c.action
        of_task = and_(history_entry.c.process_instance_id == task.process_instance_id, str(task.id) == _DETAIL_TASK)
        to_groups = or_(
            and_(action == HistoryAction.HANDED_OVER.value, details.has_key("groups")),
            and_(action == HistoryAction.TASK_UPDATED.value, details["after"].has_key("candidate_groups")),
        )
        offered = select(func.coalesce(func.max(history_entry.c.id), 0)).where(of_task, to_groups).scalar_subquery()
        query = select(action, history_entry.c.actor, details.label("details")).where(
            of_task,
            action.in_([one.value for one in _GIVEN_AWAY]),
            or_(history_entry.c.id >= offered, details["ground"].astext == UNTOUCHED),
        )
        return {login for row in self._connection.execute(query) if (login := _gave_away(row)) is not None}


class SqlDistributionQueries:
    """Questions, each over a connection of its own."""

    def __init__(self, database: Database) -> None:
        self._database = for_reading(database)

    def rules(self) -> Sequence[DistributionRule]:
        """Return every rule, those of a unit together, the widest first."""
        query = select(table).order_by(*(table.c[name] for name in _PLACE))
        with self._database.connect() as connection:
            return [to_rule(row) for row in connection.execute(query).mappings()]

    def events(self, unit_: OfficeKey, /, *, limit: int) -> Sequence[RuleEvent]:
        """Return how the rules of a unit were changed, the newest first."""
        of_unit = (events.c.unit_kind == unit_.kind, events.c.region == unit_.region)
        query = select(events).where(*of_unit).order_by(events.c.id.desc()).limit(limit)
        with self._database.connect() as connection:
            return [_event(row) for row in connection.execute(query).mappings()]

    def steps(self) -> Sequence[Step]:
        """Return the user tasks of the newest version of every process."""
        last = func.max(definition.c.version).over(partition_by=definition.c.key)
        versions = select(definition, last.label("last")).where(definition.c.kind == "process").subquery()
        newest = select(versions).where(versions.c.version == versions.c.last).subquery()
        source = deployment_resource
        drawn = and_(source.c.deployment_id == newest.c.deployment_id, source.c.name == newest.c.resource_name)
        query = select(newest.c.key, source.c.content).join(source, drawn).order_by(newest.c.key)
        with self._database.connect() as connection:
            rows = connection.execute(query).all()
        return [step for row in rows for step in steps_of(row.content) if step.process_id == row.key]


def to_rule(row: Row) -> DistributionRule:
    """Return the rule of a row."""
    return DistributionRule(
        place=_place(row),
        method=Method(row["method"]),
        most_open=row["most_open"],
        release_after=row["release_after"],
        last_login=row["last_login"],
        changed_at=row["changed_at"],
        changed_by=row["changed_by"],
    )


def _event(row: Row) -> RuleEvent:
    return RuleEvent(place=_place(row), at=row["at"], actor=row["actor"], before=row["before"], after=row["after"])


def _place(row: Row) -> RulePlace:
    key = OfficeKey(kind=row["unit_kind"], region=row["region"])
    return RulePlace(unit=key, process_id=row["process_id"], element_id=row["element_id"])


def _place_row(place: RulePlace) -> dict[str, str]:
    key = place.unit
    return dict(zip(_PLACE, (key.kind, key.region, place.process_id, place.element_id), strict=True))


def _at(place: RulePlace) -> list[ColumnElement[bool]]:
    return [table.c[name] == value for name, value in _place_row(place).items()]


def _rule_that_counts() -> LateralFromClause:
    """Return the rule for a task of the outer query: the most exact one of the nearest unit of its kind."""
    kind: ColumnElement[str] = func.split_part(user_task.c.candidate_groups[1], "/", 1)
    is_nearer = (
        select(unit.c.id)
        .where(
            unit.c.kind == kind,
            func.starts_with(user_task.c.region, unit.c.region),
            func.length(unit.c.region) > func.length(table.c.region),
        )
        .correlate(user_task, table)
        .exists()
    )
    query = select(table).where(
        table.c.unit_kind == kind,
        func.starts_with(user_task.c.region, table.c.region),
        or_(table.c.process_id == "", table.c.process_id == definition.c.key),
        or_(table.c.element_id == "", table.c.element_id == user_task.c.element_id),
        ~is_nearer,
    )
    exact = ((table.c.element_id != "").desc(), (table.c.process_id != "").desc())
    return query.correlate(user_task, definition).order_by(*exact).limit(1).lateral("rule")


def _tasks(rule: LateralFromClause) -> Select[Any]:
    """Return the question for open tasks that wait for no listener, each with the rule that counts for it."""
    columns = user_task.c
    return (
        select(
            columns.id, columns.candidate_groups, columns.due_at, columns.created_at, *(rule.c[one] for one in _PLACE)
        )
        .join(definition, definition.c.id == columns.definition_id)
        .join(rule, true())
        .where(IS_OPEN, columns.transition.is_(None))
    )


def _lies_in(region: str) -> ColumnElement[bool]:
    """Return the condition that a task lies in a region: a span of the index of open tasks by region."""
    return is_in_span(user_task.c.region, bindparam(None, region), bindparam(None, region + LAST_SIGN))


def _is_of_desk(rule: LateralFromClause, desk: Desk) -> ColumnElement[bool]:
    place, groups = desk
    own = [rule.c[name] == value for name, value in _place_row(place).items()]
    return and_(*own, user_task.c.candidate_groups == literal(list(groups), ARRAY(Text)))


def _is_over(
    days: ColumnElement[int], since: ColumnElement[datetime], before: Mapping[int, datetime]
) -> ColumnElement[bool]:
    """Return the condition that a moment lies before the one for these days; false where there are none."""
    return or_(false(), *(and_(days == number, since < moment) for number, moment in before.items()))


def _gave_away(row: AnyRow[Any, Any, Any]) -> str | None:
    """Return who gave a task away by an act, or was denied it; none where nobody held it."""
    details: JsonObject = row.details
    if row.action == HistoryAction.TASK_DENIED.value:
        found = details.get("to")
    else:  # a release whose listeners were asked does not say from whom
        found = details["from"] if "from" in details else details.get("for") or row.actor
    return found if isinstance(found, str) else None


def _touched_at() -> ColumnElement[datetime]:
    """Return when somebody last did something to a task, or its holder to its case."""
    by_holder = or_(
        history_entry.c.actor == user_task.c.assignee, history_entry.c.details["for"].astext == user_task.c.assignee
    )
    act = select(func.max(history_entry.c.at)).where(
        history_entry.c.process_instance_id == user_task.c.process_instance_id,
        or_(by_holder, cast(user_task.c.id, Text) == _DETAIL_TASK),
    )
    draft = select(user_task_draft.c.saved_at).where(user_task_draft.c.user_task_id == user_task.c.id)
    return func.greatest(user_task.c.created_at, act.scalar_subquery(), draft.scalar_subquery())


def _task(row: Row) -> OpenTask:
    return OpenTask(
        id=row["id"],
        candidate_groups=tuple(row["candidate_groups"]),
        place=_place(row),
        due_at=row["due_at"],
        created_at=row["created_at"],
        touched_at=row.get("touched_at"),
    )
