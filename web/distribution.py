"""The rules by which units give out their tasks, as far as somebody supervises them: for the page and the API alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.json_values import JsonObject
from engine.model import Actor
from web.services import services
from workflows.casework.distribution.model import DistributionRule, Method, RuleEvent
from workflows.casework.orders.model import supervising_post
from workflows.casework.supervision import OfficeKey

MOST_EVENTS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLine:
    """A rule with the key of its unit; empty ids: every process, every step."""

    unit: str
    process_id: str
    element_id: str
    method: Method
    most_open: int | None
    release_after: int | None  # working days
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """A change of a unit's rules; None: there was, or is, no rule of its own."""

    process_id: str
    element_id: str
    at: datetime
    actor: str
    before: JsonObject | None
    after: JsonObject | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBook:
    """The rules of the units in sight, and of one unit, where one is named, how they came to be, newest first."""

    rules: Sequence[RuleLine]
    events: Sequence[RuleChange]


def rule_book(actor: Actor, unit: OfficeKey | None) -> RuleBook:
    """Return the rules of the units the actor supervises, or of one of them with its record."""
    found = [rule_line(one) for one in services().distribution.rules() if supervises(actor, one.place.unit)]
    if unit is None:
        return RuleBook(rules=found, events=())
    own = [one for one in found if one.unit == str(unit)]
    events = services().distribution.events(unit, limit=MOST_EVENTS) if supervises(actor, unit) else ()
    return RuleBook(rules=own, events=[_rule_change(one) for one in events])


def supervises(actor: Actor, unit: OfficeKey) -> bool:
    """Say whether somebody may set the rules of a unit."""
    return supervising_post(actor, unit.region, unit.kind) is not None


def rule_line(rule: DistributionRule) -> RuleLine:
    """Return a rule as it is shown."""
    return RuleLine(
        unit=str(rule.place.unit),
        process_id=rule.place.process_id,
        element_id=rule.place.element_id,
        method=rule.method,
        most_open=rule.most_open,
        release_after=rule.release_after,
        changed_at=rule.changed_at,
        changed_by=rule.changed_by,
    )


def _rule_change(event: RuleEvent) -> RuleChange:
    return RuleChange(
        process_id=event.place.process_id,
        element_id=event.place.element_id,
        at=event.at,
        actor=event.actor,
        before=event.before,
        after=event.after,
    )
