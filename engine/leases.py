"""Jobs as workers take them: each for a while, after which it is anybody's again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from engine.model import Job

LONGEST_LEASE = timedelta(hours=1)
"""What a worker holds is held no longer than this; a lease that ends later was given before the clock was put back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedJobs:
    """What a worker would take: up to `limit` jobs, and besides them up to `suspects` that were left undone twice."""

    worker: str
    types: Sequence[str]
    lease: timedelta
    limit: int
    suspects: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenJob:
    """A job a worker has just taken; `left_by` is the worker that had it before and did not come back in time."""

    job: Job
    left_by: str | None
