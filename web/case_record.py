"""What stands on the page of a case beside the case itself: its clock, its notices on boards, its check reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.model import SYSTEM, Actor
from web.labels import in_language
from web.services import services
from workflows.casework.documents.queries import DocumentView
from workflows.casework.errors import CaseNotAccepted
from workflows.casework.procedure.clock import ClockState
from workflows.casework.procedure.clock_commands import ReadClock
from workflows.casework.procedure.queries import ProcedureView
from workflows.casework.queries import CaseView
from workflows.casework.records import CheckReport
from workflows.rules.calendar import YearNotLoaded

EVIDENCE = frozenset(
    {"application", "authorisation", "survey", "appraisal", "check_report", "public_notice", "hearing"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A printed document of the case, who issued it, and whether a later version has replaced it."""

    document: DocumentView
    issued_by: str
    is_newest: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRecord:
    """The clock (None: it does not run), what procedure did, and the versions of the report, newest first."""

    clock: ClockState | None = None
    procedure: ProcedureView | None = None
    reports: Sequence[CheckReport] = ()
    papers: Sequence[Paper] = ()


def case_record(case: CaseView, actor: Actor) -> CaseRecord:
    """Return the record of a case the actor may see; a unit that sees it for a purpose is shown none of it."""
    if case.purpose_limited:
        return CaseRecord()
    return CaseRecord(
        clock=_clock(case, actor),
        procedure=services().procedure.procedure(case.summary.id),
        reports=services().checks.check(case.summary.id, actor).reports,
        papers=papers(case),
    )


def papers(case: CaseView) -> list[Paper]:
    """Return the documents of a case, newest first; a unit that sees it for a purpose is shown none."""
    if case.purpose_limited:
        return []
    found = services().documents.of_case(case.summary.id)
    names = dict(services().organisation.names(sorted({one.issued_by for one in found})))
    names[SYSTEM.id] = in_language("系统", "System")
    newest = {(one.kind, one.subject): one.id for one in found}
    return [
        Paper(
            document=one,
            issued_by=names.get(one.issued_by, one.issued_by),
            is_newest=newest[one.kind, one.subject] == one.id,
        )
        for one in reversed(found)
    ]


def evidence(case: CaseView) -> list[Paper]:
    """Return the documents a step may rest on, in their newest versions, for the page of a task."""
    return [one for one in papers(case) if one.is_newest and one.document.kind in EVIDENCE]


def _clock(case: CaseView, actor: Actor) -> ClockState | None:
    try:
        return services().engine.execute(ReadClock(case_id=case.summary.id), actor=actor)
    except (CaseNotAccepted, YearNotLoaded):
        return None
