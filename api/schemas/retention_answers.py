"""What is answered about the retention of history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.commands.retention import Retention
from engine.retention import DueHistory, HistoryRemoval, RetentionDecision
from web.schemas.base import answer_schema


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptHistory:
    """What holds now: of one process, or (null) of all that have no decision of their own; null days: for ever."""

    process_id: str | None
    kept_days: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionAnswer:
    """What holds now, every decision in the order they were taken, and what was removed, newest day first."""

    kept: Sequence[KeptHistory]
    decisions: Sequence[RetentionDecision]
    removals: Sequence[HistoryRemoval]

    @classmethod
    def of(cls, retention: Retention) -> RetentionAnswer:
        """Make it of what was read."""
        policy = retention.policy
        own = [KeptHistory(process_id=one, kept_days=policy.by_process[one]) for one in sorted(policy.by_process)]
        return cls(
            kept=[KeptHistory(process_id=None, kept_days=policy.otherwise), *own],
            decisions=retention.decisions,
            removals=retention.removals,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PruningAnswer:
    """Of how many instances of which processes the history would be removed now."""

    processes: Sequence[DueHistory]


RetentionAnswerSchema = answer_schema(RetentionAnswer)
RetentionDecisionSchema = answer_schema(RetentionDecision)
PruningSchema = answer_schema(PruningAnswer)
