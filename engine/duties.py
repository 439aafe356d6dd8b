"""The duties of the office as a worker does them: a little at a turn, or aside where one waits for somebody outside."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from threading import Event, Thread

from engine.failures import told
from engine.host import Duty, Share

log = logging.getLogger(__name__)

_NOTHING = Share(done=0, has_more=False)


class DutyRound:
    """Goes round the duties whose time has come; what goes wrong with one stops neither the others nor jobs."""

    def __init__(self, duties: Sequence[Duty], *, now: Callable[[], datetime]) -> None:
        self._duties = duties
        self._now = now
        self._done_at: dict[int, datetime] = {}  # when nothing was left of a duty, by its place
        self._aside: dict[int, Thread] = {}

    def do_now_and_then(self, leads: Callable[[], bool], stop: Event) -> bool:
        """Do a little of what is due, in one worker of all; say whether something was or is left."""
        due = [at for at, one in enumerate(self._duties) if self._is_time(at, one.every)]
        is_ours, was_busy = bool(due) and leads(), False
        for at in due:
            share = self._share(at, stop) if is_ours else _NOTHING
            if not share.has_more:
                self._done_at[at] = self._now()
            was_busy = was_busy or share.has_more or share.done > 0
        return was_busy

    def do_all_here(self) -> Share:
        """Do a little of every duty, due or not, in this thread."""
        shares = [_some(duty) for duty in self._duties]
        return Share(done=sum(one.done for one in shares), has_more=any(one.has_more for one in shares))

    def join(self, patience: timedelta) -> None:
        """Wait for what is done aside, told to stop, to come back; no longer than it is worth."""
        for thread in self._aside.values():
            thread.join(patience.total_seconds())

    def _share(self, at: int, stop: Event) -> Share:
        duty = self._duties[at]
        if not duty.is_aside:
            return _some(duty)
        if at not in self._aside or not self._aside[at].is_alive():
            self._aside[at] = Thread(target=_do_aside, args=(duty, stop), name=f"duty {at}", daemon=True)
            self._aside[at].start()
        return _NOTHING

    def _is_time(self, at: int, every: timedelta) -> bool:
        now, last = self._now(), self._done_at.get(at)
        return last is None or not last <= now < last + every  # also when the clock was put back


def _do_aside(duty: Duty, stop: Event) -> None:
    """Do a duty until nothing is left of it; the database may go away meanwhile, which ends it until its next time."""
    try:
        while not stop.is_set() and _some(duty).has_more:
            pass
    except ConnectionError:
        log.warning("the database is away; a duty waits for its next time")


def _some(duty: Duty) -> Share:
    try:
        return duty.some()
    except ConnectionError:
        raise
    except Exception as error:  # noqa: BLE001  a duty that fails must not stop timers and jobs
        told(error, log)
        return _NOTHING
