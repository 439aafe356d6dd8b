"""Messages from outside."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.process_instances import checked_variables
from engine.core import model as core
from engine.errors import NotCorrelated
from engine.execution import record
from engine.host import Context, Work
from engine.json_values import JsonObject
from engine.model import HistoryAction, ProcessInstance
from engine.permissions import require_role
from engine.relay import advance, still_waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrelateMessage:
    """Hand a message to the one instance that has waited for it longest.

    Raises:
        NotCorrelated: nobody waits for it.
    """

    name: str
    correlation_key: str | None
    variables: JsonObject

    def execute(self, context: Context[Work]) -> ProcessInstance:
        """Correlate it."""
        for waiting in context.unit_of_work.subscriptions.for_message(self.name, self.correlation_key):
            instance = still_waiting(context, waiting)
            if instance is None:
                continue
            require_role(context, "administrator", instance.region, action="发送消息")
            record(context, instance, HistoryAction.MESSAGE, element_id=waiting.element_id, details={"name": self.name})
            trigger = core.Trigger(subscription=waiting.subscription_key, variables=checked_variables(self.variables))
            return advance(context, instance, trigger)
        raise NotCorrelated(self.name, self.correlation_key)
