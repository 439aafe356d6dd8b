"""Units and accounts in PostgreSQL: the repositories of a transaction and the questions outside one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, Text, and_, bindparam, cast, func, insert, select, update
from sqlalchemy import Engine as Database
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert

from engine.model import Actor, Membership, UserTask
from storage.absences import columns_beside_account, stands_in, to_substitutions
from storage.database import for_reading
from storage.list_filters import SqlListFilters, list_settings
from storage.questions import Question, ask
from storage.rows import Row, to_row
from storage.tables import organisation as tables
from workflows.casework.days import local_day
from workflows.organisation.errors import AlreadyExists
from workflows.organisation.list_filters import ListSettings
from workflows.organisation.model import Account, AccountEvent, Post, Unit, actor_of

_POSTS = select(tables.post.c.login, tables.post.c.role, tables.unit).join(
    tables.unit, tables.unit.c.id == tables.post.c.unit_id
)
_POSTS_IN_ORDER = (tables.unit.c.id, tables.post.c.role)
_UNIT = tuple(column.name for column in tables.unit.c)
_BESIDE = "unit_"
_HELD = [column.label(_BESIDE + column.name) for column in tables.unit.c]
ACCOUNT = Question.of(
    select(tables.account, tables.post.c.role, *_HELD, *columns_beside_account())
    .outerjoin_from(tables.account, tables.post, tables.post.c.login == tables.account.c.login)
    .outerjoin(tables.unit, tables.unit.c.id == tables.post.c.unit_id)
    .where(tables.account.c.login == bindparam("login"))
    .order_by(*_POSTS_IN_ORDER)
)
"""Somebody's account with one row a post, or one with none: every request asks it, and it is one statement."""


class SqlUnits:
    """The units, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, unit_id: str) -> Unit | None:
        """Return one unit."""
        row = self._connection.execute(select(tables.unit).where(tables.unit.c.id == unit_id)).mappings().first()
        return _unit(row) if row else None

    def add(self, unit: Unit) -> None:
        """Keep a new unit; a taken id is refused."""
        values = {"id": unit.id, "kind": unit.kind, "name": unit.name, "name_en": unit.name_en, "region": unit.region}
        statement = upsert(tables.unit).values(values).on_conflict_do_nothing().returning(tables.unit.c.id)
        if self._connection.execute(statement).first() is None:
            raise AlreadyExists("unit", unit.id)


class SqlPosts:
    """The posts people hold now, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def stands_in(self, actor_id: str, *, absent: str, task: UserTask, now: datetime) -> bool:
        """Say whether somebody stands in for an absent person at this time, in tasks of this kind."""
        return stands_in(self._connection, actor_id, absent=absent, task=task, today=local_day(now))

    def held_by(self, actor_id: str) -> tuple[Membership, ...] | None:
        """Return somebody's posts; None where there is no such account."""
        rows = self._connection.execute(select(tables.account).where(tables.account.c.login == actor_id)).mappings()
        found = _accounts(self._connection, rows.all())
        return actor_of(found[0]).memberships if found else None


