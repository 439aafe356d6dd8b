"""Starting and ending process instances, and setting their variables from outside."""

from __future__ import annotations

from dataclasses import dataclass, fields
from uuid import UUID

from engine.core import model as core
from engine.errors import NotFound
from engine.execution import operated_instance, record
from engine.host import Context, Work
from engine.json_values import JsonObject, JsonValue
from engine.model import Definition, HistoryAction, ProcessInstance
from engine.permissions import checked_reason, given_reason, require_role
from engine.relay import advance
from engine.starting import checked_region, new_instance
from engine.submissions import Submitted, made_once
from engine.supplied_variables import checked_variables


@dataclass(frozen=True, slots=True, kw_only=True)
class StartProcessInstance:
    """Start a process for a case and a region: the newest version unless another is named.

    It begins at the none start event, or at the start event named, whatever that waits for.

    Raises:
        NotFound: no such process or version is deployed.
        CannotStart: there is no such start event, or none without a trigger.
        InvalidVariables: the variables cannot be kept.
        RegionUnknown: nobody works for the region.
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
        variables = checked_variables(context, self.variables)
        region = checked_region(context, self.region)
        instance = new_instance(context, definition, region=region, business_key=self.business_key)
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
class StartByHand:
    """Start a process as a message would that starts one; only who administers its region may.

    The same submission key starts it once; asked again, it is answered with the instance as it stands.

    Raises: as `StartProcessInstance`; NotPermitted.
        IdempotencyConflict: the submission key came before with another request.
    """

    start: StartProcessInstance
    submission_key: str | None = None

    def execute(self, context: Context[Work]) -> ProcessInstance:
        """Start it."""
        region = checked_region(context, self.start.region)
        require_role(context, "administrator", region, action="启动流程")
        if self.submission_key is None:
            return self.start.execute(context)
        return made_once(
            context.unit_of_work.submissions,
            Submitted(key=self.submission_key, asked={"start": self._asked()}),
            at=context.now(),
            make=lambda: self.start.execute(context),
            again=lambda known: _started(context, known),
        )

    def _asked(self) -> JsonObject:
        given = {one.name: getattr(self.start, one.name) for one in fields(self.start)}
        return {**given, "definition_id": None if given["definition_id"] is None else str(given["definition_id"])}


def _started(context: Context[Work], instance_id: UUID) -> ProcessInstance:
    instance = context.unit_of_work.process_instances.get(instance_id)
    if instance is None:
        raise NotFound("process instance", instance_id)
    return instance


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelProcessInstance:
    """End an instance now, with all its open work.

    Raises:
        InstanceEnded: it is over already.
        NotFound, NotPermitted, ReasonMissing
    """

    process_instance_id: UUID
    reason: str

    def execute(self, context: Context[Work]) -> ProcessInstance:
        """Cancel it."""
        reason = checked_reason(self.reason)
        instance = operated_instance(context, self.process_instance_id, action="终止流程")
        record(context, instance, HistoryAction.CANCELLED, details={"reason": reason})
        return advance(context, instance, core.Cancel())


@dataclass(frozen=True, slots=True, kw_only=True)
class SetVariables:
    """Set variables of an instance from outside, e.g. before an incident is retried; a reason given is kept.

    Raises:
        InstanceEnded: it is over.
        NotFound: there is no such instance or scope.
        InvalidVariables, NotPermitted, ReasonMissing
    """

    process_instance_id: UUID
    scope_key: int
    variables: JsonObject
    local: bool = False
    reason: str | None = None

    def execute(self, context: Context[Work]) -> ProcessInstance:
        """Set them."""
        instance = operated_instance(context, self.process_instance_id, action="修改变量")
        names = list[JsonValue](sorted(self.variables))
        details: JsonObject = {"names": names, **given_reason(self.reason)}
        record(context, instance, HistoryAction.VARIABLES_SET, details=details)
        command = core.SetVariables(
            scope=self.scope_key, variables=checked_variables(context, self.variables), local=self.local
        )
        return advance(context, instance, command)
