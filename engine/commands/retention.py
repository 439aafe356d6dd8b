"""Deciding how long history is kept, and removing it when its time is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.errors import NotFound
from engine.host import Context, Work
from engine.operation_errors import RetentionInvalid
from engine.permissions import checked_reason, require_role
from engine.retention import (
    GRACE,
    LONGEST_KEPT,
    DueHistory,
    HistoryRemoval,
    RetentionDecision,
    RetentionPolicy,
    is_shorter,
)
from engine.submissions import KEPT

KEYS_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepHistory:
    """Decide for how many days the history of a process (None: of all others) is kept after an instance ended.

    `kept_days` None keeps it for ever. A longer time counts at once, a shorter one after a day.

    Raises:
        RetentionInvalid: the days are out of reach.
        NotFound: no such process was ever deployed.
        NotPermitted: the actor does not administer the whole installation.
        ReasonMissing
    """

    process_id: str | None
    kept_days: int | None
    reason: str

    def execute(self, context: Context[Work]) -> RetentionDecision:
        """Decide it."""
        reason = checked_reason(self.reason)
        require_role(context, "administrator", context.host.region, action="设定历史保留期限")
        if self.kept_days is not None and not 1 <= self.kept_days <= LONGEST_KEPT:
            raise RetentionInvalid(found=self.kept_days, most=LONGEST_KEPT)
        history = context.unit_of_work.history_retention
        if self.process_id is not None and self.process_id not in history.process_ids():
            raise NotFound("process definition", self.process_id)
        now = context.now()
        holds = RetentionPolicy.at(now, history.decisions()).kept_days(self.process_id)
        decision = RetentionDecision(
            process_id=self.process_id,
            kept_days=self.kept_days,
            effective_at=now + GRACE if is_shorter(self.kept_days, holds) else now,
            decided_at=now,
            decided_by=context.actor.id,
            reason=reason,
        )
        history.decide(decision)
        return decision


@dataclass(frozen=True, slots=True, kw_only=True)
class PruneHistory:
    """Remove the history of up to `limit` instances whose time is over; returns of how many it was.

    Keys of requests (`Idempotency-Key`) that are older than any repetition go too, some at a time.
    What runs, and what the case file tells, is never touched.
    """

    limit: int

    def execute(self, context: Context[Work]) -> int:
        """Remove it."""
        history, now = context.unit_of_work.history_retention, context.now()
        context.unit_of_work.submissions.forget(before=now - KEPT, limit=KEYS_AT_ONCE)
        policy = RetentionPolicy.at(now, history.decisions())
        ended_before = policy.ended_before(now, history.process_ids())
        return history.remove(ended_before, limit=self.limit, at=now) if ended_before else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewPruning:
    """Of how many instances of which processes the history would be removed now; nothing is."""

    def execute(self, context: Context[Work]) -> Sequence[DueHistory]:
        """Count them."""
        history, now = context.unit_of_work.history_retention, context.now()
        policy = RetentionPolicy.at(now, history.decisions())
        ended_before = policy.ended_before(now, history.process_ids())
        return [
            DueHistory(
                process_id=process_id,
                kept_days=policy.kept_days(process_id) or 0,
                ended_before=ended_before[process_id],
                instances=instances,
            )
            for process_id, instances in sorted(history.due(ended_before).items())
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """Every decision in order, those that hold now, and what was removed, newest day first."""

    decisions: Sequence[RetentionDecision]
    policy: RetentionPolicy
    removals: Sequence[HistoryRemoval]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRetention:
    """What was decided about history and what was removed.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
    """

    removals: int = 200

    def execute(self, context: Context[Work]) -> Retention:
        """Read it."""
        require_role(context, "administrator", context.host.region, action="查看历史保留期限")
        history = context.unit_of_work.history_retention
        decisions = history.decisions()
        return Retention(
            decisions=decisions,
            policy=RetentionPolicy.at(context.now(), decisions),
            removals=history.removals(limit=self.removals),
        )
