"""What is due: timers, timer start events and deliveries, shared out among workers and fired one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypedDict
from uuid import UUID
from zoneinfo import ZoneInfo

from engine.core import model as core
from engine.core.timers import next_firing
from engine.exchange import Exchange
from engine.execution import record
from engine.host import Context, Work
from engine.leases import GIVE_UP_AFTER, SUSPECT_AFTER
from engine.model import Delivery, HistoryAction, InstanceState, Publication, StartSubscription, Timer
from engine.relay import advance

Due = Timer | StartSubscription | Delivery

INCIDENT_AFTER = 5  # failures of a timer before supervisors are told
TIMER_INCIDENT = "timer-firing"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimDue:
    """Take up to `limit` of each kind of what is due, oldest first; until the lease is over no other worker does.

    Of each kind one at most that was taken twice before without a word of what became of it, and that one last.
    """

    limit: int
    lease: timedelta

    def execute(self, context: Context[Work]) -> list[Due]:
        """Take them."""
        work, now = context.unit_of_work, context.now()
        claimed: list[Due] = []
        claimed += work.timers.claim(now=now, lease=self.lease, limit=self.limit)
        claimed += work.start_subscriptions.claim(now=now, lease=self.lease, limit=self.limit)
        claimed += work.deliveries.claim(now=now, lease=self.lease, limit=self.limit)
        return sorted(claimed, key=lambda one: (one.unanswered > SUSPECT_AFTER, _due_at(one)))


class _Waits(TypedDict):
    until: datetime
    failures: int
    unanswered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PostponeDue:
    """Let what could not fire wait, so that it does not stand before the others; a timer's becomes an incident."""

    due: Due
    until: datetime
    is_failure: bool
    reason: str = ""
    gives_up: bool = False  # its workers never answered: told at once, and tried alone from now on

    def execute(self, context: Context[Work]) -> None:
        """Postpone it."""
        work, due = context.unit_of_work, self.due
        failures = due.failures + self.is_failure
        if self.gives_up:
            failures = max(failures, INCIDENT_AFTER)
        unanswered = GIVE_UP_AFTER if self.gives_up else 0
        waits: _Waits = {"until": self.until, "failures": failures, "unanswered": unanswered}
        if isinstance(due, StartSubscription):
            work.start_subscriptions.postpone(due, reason=self.reason, **waits)
        elif isinstance(due, Delivery):
            work.deliveries.postpone(due, reason=self.reason, **waits)
        elif not self.is_failure:
            work.timers.postpone(due, **waits)
        elif (waiting := _still_waiting(context, due)) is not None:
            work.timers.postpone(waiting, **waits)
            if failures >= INCIDENT_AFTER:
                work.timers.raise_incident(waiting, kind=TIMER_INCIDENT, reason=self.reason, at=context.now())


@dataclass(frozen=True, slots=True, kw_only=True)
class NextDue:
    """When the earliest thing fires by itself, or a job of one of these types is due."""

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
        found = context.unit_of_work.timers.lock(self.process_instance_id, self.subscription_key)
        if found is None:
            return False
        instance, timer = found
        if instance.state is not InstanceState.ACTIVE or timer.due_at > context.now():
            return False
        context.observed.timer_fired(context.now() - timer.due_at)
        record(context, instance, HistoryAction.TIMER, element_id=timer.element_id)
        advance(context, instance, core.Trigger(subscription=self.subscription_key))
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class FireTimerStart:
    """Start a process at a timer start event that is due, and set its next time; missed times are skipped."""

    definition_id: UUID
    element_id: str

    def execute(self, context: Context[Work]) -> bool:
        """Fire it once."""
        starts, now = context.unit_of_work.start_subscriptions, context.now()
        start = starts.lock(self.definition_id, self.element_id)
        if start is None or start.due_at is None or start.due_at > now:
            return False
        exchange = Exchange(context)
        exchange.start(start, _nothing(context, start))
        following = None
        if start.repeat_interval is not None:
            repeat = core.Repeat(left=start.repeat_left, interval=start.repeat_interval)
            following = next_firing(start.due_at, repeat, now.astimezone(ZoneInfo(context.host.time_zone)))
        starts.move_on(start, following)
        exchange.finish()
        return True


def _still_waiting(context: Context[Work], timer: Timer) -> Timer | None:
    """Lock a timer alone and return it as it is now, if it waits for the time it was claimed for.

    Its instance may have ended since, or another worker may have fired it and set its next time. An instance that is
    damaged, or busy, keeps nobody from writing down that its timer could not fire.
    """
    found = context.unit_of_work.timers.hold(timer.process_instance_id, timer.subscription_key)
    return found if found is not None and found.due_at == timer.due_at else None


def _nothing(context: Context[Work], start: StartSubscription) -> Publication:
    """Return what time brings along: nothing; the instance belongs to the whole installation."""
    now = context.now()
    return Publication(
        kind="signal",
        name=start.element_id,
        variables={},
        region=context.host.region,
        business_key="",
        published_at=now,
        expires_at=now,
    )


def _due_at(due: Due) -> datetime:
    if due.due_at is None:
        raise TypeError(f"{due!r} has no due time")
    return due.due_at
