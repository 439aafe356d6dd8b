"""The clock of the house: the system's, or one that a file moves, for trials of months in minutes."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path


def system_clock() -> datetime:
    """Return the time, aware, in UTC."""
    return datetime.now(UTC)


class FileClock:
    """A clock that every process reading the same file shares: it runs on from the instant the file was set to."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self) -> datetime:
        """Return the time by the file."""
        shown, set_at = self._path.read_text(encoding="ascii").split()
        return datetime.fromisoformat(shown).astimezone(UTC) + (system_clock() - datetime.fromisoformat(set_at))

    def set(self, instant: datetime) -> None:
        """Move the clock for everybody at once."""
        if instant.tzinfo is None:
            raise ValueError(f"{instant} has no time zone; a clock needs one")
        new = self._path.with_suffix(f".{os.getpid()}.new")
        new.write_text(f"{instant.isoformat()} {system_clock().isoformat()}", encoding="ascii")
        new.replace(self._path)


def clock(path: Path | None) -> Callable[[], datetime]:
    """Return the system's clock, or the one a file moves."""
    return system_clock if path is None else FileClock(path)
