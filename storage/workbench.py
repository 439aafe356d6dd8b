"""Drafts of definitions in PostgreSQL, in a transaction and as the library asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, func, insert, select, union_all, update
from sqlalchemy import Engine as Database
from sqlalchemy.dialects.postgresql import insert as upsert

from engine.model import Definition, ResourceKind, TaskState
from storage.database import for_reading
from storage.definitions import SqlDefinitions
from storage.rows import Row, to_row, to_value
from storage.standing import runs_by
from storage.tables.engine import definition, deployment, user_task
from storage.tables.organisation import account
from storage.tables.workbench import OPEN, definition_draft, definition_draft_state, draft_deployment
from workflows.workbench.model import DefinitionDraft, DraftDeployment, DraftEnd, DraftState, RunningVersion
from workflows.workbench.views import DraftLine, StateLine, VersionOfDefinition


class SqlDefinitionDrafts:
    """Drafts, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, draft: DefinitionDraft) -> bool:
        """Keep a new draft, unless there is an open one of this file."""
        statement = upsert(definition_draft).values(to_row(draft))
        free = statement.on_conflict_do_nothing(index_elements=["file_name"], index_where=OPEN)
        return self._connection.execute(free.returning(definition_draft.c.id)).first() is not None

    def of_file(self, file_name: str) -> DefinitionDraft | None:
        """Return the open draft of a file."""
        is_open = (definition_draft.c.file_name == file_name) & definition_draft.c.ended_at.is_(None)
        return self._read(select(definition_draft).where(is_open))

    def get(self, draft_id: UUID) -> DefinitionDraft | None:
        """Read a draft."""
        return self._read(select(definition_draft).where(definition_draft.c.id == draft_id))

    def lock(self, draft_id: UUID) -> DefinitionDraft | None:
        """Read a draft for a change."""
        return self._read(select(definition_draft).where(definition_draft.c.id == draft_id).with_for_update())

    def save(self, draft: DefinitionDraft) -> None:
        """Write a draft that is there."""
        statement = update(definition_draft).where(definition_draft.c.id == draft.id)
        self._connection.execute(statement.values(to_row(draft, "id")))

    def keep(self, state: DraftState) -> None:
        """Keep what a draft held."""
        self._connection.execute(insert(definition_draft_state).values(to_row(state)))

    def last_kept_at(self, draft_id: UUID) -> datetime | None:
        """Return when the newest kept state of a draft had been saved."""
        columns = definition_draft_state.c
        found = self._connection.execute(select(func.max(columns.saved_at)).where(columns.draft_id == draft_id))
        newest: datetime | None = found.scalar_one()
        return newest

    def running(self, kind: ResourceKind, keys: Sequence[str]) -> Sequence[RunningVersion]:
        """Return the versions by which something runs now."""
        if kind == "decision":
            return []  # it is evaluated in one turn: nothing stays in it
        ids = _ids(kind).where(definition.c.key.in_(keys))
        counted = (_runs(ids) if kind == "process" else _shown(ids)).subquery()
        statement = (
            select(definition, counted.c.running)
            .join(counted, counted.c.definition_id == definition.c.id)
            .order_by(definition.c.key, definition.c.version.desc())
        )
        rows = self._connection.execute(statement).mappings()
        return [RunningVersion(definition=to_value(Definition, row), running=row["running"]) for row in rows]

    def record(self, deployed: DraftDeployment) -> None:
        """Keep why a draft was deployed."""
        self._connection.execute(insert(draft_deployment).values(to_row(deployed)))

    def person(self, login: str) -> str:
        """Return the name of somebody."""
        found = self._connection.execute(select(account.c.name).where(account.c.login == login)).scalar_one_or_none()
        return found or login

    def _read(self, statement: Select[Any]) -> DefinitionDraft | None:
        row = self._connection.execute(statement).mappings().first()
        return None if row is None else _draft(row)


