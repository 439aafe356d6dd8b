"""Items of batches as workers take them: some at a time, each counted until it is heard what became of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from engine.batches import BatchItem, ItemState
from engine.commands.batches import MAX_MESSAGE
from engine.host import Context, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimBatchItems:
    """Take up to `limit` waiting items of the batches at work, which share them; no other worker does meanwhile.

    One that was taken twice before without a word of what became of it is taken alone, when no other is left.
    """

    limit: int
    lease: timedelta

    def execute(self, context: Context[Work]) -> list[BatchItem]:
        """Take them; where nothing waits any more, batches are completed."""
        batches, now = context.unit_of_work.batches, context.now()
        taken = batches.claim(now=now, lease=self.lease, limit=self.limit)
        if not taken:
            batches.finish(at=now)
        return taken


@dataclass(frozen=True, slots=True, kw_only=True)
class LetBatchItemWait:
    """An item that was taken was busy: it waits, and that counts against nothing."""

    item: BatchItem
    wait: timedelta

    def execute(self, context: Context[Work]) -> None:
        """Let it wait."""
        context.unit_of_work.batches.release(self.item, until=context.now() + self.wait)


@dataclass(frozen=True, slots=True, kw_only=True)
class FailBatchItem:
    """An item that was taken cannot be done, because it or its batch cannot be handled; it can be tried again."""

    item: BatchItem
    zh: str
    en: str

    def execute(self, context: Context[Work]) -> bool:
        """Write it down; False when somebody else did it meanwhile, or its batch is not at work any more."""
        batches, now = context.unit_of_work.batches, context.now()
        item = batches.hold(self.item)
        if item is None:
            return False
        failed = replace(item, state=ItemState.FAILED, tries=item.tries + 1, done_at=now, unanswered=0)
        batches.save_item(replace(failed, message_zh=self.zh[:MAX_MESSAGE], message_en=self.en[:MAX_MESSAGE]))
        batches.finish(at=now)
        return True
