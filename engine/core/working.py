"""The working state of one run: mutable inside, made from a frozen snapshot and frozen again at the end."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.core import model
from engine.core.limits import LONGEST_REASON, storable
from engine.core.listener_model import Ending, Listening, Person, TaskAttributes
from engine.core.sizes import SMALL, Room
from engine.core.watching import Watchers

if TYPE_CHECKING:
    from engine.core.deadlocks import Lifted
    from engine.core.graph import Flow, Node, Process
    from engine.json_values import JsonObject, JsonValue


class Stuck(Exception):
    """The element cannot go on; whoever began or completed it makes an incident of this."""

    def __init__(self, kind: str, reason: str) -> None:
        self.kind, self.reason = kind, reason
        super().__init__(f"{kind}: {reason}")


def is_at_work(stage: model.Stage, incident: str | None, listening: Listening | None) -> bool:
    """Say whether an element is between entering and leaving, and not stuck; or its user task waits for listeners."""
    if listening is not None:
        return listening.is_open
    return stage is model.Stage.ACTIVE and incident is None


def job_of(listening: Listening | None, incident: str | None) -> int | None:
    """Return the key of the listener's job that is open, if there is one."""
    return None if listening is None or incident is not None else listening.job


@dataclass(slots=True, kw_only=True, eq=False)
class Element:
    """A living element instance with its place in the scope tree."""

    key: int
    definition: str
    process: Process
    node: Node
    scope: Element | None
    variables: JsonObject = field(default_factory=dict)
    loop_counter: int | None = None
    body: model.MultiInstance | None = None
    tokens: dict[str, dict[str, int]] = field(default_factory=dict)
    event: JsonObject | None = None
    compensable: list[model.Compensable] = field(default_factory=list)
    subscriptions: dict[int, model.Subscription] = field(default_factory=dict)
    incident: str | None = None
    stage: model.Stage = model.Stage.ENTERING
    given: JsonObject | None = None  # locals its input mappings write over, as they were before; None: not applied yet
    has_handed_over: bool = False
    is_fulfilled: bool = False  # an ad-hoc sub-process that only waits for what still runs in it
    job: int | None = None  # key of the open job that decides what is next in an ad-hoc sub-process
    listening: Listening | None = None
    ending: Ending | None = None
    task: TaskAttributes | None = None
    unseen: set[int] = field(default_factory=set)  # its conditions to be looked at when the instance is resumed
    children: dict[int, Element] = field(default_factory=dict)
    is_alive: bool = True
    on_their_way: int = 0  # tokens queued for this scope
    epoch: int = 0  # grows when an interruption drops the tokens queued for this scope

    @property
    def is_loop_child(self) -> bool:
        """Say whether this is one round of a multi-instance activity."""
        return self.loop_counter is not None

    @property
    def is_loop_body(self) -> bool:
        """Say whether this is the body that holds the rounds of a multi-instance activity."""
        return self.node.loop is not None and self.loop_counter is None

    @property
    def has_open_work(self) -> bool:
        """Say whether a user task or job of this element waits to be completed."""
        at_work = is_at_work(self.stage, self.incident, self.listening)
        return self.node.opens_work and not self.is_loop_body and at_work


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token on its way to an element of a scope."""

    scope: Element
    target: str
    flow: str | None
    epoch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A variable that a step set while conditions wait for changes of it."""

    scope: Element
    name: str
    kind: str  # create, update
    before_key: int  # what is subscribed with this key or a later one came after the change


Behaviour = Callable[["Working", Element], None]


