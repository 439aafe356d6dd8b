"""The texts of dates and times as form-js writes them: 2026-09-14, 09:30, 2026-09-14T09:30, with or without a zone."""

from __future__ import annotations

import re
from datetime import date, datetime, tzinfo

from engine.forms.model import Subtype

_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])?"
_SHAPES = {
    Subtype.DATE: re.compile(_DATE),
    Subtype.TIME: re.compile(_TIME),
    Subtype.DATETIME: re.compile(f"{_DATE}T{_TIME}"),
}


def is_of_subtype(text: str, subtype: Subtype) -> bool:
    """Tell whether a text is a date, time or date and time that exists."""
    if not _SHAPES[subtype].fullmatch(text):
        return False
    return subtype is Subtype.TIME or _date_in(text) is not None


def day_of(text: str, subtype: Subtype, zone: tzinfo | None) -> date | None:
    """Return the day a date or a date and time falls on in a zone; None for a time."""
    if subtype is Subtype.TIME:
        return None
    if subtype is Subtype.DATE:
        return _date_in(text)
    moment = datetime.fromisoformat(text)
    try:
        return moment.astimezone(zone).date() if moment.tzinfo else moment.date()
    except OverflowError:
        return moment.date()


def _date_in(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
