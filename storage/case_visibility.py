"""Who sees a case: one rule for lists, counts and single reads."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, cast, exists, false, or_, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from engine.model import Actor, Membership
from storage.tables.casework import case_file, referral
from storage.tables.engine import user_task
from workflows.casework.county import CIVIL_AFFAIRS, TOWNSHIP, UNITS

WHOLE_REGION_KINDS = frozenset({TOWNSHIP, CIVIL_AFFAIRS})
WHOLE_REGION_ROLES = frozenset({"supervisor", "administrator"})


def sees_whole_region(membership: Membership) -> bool:
    """Tell whether this post sees every case of its region, with everything in it."""
    return membership.unit_kind in WHOLE_REGION_KINDS or membership.role in WHOLE_REGION_ROLES


def is_visible(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `case_file` that this actor may see the case."""
    if actor.system:
        return true()
    return or_(false(), *(_through(membership) for membership in actor.memberships))


def is_purpose_limited(actor: Actor, region: str) -> bool:
    """Tell whether the actor sees a case of this region only as far as its unit's purpose goes."""
    if actor.system:
        return False
    return not any(sees_whole_region(one) and region.startswith(one.region) for one in actor.memberships)


def unit_kinds(actor: Actor, region: str) -> frozenset[str]:
    """Return the kinds of units the actor works in for a region."""
    return frozenset(one.unit_kind for one in actor.memberships if region.startswith(one.region))


def _through(membership: Membership) -> ColumnElement[bool]:
    of_region = case_file.c.region.startswith(membership.region, autoescape=True)
    if sees_whole_region(membership):
        return of_region
    return and_(of_region, or_(_was_referred_to(membership.unit_kind), _had_a_task(membership.unit_kind)))


def _was_referred_to(kind: str) -> ColumnElement[bool]:
    return exists().where(
        referral.c.case_id == case_file.c.id, referral.c.unit_kind == kind, referral.c.sent_at.is_not(None)
    )


def _had_a_task(kind: str) -> ColumnElement[bool]:
    return exists().where(
        user_task.c.business_key == case_file.c.number,
        user_task.c.candidate_groups.overlap(cast(sorted(_groups(kind)), ARRAY(Text))),
    )


def _groups(kind: str) -> Iterable[str]:
    return {f"{kind}/{role}" for unit in UNITS if unit.kind == kind for role in unit.roles}
