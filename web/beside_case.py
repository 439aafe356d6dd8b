"""What stands beside a case wherever it is worked on: its line of steps, visits with photos, all aid of the family."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from engine.errors import NotFound
from engine.model import Actor
from web.case_steps import ShownStep, case_steps
from web.evidence import EvidencePanel
from web.household_aid import aid_of
from web.services import services
from web.staff_names import staff_names
from workflows.casework.procedure.queries import SurveyView
from workflows.casework.programmes.total_aid import TotalAid
from workflows.casework.queries import CaseView


@dataclass(frozen=True, slots=True, kw_only=True)
class BesideCase:
    """The parts, and the names of who visited; `evidence_ids` are pieces of evidence by the digest of their content."""

    steps: Sequence[ShownStep]
    visits: Sequence[SurveyView]
    names: Mapping[str, str]
    evidence_ids: Mapping[str, UUID]
    aid: TotalAid | None


def beside_case(case: CaseView, actor: Actor, evidence: EvidencePanel) -> BesideCase:
    """Return what stands beside a case the actor sees; a unit that sees it for a purpose is told of no visits."""
    whole = not case.purpose_limited
    visits = services().procedure.procedure(case.summary.id).surveys if whole else ()
    return BesideCase(
        steps=case_steps(case),
        visits=visits,
        names=staff_names([one.first_surveyor for one in visits], [one.second_surveyor for one in visits]),
        evidence_ids={line.evidence.sha256: line.evidence.id for line in evidence.lines},
        aid=_aid(case, actor),
    )


def _aid(case: CaseView, actor: Actor) -> TotalAid | None:
    """Return the aid of the household; None where the county has not deployed what judges it."""
    try:
        return aid_of(case.summary.number, actor)
    except NotFound:
        return None
