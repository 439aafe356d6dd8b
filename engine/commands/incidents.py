"""Repairing what is stuck."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from engine.commands.timers import TIMER_INCIDENT, FireTimer
from engine.core import model as core
from engine.errors import NotFound
from engine.execution import locked_instance, record
from engine.host import Context, Work
from engine.model import HistoryAction, ProcessInstance
from engine.permissions import require_role
from engine.relay import advance


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveIncident:
    """Do again what failed. Whether it worked this time shows in the instance: a new incident, or none.

    Raises:
        NotFound: unknown, or resolved already.
        NotPermitted: the actor does not supervise the region.
    """

    incident_id: UUID

    def execute(self, context: Context[Work]) -> ProcessInstance:
        """Retry it."""
        incident = context.unit_of_work.incidents.get(self.incident_id)
        if incident is None or incident.resolved_at is not None:
            raise NotFound("open incident", self.incident_id)
        instance = locked_instance(context, incident.process_instance_id)
        current = context.unit_of_work.incidents.get(self.incident_id)
        if current is None or current.resolved_at is not None:
            raise NotFound("open incident", self.incident_id)
        require_role(context, "supervisor", instance.region, action="重试")
        record(
            context, instance, HistoryAction.RETRIED, element_id=incident.element_id, details={"kind": incident.kind}
        )
        if incident.kind == TIMER_INCIDENT:
            FireTimer(process_instance_id=instance.id, subscription_key=incident.key).execute(context)
            context.unit_of_work.incidents.close(incident.id, at=context.now())
            return context.unit_of_work.process_instances.get(instance.id) or instance
        return advance(context, instance, core.Retry(key=incident.key))
