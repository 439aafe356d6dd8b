"""Two requests at once, one after the other on purpose: what a first transaction holds, a second has to wait for."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from sqlalchemy import Connection, Engine, text

WAITING = text(
    "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted AND datname = current_database()"
)


def _nothing(_connection: Connection) -> None:
    """Do no more."""


def after_the_first(
    database: Engine,
    first: Callable[[Connection], object],
    second: Callable[[], Any],
    *,
    meanwhile: Callable[[Connection], object] = _nothing,
) -> Any:
    """Begin `first`, commit it once `second` waits for it, and return what `second` then says.

    A second that ends without waiting fails: it has not asked for what the first holds. `meanwhile` is what the first
    still does while the second waits.
    """
    with ThreadPoolExecutor(1) as pool:
        with database.begin() as connection:
            first(connection)
            running = pool.submit(second)
            until_it_waits(database, running)
            meanwhile(connection)
        return running.result()


def until_it_waits(database: Engine, running: Future[Any], *, waiting: int = 1) -> None:
    """Return when a transaction, or as many as said, wait for a lock of another."""
    with database.connect().execution_options(isolation_level="AUTOCOMMIT") as watching:
        while watching.execute(WAITING).scalar_one() < waiting:
            assert not running.done(), f"it did not wait: {running.exception() or running.result()!r}"
