"""Operations on many instances: tried first, then made, worked off item by item, stopped, continued, tried again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import Enum
from uuid import UUID, uuid4

from engine.batches import (
    MAX_ITEMS,
    NEEDS_EXTENT,
    OPERATORS,
    BatchItem,
    BatchKind,
    BatchOperation,
    BatchState,
    DryRun,
    Forecast,
    InstanceFilter,
    ItemState,
)
from engine.commands.batch_effects import attempted, check_parameters, plan_of
from engine.core.model import Obstacle
from engine.errors import NotFound
from engine.host import Context, Work
from engine.json_values import JsonObject, JsonValue
from engine.open_elements import leaves, open_elements, without_keeping
from engine.operation_errors import (
    BatchExtentChanged,
    BatchNotNarrowed,
    BatchStateWrong,
    BatchTooLarge,
    NothingSelected,
)
from engine.permissions import checked_reason, given_reason
from engine.submissions import Submitted, made_once

AT_WORK = (BatchState.CREATED, BatchState.RUNNING)
MOST_TRIED = 500
MAX_MESSAGE = 2_000  # characters of what became of an item


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of many: to whom, what, with which parameters, and why.

    Raises when it is used:
        BatchParametersInvalid, NothingSelected, BatchTooLarge, ReasonMissing
        NotFound, MigrationRefused: of the plan of a migration.
    """

    kind: BatchKind
    filter: InstanceFilter = field(default_factory=InstanceFilter)
    parameters: JsonObject = field(default_factory=dict)
    reason: str
    everything: bool = False  # no filter is meant: everything the actor operates

    def batch(self, context: Context[Work]) -> BatchOperation:
        """Return the batch this makes, checked."""
        reason = checked_reason(self.reason)
        check_parameters(context, self.kind, self.parameters)
        return BatchOperation(
            id=uuid4(),
            kind=self.kind,
            filter=filter_json(self._narrowed()),
            parameters=self.parameters,
            reason=reason,
            created_by=context.actor.id,
            created_by_name=context.actor.name,
            memberships=context.actor.memberships,
            created_at=context.now(),
        )

    def document(self) -> JsonObject:
        """Return all that is asked, to know a repeated request from another one."""
        return {
            "kind": self.kind.value,
            "filter": filter_json(self.filter),
            "parameters": self.parameters,
            "reason": self.reason,
            "everything": self.everything,
        }

    def check_extent(self) -> None:
        """See that nobody does something to a whole region by leaving the filter out.

        Raises:
            BatchNotNarrowed
        """
        if self.kind in NEEDS_EXTENT and not self.filter.narrows and not self.everything:
            raise BatchNotNarrowed(self.kind)

    def total(self, context: Context[Work]) -> int:
        """Return how many items there are; what the actor may not operate is not counted."""
        if self.kind is BatchKind.REVERT_MIGRATION:
            return len(self.items(context, limit=MAX_ITEMS))
        return context.unit_of_work.batches.count(self.kind, self._narrowed(), context.actor)

    def items(self, context: Context[Work], *, limit: int) -> Sequence[BatchItem]:
        """Return the first items."""
        batches = context.unit_of_work.batches
        if self.kind is BatchKind.REVERT_MIGRATION:
            return batches.select_done(UUID(str(self.parameters["batch_id"])), context.actor)[:limit]
        return batches.select(self.kind, self._narrowed(), context.actor, limit=limit)

    def _narrowed(self) -> InstanceFilter:
        """Return the filter; a migration is only of what runs by its source."""
        if self.kind is BatchKind.MIGRATE:
            return replace(self.filter, source=plan_of(self.parameters).source)
        return self.filter


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewBatch:
    """What a batch would do: its first items are really tried, and nothing of it is kept."""

    asked: Asked
    tried: int = 100

    def execute(self, context: Context[Work]) -> DryRun:
        """Try it."""
        batch = self.asked.batch(context)
        items = self.asked.items(context, limit=min(self.tried, MOST_TRIED))
        return DryRun(
            total=self.asked.total(context), forecasts=tuple(self._forecast(context, batch, item) for item in items)
        )

    def _forecast(self, context: Context[Work], batch: BatchOperation, item: BatchItem) -> Forecast:
        instance = context.unit_of_work.process_instances.get(item.process_instance_id)
        if instance is None:
            raise NotFound("process instance", item.process_instance_id)
        standing = [one.element_id for one in leaves(open_elements(context, instance))]
        return Forecast(
            process_instance_id=instance.id,
            business_key=instance.business_key,
            subject_id=item.subject_id,
            stands_at=tuple(sorted(standing)),
            told=without_keeping(context, lambda: attempted(context.afresh(), batch, item)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateBatch:
    """Make a batch of what a filter finds now; workers do it item by item. The same submission key makes one.

    `seen` is how many items a trial showed to whoever confirms; None where nobody looked at one.

    Raises:
        BatchExtentChanged: there are more or fewer than were seen.
        IdempotencyConflict: the submission key came before with another request.
        BatchNotNarrowed: what is cancelled, suspended, modified or migrated is neither narrowed nor meant to be all.
        Others: as `Asked`.
    """

    asked: Asked
    submission_key: str | None = None
    seen: int | None = None

    def execute(self, context: Context[Work]) -> BatchOperation:
        """Make it."""
        if self.submission_key is None:
            return self._made(context)
        return made_once(
            context.unit_of_work.submissions,
            Submitted(key=self.submission_key, asked=self.asked.document()),
            at=context.now(),
            make=lambda: self._made(context),
            again=lambda known: operated_batch(context, known),
        )

    def _made(self, context: Context[Work]) -> BatchOperation:
        batch = self.asked.batch(context)
        self.asked.check_extent()
        items = self.asked.items(context, limit=MAX_ITEMS + 1)
        if not items:
            raise NothingSelected
        if len(items) > MAX_ITEMS:
            raise BatchTooLarge(found=self.asked.total(context), limit=MAX_ITEMS)
        if self.seen is not None and self.seen != len(items):
            raise BatchExtentChanged(seen=self.seen, found=len(items))
        context.unit_of_work.batches.add(batch, [replace(item, batch_id=batch.id) for item in items])
        context.unit_of_work.wake_workers()
        return batch


@dataclass(frozen=True, slots=True, kw_only=True)
class DoBatchItem:
    """Do the next waiting item, of one batch or of any, which then take turns; says whether there was one.

    Or do one that was claimed, if it still waits and its batch is at work.

    What is done and that it is done are written together: a worker that dies does neither.
    """

    batch_id: UUID | None = None
    item: BatchItem | None = None

    def execute(self, context: Context[Work]) -> bool:
        """Do it."""
        batches = context.unit_of_work.batches
        item = batches.take(self.batch_id) if self.item is None else batches.hold(self.item)
        if item is None:
            batches.finish(at=context.now())
            return False
        batch = batches.get(item.batch_id)
        if batch is None:
            raise NotFound("batch operation", item.batch_id)
        told = attempted(context, batch, item)
        batches.save_item(
            replace(
                item,
                state=told.state,
                message_zh=_kept(told.zh),
                message_en=_kept(told.en),
                tries=item.tries + 1,
                done_at=context.now(),
                unanswered=0,
            )
        )
        if batch.state is BatchState.CREATED:
            batches.set_state(batch.id, BatchState.RUNNING, only_from=(BatchState.CREATED,))
        batches.finish(at=context.now())
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelBatch:
    """Do nothing more of a batch; what is done stays done. Who did it is kept, with a reason where one is given.

    Raises:
        NotFound: unknown, or not the actor's to see.
        BatchStateWrong: it is over.
        ReasonMissing: the reason is longer than one may be.
    """

    batch_id: UUID
    reason: str | None = None

    def execute(self, context: Context[Work]) -> BatchOperation:
        """Cancel it."""
        batch = operated_batch(context, self.batch_id)
        batches = context.unit_of_work.batches
        batches.set_items(batch.id, ItemState.WAITING, to=ItemState.CANCELLED)
        over = replace(
            batch,
            state=BatchState.CANCELLED,
            ended_at=context.now(),
            ended_by=context.actor.id,
            ended_by_name=context.actor.name,
            ended_reason=str(given_reason(self.reason).get("reason", "")),
        )
        stopped = batches.cancel(over, only_from=(*AT_WORK, BatchState.SUSPENDED))
        return _changed(context, batch, stopped, Obstacle("cancelled", "终止"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendBatch:
    """Let a batch rest; the item in hand is finished.

    Raises: as `CancelBatch`.
    """

    batch_id: UUID

    def execute(self, context: Context[Work]) -> BatchOperation:
        """Suspend it."""
        batch = operated_batch(context, self.batch_id)
        rests = context.unit_of_work.batches.set_state(batch.id, BatchState.SUSPENDED, only_from=AT_WORK)
        return _changed(context, batch, rests, Obstacle("suspended", "暂停"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeBatch:
    """Let a suspended batch go on, with the posts its maker has now.

    Raises: as `CancelBatch`.
    """

    batch_id: UUID

    def execute(self, context: Context[Work]) -> BatchOperation:
        """Resume it."""
        batch = operated_batch(context, self.batch_id)
        _renew_posts(context, batch)
        only_from = (BatchState.SUSPENDED,)
        goes_on = context.unit_of_work.batches.set_state(batch.id, BatchState.RUNNING, only_from=only_from)
        context.unit_of_work.wake_workers()
        return _changed(context, batch, goes_on, Obstacle("resumed", "继续"))


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryBatchItems:
    """Do the items of a batch again that failed or were not tried, with the posts its maker has now.

    In a batch that is completed, those that wait are done too: a release before could complete one too early.

    Raises: as `CancelBatch`; NothingSelected: none failed.
    """

    batch_id: UUID

    def execute(self, context: Context[Work]) -> BatchOperation:
        """Try them again."""
        batch = operated_batch(context, self.batch_id)
        batches = context.unit_of_work.batches
        undone = [ItemState.FAILED, ItemState.NOT_TRIED]
        if batch.state is BatchState.COMPLETED:
            undone.append(ItemState.WAITING)
        if not sum([batches.set_items(batch.id, one, to=ItemState.WAITING) for one in undone]):
            raise NothingSelected
        _renew_posts(context, batch)
        goes_on = batches.set_state(batch.id, BatchState.RUNNING, only_from=(*AT_WORK, BatchState.COMPLETED))
        context.unit_of_work.wake_workers()
        return _changed(context, batch, goes_on, Obstacle("tried again", "重试"))


def operated_batch(context: Context[Work], batch_id: UUID) -> BatchOperation:
    """Return a batch that the actor made, or that is under its eyes as an operator of everything.

    Raises:
        NotFound: unknown, or of somebody else.
    """
    batch = context.unit_of_work.batches.get(batch_id)
    actor, everywhere = context.actor, context.host.region
    oversees = actor.system or any(actor.has_role(role, everywhere) for role in OPERATORS)
    if batch is None or not (oversees or batch.created_by == actor.id):
        raise NotFound("batch operation", batch_id)
    return batch


def _renew_posts(context: Context[Work], batch: BatchOperation) -> None:
    """Let its maker go on with no more and no less than the maker may do now; others do not lend it theirs."""
    if context.actor.id == batch.created_by:
        context.unit_of_work.batches.set_memberships(batch.id, context.actor.memberships)


def filter_json(wanted: InstanceFilter) -> JsonObject:
    """Return what a filter asks for, for the record."""
    given = {one.name: getattr(wanted, one.name) for one in fields(wanted)}
    return {name: _json(value) for name, value in given.items() if value is not None}


def _kept(message: str) -> str:
    """Return a message that every database stores, whatever broke."""
    return message.replace("\0", "")[:MAX_MESSAGE]


def _json(value: object) -> JsonValue:
    if isinstance(value, tuple):
        return [_json(one) for one in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bool | int):
        return value
    return str(value.value if isinstance(value, Enum) else value)


def _changed(context: Context[Work], batch: BatchOperation, was_possible: bool, action: Obstacle) -> BatchOperation:  # noqa: FBT001  (what came of the one before)
    if not was_possible:
        raise BatchStateWrong(batch.id, state=batch.state, action=action)
    return context.unit_of_work.batches.get(batch.id) or batch
