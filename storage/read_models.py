"""The engine's questions on PostgreSQL; one rule says what an actor sees, in lists, counts and single reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Table,
    and_,
    bindparam,
    false,
    func,
    or_,
    select,
)
from sqlalchemy import Engine as Database
from sqlalchemy.dialects.postgresql import distinct_on

from engine.batches import OPERATORS
from engine.errors import NotFound
from engine.model import Actor, Definition, Denial, Draft, Incident, UserTask
from engine.queries import (
    HolderCounts,
    IncidentFilter,
    IncidentLine,
    InstanceView,
    Page,
    PlaceCounts,
    TaskMoments,
    TaskTab,
    TaskVersion,
    UserTaskFilter,
)
from storage.areas import is_in_area, values_of_area
from storage.case_search import paper_number, searched_tokens
from storage.database import for_reading
from storage.definitions import SqlDefinitions
from storage.encryption import KeyRing
from storage.instance_view import instance_view
from storage.kin import numbers_of_kin
from storage.questions import ask
from storage.resting import rests
from storage.rows import Row, to_value
from storage.sealing import InstanceSeals
from storage.tables.engine import activity_instance as activity
from storage.tables.engine import definition, incident, process_instance
from storage.tables.engine import user_task as tasks
from storage.task_counts import added_up, counts_of_doers, counts_of_holders, counts_of_places, holders_added_up
from storage.task_questions import (
    NUMBER,
    Named,
    barred_of,
    counts_of,
    next_of_all,
    next_of_case,
    page_of,
    total_of,
    versions_of,
)
from storage.task_steps import read_denial
from storage.user_tasks import draft_of
from storage.work_lists import (
    Shape,
    is_visible,
    values_of,
)


class SqlQueries:
    """The read side of the engine."""

    def __init__(self, database: Database, keys: KeyRing) -> None:
        self._pool = database
        self._database = for_reading(database)
        self._keys = keys

    def user_tasks(self, wanted: UserTaskFilter, /) -> Page:
        """Return a page of tasks the actor may see."""
        barred, named = self._barred(wanted.actor), self._named(wanted.text)
        page, total = (question(wanted, barred=barred, named=named) for question in (page_of, total_of))
        rows, [whole] = ask(self._pool, page, total)
        return Page(tasks=[_listed(row) for row in rows], total=int(whole[NUMBER]))

    def user_task_versions(self, wanted: UserTaskFilter, /) -> Sequence[TaskVersion]:
        """Return of which tasks a page consists, in order, and in which version."""
        named = self._named(wanted.text)
        # nearly nobody has any kin: one turn
        rows, kin = ask(self._pool, versions_of(wanted, named=named), barred_of(wanted.actor))
        if kin and not wanted.actor.system:
            [rows] = ask(self._pool, versions_of(wanted, barred=[str(row["number"]) for row in kin], named=named))
        return [TaskVersion(id=row["id"], version=row["version"]) for row in rows]

    def tasks_at_rest(self, task_ids: Sequence[UUID], at: datetime, /) -> frozenset[UUID]:
        """Return which of these open tasks rest at a moment."""
        if not task_ids:
            return frozenset()
        query = select(tasks.c.id).where(tasks.c.id.in_(task_ids), rests(bindparam("moment", at)))
        with self._database.connect() as connection:
            return frozenset(connection.execute(query).scalars())

    def user_task_counts(self, actor: Actor, /) -> Mapping[TaskTab, int]:
        """Return how many tasks each tab holds."""
        [[row]] = ask(self._pool, counts_of(actor, barred=self._barred(actor)))
        return {tab: int(row[tab.name]) for tab in TaskTab}

    def counts_of_places(self, actor: Actor, moments: TaskMoments, /) -> Sequence[PlaceCounts]:
        """Return how the open tasks stand that the actor sees, of each kind of unit and region."""
        [rows] = ask(self._pool, counts_of_places(actor, moments, barred=self._barred(actor)))
        return added_up(rows)

    def counts_of_holders(self, actor: Actor, moments: TaskMoments, /) -> Sequence[HolderCounts]:
        """Return who holds how many of the open tasks that the actor sees, of each kind of unit and region."""
        [rows] = ask(self._pool, counts_of_holders(actor, moments, barred=self._barred(actor)))
        return holders_added_up(rows)

    def counts_of_doers(self, actor: Actor, people: Sequence[str], since: datetime, /) -> Sequence[HolderCounts]:
        """Return how many tasks in sight these people completed since a time."""
        [rows] = ask(self._pool, counts_of_doers(actor, people, since))
        return holders_added_up(rows)

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
            return draft_of(connection, seals, task_id)

    def denial(self, task_id: UUID, actor: Actor, /) -> Denial | None:
        """Return why a listener denied the last thing asked of a task the actor may see."""
        with self._database.connect() as connection:
            seals = InstanceSeals(connection, self._keys)
            _visible_task(connection, seals, task_id, actor)
            return read_denial(connection, seals, task_id)

    def next_task(self, actor: Actor, /, *, after: UserTask) -> UserTask | None:
        """Return the task to open next: of the same case first, mine before those to claim, most urgent first."""
        [found] = ask(self._pool, next_of_case(actor, after))
        if not found:
            held, offered = ask(self._pool, *next_of_all(actor, after.completed_at, barred=self._barred(actor)))
            found = held or offered
        return _listed(found[0]) if found else None

    def _named(self, text: str | None) -> Named | None:
        """Return by what a text may name cases."""
        return Named(searched_tokens(text, self._keys), paper_number(text)) if text else None

    def _barred(self, actor: Actor) -> list[str]:
        """Return the numbers of the cases of the actor's kin."""
        if actor.system:
            return []
        [rows] = ask(self._pool, barred_of(actor))
        return [str(row["number"]) for row in rows]

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
        """Return incidents of the regions the actor operates, newest first."""
        query = (
            select(incident, process_instance.c.business_key, func.coalesce(activity.c.name, "").label("element_name"))
            .join(process_instance, process_instance.c.id == incident.c.process_instance_id)
            .outerjoin(activity, _is_passage_of(incident))
            .where(*_of_incidents(wanted))
            .params(**_values_of_incidents(wanted))
            .order_by(incident.c.raised_at.desc(), incident.c.id)
            .offset(wanted.offset)
            .limit(wanted.limit)
        )
        with self._database.connect() as connection:
            return [_incident_line(row) for row in connection.execute(query).mappings()]

    def incident_counts(self, wanted: IncidentFilter, /) -> Mapping[str, int]:
        """Return how many incidents the whole list has, by region."""
        query = (
            select(process_instance.c.region, func.count().label(NUMBER))
            .join_from(incident, process_instance, process_instance.c.id == incident.c.process_instance_id)
            .where(*_of_incidents(wanted))
            .params(**_values_of_incidents(wanted))
            .group_by(process_instance.c.region)
        )
        with self._database.connect() as connection:
            return {row["region"]: int(row[NUMBER]) for row in connection.execute(query).mappings()}

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


