"""Beginning every re-check that is due: each in a transaction of its own, so that none holds up the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from engine.errors import EngineError
from engine.host import Context
from workflows.casework.benefits.commands import woken
from workflows.casework.benefits.errors import NobodyWaits
from workflows.casework.days import local_day
from workflows.casework.errors import CaseNotFound, RecordNotFound
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.office import REVIEWING, require_office


@dataclass(frozen=True, slots=True, kw_only=True)
class RecheckFailed:
    """A benefit whose re-check could not begin, and the code of the error that says why."""

    benefit_id: UUID
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RechecksBegun:
    """The benefits that are looked at now, and those that could not be."""

    benefit_ids: tuple[UUID, ...]
    failed: tuple[RecheckFailed, ...]


def begin_due_rechecks(execute: Callable[[Any], Any], *, region: str, due_by: date | None = None) -> RechecksBegun:
    """Have every benefit of a region looked at that is due by a day, today unless it is given.

    Those already being looked at are left alone.

    Raises:
        NotPermitted: the actor reviews nothing for this region.
    """
    begun, failed = [], []
    for benefit_id in execute(DueBenefits(region=region, due_by=due_by)):
        try:
            if execute(BeginDueRecheck(benefit_id=benefit_id)):
                begun.append(benefit_id)
        except EngineError as error:
            failed.append(RecheckFailed(benefit_id=benefit_id, code=error.code))
    return RechecksBegun(benefit_ids=tuple(begun), failed=tuple(failed))


@dataclass(frozen=True, slots=True, kw_only=True)
class DueBenefits:
    """Name the benefits of a region whose re-check is due, the longest due first."""

    region: str
    due_by: date | None = None

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Sequence[UUID]:
        """Return them."""
        require_office(context.actor, self.region, REVIEWING, action="启动定期复核")
        day = self.due_by or local_day(context.now())
        return context.unit_of_work.benefits.due_for_recheck(day, region=self.region)


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginDueRecheck:
    """Begin one re-check.

    Raises:
        RecordNotFound, CaseNotFound
        NotPermitted: the actor reviews nothing for its region.
    """

    benefit_id: UUID

    def execute(self, context: Context[CaseworkUnitOfWork]) -> bool:
        """Return whether it begins now; False: it is being looked at already."""
        benefit = context.unit_of_work.benefits.get(self.benefit_id)
        if benefit is None:
            raise RecordNotFound("benefit", self.benefit_id)
        case = context.unit_of_work.cases.get(benefit.case_id)
        if case is None:
            raise CaseNotFound(benefit.case_id)
        require_office(context.actor, case.region, REVIEWING, action="启动定期复核")
        try:
            woken(context, benefit)
        except NobodyWaits:
            return False
        return True