class SqlWorkbenchQueries:
    """Questions about the library and the drafts."""

    def __init__(self, database: Database) -> None:
        self._database = for_reading(database)

    def versions(self) -> Sequence[VersionOfDefinition]:
        """Return every version of everything deployed."""
        counted = union_all(_runs(_ids("process")), _shown(_ids("form"))).subquery()
        statement = (
            select(
                definition,
                deployment.c.deployed_at,
                deployment.c.deployed_by,
                draft_deployment.c.reason,
                func.coalesce(counted.c.running, 0).label("running"),
            )
            .join(deployment, deployment.c.id == definition.c.deployment_id)
            .outerjoin(draft_deployment, draft_deployment.c.deployment_id == definition.c.deployment_id)
            .outerjoin(counted, counted.c.definition_id == definition.c.id)
            .order_by(definition.c.kind, definition.c.key, definition.c.version.desc())
        )
        with self._database.connect() as connection:
            return [to_value(VersionOfDefinition, row) for row in connection.execute(statement).mappings()]

    def drafts(self) -> Sequence[DraftLine]:
        """Return the drafts that are being worked on."""
        columns = [column for column in definition_draft.c if column.name != "content"]
        statement = (
            select(
                *columns,
                definition.c.version.label("base_version"),
                definition.c.key.label("base_key"),
                definition.c.deployment_id.label("base_deployment_id"),
            )
            .outerjoin(definition, definition.c.id == definition_draft.c.base_definition_id)
            .where(definition_draft.c.ended_at.is_(None))
            .order_by(definition_draft.c.saved_at.desc(), definition_draft.c.file_name)
        )
        with self._database.connect() as connection:
            return [to_value(DraftLine, row) for row in connection.execute(statement).mappings()]

    def draft(self, draft_id: UUID, /) -> DefinitionDraft | None:
        """Return a draft."""
        with self._database.connect() as connection:
            return SqlDefinitionDrafts(connection).get(draft_id)

    def states(self, draft_id: UUID, /) -> Sequence[StateLine]:
        """Return the kept states of a draft."""
        columns = definition_draft_state.c
        statement = select(columns.version, columns.saved_at, columns.saved_by).where(columns.draft_id == draft_id)
        with self._database.connect() as connection:
            rows = connection.execute(statement.order_by(columns.version.desc())).mappings()
            return [to_value(StateLine, row) for row in rows]

    def state(self, draft_id: UUID, version: int, /) -> DraftState | None:
        """Return a kept state of a draft."""
        columns = definition_draft_state.c
        statement = select(definition_draft_state).where(columns.draft_id == draft_id, columns.version == version)
        with self._database.connect() as connection:
            row = connection.execute(statement).mappings().first()
        return None if row is None else to_value(DraftState, row)

    def content(self, definition_id: UUID, /) -> tuple[Definition, bytes] | None:
        """Return a deployed version with its file."""
        with self._database.connect() as connection:
            definitions = SqlDefinitions(connection)
            found = definitions.get(definition_id)
            return None if found is None else (found, definitions.content(found.id))


def _ids(kind: ResourceKind) -> Select[Any]:
    return select(definition.c.id).where(definition.c.kind == kind)


def _runs(ids: Select[Any]) -> Select[Any]:
    """Count by version the process instances that run by one of these, their own or that of a called process."""
    found = runs_by(ids).subquery()  # an instance counts once for each version it runs by
    return select(found.c.definition_id, func.count().label("running")).group_by(found.c.definition_id)


def _shown(ids: Select[Any]) -> Select[Any]:
    """Count by version the open tasks that show one of these forms: the version they are bound to, else the newest."""
    of_these = select(definition.c.key, func.max(definition.c.version).label("version"))
    newest = of_these.where(definition.c.id.in_(ids), definition.c.kind == "form").group_by(definition.c.key).subquery()
    form = select(definition.c.id, definition.c.key).join(
        newest, (newest.c.key == definition.c.key) & (newest.c.version == definition.c.version)
    )
    latest = form.where(definition.c.kind == "form").subquery()
    is_open = user_task.c.state == TaskState.OPEN
    bound = select(user_task.c.form_definition_id.label("definition_id")).where(
        is_open, user_task.c.form_definition_id.in_(ids)
    )
    unbound = (
        select(latest.c.id)
        .join(user_task, user_task.c.form_id == latest.c.key)
        .where(is_open, user_task.c.form_definition_id.is_(None))
    )
    found = union_all(bound, unbound).subquery()
    return select(found.c.definition_id, func.count().label("running")).group_by(found.c.definition_id)


def _draft(row: Row) -> DefinitionDraft:
    how = row["ended_how"]
    return to_value(DefinitionDraft, {**row, "ended_how": None if how is None else DraftEnd(how)})
