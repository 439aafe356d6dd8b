"""Fires what a worker claimed, one after the other: what fails, or is never heard of again, stops no other."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Generic

from engine.commands.messages import Deliver
from engine.commands.timers import ClaimDue, Due, FireTimer, FireTimerStart, PostponeDue
from engine.errors import ConcurrentChange
from engine.executor import Engine
from engine.failures import told
from engine.host import Work
from engine.leases import GIVE_UP_AFTER
from engine.model import SYSTEM, Delivery, Timer
from engine.worker_settings import WorkerSettings, doubled

log = logging.getLogger(__name__)

_UNANSWERED = (
    "已有 {times} 次触发没有回音：每次处理者都终止或超时。现单独重试 / "
    "it was tried {times} times and never heard of again: each time its worker ended or took too long; "
    "it is tried alone now"
)
_LINE_BROKE = "触发时与数据库的连接中断：{error} / the line to the database broke while it was fired: {error}"


class Firing(Generic[Work]):
    """The part of a worker that fires timers, start events and deliveries."""

    def __init__(self, engine: Engine[Work], settings: WorkerSettings) -> None:
        self._engine = engine
        self._settings = settings

    def fire_due(self, *, between: Callable[[], None]) -> int:
        """Fire what is due, each in a transaction of its own; before each, what must not wait is done."""
        claim = ClaimDue(limit=self._settings.claimed_at_once, lease=self._settings.claim_lease)
        fired = 0
        for due in self._engine.execute(claim, actor=SYSTEM):
            between()
            fired += self._fire(due)
        return fired

    def _fire(self, due: Due) -> bool:
        """Fire one. What breaks its line to the database has failed when the database is there to write that down."""
        pause = doubled(self._settings.timer_pause, due.failures, self._settings)
        if due.unanswered > GIVE_UP_AFTER:
            reason = _UNANSWERED.format(times=due.unanswered - 1)
            self._postpone(due, self._settings.longest_pause, reason=reason, gives_up=True)
            return False
        try:
            if self._engine.execute(_firing(due), actor=SYSTEM):
                return True
        except ConcurrentChange:
            self._postpone(due, self._settings.shortest_wait, is_failure=False)
        except ConnectionError as error:
            self._postpone(due, pause, reason=_LINE_BROKE.format(error=error))
        except Exception as error:  # noqa: BLE001  one bad timer must not stop the others
            self._postpone(due, pause, reason=told(error, log, kind=type(due).__name__, **_ids(due)))
        else:
            if not isinstance(due, Delivery):  # which says itself when it is tried again
                self._postpone(due, self._settings.claim_lease, is_failure=False)
        return False

    def _postpone(
        self, due: Due, pause: timedelta, *, is_failure: bool = True, reason: str = "", gives_up: bool = False
    ) -> None:
        until = self._engine.now() + pause
        postpone = PostponeDue(due=due, until=until, is_failure=is_failure, reason=reason, gives_up=gives_up)
        try:
            self._engine.execute(postpone, actor=SYSTEM)
        except ConcurrentChange:
            log.info("what could not fire is busy: it is due again when its claim is over", extra=_ids(due))


def _firing(due: Due) -> FireTimer | FireTimerStart | Deliver:
    if isinstance(due, Timer):
        return FireTimer(process_instance_id=due.process_instance_id, subscription_key=due.subscription_key)
    if isinstance(due, Delivery):
        return Deliver(delivery_id=due.id)
    return FireTimerStart(definition_id=due.definition_id, element_id=due.element_id)


def _ids(due: Due) -> dict[str, str]:
    if isinstance(due, Timer):
        return {"instance": str(due.process_instance_id), "element": due.element_id}
    if isinstance(due, Delivery):
        return {"delivery": str(due.id), "published": str(due.message_id)}
    return {"definition": str(due.definition_id), "element": due.element_id}
