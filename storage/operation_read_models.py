"""The questions of operators on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, select
from sqlalchemy import Engine as Database

from engine.batches import OPERATORS, BatchItem, BatchKind, InstanceFilter, ItemState, roles_for
from engine.core import codec
from engine.errors import NotFound
from engine.model import Actor, Attempt, Definition, Incident, InstanceState
from engine.operation_queries import (
    BatchItemLine,
    BatchLine,
    FailedFiring,
    IncidentReport,
    InstanceJournal,
    InstanceLine,
    InstancePage,
    OperatedInstance,
    ScopedVariable,
    StandingLine,
    VersionLine,
)
from storage.batches import opened_batch
from storage.database import for_reading
from storage.encryption import KeyRing
from storage.failed_firings import failed_firings
from storage.instance_filter import meant
from storage.instance_view import instance_view
from storage.journal import journal_of
from storage.rows import to_value
from storage.sealing import InstanceSeals
from storage.search_subjects import sees_batch
from storage.standing import runs_by, standing
from storage.tables.engine import activity_instance as activities
from storage.tables.engine import definition as definitions
from storage.tables.engine import incident as incidents
from storage.tables.engine import process_instance as instances
from storage.tables.operations import attempt as attempts
from storage.tables.operations import batch_item as items
from storage.tables.operations import batch_operation as batches
from workflows.casework.sight import sees_values


class SqlOperationQueries:
    """The read side of operating. `region` is what the whole installation is responsible for."""

    def __init__(self, database: Database, keys: KeyRing, *, region: str) -> None:
        self._database = for_reading(database)
        self._keys = keys
        self._region = region

    def instances(self, wanted: InstanceFilter, actor: Actor, /, *, offset: int, limit: int) -> InstancePage:
        """Return process instances, newest first."""
        condition = meant(wanted, actor, roles=OPERATORS)
        query = _lines().where(condition).order_by(instances.c.started_at.desc(), instances.c.id)
        with self._database.connect() as connection:
            total = connection.execute(select(func.count()).select_from(instances).where(condition)).scalar_one()
            return InstancePage(instances=_read_lines(connection, query.offset(offset).limit(limit)), total=total)

    def instance(self, process_instance_id: UUID, actor: Actor, /) -> OperatedInstance:
        """Return one instance.

        Raises:
            NotFound: unknown, or of a region the actor does not operate.
        """
        wanted = meant(InstanceFilter(ids=(process_instance_id,)), actor, roles=OPERATORS)
        with self._database.connect() as connection:
            found = _read_lines(connection, _lines().where(wanted))
            view = instance_view(connection, self._keys, process_instance_id) if found else None
            if view is None:
                raise NotFound("process instance", process_instance_id)
            scopes = {one.key: one.element_id for one in view.activities if one.left_at is None}
            shown = sees_values(actor, found[0].region)
            told = self._variables(connection, process_instance_id, scopes, shown=shown)
            return OperatedInstance(view=view, line=found[0], variables=list(told))

    def versions(self, process_id: str | None, actor: Actor, /) -> Sequence[VersionLine]:
        """Return the versions of a process, or of every process, newest first."""
        return self._versions(process_id, actor, roles=OPERATORS)

    def movable_versions(self, process_id: str | None, actor: Actor, /) -> Sequence[VersionLine]:
        """Return the versions of a process, or of every process, with what the actor may migrate."""
        return self._versions(process_id, actor, roles=roles_for(BatchKind.MIGRATE))

    def _versions(self, process_id: str | None, actor: Actor, *, roles: Sequence[str]) -> Sequence[VersionLine]:
        asked = definitions.c.kind == "process"
        if process_id is not None:
            asked = and_(asked, definitions.c.key == process_id)
        runs = runs_by(select(definitions.c.id).where(asked)).subquery("runs")
        ours = and_(instances.c.id == runs.c.instance_id, meant(InstanceFilter(), actor, roles=roles))
        by_version = definitions.outerjoin(runs, runs.c.definition_id == definitions.c.id).outerjoin(instances, ours)
        query = (
            select(definitions, func.count(instances.c.id).label("running"))
            .select_from(by_version)
            .where(asked)
            .group_by(definitions.c.id)
            .order_by(definitions.c.key, definitions.c.version.desc())
        )
        with self._database.connect() as connection:
            rows = connection.execute(query).mappings()
            return [VersionLine(definition=to_value(Definition, row), running=row["running"]) for row in rows]

    def standing(self, definition_id: UUID, actor: Actor, /) -> Sequence[StandingLine]:
        """Return where instances stand in a version of a process.

        Raises:
            NotFound: no such version is deployed.
        """
        is_it = and_(definitions.c.id == definition_id, definitions.c.kind == "process")
        with self._database.connect() as connection:
            if connection.execute(select(definitions.c.id).where(is_it)).first() is None:
                raise NotFound("process definition", definition_id)
            rows = connection.execute(standing(definition_id, actor))
            return sorted((StandingLine(**row) for row in rows.mappings()), key=lambda one: one.element_id)

    def incident(self, incident_id: UUID, actor: Actor, /) -> IncidentReport:
        """Return what is known of an incident.

        Raises:
            NotFound: unknown, or of a region the actor does not operate.
        """
        query = (
            select(
                incidents,
                instances.c.business_key,
                instances.c.region,
                instances.c.state,
                definitions.c.key.label("process_id"),
                definitions.c.name.label("process_name"),
            )
            .join(instances, instances.c.id == incidents.c.process_instance_id)
            .join(definitions, definitions.c.id == incidents.c.definition_id)
            .where(incidents.c.id == incident_id, meant(InstanceFilter(), actor, roles=OPERATORS))
        )
        with self._database.connect() as connection:
            row = connection.execute(query).mappings().first()
            if row is None:
                raise NotFound("incident", incident_id)
            owner, chain = row["process_instance_id"], _scopes_of(connection, row["process_instance_id"], row["key"])
            shown = sees_values(actor, row["region"])
            return IncidentReport(
                incident=to_value(Incident, row),
                business_key=row["business_key"],
                region=row["region"],
                instance_state=InstanceState(row["state"]),
                process_id=row["process_id"],
                process_name=row["process_name"],
                element_name=_name_of(connection, owner, row["key"], row["element_id"]),
                variables=_nearest(self._variables(connection, owner, chain, shown=shown), list(chain)),
                attempts=_attempts(connection, owner, row["key"]),
            )

    def failed_firings(self, actor: Actor, /, *, offset: int, limit: int) -> Sequence[FailedFiring]:
        """Return what failed when it fired by itself, longest due first."""
        if not actor.system and not actor.has_role("administrator", self._region):
            return []
        with self._database.connect() as connection:
            return failed_firings(connection, offset=offset, limit=limit)

    def batches(self, actor: Actor, /, *, offset: int, limit: int) -> Sequence[BatchLine]:
        """Return the actor's own batches, to operators of everything all of them, newest first."""
        query = select(batches).where(self._is_seen(actor)).order_by(batches.c.created_at.desc(), batches.c.id)
        return self._batch_lines(query.offset(offset).limit(limit))

    def batch_count(self, actor: Actor, /) -> int:
        """Return how many batches the actor sees."""
        with self._database.connect() as connection:
            return connection.execute(
                select(func.count()).select_from(batches).where(self._is_seen(actor))
            ).scalar_one()

    def batch(self, batch_id: UUID, actor: Actor, /) -> BatchLine:
        """Return one batch.

        Raises:
            NotFound: unknown, or not the actor's to see.
        """
        found = self._batch_lines(select(batches).where(batches.c.id == batch_id, self._is_seen(actor)))
        if not found:
            raise NotFound("batch operation", batch_id)
        return found[0]

    def batch_items(
        self, batch_id: UUID, actor: Actor, /, *, state: ItemState | None, offset: int, limit: int
    ) -> Sequence[BatchItemLine]:
        """Return items of a batch in order.

        Raises:
            NotFound: unknown, or not the actor's to see.
        """
        self.batch(batch_id, actor)
        query = (
            select(items, instances.c.business_key)
            .join(instances, instances.c.id == items.c.process_instance_id)
            .where(items.c.batch_id == batch_id)
            .order_by(items.c.number)
        )
        if state is not None:
            query = query.where(items.c.state == state)
        with self._database.connect() as connection:
            rows = connection.execute(query.offset(offset).limit(limit)).mappings()
            return [BatchItemLine(item=to_value(BatchItem, row), business_key=row["business_key"]) for row in rows]

    def _is_seen(self, actor: Actor) -> ColumnElement[bool]:
        return sees_batch(actor, self._region)

    def _batch_lines(self, query: Select[Any]) -> list[BatchLine]:
        with self._database.connect() as connection:
            found = [opened_batch(self._keys, row) for row in connection.execute(query).mappings()]
            counting = (
                select(items.c.batch_id, items.c.state, func.count().label("many"))
                .where(items.c.batch_id.in_([one.id for one in found]))
                .group_by(items.c.batch_id, items.c.state)
            )
            counts: dict[UUID, dict[str, int]] = {}
            for row in connection.execute(counting):
                counts.setdefault(row.batch_id, {})[row.state] = row.many
        return [BatchLine(batch=one, counts=counts.get(one.id, {})) for one in found]

    def _variables(
        self, connection: Connection, owner: UUID, scopes: Mapping[int, str], *, shown: bool
    ) -> Iterator[ScopedVariable]:
        row = connection.execute(select(instances).where(instances.c.id == owner)).mappings().one()
        snapshot = InstanceSeals(connection, self._keys).instance(row).snapshot
        living = () if snapshot is None else codec.decode(snapshot).instances
        for element in sorted(living, key=lambda one: one.key):
            if element.key in scopes:
                for name, value in sorted(element.variables.items()):
                    yield ScopedVariable(
                        name=name,
                        scope_key=element.key,
                        scope_element_id=scopes[element.key],
                        value_shown=shown,
                        value=value if shown else None,
                    )

    def journal(self, process_instance_id: UUID, actor: Actor, /) -> InstanceJournal:
        """Return what each run of an instance did.

        Raises:
            NotFound: unknown, or of a region the actor does not operate.
        """
        wanted = meant(InstanceFilter(ids=(process_instance_id,)), actor, roles=OPERATORS)
        with self._database.connect() as connection:
            region = connection.execute(select(instances.c.region).where(wanted)).scalar_one_or_none()
            if region is None:
                raise NotFound("process instance", process_instance_id)
            entries = journal_of(connection, InstanceSeals(connection, self._keys), process_instance_id)
        return InstanceJournal(entries=entries, values_shown=sees_values(actor, region))


