"""How long the history of ended process instances is kept, and what was removed when its time was over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

LONGEST_KEPT = 36_500  # days: a hundred years
GRACE = timedelta(days=1)  # before a shorter time counts, so that a slip of the hand can be taken back


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionDecision:
    """How many days the history of a process is kept after the end of each instance; append only.

    `process_id` None: of every process that has no decision of its own. `kept_days` None: for ever.
    """

    process_id: str | None
    kept_days: int | None
    effective_at: datetime
    decided_at: datetime
    decided_by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionPolicy:
    """The decisions that hold at one moment; what nobody decided about is kept for ever."""

    otherwise: int | None = None
    by_process: Mapping[str, int | None] = field(default_factory=dict)

    @classmethod
    def at(cls, moment: datetime, decisions: Iterable[RetentionDecision]) -> RetentionPolicy:
        """Return what holds at a moment, of decisions in the order they were taken: of those in effect the last."""
        found: dict[str | None, int | None] = {}
        for one in decisions:
            if one.effective_at <= moment:
                found[one.process_id] = one.kept_days
        otherwise = found.pop(None, None)
        return cls(otherwise=otherwise, by_process={key: days for key, days in found.items() if key is not None})

    def kept_days(self, process_id: str | None) -> int | None:
        """Return for how many days the history of a process is kept; None: for ever."""
        if process_id is None:
            return self.otherwise
        return self.by_process.get(process_id, self.otherwise)

    def ended_before(self, moment: datetime, process_ids: Iterable[str]) -> dict[str, datetime]:
        """Return of each process whose history is not kept for ever when an instance must have ended to lose it."""
        kept = {one: self.kept_days(one) for one in process_ids}
        return {one: moment - timedelta(days=days) for one, days in kept.items() if days is not None}


def is_shorter(kept_days: int | None, than: int | None) -> bool:
    """Say whether a time is shorter than another; None is for ever."""
    return kept_days is not None and (than is None or kept_days < than)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueHistory:
    """How many instances of a process have a history whose time is over."""

    process_id: str
    kept_days: int
    ended_before: datetime
    instances: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRemoval:
    """What was removed of a process on one day (UTC): of how many instances, how many rows of which table."""

    day: date
    process_id: str
    instances: int
    rows: Mapping[str, int]
    ended_until: datetime  # when the last of these instances had ended
    last_removed_at: datetime


class HistoryRetention(Protocol):
    """Decisions about history, the removal of what is over, and the record of it."""

    def decisions(self) -> Sequence[RetentionDecision]:
        """Return every decision in the order they were taken."""
        ...

    def decide(self, decision: RetentionDecision) -> None:
        """Append a decision."""
        ...

    def process_ids(self) -> Sequence[str]:
        """Return every process that was ever deployed."""
        ...

    def due(self, ended_before: Mapping[str, datetime]) -> Mapping[str, int]:
        """Count the instances of each process that ended by its time and still have a history."""
        ...

    def remove(self, ended_before: Mapping[str, datetime], *, limit: int, at: datetime) -> int:
        """Remove the history of up to `limit` of them, those that ended first, and record it; returns of how many.

        Instances that somebody else has locked are left for another time.
        """
        ...

    def removals(self, *, limit: int) -> Sequence[HistoryRemoval]:
        """Return what was removed, newest day first."""
        ...
