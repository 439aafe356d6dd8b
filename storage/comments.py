"""Comments in PostgreSQL, in one transaction; each version of a text is sealed under the key of its case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, exists, func, insert, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from engine.model import Actor
from storage.case_files import case_seal
from storage.case_visibility import is_visible
from storage.encryption import KeyRing
from storage.organisation import SqlPosts
from storage.rows import Row, to_row, to_value
from storage.tables.casework import case_file
from storage.tables.comments import case_comment, case_comment_read, case_comment_text
from storage.tables.organisation import account
from workflows.casework.comments.model import Comment

MOST_NAMESAKES = 20


class SqlComments:
    """Comments with the versions of their texts."""

    def __init__(self, connection: Connection, keys: KeyRing) -> None:
        self._connection = connection
        self._keys = keys

    def is_in_sight(self, case_id: UUID, actor: Actor) -> bool:
        """Say whether an actor may see a case."""
        seen = exists().where(case_file.c.id == case_id, is_visible(actor))
        return bool(self._connection.execute(select(seen)).scalar_one())

    def add(self, comment: Comment, text: str, *, submission_key: str) -> bool:
        """Keep a new comment, unless its submission key is known."""
        statement = upsert(case_comment).values(submission_key=submission_key, **to_row(comment))
        once = statement.on_conflict_do_nothing(index_elements=["submission_key"])
        if self._connection.execute(once.returning(literal(1))).first() is None:
            return False
        self._keep(comment, text, comment.written_at)
        return True

    def by_submission_key(self, submission_key: str) -> Comment | None:
        """Return the comment that came of a submission."""
        return self._one(case_comment.c.submission_key == submission_key)

    def get(self, comment_id: UUID) -> Comment | None:
        """Return a comment."""
        return self._one(case_comment.c.id == comment_id)

    def lock(self, comment_id: UUID) -> Comment | None:
        """Return a comment while other changes of it wait."""
        query = select(case_comment).where(case_comment.c.id == comment_id).with_for_update()
        row = self._connection.execute(query).mappings().first()
        return to_comment(row) if row else None

    def text(self, comment: Comment, version: int) -> str:
        """Return a version of a text; of an erased case there is none."""
        columns = case_comment_text.c
        query = select(columns.text_sealed).where(columns.comment_id == comment.id, columns.version == version)
        sealed = self._connection.execute(query).scalar_one_or_none()
        if sealed is None:
            return ""
        seal = case_seal(self._connection, self._keys, comment.case_id)
        return seal.decrypt(sealed, where=text_place(comment.id, version))

    def correct(self, comment: Comment, text: str, *, at: datetime) -> None:
        """Keep the next version."""
        self._keep(comment, text, at)
        self._connection.execute(
            update(case_comment)
            .where(case_comment.c.id == comment.id)
            .values(
                version=comment.version,
                corrected_at=comment.corrected_at,
                mentions=list(comment.mentions),
                unit_kinds=list(comment.unit_kinds),
            )
        )

    def withdraw(self, comment: Comment) -> None:
        """Write when it was withdrawn."""
        statement = update(case_comment).where(case_comment.c.id == comment.id)
        self._connection.execute(statement.values(withdrawn_at=comment.withdrawn_at))

    def people(self, word: str) -> Sequence[Actor]:
        """Return who has this login or name."""
        return list(self._people(or_(account.c.login == word, account.c.name == word)))

    def people_beginning(self, text: str) -> Sequence[Actor]:
        """Return whose login or name a text begins with; the longest first, as many as could share a name."""
        begins = or_(literal(text).startswith(account.c.login), literal(text).startswith(account.c.name))
        return list(self._people(begins))

    def mark_read(self, case_id: UUID, login: str, *, up_to: int) -> None:
        """Write how far somebody has read, as far as there are comments."""
        columns = case_comment.c
        last = select(func.max(columns.number)).where(columns.case_id == case_id, columns.number <= up_to)
        found = self._connection.execute(last).scalar_one()
        if found is None:
            return
        statement = upsert(case_comment_read).values(case_id=case_id, login=login, up_to=found)
        read = statement.excluded.up_to
        further = statement.on_conflict_do_update(
            index_elements=["case_id", "login"], set_={"up_to": read}, where=case_comment_read.c.up_to < read
        )
        self._connection.execute(further)

    def _keep(self, comment: Comment, text: str, at: datetime) -> None:
        seal = case_seal(self._connection, self._keys, comment.case_id)
        sealed = seal.encrypt(text, where=text_place(comment.id, comment.version))
        row = {"comment_id": comment.id, "version": comment.version, "written_at": at, "text_sealed": sealed}
        self._connection.execute(insert(case_comment_text).values(row))

    def _one(self, condition: ColumnElement[bool]) -> Comment | None:
        row = self._connection.execute(select(case_comment).where(condition)).mappings().first()
        return to_comment(row) if row else None

    def _people(self, condition: ColumnElement[bool]) -> Iterator[Actor]:
        longest = func.length(account.c.name).desc()
        query = select(account.c.login, account.c.name).where(condition).order_by(longest).limit(MOST_NAMESAKES)
        posts = SqlPosts(self._connection)
        for login, name in self._connection.execute(query).all():
            yield Actor(id=login, name=name, memberships=posts.held_by(login) or ())


def to_comment(row: Row) -> Comment:
    """Return the comment of a row."""
    lists = {"unit_kinds": tuple(row["unit_kinds"]), "mentions": tuple(row["mentions"])}
    return to_value(Comment, {**row, **lists})


def text_place(comment_id: UUID, version: int) -> str:
    """Return the place of a version of a text."""
    return f"comment:{comment_id}:{version}"
