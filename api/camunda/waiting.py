"""Requests that wait for something to happen: few at a time, so that they never take the place of everybody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import BoundedSemaphore
from time import monotonic

from api.services import current

MOST_WAITING = 4
"""Requests of one server that wait at once; who is one more is answered with what there is, and asks again."""
LONGEST_WAIT = timedelta(seconds=30)
LOOKED_AT_EVERY = timedelta(seconds=1)  # even unwoken: what ends an instance wakes nobody
DEFAULT_AWAIT = timedelta(seconds=10)

_places = BoundedSemaphore(MOST_WAITING)


def until(happened: Callable[[], bool], *, at_most: timedelta) -> bool:
    """Wait until something has happened and say whether it has; work that appears wakes us."""
    if happened():
        return True
    ends = monotonic() + min(at_most, LONGEST_WAIT).total_seconds()
    if monotonic() >= ends or not _places.acquire(blocking=False):
        return False
    try:
        return _wait(happened, ends)
    finally:
        _places.release()


def _wait(happened: Callable[[], bool], ends: float) -> bool:
    signal = current().work_signal()
    try:
        while not happened():
            left = timedelta(seconds=ends - monotonic())
            if left <= timedelta():
                return False
            signal.wait(min(left, LOOKED_AT_EVERY))
        return True
    finally:
        signal.close()
