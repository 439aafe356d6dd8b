"""Running a command on an instance, with everything that comes of it for others, in the transaction that sent it."""

from __future__ import annotations

from engine.core import model as core
from engine.exchange import Exchange
from engine.host import Context, Work
from engine.model import ProcessInstance


def advance(context: Context[Work], instance: ProcessInstance, command: core.Command) -> ProcessInstance:
    """Run one command on a locked instance, write everything it changed, and pass on what it sent.

    Raises:
        RunawayRelay: instances send to each other without end; nothing is kept.
    """
    exchange = Exchange(context)
    exchange.run(instance, command)
    exchange.finish()
    return context.unit_of_work.process_instances.get(instance.id) or instance
