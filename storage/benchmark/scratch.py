"""A database of the benchmark's own beside the others of a server, gone afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

PREFIX = "relief_bench_"


class NoScratchDatabase(ConnectionError):
    """The server does not let us make a database of our own."""


@contextmanager
def scratch_database(server_url: str) -> Iterator[str]:
    """Make an empty database on the server of this URL and drop it at the end, whoever still uses it.

    Raises:
        NoScratchDatabase: the role may not create databases, or the server cannot be reached.
    """
    url = make_url(server_url).set(drivername="postgresql+psycopg")
    name = f"{PREFIX}{uuid4().hex[:8]}"
    server = create_engine(url, isolation_level="AUTOCOMMIT", connect_args={"application_name": "reliefdesk bench"})
    try:
        try:
            with server.connect() as connection:
                connection.execute(text(f'CREATE DATABASE "{name}"'))
        except DBAPIError as error:
            raise NoScratchDatabase(
                f"测速需要一个临时数据库，但无法创建：{error.orig}"
                f"请给该用户 CREATEDB 权限。\nThe benchmark needs a scratch database and could not create one: "
                f"{error.orig}Grant the role CREATEDB."
            ) from error
        try:
            yield url.set(database=name).render_as_string(hide_password=False)
        finally:
            with server.connect() as connection:
                connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    finally:
        server.dispose()