def _lines() -> Select[Any]:
    open_incidents = (
        select(func.count())
        .select_from(incidents)
        .where(incidents.c.process_instance_id == instances.c.id, incidents.c.resolved_at.is_(None))
        .correlate(instances)
        .scalar_subquery()
    )
    return select(
        instances.c.id,
        instances.c.process_id,
        definitions.c.name.label("process_name"),
        definitions.c.name_en.label("process_name_en"),
        definitions.c.version,
        instances.c.definition_id,
        instances.c.business_key,
        instances.c.region,
        instances.c.state,
        instances.c.started_at,
        instances.c.ended_at,
        instances.c.waiting_at,
        open_incidents.label("incidents"),
    ).join(definitions, definitions.c.id == instances.c.definition_id)


def _read_lines(connection: Connection, query: Select[Any]) -> list[InstanceLine]:
    rows = connection.execute(query).mappings().all()
    standing = _standing(connection, [row["id"] for row in rows])
    return [
        InstanceLine(
            **{name: value for name, value in row.items() if name != "waiting_at"}
            | {"state": InstanceState(row["state"])},
            stands_at=_stands_at(standing.get(row["id"], {}), row["waiting_at"]),
        )
        for row in rows
    ]


def _stands_at(living: Mapping[int, str], waiting_at: Sequence[str]) -> list[str]:
    """Return where tokens stand and wait; a scope in which nothing lives but tokens wait is no place of its own."""
    waiting = [place.split("/")[1:] for place in waiting_at]
    holders = {int(key) for _, *keys in waiting for key in keys}
    alive = [element for key, element in living.items() if key not in holders]
    return sorted([*alive, *dict.fromkeys(join for join, *_ in waiting)])