class SqlAccounts:
    """The accounts with their posts, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.list_filters = SqlListFilters(connection)

    def lock(self, login: str) -> Account | None:
        """Return one account and let other changes of it wait."""
        statement = select(tables.account).where(tables.account.c.login == login).with_for_update()
        row = self._connection.execute(statement).mappings().first()
        return _accounts(self._connection, [row])[0] if row else None

    def add(self, account: Account) -> None:
        """Keep a new account with its posts; a taken login is refused."""
        statement = upsert(tables.account).values(login=account.login, **_columns(account)).on_conflict_do_nothing()
        if self._connection.execute(statement.returning(tables.account.c.login)).first() is None:
            raise AlreadyExists("account", account.login)
        posts = [{"login": account.login, "unit_id": post.unit.id, "role": post.role} for post in account.posts]
        if posts:
            self._connection.execute(insert(tables.post), posts)

    def save(self, account: Account) -> None:
        """Write everything but login and posts."""
        statement = update(tables.account).where(tables.account.c.login == account.login)
        self._connection.execute(statement.values(**_columns(account)))

    def record(self, event: AccountEvent) -> None:
        """Append to the record of access."""
        values = to_row(event) if event.details is not None else to_row(event, "details")
        self._connection.execute(insert(tables.account_event).values(values))


class SqlOrganisationQueries:
    """The questions about the organisation, each over a connection of its own."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._pool = database
        self._now = now
        self._database = for_reading(database)

    def account(self, login: str, /) -> Account | None:
        """Return an account with its posts, whom it stands in for today, and who does for it."""
        [rows] = ask(self._pool, ACCOUNT.given(login=login, today=local_day(self._now())))
        if not rows:
            return None
        held = [Post(unit=_unit(row, under=_BESIDE), role=row["role"]) for row in rows if row["role"] is not None]
        return replace(
            _account(rows[0], held),
            stands_in_for=to_substitutions(rows[0]["stands_in_for"]),
            is_absent=to_substitutions(rows[0]["is_absent"]),
        )

    def accounts(self) -> Sequence[Account]:
        """Return every account, by login."""
        return self._accounts(select(tables.account).order_by(tables.account.c.login))

    def colleagues(self, offers: Sequence[tuple[str, str]], /) -> Sequence[Account]:
        """Return who holds a post of a candidate group in a unit responsible for the region beside it."""
        groups, regions = ([one[place] for one in offers] for place in (0, 1))
        pairs = func.unnest(cast(groups, ARRAY(Text)), cast(regions, ARRAY(Text)))
        offer = pairs.table_valued("candidate_group", "region").render_derived(name="offer")
        is_candidate = tables.unit.c.kind + "/" + tables.post.c.role == offer.c.candidate_group
        is_responsible = offer.c.region.startswith(tables.unit.c.region)
        holders = (
            select(tables.post.c.login)
            .join(tables.unit, tables.unit.c.id == tables.post.c.unit_id)
            .join(offer, and_(is_candidate, is_responsible))
        )
        statement = select(tables.account).where(tables.account.c.login.in_(holders))
        return self._accounts(statement.order_by(tables.account.c.login))

    def units(self) -> Sequence[Unit]:
        """Return every unit, by region and kind."""
        statement = select(tables.unit).order_by(tables.unit.c.region, tables.unit.c.kind)
        with self._database.connect() as connection:
            return [_unit(row) for row in connection.execute(statement).mappings()]

    def list_settings(self, actor: Actor, /) -> ListSettings:
        """Return the filters somebody sees, own ones first, and the columns this person chose."""
        return list_settings(self._pool, actor)

    def names(self, logins: Sequence[str], /) -> Mapping[str, str]:
        """Return the names of those logins that are known."""
        if not logins:
            return {}
        columns = select(tables.account.c.login, tables.account.c.name)
        with self._database.connect() as connection:
            rows = connection.execute(columns.where(tables.account.c.login.in_(set(logins))))
            return {row.login: row.name for row in rows}

    def _accounts(self, statement: Select[Any]) -> list[Account]:
        with self._database.connect() as connection:
            return accounts_of(connection, statement)


def accounts_of(connection: Connection, statement: Select[Any]) -> list[Account]:
    """Return the accounts of rows with their posts."""
    return _accounts(connection, connection.execute(statement).mappings().all())


def _accounts(connection: Connection, rows: Sequence[RowMapping]) -> list[Account]:
    posts: dict[str, list[Post]] = {row["login"]: [] for row in rows}
    statement = _POSTS.where(tables.post.c.login.in_(posts)).order_by(*_POSTS_IN_ORDER)
    if posts:
        for row in connection.execute(statement).mappings():
            posts[row["login"]].append(Post(unit=_unit(row), role=row["role"]))
    return [_account(row, posts[row["login"]]) for row in rows]


def _unit(row: Row, *, under: str = "") -> Unit:
    """Return the unit of a row; `under` is what its columns' names begin with there."""
    return Unit(**{field: row[under + field] for field in _UNIT})


def _account(row: Row, posts: Iterable[Post]) -> Account:
    return Account(
        login=row["login"],
        name=row["name"],
        posts=tuple(posts),
        password_hash=row["password_hash"],
        language=row["language"],
        failed_attempts=row["failed_attempts"],
        locked_until=row["locked_until"],
        must_change_password=row["must_change_password"],
        session_epoch=row["session_epoch"],
    )


def _columns(account: Account) -> dict[str, object]:
    return {
        "name": account.name,
        "password_hash": account.password_hash,
        "language": account.language,
        "failed_attempts": account.failed_attempts,
        "locked_until": account.locked_until,
        "must_change_password": account.must_change_password,
        "session_epoch": account.session_epoch,
    }
