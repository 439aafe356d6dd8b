"""Winter and spring relief for pages beside its own: which season a task is about."""

from __future__ import annotations

import re

from engine.model import Actor
from workflows.casework.winter.queries import sees_winter

NUMBER = re.compile(r"WINTER-([0-9]{4})(-[0-9]+)?")


def season_of(number: str, actor: Actor) -> int | None:
    """Return the season that a task is about by its number; None where it is about none, or the actor sees none."""
    found = NUMBER.fullmatch(number)
    return int(found[1]) if found and sees_winter(actor) else None
