"""What workers do now and then for the rules of units: give out what waits, take back what lies untouched.

Each goes through all such tasks, some at every turn, and goes on behind those it could do nothing with.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

from engine.errors import ConcurrentChange, EngineError
from engine.host import Share
from workflows.casework.correspondence import Execute
from workflows.casework.distribution.errors import GivingDenied
from workflows.casework.distribution.giving_out import FindTasksToGiveOut, Given, GiveOutTask
from workflows.casework.distribution.model import Desk, OpenTask
from workflows.casework.distribution.taking_back import FindUntouchedTasks, TakeBackUntouchedTask

LOOK_EVERY = timedelta(seconds=10)  # between two looks at what waits to be given out
TAKE_BACK_EVERY = timedelta(hours=1)
AT_A_TURN = 20  # tasks, between two looks at timers and jobs
FIRST_REST = timedelta(minutes=1)  # before a task nobody could be given is tried again; doubles with every failure
LONGEST_REST = timedelta(minutes=10)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Rest:
    until: datetime
    pause: timedelta


class GiveOutTasks:
    """Give the tasks that wait to people; where nobody is free, that rule and post are not asked again in one look."""

    def __init__(self, *, execute: Execute) -> None:
        self._execute = execute
        self._at_work = Lock()
        self._last: OpenTask | None = None
        self._full: set[Desk] = set()
        self._rests: dict[UUID, _Rest] = {}

    def __call__(self) -> Share:
        """Give out some; what is counted has a holder then."""
        if not self._at_work.acquire(blocking=False):
            return Share(done=0, has_more=False)
        try:
            return self._give_out_some()
        finally:
            self._at_work.release()

    def _give_out_some(self) -> Share:
        resting = {task_id: rest.until for task_id, rest in self._rests.items()}
        find = FindTasksToGiveOut(after=self._last, full=frozenset(self._full), resting=resting, limit=AT_A_TURN)
        at, found = self._execute(find)
        outcomes = [self._outcome(task, at) for task in found]
        if is_over := len(found) < AT_A_TURN:
            self._last = None
            self._full.clear()
            self._rests = {one: rest for one, rest in self._rests.items() if at < rest.until + LONGEST_REST}
        # who was asked about may be settled by a job of the next turn
        return Share(done=outcomes.count(Given.DONE), has_more=not is_over or Given.ASKED in outcomes)

    def _outcome(self, task: OpenTask, at: datetime) -> Given:
        self._last = task
        if task.desk in self._full:
            return Given.NOBODY_FREE
        try:
            outcome = self._given(task.id)
        except ConcurrentChange:
            return Given.GONE  # the next look sees it
        except EngineError as refused:  # e.g. a form of the rules is wrong: the others go on
            log.warning("a task was not given out", extra={"task": str(task.id), "code": refused.code})
            outcome = Given.NOBODY_FIT
        if outcome is Given.NOBODY_FREE:
            self._full.add(task.desk)
        elif outcome is Given.DONE:
            self._rests.pop(task.id, None)
        else:
            self._let_rest(task.id, at)
        return outcome

    def _given(self, task_id: UUID) -> Given:
        """Ask one person after the other, as long as a listener denies it at once."""
        denied = frozenset[str]()
        while True:
            try:
                return self._execute(GiveOutTask(task_id=task_id, passing_over=denied))
            except GivingDenied as denial:
                denied |= {denial.login}

    def _let_rest(self, task_id: UUID, at: datetime) -> None:
        before = self._rests.get(task_id)
        pause = FIRST_REST if before is None else min(before.pause * 2, LONGEST_REST)
        self._rests[task_id] = _Rest(at + pause, pause)


class TakeBackTasks:
    """Take back the tasks that lay untouched for too long."""

    def __init__(self, *, execute: Execute) -> None:
        self._execute = execute
        self._at_work = Lock()
        self._last: OpenTask | None = None

    def __call__(self) -> Share:
        """Take back some."""
        if not self._at_work.acquire(blocking=False):
            return Share(done=0, has_more=False)
        try:
            found = self._execute(FindUntouchedTasks(after=self._last, limit=AT_A_TURN))
            taken = sum(self._take_back(task) for task in found)
            has_more = len(found) == AT_A_TURN
            self._last = self._last if has_more else None
            return Share(done=taken, has_more=has_more)
        finally:
            self._at_work.release()

    def _take_back(self, task: OpenTask) -> bool:
        self._last = task
        try:
            return self._execute(TakeBackUntouchedTask(task_id=task.id))
        except ConcurrentChange:
            return False  # the next look sees it
        except EngineError as refused:  # the others go back
            log.warning("a task was not taken back", extra={"task": str(task.id), "code": refused.code})
            return False
