"""What is due and taken by one worker for a while, so that no other takes it; each taking counts until it is answered.

What was taken twice and never answered for may be what ended its workers, or kept them beyond their claims: a suspect.
Suspects are taken one at a time, and are the last their worker comes to, so that nobody waits behind them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, Table, Update, func, or_, select, update

from engine.leases import LONGEST_LEASE, SUSPECT_AFTER


def is_free(claimed_until: ColumnElement[Any], now: datetime) -> ColumnElement[bool]:
    """Return the condition that no worker holds a row."""
    return or_(claimed_until.is_(None), claimed_until <= now, claimed_until > now + LONGEST_LEASE)


def void_claims(table: Table, now: datetime) -> Update:
    """Return what frees claims given before the clock was put back; the index of claims leads to them."""
    return update(table).where(table.c.claimed_until > now + LONGEST_LEASE).values(claimed_until=None)


def without_other_suspects(ready: Select[Any]) -> CTE:
    """Return of what is ready, oldest first and locked, all but the suspects after the first one.

    The question names `unanswered` besides the key; what is passed over is free again with the transaction.
    """
    found = ready.cte("ready")
    is_suspect = found.c.unanswered >= SUSPECT_AFTER
    nth = func.row_number().over(partition_by=is_suspect)
    numbered = select(*found.c, nth.label("nth")).cte("numbered")
    return select(numbered).where(or_(numbered.c.unanswered < SUSPECT_AFTER, numbered.c.nth == 1)).cte("chosen")
