"""Requests that wait for something to happen: few at a time, so that they never take the place of everybody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import BoundedSemaphore
from time import monotonic

from api.services import current
from engine.errors import EngineError

MOST_WAITING = 4
"""Requests of one server that wait at once; who would be one more is refused and asks again later."""
ASK_AGAIN_AFTER = 5
LONGEST_WAIT = timedelta(seconds=30)
LOOKED_AT_EVERY = timedelta(seconds=1)  # even unwoken: what ends an instance wakes nobody
DEFAULT_WAIT = timedelta(seconds=10)  # where a client asks for 0

_places = BoundedSemaphore(MOST_WAITING)


class TooManyWaiting(EngineError):
    """As many requests wait already as this server lets wait at once; nothing was done."""

    code = "too-many-waiting"
    text_zh = "同时等待的请求已达上限，未执行。请在 {seconds} 秒后重试。"
    text_en = "As many requests wait as may at once, and nothing was done. Try again in {seconds} s."

    def __init__(self) -> None:
        self.seconds = ASK_AGAIN_AFTER
        super().__init__(seconds=ASK_AGAIN_AFTER)


@contextmanager
def place_to_wait() -> Iterator[None]:
    """Hold one of the places of those who wait; it is taken before anything is done that cannot be done twice.

    Raises:
        TooManyWaiting: there is none.
    """
    if not _places.acquire(blocking=False):
        raise TooManyWaiting
    try:
        yield
    finally:
        _places.release()


def until(happened: Callable[[], bool], *, at_most: timedelta) -> bool:
    """Wait until something has happened and say whether it has; work that appears wakes us."""
    ends = monotonic() + min(at_most, LONGEST_WAIT).total_seconds()
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
