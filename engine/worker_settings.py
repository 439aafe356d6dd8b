"""How a job executor works, and how long it pauses before it tries again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from engine.leases import LONGEST_LEASE

CLAIM_LEASE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSettings:
    """How a job executor works."""

    name: str
    threads: int = 8
    lease: timedelta = timedelta(minutes=2)
    first_pause: timedelta = timedelta(seconds=2)
    longest_pause: timedelta = timedelta(hours=1)
    jobs_in_a_turn: int = 1  # done one after the other by who works without threads (`run_until_idle`)
    claimed_at_once: int = 100  # timers, start events and deliveries taken in one go
    claim_lease: timedelta = CLAIM_LEASE  # after which another worker takes them, when this one is dead
    timer_pause: timedelta = timedelta(minutes=1)  # before what failed is tried again; doubles with every failure
    sweep_every: timedelta = timedelta(minutes=1)  # between two looks for expired messages, and for old history
    pruned_at_once: int = 20  # instances that lose their history between two looks at timers and jobs
    batch_items: int = 20  # done between two looks at timers and jobs
    shortest_wait: timedelta = timedelta(milliseconds=50)
    longest_wait: timedelta = timedelta(seconds=5)  # even unwoken it looks again after this
    stuck_threads: int = 100  # how many jobs may hang beyond their lease before this worker takes no more

    def __post_init__(self) -> None:
        """Refuse a lease that others would not respect."""
        if self.lease > LONGEST_LEASE or self.claim_lease > LONGEST_LEASE:
            raise ValueError(f"a lease of {max(self.lease, self.claim_lease)} is longer than {LONGEST_LEASE}")


def doubled(first: timedelta, failures: int, settings: WorkerSettings) -> timedelta:
    """Double the pause with every failure."""
    doubled: timedelta = first * (1 << min(failures, 20))
    return min(doubled, settings.longest_pause)
