"""Time small pieces of work inside this process, in turns, so that what else the machine does meets all of them."""

from __future__ import annotations

import timeit
from collections.abc import Callable


def microseconds(*works: Callable[[], object], rounds: int = 40, seconds: float = 0.004) -> list[float]:
    """The least time one call of each takes: noise only ever adds to it.

    Each round runs every work for about so many seconds, one after the other.
    """
    timers = [timeit.Timer(work) for work in works]
    counts = [_calls(timer, seconds) for timer in timers]
    least = [float("inf")] * len(works)
    for _ in range(rounds):
        for place, (timer, count) in enumerate(zip(timers, counts, strict=True)):
            least[place] = min(least[place], timer.timeit(count) / count * 1e6)
    return least


def _calls(timer: timeit.Timer, seconds: float) -> int:
    """How many calls take about so long."""
    timer.timeit(3)  # what is made at the first call is not what is measured
    count = 1
    while (taken := timer.timeit(count)) < seconds / 4:
        count *= 2
    return max(1, int(count * seconds / taken))
