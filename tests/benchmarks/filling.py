"""A database as a county fills it: a million parked instances with their open tasks, copied from real ones.

A parked instance is one the engine itself brought there. Every copy has ids, a key and sealed values of its own, so
that it can be listed, opened and completed like any other: what the engine sealed is noted down while it seals, and
sealed again for each copy. The rest is copied by the server.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg import sql
from psycopg.types.json import Jsonb
from sqlalchemy import Column, Table, make_url
from sqlalchemy.dialects.postgresql import JSONB

from api.benchmark.measuring import Measuring
from engine.json_values import dump_json
from storage import encryption
from storage.benchmark.rows import Row, Rows, instance_tables

REGIONS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A value the engine sealed: its bytes, what is in them, and the place they are tied to."""

    blob: bytes
    content: bytes
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A parked instance: its rows, its own ids in a fixed order, and its sealed values in a fixed order."""

    rows: Rows
    ids: tuple[UUID, ...]  # the instance first, then rows of its own
    sealed: tuple[Sealed, ...]

    @property
    def instance(self) -> Row:
        return next(iter(self.rows["process_instance"].values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spread:
    """How copies differ from what they are copied from."""

    template: Template
    due_in_days: int
    regions: int


class _NotingCipher:
    """Stands in for the cipher and notes what is sealed."""

    noted: dict[bytes, tuple[bytes, str]]

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def encrypt(self, nonce: bytes, data: bytes, place: bytes) -> bytes:
        secret = self._cipher.encrypt(nonce, data, place)
        _NotingCipher.noted[secret] = (data, place.decode())
        return secret

    def decrypt(self, nonce: bytes, data: bytes, place: bytes) -> bytes:
        return self._cipher.decrypt(nonce, data, place)


@contextmanager
def _noting() -> Iterator[dict[bytes, tuple[bytes, str]]]:
    before, _NotingCipher.noted = encryption.AESGCM, {}
    encryption.AESGCM = _NotingCipher  # type: ignore[assignment,misc]
    try:
        yield _NotingCipher.noted
    finally:
        encryption.AESGCM = before  # type: ignore[misc]


def parked(measuring: Measuring, tasks_done: int) -> Template:
    """Let the engine bring a case to where so many of its tasks are done, with the next one open for anybody."""
    with _noting() as noted:
        instance = measuring.cases.start(assigned=False)
        for number, step in enumerate(measuring.course[:tasks_done]):
            measuring.cases.claim(instance, step)
            measuring.cases.complete(instance, step, number)
        rows = measuring.bench.yardstick.rows(instance.id)
    own = {row["id"] for table in rows.values() for row in table.values() if isinstance(row.get("id"), UUID)}
    blobs = [value for *_, value in _blobs(rows)]
    return Template(
        rows=rows, ids=(instance.id, *sorted(own - {instance.id})), sealed=tuple(_seen(blob, noted) for blob in blobs)
    )


def fill(measuring: Measuring, template: Template, count: int, *, due_in_days: int = 5, regions: int = REGIONS) -> None:
    """Copy a parked instance so many times, spread over regions, each due a little later than the one before."""
    url = make_url(str(measuring.bench.settings.database_url)).set(drivername="postgresql")
    target = url.render_as_string(hide_password=False)
    with psycopg.connect(target, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")  # the copies are whole: no key to look up
        connection.execute("SET maintenance_work_mem = '1GB'")
        connection.execute("DROP TABLE IF EXISTS bench_copy")
        connection.execute("CREATE UNLOGGED TABLE bench_copy (n bigint, ids bytea, wrapped bytea, sealed bytea)")
        _seal_copies(measuring, target, template, count)
        for table, _ in instance_tables():
            for row in template.rows[table.name].values():
                _copy_row(connection, table, row, _Spread(template=template, due_in_days=due_in_days, regions=regions))
        connection.execute("DROP TABLE bench_copy")


def _seal_copies(measuring: Measuring, target: str, template: Template, count: int) -> None:
    """Make ids and seals in as many processes as there are cores."""
    order = {
        "url": target,
        "keys": str(Path(measuring.bench.settings.data_folder) / "keys.json"),
        "ids": [str(one) for one in template.ids],
        "keys_of_rows": _row_keys(template),
        "sealed": [
            {"blob": one.blob.hex(), "content": one.content.hex(), "place": one.place} for one in template.sealed
        ],
    }
    workers = os.cpu_count() or 1
    parts = [(count * part // workers, count * (part + 1) // workers) for part in range(workers)]
    processes = []
    for first, last in parts:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.sealing_copies"], stdin=subprocess.PIPE, text=True
        )
        assert process.stdin is not None
        process.stdin.write(dump_json({**order, "first": first, "last": last}))
        process.stdin.close()
        processes.append(process)
    if any(process.wait() for process in processes):
        raise RuntimeError("sealing the copies failed")


def _row_keys(template: Template) -> list[int]:
    """The keys that the ids of rows are derived from, in the order of the ids."""
    by_id = {
        row["id"]: row["key"]
        for table in template.rows.values()
        for row in table.values()
        if "key" in row and "id" in row
    }
    return [by_id[one] for one in template.ids[1:]]


def _seen(blob: bytes, noted: dict[bytes, tuple[bytes, str]]) -> Sealed:
    for secret, (content, place) in noted.items():
        if blob.endswith(secret):
            return Sealed(blob=blob, content=content, place=place)
    raise LookupError("a sealed value was not sealed by storage.encryption: the benchmark must learn how it is now")


def _blobs(rows: Rows) -> Iterator[tuple[str, tuple[Any, ...], str, bytes]]:
    """Go through the sealed values of an instance: table, row, column, value."""
    for table, _ in instance_tables():
        for key, row in rows[table.name].items():
            for name, value in row.items():
                if isinstance(value, bytes) and name != "wrapped_key":
                    yield table.name, key, name, value


def _copy_row(connection: psycopg.Connection[Any], table: Table, row: Row, spread: _Spread) -> None:
    """Write one row of the template for every copy."""
    columns = [column for column in table.c if column.identity is None and column.computed is None]
    parts = [_expression(column, row[column.name], spread) for column in columns]
    statement = sql.SQL("INSERT INTO {table} ({names}) SELECT {values} FROM bench_copy AS c").format(
        table=sql.Identifier(table.name),
        names=sql.SQL(", ").join(sql.Identifier(column.name) for column in columns),
        values=sql.SQL(", ").join(parts),
    )
    connection.execute(statement)


def _expression(column: Column[Any], value: Any, spread: _Spread) -> sql.Composable:
    template = spread.template
    if isinstance(value, UUID) and value in template.ids:
        start = sql.Literal(template.ids.index(value) * 16 + 1)
        return sql.SQL("encode(substring(c.ids from {} for 16), 'hex')::uuid").format(start)
    if column.name == "wrapped_key":
        return sql.SQL("c.wrapped")
    if isinstance(value, bytes):
        blobs = [one.blob for one in template.sealed]
        start = sum(map(len, blobs[: blobs.index(value)])) + 1
        return sql.SQL("substring(c.sealed from {} for {})").format(sql.Literal(start), sql.Literal(len(value)))
    if column.name == "business_key":
        return sql.SQL("'CP' || lpad(c.n::text, 10, '0')")
    if column.name == "region":
        return sql.SQL("'320481' || lpad((1 + c.n % {})::text, 3, '0')").format(sql.Literal(spread.regions))
    if column.name == "due_at" and value is not None:
        return sql.SQL("now() + {} * interval '1 day' + c.n * interval '173 milliseconds'").format(
            sql.Literal(spread.due_in_days)
        )
    if isinstance(column.type, JSONB):
        return sql.Literal(Jsonb(value, dumps=dump_json))
    if isinstance(value, (list, tuple)):
        return sql.SQL("{}::text[]").format(sql.Literal(list(value)))
    return sql.Literal(value)
