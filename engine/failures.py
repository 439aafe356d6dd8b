"""What is kept and logged of an exception that is not ours: its kind and place; its message may hold persons."""

from __future__ import annotations

import logging
import traceback
from uuid import uuid4

from engine.core.texts import both
from engine.errors import EngineError

OUR_ROOMS = ("engine.", "workflows.", "storage.")


def told(error: BaseException, log: logging.Logger, **fields: str) -> str:
    """Return the reason to keep of an exception, and log where it came from under the same reference.

    Exceptions of our own rooms speak for themselves, in both languages where they have them: their messages name
    places and kinds, never persons.
    """
    kind = type(error)
    if isinstance(error, EngineError):
        log.warning("%s: %s", kind.__name__, error, extra=fields)
        return both(error.text("zh"), error.text("en"))
    if kind.__module__.startswith(OUR_ROOMS):
        log.warning("%s: %s", kind.__name__, error, extra=fields)
        return f"{kind.__name__}: {error}"
    reference = uuid4().hex[:8]
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s [%s] %s\n%s", kind.__name__, reference, fields, where, extra=fields)
    return f"{kind.__name__} [{reference}]"
