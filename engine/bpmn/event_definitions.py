"""Event definitions as drawn, with the messages, signals, errors and escalations they refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.bpmn.names import as_drawn, attributes_of, bpmn, extension, local_name, text_of
from engine.core.graph import EventDefinition
from engine.feel import FeelSyntaxError, compile_expression

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml import etree

SUFFIX = "EventDefinition"


def definition_elements(element: etree._Element) -> list[etree._Element]:
    """Return the event definitions drawn in an event."""
    return [child for child in element if isinstance(child.tag, str) and local_name(child).endswith(SUFFIX)]


def read_event(element: etree._Element, roots: Mapping[str, etree._Element]) -> EventDefinition | None:
    """Read what an event, send task or receive task catches or throws; None for an event of no type.

    `roots` are the elements of the document's top level by id.
    """
    if local_name(element) in ("sendTask", "receiveTask"):
        reference = element.get("messageRef")
        return None if reference is None else _message(roots[reference], element)
    definitions = definition_elements(element)
    if not definitions:
        return None
    drawn = definitions[0]
    kind = local_name(drawn).removesuffix(SUFFIX)
    if kind == "message":
        return _message(roots[drawn.get("messageRef", "")], element)
    if kind == "signal":
        return EventDefinition(kind=kind, name=_text(roots[drawn.get("signalRef", "")], "name"))
    if kind == "timer":
        return EventDefinition(
            kind=kind,
            date=text_of(drawn, "timeDate"),
            duration=text_of(drawn, "timeDuration"),
            cycle=text_of(drawn, "timeCycle"),
        )
    if kind == "conditional":
        return _conditional(drawn)
    if kind in ("error", "escalation"):
        reference = drawn.get(f"{kind}Ref")
        return EventDefinition(kind=kind, code=None if reference is None else _text(roots[reference], f"{kind}Code"))
    if kind == "compensate":
        return EventDefinition(kind=kind, activity=drawn.get("activityRef"))
    return EventDefinition(kind=kind, name=drawn.get("name"))


def _conditional(drawn: etree._Element) -> EventDefinition:
    condition, found = text_of(drawn, "condition"), extension(drawn, "conditionalFilter")
    drawn_filter = {} if found is None else attributes_of(found)
    return EventDefinition(
        kind="conditional",
        condition=condition,
        watched_names=names_in(drawn_filter.get("variableNames", "")) or _names_read(condition or ""),
        watched_changes=names_in(drawn_filter.get("variableEvents", "")),
    )


def names_in(text: str) -> tuple[str, ...]:
    """Read a list that is separated by commas."""
    return tuple(each.strip() for each in text.split(",") if each.strip())


def _names_read(condition: str) -> tuple[str, ...]:
    try:
        return tuple(sorted(compile_expression(condition.removeprefix("=")).possible_names))
    except FeelSyntaxError:  # it calls a function of the host by a name with spaces: every change counts
        return ()


def _message(message: etree._Element, element: etree._Element) -> EventDefinition:
    subscription = extension(message, "subscription")
    publish = extension(element, "publishMessage")
    key = None if subscription is None else _text(subscription, "correlationKey")
    if publish is not None:
        key = _text(publish, "correlationKey") or key
    return EventDefinition(
        kind="message",
        name=_text(message, "name"),
        correlation_key=key,
        message_id=None if publish is None else _text(publish, "messageId") or None,
        time_to_live=None if publish is None else _text(publish, "timeToLive") or None,
    )


def _text(element: etree._Element, name: str) -> str | None:
    value = element.get(name)
    return None if value is None else as_drawn(value)


def top_level(root: etree._Element) -> dict[str, etree._Element]:
    """Index what events refer to by id."""
    kinds = [bpmn(name) for name in ("message", "signal", "error", "escalation")]
    return {child.get("id", ""): child for child in root if child.tag in kinds}
