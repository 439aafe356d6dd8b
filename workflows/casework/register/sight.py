"""Who may do what with the register: windows and civil affairs read it, those who review or lead decide."""

from __future__ import annotations

from engine.model import Actor
from workflows.casework.sight import sees_whole_region

DECIDING = ("reviewer", "leader", "supervisor")
ASKING = ("clerk", *DECIDING)


def may_decide(actor: Actor, region: str) -> bool:
    """Say whether the actor reviews or leads where a region lies."""
    return _holds(actor, region, DECIDING)


def may_ask(actor: Actor, region: str) -> bool:
    """Say whether the actor may ask for changes where a region lies."""
    return _holds(actor, region, ASKING)


def _holds(actor: Actor, region: str, roles: tuple[str, ...]) -> bool:
    posts = (one for one in actor.memberships if sees_whole_region(one) and region.startswith(one.region))
    return actor.system or any(one.role in roles for one in posts)
