"""Messages that leave the process instance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.core.model import MessageSent
from engine.core.texts import tell
from engine.core.variables import evaluate_name, visible
from engine.core.working import Stuck

if TYPE_CHECKING:
    from engine.core.working import Element, Working


def send_message(working: Working, element: Element) -> None:
    """Publish the message of a throw event or send task; only what its input mappings name goes along."""
    event = element.node.event
    if event is None or event.name is None:
        raise Stuck("message", tell("no-message", element=element.node.id))
    scope = visible(element)
    key = event.correlation_key
    working.facts.append(
        MessageSent(
            key=element.key,
            definition=element.definition,
            element=element.node.id,
            name=evaluate_name(working, event.name, scope),
            correlation_key=None if key is None else evaluate_name(working, key, scope),
            variables=dict(element.variables) if element.node.inputs else {},
        )
    )
