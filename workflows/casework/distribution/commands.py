"""Setting and removing the rules of a unit: by whoever supervises it, with a record of every change."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import NotPermitted
from engine.host import Context
from workflows.casework.distribution.errors import RuleFiguresWrong, RuleNotFound, RulePlaceUnknown
from workflows.casework.distribution.model import (
    LONGEST_UNTOUCHED,
    MOST_OPEN,
    DistributionRule,
    Method,
    RuleEvent,
    RulePlace,
)
from workflows.casework.distribution.ports import DistributionUnitOfWork
from workflows.casework.orders.model import supervising_post
from workflows.organisation.model import SUPERVISOR


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDistributionRule:
    """Set the rule of a unit, or of a process or step of its own, in place of the one that is there.

    Raises:
        NotPermitted: the actor does not supervise the unit.
        RulePlaceUnknown: there is no such unit, process or step.
        RuleFiguresWrong: the cap or the days are none a rule can have.
    """

    place: RulePlace
    method: Method
    most_open: int | None = None
    release_after: int | None = None  # working days

    def execute(self, context: Context[DistributionUnitOfWork]) -> DistributionRule:
        """Return the rule."""
        _require_supervisor(context, self.place)
        self._check_figures()
        self._check_place(context)
        rules = context.unit_of_work.distribution
        before = rules.lock(self.place)
        rule = DistributionRule(
            place=self.place,
            method=self.method,
            most_open=self.most_open,
            release_after=self.release_after,
            changed_at=context.now(),
            changed_by=context.actor.id,
            last_login=None if before is None else before.last_login,
        )
        if before is not None and before.words == rule.words:
            return before
        rules.save(rule)
        _record(context, self.place, before, rule)
        return rule

    def _check_figures(self) -> None:
        fits_cap = self.most_open is None or 1 <= self.most_open <= MOST_OPEN
        fits_days = self.release_after is None or 1 <= self.release_after <= LONGEST_UNTOUCHED
        if not (fits_cap and fits_days):
            raise RuleFiguresWrong(most_open=MOST_OPEN, longest=LONGEST_UNTOUCHED)

    def _check_place(self, context: Context[DistributionUnitOfWork]) -> None:
        place, definitions = self.place, context.unit_of_work.definitions
        if not context.unit_of_work.distribution.offices().has(place.unit):
            raise RulePlaceUnknown(str(place.unit))
        if not place.process_id:
            if place.element_id:
                raise RulePlaceUnknown(place.element_id)
            return
        newest = definitions.latest("process", place.process_id)
        if newest is None:
            raise RulePlaceUnknown(place.process_id)
        node = context.definitions.process(newest.id, definitions).nodes.get(place.element_id)
        if place.element_id and (node is None or node.user_task is None):
            raise RulePlaceUnknown(place.element_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveDistributionRule:
    """Remove a rule; what is wider counts again for its tasks.

    Raises:
        NotPermitted: the actor does not supervise the unit.
        RuleNotFound: there is none.
    """

    place: RulePlace

    def execute(self, context: Context[DistributionUnitOfWork]) -> None:
        """Remove it."""
        _require_supervisor(context, self.place)
        rules = context.unit_of_work.distribution
        before = rules.lock(self.place)
        if before is None:
            raise RuleNotFound
        rules.remove(self.place)
        _record(context, self.place, before, None)


def _require_supervisor(context: Context[DistributionUnitOfWork], place: RulePlace) -> None:
    unit = place.unit
    if not context.actor.system and supervising_post(context.actor, unit.region, unit.kind) is None:
        raise NotPermitted("设置分配规则", SUPERVISOR)


def _record(
    context: Context[DistributionUnitOfWork],
    place: RulePlace,
    before: DistributionRule | None,
    after: DistributionRule | None,
) -> None:
    event = RuleEvent(
        place=place,
        at=context.now(),
        actor=context.actor.id,
        before=None if before is None else before.words,
        after=None if after is None else after.words,
    )
    context.unit_of_work.distribution.record(event)
