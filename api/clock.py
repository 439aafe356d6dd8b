"""The clock of the house: the system's, or one that a file moves, for trials of months in minutes."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from engine.core.texts import Words

MOST_INSTANTS = 2


def system_clock() -> datetime:
    """Return the time, aware, in UTC."""
    return datetime.now(UTC)


class ClockUnreadable(ValueError):
    """The file of a clock cannot be read; `found` says what stands there."""

    def __init__(self, found: Words) -> None:
        self.found = found
        super().__init__(str(found.en))


class FileClock:
    """A clock that every process reading the same file shares: it runs on from the instant the file was set to.

    The file holds that instant and, behind a space, when it was set; where a person wrote the instant alone, it was set
    when the file was written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self) -> datetime:
        """Return the time by the file.

        Raises:
            ClockUnreadable: it is not there, or holds something else than one or two instants.
        """
        try:
            written = self._path.read_text(encoding="ascii").split()
            changed_at = datetime.fromtimestamp(self._path.stat().st_mtime, UTC)
        except OSError as error:
            raise ClockUnreadable(Words("文件无法读取", f"it cannot be read: {error.strerror}")) from error
        except UnicodeDecodeError as error:
            raise ClockUnreadable(Words("其内容不是时刻", "what it holds is no instant")) from error
        if not 1 <= len(written) <= MOST_INSTANTS:
            raise ClockUnreadable(Words(f"其中有 {len(written)} 段文字", f"it holds {len(written)} words"))
        shown = _instant(written[0])
        set_at = _instant(written[1]) if len(written) == MOST_INSTANTS else changed_at
        try:
            return shown.astimezone(UTC) + (system_clock() - set_at)
        except OverflowError as error:
            raise ClockUnreadable(Words("其时刻超出范围", "its instant is out of reach")) from error

    def set(self, instant: datetime) -> None:
        """Move the clock for everybody at once."""
        if instant.tzinfo is None:
            raise ValueError(f"{instant} has no time zone; a clock needs one")
        new = self._path.with_suffix(f".{os.getpid()}.new")
        new.write_text(f"{instant.isoformat()} {system_clock().isoformat()}", encoding="ascii")
        new.replace(self._path)


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise ClockUnreadable(Words(f"“{text[:40]}”不是时刻", f"{text[:40]!r} is no instant")) from error
    if instant.tzinfo is None:
        raise ClockUnreadable(Words(f"“{text}”没有时区", f"{text!r} has no time zone"))
    return instant


def clock(path: Path | None) -> Callable[[], datetime]:
    """Return the system's clock, or the one a file moves."""
    return system_clock if path is None else FileClock(path)
