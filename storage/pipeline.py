"""The short way to the database: statements compiled once, writes that wait and are sent together, one turn a read.

A command reads an instance, runs the core and writes a handful of rows. Sent one by one through SQLAlchemy, each
statement costs the client more than it costs PostgreSQL, and each is a turn over the wire. Here tables and statements
are SQLAlchemy's still, but compiled once and prepared once a connection; what is written waits until somebody reads,
or until the transaction ends, and then goes out with the COMMIT in one turn of libpq's pipeline mode
(docs/decisions/0013-writes-wait-for-the-end.md has the figures).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import psycopg
from psycopg.adapt import Transformer
from psycopg.pq import TransactionStatus
from psycopg.pq.abc import PGresult
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.sql.elements import ClauseElement

from engine.errors import ConcurrentChange, StorageFull
from storage.outages import is_outage
from storage.turns import UNNAMED, Call, take_turn
from storage.wire_values import wire_values

Parameters = Mapping[str, Any]
Row = tuple[Any, ...]

LOST_RACES = (
    psycopg.errors.DeadlockDetected,
    psycopg.errors.SerializationFailure,
    psycopg.errors.LockNotAvailable,
)
MOST_PREPARED = 400  # texts; a connection's memory on the server grows with each it has used
SURROUND = "relief_surround"  # execution option: what each turn is surrounded with, given its statements
_KEY, _PREPARED, _TRANSFORMER = "relief_pipeline", "relief_prepared", "relief_transformer"
_NUMBERED = PGDialect_asyncpg()  # type: ignore[no-untyped-call]  # it writes parameters as $1, which libpq takes
_numbers = count(1)
_names: dict[bytes, bytes] = {}  # of every text that is prepared


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as libpq takes it, with the names of its parameters in order; prepared once a connection.

    Statements of one text share a name. When more texts are in use than connections should keep, new ones have none.
    """

    sql: bytes
    names: tuple[str, ...]
    name: bytes = field(init=False)

    def __post_init__(self) -> None:
        known = _names.get(self.sql)
        if known is None:
            number = next(_numbers)
            known = _names.setdefault(self.sql, b"relief_%d" % number if number <= MOST_PREPARED else UNNAMED)
        object.__setattr__(self, "name", known)

    @classmethod
    def of(cls, statement: ClauseElement) -> Statement:
        """Compile a statement of SQLAlchemy; all its values must be bound parameters given at each use."""
        compiled, fixed = cls.compiled(statement)
        if fixed:
            raise ValueError(f"values fixed in a compiled statement would be lost: {sorted(fixed)}")
        return compiled

    @classmethod
    def compiled(cls, statement: ClauseElement) -> tuple[Statement, Parameters]:
        """Compile a statement of SQLAlchemy and return beside it the values that stand in it."""
        compiled = statement.compile(dialect=_NUMBERED)
        fixed = {name: value for name, value in compiled.params.items() if value is not None}
        return cls(str(compiled).encode(), tuple(getattr(compiled, "positiontup", None) or ())), fixed

    def call(self, values: Parameters) -> Call:
        """Return the call of this statement with these values."""
        sent, formats = wire_values([values[name] for name in self.names])
        return Call(self.name, self.sql, sent, formats)


BEGIN, COMMIT = Statement(b"BEGIN", ()), Statement(b"COMMIT", ())
BEGIN_READING = Statement(b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", ())
_AROUND = frozenset(one.name for one in (BEGIN, BEGIN_READING, COMMIT))  # what says nothing of a turn


class Pipeline:
    """What one transaction writes, in order, and the reads that must see it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        driver = connection.connection.driver_connection
        if not isinstance(driver, psycopg.Connection):
            raise TypeError(f"psycopg is needed, found {type(driver).__name__}")
        self._driver: psycopg.Connection[Row] = driver
        self._waiting: list[Call] = []
        self._info = connection.info
        self._info[_KEY] = self

    def write(self, statement: Statement, values: Parameters) -> None:
        """Let a write wait for the next read or the end."""
        self._waiting.append(statement.call(values))

    def read(self, *questions: tuple[Statement, Parameters]) -> list[list[Row]]:
        """Ask in one turn, after everything that was written so far; each question sees what the ones before locked."""
        calls = [statement.call(values) for statement, values in questions]
        return self._rows(self._send(calls)[-len(calls) :])

    def ask(self, *questions: tuple[Statement, Parameters]) -> list[list[Row]]:
        """Ask in one turn that is a transaction of its own: all questions see one committed state."""
        calls = [statement.call(values) for statement, values in questions]
        return self._rows(self._turn([BEGIN_READING.call({}), *calls, COMMIT.call({})])[1:-1])

    def flush(self) -> None:
        """Send what waits."""
        if self._waiting:
            self._send([])

    def discard(self) -> None:
        """Forget what waits: it would be undone."""
        self._waiting.clear()

    def commit(self) -> None:
        """Send what waits and commit, in one turn; SQLAlchemy, where it began, is told that it is over."""
        if self._waiting or self._has_begun():
            self._send([COMMIT.call({})])
        self._connection.commit()

    def close(self) -> None:
        """Leave the connection to others."""
        self._waiting.clear()
        if not self._connection.invalidated:
            self._info.pop(_KEY, None)

    def _send(self, calls: Sequence[Call]) -> list[PGresult]:
        waiting, self._waiting = self._waiting, []
        begin = [] if self._has_begun() else [BEGIN.call({})]
        return self._turn([*begin, *waiting, *calls])

    def _has_begun(self) -> bool:
        return self._driver.pgconn.transaction_status != TransactionStatus.IDLE

    def _turn(self, calls: Sequence[Call]) -> list[PGresult]:
        prepared: set[bytes] = self._info.setdefault(_PREPARED, set())
        with _in_the_engines_words(self._connection), self._around(calls):
            return take_turn(self._driver.pgconn, calls, prepared)

    def _rows(self, results: Sequence[PGresult]) -> list[list[Row]]:
        transformer = self._info.get(_TRANSFORMER)
        if transformer is None:  # it learns how to read each type, once a connection
            transformer = self._info[_TRANSFORMER] = Transformer.from_context(self._driver)
        rows = []
        for result in results:
            transformer.set_pgresult(result)
            rows.append(transformer.load_rows(0, result.ntuples, tuple))
        return rows

    def _around(self, calls: Sequence[Call]) -> AbstractContextManager[object]:
        """Return what a turn is surrounded with: nothing, unless somebody watches statements."""
        surround = self._connection.get_execution_options().get(SURROUND)
        told = [] if surround is None else [call.sql.decode() for call in calls if call.name not in _AROUND]
        return surround("; ".join(told)) if surround and told else nullcontext()


def send_before(connection: Connection) -> None:
    """Send what waits on a connection before a statement that does not come through the pipeline."""
    waiting = connection.info.get(_KEY)
    if waiting is not None:
        waiting.flush()


@contextmanager
def _in_the_engines_words(connection: Connection) -> Iterator[None]:
    """Say what only PostgreSQL knows in words the layers above know: a lost race, or a database that is away.

    A turn that was broken off half-way leaves the connection in a state nobody knows: it is not used again.
    """
    try:
        yield
    except LOST_RACES as lost:
        raise ConcurrentChange from lost
    except psycopg.errors.DiskFull as full:
        raise StorageFull("the database has no room left") from full
    except psycopg.Error as error:
        if not is_outage(error):
            raise
        connection.invalidate(error)
        raise ConnectionError(f"the database cannot be reached: {type(error).__name__}") from error
    except BaseException as broken:
        connection.invalidate(broken)
        raise
