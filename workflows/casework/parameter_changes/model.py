"""A change of a figure of policy, and what is to be looked at before it is asked for or decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from engine.json_values import JsonObject, JsonValue
from engine.model import Actor, Membership
from workflows.casework.county import CIVIL_AFFAIRS
from workflows.casework.records import Parameter
from workflows.organisation.model import ADMINISTRATOR, SUPERVISOR

ASKING = (ADMINISTRATOR,)
DECIDING = (ADMINISTRATOR, SUPERVISOR)


class ParameterChangeState(StrEnum):
    """How a change stands."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterChange:
    """A value asked for from a day on; `before` is what was in force on that day then, with its own first day."""

    id: UUID
    key: str
    effective_from: date
    value: JsonValue
    before: JsonObject
    source: str
    reason: str
    state: ParameterChangeState
    asked_by: str
    asked_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterUse:
    """A diagram, or a file of decision tables, in its newest version, that reads a figure."""

    kind: str
    resource_name: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterPreview:
    """What a change would do: what counts on its first day now, and up to which day the new value would count.

    `until` is the last day before a later value that is entered already; `is_past`: days gone by would be judged anew
    where something is computed for them. `difference` and `percent` are told of numbers.
    """

    key: str
    effective_from: date
    value: JsonValue
    before: Parameter | None
    until: date | None
    is_past: bool
    difference: Decimal | None
    percent: Decimal | None


def may_ask(actor: Actor, county: str) -> bool:
    """Say whether the actor may ask for a change: who administers the whole county."""
    return actor.system or any(actor.has_role(role, county) for role in ASKING)


def may_decide(actor: Actor, county: str) -> bool:
    """Say whether the actor may decide one: who administers the county, or supervises its civil affairs."""
    return actor.system or any(
        county.startswith(one.region)
        and (one.role == ADMINISTRATOR or (one.role == SUPERVISOR and one.unit_kind == CIVIL_AFFAIRS))
        for one in actor.memberships
    )


def as_told(changes: Sequence[ParameterChange], actor: Actor, county: str) -> list[ParameterChange]:
    """Return the changes as an actor may read them.

    What waits, and what the office thinks of it, is told to the county's civil affairs and administrators; everybody
    else reads what became of a figure and on which document, without reasons, opinions and names.
    """
    if actor.system or any(_is_of_office(one, county) for one in actor.memberships):
        return list(changes)
    over = (one for one in changes if one.state is not ParameterChangeState.ASKED)
    return [replace(one, reason="", note="", asked_by="", decided_by=None) for one in over]


def _is_of_office(post: Membership, county: str) -> bool:
    return county.startswith(post.region) and (post.unit_kind == CIVIL_AFFAIRS or post.role == ADMINISTRATOR)


def in_force(values: Sequence[Parameter], day: date) -> Parameter | None:
    """Return which of the values of a figure counts on a day."""
    begun = [one for one in values if one.effective_from <= day]
    return max(begun, key=lambda one: one.effective_from, default=None)
