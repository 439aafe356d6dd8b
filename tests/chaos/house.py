"""The house with jobs of the tests' own: in this process to ask it, and as servers and workers to kill."""

from __future__ import annotations

import os
import re
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from unittest.mock import patch

from api import bootstrap
from api.bootstrap import House
from api.settings import Settings
from storage.database import lives
from tests.chaos.handlers import RECEIVER, host_of_the_tests
from tests.chaos.nursery import Birth, Nursery

ADDRESS = re.compile(rb"http://([0-9.]+:\d+)")


@contextmanager
def open_house(environment: dict[str, str]) -> Iterator[House]:
    """Open the house in this process."""
    with (
        patch.object(bootstrap, "build_host", host_of_the_tests),
        bootstrap.open_house(Settings.from_environment(environment)) as house,
    ):
        yield house


class Processes:
    """Servers and workers of one installation, by names of the test's choice; `namespace` is the host one runs on."""

    def __init__(self, nursery: Nursery, database_url: str, *, receiver: str = "", clock: Path | None = None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="relief-chaos-"))
        self.settings = {"RELIEF_DATABASE_URL": database_url, "RELIEF_DATA_FOLDER": str(self.folder / "data")}
        if clock is not None:
            self.settings["RELIEF_TEST_CLOCK"] = str(clock)
        self._nursery = nursery
        self._receiver = receiver
        self._running: dict[str, int] = {}
        self._started: dict[str, tuple[Sequence[str], str | None]] = {}
        self.addresses: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        for name in list(self._running):
            self.kill(name)
        shutil.rmtree(self.folder, ignore_errors=True)

    def serve(self, name: str, *, address: str = "127.0.0.1", namespace: str | None = None) -> None:
        self._start(name, ("serve", "--host", address, "--port", "0"), namespace)

    def work(self, name: str, *, lease: int, threads: int = 4, namespace: str | None = None) -> None:
        self._start(name, ("work", "--lease", str(lease), "--threads", str(threads)), namespace)

    def start_again(self, name: str) -> None:
        """Start what was killed, where it was reached before."""
        arguments, namespace = self._started[name]
        if name in self.addresses:
            arguments = [*arguments[:-1], self.addresses[name].rpartition(":")[2]]
        self._start(name, arguments, namespace)

    def kill(self, name: str) -> None:
        """End a process as a power cut would."""
        self._end(name, signal.SIGKILL)

    def stop(self, name: str) -> None:
        """Ask a process to end, and wait until it has."""
        self._end(name, signal.SIGTERM)

    def lives(self, name: str) -> bool:
        return lives(self._running[name])

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def _end(self, name: str, number: signal.Signals) -> None:
        pid = self._running.pop(name)
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        until(lambda: not lives(pid), what=f"{name} ends")

    def _start(self, name: str, arguments: Sequence[str], namespace: str | None) -> None:
        said = self.folder / f"{name}.out"
        said.write_bytes(b"")
        pid = self._nursery.bear(
            Birth(
                arguments=list(arguments),
                settings={**self.settings, RECEIVER: self._receiver},
                said=str(said),
                log=str(self.folder / f"{name}.log"),
                namespace=namespace,
            )
        )
        self._running[name] = pid
        until(lambda: b"\n" in said.read_bytes() or not lives(pid), what=f"relief {arguments[0]} is ready")
        ready = said.read_bytes()
        if b"\n" not in ready:
            raise RuntimeError(f"relief {arguments[0]} ended:\n{self.log(name)[-2000:]}")
        if found := ADDRESS.search(ready):
            self.addresses[name] = found.group(1).decode()
        self._started[name] = (arguments, namespace)


def until(holds: Any, *, what: str, patience: float = 60.0) -> None:
    """Look again and again until something holds."""
    end = time.monotonic() + patience
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {patience:g} seconds")
        time.sleep(0.05)
