"""Beginning elements in an ad-hoc sub-process that runs."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from engine.core import codec
from engine.core import model as core
from engine.core.repairs import AdHocActivity
from engine.definitions import InstanceDefinitions
from engine.errors import NotFound
from engine.execution import operated_instance, record, require_active
from engine.host import Context, Work
from engine.json_values import JsonObject
from engine.model import HistoryAction, ProcessInstance
from engine.open_elements import Effect, observed
from engine.operation_errors import ModificationRefused
from engine.permissions import checked_reason
from engine.relay import advance
from engine.supplied_variables import checked_variables


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivateAdHocElements:
    """Begin elements in a running ad-hoc sub-process, each with variables that it and what follows it see alone.

    `scope_key` names the sub-process; without it, the only one that runs. `cancel_remaining` first ends what runs in
    it.

    Raises:
        NotFound: there is no such instance.
        InstanceEnded: it is over.
        InstanceSuspended: it rests.
        ModificationRefused: no such sub-process runs, or an element cannot be begun in it; nothing is changed.
        InvalidVariables, ReasonMissing, NotPermitted
    """

    process_instance_id: UUID
    elements: tuple[AdHocActivity, ...]
    reason: str
    scope_key: int | None = None
    cancel_remaining: bool = False

    def execute(self, context: Context[Work]) -> Effect:
        """Begin them."""
        reason = checked_reason(self.reason)
        found = operated_instance(context, self.process_instance_id, action="启动临时子流程中的环节")
        instance = require_active(found)
        for one in self.elements:
            checked_variables(context, one.variables)
        scope = self._scope(context, instance)
        command = core.ActivateAdHoc(scope=scope, elements=self.elements, cancel_remaining=self.cancel_remaining)
        effect = observed(context, instance, lambda: _advanced(context, instance, command))
        details: JsonObject = {**effect.details(), "reason": reason}
        record(context, effect.instance, HistoryAction.AD_HOC_ACTIVATED, details=details)
        return effect

    def _scope(self, context: Context[Work], instance: ProcessInstance) -> int:
        if not self.elements and not self.cancel_remaining:
            raise ModificationRefused([core.Obstacle("nothing is asked for", "没有提出任何修改")])
        if self.scope_key is not None:
            return self.scope_key
        running = _running(context, instance)
        if len(running) == 1:
            return running[0]
        if not running:
            raise ModificationRefused([_NONE_RUNS])
        keys = ", ".join(str(key) for key in running)
        several = f"several ad-hoc sub-processes run: name one of {keys}"
        raise ModificationRefused([core.Obstacle(several, f"有多个临时子流程在进行，请指明其一：{keys}")])


_NONE_RUNS = core.Obstacle("no ad-hoc sub-process runs", "没有进行中的临时子流程")


def _running(context: Context[Work], instance: ProcessInstance) -> list[int]:
    """Return the keys of the ad-hoc sub-processes of an instance; of a multi-instance, of its rounds."""
    snapshot = None if instance.snapshot is None else codec.decode(instance.snapshot)
    definitions = InstanceDefinitions(context.definitions, context.unit_of_work.definitions)
    found = []
    for one in snapshot.instances if snapshot is not None else ():
        node = definitions.get(one.definition).nodes[one.element]
        is_body = node.loop is not None and one.loop_counter is None
        if node.ad_hoc is not None and not one.is_activation and not is_body:
            found.append(one.key)
    return found


def _advanced(context: Context[Work], instance: ProcessInstance, command: core.ActivateAdHoc) -> ProcessInstance:
    try:
        return advance(context, instance, command)
    except core.CannotModify as refused:
        raise ModificationRefused(refused.reasons) from refused
    except NotFound as gone:
        key = gone.fields["key"]
        closed = f"no ad-hoc sub-process {key} takes elements now"
        raise ModificationRefused([core.Obstacle(closed, f"临时子流程 {key} 现在不能启动环节")]) from gone
