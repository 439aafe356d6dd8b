"""The words of circulars in PostgreSQL, in one transaction."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.rows import to_row, to_value
from storage.tables.spot_checks import circular as table
from workflows.casework.circulars.model import Circular


class SqlCirculars:
    """The words of the circulars."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock(self, month: date) -> Circular:
        """Return a month's circular while other changes of it wait; an empty line is made where there was none."""
        first = upsert(table).values(month=month, text="", version=0).on_conflict_do_nothing()
        self._connection.execute(first)
        row = self._connection.execute(select(table).where(table.c.month == month).with_for_update()).mappings().one()
        return to_value(Circular, row)

    def save(self, circular: Circular) -> None:
        """Write the words, and what was published."""
        statement = update(table).where(table.c.month == circular.month)
        self._connection.execute(statement.values(to_row(circular, "month")))
