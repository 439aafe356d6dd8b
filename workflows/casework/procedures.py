"""Procedures about a household after its grant, each a process of its own under the number of the case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from engine.host import Context
from engine.model import ProcessInstance
from workflows.casework.benefits.model import Benefit
from workflows.casework.days import local_day, month_after
from workflows.casework.errors import CaseNotFound, NothingDrawn
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.office import require_office
from workflows.casework.starting import start_process_of

TEKUN = "tekun"
OF_PROGRAMME = {"self_care_review": TEKUN, "tekun_ending": TEKUN}
"""Which programme a procedure is about: who it is for must draw it."""

STARTING_ROLES = ("clerk", "surveyor", "reviewer", "leader", "administrator")


@dataclass(frozen=True, slots=True, kw_only=True)
class StartCaseProcedure:
    """Start a procedure about what a household draws, because something was reported or found.

    Raises:
        CaseNotFound: there is no such case.
        NotPermitted: the actor works neither in the township nor in civil affairs for the case's region.
        NothingDrawn: nothing of the programme goes on next month in this case.
    """

    case_id: UUID
    procedure: str
    note: str
    reported_on: date | None = None

    def execute(self, context: Context[CaseworkUnitOfWork]) -> ProcessInstance:
        """Start the process."""
        case = context.unit_of_work.cases.get(self.case_id)
        if case is None:
            raise CaseNotFound(str(self.case_id))
        require_office(context.actor, case.region, STARTING_ROLES, action="发起待遇变更程序")
        benefit = self._drawn(context)
        if benefit is None:
            raise NothingDrawn(case.number, OF_PROGRAMME[self.procedure])
        reported_on = self.reported_on or local_day(context.now())
        reported = {"reported_on": reported_on.isoformat(), "change_note": self.note}
        return start_process_of(context, case, self.procedure, {"benefit_id": str(benefit.id), **reported})

    def _drawn(self, context: Context[CaseworkUnitOfWork]) -> Benefit | None:
        month = month_after(local_day(context.now()))
        return next(
            (
                one
                for one in context.unit_of_work.benefits.of_case(self.case_id)
                if one.programme == OF_PROGRAMME[self.procedure] and one.version_in(month) is not None
            ),
            None,
        )
