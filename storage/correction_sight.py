"""Who sees a change request: windows and civil affairs of its region, unless it is about kin of theirs."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_

from engine.model import Actor
from storage.case_visibility import in_whole_region
from storage.kin import cases_of_kin, households_of_kin, persons_of_kin
from storage.tables.register import correction


def is_correction_visible(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `correction` that this actor may see the request."""
    person_id, household_id, case_id = correction.c.person_id, correction.c.household_id, correction.c.case_id
    return and_(
        in_whole_region(correction.c.region, actor),
        or_(person_id.is_(None), person_id.not_in(persons_of_kin(actor.id))),
        or_(household_id.is_(None), household_id.not_in(households_of_kin(actor.id))),
        or_(case_id.is_(None), case_id.not_in(cases_of_kin(actor.id))),
    )
