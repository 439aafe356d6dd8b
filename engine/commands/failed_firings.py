"""Trying again what fires by itself and failed: timer start events and deliveries, which belong to no one instance."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from engine.commands.incidents import ResolutionOutcome
from engine.commands.messages import Deliver
from engine.commands.timers import FireTimerStart
from engine.errors import ConcurrentChange, EngineError, NotFound
from engine.failures import told
from engine.host import Context, Work
from engine.model import Delivery, StartSubscription
from engine.operation_queries import FiringName, firing_of
from engine.permissions import require_role

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class FiringResolution:
    """What a retry did; `reason` is why it failed again, with both languages where it has them."""

    id: str
    outcome: ResolutionOutcome
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryFiring:
    """Fire now what failed, and say whether it worked; a failure is kept, and workers go on trying.

    Raises:
        NotFound: no such firing has failed, or it has happened meanwhile.
        ConcurrentChange: somebody else does it, or whom it is for is busy or suspended.
        NotPermitted: the actor does not administer the whole installation.
    """

    firing_id: str

    def execute(self, context: Context[Work]) -> FiringResolution:
        """Retry it."""
        require_role(context, "administrator", context.host.region, action="重试触发")
        name = firing_of(self.firing_id)
        failed = None if name is None else _failed(context, name)
        if failed is None:
            raise NotFound("failed firing", self.firing_id)
        try:
            with context.unit_of_work.savepoint():
                is_done = _firing(failed).execute(context)
        except (ConcurrentChange, ConnectionError):
            raise
        except EngineError as error:
            return self._failed_again(context, failed, f"{error.text('zh')} / {error.text('en')}")
        except Exception as error:  # noqa: BLE001  whatever it was is what the operator asked to hear
            return self._failed_again(context, failed, told(error, log, firing=self.firing_id))
        if not is_done:
            raise ConcurrentChange
        return FiringResolution(id=self.firing_id, outcome=ResolutionOutcome.FIXED)

    def _failed_again(
        self, context: Context[Work], failed: StartSubscription | Delivery, reason: str
    ) -> FiringResolution:
        work, failures, until = context.unit_of_work, failed.failures + 1, context.now()
        if isinstance(failed, Delivery):
            work.deliveries.postpone(failed, until=until, failures=failures, reason=reason)
        else:
            work.start_subscriptions.postpone(failed, until=until, failures=failures, reason=reason)
        return FiringResolution(id=self.firing_id, outcome=ResolutionOutcome.FAILED, reason=reason)


def _failed(context: Context[Work], name: FiringName) -> StartSubscription | Delivery | None:
    """Lock what is meant; None when it has not failed."""
    found: StartSubscription | Delivery | None
    if name.delivery_id is not None:
        found = context.unit_of_work.deliveries.lock(name.delivery_id)
    elif name.definition_id is not None:
        found = context.unit_of_work.start_subscriptions.lock(name.definition_id, name.element_id)
    else:
        found = None
    return found if found is not None and found.failures else None


def _firing(failed: StartSubscription | Delivery) -> FireTimerStart | Deliver:
    if isinstance(failed, Delivery):
        return Deliver(delivery_id=failed.id)
    return FireTimerStart(definition_id=failed.definition_id, element_id=failed.element_id)
