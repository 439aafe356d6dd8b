"""Messages from outside."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.process_instances import checked_variables
from engine.core import model as core
from engine.errors import NotCorrelated
from engine.execution import advance, locked_instance, record
from engine.host import Context, Work
from engine.json_values import JsonObject
from engine.model import ProcessInstance


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
            instance = locked_instance(context, waiting.process_instance_id)
            still_waits = context.unit_of_work.subscriptions.for_message(self.name, self.correlation_key)
            if waiting not in still_waits:
                continue
            record(context, instance, "message", element_id=waiting.element_id, details={"name": self.name})
            trigger = core.Trigger(subscription=waiting.subscription_key, variables=checked_variables(self.variables))
            return advance(context, instance, trigger)
        raise NotCorrelated(self.name, self.correlation_key)
