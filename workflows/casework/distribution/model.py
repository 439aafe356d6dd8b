"""Rules by which the tasks of a unit are given to its people: the most exact one for a task counts, and it alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from engine.json_values import JsonObject
from workflows.casework.supervision import OfficeKey

MOST_OPEN = 500  # tasks: the largest cap
LONGEST_UNTOUCHED = 60  # working days
UNTOUCHED = "untouched"
"""Why a task was taken back, as the record says it."""


class Method(StrEnum):
    """How a task finds its holder."""

    NONE = "none"  # somebody claims it
    ROUND_ROBIN = "round-robin"  # one after the other
    LEAST_LOAD = "least-load"  # who holds fewest open tasks; of equals whose turn it is


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class RulePlace:
    """What a rule is for: all tasks of a unit, those of one process, or of one step of it."""

    unit: OfficeKey
    process_id: str = ""  # empty: every process
    element_id: str = ""  # empty: every step

    def covers(self, other: RulePlace) -> bool:
        """Say whether a rule for this place counts for a step."""
        is_process = self.process_id in ("", other.process_id)
        return self.unit == other.unit and is_process and self.element_id in ("", other.element_id)


Desk = tuple[RulePlace, tuple[str, ...]]
"""The place of a rule, and the groups of tasks it gives out: who is not free for one is free for none of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DistributionRule:
    """How tasks of a place are given out, up to how many open ones a person, and when an untouched one goes back."""

    place: RulePlace
    method: Method
    most_open: int | None  # None: no cap
    release_after: int | None  # working days; None: never
    changed_at: datetime
    changed_by: str
    last_login: str | None = None  # who was given a task last

    @property
    def words(self) -> JsonObject:
        """Return what the record keeps of it."""
        return {"method": self.method.value, "most_open": self.most_open, "release_after": self.release_after}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleEvent:
    """A change of the rules of a unit, as the record keeps it; None: there was, or is, no rule of its own."""

    place: RulePlace
    at: datetime
    actor: str
    before: JsonObject | None
    after: JsonObject | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody of a unit who is there today, and how many open tasks this person holds."""

    login: str
    name: str
    open: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTask:
    """An open task as far as rules ask for it: whom it is offered to, and the place of the rule that counts for it.

    `touched_at` is when somebody last did something to it, or its holder to its case; None: not asked for.
    """

    id: UUID
    candidate_groups: tuple[str, ...]
    place: RulePlace
    due_at: datetime | None
    created_at: datetime
    touched_at: datetime | None = None

    @property
    def desk(self) -> Desk:
        """Return whose rule gives it out and to which posts."""
        return self.place, self.candidate_groups


def rule_for(rules: Iterable[DistributionRule], step: RulePlace) -> DistributionRule | None:
    """Return the rule that counts for a step: that of the step before that of the process before that of the unit."""
    fit = [one for one in rules if one.place.covers(step)]
    return max(fit, key=lambda one: (one.place.element_id != "", one.place.process_id != ""), default=None)


def in_turn(rule: DistributionRule, people: Sequence[Candidate]) -> list[Candidate]:
    """Return who may be given one more task, in the order in which they are asked."""
    free = [one for one in people if rule.most_open is None or one.open < rule.most_open]
    last = rule.last_login or ""
    by_turn = sorted(free, key=lambda one: (one.login <= last, one.login))
    return sorted(by_turn, key=lambda one: one.open) if rule.method is Method.LEAST_LOAD else by_turn
