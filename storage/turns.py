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
_FAILED = (ExecStatus.FATAL_ERROR, ExecStatus.PIPELINE_ABORTED)


class Call(NamedTuple):
    """A statement, by its name among the prepared ones, with its values as they go over the wire.

    `formats` says of each value whether it is text or bytes that are taken as they are.
    """

    name: bytes
    sql: bytes
    values: list[bytes | None]
    formats: list[int]


def take_turn(pgconn: PGconn, calls: Sequence[Call], prepared: set[bytes]) -> list[PGresult]:
    """Send calls and wait for all their results; `prepared` holds what the connection knows and grows by what is new.

    Other threads run while this one waits.

    Raises:
        psycopg.Error: the first call that failed; those after it were not carried out.
    """
    pgconn.enter_pipeline_mode()
    preparing = _send(pgconn, calls, prepared)
    pgconn.pipeline_sync()
    _push(pgconn)
    results = [_result(pgconn) for _ in preparing]
    _expect_sync(pgconn)
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


def _push(pgconn: PGconn) -> None:
    """Send all that is buffered, taking in answers meanwhile so that neither side blocks the other."""
    while pgconn.flush():
        if _wait(pgconn, select.POLLIN | select.POLLOUT) & select.POLLIN:
            pgconn.consume_input()


def _result(pgconn: PGconn) -> PGresult:
    """Return the result of one call, and take in the null that ends it."""
    result = _next(pgconn)
    if result is None:
        raise psycopg.OperationalError("the server answered less than it was asked")
    _next(pgconn)
    return result


def _expect_sync(pgconn: PGconn) -> None:
    result = _next(pgconn)
    if result is None or result.status != ExecStatus.PIPELINE_SYNC:
        raise psycopg.OperationalError("the server did not end the turn")


def _next(pgconn: PGconn) -> PGresult | None:
    while pgconn.is_busy():
        _wait(pgconn, select.POLLIN)
        pgconn.consume_input()
    return pgconn.get_result()


def _wait(pgconn: PGconn, events: int) -> int:
    poll = select.poll()
    poll.register(pgconn.socket, events)
    [(_, happened)] = poll.poll()
    return happened
