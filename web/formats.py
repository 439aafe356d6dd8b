"""How dates, times and money are written in lists and letters: short, and aligned under each other."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from flask_babel import to_user_timezone

from engine.json_values import dump_json

if TYPE_CHECKING:
    from decimal import Decimal

    from flask import Flask

NOTHING = "—"


def init_app(app: Flask) -> None:
    """Offer the formats to templates as the filters `day`, `minute`, `clock`, `yuan` and `as_json`."""
    app.jinja_env.filters.update(day=day, minute=minute, clock=clock, yuan=yuan, as_json=dump_json)
    app.jinja_env.filters.update(entry_moment=entry_moment)


def day(value: date | datetime | None) -> str:
    """Write a day as 2026-11-23, in the reader's time zone; nothing as a dash."""
    if value is None:
        return NOTHING
    return _local(value).strftime("%Y-%m-%d")


def minute(value: datetime | None) -> str:
    """Write a moment as 2026-11-23 09:12, in the reader's time zone; nothing as a dash."""
    if value is None:
        return NOTHING
    return _local(value).strftime("%Y-%m-%d %H:%M")


def entry_moment(value: datetime) -> str:
    """Write a moment as an entry for date and time takes it, in the reader's time zone."""
    return _local(value).strftime("%Y-%m-%dT%H:%M")


def clock(value: datetime) -> str:
    """Write a moment of today as 09:12, in the reader's time zone."""
    return _local(value).strftime("%H:%M")


def yuan(value: Decimal | None) -> str:
    """Write an amount of money as 1,234.50, without the unit; nothing as a dash."""
    return NOTHING if value is None else f"{value:,.2f}"


def _local(value: date | datetime) -> date:
    if isinstance(value, datetime) and value.tzinfo is not None:
        local: datetime = to_user_timezone(value)
        return local
    return value
