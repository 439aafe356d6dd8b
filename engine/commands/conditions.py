"""Conditional start events: they are looked at when somebody asks."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core import model as core
from engine.core.graph import EventDefinition
from engine.errors import NotFound
from engine.exchange import Exchange
from engine.execution import environment
from engine.host import Context, Work
from engine.json_values import JsonObject
from engine.model import Definition, ProcessInstance, Publication, StartSubscription
from engine.permissions import require_role
from engine.starting import prospective_instance
from engine.supplied_variables import checked_variables


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluateConditions:
    """Start a process at every conditional start event whose condition is true of the variables.

    The start events are those of the newest version of each process, or of the one process named. A condition sees
    the variables, and beside them what the instance would see that it starts: region and business key are that one's.
    A condition that fails or gives no boolean is not fulfilled.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
        NotFound: the process named is not deployed.
        InvalidVariables: the variables cannot be kept.
    """

    variables: JsonObject
    process_id: str | None = None
    region: str | None = None
    business_key: str | None = None

    def execute(self, context: Context[Work]) -> list[ProcessInstance]:
        """Look at them, and return what was started."""
        require_role(context, "administrator", context.host.region, action="判断启动条件")
        work = context.unit_of_work
        if self.process_id is not None and work.definitions.latest("process", self.process_id) is None:
            raise NotFound("process definition", self.process_id)
        publication = self._publication(context)
        fulfilled = [
            start
            for start in work.start_subscriptions.conditional(self.process_id)
            if _is_fulfilled(context, start, publication)
        ]
        exchange = Exchange(context)
        started = [exchange.start(start, publication) for start in fulfilled]
        exchange.finish()
        return [exchange.latest[one.id] for one in started]

    def _publication(self, context: Context[Work]) -> Publication:
        """Return what the start events bring along."""
        now = context.now()
        return Publication(
            kind="signal",
            name="",
            variables=checked_variables(context, self.variables),
            region=self.region or context.host.region,
            business_key=self.business_key or "",
            published_at=now,
            expires_at=now,
        )


def _is_fulfilled(context: Context[Work], start: StartSubscription, publication: Publication) -> bool:
    definition = context.unit_of_work.definitions.get(start.definition_id)
    if definition is None:
        raise LookupError(f"definition {start.definition_id} is not stored")
    event = _event(context, definition, start.element_id)
    if event.watched_names and publication.variables.keys().isdisjoint(event.watched_names):
        return False
    candidate = prospective_instance(
        context, definition, region=publication.region, business_key=publication.business_key
    )
    try:
        value = environment(context, candidate).evaluator.evaluate(event.condition or "", publication.variables)
    except core.ExpressionFailed:
        return False
    return value is True


def _event(context: Context[Work], definition: Definition, element_id: str) -> EventDefinition:
    process = context.definitions.process(definition.id, context.unit_of_work.definitions)
    event = process.nodes[element_id].event
    if event is None:
        raise LookupError(f"{element_id} of {definition.key} waits for nothing")
    return event
