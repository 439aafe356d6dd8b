"""Which thread of a server takes the next request: the one that served last, as its memory is the warmest.

Measured for completions over HTTP by one client on one core: one thread that serves them all takes a fifth less CPU
than twelve that take turns, and so do twelve of which the last goes first (docs/performance.md).
"""

from __future__ import annotations

from threading import Lock

from waitress.task import ThreadedTaskDispatcher


class LastWaiterFirst:
    """A condition over a lock that wakes whoever began to wait last; all of it is called with the lock held."""

    def __init__(self, lock: Lock) -> None:
        self._lock = lock
        self._waiting: list[Lock] = []

    def wait(self) -> None:
        """Give the lock back until somebody wakes us, then take it again."""
        bell = Lock()
        bell.acquire()
        self._waiting.append(bell)
        self._lock.release()
        try:
            bell.acquire()
        finally:
            self._lock.acquire()

    def notify(self) -> None:
        """Wake the last one that waits, if any."""
        if self._waiting:
            self._waiting.pop().release()

    def notify_all(self) -> None:
        """Wake all."""
        while self._waiting:
            self.notify()


def warmest_thread_first(threads: int) -> ThreadedTaskDispatcher:
    """Return waitress's own threads and queue: what came first is begun first, by the thread that rested least."""
    dispatcher = ThreadedTaskDispatcher()
    dispatcher.queue_cv = LastWaiterFirst(dispatcher.lock)
    dispatcher.set_thread_count(threads)
    return dispatcher
