"""Who sees a change request: windows and civil affairs of its region, unless it is about kin of theirs."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, not_

from engine.model import Actor
from storage.case_visibility import in_whole_region
from storage.kin import cases_of_kin
from storage.tables.casework import member
from storage.tables.register import correction, fed_case, person


def is_correction_visible(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `correction` that this actor may see the request."""
    of_kin = cases_of_kin(actor.id)
    about_person = (
        exists()
        .where(
            person.c.id == correction.c.person_id,
            member.c.identity_hash == person.c.identity_hash,
            member.c.identity_hash != "",
            member.c.case_id.in_(of_kin),
        )
        .correlate(correction)
    )
    about_household = (
        exists()
        .where(fed_case.c.household_id == correction.c.household_id, fed_case.c.case_id.in_(of_kin))
        .correlate(correction)
    )
    return and_(in_whole_region(correction.c.region, actor), not_(about_person), not_(about_household))
