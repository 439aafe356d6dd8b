"""Running one process instance inside a command: snapshot in, core, snapshot and rows out."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from engine import dmn, feel
from engine.batches import OPERATORS
from engine.bindings import bound_definition
from engine.changes import Changes, project, task_history
from engine.core import codec, interpreter
from engine.core import model as core
from engine.core.limits import MOST_HELD
from engine.core.listener_model import InTransition, ResultRefused
from engine.core.sizes import UNCOUNTED, held_by
from engine.core.texts import both
from engine.definitions import InstanceDefinitions
from engine.errors import (
    CannotStart,
    ConcurrentChange,
    EngineError,
    JobResultRefused,
    NotFound,
    TaskInTransition,
)
from engine.expressions import FeelEvaluator
from engine.failures import told
from engine.host import Context, Work
from engine.json_values import JsonObject, JsonValue
from engine.model import HistoryAction, HistoryEntry, InstanceState, ProcessInstance
from engine.operation_errors import InstanceEnded, InstanceSuspended, InstanceTooLarge
from engine.permissions import require_one_of
from engine.supplied_variables import checked_names
from engine.waiting_tokens import places_waited_at

log = logging.getLogger(__name__)
SOON = timedelta(seconds=10)  # workers look for timers by themselves more often than this


def operable_instance(context: Context[Work], process_instance_id: UUID) -> ProcessInstance:
    """Return an instance that runs or is suspended, locked: what operators may change.

    Raises:
        NotFound: unknown.
        InstanceEnded: it is over.
    """
    instance = context.unit_of_work.process_instances.lock(process_instance_id)
    if instance is None:
        raise NotFound("process instance", process_instance_id)
    return require_operable(instance)


def operated_instance(
    context: Context[Work], process_instance_id: UUID, *, action: str, roles: Sequence[str] = OPERATORS
) -> ProcessInstance:
    """Return an instance that runs or is suspended, locked, to somebody who has one of the roles for its region.

    The region is looked at first, without a lock: whoever has no business there is told that alone, whatever the
    instance is doing, and holds nobody up. To whom a register bars from the case it is unknown.

    Raises:
        NotFound: unknown to the actor.
        InstanceEnded: it is over; told to those alone who may.
        NotPermitted: it lies in a region of others.
    """
    if not context.actor.system:
        region = context.unit_of_work.process_instances.region_for(process_instance_id, context.actor.id)
        if region is None:
            raise NotFound("process instance", process_instance_id)
        require_one_of(context, roles, region, action=action)
    return operable_instance(context, process_instance_id)


def require_operable(instance: ProcessInstance) -> ProcessInstance:
    """Return the instance when it runs or is suspended.

    Raises:
        InstanceEnded: it is over.
    """
    if instance.state not in (InstanceState.ACTIVE, InstanceState.SUSPENDED):
        raise InstanceEnded(instance.id, instance.state, instance.ended_at)
    return instance


def require_active(instance: ProcessInstance) -> ProcessInstance:
    """Return the instance when it runs.

    Raises:
        InstanceEnded: it is over.
        InstanceSuspended: it rests.
    """
    if require_operable(instance).state is InstanceState.SUSPENDED:
        raise InstanceSuspended(instance.id)
    return instance


def record(
    context: Context[Work],
    instance: ProcessInstance,
    action: HistoryAction,
    *,
    element_id: str | None = None,
    details: JsonObject | None = None,
) -> None:
    """Append a line to the instance's history; it names in whose place somebody acted."""
    acted_for: JsonObject = {} if context.actor.acts_for is None else {"for": context.actor.acts_for}
    context.unit_of_work.history.add(
        HistoryEntry(
            process_instance_id=instance.id,
            at=context.now(),
            actor=context.actor.id,
            action=action,
            element_id=element_id,
            details={**(details or {}), **acted_for},
        )
    )


