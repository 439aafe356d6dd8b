"""Which posts see every case of their region with everything in it; storage builds its conditions on the same rule.

Everybody else, supervisors and administrators of other units included, sees what their unit's purpose needs.
"""

from __future__ import annotations

from engine.model import Actor, Membership
from workflows.casework.county import CIVIL_AFFAIRS, TOWNSHIP, UNITS

WHOLE_REGION_KINDS = frozenset({TOWNSHIP, CIVIL_AFFAIRS})


def sees_whole_region(membership: Membership) -> bool:
    """Tell whether this post sees every case of its region, with everything in it."""
    return membership.unit_kind in WHOLE_REGION_KINDS


def is_purpose_limited(actor: Actor, region: str) -> bool:
    """Tell whether the actor sees a case of this region only as far as its unit's purpose goes."""
    if actor.system:
        return False
    return not any(sees_whole_region(one) and region.startswith(one.region) for one in actor.memberships)


def sees_values(actor: Actor, region: str) -> bool:
    """Say whether somebody sees what the variables of a region hold, beside what they are called.

    Supervisors do whose unit sees everything of a case; for administrators the names have to be enough.
    """
    return actor.system or (actor.has_role("supervisor", region) and not is_purpose_limited(actor, region))


def unit_groups(kind: str) -> list[str]:
    """Return the candidate groups of a kind of units."""
    return sorted({f"{kind}/{role}" for unit in UNITS if unit.kind == kind for role in unit.roles})


def unit_kinds(actor: Actor, region: str) -> frozenset[str]:
    """Return the kinds of units the actor works in for a region."""
    return frozenset(one.unit_kind for one in actor.memberships if region.startswith(one.region))
