"""Does the items of batches that a worker took: what cannot be handled stops neither its batch nor the others."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Generic

from engine.batches import BatchItem
from engine.commands.batch_claims import ClaimBatchItems, FailBatchItem, LetBatchItemWait
from engine.commands.batches import DoBatchItem
from engine.core.texts import said
from engine.errors import ConcurrentChange
from engine.executor import Engine
from engine.failures import told
from engine.host import Work
from engine.leases import GIVE_UP_AFTER
from engine.model import SYSTEM
from engine.worker_settings import WorkerSettings

log = logging.getLogger(__name__)

_UNANSWERED = (
    "已有 {times} 次办理没有回音：每次处理者都终止或超时",
    "it was tried {times} times and never heard of again: each time its worker ended or took too long",
)


class BatchWork(Generic[Work]):
    """The part of a worker that does the items of batches."""

    def __init__(self, engine: Engine[Work], settings: WorkerSettings) -> None:
        self._engine = engine
        self._settings = settings

    def do_some(self, *, between: Callable[[], None]) -> int:
        """Do some items, few enough that timers and jobs do not wait long; returns of how many the outcome is known."""
        claim = ClaimBatchItems(limit=self._settings.batch_items, lease=self._settings.claim_lease)
        try:
            items = self._engine.execute(claim, actor=SYSTEM)
        except ConcurrentChange:
            return 0  # the next turn takes them
        done = 0
        for item in items:
            between()
            done += self._do(item)
        return done

    def _do(self, item: BatchItem) -> bool:
        if item.unanswered > GIVE_UP_AFTER:
            zh, en = (one.format(times=item.unanswered - 1) for one in _UNANSWERED)
            return self._fail(item, zh, en)
        try:
            return self._engine.execute(DoBatchItem(item=item), actor=SYSTEM)
        except ConcurrentChange:
            self._engine.execute(LetBatchItemWait(item=item, wait=self._settings.shortest_wait), actor=SYSTEM)
        except ConnectionError:
            raise  # it is counted already, and the others are done meanwhile
        except Exception as error:  # noqa: BLE001  an item that cannot be handled must not stop the others
            reason = told(error, log, batch=str(item.batch_id), instance=str(item.process_instance_id))
            return self._fail(item, said(reason, "zh"), said(reason, "en"))
        return False

    def _fail(self, item: BatchItem, zh: str, en: str) -> bool:
        return self._engine.execute(FailBatchItem(item=item, zh=zh, en=en), actor=SYSTEM)
