"""What stands on the page of a case beside the case itself: its clock, its notices on boards, its check reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.model import Actor
from web.services import services
from workflows.casework.errors import CaseNotAccepted
from workflows.casework.procedure.clock import ClockState
from workflows.casework.procedure.clock_commands import ReadClock
from workflows.casework.procedure.queries import ProcedureView
from workflows.casework.queries import CaseView
from workflows.casework.records import CheckReport
from workflows.rules.calendar import YearNotLoaded


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRecord:
    """The clock (None: it does not run), what procedure did, and the versions of the report, newest first."""

    clock: ClockState | None = None
    procedure: ProcedureView | None = None
    reports: Sequence[CheckReport] = ()


def case_record(case: CaseView, actor: Actor) -> CaseRecord:
    """Return the record of a case the actor may see; a unit that sees it for a purpose is shown none of it."""
    if case.purpose_limited:
        return CaseRecord()
    return CaseRecord(
        clock=_clock(case, actor),
        procedure=services().procedure.procedure(case.summary.id),
        reports=services().checks.check(case.summary.id, actor).reports,
    )


def _clock(case: CaseView, actor: Actor) -> ClockState | None:
    try:
        return services().engine.execute(ReadClock(case_id=case.summary.id), actor=actor)
    except (CaseNotAccepted, YearNotLoaded):
        return None
