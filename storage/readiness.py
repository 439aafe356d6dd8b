"""Whether the database is there for work: asked over a connection of its own, with a limit on every wait."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import URL, ExceptionContext, NullPool, create_engine, event, text
from sqlalchemy.exc import SQLAlchemyError

from storage.database import SERVER_DEAD_LINE, Database, in_the_engines_words, lifelines, lives, pending_migrations
from storage.encryption import KeyRing, KeyRingBroken

CONNECT_SECONDS = 2
STATEMENT_MILLISECONDS = 2_000


def connect_briefly(url: URL, *, statement_milliseconds: int) -> Database:
    """Return a database for short questions: no pool, one core, and a server that gives up on what takes longer."""
    limits = {
        "statement_timeout": statement_milliseconds,
        "lock_timeout": statement_milliseconds,
        "idle_in_transaction_session_timeout": 10 * statement_milliseconds,
        "max_parallel_workers_per_gather": 0,
    }
    database = create_engine(
        url,
        poolclass=NullPool,
        hide_parameters=True,
        connect_args={
            "application_name": "reliefdesk watching",
            **lifelines(url, SERVER_DEAD_LINE | limits),
            "connect_timeout": CONNECT_SECONDS,
        },
    )
    event.listen(database, "handle_error", _given_up)
    event.listen(database, "handle_error", in_the_engines_words)
    return database


def _given_up(context: ExceptionContext) -> None:
    """Say of a server that took too long that it is away: whoever asks briefly does not wait for it."""
    if isinstance(context.original_exception, psycopg.errors.QueryCanceled):
        raise ConnectionError("the database took too long") from context.original_exception


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """What work needs; `embedded_folder` is set where the database is our own."""

    url: URL
    key_file: Path
    embedded_folder: Path | None

    def missing(self) -> list[str]:
        """Return the codes of what is missing: embedded-database, database, tables, keys; nothing when all is there."""
        return [*self._server(), *self._tables(), *self._keys()]

    def _server(self) -> list[str]:
        if self.embedded_folder is None:
            return []
        try:
            process = int((self.embedded_folder / "postmaster.pid").read_text().partition("\n")[0])
        except (OSError, ValueError):
            return ["embedded-database"]
        return [] if lives(process) else ["embedded-database"]

    def _tables(self) -> list[str]:
        database = connect_briefly(self.url, statement_milliseconds=STATEMENT_MILLISECONDS)
        try:
            with database.connect() as connection:
                connection.execute(text("SELECT 1"))
            return ["tables"] if pending_migrations(database) else []
        except (ConnectionError, SQLAlchemyError):
            return ["database"]
        finally:
            database.dispose()

    def _keys(self) -> list[str]:
        try:
            KeyRing.load(self.key_file)
        except KeyRingBroken:
            return ["keys"]
        return []
