"""Who sees a case: one rule for lists, counts and single reads."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from engine.model import Actor, Membership
from storage.kin import cases_of_kin
from storage.tables.casework import case_file, referral
from storage.tables.engine import user_task
from storage.work_lists import IS_OPEN, is_offered_to
from workflows.casework.sight import sees_whole_region, unit_groups


def is_visible(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `case_file` that this actor may see the case."""
    if actor.system:
        return true()
    through = or_(false(), *(_through(membership, actor) for membership in actor.memberships))
    return and_(through, case_file.c.id.not_in(cases_of_kin(actor.id)))


def is_seen_whole(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that this actor sees the case with everything in it, not for a purpose alone."""
    return and_(is_visible(actor), in_whole_region(case_file.c.region, actor))


def in_whole_region(region: ColumnElement[str], actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a region is one whose cases the actor sees with everything in them."""
    if actor.system:
        return true()
    posts = (one for one in actor.memberships if sees_whole_region(one))
    return or_(false(), *(region.startswith(one.region, autoescape=True) for one in posts))


def _through(membership: Membership, actor: Actor) -> ColumnElement[bool]:
    of_region = case_file.c.region.startswith(membership.region, autoescape=True)
    if sees_whole_region(membership):
        return of_region
    return and_(of_region, or_(_was_referred_to(membership.unit_kind), _has_a_task(membership.unit_kind, actor)))


def _was_referred_to(kind: str) -> ColumnElement[bool]:
    sent = select(referral.c.case_id).where(referral.c.unit_kind == kind, referral.c.sent_at.is_not(None))
    return case_file.c.id.in_(sent)


def _has_a_task(kind: str, actor: Actor) -> ColumnElement[bool]:
    """The unit has an open user task in the case, or the actor completed one of it."""
    offered = and_(
        IS_OPEN,
        is_offered_to(unit_groups(kind)),
    )
    finished = user_task.c.completed_by == actor.id
    return or_(
        case_file.c.number.in_(select(user_task.c.business_key).where(offered)),
        case_file.c.number.in_(select(user_task.c.business_key).where(finished)),
    )
