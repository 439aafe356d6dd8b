"""Who may be told what variables hold: the same people as everywhere, beside their names."""

from __future__ import annotations

from engine.batches import OPERATORS
from engine.errors import NotPermitted
from engine.model import Actor
from web.authentication import current_actor
from workflows.casework.sight import sees_values
from workflows.organisation.model import SUPERVISOR


def sees_values_of_all(actor: Actor) -> bool:
    """Say whether somebody sees the values of variables in every region whose instances they operate."""
    operated = (one.region for one in actor.memberships if one.role in OPERATORS)
    return all(sees_values(actor, region) for region in operated)


def told_of(region: str, value: str) -> str | None:
    """Return what something of a region holds to a caller who sees its values, and nothing to others."""
    return value if sees_values(current_actor(), region) else None


def require_values_shown(actor: Actor, region: str) -> None:
    """Let those pass who see the values of a region's variables.

    Raises:
        NotPermitted: an administrator alone, or somebody whose unit sees a part of the cases only.
    """
    if not sees_values(actor, region):
        raise NotPermitted("查看变量的值", SUPERVISOR)
