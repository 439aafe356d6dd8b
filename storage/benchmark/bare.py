"""The limit: the transactions that write the same rows as the engine did, by hand, without an engine.

A case is recorded as its rows after every step. What changed between two steps is written again for fresh copies of
the case: one statement a table and kind of change, over psycopg's prepared statements, under a lock of the instance.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy import Column, Table, make_url
from sqlalchemy.dialects.postgresql import JSONB

from engine.json_values import dump_json
from storage.benchmark.rows import Change, Row, Rows, changes_between, instance_tables

Statement = tuple[str, list[Any]]
LOCK = "SELECT * FROM process_instance WHERE id = %s FOR UPDATE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One fresh copy of the recorded case: its rows as they begin, and its transactions one after the other."""

    beginning: tuple[Statement, ...]
    transactions: tuple[tuple[Statement, ...], ...]


class BareCase:
    """A recorded case that can be written again and again under new keys."""

    def __init__(self, recorded: Sequence[Rows]) -> None:
        first = next(iter(recorded[0]["process_instance"].values()))
        self._instance_id: UUID = first["id"]
        self._business_key: str = first["business_key"]
        self._beginning = changes_between({table.name: {} for table, _ in instance_tables()}, recorded[0])
        self._steps = [changes_between(before, after) for before, after in pairwise(recorded)]
        self._row_ids = {
            row["id"] for rows in recorded for table in rows.values() for row in table.values() if _has_own_id(row)
        }

    @property
    def rows_written(self) -> list[dict[str, int]]:
        """Return, for every transaction, how many rows of which table it inserts, updates and deletes."""
        return [
            {f"{change.kind} {change.table.name}": len(change.rows) for change in changes} for changes in self._steps
        ]

    def copies(self, count: int) -> Iterator[Copy]:
        """Make so many copies with ids, keys and times of their own."""
        for number in range(count):
            new = _Renaming(self._row_ids, self._business_key, timedelta(microseconds=number))
            lock = (LOCK, [new.value(self._instance_id)])
            yield Copy(
                beginning=tuple(_statement(change, new) for change in self._beginning),
                transactions=tuple((lock, *(_statement(change, new) for change in step)) for step in self._steps),
            )


class BareWriter:
    """A connection that writes copies as fast as psycopg can."""

    def __init__(self, database_url: str) -> None:
        url = make_url(database_url).set(drivername="postgresql")
        self._connection = psycopg.connect(url.render_as_string(hide_password=False), prepare_threshold=0)
        self._cursor = self._connection.cursor()

    def begin(self, copies: Sequence[Copy]) -> None:
        """Write how the copies begin."""
        for copy in copies:
            for text, values in copy.beginning:
                self._cursor.execute(text.encode(), values)
        self._connection.commit()

    def run(self, copies: Sequence[Copy]) -> int:
        """Write the transactions of the copies, each of them committed; returns how many there were."""
        execute, commit = self._cursor.execute, self._connection.commit
        done = 0
        for copy in copies:
            for transaction in copy.transactions:
                for text, values in transaction:
                    execute(text.encode(), values)
                commit()
                done += 1
        return done

    def run_pipelined(self, copies: Sequence[Copy]) -> int:
        """Write them with each transaction sent in one go."""
        done = 0
        for copy in copies:
            for transaction in copy.transactions:
                with self._connection.pipeline():
                    for text, values in transaction:
                        self._cursor.execute(text.encode(), values)
                    self._connection.commit()
                done += 1
        return done

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


class _Renaming:
    """Puts new ids, another business key and other times in the place of the recorded ones."""

    def __init__(self, row_ids: set[UUID], business_key: str, later: timedelta) -> None:
        self._ids = {one: uuid4() for one in row_ids}
        self._business_key = business_key
        self._new_key = uuid4().hex[: len(business_key)].ljust(len(business_key), "0")
        self._later = later

    def value(self, value: Any) -> Any:
        if isinstance(value, UUID):
            return self._ids.get(value, value)
        if isinstance(value, datetime):
            return value + self._later
        return self._new_key if value == self._business_key else value

    def column(self, row: Row, column: Column[Any]) -> Any:
        value = self.value(row[column.name])
        return Jsonb(value, dumps=dump_json) if isinstance(column.type, JSONB) else value


def _has_own_id(row: Mapping[str, Any]) -> bool:
    return isinstance(row.get("id"), UUID)


def _statement(change: Change, new: _Renaming) -> Statement:
    if change.kind == "insert":
        return _insert(change.table, change.rows, new)
    where, keys = _where(change.table, change.rows, new)
    if change.kind == "delete":
        return f'DELETE FROM "{change.table.name}" WHERE {where}', keys  # noqa: S608  (names of our own tables)
    row = change.rows[0]
    values = [new.column(row, change.table.c[name]) for name in change.columns]
    targets = ", ".join(f'"{name}" = %s' for name in change.columns)
    return f'UPDATE "{change.table.name}" SET {targets} WHERE {where}', [*values, *keys]  # noqa: S608  (names of our own tables)


def _insert(table: Table, rows: Sequence[Row], new: _Renaming) -> Statement:
    columns = [column for column in table.c if column.identity is None and column.computed is None]
    names = ", ".join(f'"{column.name}"' for column in columns)
    one = f"({', '.join(['%s'] * len(columns))})"
    values = [new.column(row, column) for row in rows for column in columns]
    return f'INSERT INTO "{table.name}" ({names}) VALUES {", ".join([one] * len(rows))}', values  # noqa: S608  (names of our own tables)


def _where(table: Table, rows: Sequence[Row], new: _Renaming) -> Statement:
    """Name rows by their primary key; the parts of it that they share are named once."""
    conditions, values = [], []
    for column in table.primary_key.columns:
        found = [new.column(row, column) for row in rows]
        alike = len({repr(one) for one in found}) == 1
        conditions.append(f'"{column.name}" = %s' if alike else f'"{column.name}" = ANY(%s)')
        values.append(found[0] if alike else found)
    return " AND ".join(conditions), values
