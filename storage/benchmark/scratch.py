"""A database of one's own beside the others of a server, gone afterwards: to measure in, or to try things in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.exc import OperationalError, ProgrammingError

PREFIX = "relief_scratch_"


class NoScratchDatabase(ConnectionError):
    """The role may make no database of its own."""


@contextmanager
def scratch_database(server_url: str, *, like: str | None = None, is_safe: bool = True) -> Iterator[str]:
    """Make a database on the server of this URL, empty or a copy of another, and drop it at the end, whoever uses it.

    Where nothing in it must outlive a power cut it need not be safe: commits do not wait for the disk.

    Raises:
        NoScratchDatabase: the role may not create databases.
        ConnectionError: the server cannot be reached.
    """
    url = make_url(server_url).set(drivername="postgresql+psycopg")
    name = f"{PREFIX}{uuid4().hex[:8]}"
    server = create_engine(url, isolation_level="AUTOCOMMIT", connect_args={"application_name": "reliefdesk scratch"})
    try:
        _create(server, name, like=like, is_safe=is_safe)
        try:
            yield url.set(database=name).render_as_string(hide_password=False)
        finally:
            with server.connect() as connection:
                connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    finally:
        server.dispose()


def _create(server: Engine, name: str, *, like: str | None, is_safe: bool) -> None:
    template = f' TEMPLATE "{make_url(like).database}"' if like else ""
    try:
        with server.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"{template}'))
            if not is_safe:
                connection.execute(text(f'ALTER DATABASE "{name}" SET synchronous_commit = off'))
    except ProgrammingError as error:
        raise NoScratchDatabase(
            f"须新建一个临时数据库，但未被允许（{error.orig}）。请授予该数据库用户 CREATEDB 权限。\n"
            f"A scratch database is made on this server and was not allowed ({error.orig}). "
            "Grant the role CREATEDB."
        ) from error
    except OperationalError as error:
        raise ConnectionError(
            f"无法连接数据库，请检查 RELIEF_DATABASE_URL：{error.orig}\n"
            f"The database cannot be reached; check RELIEF_DATABASE_URL: {error.orig}"
        ) from error
