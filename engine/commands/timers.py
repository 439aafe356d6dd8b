"""Due timers."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from engine.core import model as core
from engine.execution import advance, record
from engine.host import Context, Work
from engine.model import InstanceState


@dataclass(frozen=True, slots=True, kw_only=True)
class FireTimer:
    """Fire a timer that is due; says whether it was still there (another worker may have been first)."""

    process_instance_id: UUID
    subscription_key: int

    def execute(self, context: Context[Work]) -> bool:
        """Fire it once."""
        instance = context.unit_of_work.process_instances.lock(self.process_instance_id)
        if instance is None or instance.state is not InstanceState.ACTIVE:
            return False
        timer = context.unit_of_work.timers.get(self.process_instance_id, self.subscription_key)
        if timer is None or timer.due_at > context.now():
            return False
        record(context, instance, "timer", element_id=timer.element_id)
        advance(context, instance, core.Trigger(subscription=self.subscription_key))
        return True
