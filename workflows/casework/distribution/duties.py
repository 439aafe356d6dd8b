"""What workers do now and then for the rules of units: give out what waits, take back what lies untouched."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from engine.errors import ConcurrentChange, EngineError
from workflows.casework.correspondence import Execute
from workflows.casework.distribution.giving_out import FindTasksToGiveOut, Given, GiveOutTask
from workflows.casework.distribution.model import RulePlace
from workflows.casework.distribution.taking_back import FindUntouchedTasks, TakeBackUntouchedTask

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveOutTasks:
    """Give the tasks that wait to people; where nobody is free, that rule and post are not asked again in one look."""

    execute: Execute

    def __call__(self) -> int:
        """Return how many tasks found a holder."""
        given, full = 0, set[tuple[RulePlace, tuple[str, ...]]]()
        for waiting in self.execute(FindTasksToGiveOut()):
            desk = (waiting.place, waiting.candidate_groups)
            if desk in full:
                continue
            outcome = self._give_out(GiveOutTask(task_id=waiting.task_id))
            given += outcome is Given.DONE
            if outcome is Given.NOBODY_FREE:
                full.add(desk)
        return given

    def _give_out(self, command: GiveOutTask) -> Given:
        try:
            return self.execute(command)
        except ConcurrentChange:
            return Given.GONE  # the next look sees it
        except EngineError as refused:  # a listener denied it, or a form of the rules is wrong: the others go on
            log.warning("a task was not given out", extra={"task": str(command.task_id), "code": refused.code})
            return Given.NOBODY_FIT


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBackTasks:
    """Take back the tasks that lay untouched for too long."""

    execute: Execute

    def __call__(self) -> int:
        """Return how many tasks went back."""
        taken = 0
        for task_id in self.execute(FindUntouchedTasks()):
            try:
                taken += self.execute(TakeBackUntouchedTask(task_id=task_id))
            except ConcurrentChange:
                continue  # the next look sees it
        return taken
