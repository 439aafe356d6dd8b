"""Due timers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from engine.core import model as core
from engine.execution import record
from engine.host import Context, Work
from engine.model import HistoryAction, InstanceState, Timer
from engine.relay import advance


@dataclass(frozen=True, slots=True, kw_only=True)
class PostponeTimer:
    """Let a timer that could not fire wait, so that it does not stand before all others."""

    process_instance_id: UUID
    subscription_key: int
    until: datetime

    def execute(self, context: Context[Work]) -> None:
        """Postpone it."""
        timers = context.unit_of_work.timers
        timers.postpone(self.process_instance_id, self.subscription_key, until=self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueTimers:
    """Which timers are due, oldest first; nothing is locked."""

    limit: int

    def execute(self, context: Context[Work]) -> list[Timer]:
        """Read them."""
        return context.unit_of_work.timers.due(now=context.now(), limit=self.limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class NextDue:
    """When the earliest timer, or job of one of these types, is due."""

    job_types: Sequence[str]

    def execute(self, context: Context[Work]) -> datetime | None:
        """Read it."""
        return context.unit_of_work.timers.next_due(job_types=self.job_types)


@dataclass(frozen=True, slots=True, kw_only=True)
class FireTimer:
    """Fire a timer that is due; says whether it was still there (another worker may have been first)."""

    process_instance_id: UUID
    subscription_key: int

    def execute(self, context: Context[Work]) -> bool:
        """Fire it once."""
        instance = context.unit_of_work.process_instances.lock(self.process_instance_id)
        if instance is None or instance.state is not InstanceState.ACTIVE:
            return False
        timer = context.unit_of_work.timers.get(self.process_instance_id, self.subscription_key)
        if timer is None or timer.due_at > context.now():
            return False
        context.observed.timer_fired(context.now() - timer.due_at)
        record(context, instance, HistoryAction.TIMER, element_id=timer.element_id)
        advance(context, instance, core.Trigger(subscription=self.subscription_key))
        return True
