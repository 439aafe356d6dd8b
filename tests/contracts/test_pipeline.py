"""Writes that wait: their order, what reads see of them, and what happens to them when something goes wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import Column, Connection, MetaData, Table, bindparam, select, text, update
from sqlalchemy import Engine as Database
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.types import Boolean, DateTime, Integer, LargeBinary, Text, Uuid

from engine.errors import ConcurrentChange
from storage.database import connect
from storage.pipeline import Pipeline, Statement
from storage.statements import as_stored, insert_into, upsert_into, write_rows

metadata = MetaData()
thing = Table(
    "thing",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("owner", Uuid),
    Column("at", DateTime(timezone=True)),
    Column("blob", LargeBinary),
    Column("texts", ARRAY(Text)),
    Column("flag", Boolean),
    Column("document", JSONB),
)
ADD = insert_into(thing)
PUT = upsert_into(thing, "id")
ALL = Statement.of(select(thing).order_by(thing.c.id))
LOCK = Statement.of(select(thing).where(thing.c.id == bindparam("wanted")).with_for_update())
RENAME = Statement.of(update(thing).where(thing.c.id == bindparam("wanted")).values(name=bindparam("new_name")))
NOTHING: dict[str, Any] = {}


def row(number: int, name: str, **more: Any) -> dict[str, Any]:
    empty = dict.fromkeys(column.name for column in thing.c)
    return as_stored(thing, {**empty, "id": number, "name": name, "document": {}, **more})


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    found = connect(database_url)
    metadata.create_all(found)
    yield found
    found.dispose()


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.connect() as found:
        found.begin()
        yield found


def names(database: Database) -> list[str]:
    with database.connect() as connection:
        return list(connection.execute(select(thing.c.name).order_by(thing.c.id)).scalars())


def test_values_of_every_kind_come_back_as_they_went(connection: Connection) -> None:
    pipeline, owner = Pipeline(connection), uuid4()
    texts = ["", "a,b", 'say "x"', "back\\slash", "NULL", "{}", "救助 \n line", " pad "]
    pipeline.write(
        ADD,
        row(
            1,
            "名'称%s$1",
            owner=owner,
            at=datetime(2026, 6, 15, 9, 30, 1, 250_000, tzinfo=UTC),
            blob=b"\x00\xff'\\",
            texts=texts,
            flag=False,
            document={"amount": Decimal("10.50"), "list": [None, True, "’"]},
        ),
    )

    [[found]] = pipeline.read((ALL, NOTHING))

    assert found == (
        1,
        "名'称%s$1",
        owner,
        datetime(2026, 6, 15, 9, 30, 1, 250_000, tzinfo=UTC),
        b"\x00\xff'\\",
        texts,
        False,
        {"amount": Decimal("10.50"), "list": [None, True, "’"]},
    )


def test_a_read_sees_what_was_written_before_it_whichever_way_it_goes(connection: Connection) -> None:
    pipeline = Pipeline(connection)
    pipeline.write(ADD, row(1, "first"))
    assert connection.execute(select(thing.c.name)).scalars().all() == ["first"]
    pipeline.write(RENAME, {"wanted": 1, "new_name": "second"})
    [[found]] = pipeline.read((ALL, NOTHING))
    assert found[1] == "second"
    connection.execute(update(thing).values(name="third"))
    pipeline.write(PUT, row(1, "fourth"))
    pipeline.write(PUT, row(2, "fifth"))
    assert connection.execute(select(thing.c.name).order_by(thing.c.id)).scalars().all() == ["fourth", "fifth"]


def test_what_waits_is_there_after_the_commit_and_gone_after_a_rollback(database: Database) -> None:
    for number, ends_well in ((1, True), (2, False)):
        with database.connect() as connection:
            connection.begin()
            pipeline = Pipeline(connection)
            pipeline.write(ADD, row(number, f"row {number}"))
            if ends_well:
                pipeline.commit()
            pipeline.close()

    assert names(database) == ["row 1"]


def test_a_write_that_fails_takes_the_commit_with_it_and_leaves_the_connection_usable(database: Database) -> None:
    with database.connect() as connection:
        connection.begin()
        pipeline = Pipeline(connection)
        pipeline.write(ADD, row(1, "good"))
        pipeline.write(ADD, row(1, "same key"))
        pipeline.write(ADD, row(2, "after"))
        with pytest.raises(psycopg.errors.UniqueViolation):
            pipeline.commit()
        pipeline.close()

    assert names(database) == []
    with database.connect() as connection:
        connection.begin()
        pipeline = Pipeline(connection)
        pipeline.write(ADD, row(3, "again"))
        pipeline.commit()
        pipeline.close()
    assert names(database) == ["again"]


def test_many_rows_go_in_whole(connection: Connection) -> None:
    pipeline = Pipeline(connection)
    write_rows(pipeline, thing, [row(number, "x" * 20_000) for number in range(100)])

    [found] = pipeline.read((ALL, NOTHING))

    assert [one[0] for one in found] == list(range(100))
    assert {len(one[1]) for one in found} == {20_000}


def test_two_transactions_that_wait_for_each_other_end_as_a_lost_race(database: Database) -> None:
    with database.begin() as connection:
        connection.execute(thing.insert(), [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}])
    both_hold_one, outcomes = Barrier(2, timeout=20), []

    def take(first: int, second: int) -> None:
        with database.connect() as connection:
            connection.begin()
            pipeline = Pipeline(connection)
            pipeline.read((LOCK, {"wanted": first}))
            both_hold_one.wait()
            try:
                pipeline.read((LOCK, {"wanted": second}))
                outcomes.append("got both")
            except ConcurrentChange:
                outcomes.append("lost")
            pipeline.close()

    threads = [Thread(target=take, args=pair) for pair in ((1, 2), (2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert sorted(outcomes) == ["got both", "lost"]


def test_a_server_that_ends_the_connection_is_told_as_a_database_that_is_away(database: Database) -> None:
    with database.connect() as other, database.connect() as connection:
        connection.begin()
        pipeline = Pipeline(connection)
        process_id = connection.connection.driver_connection.info.backend_pid  # type: ignore[union-attr]  # it is open
        other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": process_id})
        pipeline.write(ADD, row(1, "lost"))

        with pytest.raises(ConnectionError):
            pipeline.commit()
        assert connection.invalidated

    assert names(database) == []


def test_a_row_the_server_cannot_keep_is_told_as_it_is_and_the_connection_stays(database: Database) -> None:
    too_long_for_an_index = "".join(hashlib.sha512(b"%d" % number).hexdigest() for number in range(99))
    with database.begin() as other:
        other.execute(text("CREATE INDEX ix_thing_name ON thing (name)"))
    with database.connect() as connection:
        connection.begin()
        pipeline = Pipeline(connection)
        pipeline.write(ADD, row(1, too_long_for_an_index))
        with pytest.raises(psycopg.errors.ProgramLimitExceeded):
            pipeline.commit()
        assert not connection.invalidated


def test_a_statement_with_a_value_fixed_in_it_is_refused() -> None:
    with pytest.raises(ValueError, match="fixed"):
        Statement.of(select(thing).where(thing.c.id == 5))
