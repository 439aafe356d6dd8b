"""Running a command on an instance, with everything that comes of it for others, in the transaction that sent it."""

from __future__ import annotations

from engine.changes import Changes
from engine.core import model as core
from engine.exchange import Exchange
from engine.host import Context, Work
from engine.model import ProcessInstance


def advance(context: Context[Work], instance: ProcessInstance, command: core.Command) -> ProcessInstance:
    """Run one command on a locked instance, write everything it changed, and pass on what it sent."""
    return advance_and_tell(context, instance, command)[0]


def advance_and_tell(
    context: Context[Work], instance: ProcessInstance, command: core.Command
) -> tuple[ProcessInstance, Changes]:
    """Do what `advance` does, and return what the run of this instance changed."""
    exchange = Exchange(context)
    changes = exchange.run_and_tell(instance, command)
    exchange.finish()
    return exchange.latest[instance.id], changes