def _standing(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, dict[int, str]]:
    """Return what lives and holds nothing that lives, by its key."""
    inner = activities.alias("inner")
    holds = exists().where(
        inner.c.process_instance_id == activities.c.process_instance_id,
        inner.c.scope_key == activities.c.key,
        inner.c.left_at.is_(None),
    )
    query = (
        select(activities.c.process_instance_id, activities.c.element_id, activities.c.key)
        .where(activities.c.process_instance_id.in_(ids), activities.c.left_at.is_(None), ~holds)
        .order_by(activities.c.element_id)
    )
    found: dict[UUID, dict[int, str]] = {}
    for row in connection.execute(query):
        found.setdefault(row.process_instance_id, {})[row.key] = row.element_id
    return found


def _scopes_of(connection: Connection, owner: UUID, key: int) -> dict[int, str]:
    """Return an element and the scopes around it, inside first."""
    query = select(activities.c.key, activities.c.scope_key, activities.c.element_id)
    rows = {row.key: row for row in connection.execute(query.where(activities.c.process_instance_id == owner))}
    chain: dict[int, str] = {}
    while key in rows and key not in chain:
        chain[key] = rows[key].element_id
        key = rows[key].scope_key
    return chain


def _nearest(found: Iterator[ScopedVariable], chain: list[int]) -> list[ScopedVariable]:
    """Return of each name the variable that an expression there sees."""
    nearest: dict[str, ScopedVariable] = {}
    for one in sorted(found, key=lambda one: chain.index(one.scope_key)):
        nearest.setdefault(one.name, one)
    return [nearest[name] for name in sorted(nearest)]


def _attempts(connection: Connection, owner: UUID, key: int) -> list[Attempt]:
    query = select(attempts).where(attempts.c.process_instance_id == owner, attempts.c.key == key)
    return [to_value(Attempt, row) for row in connection.execute(query.order_by(attempts.c.id)).mappings()]


def _name_of(connection: Connection, owner: UUID, key: int, element_id: str) -> str:
    """Return what an element is called; nothing for a join, at which tokens wait while its scope alone is entered."""
    entered = and_(
        activities.c.process_instance_id == owner, activities.c.key == key, activities.c.element_id == element_id
    )
    query = select(activities.c.name).where(entered)
    return connection.execute(query).scalar_one_or_none() or ""
