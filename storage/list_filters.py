"""Filters and columns of people's work lists in PostgreSQL: in a transaction, and as a page asks for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Connection, bindparam, delete, exists, func, insert, or_, select, update
from sqlalchemy import Engine as Database
from sqlalchemy.dialects.postgresql import insert as upsert

from engine.model import Actor
from storage.questions import Question, ask
from storage.tables.organisation import list_columns, list_filter, post, unit
from workflows.organisation.list_filters import ListColumn, ListFilter, ListSettings

_LOGIN: BindParameter[str] = bindparam("login")
_SEEN = Question.of(
    select(list_filter)
    .where(
        or_(
            list_filter.c.owner == _LOGIN,
            list_filter.c.unit_id.in_(select(post.c.unit_id).where(post.c.login == _LOGIN)),
        )
    )
    .order_by((list_filter.c.owner == _LOGIN).desc(), list_filter.c.name, list_filter.c.id)
)
_COLUMNS = Question.of(select(list_columns.c.columns).where(list_columns.c.login == _LOGIN))


class SqlListFilters:
    """Filters and columns, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock(self, filter_id: UUID) -> ListFilter | None:
        """Return a filter and let other changes of it wait."""
        query = select(list_filter).where(list_filter.c.id == filter_id).with_for_update()
        row = self._connection.execute(query).mappings().first()
        return None if row is None else ListFilter(**row)

    def count(self, owner: str) -> int:
        """Return how many filters a person keeps."""
        query = select(func.count()).select_from(list_filter).where(list_filter.c.owner == owner)
        return int(self._connection.execute(query).scalar_one())

    def count_shared(self, unit_id: str) -> int:
        """Return how many filters a unit is shown; others who share with it wait."""
        self._connection.execute(select(unit.c.id).where(unit.c.id == unit_id).with_for_update(key_share=True))
        query = select(func.count()).select_from(list_filter).where(list_filter.c.unit_id == unit_id)
        return int(self._connection.execute(query).scalar_one())

    def is_taken(self, owner: str, name: str, *, besides: UUID) -> bool:
        """Say whether another filter of this person has the name."""
        same = exists().where(list_filter.c.owner == owner, list_filter.c.name == name, list_filter.c.id != besides)
        return bool(self._connection.execute(select(same)).scalar_one())

    def add(self, kept: ListFilter) -> None:
        """Keep a new filter."""
        self._connection.execute(insert(list_filter).values(id=kept.id, owner=kept.owner, **_changing(kept)))

    def save(self, kept: ListFilter) -> None:
        """Write a filter that is there."""
        self._connection.execute(update(list_filter).where(list_filter.c.id == kept.id).values(**_changing(kept)))

    def remove(self, filter_id: UUID) -> None:
        """Forget a filter."""
        self._connection.execute(delete(list_filter).where(list_filter.c.id == filter_id))

    def choose_columns(self, login: str, columns: Sequence[ListColumn]) -> None:
        """Keep the columns of a person; none at all: the usual ones."""
        if not columns:
            self._connection.execute(delete(list_columns).where(list_columns.c.login == login))
            return
        statement = upsert(list_columns).values(login=login, columns=[one.value for one in columns])
        chosen = {"columns": statement.excluded["columns"]}
        self._connection.execute(statement.on_conflict_do_update(index_elements=[list_columns.c.login], set_=chosen))


def list_settings(database: Database, actor: Actor) -> ListSettings:
    """Return the filters somebody sees and the columns this person chose."""
    filters, chosen = ask(database, _SEEN.given(login=actor.id), _COLUMNS.given(login=actor.id))
    return ListSettings(filters=[_read(row) for row in filters], columns=_columns(chosen))


def _read(row: Mapping[str, Any]) -> ListFilter:
    return ListFilter(**row)


def _columns(rows: Sequence[Mapping[str, Any]]) -> Sequence[ListColumn] | None:
    return [ListColumn(name) for name in rows[0]["columns"]] if rows else None


def _changing(kept: ListFilter) -> dict[str, Any]:
    return {
        "unit_id": kept.unit_id,
        "name": kept.name,
        "arguments": dict(kept.arguments),
        "version": kept.version,
        "changed_at": kept.changed_at,
    }
