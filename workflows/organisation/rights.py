"""Which kind of person may use a page or a route at all; what they see there is decided by the queries and commands."""

from __future__ import annotations

from enum import StrEnum

from engine.model import Actor
from workflows.organisation.model import ADMINISTRATOR, SUPERVISOR

INTAKE_GROUPS = frozenset({"township/clerk", "civil_affairs/clerk"})


class Right(StrEnum):
    """What a route asks of whoever calls it."""

    PUBLIC = "public"  # nobody needs to sign in
    SIGNED_IN = "signed-in"  # any account
    WORK = "work"  # has a post: what is seen of tasks and cases is decided for each
    INTAKE = "intake"  # takes applications in: clerks of windows and of civil affairs, administrators
    OPERATE = "operate"  # supervisor or administrator of some region; queries and commands look at which
    SUPERVISE = "supervise"  # supervisor of some region
    ADMINISTER = "administer"  # administrator of some region; commands look at which
    DEPLOY = "deploy"  # administrator of the whole county: diagrams and how long history is kept are for every region


def holds(actor: Actor, right: Right, *, county: str) -> bool:
    """Say whether a signed-in actor holds a right in a county, given by its region."""
    if right in (Right.PUBLIC, Right.SIGNED_IN):
        return True
    roles = {membership.role for membership in actor.memberships}
    if right is Right.WORK:
        return bool(roles)
    if right is Right.INTAKE:
        return ADMINISTRATOR in roles or any(one.group in INTAKE_GROUPS for one in actor.memberships)
    if right is Right.DEPLOY:
        return actor.has_role(ADMINISTRATOR, county)
    if right is Right.OPERATE:
        return bool(roles & {SUPERVISOR, ADMINISTRATOR})
    return (SUPERVISOR if right is Right.SUPERVISE else ADMINISTRATOR) in roles
