"""Passing on what a run sends: messages to the one that waits, signals to all, in the transaction that sent them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from engine.changes import Changes
from engine.core import model as core
from engine.errors import RunawayRelay
from engine.execution import record, run
from engine.host import Context, Work
from engine.model import EventSubscription, HistoryAction, InstanceState, ProcessInstance

RELAY_LIMIT = 100  # messages and signals one command may pass on before it counts as a runaway

Sent = core.MessageSent | core.SignalSent


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """Something sent that nobody got yet, and which instance sent it."""

    sender: UUID
    sent: Sent


def advance(context: Context[Work], instance: ProcessInstance, command: core.Command) -> ProcessInstance:
    """Run one command on a locked instance, write everything it changed, and pass on what it sent.

    Raises:
        RunawayRelay: instances send to each other without end; nothing is kept.
    """
    return advance_and_tell(context, instance, command)[0]


def advance_and_tell(
    context: Context[Work], instance: ProcessInstance, command: core.Command
) -> tuple[ProcessInstance, Changes]:
    """Do what `advance` does, and return what the run of this instance changed.

    Raises:
        RunawayRelay: instances send to each other without end; nothing is kept.
    """
    instance, changes = run(context, instance, command)
    pending = _pending(instance, changes)
    relayed = 0
    while pending:
        relayed += 1
        if relayed > RELAY_LIMIT:
            raise RunawayRelay(RELAY_LIMIT)
        pending += _pass_on(context, pending.pop(0))
    if relayed:  # what was sent may have come back to this very instance
        instance = context.unit_of_work.process_instances.get(instance.id) or instance
    return instance, changes


def _pending(sender: ProcessInstance, changes: Changes) -> list[Pending]:
    sent: list[Sent] = [*changes.messages_sent, *changes.signals_sent]
    return [Pending(sender=sender.id, sent=one) for one in sent]


def still_waiting(context: Context[Work], subscription: EventSubscription) -> ProcessInstance | None:
    """Lock the instance of a subscription and look again: None when it ended or was served meanwhile."""
    instance = context.unit_of_work.process_instances.lock(subscription.process_instance_id)
    if instance is None or instance.state is not InstanceState.ACTIVE:
        return None
    waiting = context.unit_of_work.subscriptions.of_instance(instance.id)
    return instance if subscription in waiting else None


def _pass_on(context: Context[Work], pending: Pending) -> list[Pending]:
    served = False
    further: list[Pending] = []
    for subscription in _waiting_for(context, pending):
        target = still_waiting(context, subscription)
        if target is None:
            continue
        served = True
        trigger = core.Trigger(subscription=subscription.subscription_key, variables=pending.sent.variables)
        further += _pending(*run(context, target, trigger))
        if isinstance(pending.sent, core.MessageSent):
            break
    if not served:
        _record_uncaught(context, pending)
    return further


def _waiting_for(context: Context[Work], pending: Pending) -> list[EventSubscription]:
    """Return who waits, oldest first; a signal's own instance was served by the core already."""
    waiting = context.unit_of_work.subscriptions
    if isinstance(pending.sent, core.MessageSent):
        return waiting.for_message(pending.sent.name, pending.sent.correlation_key)
    found = [one for one in waiting.for_signal(pending.sent.name) if one.process_instance_id != pending.sender]
    return sorted(found, key=lambda one: one.process_instance_id)


def _record_uncaught(context: Context[Work], pending: Pending) -> None:
    sender = context.unit_of_work.process_instances.get(pending.sender)
    if sender is not None:
        record(
            context,
            sender,
            HistoryAction.NOT_CAUGHT,
            element_id=pending.sent.element,
            details={"name": pending.sent.name},
        )
