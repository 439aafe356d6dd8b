"""Asking for a change of a figure, looking at it before, deciding it by a second person, taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from engine.errors import NotPermitted
from engine.host import Context
from engine.json_values import JsonObject, JsonValue
from engine.permissions import checked_reason
from workflows.casework.days import local_day
from workflows.casework.errors import SubmissionKeyTaken
from workflows.casework.parameter_changes.errors import (
    ParameterByStandardChange,
    ParameterChangeNotFound,
    ParameterChangeNotYours,
    ParameterChangeOutdated,
    ParameterChangeOver,
    ParameterChangeWaiting,
    ParameterDayWrong,
    ParameterUnchanged,
    ParameterUnknown,
    ParameterValueWrong,
)
from workflows.casework.parameter_changes.limits import beyond
from workflows.casework.parameter_changes.model import (
    ASKING,
    DECIDING,
    ParameterChange,
    ParameterChangeState,
    ParameterPreview,
    in_force,
    may_ask,
    may_decide,
)
from workflows.casework.parameter_changes.shapes import is_number, wrong
from workflows.casework.parameters import parameter_titles
from workflows.casework.payments.standards import RECOMPUTED
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.errors import OwnRequest
from workflows.casework.records import Parameter

FURTHEST = timedelta(days=5 * 365)
MOST_PERCENT = 1_000_000  # beyond it a share tells nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewParameterChange:
    """Tell what another value of a figure from a day on would replace, and for how long it would count.

    Raises:
        ParameterUnknown, ParameterDayWrong, ParameterValueWrong, ParameterUnchanged: it could not be asked for.
        ParameterByStandardChange: benefits are computed anew by it.
    """

    key: str
    effective_from: date
    value: JsonValue

    def execute(self, context: Context[CaseworkUnitOfWork]) -> ParameterPreview:
        """Look at it; nothing is kept."""
        today = local_day(context.now())
        values = _values(context, self.key)
        before = _checked(self.key, self.effective_from, self.value, values, today)
        later = [one.effective_from for one in values if one.effective_from > self.effective_from]
        difference = _difference(before, self.value)
        return ParameterPreview(
            key=self.key,
            effective_from=self.effective_from,
            value=self.value,
            before=before,
            until=min(later) - timedelta(days=1) if later else None,
            is_past=self.effective_from < today,
            difference=difference,
            percent=_percent(difference, before),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AskParameterChange:
    """Ask for another value of a figure from a day on; the same `change_id` asks once.

    Raises:
        NotPermitted: the actor does not administer the county.
        ParameterUnknown, ParameterDayWrong, ParameterValueWrong, ParameterUnchanged: nothing is kept.
        ParameterByStandardChange: benefits are computed anew by it.
        ParameterChangeWaiting: another change of it is to be decided first.
        ReasonMissing: nobody would know by what document, or why.
        SubmissionKeyTaken: the id is that of another change.
    """

    change_id: UUID
    key: str
    effective_from: date
    value: JsonValue
    source: str
    reason: str
    region: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> ParameterChange:
        """Check and keep it."""
        if not may_ask(context.actor, self.region):
            raise NotPermitted("变更政策参数", "、".join(ASKING))
        policy = context.unit_of_work.policy
        known = policy.lock_change(self.change_id)
        if known is not None:
            return self._same(context, known)
        values = _values(context, self.key)
        before = _checked(self.key, self.effective_from, self.value, values, local_day(context.now()))
        change = ParameterChange(
            id=self.change_id,
            key=self.key,
            effective_from=self.effective_from,
            value=self.value,
            before=_kept(before),
            source=checked_reason(self.source),
            reason=checked_reason(self.reason),
            state=ParameterChangeState.ASKED,
            asked_by=context.actor.id,
            asked_at=context.now(),
        )
        if policy.add_change(change):
            return change
        known = policy.lock_change(self.change_id)  # it may have been sent twice at once
        if known is None:
            raise ParameterChangeWaiting(self.key)
        return self._same(context, known)

    def _same(self, context: Context[CaseworkUnitOfWork], known: ParameterChange) -> ParameterChange:
        before = (known.asked_by, known.key, known.effective_from, known.value, known.source, known.reason)
        asked = (self.key, self.effective_from, self.value, self.source.strip(), self.reason.strip())
        if before != (context.actor.id, *asked):
            raise SubmissionKeyTaken
        return known


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideParameterChange:
    """Approve a change, by which the value is entered, or refuse it; who asked for it may not decide it.

    Raises:
        NotPermitted: the actor neither administers nor supervises the county.
        ParameterChangeNotFound, ParameterChangeOver: there is nothing to decide.
        OwnRequest: the actor asked for it.
        ParameterChangeOutdated: what it replaces is another value by now.
        ReasonMissing: nobody would know why.
    """

    change_id: UUID
    approve: bool
    note: str
    region: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> ParameterChange:
        """Decide it."""
        if not may_decide(context.actor, self.region):
            raise NotPermitted("审批政策参数变更", "、".join(DECIDING))
        change = _waiting(context, self.change_id)
        if change.asked_by == context.actor.id:
            raise OwnRequest("政策参数变更")
        decided = replace(
            change,
            state=ParameterChangeState.APPROVED if self.approve else ParameterChangeState.REFUSED,
            decided_by=context.actor.id,
            decided_at=context.now(),
            note=checked_reason(self.note),
        )
        policy = context.unit_of_work.policy
        if self.approve:
            policy.hold_figures()
            if _kept(in_force(_values(context, change.key), change.effective_from)) != change.before:
                raise ParameterChangeOutdated
            figure = Parameter(
                key=change.key, value=change.value, effective_from=change.effective_from, source=change.source
            )
            policy.set_parameters((figure,))
        policy.save_change(decided)
        return decided


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawParameterChange:
    """Take back a change nobody has decided.

    Raises:
        ParameterChangeNotFound, ParameterChangeOver: there is nothing to take back.
        ParameterChangeNotYours: somebody else asked for it.
    """

    change_id: UUID

    def execute(self, context: Context[CaseworkUnitOfWork]) -> ParameterChange:
        """Take it back."""
        change = _waiting(context, self.change_id)
        if change.asked_by != context.actor.id:
            raise ParameterChangeNotYours
        withdrawn = replace(
            change,
            state=ParameterChangeState.WITHDRAWN,
            decided_by=context.actor.id,
            decided_at=context.now(),
        )
        context.unit_of_work.policy.save_change(withdrawn)
        return withdrawn


def _waiting(context: Context[CaseworkUnitOfWork], change_id: UUID) -> ParameterChange:
    change = context.unit_of_work.policy.lock_change(change_id)
    if change is None:
        raise ParameterChangeNotFound
    if change.state is not ParameterChangeState.ASKED:
        raise ParameterChangeOver
    return change


def _values(context: Context[CaseworkUnitOfWork], key: str) -> Sequence[Parameter]:
    values = context.unit_of_work.policy.values_of(key)
    if not values:
        raise ParameterUnknown(key)
    return values


def _checked(key: str, day: date, value: JsonValue, values: Sequence[Parameter], today: date) -> Parameter | None:
    """Return what counts on the day now, if another value may be asked for."""
    if key in RECOMPUTED:
        raise ParameterByStandardChange(key)
    first, last = values[0].effective_from, today + FURTHEST
    if not first <= day <= last:
        raise ParameterDayWrong(first=first, last=last, found=day)
    titles = parameter_titles()
    unit = titles[key].unit if key in titles else ""
    expected = wrong(value, [one.value for one in values], unit) or beyond(key, value, unit)
    if expected is not None:
        raise ParameterValueWrong(key=key, expected=expected)
    before = in_force(values, day)
    if before is not None and before.value == value:
        raise ParameterUnchanged(key=key, day=day)
    return before


def _kept(before: Parameter | None) -> JsonObject:
    """Return what is kept of what a change replaces; its document is told nowhere else once it is replaced."""
    if before is None:
        return {}
    return {"value": before.value, "effective_from": before.effective_from.isoformat(), "source": before.source}


def _difference(before: Parameter | None, value: JsonValue) -> Decimal | None:
    old = None if before is None else before.value
    if not (is_number(old) and is_number(value)):
        return None
    return Decimal(str(value)) - Decimal(str(old))


def _percent(difference: Decimal | None, before: Parameter | None) -> Decimal | None:
    if difference is None or before is None or not before.value:
        return None
    percent = difference / Decimal(str(before.value)) * 100
    return percent.quantize(Decimal("0.1")) if abs(percent) <= MOST_PERCENT else None
