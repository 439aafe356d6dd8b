"""New process instances: the row and the first line of history; whoever calls this runs it."""

from __future__ import annotations

from engine.errors import RegionUnknown
from engine.execution import record
from engine.host import Context, Work
from engine.ids import new_id
from engine.json_values import JsonObject
from engine.model import Definition, HistoryAction, InstanceState, ProcessInstance


def checked_region(context: Context[Work], region: str) -> str:
    """Return a region that somebody works for; an instance of any other would be under nobody's eyes.

    Raises:
        RegionUnknown: it lies outside the installation, or no unit is responsible for it.
    """
    if not context.host.covers(region):
        raise RegionUnknown(region, context.host.region)
    return region


def new_instance(
    context: Context[Work],
    definition: Definition,
    *,
    region: str,
    business_key: str,
    correlation_key: str | None = None,
    details: JsonObject | None = None,
) -> ProcessInstance:
    """Keep a new instance of a version and return it, not begun yet."""
    instance = prospective_instance(
        context, definition, region=region, business_key=business_key, correlation_key=correlation_key
    )
    context.unit_of_work.process_instances.add(instance)
    record(context, instance, HistoryAction.STARTED, details={"version": definition.version, **(details or {})})
    return instance


def prospective_instance(
    context: Context[Work],
    definition: Definition,
    *,
    region: str,
    business_key: str,
    correlation_key: str | None = None,
) -> ProcessInstance:
    """Return what a new instance of a version would be, without keeping it."""
    return ProcessInstance(
        id=new_id(context.now()),
        definition_id=definition.id,
        process_id=definition.key,
        region=region,
        business_key=business_key,
        state=InstanceState.ACTIVE,
        snapshot=None,
        version=1,
        started_at=context.now(),
        correlation_key=correlation_key,
    )
