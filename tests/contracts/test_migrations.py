"""The tables as migrated are the tables as declared."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from storage.database import connect, migrate, pending_migrations
from storage.tables.base import metadata


def test_migrations_make_exactly_the_declared_tables(database_url: str) -> None:
    database = connect(database_url)
    with database.connect() as connection:
        difference = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata)
    database.dispose()

    assert difference == []


def test_migrating_again_changes_nothing(database_url: str) -> None:
    database = connect(database_url)
    migrate(database)

    assert pending_migrations(database) == []
    database.dispose()
