"""What operators do to one running instance: modify it by hand, let it rest and let it go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from engine.core import codec
from engine.core import model as core
from engine.core.missing_scopes import scopes_between
from engine.definitions import InstanceDefinitions
from engine.errors import NotFound, StaleVersion
from engine.exchange import Exchange
from engine.execution import operated_instance, record, require_active
from engine.host import Context, Work
from engine.json_values import JsonObject, JsonValue
from engine.model import HistoryAction, InstanceState, ProcessInstance
from engine.open_elements import Effect, observed, without_keeping
from engine.operation_errors import InstanceNotSuspended, ModificationRefused
from engine.permissions import checked_reason
from engine.relay import advance
from engine.supplied_variables import checked_variables


@dataclass(frozen=True, slots=True, kw_only=True)
class Activate:
    """Begin an element, with variables set in its scope first; without a scope, in the only one that draws it.

    Where that does not run, it is begun anew in the only scope around it that does, with those between. A scope that is
    named and lies further out has the scopes between begun anew although others of them run.
    """

    element_id: str
    scope_key: int | None = None
    variables: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeVariables:
    """Variables for a scope (None: the whole instance): held there when `local`, else where each name is found."""

    scope_key: int | None = None
    variables: JsonObject
    local: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ModifyProcessInstance:
    """Repair an instance by hand: set variables, begin elements, end element instances, in this order.

    `cancel_elements` ends every instance of an element id. `expected_version` is the version of the instance that the
    operator saw. What was open before and after stays in the history, with the reason.

    Raises:
        NotFound: there is no such instance.
        InstanceEnded: it is over.
        ModificationRefused: with every obstacle; nothing is changed.
        StaleVersion: the instance changed since it was looked at.
        ReasonMissing, NotPermitted
    """

    process_instance_id: UUID
    reason: str
    activate: tuple[Activate, ...] = ()
    cancel_keys: tuple[int, ...] = ()
    cancel_elements: tuple[str, ...] = ()
    variables: tuple[ScopeVariables, ...] = ()
    expected_version: int | None = None

    def execute(self, context: Context[Work]) -> Effect:
        """Modify it."""
        reason = checked_reason(self.reason)
        instance = operated_instance(context, self.process_instance_id, action="修改流程")
        if self.expected_version is not None and self.expected_version != instance.version:
            raise StaleVersion("process instance", self.expected_version, instance.version)
        effect = observed(context, instance, lambda: self._run(context, instance))
        names = sorted({name for one in self.variables for name in one.variables})
        details: JsonObject = {**effect.details(), "variables": list[JsonValue](names), "reason": reason}
        record(context, effect.instance, HistoryAction.MODIFIED, details=details)
        return effect

    def _run(self, context: Context[Work], instance: ProcessInstance) -> ProcessInstance:
        command = self._resolved(context, instance)
        try:
            for one in self.variables:
                scope = _root_key(instance) if one.scope_key is None else one.scope_key
                setting = core.SetVariables(
                    scope=scope, variables=checked_variables(context, one.variables), local=one.local
                )
                instance = advance(context, instance, setting)
            if command.activate or command.terminate:
                instance = advance(context, instance, command)
        except core.CannotModify as refused:
            raise ModificationRefused(refused.reasons) from refused
        except NotFound as gone:
            obstacle = core.Obstacle(f"there is no living scope {gone.fields['key']}", f"没有范围 {gone.fields['key']}")
            raise ModificationRefused([obstacle]) from gone
        return instance

    def _resolved(self, context: Context[Work], instance: ProcessInstance) -> core.Modify:
        if not (self.activate or self.cancel_keys or self.cancel_elements or self.variables):
            raise ModificationRefused([core.Obstacle("nothing is asked for", "没有提出任何修改")])
        scopes = _Scopes(context, instance)
        activate = tuple(
            core.Activation(
                scope=scopes.of(one.element_id) if one.scope_key is None else one.scope_key,
                element=one.element_id,
                variables=checked_variables(context, one.variables),
            )
            for one in self.activate
        )
        ending = [*self.cancel_keys, *(key for id_ in self.cancel_elements for key in scopes.living(id_))]
        command = core.Modify(activate=activate, terminate=tuple(dict.fromkeys(ending)))
        if scopes.obstacles:
            known = replace(command, activate=tuple(one for one in activate if one.scope != _UNKNOWN_SCOPE))
            raise ModificationRefused([*scopes.obstacles, *_obstacles(context, instance, known)])
        return command


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewModification:
    """What a modification would do: it is run like any other, and nothing of it is kept."""

    modification: ModifyProcessInstance

    def execute(self, context: Context[Work]) -> Effect:
        """Try it."""
        return without_keeping(context, lambda: self.modification.execute(context))


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendProcessInstance:
    """Let an instance rest: no task, job, timer, message, signal or condition of it goes on until it is resumed.

    Signals sent to it meanwhile, and messages that live long enough, are kept for it. Operators may still set
    variables, modify, migrate and cancel it; conditions that become true by that are looked at when it is resumed.

    Raises:
        InstanceSuspended: it rests already.
        InstanceEnded, NotFound, NotPermitted, ReasonMissing
    """

    process_instance_id: UUID
    reason: str

    def execute(self, context: Context[Work]) -> ProcessInstance:
        """Suspend it."""
        reason = checked_reason(self.reason)
        instance = require_active(operated_instance(context, self.process_instance_id, action="挂起流程"))
        record(context, instance, HistoryAction.SUSPENDED, details={"reason": reason})
        return _in_state(context, instance, InstanceState.SUSPENDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeProcessInstance:
    """Let a suspended instance go on: conditions, then signals and messages kept for it, then what fell due.

    Of each the oldest comes first; of conditions those are looked at whose variables changed while it rested.

    Raises:
        InstanceNotSuspended: it runs.
        InstanceEnded, NotFound, NotPermitted, ReasonMissing
    """

    process_instance_id: UUID
    reason: str

    def execute(self, context: Context[Work]) -> ProcessInstance:
        """Resume it."""
        reason = checked_reason(self.reason)
        instance = operated_instance(context, self.process_instance_id, action="恢复流程")
        if instance.state is not InstanceState.SUSPENDED:
            raise InstanceNotSuspended(instance.id, instance.state)
        record(context, instance, HistoryAction.RESUMED, details={"reason": reason})
        context.unit_of_work.wake_workers()
        exchange, instance = Exchange(context), _in_state(context, instance, InstanceState.ACTIVE)
        if _has_unseen_conditions(instance):
            instance = exchange.run(instance, core.Resume())
        return exchange.take_up(instance)


_UNKNOWN_SCOPE = 0  # keys are handed out from one


class _Scopes:
    """Finds what an operator means by the id of an element."""

    def __init__(self, context: Context[Work], instance: ProcessInstance) -> None:
        snapshot = None if instance.snapshot is None else codec.decode(instance.snapshot)
        self._elements = snapshot.instances if snapshot is not None else ()
        self._definitions = InstanceDefinitions(context.definitions, context.unit_of_work.definitions)
        self.obstacles: list[core.Obstacle] = []

    def of(self, element_id: str) -> int:
        """Return the key of the one living scope that draws an element, directly or, where none does, within.

        More than one of the nearest, or none, is an obstacle.
        """
        depths = {one.key: depth for one in self._elements if (depth := self._depth(one, element_id)) is not None}
        found = [key for key, depth in depths.items() if depth == min(depths.values())]
        if len(found) == 1:
            return found[0]
        if found:
            keys = ", ".join(str(key) for key in found)
            self.obstacles.append(
                core.Obstacle(
                    f"{element_id} can begin in several scopes: name one of {keys}",
                    f"{element_id} 可在多个范围中开始，请指明其一：{keys}",
                )
            )
        else:
            self.obstacles.append(
                core.Obstacle(f"no living scope draws {element_id}", f"没有进行中的范围画有 {element_id}")
            )
        return _UNKNOWN_SCOPE

    def living(self, element_id: str) -> list[int]:
        """Return the keys of the instances of an element: of a multi-instance its body alone."""
        found = [one.key for one in self._elements if one.element == element_id and one.loop_counter is None]
        if not found:
            self.obstacles.append(
                core.Obstacle(f"{element_id} is not open in this instance", f"{element_id} 在该流程中不在进行")
            )
        return found

    def _depth(self, scope: core.ElementInstance, element_id: str) -> int | None:
        """Return how many scopes are drawn between a living scope and an element in it; None: it is not in it."""
        if scope.is_activation:  # a new one is made in its ad-hoc sub-process
            return None
        nodes = self._definitions.get(scope.definition).nodes
        own = nodes[scope.element]
        is_body = own.loop is not None and scope.loop_counter is None
        between = None if is_body else scopes_between(nodes, scope.element, element_id)
        return None if between is None else len(between)


def _obstacles(context: Context[Work], instance: ProcessInstance, command: core.Modify) -> Sequence[core.Obstacle]:
    """Return what else stands against a modification that is refused already; what it does on trial is undone."""
    try:
        advance(context, instance, command)
    except core.CannotModify as refused:
        return refused.reasons
    return ()


def _root_key(instance: ProcessInstance) -> int:
    if instance.snapshot is None:
        raise NotFound("active process instance", instance.id)
    return codec.decode(instance.snapshot).instances[0].key


def _has_unseen_conditions(instance: ProcessInstance) -> bool:
    snapshot = None if instance.snapshot is None else codec.decode(instance.snapshot)
    return snapshot is not None and any(each.unseen for each in snapshot.instances)


def _in_state(context: Context[Work], instance: ProcessInstance, state: InstanceState) -> ProcessInstance:
    context.unit_of_work.process_instances.save(replace(instance, state=state))
    return replace(instance, state=state, version=instance.version + 1)
