"""Fixtures every kind of test may use: a real PostgreSQL, migrated once, cloned for each test."""

from __future__ import annotations

import json
import os
import shutil
import signal
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from argon2 import PasswordHasher
from hypothesis import settings as hypothesis_settings
from sqlalchemy import URL, make_url

from storage.database import EmbeddedServer, connect, lives, migrate
from tests.databases import new_database, run_on
from workflows.organisation import passwords

MEMORY = Path("/dev/shm")  # where a file costs no disk
ROOM = 2 << 30
PREFIX = "relief-test-"
FORGETFUL = ("fsync = off", "full_page_writes = off", "synchronous_commit = off")
"""A server that need not outlive the machine; what a crash leaves is the matter of `chaos`, whose servers keep all."""

hypothesis_settings.register_profile("reliefdesk", deadline=None)  # how long an example takes is no matter of a test
hypothesis_settings.load_profile("reliefdesk")


@pytest.fixture(scope="session")
def server_url() -> Iterator[URL]:
    """A PostgreSQL server: the one RELIEF_TEST_DATABASE_URL names, else the embedded one in a folder of its own."""
    external = os.environ.get("RELIEF_TEST_DATABASE_URL")
    if external:
        yield make_url(external).set(drivername="postgresql+psycopg")
        return
    forget_servers_of_killed_runs()
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir=folder_of_servers()) as folder:
        os.chmod(folder, 0o755)  # the server runs as a user of its own when we are root
        server = EmbeddedServer(folder=Path(folder) / "postgresql")
        url = make_url(server.start())
        run_on(url, *(f"ALTER SYSTEM SET {setting}" for setting in FORGETFUL), "SELECT pg_reload_conf()")
        yield url
        server.stop()


def forget_servers_of_killed_runs() -> None:
    """End what runs that were killed left behind; nobody else would, and it takes memory."""
    for users in MEMORY.glob(f"{PREFIX}*/postgresql/.handle_pids.json"):
        with suppress(OSError, ValueError, psutil.Error):
            if any(lives(pid) for pid in json.loads(users.read_text())):
                continue
            server = users.with_name("postmaster.pid")
            pid = int(server.read_text().partition("\n")[0]) if server.exists() else 0
            if pid and psutil.pid_exists(pid) and str(users.parent) in (process := psutil.Process(pid)).cmdline():
                process.send_signal(signal.SIGINT)
                process.wait(30)
            shutil.rmtree(users.parents[1])


def folder_of_servers() -> Path | None:
    """Memory, where there is room enough in it; else the system's folder for what is temporary."""
    with suppress(OSError):
        if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM:
            return MEMORY
    return None


@pytest.fixture(scope="session")
def template_database(server_url: URL) -> Iterator[str]:
    """A migrated, empty database to clone; named by this run, so that two runs do not meet."""
    with new_database(server_url, "relief_template") as url:
        database = connect(url)
        migrate(database)
        database.dispose()
        yield str(url.database)


@pytest.fixture
def database_url(server_url: URL, template_database: str) -> Iterator[str]:
    """A database of this test's own."""
    with new_database(server_url, "relief", like=template_database) as url:
        yield url.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def cheap_passwords() -> Iterator[None]:
    """Hash at next to no cost what nobody tries to guess; the real cost is most of what signing in takes."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", hasher)
        patch.setattr(passwords, "NOBODY", hasher.hash("nobody"))
        yield


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    """Say loudly which proofs did not take place, below everything else that is said."""
    yield
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in skipped)
    if reasons:
        terminalreporter.section("NOT PROVEN HERE", sep="!", yellow=True, bold=True)
        for reason, number in reasons.most_common():
            terminalreporter.line(f"{number} tests did not run: {reason}", yellow=True, bold=True)
