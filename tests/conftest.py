"""Fixtures every kind of test may use: a real PostgreSQL, migrated once, cloned for each test."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import settings as hypothesis_settings
from sqlalchemy import URL, create_engine, make_url, text

from storage.database import EmbeddedServer, connect, migrate

TEMPLATE = "relief_template"

hypothesis_settings.register_profile("reliefdesk", deadline=None)  # how long an example takes is no matter of a test
hypothesis_settings.load_profile("reliefdesk")


@pytest.fixture(scope="session")
def server_url() -> Iterator[URL]:
    """A PostgreSQL server: the one RELIEF_TEST_DATABASE_URL names, else the embedded one in a folder of its own."""
    external = os.environ.get("RELIEF_TEST_DATABASE_URL")
    if external:
        yield make_url(external).set(drivername="postgresql+psycopg")
        return
    with tempfile.TemporaryDirectory(prefix="relief-test-") as folder:
        os.chmod(folder, 0o755)  # the server runs as a user of its own when we are root
        yield make_url(EmbeddedServer(folder=Path(folder) / "postgresql").start())


@pytest.fixture(scope="session")
def template_database(server_url: URL) -> Iterator[str]:
    """A migrated, empty database to clone; named by this run, so that two runs do not meet."""
    name = f"{TEMPLATE}_{uuid4().hex[:8]}"
    _maintenance(server_url, f'CREATE DATABASE "{name}"')
    database = connect(server_url.set(database=name))
    migrate(database)
    database.dispose()
    yield name
    _maintenance(server_url, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def database_url(server_url: URL, template_database: str) -> Iterator[str]:
    """A database of this test's own."""
    name = f"relief_{uuid4().hex[:12]}"
    _maintenance(server_url, f'CREATE DATABASE "{name}" TEMPLATE "{template_database}"')
    yield server_url.set(database=name).render_as_string(hide_password=False)
    _maintenance(server_url, f'DROP DATABASE "{name}" WITH (FORCE)')


def _maintenance(server_url: URL, statement: str) -> None:
    database = create_engine(server_url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    try:
        with database.connect() as connection:
            connection.execute(text(statement))
    finally:
        database.dispose()
