"""Public notices on their boards and the objections to them; what objectors say, and who they are, is sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, func, insert, select, update

from storage.case_files import case_seal
from storage.encryption import ERASED, CaseSeal, KeyRing
from storage.rows import to_row, to_value
from storage.sealing import open_json, seal_json
from storage.tables import procedure as tables
from workflows.casework.model import Case
from workflows.casework.procedure.model import DocumentReference, NoticePosting, NoticeState, Objection


class SqlNoticeBoard:
    """Notices and objections, in one transaction."""

    def __init__(self, connection: Connection, keys: KeyRing) -> None:
        self._connection = connection
        self._keys = keys

    def next_number(self, case: Case) -> str:
        """Return the number of the next notice of a case."""
        count = select(func.count()).where(tables.notice_posting.c.case_id == case.id)
        return f"{case.number}-GS{self._connection.execute(count).scalar_one() + 1:02d}"

    def add(self, posting: NoticePosting) -> None:
        """Keep a notice that is to be posted."""
        self._connection.execute(insert(tables.notice_posting).values(_posting_columns(posting)))

    def save(self, posting: NoticePosting) -> None:
        """Write where it hangs and since when."""
        statement = update(tables.notice_posting).where(tables.notice_posting.c.notice_id == posting.notice_id)
        self._connection.execute(statement.values(_posting_columns(posting)))

    def get(self, notice_id: UUID) -> NoticePosting | None:
        """Return a notice."""
        statement = select(tables.notice_posting).where(tables.notice_posting.c.notice_id == notice_id)
        return self._one(statement)

    def by_number(self, number: str) -> NoticePosting | None:
        """Return a notice by its number."""
        statement = select(tables.notice_posting).where(tables.notice_posting.c.number == number)
        return self._one(statement)

    def of_case(self, case_id: UUID) -> Sequence[NoticePosting]:
        """Return the notices of a case, oldest first."""
        statement = select(tables.notice_posting).where(tables.notice_posting.c.case_id == case_id)
        rows = self._connection.execute(statement.order_by(tables.notice_posting.c.number)).mappings()
        return [to_posting(row) for row in rows]

    def add_objection(self, objection: Objection) -> None:
        """Keep an objection."""
        self._connection.execute(insert(tables.objection).values(self._objection_columns(objection)))

    def save_objection(self, objection: Objection) -> None:
        """Write its answer."""
        statement = update(tables.objection).where(tables.objection.c.id == objection.id)
        self._connection.execute(statement.values(self._objection_columns(objection)))

    def objection(self, objection_id: UUID) -> Objection | None:
        """Return an objection with who made it."""
        statement = select(tables.objection).where(tables.objection.c.id == objection_id)
        row = self._connection.execute(statement).mappings().first()
        return None if row is None else to_objection(row, case_seal(self._connection, self._keys, row["case_id"]))

    def objections(self, notice_id: UUID) -> Sequence[Objection]:
        """Return the objections to a notice, oldest first."""
        statement = select(tables.objection).where(tables.objection.c.notice_id == notice_id)
        rows = self._connection.execute(statement.order_by(tables.objection.c.number)).mappings().all()
        seal = case_seal(self._connection, self._keys, rows[0]["case_id"]) if rows else None
        return [to_objection(row, seal) for row in rows]

    def objection_count(self, notice_id: UUID) -> int:
        """Return how many objections to a notice there are."""
        return self._count(tables.objection.c.notice_id == notice_id)

    def unanswered_count(self, notice_id: UUID, *, received_by: str) -> int:
        """Return how many objections taken in by somebody wait for their answer."""
        of_notice, by = tables.objection.c.notice_id == notice_id, tables.objection.c.received_by == received_by
        return self._count(and_(of_notice, by, tables.objection.c.answered_at.is_(None)))

    def _count(self, condition: ColumnElement[bool]) -> int:
        statement = select(func.count()).select_from(tables.objection).where(condition)
        return int(self._connection.execute(statement).scalar_one())

    def _one(self, statement: Any) -> NoticePosting | None:
        row = self._connection.execute(statement).mappings().first()
        return None if row is None else to_posting(row)

    def _objection_columns(self, objection: Objection) -> dict[str, Any]:
        seal = case_seal(self._connection, self._keys, objection.case_id)
        place = f"objection:{objection.id}"
        who = {"objector": objection.objector, "contact": objection.contact}
        answer = objection.answer
        return {
            **to_row(objection, "text", "objector", "contact", "answer"),
            "text_sealed": seal.encrypt(objection.text, where=f"{place}:text"),
            "objector_sealed": seal_json(seal, who, where=f"{place}:who"),
            "answer_sealed": None if answer is None else seal.encrypt(answer, where=f"{place}:answer"),
        }


def to_posting(row: RowMapping) -> NoticePosting:
    """Return the notice of a row."""
    photos = {name: DocumentReference(**row[name]) if row[name] else None for name in ("photo_up", "photo_down")}
    return to_value(NoticePosting, {**row, **photos, "state": NoticeState(row["state"])})


def to_objection(row: RowMapping, seal: CaseSeal | None) -> Objection:
    """Return the objection of a row; of an erased case nobody knows what was said, and by whom."""
    place, answer = f"objection:{row['id']}", row["answer_sealed"]
    if seal is None:
        return to_value(Objection, {**row, "text": ERASED, "answer": ERASED if answer else None})
    who = open_json(seal, row["objector_sealed"], where=f"{place}:who")
    return to_value(
        Objection,
        {
            **row,
            **who,
            "text": seal.decrypt(row["text_sealed"], where=f"{place}:text"),
            "answer": seal.decrypt(answer, where=f"{place}:answer") if answer else None,
        },
    )


def _posting_columns(posting: NoticePosting) -> dict[str, Any]:
    photos = {name: getattr(posting, name) for name in ("photo_up", "photo_down")}
    return {
        **to_row(posting, *photos),
        **{name: None if photo is None else asdict(photo) for name, photo in photos.items()},
    }
