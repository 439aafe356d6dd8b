"""Instances in which nothing can ever move: tokens wait at joins, and nothing is left that could bring another one.

Such an instance has an incident at every innermost scope in which tokens wait. It is looked for at the end of a run and
only where tokens wait. While a run goes on the incident is lifted, so that repairs work as in any other scope; it comes
back, or is over, at the end of the run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.core.limits import LONGEST_REASON
from engine.core.model import IncidentRaised, IncidentResolved, Stage
from engine.core.texts import tell

if TYPE_CHECKING:
    from engine.core.working import Element, Working

KIND = "deadlock"
_NEEDS_A_THROWER = ("error", "escalation")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifted:
    """An incident that stood when the run began: at which scope, at which of its joins, as kept in the snapshot."""

    scope: Element
    definition: str
    join: str
    incident: str


def is_deadlock(incident: str | None) -> bool:
    """Say whether an incident is that of tokens that wait for ever."""
    return incident is not None and incident.startswith(f"{KIND}: ")


def lift(working: Working, scope: Element) -> None:
    """Take the mark off a scope for the time of a run, if it has one."""
    if scope.incident is not None and is_deadlock(scope.incident):
        join = next(iter(scope.tokens))
        working.lifted[scope.key] = Lifted(scope=scope, definition=scope.definition, join=join, incident=scope.incident)
        scope.incident = None


def tried_again(working: Working, key: int) -> bool:
    """Say whether a retry means a deadlock: then it is told anew if it stands at the end of the run."""
    lifted = working.lifted.pop(key, None)
    if lifted is not None:
        _resolve(working, lifted)
    return lifted is not None


def look(working: Working) -> None:
    """Mark the scopes in which tokens wait for ever, and tell what came about or is over."""
    before, working.lifted = working.lifted, {}
    if working.scopes_with_tokens and _nothing_can_move(working):
        for scope in working.scopes_with_tokens.values():
            if not scope.children:
                _mark(working, scope, before.pop(scope.key, None))
    for lifted in before.values():
        _resolve(working, lifted)


def _nothing_can_move(working: Working) -> bool:
    return not any(_can_move(element) for element in working.elements.values())


def _can_move(element: Element) -> bool:
    """Say whether something may still come of an element: work, an event, a repair, or somebody's choice."""
    is_between = element.stage is not Stage.ACTIVE or element.listening is not None or element.ending is not None
    is_asked = element.has_open_work or element.node.ad_hoc is not None
    waits = any(one.kind not in _NEEDS_A_THROWER for one in element.subscriptions.values())
    is_idle_scope = bool(element.children or element.tokens)
    return element.incident is not None or is_between or is_asked or waits or not is_idle_scope


def _mark(working: Working, scope: Element, lifted: Lifted | None) -> None:
    join = next(iter(scope.tokens))
    reason = _reason(scope)
    incident = f"{KIND}: {reason}"
    if lifted is not None and (lifted.definition, lifted.join, lifted.incident) == (scope.definition, join, incident):
        scope.incident = incident
        return
    if lifted is not None:
        _resolve(working, lifted)
    scope.incident = incident
    working.facts.append(
        IncidentRaised(key=scope.key, definition=scope.definition, element=join, kind=KIND, reason=reason)
    )


def _reason(scope: Element) -> str:
    nodes = scope.process.nodes
    waiting = [(nodes[join], flows) for join, flows in scope.tokens.items()]
    missing = [flow.id for join, flows in waiting for flow in join.incoming if flow.id not in flows]
    return tell("deadlock", joins=", ".join(scope.tokens), flows=", ".join(missing))[:LONGEST_REASON]


def _resolve(working: Working, lifted: Lifted) -> None:
    scope = lifted.scope
    working.facts.append(IncidentResolved(key=scope.key, definition=scope.definition, element=lifted.join))
