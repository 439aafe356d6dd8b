"""Migration: a running instance goes on by another version of its diagram, with its keys, variables and due dates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.core import joins
from engine.core.counterparts import difference
from engine.core.graph import ACTIVATION, LoopCharacteristics
from engine.core.joined_events import joined_events
from engine.core.listener_model import END
from engine.core.model import CannotModify, Compensable, Migrate, Moved, Obstacle, Stage
from engine.core.subscriptions import around, prepare, take_up
from engine.core.token_moves import Tokens, moved_tokens
from engine.core.tokens_left import Standing, tokens_stranded
from engine.core.user_tasks import bound_form
from engine.core.variables import evaluate_name, visible
from engine.core.working import Element, Stuck, Working, job_of

if TYPE_CHECKING:
    from engine.core.graph import Node, Process
    from engine.core.listener_model import Listening, TaskAttributes
    from engine.core.model import Subscription


@dataclass(frozen=True, slots=True, kw_only=True)
class _Destination:
    """Where one element instance goes, worked out completely before anything is changed."""

    element: Element
    node: Node
    task: TaskAttributes | None
    kept: dict[int, Subscription]  # by its key: as it is there
    added: list[Subscription]
    listening: Listening | None
    tokens: Tokens
    compensable: list[Compensable]


def migrate(working: Working, command: Migrate) -> None:
    """Move every living element of one definition to its counterpart in another.

    Raises:
        CannotModify: an element has no counterpart of its kind in the same place; `reasons` names all of them.
    """
    moving = [each for each in working.elements.values() if each.definition == command.source]
    if not moving:
        raise CannotModify(
            Obstacle(
                f"nothing in this process instance runs by the definition {command.source}",
                f"该流程中没有按定义 {command.source} 运行的部分",
            )
        )
    journey = _Journey(working, command)
    destinations = [found for each in moving if (found := journey.destination(each)) is not None]
    if not journey.obstacles:
        journey.look_for_stranded(destinations)
    if journey.obstacles:
        raise CannotModify(*journey.obstacles)
    for destination in destinations:
        _move(working, destination, command.target, journey.target)
    for destination in destinations:
        joins.fire_satisfied(working, destination.element)


class _Journey:
    """Works out where everything goes, and what stands in the way."""

    def __init__(self, working: Working, command: Migrate) -> None:
        self.working = working
        self.target: Process = working.process(command.target)
        joined = joined_events(working.process(command.source), self.target, command.mapping)
        self.obstacles: list[Obstacle] = [each.obstacle() for each in joined]
        self._mapping = dict(command.mapping)
        self._tasks = command.tasks

    def destination(self, element: Element) -> _Destination | None:
        """Return where an element instance goes, or note why it cannot."""
        node = self._counterpart(element)
        if node is None:
            return None
        before = around(element)
        own = [key for key, one in element.subscriptions.items() if one.element not in before]
        kept = {
            key: self._caught_there(element, one, there)
            for key, one in element.subscriptions.items()
            if (there := self._catcher(element, node, one)) is not None
        }
        self.obstacles += [
            Obstacle(
                f"{element.node.id} waits for {element.subscriptions[key].element}, which is not there",
                f"{element.node.id} 正在等待 {element.subscriptions[key].element}，新版本中没有它",
            )
            for key in own
            if key not in kept
        ]
        task = element.task or self._tasks.get(element.key)
        if node.task_listeners and element.has_open_work and task is None:
            self.obstacles.append(
                Obstacle(
                    f"{element.node.id} is open and gets listeners there: its task {element.key} is needed",
                    f"{element.node.id} 正在办理，新版本为它增加了监听器：需要其任务 {element.key}",
                )
            )
        return _Destination(
            element=element,
            node=node,
            task=task if node.task_listeners else None,
            kept=kept,
            added=self._new_subscriptions(element, node, before),
            listening=self._listening(element, node),
            tokens=self._tokens(element),
            compensable=[self._compensable(each) for each in element.compensable],
        )

    def look_for_stranded(self, destinations: list[_Destination]) -> None:
        """Note where tokens would wait in vain at a join, now that it is known where everything goes."""
        nodes = {each.element.key: each.node for each in destinations}
        for each in destinations:
            scope = each.element
            inside = [one for one in scope.children.values() if one.key in nodes and one.node.scope == scope.node.id]
            before = Standing(
                process=scope.process,
                scope=scope.node.id,
                places=[one.node.id for one in inside],
                tokens=scope.tokens,
            )
            after = Standing(
                process=self.target,
                scope=each.node.id,
                places=[nodes[one.key].id for one in inside],
                tokens=each.tokens,
            )
            self.obstacles += tokens_stranded(before, after, self._mapping)

    def _there(self, element_id: str, source: Process) -> str:
        return self.target.id if element_id == source.id else self._mapping.get(element_id, element_id)

    def _counterpart(self, element: Element) -> Node | None:
        source, node = element.process, element.node
        there = self.target.nodes.get(self._there(node.id, source))
        if there is not None and node.tag == ACTIVATION:
            there = there.activation
        if there is None:
            self.obstacles.append(Obstacle(f"{node.id} has no counterpart", f"{node.id} 在新版本中没有对应环节"))
            return None
        reason = self._difference(element, there)
        if reason is not None:
            self.obstacles.append(reason)
            return None
        return there

    def _difference(self, element: Element, there: Node) -> Obstacle | None:
        """Return why the counterpart named cannot take an element over, None when it can."""
        source, node, id_ = element.process, element.node, element.node.id
        as_drawn = difference(node, there)
        if as_drawn is not None:
            return as_drawn
        if node.tag != "process" and there.scope != self._there(node.scope, source):
            return Obstacle(f"{id_} stands in another scope there", f"{id_} 在新版本中位于另一范围")
        return _listener_lost(element, there)

    def _catcher(self, element: Element, node: Node, waiting: Subscription) -> Node | None:
        """Return the event that takes over a subscription, None when the new version has none such."""
        there = self.target.nodes.get(self._there(waiting.element, element.process))
        if there is None or there.event is None or there.event.kind != waiting.kind:
            return None
        fits = there.id in self._around(node, element) or there.id == node.id
        return there if fits or any(flow.target == there.id for flow in node.outgoing) else None

    def _caught_there(self, element: Element, waiting: Subscription, there: Node) -> Subscription:
        """Return a subscription as it is there: an error or escalation by the code of the new version.

        Messages, signals and times were asked for when they were reached; they stay what they are.
        """
        here = element.process.nodes[waiting.element].event
        if waiting.kind not in ("error", "escalation") or here is None or there.event is None:
            return replace(waiting, element=there.id)
        code, name = there.event.code, waiting.name
        try:
            if code != here.code:
                name = None if code is None else evaluate_name(self.working, code, visible(element))
        except Stuck as stuck:
            self.obstacles.append(
                Obstacle(f"{there.id} cannot be waited for: {stuck.reason}", f"无法等待 {there.id}：{stuck.reason}")
            )
        return replace(waiting, element=there.id, name=name)

    def _around(self, node: Node, element: Element) -> list[str]:
        boundary = [] if element.is_loop_child else list(node.boundary_events)
        inner = self.target.nodes
        starts = [start for each in node.event_sub_processes for start in inner[each].start_events]
        return boundary if element.is_loop_body else [*boundary, *starts]

    def _new_subscriptions(self, element: Element, node: Node, before: list[str]) -> list[Subscription]:
        """Return what the new version waits for beside what the old one had drawn already."""
        if element.stage is Stage.ENTERING or (element.listening is not None and element.listening.event == END):
            return []
        known = {self._there(each, element.process) for each in before}
        if node.tag == "eventBasedGateway":
            known |= {self._there(flow.target, element.process) for flow in element.node.outgoing}
        wanted = [*self._around(node, element), *_behind(node)]
        interrupted = any(
            child.node.is_event_sub_process and _interrupts(child.process, child.node)
            for child in element.children.values()
        )
        found = []
        for each in wanted:
            catcher = self.target.nodes[each]
            if each in known or (interrupted and catcher.tag == "startEvent"):
                continue
            try:
                found.append(prepare(self.working, catcher, element))
            except Stuck as stuck:
                self.obstacles.append(
                    Obstacle(f"{each} cannot be waited for: {stuck.reason}", f"无法等待 {each}：{stuck.reason}")
                )
        return found

    def _listening(self, element: Element, node: Node) -> Listening | None:
        """Return the listeners an element waits for; an event sub-process begins behind them at its start event."""
        listening = element.listening
        if listening is None or listening.start_event is None:
            return listening
        start = self._there(listening.start_event, element.process)
        if start not in node.start_events:
            id_ = element.node.id
            self.obstacles.append(
                Obstacle(
                    f"{id_} is to begin at {listening.start_event}, which is not there",
                    f"{id_} 将从 {listening.start_event} 开始，新版本中没有它",
                )
            )
        return replace(listening, start_event=start)

    def _tokens(self, element: Element) -> Tokens:
        source = element.process
        moved, obstacles = moved_tokens(element, self.target, lambda id_: self._there(id_, source))
        self.obstacles += obstacles
        return moved

    def _compensable(self, undo: Compensable) -> Compensable:
        activity = self._mapping.get(undo.activity, undo.activity)
        handler = None if undo.handler is None else self._mapping.get(undo.handler, undo.handler)
        drawn = self.target.nodes.get(activity)
        if handler is not None and (drawn is None or drawn.compensation_handler != handler):
            self.obstacles.append(
                Obstacle(
                    f"{undo.activity} can be undone by {undo.handler}, which is not there",
                    f"{undo.activity} 可由 {undo.handler} 撤销，新版本中没有它",
                )
            )
        inner = tuple(self._compensable(each) for each in undo.inner)
        return replace(undo, activity=activity, handler=handler, inner=inner)


def _listener_lost(element: Element, there: Node) -> Obstacle | None:
    """Say why an element cannot go on with the listeners it waits for, None when it can."""
    id_, listening = element.node.id, element.listening
    if element.stage is Stage.TERMINATING or element.ending is not None:
        return Obstacle(
            f"{id_} is being ended and waits for canceling listeners: let them finish first",
            f"{id_} 正在终止，等待取消监听器：请先让它们完成",
        )
    if listening is None:
        return None
    here, after = element.node.listeners(listening.event), there.listeners(listening.event)
    if here[: listening.index + 1] != after[: listening.index + 1]:
        return Obstacle(
            f"{id_} waits for a {listening.event} listener that is not the same there",
            f"{id_} 正在等待 {listening.event} 监听器，新版本中该监听器不同",
        )
    return None


def _behind(node: Node) -> list[str]:
    return [flow.target for flow in node.outgoing] if node.tag == "eventBasedGateway" else []


def _interrupts(process: Process, sub_process: Node) -> bool:
    return any(process.nodes[start].is_interrupting for start in sub_process.start_events)


def _move(working: Working, destination: _Destination, definition: str, process: Process) -> None:
    element = destination.element
    gone = [key for key in element.subscriptions if key not in destination.kept]
    changed = [kept for key, kept in destination.kept.items() if kept != element.subscriptions[key]]
    moved = [one for one in changed if only_moves(element.subscriptions[one.key], one)]
    anew = [one for one in changed if one not in moved]
    working.unsubscribe(element, [*gone, *(one.key for one in anew)])
    collected_before = _collected_in(element)
    element.definition, element.process, element.node = definition, process, destination.node
    element.task, element.listening = destination.task, destination.listening
    element.tokens, element.compensable = destination.tokens, destination.compensable
    tell_moved(working, element)
    _carry_over(working, element, collected_before)
    for one in moved:
        working.move_subscription(element, one)
    for one in anew:
        working.subscribe(element, replace(one, key=working.take_key()))
    for added in destination.added:
        take_up(working, element, added)


def only_moves(before: Subscription, after: Subscription) -> bool:
    """Say whether a subscription is the same but for the event that catches it: what is on its way finds it then."""
    return replace(before, element=after.element) == after


def _collected_in(element: Element) -> str | None:
    """Return the variable in which the outputs of an element's rounds or activations are collected while it runs."""
    if isinstance(element.node.loop, LoopCharacteristics) and element.is_loop_body:
        return element.node.loop.output_collection
    if element.node.ad_hoc is not None and not element.is_loop_body:
        return element.node.ad_hoc.output_collection
    return None


def _carry_over(working: Working, element: Element, before: str | None) -> None:
    """Let outputs be collected on under the name of the new version; what came before it wanted any is null."""
    name = _collected_in(element)
    if name is None or name == before or element.stage is Stage.ENTERING:
        return
    rounds = 0 if element.body is None else len(element.body.items)
    collected = [None] * rounds if before is None else element.variables.get(before, [None] * rounds)
    working.set_variable(element, name, collected)


def tell_moved(working: Working, element: Element) -> None:
    """Tell that an element lives on by another version, with what is drawn there."""
    drawn = element.node
    working.facts.append(
        Moved(
            key=element.key,
            definition=element.definition,
            element=drawn.id,
            scope=element.scope.key if element.scope else 0,
            name=drawn.name,
            form_id=drawn.user_task.form_id if drawn.user_task else None,
            form_definition=_bound_form(working, element),
            properties=drawn.properties,
            headers=drawn.headers,
            job=element.job or job_of(element.listening, element.incident),
        )
    )


def _bound_form(working: Working, element: Element) -> str | None:
    """Return the version of the form the new diagram binds a task to; one that is missing must not stop a repair."""
    try:
        return bound_form(working, element)
    except Stuck:
        return None  # the task opens with the newest version
