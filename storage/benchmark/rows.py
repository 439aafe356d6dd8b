"""The rows of a process instance, in whatever tables this version has, and what a transaction changed in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Column, Connection, Table, select

from storage.tables import engine as tables
from storage.tables.base import metadata

Row = dict[str, Any]
Rows = Mapping[str, Mapping[tuple[Any, ...], Row]]  # table -> primary key -> row


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one transaction did to the rows of one table: new rows, rows with new values, or rows that are gone."""

    table: Table
    kind: Literal["insert", "update", "delete"]
    rows: tuple[Row, ...]
    columns: tuple[str, ...] = ()  # of an update: those that changed


def instance_tables() -> Iterator[tuple[Table, Column[Any]]]:
    """Go through the tables with rows of process instances, parents first, and the column that names the owner."""
    for table in metadata.sorted_tables:
        if table is tables.process_instance:
            yield table, table.c.id
        elif "process_instance_id" in table.c:
            yield table, table.c.process_instance_id


def rows_of(connection: Connection, process_instance_id: UUID) -> Rows:
    """Return every row of an instance."""
    found: dict[str, dict[tuple[Any, ...], Row]] = {}
    for table, owner in instance_tables():
        rows = connection.execute(select(table).where(owner == process_instance_id)).mappings()
        keys = [column.name for column in table.primary_key.columns]
        found[table.name] = {tuple(row[key] for key in keys): dict(row) for row in rows}
    return found


def changes_between(before: Rows, after: Rows) -> list[Change]:
    """Return what turns the rows before into the rows after: deletes, then updates, then inserts, by table."""
    changes: list[Change] = []
    for table, _ in instance_tables():
        old, new = before[table.name], after[table.name]
        gone = tuple(row for key, row in old.items() if key not in new)
        if gone:
            changes.append(Change(table=table, kind="delete", rows=gone))
        changes += _updates(table, old, new)
        fresh = tuple(row for key, row in new.items() if key not in old)
        if fresh:
            changes.append(Change(table=table, kind="insert", rows=fresh))
    return changes


def _updates(table: Table, old: Mapping[Any, Row], new: Mapping[Any, Row]) -> list[Change]:
    """Rows that get the same values in the same columns are one update, as a hand would write it."""
    groups: dict[tuple[tuple[str, str], ...], list[Row]] = {}
    for key, row in new.items():
        before = old.get(key)
        if before is not None and before != row:
            changed = tuple((name, repr(row[name])) for name in row if row[name] != before[name])
            groups.setdefault(changed, []).append(row)
    return [
        Change(table=table, kind="update", rows=tuple(rows), columns=tuple(name for name, _ in changed))
        for changed, rows in groups.items()
    ]
