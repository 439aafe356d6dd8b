"""Events: which types may stand where, and that each says what it waits for or throws."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from engine.bpmn.checks.content import report_attribute
from engine.bpmn.drawing import event_kind, is_event_sub_process, is_interrupting, parent_of, undoes_by_handler
from engine.bpmn.event_definitions import definition_elements, names_in
from engine.bpmn.names import EVENTS, SUB_PROCESSES, extension, local_name, text_of
from engine.core import timers

if TYPE_CHECKING:
    from lxml import etree

    from engine.bpmn.drawing import Drawing

_CATCHES = ("message", "timer", "signal", "conditional")
_THROWS = ("none", "message", "signal", "escalation", "compensate")
_ALLOWED = {
    "start of a process": ("none", *_CATCHES),
    "start of a sub-process": ("none",),
    "start of an event sub-process": (*_CATCHES, "error", "escalation"),
    "intermediateCatchEvent": (*_CATCHES, "link"),
    "intermediateThrowEvent": (*_THROWS, "link"),
    "endEvent": (*_THROWS, "error", "terminate"),
    "boundaryEvent": (*_CATCHES, "error", "escalation", "compensate"),
    "boundary of a task": (*_CATCHES, "error", "compensate"),  # a task throws no escalation
}
_THROWING_HOSTS = (*SUB_PROCESSES, "callActivity")
_CHANGES = ("create", "update")
_SAMPLE_NOW = datetime(2026, 1, 1, tzinfo=UTC)


def check(drawing: Drawing) -> None:
    """Report events that could not do what they are drawn for."""
    for node in drawing.nodes:
        if local_name(node) in EVENTS:
            _check_event(drawing, node)
        if local_name(node) == "receiveTask" and node.get("messageRef"):
            _check_correlation(drawing, node, node.get("messageRef"))
        _check_time_to_live(drawing, node)
    _check_references(drawing)
    _check_links(drawing)
    _check_compensation(drawing)


def _check_event(drawing: Drawing, node: etree._Element) -> None:
    definitions = definition_elements(node)
    if len(definitions) > 1:
        drawing.report("several-event-definitions", node, id=node.get("id"))
        return
    kind, position = event_kind(node), _position(node)
    host = drawing.node(node.get("attachedToRef"))
    if kind == "escalation" and host is not None and local_name(host) not in _THROWING_HOSTS:
        position = "boundary of a task"
    if kind not in _ALLOWED[position]:
        allowed = ", ".join(_ALLOWED[position])
        drawing.report(
            "event-definition-not-supported", node, id=node.get("id"), tag=position, kind=kind, allowed=allowed
        )
        return
    if kind == "error" and not is_interrupting(node):
        drawing.report("cannot-be-non-interrupting", node, id=node.get("id"))
    if kind == "timer":
        _check_timer(drawing, node, definitions[0], may_repeat=_may_repeat(node))
    if kind == "conditional":
        _check_condition(drawing, node, definitions[0])
    if kind in ("error", "escalation") and "Throw" in _role(node) and definitions[0].get(f"{kind}Ref") is None:
        drawing.report("error-without-code", node, id=node.get("id"))
    if kind == "message" and "Throw" not in _role(node) and position != "start of a process":
        _check_correlation(drawing, node, definitions[0].get("messageRef"))


def _position(node: etree._Element) -> str:
    if local_name(node) != "startEvent":
        return local_name(node)
    scope = parent_of(node)
    if is_event_sub_process(scope):
        return "start of an event sub-process"
    return "start of a process" if local_name(scope) == "process" else "start of a sub-process"


def _role(node: etree._Element) -> str:
    return "Throw" if local_name(node) in ("endEvent", "intermediateThrowEvent") else "Catch"


def _may_repeat(node: etree._Element) -> bool:
    return _position(node) == "start of a process" or (
        local_name(node) in ("boundaryEvent", "startEvent") and not is_interrupting(node)
    )


def _check_timer(drawing: Drawing, node: etree._Element, timer: etree._Element, *, may_repeat: bool) -> None:
    drawn = {name: text for name in ("timeDate", "timeDuration", "timeCycle") if (text := text_of(timer, name))}
    if len(drawn) != 1:
        drawing.report("timer-definition", node, id=node.get("id"))
        return
    (name, text) = next(iter(drawn.items()))
    if name == "timeDuration" and _position(node) == "start of a process":
        drawing.report("duration-not-allowed", node, id=node.get("id"))
    if name == "timeCycle" and not may_repeat:
        drawing.report("cycle-not-allowed", node, id=node.get("id"))
    if text.startswith("="):
        return
    try:
        if name == "timeDate":
            timers.parse_moment(text, _SAMPLE_NOW)
        elif name == "timeDuration":
            length = timers.parse_duration(text)
            if text.startswith("-") and length != timers.Duration.nothing():
                drawing.report("negative-duration", node, id=node.get("id"), value=text)
        else:
            timers.parse_cycle(text, _SAMPLE_NOW)
    except timers.TimerUnreadable as failure:
        told = {"reason_zh": failure.text("zh"), "reason_en": failure.text("en")}
        drawing.report("timer-not-readable", node, id=node.get("id"), value=text, **told)


def _check_condition(drawing: Drawing, node: etree._Element, definition: etree._Element) -> None:
    if text_of(definition, "condition") is None:
        drawing.report("missing-attribute", node, tag="conditionalEventDefinition", attribute="condition")
    drawn = extension(definition, "conditionalFilter")
    if drawn is not None and drawn.get("variableEvents") and _position(node) == "start of a process":
        report_attribute(drawing, drawn, "variableEvents", drawn.get("variableEvents", ""))
    for value in names_in("" if drawn is None else drawn.get("variableEvents", "")):
        if value not in _CHANGES:
            allowed = ", ".join(_CHANGES)
            drawing.report("bad-value", node, attribute="variableEvents", value=value, allowed=allowed)


def _check_time_to_live(drawing: Drawing, node: etree._Element) -> None:
    publish = extension(node, "publishMessage")
    text = "" if publish is None else (publish.get("timeToLive") or "").strip()
    if not text or text.startswith("="):
        return
    try:
        timers.parse_duration(text)
    except timers.TimerUnreadable as failure:
        told = {"reason_zh": failure.text("zh"), "reason_en": failure.text("en")}
        drawing.report("timer-not-readable", node, id=node.get("id"), value=text, **told)


def _check_correlation(drawing: Drawing, node: etree._Element, reference: str | None) -> None:
    message = drawing.by_id.get(reference or "")
    if message is None:
        return
    subscription = extension(message, "subscription")
    if subscription is None or not subscription.get("correlationKey"):
        drawing.report("message-without-correlation-key", node, id=node.get("id"))


def _check_references(drawing: Drawing) -> None:
    """Look at messages, signals, errors and escalations that an executable process uses."""
    used: dict[str, None] = {}
    for process in drawing.processes:
        for each in process.iter():
            for attribute in ("messageRef", "signalRef", "errorRef", "escalationRef"):
                if each.get(attribute):
                    used[each.get(attribute, "")] = None
    for reference in used:
        root = drawing.by_id.get(reference)
        tag = "" if root is None else local_name(root)
        if root is not None and tag in ("message", "signal") and not root.get("name"):
            drawing.report("message-without-name", root, id=reference)
        if root is not None and tag in ("error", "escalation") and not root.get(f"{tag}Code"):
            drawing.report("error-without-code", root, id=reference)


def _check_links(drawing: Drawing) -> None:
    links = [node for node in drawing.nodes if event_kind(node) == "link"]
    for node in links:
        name = definition_elements(node)[0].get("name")
        catchers = [
            each
            for each in links
            if local_name(each) == "intermediateCatchEvent"
            and parent_of(each) is parent_of(node)
            and definition_elements(each)[0].get("name") == name
        ]
        if not name or len(catchers) != 1:
            drawing.report("link-without-target", node, id=node.get("id"), name=name or "")


def _check_compensation(drawing: Drawing) -> None:
    for node in drawing.nodes:
        if undoes_by_handler(node):
            if len(drawing.handlers[node.get("id", "")]) != 1:
                drawing.report("compensation-handler", node, id=node.get("id"))
        elif event_kind(node) == "compensate":
            activity = definition_elements(node)[0].get("activityRef")
            if activity is not None and not _can_be_undone(drawing, activity, parent_of(node)):
                drawing.report("nothing-to-compensate", node, id=node.get("id"), activity=activity)


def _can_be_undone(drawing: Drawing, activity: str, scope: etree._Element) -> bool:
    """Say whether an activity of a scope, or of one around it that it is an event sub-process of, can be undone."""
    named = drawing.node(activity)
    scopes = [scope]
    while is_event_sub_process(scopes[-1]):
        scopes.append(parent_of(scopes[-1]))
    if named is None or parent_of(named) not in scopes:
        return False
    marked = [drawing.by_id[each] for each in drawing.handlers]
    is_within = local_name(named) in SUB_PROCESSES and not is_event_sub_process(named)
    return any(
        each.get("attachedToRef") == activity or (is_within and named in each.iterancestors()) for each in marked
    )
