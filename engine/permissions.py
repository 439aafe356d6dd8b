"""Rights that commands check themselves, in the transaction that uses them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Generic

from engine.errors import NotPermitted
from engine.host import Context, Work
from engine.json_values import JsonObject
from engine.model import Actor, UserTask
from engine.operation_errors import ReasonMissing, SubstitutionOver

MAX_REASON = 500  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting(Generic[Work]):
    """In whose right somebody works on a task, and the context in which the record names everybody concerned."""

    context: Context[Work]
    holder: Actor  # who holds the task, or will: the actor, or the absent person in whose name the actor works
    persons: tuple[Actor, ...]  # whom nothing may bar: the actor, and the absent person


def whose_right(task: UserTask, actor: Actor) -> Actor | None:
    """Return in whose right an actor may work on a task that is held, or take one that is not; None: in nobody's.

    What somebody holds, or may claim by posts of one's own, is one's own work. Only beside that counts the right of
    somebody absent: what this person holds, or could claim, in the processes the substitution is for. The task stays or
    becomes the absent person's; so it is theirs again when the substitution ends.
    """
    others = [one.person for one in actor.stands_in_for if one.covers(task)]
    if task.assignee is not None:
        return next((one for one in (actor, *others) if one.id == task.assignee), None)
    return next((one for one in (actor, *others) if task.is_offered_to(one)), None)


def acting_on(context: Context[Work], task: UserTask) -> Acting[Work] | None:
    """Return in whose right the actor of a command works on a task; None: in nobody's.

    Raises:
        SubstitutionOver: it ended after the actor was asked who they are.
        EngineError: the office bars the actor or the absent person from the task.
    """
    actor = context.actor
    person = whose_right(task, actor)
    if person is None:
        return None
    if person is actor:
        return Acting(context=context, holder=actor, persons=(actor,))
    for one in (actor, person):
        context.host.guard(context, task, one, step="take")
    if not context.unit_of_work.posts.stands_in(actor.id, absent=person.id, task=task, now=context.now()):
        raise SubstitutionOver(task.name, person.name)
    posts = (*actor.memberships, *person.memberships)  # what the process does with the result may ask for either's
    both = replace(actor, name=f"{actor.name}（代{person.name}）", acts_for=person.id, memberships=posts)
    return Acting(context=replace(context, actor=both), holder=person, persons=(actor, person))


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
        ReasonMissing: nothing stands there that can be seen, or too much.
    """
    stripped = reason.strip()
    is_seen = any(one.isprintable() and not one.isspace() for one in stripped)
    if not is_seen or len(stripped) > MAX_REASON:
        raise ReasonMissing(limit=MAX_REASON, found=len(stripped))
    return stripped


def given_reason(reason: str | None) -> JsonObject:
    """Return the reason of an act that needs none as its record holds it: nothing where none was written.

    Raises:
        ReasonMissing: it is longer than one may be.
    """
    return {} if not reason or reason.isspace() else {"reason": checked_reason(reason)}
