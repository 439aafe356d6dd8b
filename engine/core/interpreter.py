"""The interpreter: a pure function of definition, snapshot, command and time to the next snapshot and the facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.core import events, joins, model, multi_instance
from engine.core.behaviours import BEHAVIOURS
from engine.core.lifecycle import activate, arrive, begin, complete, finish_if_empty
from engine.core.migration import migrate
from engine.core.modification import modify
from engine.core.restoring import restore
from engine.core.snapshots import freeze, thaw
from engine.core.variables import put
from engine.core.working import Element, Stuck, Token, Working

if TYPE_CHECKING:
    from engine.core.graph import Node


def run(snapshot: model.Snapshot | None, command: model.Command, environment: model.Environment) -> model.Outcome:
    """Carry out one command until everything waits again.

    The snapshot stays untouched. Business faults become incidents among the facts, never exceptions.

    Raises:
        NotOpen: the command names something that is not there or does not wait for it.
        CannotStart: the process has no start event that fits the command.
        CannotModify: a modification or migration would leave the instance in a state that cannot be.
    """
    if isinstance(command, model.Start):
        if snapshot is not None:
            raise model.CannotStart("the process instance has begun already")
        working = Working(environment, BEHAVIOURS)
        _start(working, command)
    else:
        if snapshot is None:
            raise model.NotOpen(getattr(command, "key", 0), "find the process instance of")
        working = thaw(snapshot, environment, BEHAVIOURS)
        _apply(working, command)
    _settle(working)
    multi_instance.tell_collected(working)
    return model.Outcome(snapshot=freeze(working), facts=tuple(working.facts))


def _start(working: Working, command: model.Start) -> None:
    process = working.process(command.definition)
    starts = process.nodes[process.id].start_events
    if command.start_event is not None and command.start_event not in starts:
        raise model.CannotStart(f"{process.id} has no start event {command.start_event!r}; it has {list(starts)}")
    if command.start_event is None and not process.none_start_events(process.id):
        raise model.CannotStart(f"{process.id} has no start event without a trigger; name one of {list(starts)}")
    root = working.create_process(command.definition, None)
    for name, value in command.variables.items():
        working.set_variable(root, name, value)
    if command.start_event is not None:
        root.tokens[command.start_event] = {"": 1}
    begin(working, root)


def _apply(working: Working, command: model.Command) -> None:
    match command:
        case model.CompleteWork():
            element = _with_open_work(working, command.key, "complete")
            working.close_work(element, completed=True)
            complete(working, element, command.variables)
        case model.ThrowError():
            element = _with_open_work(working, command.key, "throw an error at")
            _throw_error(working, element, command)
        case model.FailWork():
            element = _with_open_work(working, command.key, "fail")
            working.close_work(element, completed=False)
            working.raise_incident(element, "job", command.reason)
        case model.Trigger():
            holder = working.holders.get(command.subscription)
            if holder is None:
                raise model.NotOpen(command.subscription, "trigger")
            events.trigger(working, holder.subscriptions[command.subscription], command.variables)
        case model.Retry():
            _retry(working, command.key)
        case model.SetVariables():
            _set_variables(working, command)
        case model.Cancel():
            _cancel(working)
        case model.Modify():
            modify(working, command)
        case model.Migrate() | model.Restore():
            _change_version(working, command)
        case model.Start():
            raise TypeError("a start has no snapshot")


def _change_version(working: Working, command: model.Migrate | model.Restore) -> None:
    if isinstance(command, model.Migrate):
        migrate(working, command)
    else:
        restore(working, command)


def _throw_error(working: Working, element: Element, command: model.ThrowError) -> None:
    if events.raise_event(working, element, "error", command.code, command.variables):
        return
    working.close_work(element, completed=False)
    told = f": {command.message}" if command.message else ""
    working.raise_incident(element, "error-not-caught", f"nothing catches the error {command.code}{told}")


def _retry(working: Working, key: int) -> None:
    element = working.elements.get(key)
    if element is None or element.incident is None:
        raise model.NotOpen(key, "retry")
    working.resolve_incident(element)
    if element.stage is model.Stage.ENTERING:
        begin(working, element)
    elif element.stage is model.Stage.LEAVING:
        complete(working, element)
    else:
        try:
            activate(working, element)
        except Stuck as stuck:
            element.stage = model.Stage.ACTIVE  # its mappings and subscriptions stand: the next retry comes here again
            working.raise_incident(element, stuck.kind, stuck.reason)


def _set_variables(working: Working, command: model.SetVariables) -> None:
    scope = working.elements.get(command.scope)
    if scope is None:
        raise model.NotOpen(command.scope, "set variables of")
    if not command.local:
        put(working, scope, command.variables)
        return
    for name, value in command.variables.items():
        working.set_variable(scope, name, value)


def _cancel(working: Working) -> None:
    root = next(iter(working.elements.values()))
    working.terminate(root)
    working.facts.append(
        model.InstanceEnded(
            key=root.key,
            definition=root.definition,
            element=root.node.id,
            cancelled=True,
            variables=dict(root.variables),
        )
    )


def _with_open_work(working: Working, key: int, asked: str) -> Element:
    element = working.elements.get(key)
    if element is None or not element.has_open_work:
        raise model.NotOpen(key, asked)
    return element


def _settle(working: Working) -> None:
    """Move tokens until everything waits; beyond the step limit they become incidents where they would arrive."""
    steps_left = working.environment.step_limit
    while True:
        while working.queue:
            moved = working.queue.popleft()
            if isinstance(moved, Element):
                _begin_queued(working, moved, is_stopped=steps_left <= 0)
            elif moved.scope.is_alive and moved.epoch == moved.scope.epoch:
                steps_left -= 1
                _move(working, moved, is_stopped=steps_left < 0)
        if working.signals:
            events.broadcast(working, working.signals.popleft())
            continue
        ready = joins.ready_inclusive_join(working)
        if ready is None:
            return
        steps_left -= 1
        _fire_join(working, *ready, is_stopped=steps_left < 0)


def _begin_queued(working: Working, element: Element, *, is_stopped: bool) -> None:
    if not element.is_alive:
        return
    if is_stopped:
        _stop(working, element)
    else:
        begin(working, element)


def _move(working: Working, token: Token, *, is_stopped: bool) -> None:
    token.scope.on_their_way -= 1
    if is_stopped:
        scope, node = token.scope, token.scope.process.nodes[token.target]
        if not node.is_join or token.flow is None or joins.arrive(working, scope, node, token.flow):
            _stop(working, working.create(node, scope))
        return
    arrive(working, token)
    finish_if_empty(working, token.scope)


def _fire_join(working: Working, scope: Element, join: Node, *, is_stopped: bool) -> None:
    joins.consume(working, scope, join)
    element = working.create(join, scope)
    if is_stopped:
        _stop(working, element)
    else:
        begin(working, element)


def _stop(working: Working, element: Element) -> None:
    limit = working.environment.step_limit
    working.raise_incident(
        element, "step-limit", f"more than {limit} steps in one command: look for a loop that never waits"
    )
