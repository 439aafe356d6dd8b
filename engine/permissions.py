"""Rights that commands check themselves, in the transaction that uses them."""

from __future__ import annotations

from engine.errors import NotPermitted
from engine.host import Context, Work


def require_role(context: Context[Work], role: str, region: str, *, action: str) -> None:
    """Let the system and holders of a role for a region pass.

    Raises:
        NotPermitted: nobody else may.
    """
    if not context.actor.system and not context.actor.has_role(role, region):
        raise NotPermitted(action, role)
