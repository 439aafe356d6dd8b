"""The engine's questions on PostgreSQL; one rule says what an actor sees, in lists, counts and single reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Table,
    and_,
    any_,
    exists,
    false,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy import Engine as Database
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on
from sqlalchemy.types import Text

from engine.errors import NotFound
from engine.model import Actor, Definition, Draft, Incident, Membership, TaskState, UserTask
from engine.queries import IncidentFilter, IncidentLine, InstanceView, Page, TaskOrder, TaskTab, UserTaskFilter
from storage.database import for_reading
from storage.definitions import SqlDefinitions
from storage.encryption import KeyRing
from storage.instance_view import instance_view
from storage.rows import to_value
from storage.sealing import InstanceSeals
from storage.tables.engine import activity_instance as activity
from storage.tables.engine import definition, incident, process_instance
from storage.tables.engine import user_task as tasks
from storage.user_tasks import SqlUserTasks
from workflows.casework.sight import sees_whole_region, unit_groups

SUPERVISING_ROLES = ("supervisor",)

_ORDERS: dict[TaskOrder, ColumnElement[Any]] = {
    TaskOrder.DUE: tasks.c.due_at,
    TaskOrder.PRIORITY: tasks.c.priority,
    TaskOrder.CREATED: tasks.c.created_at,
    TaskOrder.NAME: tasks.c.name,
}


def is_candidate(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a task is offered to this actor by group and region, or by name."""
    groups_of_region: dict[str, list[str]] = {}
    for membership in actor.memberships:
        groups_of_region.setdefault(membership.region, []).append(membership.group)
    by_group = [
        and_(tasks.c.candidate_groups.overlap(_texts(groups)), tasks.c.region.startswith(region, autoescape=True))
        for region, groups in groups_of_region.items()
    ]
    return or_(false(), *by_group, literal(actor.id) == any_(tasks.c.candidate_users))


