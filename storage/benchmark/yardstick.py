"""Everything the benchmark measures a database with, in one hand."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from uuid import UUID

from sqlalchemy import Engine as Database

from storage.benchmark.bare import BareCase, BareWriter
from storage.benchmark.costs import ServerCosts
from storage.benchmark.rows import Rows, rows_of
from storage.benchmark.wire import CountingRelay, counting_relay


class Yardstick:
    """The costs of one server, and one database on it to write bare rows into."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._url = database.url.render_as_string(hide_password=False)
        self.costs = ServerCosts(database)

    def rows(self, process_instance_id: UUID) -> Rows:
        """Return the rows of an instance as they stand."""
        with self._database.connect() as connection:
            return rows_of(connection, process_instance_id)

    def bare_case(self, recorded: Sequence[Rows]) -> BareCase:
        """Return what writes a case again of which the rows were recorded after every step."""
        return BareCase(recorded)

    def writer(self) -> BareWriter:
        """Connect for bare transactions."""
        return BareWriter(self._url)

    def relay(self) -> AbstractContextManager[CountingRelay]:
        """Open a relay that counts what a client says to the database."""
        return counting_relay(self._url)