class Working:
    """Everything one run reads and changes: the living elements, the queue of tokens, and the facts so far."""

    def __init__(self, environment: model.Environment, behaviours: Mapping[str, Behaviour], next_key: int = 1) -> None:
        self.environment = environment
        self.behaviours = behaviours
        self.next_key = next_key
        self.elements: dict[int, Element] = {}
        self._room = Room(self.elements)
        self.holders: dict[int, Element] = {}  # subscription key -> who waits
        self.listeners: dict[int, Element] = {}  # key of a listener's job -> the element that waits for it
        self.deciders: dict[int, Element] = {}  # key of a deciding job -> its ad-hoc sub-process
        self.undecided: dict[int, Element] = {}  # ad-hoc sub-processes whose worker is to decide anew, by key
        self.queue: deque[Token | Element] = deque()  # an element in the queue is to be begun
        self.signals: deque[tuple[model.SignalSent, int]] = deque()  # with the first key that came after it
        self.scopes_with_tokens: dict[int, Element] = {}
        self.watchers = Watchers()  # who waits for conditions
        self.changes: list[Change] = []  # that somebody watches, since conditions were last looked at
        self.fulfilled: deque[int] = deque()  # subscriptions whose condition is true and that are to fire
        self.collecting: dict[int, Element] = {}  # multi-instance bodies whose outputs grew in this run
        self.at_once = 0  # timers in a row that were due when they were set, up to the one whose firing this run is
        self.lifted: dict[int, Lifted] = {}  # deadlocks that stood when the run began, by the key of their scope
        self.facts: list[model.Fact] = []
        self._processes: dict[str, Process] = {}

    def create(self, node: Node, scope: Element, *, loop_counter: int | None = None) -> Element:
        """Let an element instance begin to live in a scope; it is not begun yet."""
        return self._live(
            Element(
                key=self.take_key(),
                definition=scope.definition,
                process=scope.process,
                node=node,
                scope=scope,
                loop_counter=loop_counter,
            )
        )

    def create_process(self, definition: str, scope: Element | None) -> Element:
        """Let a process begin to live: the root, or under the call activity that calls it."""
        process = self.process(definition)
        node = process.nodes[process.id]
        return self._live(Element(key=self.take_key(), definition=definition, process=process, node=node, scope=scope))

    def process(self, definition: str) -> Process:
        """Return the compiled process of a definition id; the host is asked once a run."""
        if definition not in self._processes:
            self._processes[definition] = self.environment.definitions.get(definition)
        return self._processes[definition]

    def take_key(self) -> int:
        """Hand out the next key of this instance."""
        key = self.next_key
        self.next_key += 1
        return key

    def send(self, scope: Element, target: str, flow: str | None = None) -> None:
        """Put a token on its way."""
        scope.on_their_way += 1
        self.queue.append(Token(scope=scope, target=target, flow=flow, epoch=scope.epoch))

    def follow(self, scope: Element, flow: Flow) -> None:
        """Put a token on its way along a sequence flow, and tell."""
        self.facts.append(model.FlowTaken(key=scope.key, definition=scope.definition, element=flow.id))
        self.send(scope, flow.target, flow.id)

    def set_variable(self, scope: Element, name: str, value: JsonValue) -> None:
        """Set a variable in exactly this scope, and tell."""
        if self.watchers.is_watched(scope, name):
            self._note_change(scope, name, value)
        if type(value) not in SMALL:
            self._room.note(value)
        scope.variables[name] = value
        self.facts.append(
            model.VariableSet(key=scope.key, definition=scope.definition, element=scope.node.id, name=name, value=value)
        )

    def need_room(self, value: JsonValue) -> None:
        """See that a value which came out of the diagram itself can still be kept.

        Raises:
            Stuck: the instance would hold too much, or the run writes too much.
        """
        if type(value) not in SMALL and (refusal := self._room.refusal(value)):
            raise Stuck("variables-too-large", refusal)

    def leave(self, element: Element) -> None:
        """End an element that completed."""
        self._end(element)
        self.facts.append(model.Left(key=element.key, definition=element.definition, element=element.node.id))

    def end(self, element: Element) -> None:
        """End an element that did not complete; nothing lives within it any more. See `termination.terminate`."""
        if element.has_open_work:
            self.close_work(element, completed=False)
        self._end(element)
        self.facts.append(model.Terminated(key=element.key, definition=element.definition, element=element.node.id))

    def drop_tokens(self, scope: Element) -> None:
        """End the tokens that wait or are on their way in a scope."""
        scope.tokens.clear()
        scope.epoch += 1
        scope.on_their_way = 0
        self.scopes_with_tokens.pop(scope.key, None)

    def close_work(self, element: Element, *, completed: bool, by: Person | None = None) -> None:
        """Tell that the user task or job of an element is no longer open."""
        self.facts.append(
            model.WorkClosed(
                key=element.key,
                definition=element.definition,
                element=element.node.id,
                kind="job" if element.node.user_task is None else "user-task",
                completed=completed,
                by=by,
            )
        )

    def close_listener(self, element: Element, *, completed: bool) -> None:
        """Tell that the job of the listener whose turn it is is no longer open, if it was."""
        key = job_of(element.listening, element.incident)
        if key is not None:
            del self.listeners[key]
            self._close_job(element, key, completed=completed)

    def close_decision(self, element: Element, *, completed: bool) -> None:
        """Ask the worker of an ad-hoc sub-process no longer, and tell when its job was open."""
        self.undecided.pop(element.key, None)
        if element.job is not None:
            key, element.job = element.job, None
            del self.deciders[key]
            self._close_job(element, key, completed=completed)

    def raise_incident(self, element: Element, kind: str, reason: str) -> None:
        """Mark an element as stuck."""
        reason = storable(reason)[:LONGEST_REASON]
        element.incident = f"{kind}: {reason}"
        self.facts.append(
            model.IncidentRaised(
                key=element.key, definition=element.definition, element=element.node.id, kind=kind, reason=reason
            )
        )

    def resolve_incident(self, element: Element) -> None:
        """Take the mark away, if there is one."""
        if element.incident is not None:
            element.incident = None
            self.facts.append(
                model.IncidentResolved(key=element.key, definition=element.definition, element=element.node.id)
            )

    def subscribe(self, element: Element, subscription: model.Subscription) -> None:
        """Let an element wait for something."""
        element.subscriptions[subscription.key] = subscription
        self.hold(element, subscription)
        self.facts.append(
            model.Subscribed(
                key=element.key, definition=element.definition, element=element.node.id, subscription=subscription
            )
        )

    def hold(self, element: Element, subscription: model.Subscription) -> None:
        """Put a subscription into the indexes."""
        self.holders[subscription.key] = element
        if subscription.kind == "conditional":
            self.watchers.add(element, subscription, seen=scope_chain(element))

    def watch_again(self, element: Element) -> None:
        """Let the conditions an element waits for be found by what they read in the version it runs by now."""
        for each in element.subscriptions.values():
            if each.kind == "conditional":
                self.watchers.drop(each.key)
                self.watchers.add(element, each, seen=scope_chain(element))

    def move_subscription(self, element: Element, subscription: model.Subscription) -> None:
        """Let what an element waits for be caught by another event; it keeps its key, and with it its place."""
        element.subscriptions[subscription.key] = subscription
        self.facts.append(
            model.SubscriptionMoved(
                key=element.key, definition=element.definition, element=element.node.id, subscription=subscription
            )
        )

    def unsubscribe(self, element: Element, subscriptions: Iterable[int]) -> None:
        """Let an element no longer wait for these."""
        for key in list(subscriptions):
            gone = element.subscriptions.pop(key)
            element.unseen.discard(key)
            del self.holders[key]
            self.watchers.drop(key)
            self.facts.append(
                model.Unsubscribed(
                    key=element.key,
                    definition=element.definition,
                    element=element.node.id,
                    subscription=key,
                    kind=gone.kind,
                )
            )

    def note_update(self, scope: Element, name: str) -> None:
        """Let conditions look again at a variable that was changed in its place."""
        if self.watchers.is_watched(scope, name):
            self.changes.append(Change(scope=scope, name=name, kind="update", before_key=self.next_key))

    def _close_job(self, element: Element, key: int, *, completed: bool) -> None:
        self.facts.append(
            model.WorkClosed(
                key=key, definition=element.definition, element=element.node.id, kind="job", completed=completed
            )
        )

    def _note_change(self, scope: Element, name: str, value: JsonValue) -> None:
        is_new = name not in scope.variables
        if is_new or not _is_same(scope.variables[name], value):
            kind = "create" if is_new else "update"
            self.changes.append(Change(scope=scope, name=name, kind=kind, before_key=self.next_key))

    def _live(self, element: Element) -> Element:
        self.elements[element.key] = element
        if element.scope is not None:
            element.scope.children[element.key] = element
        self.facts.append(
            model.Entered(
                key=element.key,
                definition=element.definition,
                element=element.node.id,
                scope=element.scope.key if element.scope else 0,
                tag="multiInstanceBody" if element.is_loop_body else element.node.tag,
                name=element.node.name,
                loop_counter=element.loop_counter,
            )
        )
        return element

    def _end(self, element: Element) -> None:
        self.close_listener(element, completed=False)
        element.listening = None
        self.close_decision(element, completed=False)
        self.resolve_incident(element)
        self.unsubscribe(element, element.subscriptions)
        del self.elements[element.key]
        self.scopes_with_tokens.pop(element.key, None)
        element.is_alive = False
        if element.scope is not None:
            element.scope.children.pop(element.key, None)


def _is_same(one: JsonValue, other: JsonValue) -> bool:
    return one == other and isinstance(one, bool) is isinstance(other, bool)


def descendants(element: Element) -> Iterable[Element]:
    """An element and all that lives within it, parents before children, without recursion."""
    waiting = [element]
    while waiting:
        each = waiting.pop()
        yield each
        waiting.extend(each.children.values())


def scope_chain(element: Element) -> Iterator[Element]:
    """Go from an element outwards to its process; a called process does not see its caller."""
    each: Element | None = element
    while each is not None:
        yield each
        if each.node.tag == "process":
            return
        each = each.scope
