"""The thread that rested least takes the next request; every request is taken, whatever the order of events."""

from __future__ import annotations

from queue import SimpleQueue
from threading import Event, current_thread

from api.dispatching import warmest_thread_first

PATIENCE = 10


class Noted:
    """A piece of work that says which thread did it, and may be held up."""

    def __init__(self, done_by: SimpleQueue[str], held: Event | None = None) -> None:
        self._done_by = done_by
        self._held = held
        self.begun = Event()

    def service(self) -> None:
        self.begun.set()
        if self._held is not None:
            self._held.wait(PATIENCE)
        self._done_by.put(current_thread().name)

    def cancel(self) -> None:
        raise AssertionError("nothing waits when the test ends")


def test_one_request_after_the_other_is_served_by_the_same_thread() -> None:
    dispatcher, done_by = warmest_thread_first(4), SimpleQueue[str]()
    names = set()
    for _ in range(50):
        until_idle(dispatcher)
        dispatcher.add_task(Noted(done_by))
        names.add(done_by.get(timeout=PATIENCE))
    assert len(names) == 1
    assert dispatcher.shutdown()
    assert not dispatcher.threads


def test_requests_at_the_same_time_get_threads_of_their_own_and_others_wait_in_order() -> None:
    dispatcher, done_by, held = warmest_thread_first(3), SimpleQueue[str](), Event()
    slow = [Noted(done_by, held) for _ in range(3)]
    for one in slow:
        dispatcher.add_task(one)
    assert all(one.begun.wait(PATIENCE) for one in slow)
    later = [Noted(done_by) for _ in range(20)]
    for one in later:
        dispatcher.add_task(one)
    assert not any(one.begun.is_set() for one in later)
    held.set()
    served_by = [done_by.get(timeout=PATIENCE) for _ in range(23)]
    assert len(set(served_by)) <= 3
    assert all(one.begun.is_set() for one in later)
    assert dispatcher.shutdown()


def until_idle(dispatcher: object) -> None:
    """Wait until every thread waits for work."""
    turn = Event()
    while dispatcher.active_count:  # type: ignore[attr-defined]  # waitress has no types
        turn.wait(0.001)
