"""Telling of every statement and of the pool, for traces and metrics; never of parameters, which may be personal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import Connection, ExceptionContext, QueuePool, event

from storage.database import Database
from storage.pipeline import SURROUND

_OPEN = "reliefdesk.statement"
Surround = Callable[[str], AbstractContextManager[object]]


def surround_statements(database: Database, surround: Surround) -> None:
    """Enter what `surround` returns before each statement and leave it after; it is given the text as written."""

    def before(connection: Connection, _cursor: Any, statement: str, *_others: Any) -> None:
        around = surround(statement)
        around.__enter__()
        connection.info.setdefault(_OPEN, []).append(around)

    def after(connection: Connection, *_others: Any) -> None:
        _left(connection, None)

    def failed(context: ExceptionContext) -> None:
        if context.connection is not None and context.execution_context is not None:
            _left(context.connection, context.original_exception)

    database.update_execution_options(**{SURROUND: surround})  # for what goes through the pipeline
    event.listen(database, "before_cursor_execute", before)
    event.listen(database, "after_cursor_execute", after)
    event.listen(database, "handle_error", failed, insert=True)


def _left(connection: Connection, error: BaseException | None) -> None:
    open_ones: list[AbstractContextManager[object]] = connection.info.get(_OPEN, [])
    if not open_ones:
        return
    open_ones.pop().__exit__(None if error is None else type(error), error, None)


def pool_state(database: Database) -> Mapping[str, int]:
    """Return how many connections of the pool work, wait, and may be opened at most."""
    pool = database.pool
    if not isinstance(pool, QueuePool):
        return {}
    most = pool.size() + max(pool._max_overflow, 0)
    return {"in_use": pool.checkedout(), "idle": pool.checkedin(), "most": most}
