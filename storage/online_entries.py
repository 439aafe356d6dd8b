"""What comes in from the public in PostgreSQL: entries on line, query codes, and how often somebody tried."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, case, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from engine.json_values import JsonObject
from storage.applications import application_document, application_of
from storage.encryption import KeyRing
from storage.rows import to_row
from storage.sealing import open_json, seal_json
from storage.tables import register as tables
from workflows.casework.register.model import OnlineEntry, OnlineState, QueryCode

KEPT = timedelta(days=1)  # longer than any span tries are counted in


class SqlOnlineEntries:
    """Entries on line, each sealed under a key of its own."""

    def __init__(self, connection: Connection, keys: KeyRing) -> None:
        self._connection = connection
        self._keys = keys

    def next_number(self, *, region: str, year: int) -> str:
        """Return a number no entry has; numbers may be missing."""
        count = self._connection.execute(select(tables.ENTRY_NUMBERS.next_value())).scalar_one()
        return f"WS{region}-{year}-{count:06d}"

    def add(self, entry: OnlineEntry) -> None:
        """Keep an entry."""
        if entry.application is None:
            raise ValueError("an entry without an application")
        seal, wrapped = self._keys.new_seal()
        content = application_document(entry.application)
        self._connection.execute(
            insert(tables.online_entry).values(
                **to_row(entry, "application"),
                wrapped_key=wrapped,
                content_sealed=seal_json(seal, content, where=f"online:{entry.id}"),
            )
        )

    def by_number(self, number: str) -> OnlineEntry | None:
        """Return an entry."""
        return self._one(select(tables.online_entry).where(tables.online_entry.c.number == number))

    def lock(self, number: str) -> OnlineEntry | None:
        """Return an entry and keep others away."""
        return self._one(select(tables.online_entry).where(tables.online_entry.c.number == number).with_for_update())

    def save(self, entry: OnlineEntry) -> None:
        """Write what was decided; what was refused is kept by nobody."""
        values = to_row(entry, "id", "application")
        if entry.state is OnlineState.REFUSED:
            values["wrapped_key"] = None
        self._connection.execute(update(tables.online_entry).where(tables.online_entry.c.id == entry.id).values(values))

    def _one(self, statement: Any) -> OnlineEntry | None:
        row = self._connection.execute(statement).mappings().first()
        return None if row is None else to_entry(row, self._keys)


class SqlQueryCodes:
    """Query codes, each sealed under a key of its own, and the tries."""

    def __init__(self, connection: Connection, keys: KeyRing) -> None:
        self._connection = connection
        self._keys = keys

    def get(self, number: str) -> QueryCode | None:
        """Return the code of a number."""
        row = self._connection.execute(select(tables.query_code).where(tables.query_code.c.number == number)).mappings()
        found = row.first()
        return None if found is None else to_query_code(found, self._keys)

    def put(self, code: QueryCode) -> None:
        """Keep a code in place of the one before."""
        seal, wrapped = self._keys.new_seal()
        row = {
            **to_row(code, "code"),
            "wrapped_key": wrapped,
            "code_sealed": seal.encrypt(code.code, where=f"code:{code.number}"),
        }
        statement = upsert(tables.query_code).values(row)
        changed = {name: statement.excluded[name] for name in row if name != "number"}
        self._connection.execute(statement.on_conflict_do_update(index_elements=["number"], set_=changed))

    def tries(self, key: str, *, at: datetime, begun_after: datetime) -> int:
        """Count a try; a span that began earlier is over, and what is over is dropped."""
        table = tables.attempt
        hashed = self._hash(key)
        self._connection.execute(delete(table).where(table.c.since <= at - KEPT, table.c.key != hashed))
        statement = upsert(table).values(key=hashed, count=1, since=at)
        is_over = table.c.since <= begun_after
        counted = statement.on_conflict_do_update(
            index_elements=["key"],
            set_={
                "count": case((is_over, 1), else_=table.c.count + 1),
                "since": case((is_over, at), else_=table.c.since),
            },
        )
        return int(self._connection.execute(counted.returning(table.c.count)).scalar_one())

    def forgive(self, key: str) -> None:
        """Forget the tries of a kind."""
        self._connection.execute(delete(tables.attempt).where(tables.attempt.c.key == self._hash(key)))

    def _hash(self, key: str) -> str:
        return self._keys.search_hash(key, kind="attempt")


def to_entry(row: RowMapping, keys: KeyRing) -> OnlineEntry:
    """Return the entry of a row."""
    plain = {name: row[name] for name in row if name not in ("wrapped_key", "content_sealed", "state")}
    entry = OnlineEntry(**plain, state=OnlineState(row["state"]), application=None)
    if row["wrapped_key"] is None:
        return entry
    content: JsonObject = open_json(keys.seal(row["wrapped_key"]), row["content_sealed"], where=f"online:{row['id']}")
    return replace(entry, application=application_of(content))


def to_query_code(row: RowMapping, keys: KeyRing) -> QueryCode:
    """Return the code of a row."""
    plain = {name: row[name] for name in row if name not in ("wrapped_key", "code_sealed")}
    seal = keys.seal(row["wrapped_key"])
    return QueryCode(**plain, code=seal.decrypt(row["code_sealed"], where=f"code:{row['number']}"))


def code_of_case(connection: Connection, keys: KeyRing, case_id: UUID) -> QueryCode | None:
    """Return the query code of a case."""
    statement = select(tables.query_code).where(tables.query_code.c.case_id == case_id)
    row = connection.execute(statement.order_by(tables.query_code.c.issued_at.desc())).mappings().first()
    return None if row is None else to_query_code(row, keys)
