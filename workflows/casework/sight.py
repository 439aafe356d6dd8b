"""Which posts see every case of their region with everything in it, and whose tasks stand in whose lists.

Storage builds its conditions on the same rules.

Everybody else, supervisors and administrators of other units included, sees what their unit's purpose needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.model import Actor, Membership
from engine.pulse import Earshot
from workflows.casework.county import CIVIL_AFFAIRS, TOWNSHIP, UNITS

GroupsOfRegions = Sequence[tuple[str, Sequence[str]]]
WHOLE_REGION_KINDS = frozenset({TOWNSHIP, CIVIL_AFFAIRS})
SUPERVISING_ROLES = ("supervisor",)


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


def own_groups(actor: Actor) -> GroupsOfRegions:
    """Return the groups of which the actor is a member, by region."""
    return _without_nested((one.region, {one.group}) for one in actor.memberships)


def seen_groups(actor: Actor) -> GroupsOfRegions:
    """Return the actor's own groups, and all groups of its unit where it supervises that unit alone."""
    units = ((one.region, unit_groups(one.unit_kind)) for one in actor.memberships if one.role in SUPERVISING_ROLES)
    return _without_nested([*((one.region, [one.group]) for one in actor.memberships), *units])


def whole_regions(actor: Actor) -> list[str]:
    """Return the regions in whose work lists the actor sees everything, without those inside another."""
    found = {one.region for one in actor.memberships if one.role in SUPERVISING_ROLES and sees_whole_region(one)}
    return sorted(one for one in found if not any(other != one and one.startswith(other) for other in found))


def earshot_of(actor: Actor) -> Earshot:
    """Return what may change the actor's work lists: its own work and groups, and those of whom it stands in for."""
    absent = [one.person for one in actor.stands_in_for]
    groups = [*seen_groups(actor), *(each for person in absent for each in own_groups(person))]
    return Earshot(
        regions=tuple(whole_regions(actor)),
        groups=tuple((region, tuple(of_region)) for region, of_region in _without_nested(groups)),
        people=tuple(sorted({actor.id, *(person.id for person in absent)})),
    )


def _without_nested(found: Iterable[tuple[str, Iterable[str]]]) -> GroupsOfRegions:
    """Return the groups of each region, without those a wider region brings already."""
    regions: dict[str, set[str]] = {}
    for region, groups in found:
        regions.setdefault(region, set()).update(groups)
    kept = []
    for region, of_region in sorted(regions.items()):
        wider = [regions[other] for other in regions if other != region and region.startswith(other)]
        left = of_region.difference(*wider)
        if left:
            kept.append((region, sorted(left)))
    return kept
