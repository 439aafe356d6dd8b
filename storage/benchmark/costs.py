"""What work costs the server: bytes of its log, CPU time of its processes, and whether commits are durable."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Engine as Database
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

PROCESSES = Path("/proc")
SETTINGS = (
    "server_version",
    "fsync",
    "synchronous_commit",
    "full_page_writes",
    "wal_sync_method",
    "shared_buffers",
    "checkpoint_timeout",
    "max_wal_size",
)
_UTIME, _STIME, _CUTIME, _CSTIME, _PPID = 11, 12, 13, 14, 1  # fields of /proc/PID/stat after the name


class ServerCosts:
    """The running totals of one PostgreSQL server; the difference of two readings is what happened between."""

    def __init__(self, database: Database) -> None:
        self._database = database.execution_options(isolation_level="AUTOCOMMIT")
        self.postmaster = self._find_postmaster()

    def wal_bytes(self) -> int:
        """Return how many bytes the server has written to its log so far."""
        with self._database.connect() as connection:
            found = connection.execute(text("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')")).scalar_one()
        return int(found)

    def checkpoint(self) -> bool:
        """Write everything out, so that pages are logged whole at their next change; False when we may not."""
        with self._database.connect() as connection:
            try:
                connection.execute(text("CHECKPOINT"))
            except ProgrammingError:  # needs the role pg_checkpoint
                return False
        return True

    def cpu_seconds(self) -> float | None:
        """Return the CPU time of all processes of the server; None when it runs elsewhere or cannot be seen."""
        if self.postmaster is None:
            return None
        own = _stat(self.postmaster)
        if own is None:
            return None
        ticks = sum(int(own[field]) for field in (_UTIME, _STIME, _CUTIME, _CSTIME))
        for pid in self.processes()[1:]:
            child = _stat(pid)
            ticks += 0 if child is None else int(child[_UTIME]) + int(child[_STIME])
        return ticks / os.sysconf("SC_CLK_TCK")

    def processes(self) -> list[int]:
        """Return the ids of the server's processes, the postmaster first; none when it runs elsewhere."""
        if self.postmaster is None:
            return []
        found = [self.postmaster]
        for folder in PROCESSES.iterdir():
            if folder.name.isdigit():
                stat = _stat(int(folder.name))
                if stat is not None and int(stat[_PPID]) == self.postmaster:
                    found.append(int(folder.name))
        return found

    def settings(self) -> Mapping[str, str]:
        """Return the server's settings that decide what a commit costs."""
        with self._database.connect() as connection:
            return {
                name: str(connection.execute(text("SELECT current_setting(:name)"), {"name": name}).scalar_one())
                for name in SETTINGS
            }

    def database_bytes(self) -> int:
        """Return how large the database is on disk."""
        with self._database.connect() as connection:
            return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())

    def analyze(self) -> None:
        """Let the planner know what the tables hold."""
        with self._database.connect() as connection:
            connection.execute(text("VACUUM ANALYZE"))

    def _find_postmaster(self) -> int | None:
        """Return the parent of our own backend when both are processes of this machine."""
        with self._database.connect() as connection:
            backend = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
            stat = _stat(backend)
            name = PROCESSES / str(backend) / "comm"
            if stat is None or not name.read_text().startswith("postgres"):
                return None
        return int(stat[_PPID])


def _stat(pid: int) -> list[str] | None:
    try:
        return (PROCESSES / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