def _listed(row: Row) -> UserTask:
    return to_value(UserTask, {**row, "variables": {}})


def _visible_task(connection: Connection, seals: InstanceSeals, task_id: UUID, actor: Actor) -> UserTask:
    query = select(tasks).where(tasks.c.id == task_id, is_visible(Shape.of(actor))).params(**values_of(actor))
    row = connection.execute(query).mappings().first()
    if row is None:
        raise NotFound("user task", task_id)
    return seals.values(UserTask, [row])[0]


def _of_incidents(wanted: IncidentFilter) -> Iterator[ColumnElement[bool]]:
    """Go through the conditions of a list of incidents: of the regions the actor operates, not of its kin."""
    if not wanted.actor.system:
        regions = (one.region for one in wanted.actor.memberships if one.role in OPERATORS)
        yield or_(false(), *(process_instance.c.region.startswith(one, autoescape=True) for one in regions))
        yield process_instance.c.business_key.not_in(numbers_of_kin(wanted.actor.id))
    if wanted.open_only:
        yield incident.c.resolved_at.is_(None)
    if wanted.kind is not None:
        yield incident.c.kind == wanted.kind
    if wanted.process_id is not None:
        yield process_instance.c.process_id == wanted.process_id
    if wanted.area is not None:
        yield is_in_area(process_instance.c.region)


def _values_of_incidents(wanted: IncidentFilter) -> dict[str, Any]:
    return {} if wanted.area is None else values_of_area(wanted.area)


def _is_passage_of(stuck: Table) -> ColumnElement[bool]:
    return and_(activity.c.process_instance_id == stuck.c.process_instance_id, activity.c.key == stuck.c.key)


def _incident_line(row: RowMapping) -> IncidentLine:
    return IncidentLine(
        incident=to_value(Incident, row), business_key=row["business_key"], element_name=row["element_name"]
    )
