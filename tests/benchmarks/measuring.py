"""Time a small piece of work inside this process."""

from __future__ import annotations

import timeit
from collections.abc import Callable
from statistics import median


def microseconds(work: Callable[[], object], *, seconds: float = 0.2, runs: int = 7) -> float:
    """The median over several runs of the time one call takes, each run long enough for the clock."""
    timer = timeit.Timer(work)
    calls, taken = timer.autorange()
    per_run = max(1, int(calls * seconds / max(taken, 1e-9) / runs))
    return median(timer.repeat(repeat=runs, number=per_run)) / per_run * 1e6
