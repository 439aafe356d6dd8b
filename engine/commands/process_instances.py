"""Starting and ending process instances, and setting their variables from outside."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

from engine.core import model as core
from engine.errors import InvalidVariables, NotFound
from engine.execution import operable_instance, record
from engine.host import Context, Work
from engine.json_values import JsonObject, dump_json
from engine.model import HistoryAction, InstanceState, ProcessInstance
from engine.permissions import checked_reason, require_operator
from engine.relay import advance

MAX_VARIABLES = 1_000_000  # characters of JSON; case files live in their own tables


def checked_variables(variables: JsonObject) -> JsonObject:
    """Return variables that the engine can keep.

    Raises:
        InvalidVariables: not JSON, or too large.
    """
    try:
        size = len(dump_json(variables))
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidVariables(f"not a JSON object: {error}") from error
    if size > MAX_VARIABLES:
        raise InvalidVariables(f"{size} characters of JSON, at most {MAX_VARIABLES} are allowed")
    return variables


@dataclass(frozen=True, slots=True, kw_only=True)
class StartProcessInstance:
    """Start the newest version of a process for a case and a region.

    Raises:
        NotFound: no such process is deployed.
    """

    process_id: str
    variables: JsonObject
    region: str
    business_key: str

    def execute(self, context: Context[Work]) -> ProcessInstance:
        """Start it and run it until it waits."""
        definition = context.unit_of_work.definitions.latest("process", self.process_id)
        if definition is None:
            raise NotFound("process definition", self.process_id)
        instance = ProcessInstance(
            id=uuid4(),
            definition_id=definition.id,
            process_id=self.process_id,
            region=self.region,
            business_key=self.business_key,
            state=InstanceState.ACTIVE,
            snapshot=None,
            version=1,
            started_at=context.now(),
        )
        context.unit_of_work.process_instances.add(instance)
        record(context, instance, HistoryAction.STARTED, details={"version": definition.version})
        start = core.Start(definition=str(definition.id), variables=checked_variables(self.variables))
        return advance(context, instance, start)


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelProcessInstance:
    """End an instance now, with all its open work."""

    process_instance_id: UUID
    reason: str

    def execute(self, context: Context[Work]) -> ProcessInstance:
        """Cancel it."""
        reason = checked_reason(self.reason)
        instance = operable_instance(context, self.process_instance_id)
        require_operator(context, instance.region, action="终止流程")
        record(context, instance, HistoryAction.CANCELLED, details={"reason": reason})
        return advance(context, instance, core.Cancel())


@dataclass(frozen=True, slots=True, kw_only=True)
class SetVariables:
    """Set variables of an instance from outside, e.g. before an incident is retried."""

    process_instance_id: UUID
    scope_key: int
    variables: JsonObject
    local: bool = False

    def execute(self, context: Context[Work]) -> ProcessInstance:
        """Set them."""
        instance = operable_instance(context, self.process_instance_id)
        require_operator(context, instance.region, action="修改变量")
        record(context, instance, HistoryAction.VARIABLES_SET, details={"names": sorted(self.variables)})
        command = core.SetVariables(scope=self.scope_key, variables=checked_variables(self.variables), local=self.local)
        return advance(context, instance, command)
