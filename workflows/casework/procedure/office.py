"""Who may decide about procedure: posts of the office itself, the township's window and civil affairs."""

from __future__ import annotations

from engine.errors import NotPermitted
from engine.model import Actor
from workflows.casework.sight import sees_whole_region

LEADING = ("leader", "supervisor")
REVIEWING = ("reviewer", *LEADING)
WORKING = ("clerk", *REVIEWING)


def require_office(actor: Actor, region: str, roles: tuple[str, ...], *, action: str) -> None:
    """Let the system pass, and who holds one of the roles in the township or civil affairs for the region.

    Raises:
        NotPermitted: nobody else may.
    """
    if actor.system:
        return
    posts = (one for one in actor.memberships if sees_whole_region(one) and region.startswith(one.region))
    if not any(one.role in roles for one in posts):
        raise NotPermitted(action, "、".join(roles))
