"""A database of the benchmark's own beside the others of a server, gone afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.exc import OperationalError, ProgrammingError

PREFIX = "relief_bench_"


class NoScratchDatabase(ConnectionError):
    """The role may make no database of its own."""


@contextmanager
def scratch_database(server_url: str) -> Iterator[str]:
    """Make an empty database on the server of this URL and drop it at the end, whoever still uses it.

    Raises:
        NoScratchDatabase: the role may not create databases.
        ConnectionError: the server cannot be reached.
    """
    url = make_url(server_url).set(drivername="postgresql+psycopg")
    name = f"{PREFIX}{uuid4().hex[:8]}"
    server = create_engine(url, isolation_level="AUTOCOMMIT", connect_args={"application_name": "reliefdesk bench"})
    try:
        _create(server, name)
        try:
            yield url.set(database=name).render_as_string(hide_password=False)
        finally:
            with server.connect() as connection:
                connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    finally:
        server.dispose()


def _create(server: Engine, name: str) -> None:
    try:
        with server.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
    except ProgrammingError as error:
        raise NoScratchDatabase(
            f"测速要新建一个临时数据库，但未被允许（{error.orig}）。请授予该数据库用户 CREATEDB 权限。\n"
            f"The benchmark makes a scratch database on this server and was not allowed to ({error.orig}). "
            "Grant the role CREATEDB."
        ) from error
    except OperationalError as error:
        raise ConnectionError(
            f"无法连接数据库，请检查 RELIEF_DATABASE_URL：{error.orig}\n"
            f"The database cannot be reached; check RELIEF_DATABASE_URL: {error.orig}"
        ) from error
