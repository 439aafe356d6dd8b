"""The questions about comments answered on PostgreSQL, as far as their reader sees the case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, Text, and_, cast, func, or_, select, true
from sqlalchemy import Engine as Database
from sqlalchemy.dialects.postgresql import ARRAY

from engine.model import Actor
from storage.case_visibility import is_visible, seen_as, who_sees
from storage.comments import text_place, to_comment
from storage.database import for_reading
from storage.encryption import CaseSeal, KeyRing
from storage.tables.casework import case_file
from storage.tables.comments import case_comment, case_comment_read, case_comment_text
from storage.tables.organisation import account
from workflows.casework.comments.model import Comment
from workflows.casework.comments.queries import (
    CommentedCase,
    CommentFilter,
    CommentLine,
    CommentPage,
    CommentPerson,
    CommentVersion,
)
from workflows.casework.errors import CaseNotFound
from workflows.casework.sight import is_purpose_limited, unit_kinds

_columns = case_comment.c


class SqlCommentQueries:
    """Questions, each over a connection of its own."""

    def __init__(self, database: Database, keys: KeyRing) -> None:
        self._database = for_reading(database)
        self._keys = keys

    def comments(self, wanted: CommentFilter, /) -> CommentPage:
        """Return a page of the comments an actor reads, counted back from the newest."""
        with self._database.connect() as connection:
            case = _case(connection, wanted.key, wanted.actor)
            reader = seen_as(connection, case["number"], wanted.actor)
            read = and_(_columns.case_id == case["id"], _is_read_by(reader, case["region"]))
            up_to = _read_up_to(connection, case["id"], wanted.actor)
            newest = select(case_comment).where(read).order_by(_columns.number.desc())
            rows = connection.execute(newest.offset(wanted.offset).limit(wanted.limit)).mappings().all()
            is_new = and_(_columns.number > up_to, _columns.author != wanted.actor.id)
            counts = select(func.count(), func.count().filter(is_new), func.max(_columns.number)).where(read)
            total, unread, last = connection.execute(counts).one()
            around = _Around.of(connection, self._keys, case, rows)
            return CommentPage(
                case_id=case["id"],
                case_number=case["number"],
                is_erased=around.seal is None,
                comments=[around.line(row, wanted.actor, up_to) for row in reversed(rows)],
                total=total,
                unread=unread,
                last=last or 0,
            )

    def case_of(self, key: UUID | str, actor: Actor, /) -> CommentedCase:
        """Return the case of a number or id."""
        with self._database.connect() as connection:
            case = _case(connection, key, actor)
        return CommentedCase(id=case["id"], number=case["number"])

    def people(self, key: UUID | str, actor: Actor, /, *, text: str, limit: int) -> Sequence[CommentPerson]:
        """Return who may see the case and whose login or name holds a text."""
        found = or_(*(one.contains(text, autoescape=True) for one in (account.c.login, account.c.name)))
        with self._database.connect() as connection:
            case = _case(connection, key, actor)
            query = _names().where(found, account.c.login != actor.id, who_sees(case["id"], case["region"]))
            begins_first = account.c.name.startswith(text, autoescape=True).desc()
            rows = connection.execute(query.order_by(begins_first, account.c.name, account.c.login).limit(limit))
            return [CommentPerson(login=row.login, name=row.name) for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Around:
    """What the rows of a page need: the seal of the case, the texts, the names."""

    seal: CaseSeal | None
    texts: Mapping[UUID, Sequence[RowMapping]]
    names: Mapping[str, str]

    @classmethod
    def of(cls, connection: Connection, keys: KeyRing, case: RowMapping, rows: Sequence[RowMapping]) -> _Around:
        ids = [row["id"] for row in rows]
        versions = select(case_comment_text).where(case_comment_text.c.comment_id.in_(ids))
        texts: dict[UUID, list[RowMapping]] = {}
        for row in connection.execute(versions.order_by(case_comment_text.c.version)).mappings():
            texts.setdefault(row["comment_id"], []).append(row)
        logins = {login for row in rows for login in (row["author"], *row["mentions"])}
        named = connection.execute(_names().where(account.c.login.in_(logins)))
        return cls(
            seal=keys.seal(case["wrapped_key"]) if case["wrapped_key"] else None,
            texts=texts,
            names={row.login: row.name for row in named},
        )

    def line(self, row: RowMapping, actor: Actor, up_to: int) -> CommentLine:
        comment = to_comment(row)
        versions = [] if comment.withdrawn_at else self._versions(comment)
        people = [CommentPerson(login=login, name=self.names.get(login, login)) for login in comment.mentions]
        return CommentLine(
            number=row["number"],
            comment=comment,
            author_name=self.names.get(comment.author, comment.author),
            mentioned=people,
            text=versions[-1].text if versions else None,
            earlier=versions[:-1],
            is_unread=row["number"] > up_to and comment.author != actor.id,
        )

    def _versions(self, comment: Comment) -> list[CommentVersion]:
        if self.seal is None:
            return []
        return [
            CommentVersion(
                version=row["version"],
                written_at=row["written_at"],
                text=self.seal.decrypt(row["text_sealed"], where=text_place(comment.id, row["version"])),
            )
            for row in self.texts.get(comment.id, ())
        ]


def _case(connection: Connection, key: UUID | str, actor: Actor) -> RowMapping:
    is_meant = case_file.c.id == key if isinstance(key, UUID) else case_file.c.number == key
    columns = (case_file.c.id, case_file.c.number, case_file.c.region, case_file.c.wrapped_key)
    row = connection.execute(select(*columns).where(is_meant, is_visible(actor))).mappings().first()
    if row is None:
        raise CaseNotFound(key)
    return row


def _is_read_by(actor: Actor, region: str) -> ColumnElement[bool]:
    """Return the condition that an actor who sees the case reads a comment on it."""
    if not is_purpose_limited(actor, region):
        return true()
    own: ColumnElement[Any] = cast(sorted(unit_kinds(actor, region)), ARRAY(Text))
    return or_(_columns.author == actor.id, _columns.unit_kinds.overlap(own))


def _read_up_to(connection: Connection, case_id: UUID, actor: Actor) -> int:
    columns = case_comment_read.c
    query = select(columns.up_to).where(columns.case_id == case_id, columns.login == actor.id)
    return connection.execute(query).scalar_one_or_none() or 0


def _names() -> Select[tuple[str, str]]:
    return select(account.c.login, account.c.name)
