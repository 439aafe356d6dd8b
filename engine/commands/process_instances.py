"""Starting and ending process instances, and setting their variables from outside."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from engine.core import model as core
from engine.errors import InvalidVariables, NotFound
from engine.execution import operable_instance, record
from engine.host import Context, Work
from engine.json_values import JsonObject, dump_json
from engine.model import Definition, HistoryAction, ProcessInstance
from engine.permissions import checked_reason, require_operator
from engine.relay import advance
from engine.starting import new_instance

MAX_VARIABLES = 1_000_000  # characters of JSON; case files live in their own tables


def checked_variables(variables: JsonObject) -> JsonObject:
    """Return variables that the engine can keep.

    Raises:
        InvalidVariables: not JSON, or too large.
    """
    try:
        written = dump_json(variables)
        written.encode()  # half of a surrogate pair is no character
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidVariables(f"not a JSON object: {error}") from error
    if len(written) > MAX_VARIABLES:
        raise InvalidVariables(f"{len(written)} characters of JSON, at most {MAX_VARIABLES} are allowed")
    return variables


@dataclass(frozen=True, slots=True, kw_only=True)
class StartProcessInstance:
    """Start a process for a case and a region: the newest version unless another is named.

    It begins at the none start event, or at the start event named, whatever that waits for.

    Raises:
        NotFound: no such process or version is deployed.
        CannotStart: there is no such start event, or none without a trigger.
        InvalidVariables: the variables cannot be kept.
    """

    process_id: str
    variables: JsonObject
    region: str
    business_key: str
    version: int | None = None
    definition_id: UUID | None = None  # names a version instead of its number
    start_event: str | None = None

    def execute(self, context: Context[Work]) -> ProcessInstance:
        """Start it and run it until it waits."""
        definition = self._definition(context)
        variables = checked_variables(self.variables)
        instance = new_instance(context, definition, region=self.region, business_key=self.business_key)
        start = core.Start(definition=str(definition.id), variables=variables, start_event=self.start_event)
        return advance(context, instance, start)

    def _definition(self, context: Context[Work]) -> Definition:
        definitions = context.unit_of_work.definitions
        asked = self.process_id
        if self.definition_id is not None:
            asked = f"{asked} ({self.definition_id})"
            found = definitions.get(self.definition_id)
        elif self.version is not None:
            asked = f"{asked} v{self.version}"
            found = definitions.numbered("process", self.process_id, self.version)
        else:
            found = definitions.latest("process", self.process_id)
        if found is None or found.kind != "process" or found.key != self.process_id:
            raise NotFound("process definition", asked)
        if self.version is not None and found.version != self.version:
            raise NotFound("process definition", f"{asked} v{self.version}")
        return found


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
