"""The house as separate processes on free ports, in a folder of its own: started, killed, started again, stopped."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from api.bootstrap import stop_embedded_database
from api.clock import FileClock
from api.settings import Settings

ADDRESS = re.compile(rb"http://127\.0\.0\.1:(\d+)")

LEASE = "5"  # seconds: what a killed worker held is taken over soon


class ServerDied(RuntimeError):
    """A server ended before it was ready; the text is what it said last."""


class Servers:
    """Agency simulator, pages and API, and a worker, on a clock that a file moves."""

    def __init__(self, *, start: datetime) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="relief-check-"))
        self.clock = FileClock(self.folder / "clock")
        self.clock.set(start)
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._ports: dict[str, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        self.close()

    @property
    def settings(self) -> Settings:
        """Return the settings every process of this house reads."""
        return Settings.from_environment(self._environment())

    @property
    def base_url(self) -> str:
        """Return where pages and API are served."""
        return f"http://127.0.0.1:{self._ports['serve']}"

    @property
    def simulator_url(self) -> str:
        """Return where the agency simulator listens."""
        return f"http://127.0.0.1:{self._ports['agencies']}"

    def start(self, *names: str) -> None:
        """Start servers by their command's name and wait until each says that it is ready."""
        for name in names:
            self._start(name)

    def kill(self, *names: str) -> None:
        """End servers as a power cut would."""
        for name in names:
            with self._processes.pop(name) as process:
                process.send_signal(signal.SIGKILL)

    def close(self) -> None:
        """Stop everything and remove the folder; nothing is left running."""
        for process in self._processes.values():
            process.terminate()
        for process in self._processes.values():
            with process:
                try:
                    process.wait(timeout=15)
                except subprocess.TimeoutExpired:
                    process.kill()
        self._processes.clear()
        stop_embedded_database(self.settings)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self, name: str) -> None:
        log = self.folder / f"{name}.log"
        arguments = ["--lease", LEASE] if name == "work" else ["--port", str(self._ports.get(name, 0))]
        with log.open("ab") as errors:
            process = subprocess.Popen(  # noqa: S603  our own command
                [sys.executable, "-m", "api", name, *arguments],
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        ready = process.stdout.readline() if process.stdout else b""
        if not ready:
            process.communicate()
            raise ServerDied(f"relief {name} ended with status {process.returncode}:\n{log.read_text()[-2000:]}")
        found = ADDRESS.search(ready)
        if found:
            self._ports[name] = int(found.group(1))
        self._processes[name] = process

    def _environment(self) -> dict[str, str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("RELIEF_")}
        environment["RELIEF_DATA_FOLDER"] = str(self.folder / "data")
        environment["RELIEF_TEST_CLOCK"] = str(self.folder / "clock")
        environment["PYTHONUNBUFFERED"] = "1"
        if "agencies" in self._ports:
            for setting in ("RELIEF_AGENCIES_URL", "RELIEF_GATEWAY_URL", "RELIEF_INSURER_URL"):
                environment[setting] = self.simulator_url
        return environment
