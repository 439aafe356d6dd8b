"""Databases that live as long as a test: copied from one that was made before, and dropped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy import URL


def run_on(server_url: URL, *statements: str | sql.Composed) -> None:
    """Run statements that stand in no transaction on the server's own database."""
    address = server_url.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        for statement in statements:
            connection.execute(sql.SQL(statement) if isinstance(statement, str) else statement)


@contextmanager
def new_database(server_url: URL, prefix: str, *, like: str | None = None) -> Iterator[URL]:
    """Make a database, empty or a copy of another that nobody uses, and drop it afterwards with whoever is in it.

    Files are copied, not their blocks one by one over the log: the server syncs nothing, and that takes half the time.
    """
    name = f"{prefix}_{uuid4().hex[:12]}"
    made = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    if like is not None:
        made += sql.SQL(" TEMPLATE {} STRATEGY FILE_COPY").format(sql.Identifier(like))
    run_on(server_url, made)
    try:
        yield server_url.set(database=name)
    finally:
        run_on(server_url, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
