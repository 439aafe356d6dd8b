"""The pulse of work in PostgreSQL: what was written of late, looked at four times a second for all who ask."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from threading import Lock
from time import monotonic
from typing import Any

from sqlalchemy import Engine as Database
from sqlalchemy import bindparam, func, select

from storage.questions import Question, ask
from storage.tables.engine import history_entry, journal, process_instance

LOOKED_AT_EVERY = 0.25  # seconds
OVERLAP = timedelta(seconds=10)  # what was begun so long ago may still be about to appear
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_RUNS = Question.of(
    select(journal.c.process_instance_id, journal.c.version, journal.c.at, process_instance.c.region)
    .join_from(journal, process_instance, process_instance.c.id == journal.c.process_instance_id)
    .where(journal.c.at >= bindparam("since"))
)
_ACTS = Question.of(
    select(history_entry.c.id, history_entry.c.at, process_instance.c.region)
    .join_from(history_entry, process_instance, process_instance.c.id == history_entry.c.process_instance_id)
    .where(history_entry.c.id > bindparam("after"))
)
_LAST_ACT = Question.of(select(func.coalesce(func.max(history_entry.c.id), 0).label("id")))

Row = Mapping[str, Any]


class SqlWorkPulse:
    """Keeps when something last happened in each region; one look serves everybody who asks meanwhile.

    Rows appear when their transaction ends, not in the order of their times and numbers, so each look goes back
    `OVERLAP` and counts what it had not seen.
    """

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._who = token_hex(4)
        self._looking = Lock()
        self._looked_at: float | None = None
        self._marks: dict[str, int] = {}
        self._runs: set[tuple[Any, int]] = set()
        self._acts: dict[int, datetime] = {}
        self._after: int | None = None

    def felt_in(self, regions: Sequence[str], /) -> str:
        """Return a mark that is another one once something happened to process instances below these regions."""
        if self._is_old() and self._looking.acquire(blocking=self._looked_at is None):
            try:
                if self._is_old():
                    self._look()
            finally:
                self._looking.release()
        below = tuple(regions)
        felt = max((mark for region, mark in self._marks.copy().items() if region.startswith(below)), default=0)
        return f"{self._who}.{felt}"

    def _is_old(self) -> bool:
        return self._looked_at is None or monotonic() - self._looked_at >= LOOKED_AT_EVERY

    def _look(self) -> None:
        since = self._now() - OVERLAP
        if self._after is None:
            [[last]] = ask(self._database, _LAST_ACT)
            self._after = last["id"]
        runs, acts = ask(self._database, _RUNS.given(since=since), _ACTS.given(after=self._after))
        self._note(row for row in runs if (row["process_instance_id"], row["version"]) not in self._runs)
        self._note(row for row in acts if row["id"] not in self._acts)
        self._runs = {(row["process_instance_id"], row["version"]) for row in runs}
        self._acts = {row["id"]: row["at"] for row in acts if row["at"] >= since}
        self._after = max([self._after, *(row["id"] for row in acts if row["at"] < since)])
        self._looked_at = monotonic()

    def _note(self, rows: Iterable[Row]) -> None:
        for row in rows:
            at = (row["at"] - _EPOCH) // timedelta(microseconds=1)
            self._marks[row["region"]] = max(at, self._marks.get(row["region"], 0) + 1)
