"""Days and months as addresses and forms name them; what cannot be read is told, or falls back to the usual."""

from __future__ import annotations

from datetime import date

from web.errors import Objection, RequestInvalid
from web.schemas.base import EARLIEST_DAY, LATEST_DAY


def day_of(text: str | None, otherwise: date) -> date:
    """Return the day an address names; anything odd is the usual one."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return otherwise
    return day if EARLIEST_DAY <= day <= LATEST_DAY else otherwise


def month_named(text: str | None, otherwise: date) -> date:
    """Return the first day of the month an address names like 2026-11; anything odd is the usual one."""
    return day_of(f"{text}-01", otherwise) if text and len(text) == len("2026-11") else otherwise


def day_named(text: str | None) -> date:
    """Return the day a form names.

    Raises:
        RequestInvalid: it names none.
    """
    nothing = date.min
    day = day_of(text, nothing)
    if day == nothing:
        raise RequestInvalid(
            [Objection(path=("day",), code="not-a-date", message_zh="请填写日期", message_en="Enter a day")]
        )
    return day
