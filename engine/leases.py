"""How long jobs are held by workers, and when too many leases have run out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from threading import Thread

from engine.model import Job

LONGEST_LEASE = timedelta(hours=1)
"""What a worker holds is held no longer than this; a lease that ends later was given before the clock was put back."""

SUSPECT_AFTER = 2  # leases that ran out: the job may be what ended its workers, and those beside it
GIVE_UP_AFTER = 5  # leases that ran out: the job is an incident
LEFT_UNDONE = "left-undone"  # kind of an attempt


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedJobs:
    """What a worker would take: up to `limit` jobs, and besides them up to `suspects` of those left undone before.

    `taker` is the person whose worker takes them: of the cases of their kin they get nothing.
    """

    worker: str
    types: Sequence[str]
    lease: timedelta
    limit: int
    suspects: int
    taker: str | None = None


@dataclass(slots=True, kw_only=True)
class InHand:
    """A job whose handler has not come back yet."""

    job: Job  # as taken, or as renewed last
    until: float  # of the monotonic clock, when the lease it was taken under is over
    thread: Thread | None = None  # None: the thread that looks for work
    is_ours: bool = True  # its lease
    is_overdue: bool = False  # has taken longer than the lease it was taken under

    @property
    def is_suspect(self) -> bool:
        """Say whether it may end this process, as it may have ended others."""
        return self.job.left_undone >= SUSPECT_AFTER and not self.is_overdue
