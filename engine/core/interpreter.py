"""The interpreter: a pure function of definition, snapshot, command and time to the next snapshot and the facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.core import (
    ad_hoc,
    ad_hoc_jobs,
    conditions,
    deadlocks,
    events,
    joins,
    model,
    multi_instance,
    termination,
    transitions,
    user_tasks,
)
from engine.core.behaviours import BEHAVIOURS
from engine.core.graph import StandardLoop
from engine.core.lifecycle import activate, arrive, begin, complete, finish_if_empty
from engine.core.listener_model import ChangeTask, Ending
from engine.core.migration import migrate
from engine.core.modification import modify
from engine.core.restoring import restore
from engine.core.snapshots import freeze, thaw
from engine.core.texts import tell
from engine.core.variables import put
from engine.core.working import Element, Stuck, Token, Working

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.core.graph import Node


def run(snapshot: model.Snapshot | None, command: model.Command, environment: model.Environment) -> model.Outcome:
    """Carry out one command until everything waits again.

    The snapshot stays untouched. Business faults become incidents among the facts, never exceptions.

    Raises:
        NotOpen: the command names something that is not there or does not wait for it.
        CannotStart: the process has no start event that fits the command.
        CannotModify: a modification or migration would leave the instance in a state that cannot be.
        InTransition: the user task waits for its listeners.
        ResultRefused: the result of a job is not allowed for it.
    """
    if isinstance(command, model.Start):
        if snapshot is not None:
            raise model.CannotStart(model.Obstacle("the process instance has begun already", "流程已经开始"))
        working = Working(environment, BEHAVIOURS)
        _start(working, command)
    else:
        if snapshot is None:
            raise model.NotOpen(getattr(command, "key", 0), "find the process instance of")
        working = thaw(snapshot, environment, BEHAVIOURS)
        _apply(working, command)
    _settle(working)
    deadlocks.look(working)
    multi_instance.tell_collected(working)
    return model.Outcome(snapshot=freeze(working), facts=tuple(working.facts))


def _no_start(process_id: str, starts: Sequence[str], asked: str | None) -> model.CannotStart:
    those = ", ".join(starts) or "-"
    if asked is None:
        missing = f"{process_id} has no start event without a trigger; it has {those}"
        return model.CannotStart(model.Obstacle(missing, f"{process_id} 没有无触发条件的开始事件，现有：{those}"))
    unknown = f"{process_id} has no start event {asked!r}; it has {those}"
    return model.CannotStart(model.Obstacle(unknown, f"{process_id} 没有开始事件“{asked}”，现有：{those}"))


def _start(working: Working, command: model.Start) -> None:
    process = working.process(command.definition)
    starts = process.nodes[process.id].start_events
    if command.start_event is not None and command.start_event not in starts:
        raise _no_start(process.id, starts, command.start_event)
    if command.start_event is None and not process.none_start_events(process.id):
        raise _no_start(process.id, starts, None)
    root = working.create_process(command.definition, None)
    for name, value in command.variables.items():
        working.set_variable(root, name, value)
    if command.start_event is not None:
        root.tokens[command.start_event] = {"": 1}
        root.event = command.event
    begin(working, root)


def _apply(working: Working, command: model.Command) -> None:
    match command:
        case model.CompleteWork() | ChangeTask() | model.ThrowError() | model.FailWork():
            _work(working, command)
        case model.Trigger():
            holder = working.holders.get(command.subscription)
            if holder is None:
                raise model.NotOpen(command.subscription, "trigger")
            subscription = holder.subscriptions[command.subscription]
            working.at_once = subscription.at_once
            events.trigger(working, subscription, command.variables)
        case model.Retry():
            _retry(working, command.key)
        case model.SetVariables():
            _set_variables(working, command)
        case model.Cancel():
            _cancel(working)
        case model.ActivateAdHoc():
            ad_hoc.activate_more(working, command)
        case model.Modify() | model.Migrate() | model.Restore() | model.Resume():
            _repair(working, command)
        case model.Start():
            raise TypeError("a start has no snapshot")


def _repair(working: Working, command: model.Modify | model.Repair) -> None:
    match command:
        case model.Modify():
            modify(working, command)
        case model.Migrate():
            migrate(working, command)
        case model.Restore():
            restore(working, command)
        case model.Resume():
            conditions.look_at_unseen(working)


def _work(working: Working, command: model.WorkCommand) -> None:
    match command:
        case model.CompleteWork():
            _complete_work(working, command)
        case ChangeTask():
            user_tasks.change(working, _with_open_work(working, command.key, "change"), command)
        case model.ThrowError():
            _throw_error(working, command)
        case model.FailWork():
            _fail_work(working, command)


def _complete_work(working: Working, command: model.CompleteWork) -> None:
    listening = working.listeners.get(command.key)
    if listening is not None:
        transitions.complete_listener(working, listening, command)
        return
    if command.key in working.deciders:
        ad_hoc_jobs.decide(working, working.deciders[command.key], command)
        return
    element = _with_open_work(working, command.key, "complete")
    if element.node.task_listeners:
        user_tasks.hand_in(working, element, command)
        return
    working.close_work(element, completed=True)
    complete(working, element, command.variables)


def _fail_work(working: Working, command: model.FailWork) -> None:
    element, decider = working.listeners.get(command.key), working.deciders.get(command.key)
    if element is not None:
        working.close_listener(element, completed=False)
    elif decider is not None:
        element = decider
        working.close_decision(element, completed=False)
    else:
        element = _with_open_work(working, command.key, "fail")
        working.close_work(element, completed=False)
    working.raise_incident(element, "job", command.reason)


def _throw_error(working: Working, command: model.ThrowError) -> None:
    decider = working.deciders.get(command.key)
    element = decider or _with_open_work(working, command.key, "throw an error at")
    if events.raise_event(working, element, "error", command.code, command.variables):
        return
    if decider is None:
        working.close_work(element, completed=False)
    else:
        working.close_decision(decider, completed=False)
    working.raise_incident(element, "error-not-caught", events.not_caught(element, command.code, command.message))


def _retry(working: Working, key: int) -> None:
    if deadlocks.tried_again(working, key):
        return
    element = working.elements.get(key)
    if element is None or element.incident is None:
        raise model.NotOpen(key, "retry")
    working.resolve_incident(element)
    if element.listening is not None:
        transitions.serve_again(working, element)
    elif element.stage is model.Stage.ENTERING:
        begin(working, element)
    elif element.stage is model.Stage.LEAVING:
        complete(working, element)
    elif element.node.ad_hoc is not None:
        working.undecided[key] = element
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
    if user_tasks.set_variables(working, scope, command):
        return
    if not command.local:
        put(working, scope, command.variables)
        return
    for name, value in command.variables.items():
        working.set_variable(scope, name, value)


def _cancel(working: Working) -> None:
    root = next(iter(working.elements.values()))
    if termination.terminate(working, root, then=Ending(kind=transitions.CANCELLED)):
        transitions.cancelled(working, root)


def _with_open_work(working: Working, key: int, asked: str) -> Element:
    element = working.elements.get(key)
    if element is None or not element.has_open_work:
        raise model.NotOpen(key, asked)
    user_tasks.refuse_in_transition(element)
    return element


def _settle(working: Working) -> None:
    """Move tokens until everything waits; beyond the step limit they become incidents where they would arrive."""
    steps_left = working.environment.step_limit
    while True:
        if working.changes:
            conditions.look_again(working)
        if working.fulfilled:
            steps_left -= 1
            _fire_condition(working, working.fulfilled.popleft(), is_stopped=steps_left < 0)
        elif working.queue:
            moved = working.queue.popleft()
            steps_left -= _steps_of(moved)
            if isinstance(moved, Element):
                _begin_queued(working, moved, is_stopped=steps_left <= 0)
            elif _steps_of(moved):
                _move(working, moved, is_stopped=steps_left < 0)
        elif working.signals:
            events.broadcast(working, *working.signals.popleft())
        else:
            ready = joins.ready_inclusive_join(working)
            if ready is None and not working.undecided:
                return
            steps_left -= 1
            if ready is not None:
                _fire_join(working, *ready, is_stopped=steps_left < 0)
            else:
                _ask(working, working.undecided.pop(next(iter(working.undecided))), is_stopped=steps_left < 0)


def _steps_of(moved: Token | Element) -> int:
    """Count what could go on for ever: tokens that are still good, and the rounds of a loop without a fixed end."""
    if isinstance(moved, Element):
        return int(moved.is_alive and isinstance(moved.node.loop, StandardLoop) and moved.is_loop_child)
    return int(moved.scope.is_alive and moved.epoch == moved.scope.epoch)


def _fire_condition(working: Working, key: int, *, is_stopped: bool) -> None:
    holder = working.holders.get(key)
    if holder is None:
        return
    subscription = holder.subscriptions[key]
    node = holder.process.nodes[subscription.element]
    if not is_stopped or node.is_interrupting:
        events.trigger(working, subscription, {})
        return
    working.unsubscribe(holder, [key])  # else it would go on firing by what it sets itself
    if node.tag == "startEvent":
        _stop(working, working.create(holder.process.nodes[node.scope], holder))
    elif holder.scope is not None:
        _stop(working, working.create(node, holder.scope))


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


def _ask(working: Working, element: Element, *, is_stopped: bool) -> None:
    """Let the worker of an ad-hoc sub-process decide; one that is stuck is asked when that is resolved."""
    if element.incident is not None:
        return
    if is_stopped:
        _stop(working, element)
    else:
        ad_hoc_jobs.ask(working, element)


def _stop(working: Working, element: Element) -> None:
    working.raise_incident(element, "step-limit", tell("step-limit", limit=working.environment.step_limit))
