"""Rules of units in PostgreSQL, and the tasks and people they are for: in a transaction, and as pages ask for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Text,
    and_,
    any_,
    bindparam,
    cast,
    delete,
    false,
    func,
    insert,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy import Engine as Database
from sqlalchemy.dialects.postgresql import insert as upsert

from engine.model import HistoryAction, UserTask
from storage.absences import is_running
from storage.advice import ADVICE_BESIDE_TASK
from storage.database import for_reading
from storage.resting import rests
from storage.rows import Row
from storage.tables.distribution import distribution_rule as table
from storage.tables.distribution import distribution_rule_event as events
from storage.tables.engine import definition, deployment_resource, history_entry, user_task, user_task_draft
from storage.tables.organisation import absence, account, post, unit
from storage.work_lists import IS_OPEN
from workflows.casework.distribution.model import (
    UNTOUCHED,
    Candidate,
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

    def unheld(self, units: Sequence[OfficeKey], *, now: datetime, most: int) -> Sequence[OpenTask]:
        """Return tasks of units that nobody holds or put off: the most urgent of each group and region, so many."""
        in_order = (user_task.c.due_at.asc().nulls_last(), user_task.c.created_at, user_task.c.id)
        desk = (user_task.c.candidate_groups, user_task.c.region)
        found = (
            _tasks()
            .add_columns(func.row_number().over(partition_by=desk, order_by=in_order).label("place"))
            .where(
                user_task.c.assignee.is_(None),
                _of_units(units),
                or_(user_task.c.follow_up_at.is_(None), user_task.c.follow_up_at <= now),
            )
            .subquery()
        )
        query = select(found).where(found.c.place <= most).order_by(found.c.place, found.c.id)
        return [_task(row) for row in self._connection.execute(query).mappings()]

    def untouched(
        self, unit_: OfficeKey, *, before: datetime, now: datetime, limit: int, task_id: UUID | None = None
    ) -> Sequence[OpenTask]:
        """Return tasks of a unit that somebody holds and nobody touched since a time, the longest first."""
        touched = _touched_at().label("touched_at")
        conditions = [
            user_task.c.assignee.is_not(None),
            user_task.c.created_at < before,
            _of_units([unit_]),
            rests(bindparam("moment", now)).is_not(true()),  # nothing is known of what nobody put off
            ~ADVICE_BESIDE_TASK,
        ]
        if task_id is not None:
            conditions.append(user_task.c.id == task_id)
        held = _tasks().add_columns(touched).where(*conditions).subquery()
        query = select(held).where(held.c.touched_at < before).order_by(held.c.touched_at, held.c.id)
        return [_task(row) for row in self._connection.execute(query.limit(limit)).mappings()]

    def left_untouched_by(self, task: UserTask) -> set[str]:
        """Return who had a task and let it lie until it was taken back."""
        query = select(history_entry.c.details["from"].astext).where(
            history_entry.c.process_instance_id == task.process_instance_id,
            history_entry.c.action == HistoryAction.RELEASED.value,
            history_entry.c.details["ground"].astext == UNTOUCHED,
            str(task.id) == _DETAIL_TASK,
        )
        return set(self._connection.execute(query).scalars())


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


def _tasks() -> Select[Any]:
    """Return the question for open tasks that wait for no listener, in instances that are not suspended."""
    columns = user_task.c
    return (
        select(
            columns.id,
            columns.candidate_groups,
            columns.region,
            columns.element_id,
            definition.c.key.label("process_id"),
        )
        .join(definition, definition.c.id == columns.definition_id)
        .where(IS_OPEN, columns.transition.is_(None))
    )


def _of_units(units: Sequence[OfficeKey]) -> ColumnElement[bool]:
    """Return the condition that a task is offered to the kind of one of these units, in its region."""
    kind: ColumnElement[str] = func.split_part(user_task.c.candidate_groups[1], "/", 1)
    own = [and_(kind.in_([one.kind]), user_task.c.region.startswith(one.region)) for one in units]
    return or_(false(), *own)


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
        region=row["region"],
        process_id=row["process_id"],
        element_id=row["element_id"],
        touched_at=row.get("touched_at"),
    )
