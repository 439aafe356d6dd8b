"""What a migration leaves until its transaction is over, because it reads a whole table that others work on.

A migration names it as `AFTERWARDS`, in order. Each step is its own transaction, holds up no reader and no writer of
the table, does nothing where it was done, and is made good by the next `relief migrate` where it was broken off. Until
then the tables serve without it, only slower. A later migration that drops such an index also takes it off this list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection, text


class Afterwards(Protocol):
    """A step on a connection that is in no transaction."""

    def make(self, connection: Connection) -> None:
        """Do it unless it was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterIndex:
    """An index built while others read and write: its name, and what follows `ON` in SQL."""

    name: str
    on: str

    def make(self, connection: Connection) -> None:
        """Build it; one that a broken off build left behind, which only costs, goes first."""
        query = text("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(:name)")
        is_valid = connection.execute(query, {"name": self.name}).scalar_one_or_none()
        if is_valid is False:
            connection.exec_driver_sql(f"DROP INDEX CONCURRENTLY IF EXISTS {self.name}")
        if is_valid is not True:
            connection.exec_driver_sql(f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {self.name} ON {self.on}")


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterCheck:
    """A constraint made `NOT VALID`, which holds for new rows: those that were there are looked through."""

    table: str
    constraint: str

    def make(self, connection: Connection) -> None:
        """Look them through unless that was done."""
        query = text(
            "SELECT convalidated FROM pg_constraint WHERE conrelid = to_regclass(:table) AND conname = :constraint"
        )
        names = {"table": self.table, "constraint": self.constraint}
        if connection.execute(query, names).scalar_one_or_none() is False:
            connection.exec_driver_sql(f"ALTER TABLE {self.table} VALIDATE CONSTRAINT {self.constraint}")
