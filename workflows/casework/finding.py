"""How cases on file come to be found by what a new release finds cases by: a little at a time, by workers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from engine.host import Context, Share
from workflows.casework.correspondence import Execute
from workflows.casework.ports import CaseworkUnitOfWork

LOOK_EVERY = timedelta(minutes=10)  # nodes of the release before may still write cases in its own way
AT_A_TURN = 20  # cases, between two looks at timers and jobs


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewSearch:
    """Make the search of some cases anew that a release before wrote."""

    limit: int

    def execute(self, context: Context[CaseworkUnitOfWork]) -> int:
        """Return how many there were."""
        return context.unit_of_work.cases.renew_search(limit=self.limit)


class RenewSearches:
    """Go through all such cases, some at every turn."""

    def __init__(self, *, execute: Execute) -> None:
        self._execute = execute

    def __call__(self) -> Share:
        """Do a little."""
        done = self._execute(RenewSearch(limit=AT_A_TURN))
        return Share(done=done, has_more=done == AT_A_TURN)
