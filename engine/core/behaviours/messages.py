"""Messages that leave the process instance."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from engine.core import timers
from engine.core.model import MessageSent
from engine.core.texts import tell, under
from engine.core.variables import describe, evaluate, evaluate_name, visible
from engine.core.working import Stuck

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.core.working import Element, Working
    from engine.json_values import JsonValue


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
            message_id=None if event.message_id is None else evaluate_name(working, event.message_id, scope),
            time_to_live=_time_to_live(working, event.time_to_live, scope),
        )
    )


def _time_to_live(working: Working, text: str | None, scope: Mapping[str, JsonValue]) -> timedelta:
    """Read how long a message waits: an ISO 8601 duration; nothing when nothing is drawn."""
    value = None if text is None else evaluate(working, text, scope)
    if value is None:
        return timedelta()
    if not isinstance(value, str):
        raise Stuck("message", tell("duration-needed", text=text or "", found=describe(value)))
    now = working.environment.now
    try:
        return max(timers.parse_duration(value).after(now) - now, timedelta())
    except timers.TimerUnreadable as failure:
        raise Stuck("message", under(str(text), failure.reason())) from failure
