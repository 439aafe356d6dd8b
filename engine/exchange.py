"""What passes between instances and the outside inside one command: messages, signals, and instances they start.

Locks are taken in one order, so that no two commands wait for each other in a circle:

1. instances. Only the first one is waited for; another that is busy gets what was sent by a delivery, later, from a
   worker. Rows of messages and deliveries are never waited for.
2. at the very end the names and keys this command published or awaits (`Messages.meet`). Of two commands, one that
   publishes and one that begins to wait, the later one therefore sees the other; it leaves a delivery.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Generic
from uuid import UUID

from engine.changes import Changes
from engine.core import model as core
from engine.errors import ConcurrentChange, DuplicateMessage
from engine.execution import record, run
from engine.host import Context, Work
from engine.json_values import JsonObject
from engine.model import (
    Delivery,
    EventSubscription,
    HistoryAction,
    InstanceState,
    Message,
    ProcessInstance,
    Publication,
    StartSubscription,
    Waiting,
)
from engine.sending import is_runaway, leave_to_workers, publication_of
from engine.starting import new_instance

RELAY_LIMIT = 100  # messages and signals one command passes on; what else is sent goes by workers, in order
SIGNAL_LIMIT = 50  # instances that get a signal in the command that sends it; more get it from workers, one by one


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sent:
    publication: Publication
    sender: ProcessInstance
    element: str


@dataclass(slots=True, kw_only=True)
class _Reached:
    """Whom a message has reached: processes and instances that do not get it again."""

    processes: set[str]
    instances: set[UUID]
    new: list[tuple[str, ProcessInstance]]
    is_busy: bool = False  # somebody waits who could not be locked


class Exchange(Generic[Work]):
    """The exchange of one command: run instances through it, then finish it."""

    def __init__(self, context: Context[Work], *, permit: Callable[[str], None] = lambda _region: None) -> None:
        """`permit` is asked with the region of every instance that a message from outside reaches."""
        self._context = context
        self._permit = permit
        self._sent: deque[_Sent] = deque()
        self.latest: dict[UUID, ProcessInstance] = {}  # each instance as its last run left it
        self._held: set[UUID] = set()
        self._may_wait = True
        self._fresh: deque[EventSubscription] = deque()
        self._waiting: dict[tuple[UUID, int], EventSubscription] = {}
        self._ended: deque[tuple[str, str]] = deque()
        self._met: set[tuple[str, str | None]] = set()
        self._due: list[int] = []
        self._relayed = 0
        self._depth = 0  # of what is being passed on: how many sendings led to it

    def run(self, instance: ProcessInstance, command: core.Command) -> ProcessInstance:
        """Run one command on a locked or new instance and take in what it sends and awaits."""
        self.run_and_tell(instance, command)
        return self.latest[instance.id]

    def run_and_tell(self, instance: ProcessInstance, command: core.Command) -> Changes:
        """Do what `run` does, and return what the run changed."""
        self._held.add(instance.id)
        self._may_wait = False
        instance, changes = run(self._context, instance, command)
        for key in changes.subscriptions_closed:
            self._waiting.pop((instance.id, key), None)
        for key, opened in changes.subscriptions_opened.items():
            if opened.kind == "message" and instance.state is not InstanceState.SUSPENDED:  # else: when it is resumed
                self._waiting[(instance.id, key)] = opened
                self._fresh.append(opened)
        self._sent.extend(
            _Sent(
                publication=publication_of(instance, one, self._context.now(), relays=self._depth),
                sender=instance,
                element=one.element,
            )
            for sent in (changes.messages_sent, changes.signals_sent)
            for one in sent
        )
        if instance.ended_at is not None and instance.correlation_key:
            self._ended.append((instance.process_id, instance.correlation_key))
        self.latest[instance.id] = instance
        return changes

    def take_up(self, instance: ProcessInstance) -> ProcessInstance:
        """Give an instance that rested the signals sent meanwhile, in order, then the messages kept, and finish.

        More than `SIGNAL_LIMIT` signals are left to workers, who go on in order.
        """
        self._held.add(instance.id)
        self._may_wait = False
        self.latest[instance.id] = instance
        deliveries = self._context.unit_of_work.deliveries
        for delivery in deliveries.lock_for(instance.id, limit=SIGNAL_LIMIT):
            if self.deliver(delivery):
                deliveries.delete(delivery.id)
        awaited = self._context.unit_of_work.subscriptions.messages_of(instance.id)
        for waiting in sorted(awaited, key=self._order_of_next):
            self._waiting[(instance.id, waiting.subscription_key)] = waiting
            self._fresh.append(waiting)
        self.finish()
        return self.latest[instance.id]

    def publish(self, publication: Publication) -> list[ProcessInstance]:
        """Hand a message to everybody it is for and keep it as long as it lives; returns whom it reached now.

        Raises:
            DuplicateMessage: an equal one is kept.
        """
        repository = self._context.unit_of_work.messages
        keeps = publication.expires_at > publication.published_at
        message: Message | None = None
        if keeps:
            message = repository.add(publication)
            if message is None:
                raise DuplicateMessage(publication.name, publication.correlation_key, publication.message_id)
            self._met.add((publication.name, publication.correlation_key))
            self._may_wait = self._may_wait and publication.message_id is None
        elif repository.holds_equal(publication):
            raise DuplicateMessage(publication.name, publication.correlation_key, publication.message_id)
        reached = _Reached(processes=set(), instances=set(), new=[])
        self._correlate(publication, reached)
        if reached.is_busy:
            message = message or repository.add(publication)
            if message is None:
                raise ConcurrentChange
            self._due.append(message.id)
        if message is not None:
            self._mark(message.id, reached)
        return [instance for _, instance in reached.new]

    def broadcast(self, publication: Publication, *, sender: UUID | None = None) -> int:
        """Hand a signal to everybody who waits for it, and start every process it starts; returns how many."""
        work = self._context.unit_of_work
        waiting = work.subscriptions.for_signal(publication.name, besides=sender, limit=SIGNAL_LIMIT + 1)
        count = len(waiting)
        if count > SIGNAL_LIMIT:
            count = work.deliveries.add_signal(self._kept(publication), besides=sender)
            work.wake_workers()
        else:
            places = [(one.subscription.process_instance_id, one.subscription.subscription_key) for one in waiting]
            busy = [place for place in places if not self._signal(*place, publication)]
            if busy:
                message = self._kept(publication)
                for place in busy:
                    work.deliveries.add_one(message, *place)
                work.wake_workers()
        return count + self._start_all(publication)

    def _start_all(self, publication: Publication) -> int:
        """Start every process that a signal starts; returns how many."""
        starts = self._context.unit_of_work.start_subscriptions.named("signal", publication.name)
        for start in starts:
            self.start(start, publication)
        return len(starts)

    def deliver(self, delivery: Delivery) -> bool:
        """Do what a delivery is for; False when somebody is busy and it is to be tried again."""
        repository = self._context.unit_of_work.messages
        message = repository.get(delivery.message_id)
        if message is None:
            return True
        if delivery.process_instance_id is not None and delivery.subscription_key is not None:
            return self._signal(delivery.process_instance_id, delivery.subscription_key, message.publication)
        if message.publication.kind == "signal":
            self._start_all(message.publication)
            return True
        if repository.has_older_on_its_way(message) or repository.lock(message.id) is None:
            return False
        processes, instances = repository.reached(message.id)
        reached = _Reached(processes=set(processes), instances=set(instances), new=[])
        self._correlate(message.publication, reached)
        self._mark(message.id, reached)
        # whoever began to wait meanwhile left no delivery of its own, since this one was there
        self._met.add((message.publication.name, message.publication.correlation_key))
        return not reached.is_busy

    def start(
        self, start: StartSubscription, publication: Publication, correlation_key: str | None = None
    ) -> ProcessInstance:
        """Start an instance at a start event; the variables pass through the event's output mappings."""
        definition = self._context.unit_of_work.definitions.get(start.definition_id)
        if definition is None:
            raise LookupError(f"definition {start.definition_id} is not stored")
        self._permit(publication.region)
        instance = new_instance(
            self._context,
            definition,
            region=publication.region,
            business_key=publication.business_key,
            correlation_key=correlation_key,
            details={"startEvent": start.element_id},
        )
        command = core.Start(
            definition=str(definition.id), variables={}, start_event=start.element_id, event=publication.variables
        )
        return self._run_by(instance, command, publication)

    def finish(self) -> None:
        """Pass on what was sent until nothing is on its way, and see that nobody who publishes now is missed."""
        while True:
            if self._sent:
                self._pass_on(self._sent.popleft())
            elif self._fresh:
                self._feed(self._fresh.popleft())
            elif self._ended:
                self._start_next(*self._ended.popleft())
            else:
                break
        self._meet()

    # ---- messages

    def _correlate(self, publication: Publication, reached: _Reached) -> None:
        """Hand a message once to each process: to who has waited longest, else to a start event."""
        subscriptions = self._context.unit_of_work.subscriptions
        while True:
            waiting = [
                one
                for one in subscriptions.for_message(
                    publication.name, publication.correlation_key, besides=reached.instances
                )
                if one.process_id not in reached.processes and self._is_in_time(one.subscription, publication)
            ]
            if not waiting:
                break
            for one in waiting:
                if one.subscription.process_instance_id not in reached.instances:
                    self._hand_over(one, publication, reached)
        for start in self._context.unit_of_work.start_subscriptions.named("message", publication.name):
            if start.process_id not in reached.processes and start.opened_at <= publication.published_at:
                self._try_start(start, publication, reached)

    def _is_in_time(self, subscription: EventSubscription, publication: Publication) -> bool:
        """Say whether a subscription was open while a message lived; what nobody keeps is for who waits already.

        Whoever is found waiting when it is published waits already, whatever clock said when that began.
        """
        is_published_now = publication.published_at == self._context.now()
        return is_published_now or subscription.opened_at <= publication.expires_at

    def _hand_over(self, waiting: Waiting, publication: Publication, reached: _Reached) -> None:
        subscription = waiting.subscription
        target = self._lock(subscription.process_instance_id)
        if target is None:
            reached.is_busy = True
            reached.processes.add(waiting.process_id)
            return
        if target.state is not InstanceState.ACTIVE:
            reached.instances.add(target.id)
            return
        if not self._context.unit_of_work.subscriptions.is_open(target.id, subscription.subscription_key):
            return  # served meanwhile: whoever waits next is asked for again
        self._permit(target.region)
        reached.processes.add(waiting.process_id)
        reached.instances.add(target.id)
        reached.new.append((waiting.process_id, self._trigger(target, subscription, publication)))

    def _try_start(self, start: StartSubscription, publication: Publication, reached: _Reached) -> None:
        """Start an instance, unless one started by the same correlation key is active."""
        key = publication.correlation_key
        if key is not None:
            if not self._context.unit_of_work.start_subscriptions.claim_key(start.process_id, key):
                reached.is_busy = True
                return
            if self._context.unit_of_work.process_instances.is_active(start.process_id, key):
                return
        reached.processes.add(start.process_id)
        instance = self.start(start, publication, correlation_key=key)
        reached.instances.add(instance.id)
        reached.new.append((start.process_id, instance))

    def _feed(self, subscription: EventSubscription) -> None:
        """Give a new subscription the message that was published first and waits for it."""
        place = (subscription.process_instance_id, subscription.subscription_key)
        if place not in self._waiting or self._relayed >= RELAY_LIMIT:
            return
        process_id = self._process_id(subscription)
        message = self._next_for(subscription, process_id)
        if message is None:
            return
        target = self._lock(subscription.process_instance_id)
        if target is None or not self._context.unit_of_work.messages.mark(
            message.id, process_id=process_id, process_instance_id=target.id
        ):
            return
        self._relayed += 1
        self._trigger(target, subscription, message.publication)

    def _next_for(self, subscription: EventSubscription, process_id: str) -> Message | None:
        return self._context.unit_of_work.messages.lock_next(
            [subscription.name], subscription.correlation_key, process_id=process_id, now=self._context.now(),
            besides=subscription.process_instance_id,
        )  # fmt: skip

    def _order_of_next(self, subscription: EventSubscription) -> float:
        """Return a number that orders subscriptions by when the first message kept for each was published."""
        message = self._next_for(subscription, self._process_id(subscription))
        return inf if message is None else message.id

    def _start_next(self, process_id: str, correlation_key: str) -> None:
        """After an instance that a message started: start the next one by the message that waits for its end."""
        work = self._context.unit_of_work
        starts = dict.fromkeys(work.start_subscriptions.names_of(process_id))
        if not starts:
            return
        self._met.update((name, correlation_key) for name in starts)
        if self._relayed >= RELAY_LIMIT or not work.start_subscriptions.claim_key(process_id, correlation_key):
            return
        message = work.messages.lock_next(list(starts), correlation_key, process_id=process_id, now=self._context.now())
        if message is None or work.process_instances.is_active(process_id, correlation_key):
            return
        for start in work.start_subscriptions.named("message", message.publication.name):
            if start.process_id == process_id and start.opened_at <= message.publication.published_at:
                self._relayed += 1
                instance = self.start(start, message.publication, correlation_key=correlation_key)
                work.messages.mark(message.id, process_id=process_id, process_instance_id=instance.id)
                return

    def _mark(self, message_id: int, reached: _Reached) -> None:
        for process_id, instance in reached.new:
            self._context.unit_of_work.messages.mark(message_id, process_id=process_id, process_instance_id=instance.id)

    def _meet(self) -> None:
        work = self._context.unit_of_work
        self._met.update((one.name, one.correlation_key) for one in self._waiting.values())
        if self._met:
            pairs = sorted(self._met, key=lambda pair: (pair[0], pair[1] or ""))
            work.messages.meet(pairs)
            self._due += [one for one in work.messages.wanted(pairs, now=self._context.now()) if one not in self._due]
        if self._due:
            work.deliveries.add(self._due, due_at=self._context.now())
            work.wake_workers()

    # ---- signals

    def _signal(self, process_instance_id: UUID, subscription_key: int, publication: Publication) -> bool:
        """Hand a signal to one that waits; False when it is busy or rests: it gets the signal later."""
        target = self._lock(process_instance_id)
        if target is None or target.state is InstanceState.SUSPENDED:
            return False
        is_open = self._context.unit_of_work.subscriptions.is_open(target.id, subscription_key)
        if target.state is InstanceState.ACTIVE and is_open:
            trigger = core.Trigger(subscription=subscription_key, variables=publication.variables)
            self._run_by(target, trigger, publication)
        return True

    def _kept(self, publication: Publication) -> Message:
        message = self._context.unit_of_work.messages.add(publication)
        if message is None:
            raise ConcurrentChange
        return message

    # ---- what instances send

    def _pass_on(self, sent: _Sent) -> None:
        if is_runaway(sent.publication) or self._relayed >= RELAY_LIMIT:
            if not leave_to_workers(self._context, sent.publication, sender=sent.sender.id):
                self._record_uncaught(sent, duplicate=True)
            return
        self._relayed += 1
        if sent.publication.kind == "signal":
            if not self.broadcast(sent.publication, sender=sent.sender.id):
                self._record_uncaught(sent)
            return
        try:
            reached = self.publish(sent.publication)
        except DuplicateMessage:
            self._record_uncaught(sent, duplicate=True)
            return
        if not reached and sent.publication.expires_at == sent.publication.published_at:
            self._record_uncaught(sent)

    def _record_uncaught(self, sent: _Sent, **details: bool) -> None:
        told: JsonObject = {"name": sent.publication.name, **details}
        record(self._context, sent.sender, HistoryAction.NOT_CAUGHT, element_id=sent.element, details=told)

    # ---- instances

    def _trigger(
        self, target: ProcessInstance, subscription: EventSubscription, publication: Publication
    ) -> ProcessInstance:
        details: JsonObject = {"name": subscription.name}
        record(self._context, target, HistoryAction.MESSAGE, element_id=subscription.element_id, details=details)
        return self._run_by(
            target,
            core.Trigger(subscription=subscription.subscription_key, variables=publication.variables),
            publication,
        )

    def _run_by(self, target: ProcessInstance, command: core.Command, publication: Publication) -> ProcessInstance:
        """Run what a publication causes: what is sent by it has gone through one hand more."""
        self._depth = publication.relays + 1
        try:
            return self.run(target, command)
        finally:
            self._depth = 0

    def _lock(self, process_instance_id: UUID) -> ProcessInstance | None:
        """Lock an instance: the first one is waited for, of others None means busy."""
        repository = self._context.unit_of_work.process_instances
        if process_instance_id in self._held or self._may_wait:
            found = repository.lock(process_instance_id)
        else:
            found = repository.try_lock(process_instance_id)
        if found is not None:
            self._held.add(found.id)
            self._may_wait = False
        return found

    def _process_id(self, subscription: EventSubscription) -> str:
        if subscription.definition_id is None:
            raise TypeError(f"the subscription {subscription.subscription_key} names no definition")
        definitions = self._context.unit_of_work.definitions
        return self._context.definitions.process(subscription.definition_id, definitions).id
