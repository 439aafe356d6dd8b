"""Who may be told what variables hold: the same people as everywhere, beside their names."""

from __future__ import annotations

from engine.errors import NotPermitted
from engine.model import Actor
from workflows.casework.sight import sees_values
from workflows.organisation.model import SUPERVISOR


def require_values_shown(actor: Actor, region: str) -> None:
    """Let those pass who see the values of a region's variables.

    Raises:
        NotPermitted: an administrator alone, or somebody whose unit sees a part of the cases only.
    """
    if not sees_values(actor, region):
        raise NotPermitted("查看变量的值", SUPERVISOR)
