"""Cores, servers and memory: pin processes, start the house's own commands beside us, read what they use."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from api.bootstrap import Bench, stop_embedded_database
from api.settings import Settings
from storage.benchmark.costs import ServerCosts

CORES = sorted(os.sched_getaffinity(0))
TICK = os.sysconf("SC_CLK_TCK")


def pin(cores: Sequence[int], costs: ServerCosts | None = None) -> None:
    """Let this process, and a server with all it will start, run on these cores alone."""
    os.sched_setaffinity(0, cores)
    for pid in costs.processes() if costs else ():
        with suppress(ProcessLookupError):  # some of them come and go
            os.sched_setaffinity(pid, cores)


@contextmanager
def own_server(database_url: str | None) -> Iterator[Settings]:
    """Settings of a house of our own: on the server of a URL, else on an embedded one in a folder that goes away."""
    folder = Path(tempfile.mkdtemp(prefix="relief-bench-"))
    folder.chmod(0o755)  # the server runs as a user of its own when we are root
    environment = {"RELIEF_DATA_FOLDER": str(folder)} | ({"RELIEF_DATABASE_URL": database_url} if database_url else {})
    settings = Settings.from_environment(environment)
    try:
        yield settings
    finally:
        stop_embedded_database(settings)
        shutil.rmtree(folder, ignore_errors=True)


class Command:
    """A `relief` command as a process of its own on a bench's database."""

    def __init__(self, bench: Bench, *arguments: str, log: Path) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("RELIEF_")}
        environment["RELIEF_DATABASE_URL"] = str(bench.settings.database_url)
        environment["RELIEF_DATA_FOLDER"] = str(bench.settings.data_folder)
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "api", *arguments], env=environment, stdout=subprocess.PIPE, stderr=errors
            )
        self.first_line = (self._process.stdout.readline() if self._process.stdout else b"").decode()
        if not self.first_line:
            raise RuntimeError(f"relief {' '.join(arguments)} did not start:\n{log.read_text()[-2000:]}")

    @property
    def pid(self) -> int:
        return self._process.pid

    def cpu_seconds(self) -> float:
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def memory(self) -> dict[str, float]:
        """Resident megabytes: all of it, and with shared pages counted in part."""
        found = {}
        for line in Path(f"/proc/{self.pid}/smaps_rollup").read_text().splitlines():
            name, _, rest = line.partition(":")
            if name in ("Rss", "Pss"):
                found[name.upper()] = int(rest.split()[0]) / 1024
        return found

    def stop(self) -> None:
        self._process.terminate()
        self._process.communicate(timeout=60)