def is_visible(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that this actor may see a task at all."""
    if actor.system:
        return literal(True)
    return or_(
        is_candidate(actor),
        tasks.c.assignee == actor.id,
        tasks.c.completed_by == actor.id,
        *(_supervises(one) for one in actor.memberships if one.role in SUPERVISING_ROLES),
    )


def _supervises(membership: Membership) -> ColumnElement[bool]:
    """Return the condition that a task is under a supervisor's eyes: of the region, or of the own unit alone."""
    of_region = tasks.c.region.startswith(membership.region, autoescape=True)
    if sees_whole_region(membership):
        return of_region
    return and_(of_region, tasks.c.candidate_groups.overlap(_texts(unit_groups(membership.unit_kind))))


def in_tab(tab: TaskTab, actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a task stands in a tab of this actor's work list."""
    is_open = tasks.c.state == TaskState.OPEN
    match tab:
        case TaskTab.MINE:
            return and_(is_open, tasks.c.assignee == actor.id)
        case TaskTab.TO_CLAIM:
            return and_(is_open, tasks.c.assignee.is_(None), is_candidate(actor), ~_did_the_other_step(actor))
        case TaskTab.UNIT:
            return and_(is_open, is_visible(actor))
        case TaskTab.DONE:
            return and_(tasks.c.state == TaskState.COMPLETED, tasks.c.completed_by == actor.id)


def _did_the_other_step(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that four eyes forbid this actor the task: it completed what must be distinct from it."""
    done = tasks.alias("done")
    return exists().where(
        done.c.process_instance_id == tasks.c.process_instance_id,
        done.c.completed_by == actor.id,
        done.c.state == TaskState.COMPLETED,
        done.c.element_id == any_(tasks.c.distinct_from),
    )


class SqlQueries:
    """The read side of the engine."""

    def __init__(self, database: Database, keys: KeyRing) -> None:
        self._database = for_reading(database)
        self._keys = keys

    def user_tasks(self, wanted: UserTaskFilter, /) -> Page:
        """Return a page of tasks the actor may see."""
        condition = and_(in_tab(wanted.tab, wanted.actor), *_narrowing(wanted))
        query = select(tasks).where(condition).order_by(*_order(wanted)).offset(wanted.offset).limit(wanted.limit)
        with self._database.connect() as connection:
            rows = connection.execute(query).mappings().all()
            total = connection.execute(select(func.count()).select_from(tasks).where(condition)).scalar_one()
            return Page(tasks=InstanceSeals(connection, self._keys).values(UserTask, rows), total=total)

    def user_task_counts(self, actor: Actor, /) -> Mapping[TaskTab, int]:
        """Return how many tasks each tab holds."""
        counts = [
            select(func.count()).select_from(tasks).where(in_tab(tab, actor)).scalar_subquery().label(tab.name)
            for tab in TaskTab
        ]
        with self._database.connect() as connection:
            row = connection.execute(select(*counts)).one()
        return dict(zip(TaskTab, row, strict=True))

    def user_task(self, task_id: UUID, actor: Actor, /) -> UserTask:
        """Return one task.

        Raises:
            NotFound: unknown, or not for this actor's eyes.
        """
        with self._database.connect() as connection:
            return _visible_task(connection, InstanceSeals(connection, self._keys), task_id, actor)

    def draft(self, task_id: UUID, actor: Actor, /) -> Draft | None:
        """Return the draft of a task the actor may see."""
        with self._database.connect() as connection:
            seals = InstanceSeals(connection, self._keys)
            _visible_task(connection, seals, task_id, actor)
            return SqlUserTasks(connection, seals).draft(task_id)

    def next_task(self, actor: Actor, /, *, after: UserTask) -> UserTask | None:
        """Return the task to open next: of the same case first, mine before those to claim, most urgent first."""
        same_case = tasks.c.process_instance_id == after.process_instance_id
        ours = or_(in_tab(TaskTab.MINE, actor), in_tab(TaskTab.TO_CLAIM, actor))
        query = (
            select(tasks)
            .where(ours, tasks.c.id != after.id)
            .order_by(same_case.desc(), (tasks.c.assignee == actor.id).desc().nulls_last(), tasks.c.due_at, tasks.c.id)
            .limit(1)
        )
        with self._database.connect() as connection:
            row = connection.execute(query).mappings().first()
            return None if row is None else InstanceSeals(connection, self._keys).values(UserTask, [row])[0]

    def instance(self, process_instance_id: UUID, /) -> InstanceView:
        """Return the whole view of one instance.

        Raises:
            NotFound: there is none.
        """
        with self._database.connect() as connection:
            view = instance_view(connection, self._keys, process_instance_id)
        if view is None:
            raise NotFound("process instance", process_instance_id)
        return view

    def incidents(self, wanted: IncidentFilter, /) -> Sequence[IncidentLine]:
        """Return incidents of the regions the actor supervises, newest first."""
        regions = [one.region for one in wanted.actor.memberships if one.role in SUPERVISING_ROLES]
        conditions: list[ColumnElement[bool]] = []
        if not wanted.actor.system:
            ours = (process_instance.c.region.startswith(region, autoescape=True) for region in regions)
            conditions.append(or_(false(), *ours))
        if wanted.open_only:
            conditions.append(incident.c.resolved_at.is_(None))
        query = (
            select(incident, process_instance.c.business_key, func.coalesce(activity.c.name, "").label("element_name"))
            .join(process_instance, process_instance.c.id == incident.c.process_instance_id)
            .outerjoin(activity, _is_passage_of(incident))
            .where(*conditions)
            .order_by(incident.c.raised_at.desc(), incident.c.id)
            .offset(wanted.offset)
            .limit(wanted.limit)
        )
        with self._database.connect() as connection:
            return [_incident_line(row) for row in connection.execute(query).mappings()]

    def definitions(self) -> Sequence[Definition]:
        """Return the newest version of everything deployed."""
        query = (
            select(definition)
            .ext(distinct_on(definition.c.kind, definition.c.key))
            .order_by(definition.c.kind, definition.c.key, definition.c.version.desc())
        )
        with self._database.connect() as connection:
            return [to_value(Definition, row) for row in connection.execute(query).mappings()]

    def form(self, form_id: str, /, *, definition_id: UUID | None = None) -> bytes | None:
        """Return the newest version of a form document, or the version a task is bound to."""
        with self._database.connect() as connection:
            repository = SqlDefinitions(connection)
            found = repository.latest("form", form_id) if definition_id is None else repository.get(definition_id)
            return None if found is None else repository.content(found.id)


def _visible_task(connection: Connection, seals: InstanceSeals, task_id: UUID, actor: Actor) -> UserTask:
    row = connection.execute(select(tasks).where(tasks.c.id == task_id, is_visible(actor))).mappings().first()
    if row is None:
        raise NotFound("user task", task_id)
    return seals.values(UserTask, [row])[0]


def _is_passage_of(stuck: Table) -> ColumnElement[bool]:
    return and_(activity.c.process_instance_id == stuck.c.process_instance_id, activity.c.key == stuck.c.key)


def _incident_line(row: RowMapping) -> IncidentLine:
    return IncidentLine(
        incident=to_value(Incident, row), business_key=row["business_key"], element_name=row["element_name"]
    )


def _narrowing(wanted: UserTaskFilter) -> Iterable[ColumnElement[bool]]:
    if wanted.business_key is not None:
        yield tasks.c.business_key == wanted.business_key
    if wanted.process_instance_id is not None:
        yield tasks.c.process_instance_id == wanted.process_instance_id
    if wanted.element_id is not None:
        yield tasks.c.element_id == wanted.element_id
    if wanted.overdue_at is not None:
        yield tasks.c.due_at < wanted.overdue_at
    if wanted.text:
        yield or_(
            tasks.c.name.icontains(wanted.text, autoescape=True),
            tasks.c.name_en.icontains(wanted.text, autoescape=True),
            tasks.c.business_key.icontains(wanted.text, autoescape=True),
        )


def _order(wanted: UserTaskFilter) -> Sequence[ColumnElement[Any]]:
    if wanted.tab is TaskTab.DONE and wanted.order is TaskOrder.DUE:
        return tasks.c.completed_at.desc(), tasks.c.id
    column = _ORDERS[wanted.order]
    first = column.desc().nulls_last() if wanted.descending else column.asc().nulls_last()
    return first, tasks.c.id


def _texts(values: Sequence[str]) -> ColumnElement[Sequence[str]]:
    return literal(list(values), ARRAY(Text))
