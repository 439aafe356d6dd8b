"""Which kind of person may use a page or a route at all; what they see there is decided by the queries and commands."""

from __future__ import annotations

from enum import StrEnum

from engine.model import Actor
from workflows.organisation.model import ADMINISTRATOR, SUPERVISOR

INTAKE_GROUP = "township/clerk"


class Right(StrEnum):
    """What a route asks of whoever calls it."""

    PUBLIC = "public"  # nobody needs to sign in
    SIGNED_IN = "signed-in"  # any account
    WORK = "work"  # works on cases: any role but administrator alone
    INTAKE = "intake"  # takes applications in at a township's window
    SUPERVISE = "supervise"  # supervisor of some region
    ADMINISTER = "administer"  # administrator of some region


def holds(actor: Actor, right: Right) -> bool:
    """Say whether a signed-in actor holds a right."""
    if right in (Right.PUBLIC, Right.SIGNED_IN):
        return True
    roles = {membership.role for membership in actor.memberships}
    if right is Right.WORK:
        return bool(roles - {ADMINISTRATOR})
    if right is Right.INTAKE:
        return any(membership.group == INTAKE_GROUP for membership in actor.memberships)
    return (SUPERVISOR if right is Right.SUPERVISE else ADMINISTRATOR) in roles
