"""Asking what may never answer: one question at a time in a thread of its own, waited for only so long."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass
from threading import Lock, Thread
from time import monotonic
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered(Generic[Answer]):
    """An answer, and what it took to get it."""

    value: Answer
    at: float  # of the monotonic clock
    seconds: float

    @property
    def age(self) -> float:
        """Return how many seconds old it is."""
        return monotonic() - self.at


class Patience(Generic[Answer]):
    """Keeps the last answer for a while; however many ask, and however long it hangs, one thread is at it."""

    def __init__(
        self, ask: Callable[[], Answer], *, patience: float, keep: Callable[[Answered[Answer]], float]
    ) -> None:
        self._ask = ask
        self._patience = patience
        self._keep = keep
        self._lock = Lock()
        self._running: Future[Answered[Answer]] | None = None
        self._began = monotonic()
        self._last: Answered[Answer] | None = None

    @property
    def last(self) -> Answered[Answer] | None:
        """Return the last answer, however old."""
        return self._last

    def answer(self) -> Answered[Answer]:
        """Return an answer that is fresh enough.

        Raises:
            TimeoutError: there is none in time; the question goes on, and a later call may find its answer. Who comes
                when it has hung for longer than that is told at once.
            Exception: whatever the question raised.
        """
        last = self._last
        if last is not None and last.age <= self._keep(last):
            return last
        try:
            running = self._started()
            return running.result(timeout=max(self._patience - (monotonic() - self._began), 0))
        except TookTooLong as error:
            raise TimeoutError(f"no answer within {self._patience:g} seconds") from error

    def _started(self) -> Future[Answered[Answer]]:
        with self._lock:
            if self._running is None or self._running.done():
                self._running, self._began = Future(), monotonic()
                Thread(target=self._work, args=(self._running,), name="patience", daemon=True).start()
            return self._running

    def _work(self, promise: Future[Answered[Answer]]) -> None:
        began = monotonic()
        try:
            value = self._ask()
        except Exception as error:  # noqa: BLE001  handed to whoever waits
            promise.set_exception(error)
            return
        now = monotonic()
        self._last = Answered(value=value, at=now, seconds=now - began)
        promise.set_result(self._last)