def run(context: Context[Work], instance: ProcessInstance, command: core.Command) -> tuple[ProcessInstance, Changes]:
    """Run one command on a locked instance and write everything it changed.

    Raises:
        NotFound: the command names an element that does not wait for it.
        CannotStart: the process has no start event that fits.
        InstanceTooLarge: the command brings more variables than an instance may hold.
    """
    before = None if instance.snapshot is None else codec.decode(instance.snapshot)
    try:
        with context.observed.core_run(instance.process_id):
            outcome = interpreter.run(before, command, environment(context, instance))
    except core.NotOpen as gone:
        raise NotFound("open element", gone.key) from gone
    except InTransition as waiting:
        raise TaskInTransition(waiting.event) from waiting
    except ResultRefused as refused:
        raise JobResultRefused(refused.code, refused.found) from refused
    except core.CannotStart as refused:
        raise CannotStart(instance.process_id, refused.reason) from refused
    changes = project(instance, outcome.facts, at=context.now(), actor=context.actor, origin=context.observed.origin)
    after = _after(context, instance, before, outcome)
    context.unit_of_work.process_instances.save(after)
    context.unit_of_work.process_instances.apply(changes)
    context.observed.changed(instance, after, changes)
    for action in changes.task_actions:
        context.unit_of_work.history.add(task_history(action, instance, at=context.now(), actor=context.actor))
    if changes.user_tasks_closed:
        context.host.tasks_over(context, after, [changes.row_id(key) for key in changes.user_tasks_closed])
    if after.state is InstanceState.CANCELLED:
        context.host.cancelled(context, instance)
    if changes.makes_work_before(context.now() + SOON):
        context.unit_of_work.wake_workers()
    return replace(after, version=changes.version), changes


def _after(
    context: Context[Work], instance: ProcessInstance, before: core.Snapshot | None, outcome: core.Outcome
) -> ProcessInstance:
    if outcome.snapshot is not None:
        document = codec.written(outcome.snapshot)
        if len(document) > MOST_HELD:
            _refuse_growth(before, outcome.snapshot)
        waiting_at = places_waited_at(outcome.snapshot)
        return replace(instance, snapshot=codec.packed(document), waiting_at=waiting_at)
    cancelled = any(isinstance(fact, core.InstanceEnded) and fact.cancelled for fact in outcome.facts)
    state = InstanceState.CANCELLED if cancelled else InstanceState.COMPLETED
    return replace(instance, snapshot=None, state=state, ended_at=context.now(), waiting_at=())


def _refuse_growth(before: core.Snapshot | None, after: core.Snapshot) -> None:
    """See that an instance which is too large grows no further; one that was before there was a limit goes on.

    What expressions make is an incident before it comes to this: see `Working.need_room`.

    Raises:
        InstanceTooLarge
    """
    held = 0 if before is None else held_by(before.instances)
    found = held_by(after.instances)
    if found > MOST_HELD and found - held > UNCOUNTED:
        raise InstanceTooLarge(found=found, limit=MOST_HELD)


def environment(context: Context[Work], instance: ProcessInstance) -> core.Environment:
    """Return what the core may use for one run of an instance."""
    definitions = context.unit_of_work.definitions

    def decision(decision_id: str, caller: str, binding: str, version_tag: str | None) -> tuple[UUID, dmn.Model]:
        found = bound_definition(
            definitions, "decision", decision_id, caller=caller, binding=binding, version_tag=version_tag
        )
        return found.id, context.definitions.decision_model(found.id, definitions)

    roots: Mapping[str, JsonValue] = context.host.roots(context, instance)
    settings = environment_settings(context)
    return core.Environment(
        now=settings.now,
        definitions=InstanceDefinitions(context.definitions, definitions),
        evaluator=FeelEvaluator(settings=settings, roots=roots, decisions=decision),
        handlers=_InsideHandlers(context, instance),
        is_resting=instance.state is InstanceState.SUSPENDED,
        is_spent=context.is_spent,
    )


def environment_settings(context: Context[Work]) -> feel.Settings:
    """Return the clock, in the office's zone, and the functions that FEEL may use."""
    now = context.now().astimezone(ZoneInfo(context.host.time_zone))
    return feel.Settings(now=now, functions=context.host.functions(context))


class _InsideHandlers:
    """The office's handlers, each in a savepoint: a failure undoes its own writes and leaves an incident.

    What the person at work can mend first refuses their command as a whole instead: nothing is half decided.
    """

    def __init__(self, context: Context[Any], instance: ProcessInstance) -> None:
        self._context = context
        self._instance = instance

    def runs_inside(self, job_type: str) -> bool:
        return job_type in self._context.host.inside

    def call(self, call: core.HandlerCall) -> JsonObject:
        handler = self._context.host.inside[call.type]
        try:
            with self._context.savepoint():
                return checked_names(self._context, handler(self._context, self._instance, call))
        except (core.BpmnError, ConcurrentChange, ConnectionError):
            raise
        except EngineError as error:
            if error.refuses_command and not self._context.actor.system:
                raise
            raise core.HandlerFailed(both(error.text("zh"), error.text("en"))) from error
        except Exception as error:
            raise core.HandlerFailed(told(error, log, handler=call.type, instance=str(self._instance.id))) from error
