"""Statements the pipeline sends, made from the tables: each is compiled once and shared by all transactions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Table, bindparam, insert
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.pipeline import Pipeline, Statement
from storage.tables.base import LATER
from storage.wire_values import JsonText

MOST_ROWS = 8  # of one statement; more rows go in several, so that few statements have to be prepared


def insert_into(table: Table) -> Statement:
    """Return the statement that inserts one whole row; a column the database counts itself is left out."""
    names = written_columns(table)
    return Statement.of(insert(table).inline().values({name: bindparam(name) for name in names}))


@cache
def insert_many(table: Table, number: int) -> Statement:
    """Return the statement that inserts so many whole rows, with parameters `name_0`, `name_1` ..."""
    names = written_columns(table)
    rows: list[dict[str, Any]] = [{name: bindparam(f"{name}_{index}") for name in names} for index in range(number)]
    return Statement.of(insert(table).inline().values(rows))


def upsert_into(table: Table, *index: str) -> Statement:
    """Return the statement that inserts one row, or replaces all but the key of the row that is there."""
    names = written_columns(table)
    opened = upsert(table).inline().values({name: bindparam(name) for name in names})
    others = {name: opened.excluded[name] for name in names if name not in index}
    return Statement.of(opened.on_conflict_do_update(index_elements=list(index), set_=others))


def write_rows(pipeline: Pipeline, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert whole rows."""
    waiting = list(rows)
    for start in range(0, len(waiting), MOST_ROWS):
        some = waiting[start : start + MOST_ROWS]
        values = {f"{name}_{index}": value for index, row in enumerate(some) for name, value in row.items()}
        pipeline.write(insert_many(table, len(some)), values)


def as_stored(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as the driver takes it: JSON columns wrapped."""
    wrapped = json_columns(table)
    return {name: JsonText.of(value) if name in wrapped else value for name, value in row.items()}


@cache
def written_columns(table: Table) -> tuple[str, ...]:
    """Return the columns of a table that are written with a new row: not by the database itself, not only later."""
    return tuple(one.name for one in table.c if one.identity is None and one.computed is None and one.info != LATER)


@cache
def json_columns(table: Table) -> frozenset[str]:
    """Return the columns of a table that hold JSON."""
    return frozenset(column.name for column in table.c if isinstance(column.type, JSONB))
