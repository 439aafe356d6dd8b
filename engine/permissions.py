"""Rights that commands check themselves, in the transaction that uses them."""

from __future__ import annotations

from collections.abc import Sequence

from engine.errors import NotPermitted
from engine.host import Context, Work
from engine.operation_errors import ReasonMissing

MAX_REASON = 500  # characters


def require_role(context: Context[Work], role: str, region: str, *, action: str) -> None:
    """Let the system and holders of a role for a region pass.

    Raises:
        NotPermitted: nobody else may.
    """
    if not context.actor.system and not context.actor.has_role(role, region):
        raise NotPermitted(action, role)


def require_one_of(context: Context[Work], roles: Sequence[str], region: str, *, action: str) -> None:
    """Let the system and holders of one of the roles for a region pass.

    Raises:
        NotPermitted: nobody else may.
    """
    if not context.actor.system and not any(context.actor.has_role(role, region) for role in roles):
        raise NotPermitted(action, "、".join(roles))


def checked_reason(reason: str) -> str:
    """Return the reason of an operator without the space around it.

    Raises:
        ReasonMissing: nothing stands there, or too much.
    """
    stripped = reason.strip()
    if not 0 < len(stripped) <= MAX_REASON:
        raise ReasonMissing(limit=MAX_REASON, found=len(stripped))
    return stripped
