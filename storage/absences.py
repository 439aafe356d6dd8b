"""Absences in PostgreSQL: in a transaction, as an account knows of them, and as pages ask for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    ScalarSelect,
    and_,
    any_,
    bindparam,
    func,
    literal,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.types import Date

from engine.model import Actor, Membership, UserTask
from storage.encryption import KeyRing
from storage.rows import Row, to_row
from storage.tables.engine import definition
from storage.tables.organisation import absence, account, post, unit
from workflows.casework.absences.model import Absence
from workflows.organisation.model import Substitution

_COLUMNS = absence.c


class SqlAbsences:
    """The absences, in one transaction; reasons are sealed, each under a key of its own."""

    def __init__(self, connection: Connection, keys: KeyRing) -> None:
        self._connection = connection
        self._keys = keys

    def get(self, absence_id: UUID) -> Absence | None:
        """Return an absence."""
        row = self._connection.execute(select(absence).where(_COLUMNS.id == absence_id)).mappings().first()
        return None if row is None else to_absence(self._keys, row)

    def lock(self, absence_id: UUID) -> Absence | None:
        """Return an absence and let other changes of it wait."""
        query = select(absence).where(_COLUMNS.id == absence_id).with_for_update()
        row = self._connection.execute(query).mappings().first()
        return None if row is None else to_absence(self._keys, row)

    def of(self, login: str) -> Sequence[Absence]:
        """Return the absences of a person that nobody ended, the first day first."""
        query = select(absence).where(_COLUMNS.login == login, _COLUMNS.ended_at.is_(None))
        rows = self._connection.execute(query.order_by(_COLUMNS.first_on, _COLUMNS.id)).mappings()
        return [to_absence(self._keys, row) for row in rows]

    def add(self, entered: Absence) -> bool:
        """Keep a new one, unless its id is known."""
        seal, wrapped = self._keys.new_seal()
        sealed = seal.encrypt(entered.reason, where=_place(entered.id))
        statement = upsert(absence).values({**to_row(entered), "reason": sealed, "wrapped_key": wrapped})
        once = statement.on_conflict_do_nothing(index_elements=["id"])
        return self._connection.execute(once.returning(literal(1))).first() is not None

    def save_end(self, ended: Absence) -> None:
        """Write when it was ended and by whom."""
        end = {"ended_at": ended.ended_at, "ended_by": ended.ended_by}
        self._connection.execute(update(absence).where(_COLUMNS.id == ended.id).values(end))


def to_absence(keys: KeyRing, row: Row) -> Absence:
    """Return the absence of a row."""
    seal = keys.seal(row["wrapped_key"])
    values = {column.name: row[column.name] for column in absence.c if column.name != "wrapped_key"}
    reason = seal.decrypt(row["reason"], where=_place(row["id"]))
    return Absence(**{**values, "reason": reason, "process_ids": tuple(row["process_ids"])})


def is_running(today: ColumnElement[date] | date) -> ColumnElement[bool]:
    """Return the condition on `absence` that it runs on a day."""
    return and_(_COLUMNS.ended_at.is_(None), _COLUMNS.first_on <= today, _COLUMNS.last_on >= today)


def stands_in(connection: Connection, actor_id: str, *, absent: str, task: UserTask, today: date) -> bool:
    """Say whether somebody stands in for an absent person on a day, in tasks of this kind."""
    process = select(definition.c.key).where(definition.c.id == task.definition_id).scalar_subquery()
    is_for_it = (func.cardinality(_COLUMNS.process_ids) == 0) | (process == any_(_COLUMNS.process_ids))
    query = select(_COLUMNS.id).where(
        _COLUMNS.login == absent, _COLUMNS.substitute == actor_id, is_running(today), is_for_it
    )
    return connection.execute(query.limit(1)).first() is not None


def columns_beside_account() -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """Return whom an account stands in for today, and who stands in for it, as columns of the account's question.

    They stand in the one statement that every request asks; nearly always both are empty.
    """
    return (
        _substitutions(_COLUMNS.substitute, _COLUMNS.login).label("stands_in_for"),
        _substitutions(_COLUMNS.login, _COLUMNS.substitute).label("is_absent"),
    )


def to_substitutions(found: Iterable[Mapping[str, Any]]) -> tuple[Substitution, ...]:
    """Return what one of these columns holds."""
    return tuple(
        Substitution(
            absence_id=UUID(one["absence_id"]),
            person=_person(one),
            last_on=date.fromisoformat(one["last_on"]),
            definition_ids=None if one["is_for_all"] else tuple(UUID(each) for each in one["definitions"]),
        )
        for one in sorted(found, key=lambda one: (one["login"], one["absence_id"]))
    )


def _person(found: Mapping[str, Any]) -> Actor:
    posts = (Membership(unit_kind=kind, role=role, region=region) for kind, role, region in found["posts"])
    return Actor(id=found["login"], name=found["name"], memberships=tuple(posts))


def _substitutions(own: ColumnElement[str], others: ColumnElement[str]) -> ScalarSelect[Any]:
    person = account.alias("person")
    posts = _listed(
        select(func.jsonb_build_array(unit.c.kind, post.c.role, unit.c.region).label("one"))
        .join_from(post, unit, unit.c.id == post.c.unit_id)
        .where(post.c.login == person.c.login)
        .correlate(person)
    )
    versions = _listed(
        select(definition.c.id.label("one"))
        .where(definition.c.kind == literal_column("'process'"), definition.c.key == any_(_COLUMNS.process_ids))
        .correlate(absence)
    )
    facts: dict[str, ColumnElement[Any]] = {
        "absence_id": _COLUMNS.id,
        "login": person.c.login,
        "name": person.c.name,
        "last_on": _COLUMNS.last_on,
        "posts": posts,
        "is_for_all": func.cardinality(_COLUMNS.process_ids) == literal_column("0"),
        "definitions": versions,
    }
    named = [part for name, fact in facts.items() for part in (literal_column(f"'{name}'"), fact)]
    today: ColumnElement[date] = bindparam("today", type_=Date)
    return _listed(
        select(func.jsonb_build_object(*named).label("one"))
        .join_from(absence, person, person.c.login == others)
        .where(own == bindparam("login"), is_running(today))
    )


def _listed(rows: Any) -> ScalarSelect[Any]:  # a select with a column called `one`
    found = rows.subquery()
    return select(func.coalesce(func.jsonb_agg(found.c.one), literal_column("'[]'::jsonb"))).scalar_subquery()


def _place(absence_id: UUID) -> str:
    return f"absence:{absence_id}"
