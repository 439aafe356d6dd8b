"""Who is where just now, in PostgreSQL, one row a person in a table that a crash may empty; and who opened what."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, case, exists, false, or_, select
from sqlalchemy import Engine as Database
from sqlalchemy.dialects.postgresql import insert as upsert

from engine.model import Actor, UserTask
from storage.case_visibility import is_seen_whole
from storage.database import for_reading
from storage.tables.casework import case_file
from storage.tables.comments import presence, task_opening
from storage.tables.organisation import account
from workflows.casework.presence import LASTS, WRITTEN_EVERY, PresentPerson

_columns = presence.c


class SqlPresence:
    """Places people take, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(self, login: str, *, business_key: str, task_id: UUID | None, at: datetime) -> datetime:
        """Write where somebody is, unless that was written less than a minute ago; return when it was."""
        row = {"login": login, "business_key": business_key, "task_id": task_id, "since": at, "seen_at": at}
        statement = upsert(presence).values(row)
        same_place = and_(
            _columns.business_key == business_key,
            _columns.task_id.is_not_distinct_from(task_id),
            _columns.seen_at > at - LASTS,
            _columns.seen_at <= at,
        )
        changed = row | {"since": case((same_place, _columns.since), else_=at)}
        is_time = or_(_columns.seen_at <= at - WRITTEN_EVERY, _columns.seen_at > at)  # the latter: a clock put back
        taken = statement.on_conflict_do_update(index_elements=["login"], set_=changed, where=is_time)
        written: datetime | None = self._connection.execute(taken.returning(_columns.seen_at)).scalar()
        return written or self._seen_at(login)

    def note_opened(self, task_id: UUID, login: str, *, as_holder: bool, at: datetime) -> None:
        """Write that somebody opened a task, unless that is known."""
        row = {"user_task_id": task_id, "login": login, "as_holder": as_holder, "at": at}
        statement = upsert(task_opening).values(row)
        is_new = and_(statement.excluded.as_holder, task_opening.c.as_holder.is_(False))
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["user_task_id", "login"], set_={"as_holder": as_holder, "at": at}, where=is_new
            )
        )

    def _seen_at(self, login: str) -> datetime:
        found: datetime = self._connection.execute(select(_columns.seen_at).where(_columns.login == login)).scalar_one()
        return found


class SqlPresenceQueries:
    """Questions, each over a connection of its own."""

    def __init__(self, database: Database, *, now: Callable[[], datetime]) -> None:
        self._database = for_reading(database)
        self._now = now

    def at_task(self, task: UserTask, actor: Actor, /) -> Sequence[PresentPerson]:
        """Return who else has a task, or its case, open."""
        is_at_task = _columns.task_id == task.id
        at_case = and_(_columns.business_key == task.business_key, _is_whole(task.business_key, actor))
        return [_person(row, task.id) for row in self._others(or_(is_at_task, at_case), actor)]

    def at_case(self, number: str, actor: Actor, /) -> Sequence[PresentPerson]:
        """Return who else has a case or a task of it open."""
        at_case = and_(_columns.business_key == number, _is_whole(number, actor))
        return [_person(row, None) for row in self._others(at_case, actor)]

    def at_tasks(self, task_ids: Sequence[UUID], actor: Actor, /) -> Mapping[UUID, Sequence[PresentPerson]]:
        """Return who else has which of these tasks open."""
        found: dict[UUID, list[PresentPerson]] = {}
        for row in self._others(_columns.task_id.in_(task_ids) if task_ids else false(), actor):
            found.setdefault(row["task_id"], []).append(_person(row, row["task_id"]))
        return found

    def unopened(self, tasks: Sequence[UserTask], actor: Actor, /) -> frozenset[UUID]:
        """Return which of these tasks the actor has not opened, or not since holding them."""
        if not tasks:
            return frozenset()
        columns = task_opening.c
        opened = select(columns.user_task_id, columns.as_holder).where(
            columns.login == actor.id, columns.user_task_id.in_([task.id for task in tasks])
        )
        with self._database.connect() as connection:
            known = {row.user_task_id: row.as_holder for row in connection.execute(opened)}
        return frozenset(
            task.id for task in tasks if not known.get(task.id, False) and (task.id not in known or _holds(actor, task))
        )

    def _others(self, condition: ColumnElement[bool], actor: Actor) -> Sequence[RowMapping]:
        now = self._now()
        is_now = and_(_columns.seen_at > now - LASTS, _columns.seen_at <= now)
        statement = (
            select(presence, account.c.name)
            .join(account, account.c.login == _columns.login)
            .where(condition, is_now, _columns.login != actor.id)
            .order_by(_columns.since, _columns.login)
        )
        with self._database.connect() as connection:
            return connection.execute(statement).mappings().all()


def _holds(actor: Actor, task: UserTask) -> bool:
    return task.assignee == actor.id


def _is_whole(number: str, actor: Actor) -> ColumnElement[bool]:
    return exists().where(case_file.c.number == number, is_seen_whole(actor))


def _person(row: RowMapping | Mapping[str, Any], task_id: UUID | None) -> PresentPerson:
    is_at_task = task_id is not None and row["task_id"] == task_id
    return PresentPerson(login=row["login"], name=row["name"], since=row["since"], is_at_task=is_at_task)
