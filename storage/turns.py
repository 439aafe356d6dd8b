"""One turn over the wire: any number of prepared statements sent at once, their results read back in order."""

from __future__ import annotations

import select
from collections.abc import Sequence
from typing import NamedTuple

import psycopg
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, Format
from psycopg.pq.abc import PGconn, PGresult

UNNAMED = b""  # the name of a statement that is prepared anew for each call
ANSWERED_WITHIN = 60.0  # seconds; a server that is silent for longer stands still, though its line may be up
_FAILED = (ExecStatus.FATAL_ERROR, ExecStatus.PIPELINE_ABORTED)


class Call(NamedTuple):
    """A statement, by its name among the prepared ones, with its values as they go over the wire.

    `formats` says of each value whether it is text or bytes that are taken as they are.
    """

    name: bytes
    sql: bytes
    values: list[bytes | None]
    formats: list[int]


class ServerSilent(psycopg.OperationalError):
    """The server says nothing, and its line is up: its machine is paused, or it is stopped."""


def take_turn(
    pgconn: PGconn, calls: Sequence[Call], prepared: set[bytes], *, within: float | None = None
) -> list[PGresult]:
    """Send calls and wait for all their results; `prepared` holds what the connection knows and grows by what is new.

    Other threads run while this one waits. `within` is how many seconds the server may be silent (ANSWERED_WITHIN).

    Raises:
        ServerSilent: it was silent for longer; the connection cannot be used any more.
        psycopg.Error: the first call that failed; those after it were not carried out.
    """
    wait = _Waiting(pgconn, ANSWERED_WITHIN if within is None else within)
    pgconn.enter_pipeline_mode()
    preparing = _send(pgconn, calls, prepared)
    pgconn.pipeline_sync()
    _push(pgconn, wait)
    results = [_result(pgconn, wait) for _ in preparing]
    _expect_sync(pgconn, wait)
    pgconn.exit_pipeline_mode()
    answered = []
    for name, result in zip(preparing, results, strict=True):
        if result.status in _FAILED:
            raise error_from_result(result)  # the first that failed; the others were passed over
        if name is None:
            answered.append(result)
        elif name != UNNAMED:
            prepared.add(name)  # it stays, whatever becomes of the transaction
    return answered


def _send(pgconn: PGconn, calls: Sequence[Call], prepared: set[bytes]) -> list[bytes | None]:
    """Queue the calls; returns for each result that will come which statement it prepares, None for a call's own."""
    coming: list[bytes | None] = []
    for call in calls:
        if call.name == UNNAMED or (call.name not in prepared and call.name not in coming):
            pgconn.send_prepare(call.name, call.sql)
            coming.append(call.name)
        pgconn.send_query_prepared(call.name, call.values, call.formats, Format.BINARY)
        coming.append(None)
    return coming


class _Waiting:
    """Waits for the other side of a connection, though not for ever."""

    def __init__(self, pgconn: PGconn, seconds: float) -> None:
        self._socket = pgconn.socket
        self._seconds = seconds

    def until(self, events: int) -> int:
        """Return which of the events happened."""
        poll = select.poll()
        poll.register(self._socket, events)
        happened = poll.poll(self._seconds * 1000)
        if not happened:
            raise ServerSilent(f"the server has said nothing for {self._seconds:g} s")
        return happened[0][1]


def _push(pgconn: PGconn, wait: _Waiting) -> None:
    """Send all that is buffered, taking in answers meanwhile so that neither side blocks the other."""
    while pgconn.flush():
        if wait.until(select.POLLIN | select.POLLOUT) & select.POLLIN:
            pgconn.consume_input()


def _result(pgconn: PGconn, wait: _Waiting) -> PGresult:
    """Return the result of one call, and take in the null that ends it."""
    result = _next(pgconn, wait)
    if result is None:
        raise psycopg.OperationalError("the server answered less than it was asked")
    _next(pgconn, wait)
    return result


def _expect_sync(pgconn: PGconn, wait: _Waiting) -> None:
    result = _next(pgconn, wait)
    if result is None or result.status != ExecStatus.PIPELINE_SYNC:
        raise psycopg.OperationalError("the server did not end the turn")


def _next(pgconn: PGconn, wait: _Waiting) -> PGresult | None:
    while pgconn.is_busy():
        wait.until(select.POLLIN)
        pgconn.consume_input()
    return pgconn.get_result()
