"""All aid of the household of a case, as far as the reader may see it."""

from __future__ import annotations

from engine.model import Actor
from web.services import services
from workflows.casework.programmes.total_aid import ReadTotalAid, TotalAid


def aid_of(number: str, actor: Actor) -> TotalAid:
    """Return the aid of everybody of a case the actor may see; units that see it for a purpose are told no sums."""
    case = services().casework.case(number, actor)
    command = ReadTotalAid(case_id=case.summary.id, with_amounts=not case.purpose_limited)
    aid: TotalAid = services().engine.execute(command, actor=actor)
    return aid
